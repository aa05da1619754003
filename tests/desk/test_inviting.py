"""Invitations, on both databases: once, for some days, by whom it may be, and nothing told of a link that is none."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.site import made_hub
from tests.store.databases import KINDS, address

from noroshi.desk import people
from noroshi.desk.dossiers import contact_of
from noroshi.desk.hub import Hub
from noroshi.desk.inviting import DAY, Wanted, accept, holds, invite, listed, state_of, withdraw
from noroshi.desk.people import Wanted as Change
from noroshi.share.taxii import Refused
from noroshi.store.contract import Principal
from noroshi.store.journal_reading import entries

NOW = int(time.time() * 1e6)
SECRET = "a long enough one"  # noqa: S105  of a world that lives for a test
PLAIN = Wanted("port", "operator", "AMBER", "minato-port", ("port",))


@pytest.fixture(params=KINDS)
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hub]:
    found = made_hub(tmp_path, address(request.param, tmp_path))
    yield found
    found.close()


def who(hub: Hub, name: str, **more: Any) -> Principal:
    found = hub.store.principal(name)
    assert found is not None
    from dataclasses import replace

    return replace(found[0], **more)


def refused(status: int) -> pytest.RaisesExc[Refused]:
    return pytest.RaisesExc(Refused, check=lambda one: one.status == status)


def test_a_link_makes_one_person_once_with_its_contact(hub: Hub) -> None:
    one, secret = invite(hub, who(hub, "duty"), PLAIN, NOW)
    assert holds(hub, secret, NOW) == one
    with refused(400):
        accept(hub, secret, "short", NOW)
    assert accept(hub, secret, SECRET, NOW + 1) == "port"
    port = hub.credentials.password("port", SECRET, time.monotonic())
    assert port is not None
    assert (port.kind, port.sees) == ("operator", 2)
    contact = contact_of(hub, port)
    assert contact
    assert (contact.organisation, contact.sectors, contact.exercise) == ("minato-port", ("port",), False)
    assert holds(hub, secret, NOW) is None
    with refused(404):
        accept(hub, secret, SECRET, NOW)
    ((there, author),) = listed(hub, who(hub, "duty"))
    assert (there.name, author, state_of(there, NOW)) == ("port", "duty", "taken")
    kinds = [one.content for some in entries(hub.store.ask, "journal") for one in some if b'"invited"' in one.content]
    assert len(kinds) == 2
    assert not any(b"port" in one or secret.encode() in one for one in kinds)


def test_a_link_ends_with_its_days_when_withdrawn_and_with_its_authors_rights(hub: Hub) -> None:
    duty, boss = who(hub, "duty"), who(hub, "boss", owner=True)
    _, late = invite(hub, duty, PLAIN, NOW)
    assert holds(hub, late, NOW + 7 * DAY) is None
    with refused(404):
        accept(hub, late, SECRET, NOW + 7 * DAY)
    one, secret = invite(hub, duty, PLAIN, NOW)
    withdraw(hub, boss, one.uid)
    assert holds(hub, secret, NOW) is None
    with refused(409):
        withdraw(hub, boss, one.uid)
    with refused(404):
        withdraw(hub, boss, "no such")
    people.change(hub, boss, "duty", Change(sees=0))
    with refused(404):
        accept(hub, late, SECRET, NOW)


def test_who_may_not_make_a_principal_invites_none(hub: Hub) -> None:
    for name in ("grid", "energy-ministry", "auditor", "ally"):
        with refused(403):
            invite(hub, who(hub, name), PLAIN, NOW)
        with refused(403):
            listed(hub, who(hub, name))
    with refused(403):  # equals are an owner's to make
        invite(hub, who(hub, "duty"), Wanted("c", "centre", "RED"), NOW)
    invite(hub, who(hub, "boss", owner=True), Wanted("c", "centre", "RED"), NOW)


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        (Wanted("grid", "operator", "AMBER", "x"), 409), (Wanted("a b", "operator", "AMBER", "x"), 400),
        (Wanted("a", "king", "AMBER", "x"), 422), (Wanted("a", "operator", "PINK", "x"), 422),
        (Wanted("a", "operator", "AMBER"), 422), (Wanted("a", "ministry", "AMBER"), 422),
        (Wanted("a", "partner", "GREEN", days=0), 422), (Wanted("replay.a", "partner", "GREEN"), 400),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(tmp_path: Path, wanted: Wanted, status: int) -> None:
    hub = made_hub(tmp_path, "")
    with refused(status):
        invite(hub, who(hub, "duty"), wanted, NOW)
    hub.close()
