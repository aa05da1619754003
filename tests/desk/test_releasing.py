"""Write to release with a real hub: two persons, what each is told, and a copy that looks like any other object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.web.rest_world import add, rest_hub
from tests.web.taxii_world import HIGH, PASSWORD, TLP, WORKS, indicator
from tests.web.test_leaks import answers, paths

from noroshi.desk.bringing_in import place
from noroshi.desk.credentials import hash_password
from noroshi.desk.erasing import erase_object
from noroshi.desk.hub import Hub
from noroshi.desk.releasing import (
    NotReleasable,
    Shown,
    approve,
    origins_of,
    proposals,
    propose,
    refuse,
    show,
    withdraw,
)
from noroshi.share.releasing import Plan
from noroshi.share.taxii import Refused
from noroshi.store import people
from noroshi.store.contract import Declared, DeclaredPrincipal, Principal
from noroshi.store.journal_reading import entries
from noroshi.store.releasing import APPROVED, PROPOSED, decide

START = 1_800_000_000_000_000
SECRET = indicator(1, marking="RED", description="Seen at Aoba Power, vpn.aoba-power.example.")
NAME = SECRET["id"]
PLAN = Plan("GREEN", drop=("description",), words=("Aoba Power",))


def at(hub: Hub, who: str, *objects: dict[str, Any], now: int = START) -> None:
    sent = hub.send(*place(hub, who, HIGH), json.dumps({"objects": list(objects)}).encode(), now)
    sent.kept.result(10)
    assert not sent.status.failures


def made_hub(folder: Path) -> Hub:
    """Return a hub with a second person of the centre, one of a ministry, and a machine of the centre."""
    hub = rest_hub(folder)
    hashed = hash_password(PASSWORD)
    (collection,) = (row.no for row in people.places(hub.store) if row.uid == HIGH)
    for name, kind, sees, password in (
        ("second", "centre", 4, hashed), ("bureau", "ministry", 4, hashed), ("robot", "centre", 4, ""),
        ("low", "centre", 0, hashed),
    ):  # fmt: skip
        add(hub, DeclaredPrincipal(name, kind, sees, frozenset(), password, None))
        no = who(hub, name).no
        hub.store.change(partial(people.permit, principal=no, collection=collection, read=True, write=True)).result(10)
    return hub


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub in which the bureau has sent a RED object that names a victim."""
    made = made_hub(tmp_path)
    at(made, "bureau", SECRET)
    yield made
    made.close()


def who(hub: Hub, name: str) -> Principal:
    found = hub.store.principal(name)
    assert found
    return found[0]


def proposed(hub: Hub, by: str = "duty", plan: Plan = PLAN, name: str = NAME) -> Shown:
    where = place(hub, by, HIGH)[2]
    return propose(hub, who(hub, by), where, name, plan, HIGH, "operators must know", START + 1)


def seen(hub: Hub, name: str) -> dict[str, dict[str, Any]]:
    from noroshi.desk.sending_out import readable, seen

    return {row.id: json.loads(row.body) for _, row, _ in seen(hub, *readable(hub, name, HIGH), ())}


def status(call: Any, *given: Any, **more: Any) -> int:
    with pytest.raises(Refused) as caught:
        call(*given, **more)
    return caught.value.status


def test_a_second_person_approves_and_then_it_is_there(hub: Hub) -> None:
    one = proposed(hub)
    assert seen(hub, "works") == {}  # nothing is out before
    assert [change.place for change in one.changes if change.what == "removed"] == ["description"]
    assert status(approve, hub, who(hub, "duty"), one.release.uid, START + 2) == 403
    done = approve(hub, who(hub, "second"), one.release.uid, START + 2)
    assert (done.release.state, done.decided_by, done.proposer) == ("approved", "second", "duty")
    told = seen(hub, "works")
    assert list(told) == [one.release.derived]
    body = json.dumps(told[one.release.derived], ensure_ascii=False).casefold()
    assert "aoba" not in body
    assert NAME[11:] not in body
    assert status(approve, hub, who(hub, "second"), one.release.uid, START + 3) == 409
    kinds = [entry.kind for some in entries(hub.store.ask, "journal", 0) for entry in some]
    assert kinds.count("released") == 2


@pytest.mark.parametrize(("name", "wanted"), [
    ("duty", 403), ("robot", 403), ("low", 404), ("works", 403), ("ally", 404), ("nobody", 403), ("boss", 404),
])  # fmt: skip
def test_who_may_not_approve(hub: Hub, name: str, wanted: int) -> None:
    """The proposer, a machine, who does not see the source, whose it is not, who takes no part, who has no grant."""
    one = proposed(hub)
    if name == "works":  # an operator that sees nothing: neither is the proposal there for it
        wanted = 404
    assert status(approve, hub, who(hub, name), one.release.uid, START + 2) == wanted
    assert seen(hub, "works") == {}
    assert show(hub, who(hub, "second"), one.release.uid).release.state == "proposed"


@pytest.mark.parametrize("to_live", [True, False], ids=["into-live", "into-exercise"])
def test_a_copy_does_not_cross_the_wall_of_exercises(hub: Hub, to_live: bool) -> None:
    drill = "0d5b1f6e-6b1c-4c44-9a3d-4b0b1d7f7a10"
    grants = tuple((name, drill, True, True) for name in ("duty", "second"))
    hub.store.apply(Declared((), (), (("trust", drill, "Exercise", "", -1, True),), grants, (), ()))
    one = indicator(5, marking="RED", description="Seen", labels=["exercise"] if to_live else ["real"])
    plan = Plan("GREEN", drop=("labels",))
    source, target = (drill, HIGH) if to_live else (HIGH, drill)
    sent = hub.send(*place(hub, "duty", source), json.dumps({"objects": [one]}).encode(), START)
    sent.kept.result(10)
    assert not sent.status.failures

    def ask() -> Shown:
        return propose(hub, who(hub, "duty"), place(hub, "duty", source)[2], one["id"], plan, target, "x", START + 1)

    def side(exercise: int) -> None:
        sql = "UPDATE collection SET exercise = ? WHERE uid = ?"
        hub.store.change(lambda wire: wire.execute(sql, (exercise, drill))).result(10)

    with pytest.raises(Refused) as refused:
        ask()
    assert "other side of the wall" in refused.value.description
    assert (refused.value.status, proposals(hub, who(hub, "duty"))) == (403, ())
    side(0)
    uid = ask().release.uid
    side(1)
    with pytest.raises(Refused) as refused:
        approve(hub, who(hub, "second"), uid, START + 2)
    assert "other side of the wall" in refused.value.description
    assert show(hub, who(hub, "second"), uid).release.state == PROPOSED


def test_a_token_does_not_approve(hub: Hub) -> None:
    one = proposed(hub)
    assert status(approve, hub, who(hub, "second"), one.release.uid, START + 2, machine=True) == 403


def test_whose_object_it_is_approves_but_not_for_a_community_of_others(hub: Hub) -> None:
    one = proposed(hub)
    assert approve(hub, who(hub, "bureau"), one.release.uid, START + 2).release.state == "approved"
    other = proposed(hub, plan=Plan("GREEN", communities=("jp-us",), drop=("description",)))
    assert status(approve, hub, who(hub, "bureau"), other.release.uid, START + 2) == 422
    assert approve(hub, who(hub, "second"), other.release.uid, START + 2).release.state == "approved"
    told = [name for name in seen(hub, "works") if name.startswith("indicator--")]
    assert told == [one.release.derived]  # it is of no community
    assert set(seen(hub, "duty")) > {one.release.derived, other.release.derived}


def test_a_plan_that_leaves_the_victim_in_is_refused_with_the_place(hub: Hub) -> None:
    with pytest.raises(NotReleasable) as caught:
        proposed(hub, plan=Plan("GREEN", words=("aoba power",)))
    assert [(one.code, one.place) for one in caught.value.refusals] == [("left-word", "description")]
    assert proposals(hub, who(hub, "duty")) == ()
    # nor does a victim that is taken out of the references stay in the words
    victim = {"type": "identity", "spec_version": "2.1", "id": indicator(2)["id"].replace("indicator", "identity"),
              "created": SECRET["created"], "modified": SECRET["modified"], "name": "Aoba Power",
              "object_marking_refs": [TLP["RED"]]}  # fmt: skip
    sighting = {**victim, "type": "sighting", "id": indicator(3)["id"].replace("indicator", "sighting"), "name": "x",
                "sighting_of_ref": NAME, "where_sighted_refs": [victim["id"]], "description": "AOBA POWER"}  # fmt: skip
    del sighting["name"]
    at(hub, "bureau", victim, sighting)
    with pytest.raises(NotReleasable) as caught:
        proposed(hub, plan=Plan("GREEN", drop_refs=(victim["id"],)), name=sighting["id"])
    assert {one.code for one in caught.value.refusals} == {"left-word", "hidden-ref"}


def test_a_source_that_changed_is_proposed_anew(hub: Hub) -> None:
    one = proposed(hub)
    at(hub, "bureau", {**SECRET, "modified": "2026-02-01T00:00:00.000Z"})
    assert status(approve, hub, who(hub, "second"), one.release.uid, START + 2) == 409
    assert show(hub, who(hub, "second"), one.release.uid).source_state == "newer"


def test_refused_and_withdrawn(hub: Hub) -> None:
    one, other = proposed(hub), proposed(hub)
    assert status(refuse, hub, who(hub, "duty"), one.release.uid, "no", START + 2) == 403
    assert refuse(hub, who(hub, "second"), one.release.uid, "too early", START + 2).release.why == "too early"
    assert status(approve, hub, who(hub, "second"), one.release.uid, START + 3) == 409
    assert withdraw(hub, who(hub, "duty"), other.release.uid, "", START + 2).release.state == "withdrawn"
    assert status(approve, hub, who(hub, "second"), other.release.uid, START + 3) == 409
    states = {each.release.uid: each.release.state for each in proposals(hub, who(hub, "second"))}
    assert states == {one.release.uid: "refused", other.release.uid: "withdrawn"}


def test_a_copy_withdrawn_reaches_its_readers_as_revoked(hub: Hub) -> None:
    one = proposed(hub)
    approve(hub, who(hub, "second"), one.release.uid, START + 2)
    assert withdraw(hub, who(hub, "second"), one.release.uid, "wrong", START + 3).release.state == "withdrawn"
    (value,) = seen(hub, "works").values()
    assert value["revoked"] is True


def test_an_approval_cut_short_is_said_again_and_none_is_after_it(hub: Hub) -> None:
    one = proposed(hub)
    uid, second = one.release.uid, who(hub, "second")
    assert hub.store.change(lambda wire: decide(wire, uid, (PROPOSED,), APPROVED, (second.no, START + 2), "")).result(
        10
    )
    assert seen(hub, "works") == {}  # it ended between the two: the copy never went in
    assert status(refuse, hub, who(hub, "bureau"), uid, "no", START + 3) == 409
    assert approve(hub, second, uid, START + 4).release.sent_at == START + 4
    assert list(seen(hub, "works")) == [one.release.derived]
    assert status(approve, hub, second, uid, START + 5) == 409


def test_a_copy_for_a_community_stays_theirs_when_it_is_withdrawn_after_its_source_was_erased(hub: Hub) -> None:
    one = proposed(hub, plan=Plan("CLEAR", communities=("jp-us",), drop=("description",)), by="second")
    approve(hub, who(hub, "duty"), one.release.uid, START + 2)
    erase_object(hub.store, NAME, "", "order 7")
    assert withdraw(hub, who(hub, "duty"), one.release.uid, "", START + 3).release.state == "withdrawn"
    assert seen(hub, "duty")[one.release.derived]["revoked"] is True
    assert not any(name.startswith("indicator--") for name in seen(hub, "works"))


def test_what_it_was_made_from_is_told_to_who_sees_both(hub: Hub) -> None:
    one = proposed(hub)
    where = place(hub, "duty", HIGH)[2]
    assert origins_of(hub, who(hub, "second"), where, NAME) == ()
    approve(hub, who(hub, "second"), one.release.uid, START + 2)
    for name in (NAME, one.release.derived):
        (copy,) = origins_of(hub, who(hub, "ally"), where, name)  # it sees RED
        assert (copy.source, copy.derived, copy.source_state) == (NAME, one.release.derived, "there")
    assert origins_of(hub, who(hub, "works"), where, one.release.derived) == ()
    assert status(origins_of, hub, who(hub, "works"), where, NAME) == 404
    assert status(show, hub, who(hub, "works"), one.release.uid) == 404
    assert proposals(hub, who(hub, "works")) == ()
    erase_object(hub.store, NAME, "", "order 7")
    (copy,) = origins_of(hub, who(hub, "ally"), where, one.release.derived)
    assert (copy.source, copy.source_state, copy.state) == ("", "gone", "approved")
    assert origins_of(hub, who(hub, "works"), where, one.release.derived) == ()
    assert list(seen(hub, "works")) == [one.release.derived]
    assert withdraw(hub, who(hub, "second"), one.release.uid, "", START + 9).release.state == "withdrawn"


def test_who_sees_the_source_but_not_the_copy_is_not_told_of_it(hub: Hub) -> None:
    one = proposed(hub, plan=Plan("GREEN", communities=("jp-us",), drop=("description",)), by="second")
    approve(hub, who(hub, "duty"), one.release.uid, START + 2)
    where = place(hub, "duty", HIGH)[2]
    assert [copy.derived for copy in origins_of(hub, who(hub, "duty"), where, NAME)] == [one.release.derived]
    assert origins_of(hub, who(hub, "ally"), where, NAME) == ()  # RED, and of no community


def test_who_may_not_write_there_approves_nothing_and_claims_nothing(hub: Hub) -> None:
    one = proposed(hub)
    (collection,) = (row.no for row in people.places(hub.store) if row.uid == HIGH)
    grant = partial(people.permit, principal=who(hub, "second").no, collection=collection, read=True, write=False)
    hub.store.change(grant).result(10)
    assert status(approve, hub, who(hub, "second"), one.release.uid, START + 2) == 403
    assert show(hub, who(hub, "second"), one.release.uid).release.state == "proposed"
    kinds = [entry.kind for some in entries(hub.store.ask, "journal", 0) for entry in some]
    assert kinds.count("released") == 1


SOME = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}|20\d\d-[0-9T:.-]+Z")


def test_to_everybody_else_it_is_an_object_like_any_other(hub: Hub, tmp_path: Path) -> None:
    """A hub where it was released and one where the same was simply posted: byte for byte the same answers."""
    one = proposed(hub)
    approve(hub, who(hub, "second"), one.release.uid, START + 2)
    (tmp_path / "posted").mkdir()
    other = made_hub(tmp_path / "posted")
    posted_by = place(other, "second", HIGH)
    other.send(*posted_by, b'{"objects":[' + one.release.body + b"]}", START + 2).kept.result(10)
    asked = [*paths([one.release.derived, NAME]), "/api/v1/releases", f"/api/v1/releases/{one.release.uid}"]
    asked += [f"/api/v1/collections/trust/{HIGH}/objects/{name}/derived" for name in (NAME, one.release.derived)]
    told, posted_as = (answers(each, WORKS, asked) for each in (hub, other))
    for path in asked:
        left, right = ((s, {**h, "content-length": ""}, SOME.sub(b"-", b)) for s, h, b in (told[path], posted_as[path]))
        assert left == right, path
    assert sum(one.release.derived.encode() in body for _, _, body in told.values()) > 10
    other.close()
