"""Administration and one's own page: who may, people made and withdrawn, tokens, journal, settings, backup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.browser.site import DRILL, LIVE
from tests.web.screen.asking import Client, asking, client, found, hub_folder, logged, sent

from noroshi.web.screen.words import word

__all__ = ["asking", "client", "hub_folder"]

PLACES = ("/admin", "/admin/people/new", "/admin/people/grid", "/admin/communities", "/admin/journal",
          "/admin/settings", "/admin/backup")  # fmt: skip
SECRET = "a password of its own"  # noqa: S105  of a world that lives for a test


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_who_answers_for_the_hub_has_every_page(asking: Client, lang: str) -> None:
    for path in (*PLACES, "/me"):
        assert f'lang="{lang}"' in found(asking, path, lang)


def test_others_have_none_of_it_and_no_way_to_it(client: Client) -> None:
    for name in ("grid", "ally", "energy-ministry"):
        assert logged(client, name) == 303
        assert {client.get(path).status_code for path in PLACES} == {403}
        assert 'href="/admin"' not in client.get("/estate").text
        assert client.get("/me").status_code == 200


def test_a_centre_that_is_no_owner_manages_people_and_an_auditor_reads_the_journal_alone(client: Client) -> None:
    logged(client, "duty")
    assert client.get("/admin").status_code == 200
    assert client.get("/admin/settings").status_code == 403
    assert sent(client, "/admin/backup", "/admin").status_code == 403
    logged(client, "auditor")
    assert client.get("/admin").headers["location"] == "/admin/journal"
    assert client.get("/admin/journal").status_code == 200
    assert client.get("/admin/people/grid").status_code == 403


def test_somebody_is_made_changed_granted_and_withdrawn(asking: Client) -> None:
    new = {"name": "new-hand", "password": SECRET, "kind": "operator", "sees": "GREEN", "communities": "jp-us, ports"}
    assert sent(asking, "/admin/people/new", "/admin/people/new", **new).headers["location"].startswith("/admin/people")
    page = found(asking, "/admin/people/new-hand")
    assert "jp-us, ports" in page
    assert "TLP:GREEN" in page
    here = "/admin/people/new-hand"
    across = sent(asking, f"{here}/grants", here, at=f"trust/{DRILL}", leave=["read"])
    assert (across.status_code, 'role="alert"' in across.text) == (409, True)
    given = sent(asking, f"{here}/grants", here, at=f"trust/{LIVE}", leave=["read"])
    assert (given.status_code, found(asking, here).count("checked")) == (303, 1)
    assert logged(asking, "new-hand", SECRET) == 303
    assert asking.get("/me").status_code == 200
    theirs = dict(asking.cookies)
    logged(asking, "boss")
    wrong = sent(asking, f"{here}/withdrawal", here, sure="somebody else")
    assert (wrong.status_code, "new-hand" in wrong.text) == (422, True)
    assert sent(asking, f"{here}/withdrawal", here, sure="new-hand").status_code == 303
    asking.cookies.clear()
    asking.cookies.update(theirs)
    assert asking.get("/me").headers["location"].startswith("/login")


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"name": "no name"}, 400), ({"password": "short"}, 400), ({"name": "grid"}, 409),
     ({"kind": "operator", "owner": "yes"}, 409)],
)  # fmt: skip
def test_what_cannot_be_is_said_above_the_form_that_keeps_what_was_typed(
    asking: Client, fields: dict[str, str], status: int
) -> None:
    plain = {"name": "another", "password": SECRET, "kind": "partner", "sees": "CLEAR", "communities": "kept-as-typed"}
    answer = sent(asking, "/admin/people/new", "/admin/people/new", **{**plain, **fields})
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert "kept-as-typed" in answer.text
    assert SECRET not in answer.text


def test_a_community_is_made_by_admitting_and_ends_by_taking_out(asking: Client) -> None:
    on = "/admin/communities"
    assert sent(asking, on, on, community="harbours", name="grid", do="in").status_code == 303
    assert "harbours" in found(asking, on)
    assert sent(asking, on, on, community="a/b", name="grid", do="in").status_code == 422
    assert sent(asking, on, on, community="harbours", name="grid", do="out").status_code == 303
    assert "harbours" not in found(asking, on)


def test_the_journal_is_read_filtered_verified_and_signed(asking: Client) -> None:
    page = found(asking, "/admin/journal", kind="applied")
    assert word("admin_entry_applied", "en") in page
    assert "password" not in re.sub(r'type="password"|name="password"', "", page) or "argon2" not in page
    assert word("admin_journal_none", "en") in found(asking, "/admin/journal", kind="judged")
    answer = sent(asking, "/admin/journal", "/admin/journal", objects="yes")
    assert word("admin_journal_holds", "en") in answer.text
    signed = sent(asking, "/admin/journal/checkpoint", "/admin/journal").json()
    assert signed["journal"]["no"] > 0
    assert signed["signature"]


def test_a_backup_is_made_in_the_data_folder_and_listed(asking: Client, hub_folder: Path) -> None:
    assert word("admin_no_backups", "en") in found(asking, "/admin/backup")
    assert sent(asking, "/admin/backup", "/admin/backup").status_code == 303
    (made,) = (hub_folder / "backups").iterdir()
    assert made.name in found(asking, "/admin/backup")
    assert made.stat().st_mode & 0o077 == 0


def test_a_token_is_shown_once_made_anew_and_revoked(asking: Client) -> None:
    assert sent(asking, "/me/tokens", "/me", label="", scope="read").status_code == 422
    assert sent(asking, "/me/tokens", "/me", label="x", scope="read", days="0").status_code == 422
    assert sent(asking, "/me/tokens", "/me", label="x").status_code == 422
    made = sent(asking, "/me/tokens", "/me", label="from the SIEM", scope=["read"], days="7")
    secret = re.search(r'id="secret" readonly value="([^"]{30,})"', made.text)
    assert secret
    page = found(asking, "/me")
    assert secret[1] not in page
    uid = re.search(r'name="token" value="([^"]+)"', page)
    assert uid
    again = sent(asking, "/me/tokens/rotation", "/me", token=uid[1])
    assert secret[1] not in again.text
    assert sent(asking, "/me/tokens/revocation", "/me", token=uid[1]).status_code == 303
    assert word("me_no_tokens", "en") in found(asking, "/me")


def test_one_changes_ones_own_password_and_must_log_in_anew(asking: Client) -> None:
    fresh = {"name": "changer", "password": SECRET, "kind": "auditor", "sees": "CLEAR"}
    assert sent(asking, "/admin/people/new", "/admin/people/new", **fresh).status_code == 303
    logged(asking, "changer", SECRET)
    other = "another password of its own"
    wrong = {"old": SECRET, "new": other, "again": other + "x"}
    assert sent(asking, "/me/password", "/me", **wrong).status_code == 422
    assert sent(asking, "/me/password", "/me", old="not it", new=other, again=other).status_code == 422
    assert sent(asking, "/me/password", "/me", old=SECRET, new=other, again=other).status_code == 303
    assert asking.get("/me").headers["location"].startswith("/login")
    assert (logged(asking, "changer", SECRET), logged(asking, "changer", other)) == (401, 303)
