"""What a person takes out of the desk: answers as a workbook, CSV or JSON; a rating as OSCAL results or plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.desk.rating import DEFAULT_CATALOGUE
from noroshi.errors import NotFoundError
from noroshi.files.answers import load_answers
from noroshi.files.answers_book import write_workbook
from noroshi.files.answers_csv import write_csv
from noroshi.files.answers_json import answers_values, write_json
from noroshi.files.catalogues import load_catalogue

if TYPE_CHECKING:
    from noroshi.rate.catalogue import Catalogue
    from noroshi.rate.evidence import Sheet

__all__ = ["FORMATS", "export_answers"]


def _as_json(path: str | Path, catalogue: Catalogue, sheet: Sheet | None, lang: str) -> None:  # noqa: ARG001  as the others
    """Write answers as JSON; there is no blank form of it."""
    if sheet is None:
        raise NotFoundError("a blank form is a workbook (.xlsx) or CSV (.csv), not JSON")
    write_json(path, answers_values(catalogue, sheet))


FORMATS: dict[str, Callable[[str | Path, Catalogue, Sheet | None, str], None]] = {
    "xlsx": write_workbook,
    "csv": write_csv,
    "json": _as_json,
}
"""Format -> what writes it: path, catalogue, answers (None for a blank form), language."""


def export_answers(
    where: str | Path | None, to: str | Path, *, form: str | None = None, lang: str = "en",
    catalogue: str | Path = DEFAULT_CATALOGUE,
) -> dict[str, Any]:  # fmt: skip
    """Write the answers in a file, or a blank form where there is none, to `to`; return what was written, as JSON says.

    The format is that of the ending unless `form` names one. InputError with every fault of the answers; NotFoundError
    for a format that there is not.
    """
    chosen = form or Path(to).suffix.lower().removeprefix(".")
    if chosen not in FORMATS:
        raise NotFoundError(
            f"no format {chosen!r}; there are {', '.join(FORMATS)}, by the ending of --to or by --format"
        )
    asked = load_catalogue(catalogue)
    sheet = None if where is None else load_answers(where, asked)
    FORMATS[chosen](to, asked, sheet, lang)
    return {"written": str(to), "format": chosen, "answers": len(sheet.answers) if sheet else 0}
