"""Reads how many organisations there are: CSV with sector, size and count; all faults at once."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from noroshi.errors import Fault, InputError
from noroshi.rate.tables import ALL, Key, Population

if TYPE_CHECKING:
    from noroshi.estate.model import Estate

__all__ = ["estate_population", "load_population"]

HEADER = ("sector", "size", "count")
EXAMPLE = "sector,size,count, then rows such as water,small,1200; a row without a sector is the total of all"
LARGEST = 10**9


def estate_population(estate: Estate) -> Population:
    """Return how many organisations an estate has of each sector; it knows no sizes."""
    sectors = estate.column("organisations", "sector").tolist()
    count: dict[Key, int] = {(sector, ALL): sectors.count(sector) for sector in estate.ids("sectors")}
    return Population({key: n for key, n in count.items() if n})


def load_population(where: str | Path) -> Population:
    """Return the population in a CSV file: sector, size (empty: not by size), count (empty: not known).

    A row without sector and size is the total of all. InputError with every fault: columns, numbers, a sector or size
    twice, a sector both by size and as a whole.
    """
    file = str(where)
    try:
        text = Path(where).read_text(encoding="utf-8-sig")
    except OSError as error:
        said = error.strerror or ""
        raise InputError([Fault("missing-file", file=file, found=said, expected="a CSV file that can be read",
                                remedy="correct the path")]) from None  # fmt: skip
    except UnicodeDecodeError:
        raise InputError([Fault("bad-encoding", file=file, expected="UTF-8", remedy="save it as UTF-8")]) from None
    try:
        rows = list(csv.reader(text.splitlines(), strict=True))
    except csv.Error as error:
        raise InputError(
            [Fault("bad-csv", file=file, found=str(error), expected=EXAMPLE, remedy="correct it")]
        ) from None
    header = tuple(name.strip() for name in rows[0]) if rows else ()
    missing = [name for name in HEADER if name not in header]
    faults = [Fault("missing-column", "error", file, 1, name, ", ".join(header), EXAMPLE, "add it") for name in missing]
    faults += [
        Fault("unknown-column", "error", file, 1, name, name, ", ".join(HEADER), "remove it")
        for name in header
        if name not in HEADER
    ]
    if faults:
        raise InputError(faults)
    count: dict[Key, int] = {}
    seen: dict[Key, int] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) != len(header):
            faults.append(Fault("bad-csv", "error", file, number, "", f"{len(row)} cells", f"{len(header)}", EXAMPLE))
            continue
        cells = {name: cell.strip() for name, cell in zip(header, row, strict=True)}
        key = cells["sector"], cells["size"]
        faults += _row_faults(file, number, key, cells["count"], seen)
        seen[key] = number
        if cells["count"].isdecimal():
            count[key] = int(cells["count"])
    faults += [
        Fault("duplicate-id", "error", file, row, "size", sector, "a sector by size, or as a whole", "remove one")
        for (sector, size), row in seen.items()
        if sector and size == ALL and any(s == sector and z != ALL for s, z in seen)
    ]
    if faults:
        raise InputError(faults)
    uncounted = frozenset(sector for sector, size in seen if sector and (sector, size) not in count)
    return Population({key: n for key, n in count.items() if key[0]}, count.get((ALL, ALL)), uncounted)


def _row_faults(file: str, number: int, key: Key, count: str, seen: dict[Key, int]) -> list[Fault]:
    """Return the faults of one row."""
    faults = []
    if key in seen:
        faults.append(
            Fault("duplicate-id", "error", file, number, "sector", " ".join(key).strip() or "all",
                  f"each sector and size once; row {seen[key]} has it", "remove one of the two")
        )  # fmt: skip
    if not key[0] and key[1]:
        faults.append(Fault("missing-value", "error", file, number, "sector", "", "the sector", EXAMPLE))
    if count and not (count.isdecimal() and 0 < int(count) <= LARGEST):
        code = "out-of-range" if count.lstrip("+-").isdecimal() else "bad-number"
        expected = f"a whole number from 1 to {LARGEST:,}, or nothing where it is not known"
        faults.append(Fault(code, "error", file, number, "count", count, expected, "correct it"))
    return faults
