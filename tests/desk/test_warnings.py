"""Warnings as people use them: chosen, sent by every way, answered, corrected; what may not be seen never leaves."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.desk.warned import COLLECTION, SECRET, Inbox, World, said, smtp, world
from tests.store.databases import KINDS, address
from tests.web.taxii_world import MEDIA
from tests.wire.certificates import certificate, serving

from noroshi.desk.checkpoints import own_key
from noroshi.desk.journal import verify
from noroshi.desk.warnings import answer, correct, genuine, listed, read, retract, write
from noroshi.desk.warnings_erasing import erase_warning
from noroshi.desk.warnings_estate import dependants
from noroshi.desk.warnings_proposing import Followed, Lenses, follow, proposed
from noroshi.desk.warnings_sending import Wanted, send
from noroshi.errors import InputError
from noroshi.files.estates import load
from noroshi.share.taxii import Refused
from noroshi.share.warnings import Said, Signed, Words
from noroshi.store import people
from noroshi.store import warnings as kept
from noroshi.store.contract import DeclaredPrincipal
from noroshi.wire.hooks import SIGNATURE, signed
from noroshi.wire.mail import Mailer, MailFault, Posted, message, server_of

WHY = Words("It was a mistake", "誤りでした")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as made:
        yield made


@contextmanager
def refuses(saying: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """Expect that the desk refuses, saying so."""
    with pytest.raises(Refused) as refused:
        yield refused
    assert re.search(saying, refused.value.description), refused.value.description


def written(here: World, text: Said | None = None, by: str = "duty") -> str:
    return write(here.hub, here.settings.data, here.who(by), text or said(), here.micros).uid


def sent(here: World, uid: str, *to: str, by: str = "duty", **more: Any) -> Followed:
    """Send, and return how everyone stands."""
    send(here.hub, here.settings, here.who(by), uid, Wanted(to, **more), here.timing)
    return follow(here.hub, here.who(by), uid)


def stands(found: Followed) -> dict[str, str]:
    return {row.principal: row.state for row in found.rows if row.chosen}


def faults(found: Followed) -> dict[str, dict[str, str]]:
    return {row.principal: dict(row.faults) for row in found.rows if row.faults}


def plain_text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def grade(here: World, name: str, sees: int) -> None:
    """Change what a principal may see."""
    one = DeclaredPrincipal(name, "operator", sees, frozenset(), "", None)
    assert here.hub.store.change(lambda wire: people.change(wire, one, owner=False, subject="")).result(10)


# ---- what may not be seen is not sent


def test_a_warning_above_what_a_principal_may_see_is_refused_and_nothing_leaves(here: World) -> None:
    uid = written(here, said("AMBER", everyone=True))
    with refuses(r"nothing was sent: works may not see its TLP") as refused:
        sent(here, uid, "grid", "works", "gas", collection=COLLECTION)
    assert refused.value.status == 403
    assert here.inbox.mails == []
    assert here.hooked.got == []
    assert kept.sendings(here.hub.store, kept.warnings(here.hub.store)[0].no) == ()
    assert here.hub.store.ask("SELECT count(*) FROM object") == [(0,)]
    with pytest.raises(Refused) as hidden:
        read(here.hub, here.who("works"), uid, here.micros)
    assert hidden.value.status == 404
    assert listed(here.hub, here.who("works")) == ()
    found = sent(here, uid, proposed=True, collection=COLLECTION)  # those proposed who may be told, and no one else
    assert sorted(one["To"] for one in here.inbox.mails) == ["gas@example.jp", "grid@example.jp"]
    assert {row.principal: row.kept_from for row in found.rows if not row.chosen} == {"works": "tlp"}
    assert not any(b"works" in body for _, body in here.hooked.got)


def test_rights_that_end_between_choice_and_delivery_are_asked_again(here: World) -> None:
    uid = written(here)
    here.inbox.refuse["grid@example.jp"] = ["451 later"] * 3
    assert faults(sent(here, uid, "grid"))["grid"]["mail"].startswith("mail-later: 451")
    grade(here, "grid", 1)
    found = sent(here, uid)
    assert here.inbox.mails == []
    assert faults(found)["grid"]["mail"] == "may-not-see"


def test_nobody_writes_above_what_one_sees_and_ministries_send_their_own_alone(here: World) -> None:
    with refuses("may not see oneself"):
        written(here, said("RED"), by="energy")
    uid = written(here)
    for act in (proposed, follow):
        with pytest.raises(Refused) as refused:
            act(here.hub, here.who("energy"), uid)
        assert refused.value.status == 404
    own = written(here, by="energy")
    assert stands(sent(here, own, "gas", by="energy")) == {"gas": "delivered"}
    assert [one.kept.uid for one in listed(here.hub, here.who("energy"))] == [own]
    for name in ("grid", "check"):
        with pytest.raises(Refused) as refused:
            write(here.hub, here.settings.data, here.who(name), said(), here.micros)
        assert refused.value.status == 403
    assert follow(here.hub, here.who("check"), uid).kept.uid == uid


def test_text_at_fault_is_refused_by_name(here: World) -> None:
    with refuses(r"title\.ja") as refused:
        written(here, msgspec.structs.replace(said(), title=Words("x", " ")))
    assert refused.value.status == 422


# ---- whom it concerns


def test_an_estate_and_a_brief_add_reasons(here: World) -> None:
    estate = load("sorami", "en")
    chains = dependants(estate, ["vendor-umineko"])
    assert chains["asanagi-grid"].what == "asanagi-grid → vendor-umineko"
    assert "vendor-umineko" not in chains
    here.hub.store.change(
        lambda wire: wire.execute("UPDATE contact SET organisation = 'asanagi-grid' WHERE mail = 'grid@example.jp'")
    ).result()
    uid = written(here, said(organisations=("vendor-umineko",), networks=("192.0.2.0/28",)))
    assert proposed(here.hub, here.who("duty"), uid) == ()
    lenses = Lenses(estate, {"asanagi-grid": ("likely target", "標的となり得る")})
    (one,) = proposed(here.hub, here.who("duty"), uid, lenses)
    assert (one.principal, {why.rule for why in one.reasons}) == ("grid", {"network", "dependency", "threat"})
    send(here.hub, here.settings, here.who("duty"), uid, Wanted(proposed=True), here.timing, lenses)
    (row,) = follow(here.hub, here.who("duty"), uid).rows
    assert {why.rule for why in row.reasons} == {"network", "dependency", "threat"}


def test_who_is_chosen_by_hand_is_kept_as_that_and_unknown_names_are_refused(here: World) -> None:
    uid = written(here, said("GREEN"))
    with refuses("no-such"):
        sent(here, uid, "no-such")
    found = sent(here, uid, "works")
    (row,) = [row for row in found.rows if row.chosen]
    assert (row.principal, [why.rule for why in row.reasons]) == ("works", ["by-hand"])
    assert [one.sector for one in found.coverage] == ["", "electricity", "gas", "water"]
    assert (found.coverage[0].at_risk, found.coverage[0].chosen) == (3, 1)


# ---- every way


@pytest.mark.parametrize("kind", KINDS)
def test_mail_and_hook_say_the_same_signed_thing(kind: str, tmp_path: Path) -> None:
    with world(tmp_path, address(kind, tmp_path)) as here:
        uid = written(here)
        assert stands(sent(here, uid, proposed=True)) == {"gas": "delivered", "grid": "delivered"}
        (mail,) = here.inbox.to("grid@example.jp")
        text = plain_text(mail)
        assert "秘密の詳細" in text
        assert "A secret detail" in text
        assert mail["Subject"] == "[TLP:AMBER] 警告 / WARNING: ゲートウェイへの攻撃 / Attack on gateways"
        assert mail["From"] == "hub@example.go.jp"
        (attached,) = mail.iter_attachments()
        assert attached.get_filename() == "warning.json"
        from_mail = msgspec.json.decode(attached.get_content(), type=Signed)
        ((headers, body),) = here.hooked.got
        at = int(headers["x-noroshi-timestamp"])
        assert headers[SIGNATURE.lower()] == signed(SECRET, at, body)
        assert headers[SIGNATURE.lower()] != signed(SECRET + "x", at, body)
        from_hook = msgspec.json.decode(body, type=Signed)
        assert from_mail == from_hook == read(here.hub, here.who("gas"), uid, here.micros).kept.last
        key = own_key(here.settings.data)
        assert genuine(from_mail, key)
        changed = Signed(msgspec.structs.replace(from_mail.said, tlp="CLEAR"), key, from_mail.signature)
        assert not genuine(changed, key)
        assert not genuine(from_mail, "00" * 32)
        assert all(SECRET.encode() not in path.read_bytes() for path in tmp_path.rglob("noroshi.sqlite3*"))
        verify(here.hub.store, (), "")


def test_sent_again_it_goes_only_to_who_has_not_got_it_under_the_same_ids(here: World) -> None:
    uid = written(here)
    here.inbox.refuse["grid@example.jp"] = ["451 later"] * 3
    found = sent(here, uid, proposed=True)
    assert stands(found) == {"gas": "delivered", "grid": "chosen"}
    assert faults(found) == {"grid": {"page": "not-read", "mail": "mail-later: 451 later"}}
    assert len(here.slept) == 2
    assert here.slept[0] < here.slept[1]  # waits grow
    before = len(here.inbox.mails), len(here.hooked.got)
    assert stands(sent(here, uid)) == {"gas": "delivered", "grid": "delivered"}
    assert (len(here.inbox.mails), len(here.hooked.got)) == (before[0] + 1, before[1])
    sent(here, uid, proposed=True)
    assert (len(here.inbox.mails), len(here.hooked.got)) == (before[0] + 1, before[1])


def test_killed_between_leaving_and_keeping_it_is_sent_once_more_later_as_the_same_message(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid = written(here, said("GREEN", everyone=True))

    class Killed(BaseException):
        """The process ends here."""

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("noroshi.desk.warnings_sending.settle", killed)
        with pytest.raises(Killed):
            sent(here, uid, "grid", "works")
    assert [one["To"] for one in here.inbox.mails] == ["grid@example.jp"]  # works was not begun
    found = sent(here, uid)
    assert stands(found) == {"grid": "chosen", "works": "delivered"}
    assert faults(found)["grid"]["mail"] == "in-doubt"
    assert len(here.inbox.mails) == 2
    here.now += 301
    assert stands(sent(here, uid)) == {"grid": "delivered", "works": "delivered"}
    first, again = here.inbox.to("grid@example.jp")
    assert first.as_bytes() == again.as_bytes()
    assert len(here.inbox.mails) == 3


def test_a_hook_is_tried_again_and_its_refusal_is_told(here: World) -> None:
    uid = written(here)
    here.hooked.answers = [503, 429]
    assert stands(sent(here, uid, "gas")) == {"gas": "delivered"}
    assert len({headers["x-noroshi-delivery"] for headers, _ in here.hooked.got}) == 1
    assert len(here.hooked.got) == 3
    second = written(here)
    here.inbox.refuse["gas@example.jp"] = ["550 no such user"]
    here.hooked.answers = [410]
    found = sent(here, second, "gas")
    assert set(faults(found)["gas"]) == {"page", "mail", "hook"}
    assert faults(found)["gas"]["mail"] == "mail-refused: 550 no such user"
    assert "410" in faults(found)["gas"]["hook"]
    here.hooked.answers = [307] * 9
    sent(here, second)
    assert stands(follow(here.hub, here.who("duty"), second)) == {"gas": "delivered"}  # by mail this time


def test_without_a_mail_server_or_when_it_is_gone_who_is_not_reached_is_listed(here: World) -> None:
    uid = written(here)
    send(here.hub, here.without_mail(), here.who("duty"), uid, Wanted(("grid",)), here.timing)
    assert faults(follow(here.hub, here.who("duty"), uid))["grid"]["mail"] == "no-server"
    gone = replace(here.settings, smtp="smtp://127.0.0.1:9")
    send(here.hub, gone, here.who("duty"), uid, Wanted(), here.timing)
    found = follow(here.hub, here.who("duty"), uid)
    assert faults(found)["grid"]["mail"].startswith("mail-unreachable")
    assert stands(sent(here, uid)) == {"grid": "delivered"}


def test_mail_goes_by_tls_that_can_be_trusted_or_not_at_all(
    here: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    public, private = certificate(tmp_path)
    context = serving(public, private)
    inbox, uid = Inbox(), written(here)
    with smtp(inbox, context) as port:
        settings = replace(here.settings, smtp=f"smtp://127.0.0.1:{port}")
        send(here.hub, settings, here.who("duty"), uid, Wanted(("grid",)), here.timing)
        assert inbox.mails == []
        assert faults(follow(here.hub, here.who("duty"), uid))["grid"]["mail"].startswith("mail-tls")
        monkeypatch.setenv("SSL_CERT_FILE", str(public))
        send(here.hub, settings, here.who("duty"), uid, Wanted(), here.timing)
    assert inbox.tls == [True]
    # a server elsewhere that offers no TLS gets nothing
    near = server_of(here.settings.smtp, "", "a@example.jp")
    assert near
    far = replace(near, near=False)
    made = message(far, Posted("x@example.jp", "s", "t", "k", dt.datetime.now(dt.UTC)))
    with pytest.raises(MailFault, match="mail-tls"):
        Mailer(far, here.timing).send(made)
    assert here.inbox.mails == []


@pytest.mark.parametrize(
    ("url", "sender"),
    [("http://x", "a@b.jp"), ("smtp://", "a@b.jp"), ("smtp://u:p@x", "a@b.jp"), ("smtp://x:y", "a@b.jp"),
     ("smtp://x", ""), ("smtp://x", "a@b.jp\nBcc: c@d.jp"), ("smtp://x", "a b@c.jp")],
)  # fmt: skip
def test_settings_of_mail_that_cannot_be_are_refused(url: str, sender: str) -> None:
    with pytest.raises(InputError) as error:
        server_of(url, "", sender)
    assert {fault.code for fault in error.value.faults} == {"bad-mail-server"}
    assert "u:p" not in str(error.value)


def test_taxii_has_the_note_and_the_ledger_says_who_fetched_it(here: World) -> None:
    import asyncio

    import httpx

    from noroshi.web.taxii import TaxiiDoor

    uid = written(here, said("GREEN", everyone=True))

    def fetched(name: str) -> list[dict[str, Any]]:
        async def ask() -> Any:
            transport = httpx.ASGITransport(app=TaxiiDoor(here.hub))
            async with httpx.AsyncClient(transport=transport, base_url="http://hub") as client:
                who = {"Accept": MEDIA, "Authorization": f"Bearer a-token-of-{name}-for-these-tests"}
                return (await client.get(f"/trust/collections/{COLLECTION}/objects/", headers=who)).json()

        objects: list[dict[str, Any]] = asyncio.run(ask()).get("objects", [])
        return objects

    send(here.hub, here.without_mail(), here.who("duty"), uid, Wanted(("grid",), collection=COLLECTION), here.timing)
    assert faults(follow(here.hub, here.who("duty"), uid))["grid"]["taxii"] == "not-collected"
    for name in ("grid", "works"):  # the second may read the collection, and was not chosen
        assert [one["id"] for one in fetched(name) if one["type"] == "note"] == [f"note--{uid}"]
    here.hub.store.ask("SELECT 1")
    until = [row.principal for row in waited(here, uid, 2).rows if row.state == "delivered"]
    assert until == ["grid", "works"]
    assert [row.via for row in follow(here.hub, here.who("duty"), uid).rows if row.chosen] == [("taxii",)] * 2
    retract(here.hub, here.settings.data, here.who("duty"), uid, WHY, here.micros)
    sent(here, uid)
    assert sorted(one["To"] for one in here.inbox.mails) == ["grid@example.jp", "works@example.jp"]
    (note,) = [one for one in fetched("works") if one["type"] == "note"]
    assert note["revoked"] is True


def waited(here: World, uid: str, delivered: int) -> Followed:
    """Return how everyone stands once the ledger is on disk."""
    import time

    for _ in range(100):
        found = follow(here.hub, here.who("duty"), uid)
        if found.coverage[0].delivered >= delivered:
            return found
        time.sleep(0.02)
    raise AssertionError(found.rows)


def test_a_red_warning_on_taxii_is_not_seen_by_amber(here: World) -> None:
    uid = written(here, said("RED", everyone=True))
    sent(here, uid, collection=COLLECTION)
    collections = here.hub.collections(here.who("grid"), here.hub.root(here.who("grid"), "trust"))
    from noroshi.share.taxii import parse_query

    seen = here.hub.page(here.who("grid"), collections[0], parse_query(()), "objects").page.rows
    assert not [row for row in seen if row.id.startswith("note--")]
    mine = here.hub.page(here.who("duty"), collections[0], parse_query(()), "objects").page.rows
    assert [row.id for row in mine if row.id.startswith("note--")] == [f"note--{uid}"]


# ---- receipts


def test_receipts_rise_and_only_those_warned_answer(here: World) -> None:
    uid = written(here)
    send(here.hub, here.without_mail(), here.who("duty"), uid, Wanted(("grid",)), here.timing)
    assert answer(here.hub, here.who("grid"), uid, "acted", "patched", here.micros).state == "acted"
    assert read(here.hub, here.who("grid"), uid, here.micros).state == "acted"
    assert answer(here.hub, here.who("grid"), uid, "acknowledged", "", here.micros).state == "acted"
    found = follow(here.hub, here.who("duty"), uid)
    assert [(row.state, row.note) for row in found.rows if row.chosen] == [("acted", "patched")]
    assert found.coverage[0].acted == 1
    sent(here, uid)
    assert here.inbox.mails == []  # it has it
    for name, status in (("gas", 404), ("works", 404), ("check", 403)):
        with pytest.raises(Refused) as refused:
            answer(here.hub, here.who(name), uid, "acknowledged", "", here.micros)
        assert refused.value.status == status
    with pytest.raises(Refused):
        answer(here.hub, here.who("grid"), uid, "delivered", "", here.micros)


# ---- correction and retraction


def test_a_correction_reaches_everyone_who_had_it(here: World) -> None:
    uid = written(here)
    sent(here, uid, "grid", "gas")
    answer(here.hub, here.who("grid"), uid, "acted", "", here.micros)
    better = msgspec.structs.replace(said(), text=Words("Another detail", "別の詳細"))
    correct(here.hub, here.settings.data, here.who("duty"), uid, better, here.micros)
    found = follow(here.hub, here.who("duty"), uid)
    assert stands(found) == {"grid": "chosen", "gas": "chosen"}  # of the new version
    assert [row.had for row in found.rows] == [1, 1]
    assert stands(sent(here, uid)) == {"grid": "delivered", "gas": "delivered"}
    last = here.inbox.to("grid@example.jp")[-1]
    assert "別の詳細" in plain_text(last)
    assert last["Subject"].startswith("[TLP:AMBER] 警告(訂正)")
    assert len({one["Message-ID"] for one in here.inbox.mails}) == 4
    assert len(found.versions) == 2
    assert found.versions[1].said.at > found.versions[0].said.at


def test_a_retraction_goes_to_who_had_it_and_to_nobody_else(here: World) -> None:
    uid = written(here)
    here.inbox.refuse["grid@example.jp"] = ["550 no"]
    sent(here, uid, "grid", "gas")
    retract(here.hub, here.settings.data, here.who("duty"), uid, WHY, here.micros)
    found = sent(here, uid)
    assert stands(found) == {"grid": "chosen", "gas": "delivered"}
    assert faults(found) == {}  # grid never had it
    assert here.inbox.to("grid@example.jp") == []
    assert "誤りでした" in plain_text(here.inbox.to("gas@example.jp")[-1])
    for act in (lambda: sent(here, uid, "works"),
                lambda: retract(here.hub, here.settings.data, here.who("duty"), uid, WHY, here.micros)):  # fmt: skip
        with refuses("withdrawn"):
            act()


def test_who_had_it_and_may_not_see_the_new_version_is_told_that_and_no_more(here: World) -> None:
    uid = written(here)
    sent(here, uid, "grid", "gas")
    stricter = msgspec.structs.replace(said("RED"), text=Words("The new secret", "新しい秘密"))
    correct(here.hub, here.settings.data, here.who("duty"), uid, stricter, here.micros)
    found = sent(here, uid)
    assert stands(found) == {"grid": "delivered", "gas": "delivered"}
    told = [plain_text(one) for one in here.inbox.mails[2:]] + [here.hooked.got[-1][1].decode()]
    assert len(told) == 3
    for text in told:
        assert uid in text
        assert "corrected" in text
        assert not any(part in text for part in ("new secret", "新しい秘密", "gateways", "RED"))
    attached = [part.get_content() for part in here.inbox.mails[-1].iter_attachments()]
    assert set(json.loads(attached[0])) == {"notice"}
    assert here.inbox.mails[-1].as_bytes().count(b"RED") == 0


def test_a_clock_set_back_does_not_lower_versions(here: World) -> None:
    uid = written(here)
    here.now -= 1000
    there = correct(here.hub, here.settings.data, here.who("duty"), uid, said(), here.micros)
    first, second = kept.versions(here.hub.store, there.no)
    assert second.said.at > first.said.at


def test_an_erased_warning_is_gone_with_its_note_and_who_had_it_is_told(here: World) -> None:
    uid = written(here)
    sent(here, uid, "grid", "gas", collection=COLLECTION)
    with pytest.raises(InputError):
        erase_warning(here.hub, here.who("duty"), uid, f"because of {uid}")
    with pytest.raises(Refused):
        erase_warning(here.hub, here.who("grid"), uid, "order 7")
    assert erase_warning(here.hub, here.who("duty"), uid, "order 7") == ("gas", "grid")
    with pytest.raises(Refused):
        follow(here.hub, here.who("duty"), uid)
    assert here.hub.store.ask("SELECT count(*) FROM object WHERE type = 'note'") == [(0,)]
    verify(here.hub.store, (), "", objects=True)
