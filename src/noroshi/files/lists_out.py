"""Writes lists of values: one a line under remarks that say marking, date and count, or a CSV with a marking a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from noroshi.share.markings import Marking, all_of
from noroshi.share.outgoing import Item

__all__ = ["COLUMNS", "csv_bytes", "list_bytes", "marking_words"]

COLUMNS = ("value", "type", "id", "name", "marking", "communities", "pap", "valid_from", "valid_until")
FORMULA = ("=", "+", "-", "@", "\t")
"""With which a spreadsheet begins a formula; a name that begins so gets an apostrophe before it."""


def list_bytes(form: str, items: Sequence[Item], title: str, date: str) -> bytes:
    """Return a plain list, each value once, in order. The marking told is the strictest of all that is in it."""
    tlp, communities, pap = marking_words(all_of(item.marking for item in items))
    values = sorted({item.value for item in items})
    head = [f"{title}: {form}", f"marking: {tlp}", f"date: {date}", f"count: {len(values)}"]
    head += [f"communities: {communities}"] if communities else []
    head += [f"pap: {pap}"] if pap else []
    return "".join([*(f"# {line}\n" for line in head), *(f"{value}\n" for value in values)]).encode()


def csv_bytes(items: Sequence[Item]) -> bytes:
    """Return a CSV (RFC 4180, lines end in LF) of values, a row each, in the order in which they come."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in items:
        tlp, communities, pap = marking_words(one.marking)
        name = f"'{one.name}" if one.name.startswith(FORMULA) else one.name
        writer.writerow(
            (one.value, one.kind, one.id, name, tlp, communities, pap, one.valid_from, one.valid_until)
        )  # fmt: skip
    return out.getvalue().encode()


def marking_words(marking: Marking) -> tuple[str, str, str]:
    """Return TLP, communities and PAP as the lists say them; "" where nothing is asked."""
    communities = "" if marking.communities is None else "; ".join(sorted(marking.communities)) or "(nobody)"
    tlp = "" if marking.tlp is None else f"TLP:{marking.tlp}"
    return tlp, communities, "" if marking.pap is None else str(marking.pap)
