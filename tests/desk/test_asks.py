"""Requests at the desk, on both databases: who may ask, see, answer, remind; and nothing else is told by them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.desk.test_situations import NOW, PEOPLE, hub, opened, refused, who

from noroshi.desk import asks, situations
from noroshi.desk.hub import Hub
from noroshi.respond.asks import Words
from noroshi.share.taxii import Refused

__all__ = ["hub"]
DAY = 86_400_000_000
WHAT = Words("Check the ticket server", "券売サーバを点検してください")


def asked(hub: Hub, uid: str, to: str = "kumo", through: str = "transport", **more: Any) -> str:
    return asks.ask(hub, who(hub, "duty"), uid, to, through, WHAT, NOW + DAY, NOW, **more)


def seen(hub: Hub) -> dict[str, list[tuple[str, bool]]]:
    """Return what each principal is asked for, and whether it is asked itself."""
    found = {}
    for name in PEOPLE:
        try:
            found[name] = [(one.ask.ask, one.to_me) for one in asks.mine(hub, who(hub, name))]
        except Refused as refusal:
            found[name] = [(str(refusal.status), False)]
    return {name: those for name, those in found.items() if those}


def test_who_is_asked_and_the_ministry_between_see_it_and_nobody_else(hub: Hub) -> None:
    uid = opened(hub)
    name = asked(hub, uid)
    assert seen(hub) == {"kumo": [(name, True)], "transport": [(name, False)], "check": [("403", False)]}
    with refused(404):
        situations.read(hub, who(hub, "kumo"), uid)
    (one,) = asks.mine(hub, who(hub, "kumo"))
    assert uid not in repr(one)
    assert "切符" not in repr(one)


def test_it_is_answered_by_who_is_asked(hub: Hub) -> None:
    uid = opened(hub)
    name = asked(hub, uid)
    for other, status in (("transport", 403), ("port", 404), ("ally", 404), ("duty", 404), ("check", 403)):
        with refused(status):
            asks.answer(hub, who(hub, other), name, "done", "", NOW)
    asks.answer(hub, who(hub, "kumo"), name, "accepted", "", NOW + 1)
    with refused(422, "reason for refusing"):
        asks.answer(hub, who(hub, "kumo"), name, "refused", "", NOW + 1)
    asks.remind(hub, who(hub, "transport"), name, NOW + 2)
    asks.remind(hub, who(hub, "duty"), name, NOW + 3)
    for other, status in (("kumo", 403), ("port", 404), ("ally", 404), ("check", 403)):
        with refused(status):
            asks.remind(hub, who(hub, other), name, NOW)
    asks.answer(hub, who(hub, "kumo"), name, "done", "restarted", NOW + 4)
    with refused(422):
        asks.remind(hub, who(hub, "duty"), name, NOW + 5)
    (one,), (row,) = asks.stand(hub, who(hub, "duty"), uid, NOW + 2 * DAY)
    assert (one.state, one.why, one.reminders) == ("done", "restarted", 2)
    assert tuple(row) == ("transport", 0, 0, 1, 0, 0)
    lines = situations.read(hub, who(hub, "duty"), uid).situation.lines
    assert [line.by for line in lines] == ["duty", "duty", "kumo", "transport", "duty", "kumo"]


def test_the_centre_alone_asks_and_only_whom_the_marking_admits(hub: Hub) -> None:
    uid, red = opened(hub), opened(hub, tlp="RED")
    for name in ("transport", "kumo", "ally", "check"):
        with refused(403):
            asks.ask(hub, who(hub, name), uid, "kumo", "", WHAT, NOW, NOW)
    with refused(403, "kumo: .*marking"):
        asked(hub, red)
    with refused(404):
        asks.ask(hub, who(hub, "deputy"), red, "duty", "", WHAT, NOW, NOW)
    for to, through in (("ally", ""), ("check", ""), ("nobody", ""), ("kumo", "port"), ("", "transport")):
        with refused(422, "expected a principal"):
            asked(hub, uid, to, through)
    name = asked(hub, red, "duty", "")
    for other in (name, "no-such-request"):  # a centre that may not see it cannot tell that there is one
        with pytest.raises(Refused) as told:
            asks.remind(hub, who(hub, "deputy"), other, NOW)
        assert told.value is asks.ABSENT
    asks.remind(hub, who(hub, "duty"), name, NOW)
    assert asked(hub, uid, "transport", "")
    assert set(seen(hub)) == {"duty", "transport", "check"}


def test_a_request_that_is_made_again_is_one(hub: Hub) -> None:
    uid = opened(hub)
    assert [asked(hub, uid, name="the-request") for _ in range(3)] == ["the-request"] * 3
    assert len(asks.stand(hub, who(hub, "duty"), uid, NOW)[0]) == 1


def test_by_ministry_with_what_is_overdue(hub: Hub) -> None:
    uid = opened(hub)
    asked(hub, uid)
    asked(hub, uid, "port", "transport")
    asked(hub, uid, "health", "")
    _, rows = asks.stand(hub, who(hub, "duty"), uid, NOW + 2 * DAY)
    assert [(row.through, row.asked, row.overdue) for row in rows] == [("", 1, 1), ("transport", 2, 2)]
    with pytest.raises(Refused):
        asks.stand(hub, who(hub, "transport"), uid, NOW)
