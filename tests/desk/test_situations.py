"""Incidents and situations at the desk, on both databases: who may do what, and that hidden equals absent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.store.databases import KINDS, address

from noroshi.desk import asks, incidents, situations
from noroshi.desk.blanking import INSTEAD, folded
from noroshi.desk.case_shapes import situation_shown
from noroshi.desk.credentials import Credentials
from noroshi.desk.cursors import Cursors, hub_key
from noroshi.desk.dossiers import Filing
from noroshi.desk.hub import Hub
from noroshi.desk.journal import verify
from noroshi.desk.seeing import Seeing
from noroshi.respond.incident import Consented, Corrected, Moved, Remarked, Reported
from noroshi.respond.situation import Admitted, Closed, Gathered, Opened, Words
from noroshi.share.chain import CHAINS
from noroshi.share.entries import Filed, read_entry
from noroshi.share.taxii import Refused
from noroshi.store.contract import Declared, DeclaredContact, DeclaredPrincipal, Principal
from noroshi.store.journal_reading import entries
from noroshi.store.opening import open_store

NOW = 1_800_000_000_000_000
PEOPLE = {
    "duty": ("centre", 4), "deputy": ("centre", 2), "transport": ("ministry", 3), "health": ("ministry", 3),
    "kumo": ("operator", 3), "port": ("operator", 3), "ally": ("partner", 3), "check": ("auditor", 4),
}  # fmt: skip
CONTACTS = {
    "transport": ("", "railway"),
    "health": ("", "medical"),
    "kumo": ("kumo-rail", "railway"),
    "port": ("minato", "ports"),
}
REPORT = Reported("", "unavailability", "tickets of Kumo Rail cannot be sold", NOW - 3_600_000_000)
TITLE = Opened(Words("Trains without tickets", "切符のない列車"), "sorami")


@pytest.fixture(params=KINDS)
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hub]:
    store = open_store(address(request.param, tmp_path), tmp_path)
    people = tuple(DeclaredPrincipal(name, kind, sees, frozenset(), "", None) for name, (kind, sees) in PEOPLE.items())
    none: frozenset[str] = frozenset()
    reached = tuple(
        DeclaredContact(name, organisation, frozenset({sector}), none, none, "", "")
        for name, (organisation, sector) in CONTACTS.items()
    )
    store.apply(Declared(people, (), (), (), (), reached))
    yield Hub(store, Credentials(store), Cursors(hub_key(tmp_path)), Seeing(store))
    store.close()


def who(hub: Hub, name: str) -> Principal:
    found = hub.store.principal(name)
    assert found
    return found[0]


def reported(hub: Hub, name: str = "kumo", said: Reported = REPORT, **filing: Any) -> str:
    return incidents.report(hub, who(hub, name), said, NOW, Filing(**filing))


def opened(hub: Hub, **filing: Any) -> str:
    return situations.open_(hub, who(hub, "duty"), TITLE, NOW, Filing(**filing))


def seen_by(hub: Hub, uid: str) -> dict[str, str]:
    """Return what each principal is told of whose an incident is; "-" where it is told that there is none."""
    found = {}
    for name in PEOPLE:
        try:
            found[name] = incidents.read(hub, who(hub, name), uid).incident.organisation or "?"
        except Refused as refused:
            found[name] = "-" if refused is incidents.ABSENT else str(refused)
    return found


@contextmanager
def refused(status: int, match: str = "") -> Iterator[None]:
    """See that what is done within is refused, and why."""
    with pytest.raises(Refused) as told:
        yield
    assert told.value.status == status
    assert re.search(match, told.value.description)


def test_a_report_goes_to_the_centre_and_its_ministry_and_to_nobody_else(hub: Hub) -> None:
    uid = reported(hub)
    one = incidents.read(hub, who(hub, "duty"), uid)
    assert (one.incident.organisation, one.incident.sector, one.incident.state) == ("kumo-rail", "railway", "reported")
    assert seen_by(hub, uid) == {
        "duty": "kumo-rail", "deputy": "kumo-rail", "transport": "kumo-rail", "health": "-", "kumo": "kumo-rail",
        "port": "-", "ally": "Forbidden", "check": "?",
    }  # fmt: skip
    incidents.say(hub, who(hub, "kumo"), uid, [Consented("named")], NOW, NOW)
    assert seen_by(hub, uid)["check"] == "kumo-rail"
    listed = {name: len(incidents.incidents(hub, who(hub, name))) for name in PEOPLE if name != "ally"}
    assert listed == {"duty": 1, "deputy": 1, "transport": 1, "health": 0, "kumo": 1, "port": 0, "check": 1}


def test_what_is_marked_red_is_seen_by_who_may_see_red(hub: Hub) -> None:
    with refused(403, "marking"):
        reported(hub, tlp="RED")
    uid = reported(hub, "duty", Reported("kumo-rail", "malware", "x", None, "railway"), tlp="RED")
    assert set(seen_by(hub, uid).items()) >= {("duty", "kumo-rail"), ("deputy", "-"), ("transport", "-"), ("kumo", "-")}
    with refused(422, "tlp"):
        reported(hub, tlp="PURPLE")


def test_nobody_reports_of_others(hub: Hub) -> None:
    with refused(403, "own organisation"):
        reported(hub, "kumo", Reported("minato", "malware", "x"))
    with refused(403, "own sectors"):
        reported(hub, "health", Reported("kumo-rail", "malware", "x", None, "railway"))
    for name in ("ally", "check"):
        with refused(403):
            reported(hub, name)
    assert reported(hub, "transport", Reported("kumo-rail", "malware", "x", None, "railway"))
    with refused(422, "what: .*consent|consent: .*what"):
        reported(hub, "kumo", Reported("", "explosion", "x", None, "", "maybe"))


def test_who_may_not_see_it_can_add_nothing_and_learns_nothing(hub: Hub) -> None:
    uid = reported(hub)
    for name, status in (("port", 404), ("ally", 403), ("check", 403), ("health", 404)):
        with refused(status):
            incidents.say(hub, who(hub, name), uid, [Moved("confirmed")], NOW, NOW)
    incidents.say(hub, who(hub, "kumo"), uid, [Moved("confirmed")], NOW, NOW)
    with refused(422, "after confirmed"):
        incidents.say(hub, who(hub, "kumo"), uid, [Moved("confirmed")], NOW, NOW)
    with refused(404):
        incidents.read(hub, who(hub, "duty"), opened(hub))


def test_a_situation_is_as_if_it_were_not_for_who_takes_no_part(hub: Hub) -> None:
    def told() -> list[Any]:
        found: list[Any] = []
        for name in ("transport", "kumo", "port", "ally"):
            found.append(situations.situations(hub, who(hub, name)))
            for of in (uid, "there-is-no-such-situation"):
                with pytest.raises(Refused) as error:
                    situations.read(hub, who(hub, name), of)
                found.append((error.value.status, error.value.title, error.value.description))
        return found

    uid = "a9b1f0a2-0000-4000-8000-000000000001"
    before = told()
    assert opened(hub, uid=uid) == uid
    situations.say(hub, who(hub, "duty"), uid, [Gathered(reported(hub))], NOW, NOW)
    assert told() == before
    for name in ("transport", "kumo", "ally", "check"):
        with refused(403):
            situations.say(hub, who(hub, name), uid, [Remarked("x")], NOW, NOW)


def test_who_takes_part_sees_its_part_and_no_remarks(hub: Hub) -> None:
    uid, one, other = opened(hub), reported(hub), reported(hub, "port")
    duty = who(hub, "duty")
    hidden = reported(hub, "duty", Reported("kumo-rail", "leak", "x", None, "railway"), tlp="RED")
    for incident in (one, other, hidden):
        situations.say(hub, duty, uid, [Gathered(incident)], NOW, NOW)
    incidents.say(hub, who(hub, "port"), other, [Consented("sector")], NOW, NOW)
    situations.say(hub, duty, uid, [Remarked("Kumo Rail was called")], NOW, NOW)
    situations.say(hub, duty, uid, [Admitted("ally")], NOW, NOW)
    situations.say(hub, duty, uid, [Admitted("kumo")], NOW, NOW)
    as_ally = situations.read(hub, who(hub, "ally"), uid)
    assert (as_ally.situation.title, as_ally.situation.lines) == (TITLE.title, ())
    assert [(each.incident.organisation, each.incident.sector) for each in as_ally.incidents] == [
        ("", ""),
        ("", "ports"),
    ]
    assert "umo" not in repr(as_ally)
    as_kumo = situations.read(hub, who(hub, "kumo"), uid)
    assert [each.incident.organisation for each in as_kumo.incidents] == ["kumo-rail", ""]
    assert len(situations.read(hub, duty, uid).incidents) == 3
    situations.say(hub, duty, uid, [Admitted("ally", takes_part=False)], NOW, NOW)
    with refused(404):
        situations.read(hub, who(hub, "ally"), uid)


def test_an_exercise_and_the_real_thing_do_not_meet(hub: Hub) -> None:
    duty, drill, real = who(hub, "duty"), opened(hub, exercise=True), opened(hub)
    said = Reported("kumo-rail", REPORT.what, REPORT.effect, REPORT.since, "railway")
    played, happened = reported(hub, "duty", said, exercise=True), reported(hub)
    for situation, incident in ((drill, happened), (real, played)):
        with refused(422, "exercise"):
            situations.say(hub, duty, situation, [Gathered(incident)], NOW, NOW)
    situations.say(hub, duty, drill, [Gathered(played)], NOW, NOW)
    situations.say(hub, duty, real, [Gathered(happened)], NOW, NOW)
    assert situations.read(hub, duty, drill).dossier.exercise
    assert not situations.read(hub, duty, real).dossier.exercise


def test_what_is_sent_again_is_filed_once(hub: Hub) -> None:
    uid = reported(hub, uid="a9b1f0a2-0000-4000-8000-000000000002")
    assert reported(hub, uid=uid) == uid
    assert [incidents.say(hub, who(hub, "kumo"), uid, [Moved("confirmed")], NOW, NOW, "step 1") for _ in range(3)] == [
        2
    ] * 3
    assert len(incidents.read(hub, who(hub, "kumo"), uid).incident.lines) == 2
    with refused(422):
        incidents.say(hub, who(hub, "kumo"), uid, [Moved("confirmed")], NOW, NOW, "step 2")


def test_two_who_write_at_once_lose_nothing(hub: Hub) -> None:
    uid = reported(hub)
    with ThreadPoolExecutor(4) as pool:
        jobs = [
            pool.submit(incidents.say, hub, who(hub, name), uid, [Corrected({"persons": k})], NOW + k, NOW)
            for k in range(12) for name in ("duty", "kumo")
        ]  # fmt: skip
        numbers = sorted(job.result() for job in jobs)
    assert numbers == list(range(2, 26))
    persons = incidents.read(hub, who(hub, "duty"), uid).incident.fields["persons"]
    assert len(persons.before) == 23


def test_every_line_is_in_the_journal_by_a_seal(hub: Hub) -> None:
    uid, situation = reported(hub), opened(hub)
    situations.say(hub, who(hub, "duty"), situation, [Gathered(uid)], NOW, NOW)
    situations.say(hub, who(hub, "duty"), situation, [Closed("over")], NOW, NOW)
    every = [entry for some in entries(hub.store.ask, CHAINS[0]) for entry in some]
    told = [said for entry in every if isinstance(said := read_entry(entry), Filed)]
    assert [(one.dossier, one.line, one.kind) for one in told] == [
        (1, 1, "incident"), (2, 1, "situation"), (2, 2, "situation"), (2, 3, "situation"),
    ]  # fmt: skip
    assert not any(b"umo" in entry.content for entry in every if entry.kind == "filed")
    assert verify(hub.store, (), "").journal.no == len(every)


def test_an_auditor_reads_a_timeline_without_the_names_of_victims_that_have_not_agreed(hub: Hub) -> None:
    """Whatever the centre wrote, and by whatever name the hub knows the victim; once it has agreed, all is told."""
    duty, check = who(hub, "duty"), who(hub, "check")
    incident = reported(hub)
    titled = Opened(Words("Kumo-Rail stands still", "ＫＵＭＯ　ＲＡＩＬの停止"))
    uid = situations.open_(hub, duty, titled, NOW)
    situations.say(hub, duty, uid, [Gathered(incident, "kumo-rail called")], NOW, NOW)
    situations.say(hub, duty, uid, [Remarked("KUMO RAIL, by way of kumo"), Admitted("kumo")], NOW, NOW)
    asks.ask(hub, duty, uid, "kumo", "", Words("Kumo Rail: by hand", "手売り"), NOW + 1, NOW)
    one = situation_shown(situations.read(hub, check, uid), NOW)
    every = [situation_shown(each, NOW) for each in situations.situations(hub, check)]
    for text in (str(one), str(every)):
        assert "kumo" not in folded(text)
        assert INSTEAD in text
    assert "Kumo-Rail" in str(situation_shown(situations.read(hub, duty, uid), NOW))
    incidents.say(hub, who(hub, "kumo"), incident, [Consented("named")], NOW, NOW)
    assert "Kumo-Rail" in str(situation_shown(situations.read(hub, check, uid), NOW))
