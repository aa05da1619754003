"""What a person takes out of the desk: answers as a workbook, CSV or JSON; a rating as OSCAL results or plan."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.desk.rating import DEFAULT_CATALOGUE, rate_answers
from noroshi.errors import NotFoundError
from noroshi.files.answers import load_answers
from noroshi.files.answers_book import write_workbook
from noroshi.files.answers_csv import write_csv
from noroshi.files.answers_json import answers_values, read_measures, write_json
from noroshi.files.catalogues import load_catalogue
from noroshi.files.oscal import assessment_results, plan_of_action

if TYPE_CHECKING:
    from noroshi.rate.catalogue import Catalogue
    from noroshi.rate.evidence import Sheet

__all__ = ["FORMS", "OSCAL", "export_answers"]

FORMS: dict[str, Callable[[str | Path, Catalogue, Sheet | None, str], None]] = {
    "xlsx": write_workbook,
    "csv": write_csv,
}
"""Format of a form -> what writes it: path, catalogue, answers (None for a blank form), language."""
OSCAL = ("oscal-ar", "oscal-poam")
FORMATS = (*FORMS, "json", *OSCAL)
FIGURES = ("score", "low", "high", "technical", "organisational", "p_pass", "verdict")


def export_answers(  # noqa: PLR0913  one parameter per option
    where: str | Path | None, to: str | Path, *, form: str | None = None, lang: str = "en",
    catalogue: str | Path = DEFAULT_CATALOGUE, plan: str | Path | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Write the answers in a file, or a blank form where there is none, to `to`; return what was written.

    The format is that of the ending unless `form` names one. plan: a file with the measures planned, for OSCAL.
    InputError with every fault of the answers or the plan; NotFoundError for a format that there is not.
    """
    chosen = form or Path(to).suffix.lower().removeprefix(".")
    if chosen not in FORMATS:
        known = ", ".join(FORMATS)
        raise NotFoundError(f"no format {chosen!r}; by the ending of --to, or by --format, there are {known}")
    asked = load_catalogue(catalogue)
    planned = () if plan is None else read_measures(plan, asked)
    sheet = None if where is None else load_answers(where, asked)
    if chosen in FORMS:
        FORMS[chosen](to, asked, sheet, lang)
    elif sheet is None or where is None:
        raise NotFoundError("a blank form is a workbook (.xlsx) or CSV (.csv)")
    elif chosen == "oscal-poam":
        write_json(to, plan_of_action(asked, sheet, lang, planned=planned))
    elif chosen == "oscal-ar":
        rating = rate_answers(where, catalogue=catalogue).as_dict()
        figures = {key: rating[key] for key in FIGURES}
        write_json(to, assessment_results(asked, sheet, lang, figures=figures, planned=planned))
    else:
        write_json(to, answers_values(asked, sheet))
    return {"written": str(to), "format": chosen, "answers": len(sheet.answers) if sheet else 0}
