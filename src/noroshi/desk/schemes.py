"""An organisation's answers under another scheme: SPRS, CPG 2.0, CSF 2.0, OpenSSF's aggregation, a deviation score."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.desk.former import answers_with
from noroshi.desk.rating import DEFAULT_CATALOGUE, peers_of, stable
from noroshi.files.catalogues import load_catalogue
from noroshi.files.schemes import load_scheme
from noroshi.rate.schemes import score_under

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.estate.model import Estate

__all__ = ["rate_under"]


def rate_under(
    where: str | Path,
    scheme: str,
    *,
    catalogue: str | Path = DEFAULT_CATALOGUE,
    estate: Estate | None = None,
    former: Sequence[str | Path] = (),
) -> dict[str, Any]:
    """Return the score of the answers in a file under a scheme, as `noroshi rate score --scheme --json` prints it.

    former: as for `rate_answers`. The peers of a deviation score are the sector's in `estate`, else the surveyed
    population. InputError with every fault of the answers; NotFoundError for a scheme or a sector that there is not.
    """
    asked = load_catalogue(catalogue)
    sheet, _ = answers_with(where, former, asked)
    peers = None if estate is None else peers_of(sheet.sector, estate)[:2]
    bound = load_scheme(scheme, asked, peers)
    found = score_under(bound, asked, sheet)
    return {
        "organisation": sheet.organisation, "sector": sheet.sector, "as_of": sheet.as_of.isoformat(),
        "catalogue": asked.id, "scheme": bound.id, "name": bound.name_en, "name_ja": bound.name_ja,
        "source": bound.source, "note": bound.note_en, "note_ja": bound.note_ja,
        "from": stable(bound.start), "to": stable(bound.start + bound.span),
        "published": _maybe(found.published), "low": stable(found.low), "high": stable(found.high),
        "groups": [
            {
                "id": group.id, "name": bound.groups[group.id][0], "name_ja": bound.groups[group.id][1],
                "units": group.units, "answered": group.answered, "low": stable(group.low),
                "said": _maybe(group.said), "high": stable(group.high),
            }
            for group in found.groups
        ],
        "units": [
            {
                "id": one.unit.id, "group": one.unit.group, "weight": stable(one.unit.weight),
                "items": list(one.unit.items), "low": _maybe(one.low), "said": _maybe(one.said),
                "high": _maybe(one.high), "state": one.state,
            }
            for one in found.units
        ],
    }  # fmt: skip


def _maybe(value: float | None) -> float | None:
    """Return a figure to six digits, None where there is none."""
    return None if value is None else stable(value)
