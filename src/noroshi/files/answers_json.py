"""Writes answers as JSON, as `load_answers` reads them; reads which measures a plan has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.errors import Fault, InputError

if TYPE_CHECKING:
    from noroshi.rate.catalogue import Catalogue
    from noroshi.rate.evidence import Answer, Sheet

__all__ = ["answers_values", "read_measures", "write_json"]


def answers_values(catalogue: Catalogue, sheet: Sheet) -> dict[str, Any]:
    """Return a sheet as plain values: what an answers file holds."""
    return {
        "organisation": sheet.organisation, "sector": sheet.sector, "as_of": sheet.as_of.isoformat(),
        "catalogue": catalogue.id, "answers": [_answer(answer) for answer in sheet.answers],
    }  # fmt: skip


def _answer(answer: Answer) -> dict[str, Any]:
    """Return one answer as plain values; texts that are empty are left out."""
    texts = {"not_applicable": answer.not_applicable, "source": answer.source}
    return {
        "item": answer.item, "level": answer.level, "grade": answer.grade, "date": answer.date.isoformat(),
        **{key: text for key, text in texts.items() if text},
        **({} if answer.up_to is None else {"up_to": answer.up_to}),
    }  # fmt: skip


def write_json(path: str | Path, value: dict[str, Any]) -> None:
    """Write plain values as indented JSON; InputError where the file cannot be written."""
    try:
        Path(path).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        fault = Fault("missing-file", "error", str(path), None, "", error.strerror or "", "a file that can be written",
                      "correct the path")  # fmt: skip
        raise InputError([fault]) from None


def read_measures(where: str | Path, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the measures of a plan in a file, as `noroshi rate plan --json` writes it: ids, or objects with an id.

    InputError where it is no such file, with every measure that the catalogue does not have.
    """

    def refuse(code: str, found: str, expected: str, remedy: str) -> Fault:
        return Fault(code, "error", str(where), None, "measures", found, expected, remedy)

    such = '{"measures": ["mfa-all-remote", ...]}'
    try:
        table = json.loads(Path(where).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError([refuse("missing-file", error.strerror or "", such, "correct the path")]) from None
    except (ValueError, RecursionError) as error:
        raise InputError([refuse("bad-json", str(error), such, "write it with `noroshi rate plan --json`")]) from None
    rows = table.get("measures") if isinstance(table, dict) else None
    names = [row.get("id") if isinstance(row, dict) else row for row in rows] if isinstance(rows, list) else None
    if names is None:
        raise InputError([refuse("bad-json", type(table).__name__, such, "write it with `noroshi rate plan --json`")])
    have = {measure.id for measure in catalogue.measures}
    faults = [
        refuse("dangling-key", str(name), f"a measure of the catalogue {catalogue.id}", "correct it, or remove it")
        for name in names
        if name not in have
    ]
    if faults:
        raise InputError(faults)
    return tuple(map(str, names))
