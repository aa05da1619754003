"""Scripts through the hub, on both databases: the same briefs twice, stopped anywhere and gone on, nobody crosses."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from tests.desk.replayed import (
    BEGIN,
    REAL,
    Ending,
    Stop,
    briefs,
    clocks,
    how_of,
    hub_at,
    loaded,
    play,
    script_of,
    settings_of,
)
from tests.store.databases import KINDS, address

from noroshi.desk import asks, incidents, people, situations, warnings
from noroshi.desk.checkpoints import own_key
from noroshi.desk.founding import founded, invitation
from noroshi.desk.hub import Hub
from noroshi.desk.journal import verify
from noroshi.desk.replay_steps import Stage
from noroshi.desk.replaying import How, Passed, lead, playing_of, standing, stood
from noroshi.desk.warnings_proposing import NOTHING, Lenses, follow, proposed
from noroshi.errors import InputError
from noroshi.files.declarations import load_declaration
from noroshi.files.situation_scripts import shipped_scripts
from noroshi.respond.asks import Words as Text
from noroshi.respond.incident import Reported
from noroshi.respond.position import Claimed
from noroshi.respond.situation import Admitted
from noroshi.share.contacts import flagged
from noroshi.share.taxii import Query, Refused
from noroshi.share.warnings import Audience, Said, Words
from noroshi.store.contract import Principal

SCRIPTS = tuple(shipped_scripts())
SEEN: dict[str, str] = {}
"""Id of an object -> in which playing it was seen."""
SOME = {"sony-2014": ("brief-21", "brief-24"), "port-ransomware": ("brief-2",)}
"""Briefs that are compared: each run of the engine takes its time."""
DRILL = How(exercise=True, begin=BEGIN)


def who(hub: Hub, name: str) -> Principal:
    found = hub.store.principal(name)
    assert found
    return found[0]


def ended_everywhere(hub: Hub, folder: Path, name: str) -> int:
    """Play a script with its process ended after each transaction in turn; return how often it ended."""
    script, stops, more, came = script_of(name), 0, 0, 0
    playing = playing_of(script, how_of(name))
    while True:
        # the first transaction makes the cast; a step of several is begun anew, and comes one further each time
        try:
            play(replace(hub, store=Ending(hub.store, 2 + more)), folder, name, how_of(name))
        except Stop:
            there = stood(hub, settings_of(folder, ""), script, playing)
            now = 0 if there is None else there.done
            stops, more, came = stops + 1, 0 if now > came else more + 1, now
        else:
            return stops


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param(name, kind, marks=() if (name, kind) == (SCRIPTS[-1], KINDS[0]) else pytest.mark.slow)
        for name in SCRIPTS for kind in KINDS
    ],
)  # fmt: skip
def test_ended_after_every_transaction_and_gone_on_with_its_briefs_are_the_same(
    name: str, kind: str, tmp_path: Path
) -> None:
    with hub_at(tmp_path, address(kind, tmp_path)) as hub:
        stops = ended_everywhere(hub, tmp_path, name)
        stage = play(hub, tmp_path, name, how_of(name))
        verify(hub.store, (), own_key(tmp_path))
        found = briefs(stage, *SOME[name])
    assert stops > len(stage.script.steps)
    other = tmp_path / "other"
    other.mkdir()
    with hub_at(other, address("sqlite", other), {}) as hub:
        assert briefs(play(hub, other, name, how_of(name)), *SOME[name]) == found


@pytest.mark.parametrize("name", SCRIPTS)
def test_both_databases_give_the_same_briefs(name: str, tmp_path: Path) -> None:
    found = []
    for kind, real in ((KINDS[0], REAL), (KINDS[1], {})):
        folder = tmp_path / kind
        folder.mkdir()
        with hub_at(folder, address(kind, folder), real) as hub:
            stage = play(hub, folder, name, how_of(name))
            play(hub, folder, name, how_of(name))
            found.append(briefs(stage, *SOME[name]))
    assert found[0] == found[1]
    assert len(set(found[0].values())) == len(SOME[name])


def test_the_briefs_of_december_2014_say_what_was_known_that_evening(tmp_path: Path) -> None:
    with hub_at(tmp_path, address("sqlite", tmp_path)) as hub:
        found = {key: json.loads(one) for key, one in briefs(play(hub, tmp_path, "sony-2014", How())).items()}
    told = {
        key: (
            len(one["incidents"]), [(each["chosen"], each["acknowledged"], each["acted"]) for each in one["warnings"]],
            len(one["asks"]), len(one["position"]["claims"]) if one["position"] else 0,
        )
        for key, one in found.items()
    }  # fmt: skip
    assert told == {
        "brief-19": (4, [], 0, 0), "brief-20": (4, [(11, 3, 0)], 0, 1), "brief-21": (4, [(11, 3, 1)], 3, 1),
        "brief-22": (4, [(11, 3, 1)], 3, 1), "brief-23": (4, [(11, 3, 1)], 3, 1), "brief-24": (4, [(11, 3, 1)], 3, 1),
    }  # fmt: skip
    assert [one["at"] for one in found.values()] == [f"2014-12-{day}T09:00:00.000000Z" for day in range(19, 25)]
    states = [{one["state"] for one in found[key]["asks"]} for key in ("brief-21", "brief-22", "brief-24")]
    assert states == [{"asked", "accepted"}, {"asked", "accepted", "refused"}, {"done", "refused"}]


def test_stopped_after_each_step_it_goes_on_where_it_was(tmp_path: Path) -> None:
    passed: list[str] = []

    def one_more(_: Stage, one: Passed) -> None:
        if not one.already:
            passed.append(one.step.key)
            raise Stop

    with hub_at(tmp_path, address("sqlite", tmp_path)) as hub:
        wanted = [one.key for one in script_of("sony-2014").steps if one.kind != "brief"]
        for key in wanted:
            with pytest.raises(Stop):
                play(hub, tmp_path, "sony-2014", How(), one_more)
            assert passed[-1] == key
        stage = play(hub, tmp_path, "sony-2014", How())
        keys = [one.key for one in stage.script.steps]
        assert passed == wanted
        again: list[bool] = []
        play(hub, tmp_path, "sony-2014", How(), lambda _, one: again.append(one.already))
        assert again == [True] * len(keys)


def test_an_exercise_begins_when_it_first_began(tmp_path: Path) -> None:
    with hub_at(tmp_path, address("sqlite", tmp_path)) as hub:
        first = play(hub, tmp_path, "sony-2014", How(exercise=True), timing=clocks(lambda: 1_800_000_000.5))
        again = play(hub, tmp_path, "sony-2014", How(exercise=True), timing=clocks(lambda: 1_800_900_000.0))
        assert again.script == first.script
        assert first.script.steps[0].at == 1_800_000_000_000_000
        history = script_of("sony-2014")
        by = first.script.steps[0].at - history.steps[0].at
        assert [one.at - by for one in first.script.steps] == [one.at for one in history.steps]
        assert first.script["ask-rail-east"].has["deadline"] - by == history["ask-rail-east"].has["deadline"]
        other = play(hub, tmp_path, "sony-2014", DRILL)
        assert other.playing.situation != first.playing.situation
        assert other.script.steps[0].at == BEGIN
        for stage in (first, other):
            found = standing(hub, stage.settings, [history], stage.playing.situation)
            assert found
            assert (found[1].done, found[1].total, found[1].begin) == (41, 41, stage.script.steps[0].at)
        assert standing(hub, first.settings, [history], first.playing.uid("mail")) is None


def test_it_waits_as_it_was_or_so_many_times_faster(tmp_path: Path) -> None:
    now = [2_000_000_000.0]

    def sleep(seconds: float) -> None:
        assert 0.0 < seconds <= 1.0
        now[0] += seconds

    at: list[tuple[str, float]] = []
    timing = replace(clocks(lambda: now[0]), sleep=sleep)
    with hub_at(tmp_path, address("sqlite", tmp_path)) as hub:
        how = How(exercise=True, begin=2_000_000_000_000_000, speed=1000.0)
        stage = play(hub, tmp_path, "sony-2014", how, lambda _, one: at.append((one.step.key, now[0])), timing)
    times = dict(at)
    for one in stage.script.steps:
        assert abs(times[one.key] - (2e9 + (one.at / 1e6 - 2e9) / 1000.0)) < 0.01


def test_what_never_happened_is_no_history(tmp_path: Path) -> None:
    with hub_at(tmp_path, address("sqlite", tmp_path)) as hub:
        with pytest.raises(Refused) as told:
            play(hub, tmp_path, "port-ransomware", How())
        assert told.value.status == 422
        assert not [one for one in hub.store.ask("SELECT name FROM principal") if one[0].startswith("replay.")]


def test_history_an_exercise_and_the_real_thing_do_not_meet(tmp_path: Path) -> None:
    with hub_at(tmp_path, address("sqlite", tmp_path)) as hub:
        stages = [play(hub, tmp_path, "sony-2014", how) for how in (How(), DRILL)]
        stages.append(play(hub, tmp_path, "port-ransomware", DRILL))
        casts = [{stage.playing.name(one.name) for one in stage.script.cast} for stage in stages]
        assert not casts[0] & casts[1]
        for stage, cast in zip(stages, casts, strict=True):
            told = {row.principal for row in follow(hub, stage.lead, stage.playing.uid("warning")).rows}
            assert len(told) > 5
            assert told <= cast
            for one in stage.script.cast:
                sees_its_own(hub, stage, one.name)
        assert hub.store.ask("SELECT count(*) FROM warning_sending WHERE channel <> 'page'") == [(0,)]
        # who is real is proposed none of those who play, and asked nothing
        there = warnings.write(hub, tmp_path, who(hub, "boss"), real(), BEGIN)
        for lenses in (NOTHING, Lenses(loaded("japan"))):
            found = {one.principal for one in proposed(hub, who(hub, "boss"), there.uid, lenses)}
            assert found == {"real-energy", "real-grid", "real-port"}
        for stage in stages:
            uid, drill = stage.playing.situation, stage.playing.exercise
            # a person of the centre may go on with it, but not bring in who is real, or those of another playing
            for name in ("real-energy", f"{stages[1 - drill].playing.name('energy')}"):
                with pytest.raises(Refused):
                    situations.say(hub, who(hub, "boss"), uid, [Admitted(name)], BEGIN, BEGIN)
                with pytest.raises(Refused):
                    asks.ask(hub, who(hub, "boss"), uid, name, "", Text("x", "x"), BEGIN, BEGIN)
        for name in REAL:
            assert not asks.mine(hub, who(hub, name))
            assert [one.kept.uid for one in warnings.listed(hub, who(hub, name)) if one.to_me] == []
        assert not situations.situations(hub, who(hub, "real-grid"))
        for name in ("real-energy", "real-grid", "real-port", "real-arms"):
            assert not incidents.incidents(hub, who(hub, name))
        mine = Reported("", "malware", "x", BEGIN)
        uid = incidents.report(hub, who(hub, "real-grid"), mine, BEGIN)
        assert [one.dossier.uid for one in incidents.incidents(hub, who(hub, "real-energy"))] == [uid]
        for stage in stages[:2]:
            assert not incidents.incidents(hub, stage.who("energy"))
            assert not incidents.incidents(hub, stage.who("grid-tokyo"))


def sees_its_own(hub: Hub, stage: Stage, name: str) -> None:
    """See that one of the cast sees of warnings, requests and objects none but those of its own playing."""
    asker, exercise = stage.who(name), stage.playing.exercise
    objects = {
        json.loads(row.body)["id"]: flagged(json.loads(row.body))
        for root in hub.roots(asker) for where in hub.collections(asker, root)
        for row in hub.page(asker, where, Query(), "objects").page.rows
    }  # fmt: skip
    for uid in objects:
        # nothing but what explains objects of both worlds has the same id in two of them
        first = SEEN.setdefault(uid, stage.playing.situation)
        assert first == stage.playing.situation or uid.startswith(("identity--", "marking-definition--"))
    if stage.script.id == "sony-2014":
        assert set(objects.values()) == ({True, False} if exercise else {False})
        assert any(one.startswith("malware--") and flag is exercise for one, flag in objects.items())
    if asker.kind == "centre":
        return
    for one in warnings.listed(hub, asker):
        assert (one.kept.uid, one.kept.last.said.exercise) == (stage.playing.uid("warning"), exercise)
    for ask in asks.mine(hub, asker):
        assert ask.exercise == exercise
        assert ask.ask.to.startswith(stage.playing.name(""))
    if asker.kind == "operator":
        assert not situations.situations(hub, asker)


def real() -> Said:
    """Return a real warning to everybody of the sectors in which somebody plays."""
    text = Words("A real one", "本物")
    return Said(
        text, text, text, "high", "AMBER", None, Audience(sectors=("power", "port"), organisations=("grid-tokyo",))
    )


def test_nobody_can_be_one_of_the_cast(tmp_path: Path) -> None:
    with hub_at(tmp_path, address("sqlite", tmp_path)) as hub:
        stage = play(hub, tmp_path, "sony-2014", How())
        rows = hub.store.ask("SELECT name, password, token FROM principal WHERE name LIKE 'replay.%'")
        assert len(rows) == len(stage.script.cast)
        assert {(password, token) for _, password, token in rows} == {("", None)}
        for name, *_ in rows:
            for password in ("", "x"):
                assert hub.credentials.password(name, password, 0.0) is None
        contacts = hub.store.ask("SELECT mail, hook FROM contact c JOIN principal p ON p.no = c.principal"
                                 " WHERE p.name LIKE 'replay.%'")  # fmt: skip
        assert set(contacts) == {("", "")}


def test_nobody_of_the_cast_is_given_anything_by_hand(tmp_path: Path) -> None:
    with hub_at(tmp_path, address("sqlite", tmp_path)) as hub:
        stage = play(hub, tmp_path, "sony-2014", How())
        boss = Principal(0, "boss", "centre", 4, frozenset(), 1, owner=True)
        name, other = (stage.playing.name(one.name) for one in stage.script.cast[:2])
        before = people.one(hub, boss, name)
        for wanted in (people.Wanted(password="x" * 20), people.Wanted(token=True), people.Wanted(sees=4),
                       people.Wanted(kind="centre"), people.Wanted(communities=frozenset({"x"})),
                       people.Wanted(subject="x"), people.Wanted(owner=True)):  # fmt: skip
            with pytest.raises(Refused) as refused:
                people.change(hub, boss, name, wanted)
            assert (refused.value.status, "plays in a script" in refused.value.description) == (409, True)
        with pytest.raises(Refused, match="Conflict"):
            people.make(hub, boss, "replay.x.y", people.Wanted(kind="operator"))
        with pytest.raises(Refused, match="Conflict"):
            people.admit(hub, boss, "x", name, member=True)
        with pytest.raises(Refused, match="Conflict"):
            people.grant(hub, boss, name, ("replays", stage.playing.collection), (True, True))
        assert people.one(hub, boss, name) == before
        people.withdraw(hub, boss, other)
        assert who(hub, other).sees == -1


def test_no_declaration_says_anything_of_a_cast(tmp_path: Path) -> None:
    place = "0d5b1f6e-6b1c-4c44-9a3d-4b0b1d7f7a10"
    lines = [
        "[[principal]]", 'name = "replay.x.y"', 'kind = "operator"', 'password = "a long password"', "[[contact]]",
        'principal = "replay.x.y"', 'mail = "a@example.jp"', "[[grant]]", 'principal = "replay.x.y"',
        f'collection = "{place}"', "read = true", "[[peer]]", 'principal = "replay.x.y"', 'name = "p"',
        'url = "https://hub.example/x/"', 'collection = "x"', 'token = "t"', "push = true", f'from = "{place}"',
        'max_tlp = "GREEN"',
    ]  # fmt: skip
    file = tmp_path / "declared.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError) as faults:
        load_declaration(file)
    assert ["who play in a script" in one.expected for one in faults.value.faults] == [True] * 4


@pytest.mark.parametrize("kind", KINDS)
def test_a_hub_on_which_a_script_was_played_first_still_has_no_owner(kind: str, tmp_path: Path) -> None:
    with hub_at(tmp_path, address(kind, tmp_path), {}) as hub:
        play(hub, tmp_path, "sony-2014", How())
        secret = invitation(hub, BEGIN)
        assert secret
        for name in ("replay.x.boss", "boss"):
            with suppress(Refused):
                founded(hub, secret, name, "a password that is long", BEGIN)
        owners = hub.store.ask("SELECT name FROM principal WHERE owner = 1")
        assert owners == [("boss",)]
        assert not invitation(hub, BEGIN)


def test_who_has_it_played_may_see_what_its_cast_may(tmp_path: Path) -> None:
    with hub_at(tmp_path, address("sqlite", tmp_path)) as hub:
        script = script_of("sony-2014")
        lead(who(hub, "boss"), script)
        for asker in (replace(who(hub, "boss"), sees=2), who(hub, "real-grid"), who(hub, "real-energy")):
            with pytest.raises(Refused) as told:
                lead(asker, script)
            assert told.value.status == 403


def test_the_position_is_kept_apart_from_the_claim(tmp_path: Path) -> None:
    from noroshi.desk import positions

    with hub_at(tmp_path, address("sqlite", tmp_path)) as hub:
        stage = play(hub, tmp_path, "sony-2014", How())
        shown = positions.read(hub, stage.lead, stage.playing.situation)
        there = shown.position
        (claim,) = there.standing("claim")
        assert isinstance(claim.said, Claimed)
        assert (claim.said.by, claim.said.nexus, claim.said.grade) == ("FBI", "KP", "B2")
        assert there.finding
        assert (there.finding.guard, there.finding.nexus, there.finding.group) == ("not-attributed", "", "")
        assert [one.holds for one in there.signatures] == [True]
        assert {one.code for one in shown.warnings} == {"not-attributed"}
