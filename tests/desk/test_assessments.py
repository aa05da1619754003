"""Assessments at the desk, on both databases: nobody overwrites anybody, and nobody reads what is not for one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.browser.site import made_hub
from tests.store.databases import KINDS, address

from noroshi.desk import assessments
from noroshi.desk.assessments import answer, attach, choose, evidence, listed, mine, read, remove, sheet, submit, take
from noroshi.desk.hub import Hub
from noroshi.rate.assessment import Given
from noroshi.rate.evidence import Answer, Sheet
from noroshi.share.entries import read_entry
from noroshi.share.taxii import Refused
from noroshi.store.contract import Principal
from noroshi.store.journal_reading import entries

DAY = date(2026, 11, 1)
NOW = int(time.time() * 1e6)
LOW, HIGH = Given(0.25, "self", DAY), Given(0.75, "document", DAY, source="register")


@pytest.fixture(params=KINDS)
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hub]:
    found = made_hub(tmp_path, address(request.param, tmp_path))
    yield found
    found.close()


def who(hub: Hub, name: str) -> Principal:
    found = hub.store.principal(name)
    assert found is not None
    return found[0]


def refused(status: int) -> pytest.RaisesExc[Refused]:
    return pytest.RaisesExc(Refused, check=lambda one: one.status == status)


def test_an_answer_stands_and_what_stood_before_is_history(hub: Hub) -> None:
    grid = who(hub, "grid")
    assert mine(hub, grid).dossier is None
    shown, stands = answer(hub, grid, "mfa", LOW, 0, NOW)
    assert stands
    seen = shown.state.seen("mfa")
    shown, stands = answer(hub, grid, "mfa", HIGH, seen, NOW)
    assert stands
    assert shown.state.answers("mfa") == (HIGH,)
    assert [one.said.given for one in shown.state.history["mfa"]] == [LOW, HIGH]
    assert sheet(shown, NOW).answers == (Answer("mfa", 0.75, "document", DAY, source="register"),)
    again, stands = answer(hub, grid, "mfa", HIGH, 0, NOW)  # the same once more adds nothing, whatever one saw
    assert (again.state.last, stands) == (shown.state.last, True)
    gone, _ = answer(hub, grid, "mfa", None, shown.state.seen("mfa"), NOW)
    assert gone.state.answered == ()


def test_of_two_who_answer_at_once_neither_is_lost_and_one_is_chosen(hub: Hub) -> None:
    grid = who(hub, "grid")
    answer(hub, grid, "mfa", LOW, 0, NOW)
    shown, stands = answer(hub, grid, "mfa", HIGH, 0, NOW)
    assert not stands
    assert shown.state.answers("mfa") == (LOW,)
    (waits,) = shown.state.aside["mfa"]
    with refused(409):
        submit(hub, grid, (50.0, 40.0, 60.0), shown.state.last, NOW)
    late, done = choose(hub, grid, "mfa", waits.n, 0, NOW)
    assert not done  # what was chosen between is not what stands
    taken, done = choose(hub, grid, "mfa", waits.n, late.state.seen("mfa"), NOW)
    assert done
    assert (taken.state.answers("mfa"), taken.state.aside) == ((HIGH,), {})
    answer(hub, grid, "mfa", LOW, 1, NOW)
    kept, done = choose(hub, grid, "mfa", taken.state.seen("mfa"), taken.state.seen("mfa"), NOW)
    assert done
    assert (kept.state.answers("mfa"), kept.state.aside) == ((HIGH,), {})
    assert len(kept.state.history["mfa"]) == 3
    with refused(404):
        choose(hub, grid, "mfa", 99, kept.state.seen("mfa"), NOW)


def test_quick_changes_on_one_page_are_no_dispute_with_oneself(hub: Hub) -> None:
    grid = who(hub, "grid")
    answer(hub, grid, "mfa", LOW, 0, NOW, "page-1")
    assert answer(hub, grid, "mfa", HIGH, 0, NOW, "page-1")[1]
    assert not answer(hub, grid, "mfa", LOW, 0, NOW, "page-2")[1]


def test_a_form_never_overwrites_and_its_further_answers_stay(hub: Hub) -> None:
    grid = who(hub, "grid")
    answer(hub, grid, "mfa", LOW, 0, NOW)
    scan = Answer("tls", 0.67, "measured", DAY)
    given = Sheet(
        "asanagi-grid", "power", DAY, (Answer("mfa", 1.0, "self", DAY), Answer("tls", 1.0, "self", DAY), scan)
    )
    shown, taken = take(hub, grid, given, NOW)
    assert (taken.answered, taken.aside) == (("tls",), ("mfa",))
    assert [one.grade for one in shown.state.answers("tls")] == ["self", "measured"]
    shown, _ = answer(hub, grid, "tls", HIGH, shown.state.seen("tls"), NOW)
    assert [one.grade for one in shown.state.answers("tls")] == ["document", "measured"]
    last = shown.state.last
    again, taken = take(hub, grid, sheet(shown, NOW), NOW)  # what was written out comes back as the same
    assert (again.state.last, taken.answered, taken.aside) == (last, (), ())


def test_evidence_is_kept_as_it_came_and_read_by_whom_it_is_for(hub: Hub) -> None:
    grid = who(hub, "grid")
    shown = attach(hub, grid, "mfa", "C:\\papers\\policy.pdf", b"%PDF-1.7 x", NOW)
    (file,) = shown.state.files["mfa"]
    assert (file.name, file.size) == ("policy.pdf", 10)
    for reader in ("grid", "boss", "energy-ministry"):
        found = evidence(hub, who(hub, reader), "asanagi-grid", file.file, exercise=False)
        assert found == ("policy.pdf", b"%PDF-1.7 x")
    for stranger in ("gas", "drill-grid"):
        with refused(404):
            evidence(hub, who(hub, stranger), "asanagi-grid", file.file, exercise=False)
    with refused(415):
        attach(hub, grid, "mfa", "run.exe", b"x", NOW)
    with refused(413):
        attach(hub, grid, "mfa", "a.pdf", b"x" * (assessments.LARGEST_FILE + 1), NOW)
    with refused(422):
        attach(hub, grid, "mfa", "a.pdf", b"", NOW)
    shown, _ = answer(hub, grid, "tls", LOW, 0, NOW)
    (raised,) = attach(hub, grid, "tls", "scan.txt", b"found nothing", NOW).state.answers("tls")
    assert (raised.level, raised.grade) == (LOW.level, "document")  # what can be looked at is no mere claim
    assert remove(hub, grid, "mfa", file.file, NOW).state.files["mfa"] == ()
    assert evidence(hub, grid, "asanagi-grid", file.file, exercise=False)[1] == b"%PDF-1.7 x"
    with refused(404):
        remove(hub, grid, "mfa", file.file, NOW)


def test_a_version_is_kept_whatever_comes_after(hub: Hub) -> None:
    grid = who(hub, "grid")
    with refused(409):
        submit(hub, grid, (0.0, 0.0, 0.0), 0, NOW)
    shown, _ = answer(hub, grid, "mfa", LOW, 0, NOW)
    seen = shown.state.last
    shown, _ = answer(hub, grid, "tls", LOW, 0, NOW)
    with refused(409):
        submit(hub, grid, (50.0, 40.0, 60.0), seen, NOW)
    submit(hub, grid, (50.0, 40.0, 60.0), shown.state.last, NOW)
    answer(hub, grid, "mfa", HIGH, shown.state.seen("mfa"), NOW)
    ((first, by, _),) = mine(hub, grid).state.versions
    assert (first.version, first.answers["mfa"], by) == (1, (LOW,), "grid")


def test_who_reads_is_who_may(hub: Hub) -> None:
    grid, drill = who(hub, "grid"), who(hub, "drill-grid")
    answer(hub, grid, "mfa", LOW, 0, NOW)
    answer(hub, drill, "mfa", HIGH, 0, NOW)
    assert mine(hub, drill).state.answers("mfa") == (HIGH,)  # on the other side of the wall
    assert mine(hub, grid).state.answers("mfa") == (LOW,)
    readers = {name: len(listed(hub, who(hub, name))) for name in ("boss", "energy-ministry", "grid", "gas")}
    assert readers == {"boss": 2, "energy-ministry": 1, "grid": 1, "gas": 0}
    with refused(404):
        read(hub, who(hub, "gas"), "asanagi-grid")
    for nobody in ("ally", "auditor"):
        with refused(403):
            listed(hub, who(hub, nobody))
        with refused(403):
            answer(hub, who(hub, nobody), "mfa", LOW, 0, NOW)
    with refused(409):
        answer(hub, who(hub, "boss"), "mfa", LOW, 0, NOW)


@pytest.mark.parametrize(
    "given", [Given(2.0, "self", DAY), Given(0.5, "guess", DAY), Given(0.5, "self", date(2999, 1, 1)),
              Given(0.5, "self", DAY, up_to=0.2), Given(0.5, "self", DAY, source="x" * 4001)],
)  # fmt: skip
def test_what_cannot_be_is_refused(tmp_path: Path, given: Given) -> None:
    hub = made_hub(tmp_path, "")
    with refused(422):
        answer(hub, who(hub, "grid"), "mfa", given, 0, NOW)
    with refused(422):
        answer(hub, who(hub, "grid"), "no-such", LOW, 0, NOW)
    hub.close()


def test_the_journal_is_told_of_every_line(hub: Hub) -> None:
    grid = who(hub, "grid")
    shown, _ = answer(hub, grid, "mfa", LOW, 0, NOW)
    attach(hub, grid, "mfa", "a.txt", b"x", NOW)
    told = [read_entry(one) for some in entries(hub.store.ask, "journal") for one in some if one.kind == "filed"]
    assert [(one.line, one.kind) for one in told] == [(n, "assessment") for n in (1, 2, 3, 4)]  # type: ignore[union-attr]
    assert shown.state.last == 2
