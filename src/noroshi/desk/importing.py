"""What a person does with the output of scanners: it becomes measured answers of an organisation, or nothing does."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.errors import Fault, InputError
from noroshi.files.answers import load_answers
from noroshi.files.catalogues import DEFAULT_CATALOGUE, load_catalogue
from noroshi.files.saving import save_whole
from noroshi.files.scans import Read, read_scan
from noroshi.rate.evidence import Answer
from noroshi.rate.exploited import Kev, exposure, with_ages
from noroshi.rate.measured import Scan, Silent, by_tool, measured, worst

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.rate.catalogue import Catalogue

__all__ = ["DEFAULT_CATALOGUE", "Change", "Imported", "Owner", "import_scans"]

INSIDE = {"exposed-services", "exposed-patching"}
"""Items of which a scan from inside tells nothing."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose answers a new file holds."""

    organisation: str
    sector: str


@dataclass(frozen=True, slots=True)
class Change:
    """One answer and what it does to the file: `added`, `lowered` (an answer that is there becomes worse), `known`."""

    answer: Answer
    does: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import found and did. as_of: of the file now, and before where that has moved."""

    into: str
    scans: tuple[Scan, ...]
    changes: tuple[Change, ...]
    silent: tuple[Silent, ...]
    as_of: date | None
    as_of_before: date | None
    kept: str | None
    written: bool

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values, as `noroshi rate import --json` prints them."""
        return {
            "into": self.into, "written": self.written, "kept": self.kept,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "as_of_before": self.as_of_before.isoformat() if self.as_of_before else None,
            "scans": [
                {"file": s.file, "tool": s.tool, "version": s.version, "date": s.day.isoformat() if s.day else None,
                 "items": list(s.items), "assets": list(s.assets),
                 "seen": [{"asset": x.asset, "sign": x.sign, "detail": x.detail} for x in s.seen]}
                for s in self.scans
            ],
            "answers": [{**row_of(change.answer), "change": change.does} for change in self.changes],
            "silent": [
                {"item": s.item, "tool": s.tool, "files": list(s.files), "why": s.why} for s in self.silent
            ],
        }  # fmt: skip


def import_scans(  # noqa: PLR0913  one parameter per choice of the person
    scans: Sequence[str | Path],
    into: str | Path,
    *,
    kind: str | None = None,
    day: date | None = None,
    kev: str | Path | None = None,
    owner: Owner | None = None,
    inside: bool = False,
    catalogue: str | Path = DEFAULT_CATALOGUE,
    dry_run: bool = False,
) -> Imported:
    """Add what the scans measured to the answers file `into`, or nothing if any of them is at fault.

    kind: the format, where content does not tell. day: of scans that carry no date. kev: the catalogue against which
    CPE names and CVEs are held. owner: whose answers, where the file is to be made. inside: what was scanned cannot be
    reached from the internet. The same scan given twice changes nothing. InputError with the faults of all files.
    """
    asked = load_catalogue(catalogue)
    faults: list[Fault] = []
    reads = [found for path in scans if (found := _read(path, kind, faults)) is not None]
    known = _read(kev, "kev", faults) if kev is not None else None
    table = _table(Path(into), asked, owner, faults)
    if faults:
        raise InputError(faults)
    faults += [
        Fault("missing-value", "error", read.file, None, "", "CPE names alone", "a catalogue of what is exploited",
              "give it with --kev")
        for read in reads if read.kind == "cpe" and not (known or any(one.kev for one in reads))
    ]  # fmt: skip
    kev_used = known.kev if known else next((read.kev for read in reads if read.kev is not None), None)
    looked = _scans(reads, kev_used, day, inside=inside)
    _dated(looked, asked, faults)
    if faults:
        raise InputError(faults)
    answers, silent = measured(looked, asked)
    silent = (*silent, *_unused(reads, kev_used, inside=inside))
    former = date.fromisoformat(table["as_of"]) if table["as_of"] else None
    as_of = max((answer.date for answer in answers), default=former)
    as_of = former if as_of is None or (former is not None and former > as_of) else as_of
    table["as_of"] = as_of.isoformat() if as_of else ""
    changes = _merged(table["answers"], answers)
    done: dict[str, Any] = {"kept": None, "written": False}
    if not dry_run and any(change.does != "known" for change in changes):
        data = (json.dumps(table, ensure_ascii=False, indent=1) + "\n").encode()
        kept = save_whole(into, data)
        done = {"kept": str(kept) if kept else None, "written": True}
    return Imported(str(into), looked, changes, silent, as_of, former if former != as_of else None, **done)


def _read(path: str | Path, kind: str | None, faults: list[Fault]) -> Read | None:
    """Return what is in a file; its faults are noted."""
    try:
        return read_scan(path, kind)
    except InputError as error:
        faults += error.faults
        return None


def _table(into: Path, catalogue: Catalogue, owner: Owner | None, faults: list[Fault]) -> dict[str, Any]:
    """Return the answers file as JSON, checked; a new one for `owner` where there is none. Faults are noted."""
    empty: dict[str, Any] = {"organisation": "", "sector": "", "as_of": "", "answers": []}
    if into.suffix.lower() in (".xlsx", ".csv"):
        faults.append(Fault("bad-answers", "error", str(into), None, "", into.suffix, "a JSON file",
                            "turn it into JSON first: `noroshi rate export FORM --to answers.json`"))  # fmt: skip
        return empty
    if not into.exists() and owner is not None:
        return {**empty, "organisation": owner.organisation, "sector": owner.sector}
    try:
        load_answers(into, catalogue)
    except InputError as error:
        faults += [
            replace(f, remedy="correct the path, or give --organisation and --sector for a new file")
            if f.code == "missing-file" else f for f in error.faults
        ]  # fmt: skip
        return empty
    table: dict[str, Any] = json.loads(into.read_text(encoding="utf-8-sig"))
    return table


def _scans(reads: Sequence[Read], kev: Kev | None, day: date | None, *, inside: bool) -> tuple[Scan, ...]:
    """Return the scans to be judged: with the given day where they have none, and held against the catalogue."""
    scans = [replace(read.scan, day=read.scan.day or day) for read in reads if read.scan is not None]
    if inside:
        scans = [replace(s, items=tuple(item for item in s.items if item not in INSIDE)) for s in scans]
    if kev is None:
        return tuple(scans)
    found = list(with_ages(kev, scans))
    for read in reads:
        when = (read.scan.day if read.scan else None) or day
        if read.products and when is not None:
            found.append(exposure(kev, read.products, when, read.file, inside=inside))
        elif read.products:
            item = "internal-patching" if inside else "exposed-patching"
            found.append(Scan("kev", kev.version, None, read.file, (item,), (read.file,)))
    return tuple(found)


def _unused(reads: Sequence[Read], kev: Kev | None, *, inside: bool) -> list[Silent]:
    """Return what is not judged: what a scan from inside cannot tell, a catalogue with nothing to match."""
    found = [
        Silent(item, read.scan.tool, (read.file,), "inside")
        for read in reads if inside and read.scan is not None for item in read.scan.items if item in INSIDE
    ]  # fmt: skip
    if kev is not None and not any(read.products or (read.scan and read.scan.cves) for read in reads):
        found.append(Silent("exposed-patching", "kev", (Path(kev.file).name,), "no-asset"))
    return found


def _dated(scans: Sequence[Scan], catalogue: Catalogue, faults: list[Fault]) -> None:
    """Note scans that tell of something without saying when."""
    faults += [
        Fault("missing-value", "error", scan.file, None, "date", f"{scan.tool} names no date", "the day of the scan",
              "give it with --date 2026-11-01")
        for scan in scans if scan.day is None and scan.assets and any(item in catalogue.index for item in scan.items)
    ]  # fmt: skip


def _merged(rows: list[dict[str, Any]], answers: Sequence[Answer]) -> tuple[Change, ...]:
    """Add answers to the file's rows and say what became of each: of one tool and day, the worst counts."""
    changes = []
    for answer in answers:
        tool = by_tool(answer)
        for k, row in enumerate(rows):
            former = answer_of(row)
            if (former.item, former.date, by_tool(former)) == (answer.item, answer.date, tool):
                now = worst(former, answer)
                if now is not former:
                    rows[k] = row_of(now)
                changes.append(Change(now, "known" if now is former else "lowered"))
                break
        else:
            rows.append(row_of(answer))
            changes.append(Change(answer, "added"))
    return tuple(changes)


def answer_of(row: dict[str, Any]) -> Answer:
    """Return a row of the checked file as an answer."""
    return Answer(row["item"], float(row.get("level", 0.0)), row["grade"], date.fromisoformat(row["date"]),
                  row.get("not_applicable") or "", str(row.get("source", "")), row.get("up_to"))  # fmt: skip


def row_of(answer: Answer) -> dict[str, Any]:
    """Return an answer as a row of the file."""
    row: dict[str, Any] = {"item": answer.item, "level": answer.level, "grade": answer.grade,
                           "date": answer.date.isoformat(), "source": answer.source}  # fmt: skip
    return row if answer.up_to is None else {**row, "up_to": answer.up_to}
