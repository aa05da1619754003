"""The severities of a case from a sheet of facts, as plain values: for the command line, the API and other rooms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.files.severity import load_facts, load_ladders, load_nciss
from noroshi.respond.severity import FactSheet, Severities, judge

if TYPE_CHECKING:
    from noroshi.respond.ladders import Ladder, Rung
    from noroshi.respond.nciss import Interval

__all__ = ["severities", "severities_of"]


def severities_of(path: str | Path) -> dict[str, Any]:
    """Return the severities of the facts in a file; InputError with every fault."""
    return severities(load_facts(path))


def severities(sheet: FactSheet) -> dict[str, Any]:
    """Return the severities of a sheet of facts as plain values, every name in both languages."""
    scheme = load_nciss()
    found = judge(scheme, load_ladders(), sheet)
    names = {one.id: (one.name, one.name_ja, one.weight) for one in scheme.categories}
    return {
        "name": sheet.name,
        "nciss": {
            "name": scheme.name, "name_ja": scheme.name_ja, "source": scheme.source, "bands": None,
            "incidents": [
                {
                    "name": one.incident.name, "count": one.incident.count, **_ends(one.score.value),
                    "unknown": one.score.unknown,
                    "parts": [
                        {"id": part.category, "name": names[part.category][0], "name_ja": names[part.category][1],
                         "weight": names[part.category][2], "known": part.known, **_ends(part.points)}
                        for part in one.score.parts
                    ],
                }
                for one in found.incidents
            ],
            "together": _together(found),
        },
        "scales": [_scale(ladder, rung) for ladder, rung in found.rungs],
    }  # fmt: skip


def _together(found: Severities) -> dict[str, Any] | None:
    """Return the worst score, what is added to it and the sum; None where no incident was given."""
    if found.together is None:
        return None
    worst, campaign, cascade, total = found.together
    return {
        "incidents": sum(one.incident.count for one in found.incidents),
        "worst": _ends(worst), "campaign": _ends(campaign), "cascade": None if cascade is None else _ends(cascade),
        "total": _ends(total),
    }  # fmt: skip


def _ends(one: Interval) -> dict[str, float]:
    """Return an interval as plain values, to a hundredth."""
    return {"low": round(one.low, 2), "high": round(one.high, 2)}


def _scale(ladder: Ladder, rung: Rung | None) -> dict[str, Any]:
    """Return a scale and the levels that are left on it; None where nothing was answered."""
    levels = {one.rank: one for one in ladder.levels}
    said = {one.id: (one.name, one.name_ja) for one in ladder.statements} | {a: (en, ja) for a, en, ja in ladder.axes}
    out: dict[str, Any] = {
        "id": ladder.id, "name": ladder.name, "name_ja": ladder.name_ja, "source": ladder.source,
        "note": ladder.note, "note_ja": ladder.note_ja, "low": None, "high": None, "open": [],
    }  # fmt: skip
    if rung is None:
        return out
    ends = {
        key: {"rank": rank, "name": levels[rank].name, "name_ja": levels[rank].name_ja}
        for key, rank in (("low", rung.low), ("high", rung.high))
    }
    return out | ends | {"open": [{"id": one, "en": said[one][0], "ja": said[one][1]} for one in rung.open]}
