"""Assessments at the desk: an organisation answers for itself; the centre and its ministry read, nobody else.

Nobody overwrites what somebody else has just answered: an answer to what no longer stands is kept aside, and shown
until one of the two is chosen. Hidden equals absent.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from noroshi.desk.dossiers import contact_of
from noroshi.desk.permitting import may, must, must_be_on_side
from noroshi.files.catalogues import DEFAULT_CATALOGUE, load_catalogue
from noroshi.rate.assessment import (
    Answered,
    Assessment,
    Attached,
    Began,
    Chosen,
    Given,
    Removed,
    Said,
    Submitted,
    assessment,
    given_of,
    sheet_of,
    wrongs,
)
from noroshi.share.contacts import stage_of
from noroshi.share.markings import Tlp
from noroshi.share.permissions import Leave
from noroshi.share.taxii import Refused
from noroshi.store import assessments as there
from noroshi.store import dossiers as kept

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.rate.catalogue import Catalogue
    from noroshi.rate.evidence import Sheet
    from noroshi.store.contract import Connection, Principal
    from noroshi.store.dossiers import Dossier

__all__ = [
    "ABSENT", "LARGEST_FILE", "MOST_FILES", "SUFFIXES", "Place", "Shown", "answer", "asked_catalogue", "attach",
    "choose", "evidence", "listed", "mine", "place_of", "read", "remove", "sheet", "submit", "take",
]  # fmt: skip

ABSENT = Refused(404, "Not found", "there is no such assessment, or it is not for you")
NOWHERE = Refused(409, "Conflict", "you are the contact of no organisation: the centre can make you one")
LARGEST_FILE, MOST_FILES = 5_000_000, 20
SUFFIXES = (
    ".pdf", ".txt", ".md", ".csv", ".json", ".xml", ".png", ".jpg", ".jpeg", ".webp", ".docx", ".xlsx", ".pptx", ".odt",
    ".ods", ".odp", ".eml", ".log", ".zip",
)  # fmt: skip
"""Endings of files that are taken as evidence; whatever they hold is kept as it is and never opened here."""
LONGEST_NAME = 150
JAPAN = ZoneInfo("Asia/Tokyo")


class Place(NamedTuple):
    """Whose assessment it is, of which sector, and on which side of the wall."""

    organisation: str
    sector: str
    exercise: bool


class Shown(NamedTuple):
    """An assessment as one may read it; dossier None: it has not begun."""

    place: Place
    dossier: Dossier | None
    state: Assessment


class Taken(NamedTuple):
    """What became of a sheet: questions answered by it, those where it waits for a choice, those that said the same."""

    answered: tuple[str, ...]
    aside: tuple[str, ...]
    same: tuple[str, ...]


@cache
def asked_catalogue() -> Catalogue:
    """Return the questions that are asked; read once."""
    return load_catalogue(DEFAULT_CATALOGUE)


def today(now: int) -> date:
    """Return the day in Japan of a moment in microseconds."""
    return datetime.fromtimestamp(now / 1e6, UTC).astimezone(JAPAN).date()


# ---- whose


def place_of(hub: Hub, asker: Principal) -> Place | None:
    """Return the organisation for which one answers; None where one is the contact of none."""
    found = contact_of(hub, asker)
    if found is None or not found.organisation:
        return None
    return Place(found.organisation, found.sectors[0] if found.sectors else "", found.exercise)


def mine(hub: Hub, asker: Principal) -> Shown:
    """Return the assessment of one's own organisation, begun or not. Refused 403, 409 where one has none."""
    must(asker, "assessments.read")
    place = place_of(hub, asker)
    if place is None:
        raise NOWHERE
    return shown(hub, place)


def read(hub: Hub, asker: Principal, organisation: str, *, exercise: bool = False) -> Shown:
    """Return the assessment of an organisation that has begun; Refused 403, 404 where one may not know of it."""
    must(asker, "assessments.read")
    one = there.found(hub.store, organisation, exercise=exercise)
    if one is None or not readable(hub, asker, one):
        raise ABSENT
    return shown(hub, Place(one.organisation, one.sector, one.exercise), one)


def listed(hub: Hub, asker: Principal) -> tuple[Shown, ...]:
    """Return the assessments that one may read, the newest first."""
    must(asker, "assessments.read")
    return tuple(
        shown(hub, Place(one.organisation, one.sector, one.exercise), one)
        for one in there.every(hub.store) if readable(hub, asker, one)
    )  # fmt: skip


def readable(hub: Hub, asker: Principal, one: Dossier) -> bool:
    """Say whether one may read an assessment: any, one's own organisation's, or those of one's own sectors."""
    leave = may(asker, "assessments.read")
    if leave is not Leave.OWN:
        return leave is Leave.ALLOWED
    found = contact_of(hub, asker)
    if found is None or found.exercise != one.exercise or stage_of(asker.name) != stage_of(one.by):
        return False
    if asker.kind == "ministry":
        return one.sector in found.sectors
    return bool(found.organisation) and found.organisation == one.organisation


def shown(hub: Hub, place: Place, one: Dossier | None = None) -> Shown:
    """Return an assessment as it stands."""
    found = one or there.found(hub.store, place.organisation, exercise=place.exercise)
    if found is None:
        return Shown(place, None, Assessment())
    return Shown(place, found, assessment(kept.lines(hub.store, found)))


def sheet(one: Shown, now: int) -> Sheet:
    """Return what stands as a sheet of answers, as of today."""
    place = one.place
    return sheet_of(one.state, asked_catalogue(), place.organisation, place.sector, today(now))


# ---- what is said


def answer(  # noqa: PLR0913  whose, to what, what, on what it was based, when, on which page
    hub: Hub, asker: Principal, item: str, given: Given | None, seen: int, now: int, page: str = ""
) -> tuple[Shown, bool]:
    """Keep an answer to a question; say whether it stands. given None: it is not answered any more.

    seen: the line that stood when one answered (0 = none). Where another stands by now that says something else, the
    new one is kept aside, unless that was written by oneself on the same `page`. Other answers
    to the question, of other grades or days, stay. Refused 403, 409, 422.
    """
    refuse_unknown(item)
    if given is not None:
        refuse_wrong(given, today(now), item)

    def lines(now_: Assessment) -> list[Said]:
        stood = now_.answers(item)
        if (given,) == stood[:1] or (given is None and not stood):
            return []
        last = now_.standing.get(item)
        own = last is not None and bool(page) and (last.by, last.said.page) == (asker.name, page)
        return [Answered(item, given, stood[1:], seen, aside=now_.seen(item) != seen and not own, page=page)]

    said, found = written(hub, asker, lines, now)
    return found, not any(isinstance(one, Answered) and one.aside for one in said)


def choose(  # noqa: PLR0913  whose, of what, which, on what it was based, when
    hub: Hub, asker: Principal, item: str, line: int, seen: int, now: int
) -> tuple[Shown, bool]:  # fmt: skip
    """Choose which of the answers to a question stands, and say whether it does now; the others are history.

    It does not where something else stands by now than was shown. Refused 403, 404 for no such answer.
    """
    done = []

    def lines(now_: Assessment) -> list[Said]:
        origins = {one.n: one.n for one in now_.aside.get(item, ())}
        if item in now_.standing:
            origins[now_.seen(item)] = now_.standing[item].origin
        if now_.seen(item) != seen:
            return []
        if line not in origins:
            raise ABSENT
        done.append(line)
        return [Chosen(item, origins[line])]

    _, found = written(hub, asker, lines, now)
    return found, bool(done)


def take(hub: Hub, asker: Principal, given: Sheet, now: int) -> tuple[Shown, Taken]:
    """Take the answers of a filled-in form: what nothing stands for is answered, what differs waits for a choice."""
    by_item: dict[str, list[Given]] = {}
    for one in given.answers:
        by_item.setdefault(one.item, []).append(given_of(one))
    for item, several in by_item.items():
        refuse_unknown(item)
        for each in several:
            refuse_wrong(each, today(now), item)
    fresh: list[str] = []
    aside: list[str] = []
    same: list[str] = []

    def lines(now_: Assessment) -> list[Said]:
        out: list[Said] = []
        for item, (first, *more) in by_item.items():
            stood = now_.answers(item)
            waits = [(one.said.given, *one.said.more) for one in now_.aside.get(item, ())]
            if stood == (first, *more) or (first, *more) in waits:
                same.append(item)
                continue
            (aside if stood else fresh).append(item)
            out.append(Answered(item, first, tuple(more), now_.seen(item), aside=bool(stood)))
        return out

    _, found = written(hub, asker, lines, now)
    return found, Taken(tuple(fresh), tuple(aside), tuple(same))


def attach(  # noqa: PLR0913  whose, of what, what, when
    hub: Hub, asker: Principal, item: str, name: str, body: bytes, now: int
) -> Shown:
    """Keep a file as evidence of a question: what was a mere claim is a document from then on.

    Refused 403, 413, 415 for a kind that is not taken, 422.
    """
    refuse_unknown(item)
    plain = "".join(one for one in name.replace("\\", "/").rpartition("/")[2] if one.isprintable()).strip()
    if not plain.lower().endswith(SUFFIXES):
        raise Refused(415, "Unsupported type", f"{plain[:80] or 'a file without a name'}: one of {' '.join(SUFFIXES)}")
    if not body:
        raise Refused(422, "Unprocessable", f"{plain[:80]}: an empty file")
    if len(body) > LARGEST_FILE:
        raise Refused(413, "Too large", f"{plain[:80]}: at most {LARGEST_FILE // 1_000_000} MB")
    short = plain if len(plain) <= LONGEST_NAME else plain[-LONGEST_NAME:]
    uid, sha = str(uuid.uuid4()), hashlib.sha256(body).hexdigest()

    def lines(now_: Assessment) -> list[Said]:
        held = now_.files.get(item, ())
        if any(one.sha == sha for one in held):
            return []
        if len(held) >= MOST_FILES:
            raise Refused(422, "Unprocessable", f"{item}: at most {MOST_FILES} files")
        stood = now_.answers(item)
        shown_ = replace(stood[0], grade="document", date=today(now)) if stood and stood[0].grade == "self" else None
        raised = [] if shown_ is None else [Answered(item, shown_, stood[1:], now_.seen(item))]
        return [Attached(item, uid, short, len(body), sha), *raised]

    def also(wire: Connection, no: int, said: Sequence[Said]) -> None:
        if said:
            there.keep_body(wire, uid, no, body)

    return written(hub, asker, lines, now, also)[1]


def remove(hub: Hub, asker: Principal, item: str, file: str, now: int) -> Shown:
    """Say that a file is evidence of a question no more; it is kept. Refused 403, 404."""

    def lines(now_: Assessment) -> list[Said]:
        if not any(one.file == file for one in now_.files.get(item, ())):
            raise ABSENT
        return [Removed(item, file)]

    return written(hub, asker, lines, now)[1]


def evidence(hub: Hub, asker: Principal, organisation: str, file: str, *, exercise: bool) -> tuple[str, bytes]:
    """Return the name and the bytes of a file of evidence, of an assessment that one may read; Refused 404."""
    one = read(hub, asker, organisation, exercise=exercise)
    assert one.dossier is not None  # noqa: S101  `read` returns what has begun
    names = {
        line.said.file: line.said.name
        for line in kept.lines(hub.store, one.dossier) if isinstance(line.said, Attached)
    }  # fmt: skip
    body = there.body_of(hub.store, file, one.dossier.no) if file in names else None
    if body is None:
        raise ABSENT
    return names[file], body


def submit(hub: Hub, asker: Principal, figures: tuple[float, float, float], seen: int, now: int) -> Shown:
    """Keep all answers as they stand as a version, with its score and interval. seen: the last line that one saw.

    Refused 409 where somebody has answered since, or nothing is answered, or a choice is open.
    """

    def lines(now_: Assessment) -> list[Said]:
        if now_.last != seen:
            raise Refused(409, "Conflict", "somebody has answered meanwhile: look at it again, then submit")
        if now_.aside:
            raise Refused(409, "Conflict", "two answers do not agree: choose between them first")
        if not now_.answered:
            raise Refused(409, "Conflict", "nothing is answered yet")
        answers = {item: now_.answers(item) for item in now_.answered}
        return [Submitted(len(now_.versions) + 1, today(now), answers, *figures)]

    return written(hub, asker, lines, now)[1]


def written(
    hub: Hub, asker: Principal, lines: Callable[[Assessment], list[Said]], now: int,
    also: Callable[[Connection, int, Sequence[Said]], None] | None = None,
) -> tuple[Sequence[Said], Shown]:  # fmt: skip
    """Add what `lines` says of the assessment as it stands within the transaction; return that and what stands then.

    An assessment begins with its first line.
    """
    must(asker, "assessments.write")
    place = place_of(hub, asker)
    if place is None:
        raise NOWHERE
    must_be_on_side(hub.store, asker, exercise=place.exercise)
    uid = there.uid_of(place.organisation, exercise=place.exercise)

    def work(wire: Connection) -> Sequence[Said]:
        found = kept.found(Within(wire), uid)
        before = assessment(kept.lines_within(wire, found)) if found else Assessment()
        said = lines(before)
        if not said:
            return said
        if found is None:
            new = kept.Dossier(0, uid, kept.ASSESSMENT, place.exercise, int(Tlp.AMBER), None, place.organisation,
                               place.sector, asker.no, now)  # fmt: skip
            no = kept.make(wire, new, kept.Entered(now, now, asker.no, Began(asked_catalogue().id)))
        else:
            no = found.no
        for one in said:
            kept.add(wire, no, kept.ASSESSMENT, kept.Entered(now, now, asker.no, one))
        if also is not None:
            also(wire, no, said)
        return said

    done: Sequence[Said] = hub.store.change(work).result()
    return done, shown(hub, place)


class Within(NamedTuple):
    """What a transaction sees, asked as a store is."""

    wire: Connection

    def ask(self, text: str, values: Sequence[object] = ()) -> list[tuple[object, ...]]:
        """Return the rows that a statement finds."""
        return list(self.wire.execute(text, values).fetchall())


def refuse_unknown(item: str) -> None:
    """Refuse an answer to what is not asked."""
    if item not in asked_catalogue().index:
        raise Refused(422, "Unprocessable", f"item: {item[:80]} (expected a question of the catalogue)")


def refuse_wrong(given: Given, day: date, item: str) -> None:
    """Refuse with 422 all that is wrong with an answer."""
    found = wrongs(given, day)
    if found:
        said = "; ".join(f"{item}, {name}: {what} (expected {expected})" for name, what, expected in found)
        raise Refused(422, "Unprocessable", said)
