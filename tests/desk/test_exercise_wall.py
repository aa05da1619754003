"""Exercises and the real thing do not meet, whatever the channel: mail, hook, TAXII, page, requests, situations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from unittest.mock import patch

import msgspec
import pytest
from tests.desk.warned import SECRET, START, World, said, world
from tests.store.databases import KINDS, address

from noroshi.desk import asks, credentials, incidents, people, situations
from noroshi.desk.cursors import hub_key
from noroshi.desk.declaring import apply_declaration
from noroshi.desk.dossiers import Filing
from noroshi.desk.receiving import received
from noroshi.desk.sending_out import KINDS as KINDS_OUT
from noroshi.desk.sending_out import send_out
from noroshi.desk.warnings import correct, listed, read, retract, write
from noroshi.desk.warnings_proposing import follow, proposed
from noroshi.desk.warnings_sending import Wanted, send
from noroshi.errors import InputError
from noroshi.respond.incident import Moved, Reported
from noroshi.respond.situation import Admitted, Opened, Words
from noroshi.share.contacts import flagged
from noroshi.share.taxii import Query, Refused
from noroshi.share.warnings import Audience, Said
from noroshi.share.warnings import Words as Text
from noroshi.wire.asking import Asker, PeerFault, Timing
from noroshi.wire.hooks import Hook, post_hook
from noroshi.wire.mail import MailFault, Posted, message, server_of
from noroshi.wire.taxii_client import send as push

LIVE, DRILL = "91a7b528-80eb-42ed-a74d-c6fbd5a26116", "52892447-4d7e-4f70-b94d-d7f22742ff63"
OPERATORS = {"grid": False, "gas": False, "grid-drill": True, "gas-drill": True}
"""Name of an operator -> whether it is there for exercises alone."""
WHY = Text("It was a mistake", "誤りでした")


def declaration(url: str, sides: dict[str, bool] = OPERATORS) -> str:
    """Return who is who: four operators with mail and hook, two of them for exercises, and a collection for each."""
    lines = ["[[principal]]", 'name = "duty"', 'kind = "centre"', 'token = "a-token-of-duty-for-tests"', 'sees = "RED"']
    for name, drills in sides.items():
        lines += ["[[principal]]", f'name = "{name}"', 'kind = "operator"', f'token = "a-token-of-{name}-for-tests"',
                  'sees = "AMBER"', "[[contact]]", f'principal = "{name}"', f'sector = "{name[:4].strip("-")}"',
                  f'organisation = "{name.removesuffix("-drill")}"', f'mail = "{name}@example.jp"',
                  f'hook = "{url}&to={name}"', f'secret = "{SECRET}"', f"exercise = {str(drills).lower()}"]  # fmt: skip
    lines += ["[[api_root]]", 'name = "trust"']
    for uid, drills in ((LIVE, False), (DRILL, True)):
        lines += ["[[collection]]", 'api_root = "trust"', f'id = "{uid}"', f"exercise = {str(drills).lower()}"]
        for name in ("duty", *(one for one, of in sides.items() if of == drills)):
            lines += ["[[grant]]", f'principal = "{name}"', f'collection = "{uid}"', "read = true",
                      f"write = {str(name == 'duty').lower()}"]  # fmt: skip
    return "\n".join(lines)


@pytest.fixture(params=KINDS)
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, address(request.param, tmp_path), declaration) as made:
        yield made


@contextmanager
def refuses(saying: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """Expect that the desk refuses, saying so."""
    with pytest.raises(Refused) as refused:
        yield refused
    assert saying in refused.value.description, refused.value.description


def fetched(here: World, name: str) -> list[dict[str, object]]:
    """Return every object that a principal is given over TAXII."""
    who = here.who(name)
    return [
        json.loads(row.body)
        for root in here.hub.roots(who) for one in here.hub.collections(who, root) if one.can_read
        for row in here.hub.page(who, one, Query(last=False, every=True), "objects").page.rows
    ]  # fmt: skip


def assert_nothing_crossed(here: World) -> None:
    """Look at every channel of every operator."""
    for mail in here.inbox.mails:
        name = str(mail["To"]).partition("@")[0]
        assert ("EXERCISE" in str(mail["Subject"])) is (mail["X-Noroshi-Exercise"] == "yes") is OPERATORS[name], name
    for headers, body in here.hooked.got:
        value = json.loads(body)
        told = value.get("said") or value["notice"]
        assert told.get("exercise", False) is (headers.get("x-noroshi-exercise") == "yes")
    for name, drills in OPERATORS.items():
        who = here.who(name)
        assert all(one.kept.last.said.exercise is drills for one in listed(here.hub, who))
        assert all(one.dossier.exercise is drills for one in situations.situations(here.hub, who))
        assert all(one.dossier.exercise is drills for one in incidents.incidents(here.hub, who))
        assert all(one.exercise is drills for one in asks.mine(here.hub, who))
        notes = [one for one in fetched(here, name) if one["type"] in ("note", "indicator")]
        assert all(flagged(one) is drills for one in notes)


def indicator(number: int, *, labelled: bool) -> bytes:
    """Return an envelope with an indicator."""
    one = {
        "type": "indicator", "spec_version": "2.1", "id": f"indicator--00000000-0000-4000-8000-{number:012d}",
        "created": "2026-11-22T00:00:00.000Z", "modified": "2026-11-22T00:00:00.000Z", "pattern_type": "stix",
        "pattern": "[ipv4-addr:value = '192.0.2.1']", "valid_from": "2026-11-22T00:00:00Z",
        "object_marking_refs": ["marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"],
        **({"labels": ["exercise"]} if labelled else {}),
    }  # fmt: skip
    return json.dumps({"objects": [one]}).encode()


def warned(here: World, rng: Random) -> None:
    """Write, send, correct or retract something, with a choice that may not be allowed."""
    flag = rng.random() < 0.5
    text = of_side(rng, flag=flag)
    uid = write(here.hub, here.settings.data, here.who("duty"), text, here.micros).uid
    for _ in range(rng.randrange(1, 4)):
        here.now += 1
        side = rng.choice((flag, flag, not flag))
        whom = tuple(name for name, drills in OPERATORS.items() if drills is side and rng.random() < 0.6)
        wanted = Wanted(whom, rng.random() < 0.5, rng.choice(("", LIVE, DRILL)))
        with suppress(Refused):
            send(here.hub, here.settings, here.who("duty"), uid, wanted, here.timing)
        with suppress(Refused):
            step = rng.random()
            if step < 0.3:
                crossed = msgspec.structs.replace(text, exercise=not flag)
                correct(here.hub, here.settings.data, here.who("duty"), uid, crossed, here.micros)
            elif step < 0.4:
                retract(here.hub, here.settings.data, here.who("duty"), uid, WHY, here.micros)
        for name in OPERATORS:
            with suppress(Refused):
                read(here.hub, here.who(name), uid, here.micros)


def of_side(rng: Random, *, flag: bool) -> Said:
    """Return a warning, flagged or not."""
    whom = rng.choice((Audience(everyone=True), Audience(sectors=("grid",)), Audience(organisations=("gas",))))
    return msgspec.structs.replace(said("AMBER"), exercise=flag, audience=whom)


def led(here: World, rng: Random) -> None:
    """Open something, report into it, ask and admit whomever."""
    flag, duty = rng.random() < 0.5, here.who("duty")
    uid = situations.open_(here.hub, duty, Opened(Words("Case", "事態")), here.micros, Filing(exercise=flag))
    for name in OPERATORS:
        with suppress(Refused):
            asks.ask(here.hub, duty, uid, name, "", Words("Do it", "実施"), here.micros + 1, here.micros)
        with suppress(Refused):
            situations.say(here.hub, duty, uid, [Admitted(name)], here.micros, here.micros)
    about = Reported(rng.choice(("grid", "gas")), "malware", "x", here.micros, "grid", "withheld")
    incidents.report(here.hub, duty, about, here.micros, Filing(exercise=rng.random() < 0.5))


def sent_in(here: World, rng: Random, number: int) -> None:
    """Send an object to either collection, labelled or not."""
    duty = here.who("duty")
    root = here.hub.root(duty, "trust")
    where = here.hub.collection(duty, root, rng.choice((LIVE, DRILL)))
    here.hub.send(duty, root, where, indicator(number, labelled=rng.random() < 0.5), here.micros).kept.result(10)


@pytest.mark.parametrize("rounds", [30, pytest.param(300, marks=pytest.mark.slow)])
def test_nothing_crosses_on_any_channel_whatever_is_chosen(here: World, rounds: int) -> None:
    rng = Random(20141124)  # noqa: S311  choices of a test
    for number in range(rounds):
        here.now += 400  # a message in doubt is tried again after five minutes
        rng.choice((warned, led, lambda world, chance, n=number: sent_in(world, chance, n)))(here, rng)
        if number % 10 == 0:
            assert_nothing_crossed(here)
    assert_nothing_crossed(here)
    to = [str(mail["To"]).partition("@")[0] for mail in here.inbox.mails]
    assert {OPERATORS[name] for name in to} == {True, False}, "both sides were told something"
    assert {flagged(one) for name in OPERATORS for one in fetched(here, name) if one["type"] == "note"} == {True, False}


def test_a_choice_across_the_wall_is_refused_by_name_and_proposals_say_why(here: World) -> None:
    duty = here.who("duty")
    text = msgspec.structs.replace(said(everyone=True), exercise=True)
    uid = write(here.hub, here.settings.data, duty, text, here.micros).uid
    kept = {one.principal: one.kept_from for one in proposed(here.hub, duty, uid)}
    assert kept == {name: "" if drills else "exercise" for name, drills in OPERATORS.items()}
    with refuses("nothing was sent: grid is on the other side") as refused:
        send(here.hub, here.settings, duty, uid, Wanted(("grid-drill", "grid")), here.timing)
    assert refused.value.status == 403
    with refuses("the collection is on the other side"):
        send(here.hub, here.settings, duty, uid, Wanted(("grid-drill",), collection=LIVE), here.timing)
    assert not follow(here.hub, duty, uid).rows, "nobody was chosen by what was refused"
    assert here.inbox.mails == []


def test_who_changes_sides_between_choice_and_delivery_is_not_told(here: World) -> None:
    duty = here.who("duty")
    uid = write(here.hub, here.settings.data, duty, said(sectors=("grid",)), here.micros).uid
    case = situations.open_(here.hub, duty, Opened(Words("Case", "事態")), here.micros)
    asks.ask(here.hub, duty, case, "grid", "", Words("Do it", "実施"), here.micros + 1, here.micros)
    situations.say(here.hub, duty, case, [Admitted("grid")], here.micros, here.micros)
    assert len(asks.mine(here.hub, here.who("grid"))) == len(situations.situations(here.hub, here.who("grid"))) == 1
    here.inbox.refuse["grid@example.jp"] = ["451 later"] * 3
    here.hooked.answers += [503] * 3
    send(here.hub, here.settings, duty, uid, Wanted(("grid",)), here.timing)
    nowhere = here.hub.store.change(lambda wire: wire.execute("DELETE FROM permit WHERE can_write = 0"))
    nowhere.result(10)
    text = declaration(here.hooked.url, {**OPERATORS, "grid": True})
    moved = here.settings.data / "moved.toml"
    moved.write_text(text, encoding="utf-8")
    apply_declaration(here.hub.store, moved, hub_key(here.settings.data))
    before = len(here.hooked.got)
    here.now += 1000
    send(here.hub, here.settings, duty, uid, Wanted(), here.timing)
    assert (here.inbox.mails, len(here.hooked.got)) == ([], before)
    (row,) = [one for one in follow(here.hub, duty, uid).rows if one.chosen]
    assert dict(row.faults)["mail"] == "may-not-see"
    grid = here.who("grid")
    assert (listed(here.hub, grid), asks.mine(here.hub, grid), situations.situations(here.hub, grid)) == ((), (), ())


@pytest.mark.parametrize("exercise", [True, False], ids=["exercise", "live"])
def test_nobody_is_asked_or_admitted_across_the_wall(here: World, exercise: bool) -> None:
    duty = here.who("duty")
    case = situations.open_(here.hub, duty, Opened(Words("Case", "事態")), here.micros, Filing(exercise=exercise))
    (there, _), (across, _) = (
        [name for name, drills in OPERATORS.items() if drills is side] for side in (exercise, not exercise)
    )
    with refuses(across):
        asks.ask(here.hub, duty, case, across, "", Words("Do it", "実施"), here.micros + 1, here.micros)
    with refuses(across):
        situations.say(here.hub, duty, case, [Admitted(across)], here.micros, here.micros)
    asks.ask(here.hub, duty, case, there, "", Words("Do it", "実施"), here.micros + 1, here.micros)
    situations.say(here.hub, duty, case, [Admitted(there), Admitted("duty")], here.micros, here.micros)


def test_a_correction_stays_on_its_side(here: World) -> None:
    duty = here.who("duty")
    for flag in (True, False):
        text = msgspec.structs.replace(said(everyone=True), exercise=flag)
        uid = write(here.hub, here.settings.data, duty, text, here.micros).uid
        other = msgspec.structs.replace(text, exercise=not flag)
        assert correct(here.hub, here.settings.data, duty, uid, other, here.micros).last.said.exercise is flag
        assert retract(here.hub, here.settings.data, duty, uid, WHY, here.micros).last.said.exercise is flag


def test_nobody_writes_or_reports_across_the_wall(here: World) -> None:
    text = declaration(here.hooked.url, {**OPERATORS, "ministry": False, "ministry-drill": True})
    for name in ("ministry", "ministry-drill"):
        text = text.replace(f'name = "{name}"\nkind = "operator"', f'name = "{name}"\nkind = "ministry"')
    file = here.settings.data / "ministries.toml"
    file.write_text(text, encoding="utf-8")
    with patch.multiple(credentials, PASSES=1, MEMORY_KIB=1024):
        apply_declaration(here.hub.store, file, hub_key(here.settings.data))
    for author in ("ministry", "ministry-drill", "grid", "grid-drill"):
        for flag in (True, False):
            assert_writes_on_its_side(here, author, flag=flag)


def assert_writes_on_its_side(here: World, author: str, *, flag: bool) -> None:
    """See that somebody may report and write what is of its side, and nothing else."""
    who, allowed = here.who(author), author.endswith("-drill") is flag
    ministry = who.kind == "ministry"
    warning = msgspec.structs.replace(said("AMBER", everyone=True), exercise=flag)
    about = Reported(author.removesuffix("-drill"), "malware", "x", here.micros, author[:4], "withheld")
    filed, mails = incidents.incidents(here.hub, here.who("duty")), len(here.inbox.mails)
    if allowed:
        incidents.report(here.hub, who, about, here.micros, Filing(exercise=flag))
        if ministry:
            uid = write(here.hub, here.settings.data, who, warning, here.micros).uid
            send(here.hub, here.settings, who, uid, Wanted(("grid-drill" if flag else "grid",)), here.timing)
    else:
        with refuses("other side of the wall"):
            incidents.report(here.hub, who, about, here.micros, Filing(exercise=flag))
        if ministry:
            with refuses("other side of the wall"):
                write(here.hub, here.settings.data, who, warning, here.micros)
    assert len(incidents.incidents(here.hub, here.who("duty"))) == len(filed) + allowed
    assert len(here.inbox.mails) == mails + (allowed and ministry)


def test_who_changes_sides_does_not_go_on_with_what_it_wrote(here: World) -> None:
    grid = here.who("grid")
    about = Reported("grid", "malware", "x", here.micros, "grid", "withheld")
    case = incidents.report(here.hub, grid, about, here.micros)
    here.hub.store.change(lambda wire: wire.execute("DELETE FROM permit WHERE can_write = 0")).result(10)
    moved = here.settings.data / "moved.toml"
    moved.write_text(declaration(here.hooked.url, {**OPERATORS, "grid": True}), encoding="utf-8")
    apply_declaration(here.hub.store, moved, hub_key(here.settings.data))
    with refuses("other side of the wall"):
        incidents.say(here.hub, here.who("grid"), case, [Moved("closed")], here.micros, here.micros)
    incidents.say(here.hub, here.who("duty"), case, [Moved("closed")], here.micros, here.micros)


@pytest.mark.parametrize(("principal", "collection"), [("grid", DRILL), ("grid-drill", LIVE)], ids=["live", "exercise"])
def test_nobody_is_let_read_across_the_wall(here: World, principal: str, collection: str) -> None:
    with refuses("do not meet") as refused:
        people.grant(here.hub, here.who("duty"), principal, ("trust", collection), (True, False))
    assert refused.value.status == 409
    more = here.settings.data / "more.toml"
    more.write_text(declaration(here.hooked.url) + f'\n[[grant]]\nprincipal = "{principal}"\n'
                    f'collection = "{collection}"\nread = true\n', encoding="utf-8")  # fmt: skip
    with pytest.raises(InputError) as fault:
        apply_declaration(here.hub.store, more, hub_key(here.settings.data))
    assert [one.code for one in fault.value.faults] == ["crosses-exercise"]
    who = here.who(principal)
    seen = {one.uid for root in here.hub.roots(who) for one in here.hub.collections(who, root)}
    assert collection not in seen


def test_a_collection_with_objects_does_not_change_sides(here: World) -> None:
    duty = here.who("duty")
    root = here.hub.root(duty, "trust")
    where = here.hub.collection(duty, root, DRILL)
    here.hub.send(duty, root, where, indicator(1, labelled=True), here.micros).kept.result(10)
    text = declaration(here.hooked.url)
    turned = text.replace(f'id = "{DRILL}"\nexercise = true', f'id = "{DRILL}"\nexercise = false')
    assert turned != text
    file = here.settings.data / "turned.toml"
    file.write_text(turned, encoding="utf-8")
    with pytest.raises(InputError, match="with objects in it"):
        apply_declaration(here.hub.store, file, hub_key(here.settings.data))


def test_labels_are_asked_at_the_door_of_each_collection(here: World) -> None:
    duty = here.who("duty")
    root = here.hub.root(duty, "trust")
    for uid, labelled, taken in ((LIVE, True, 0), (LIVE, False, 1), (DRILL, True, 1), (DRILL, False, 0)):
        where = here.hub.collection(duty, root, uid)
        done = here.hub.send(duty, root, where, indicator(2, labelled=labelled), here.micros)
        done.kept.result(10)
        assert len(done.status.successes) == taken, (uid, labelled)
    for form in KINDS_OUT:
        out = partial(send_out, here.settings, principal="duty", form=form, to=None, now=here.micros)
        assert sum(out(collection=LIVE).counts.values()) == 1
        if form == "stix":
            assert out(collection=DRILL).counts == {"leaves": 1}
            continue
        with pytest.raises(InputError, match="each object says that it is one"):
            out(collection=DRILL)


def envelope(**said: object) -> bytes:
    """Return an envelope with a custom object that says so, of a type that the standard does not have."""
    name = "x-thing--00000000-0000-4000-8000-000000000001"
    return json.dumps({"objects": [{"type": "x-thing", "spec_version": "2.1", "id": name, **said}]}).encode()


@pytest.mark.parametrize(("uid", "said", "taken"), [
    *((LIVE, {"labels": [label]}, False) for label in ("Exercise", " exercise", "EXERCISE\t", "ｅｘｅｒｃｉｓｅ")),
    *((DRILL, {"labels": ["x", label]}, True) for label in ("Exercise", "ｅｘｅｒｃｉｓｅ ")),
    (LIVE, {"labels": ["exercised", "an exercise"]}, True), (LIVE, {}, True), (DRILL, {}, False),
    (DRILL, {"type": "ipv4-addr", "id": f"ipv4-addr--{LIVE}", "value": "192.0.2.1"}, True),
    *((place, {"type": "bundle", "id": f"bundle--{LIVE}", "objects": [{"type": "x", "labels": ["exercise"]}], **of},
       False) for place, of in ((LIVE, {}), (DRILL, {"labels": ["exercise"]}))),
])  # fmt: skip
def test_no_label_is_passed_off_as_another(uid: str, said: dict[str, object], taken: bool) -> None:
    value = json.loads(envelope(**said))["objects"][0]
    done = received(json.dumps({"objects": [value]}).encode(), {}, 0, exercise=uid == DRILL)
    assert (len(done.rows), len(done.failures)) == (taken, not taken)


def test_the_wire_refuses_by_itself() -> None:
    """Whatever the desk would let through: the last step compares what is sent with who gets it."""
    server = server_of("smtp://127.0.0.1:2525", "", "hub@example.jp")
    assert server is not None
    timing = Timing(lambda: START, lambda: 0.0, lambda _: None, Random(0))  # noqa: S311  waits alone hang on it
    for flag in (True, False):
        with pytest.raises(MailFault) as fault:
            message(
                server, Posted("a@example.jp", "s", "t", "k", datetime.fromtimestamp(START, UTC), (), flag, not flag)
            )
        assert fault.value.code == "exercise"
        with pytest.raises(PeerFault) as refused:
            post_hook(Hook("http://127.0.0.1:9/", SECRET, not flag), "k", b"{}", timing, exercise=flag)
        assert refused.value.code == "crosses-exercise"
        one = msgspec.json.decode(indicator(3, labelled=not flag))["objects"][0]
        with pytest.raises(PeerFault) as pushed:
            push(Asker("http://127.0.0.1:9/", {}, timing), "c", [msgspec.json.encode(one)], exercise=flag)
        assert pushed.value.code == "crosses-exercise"
