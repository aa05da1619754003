"""What a check found: faults counted in full and kept in part, said in either language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from noroshi.errors import KEPT_FAULTS, Fault, InputError
from noroshi.estate.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import polars as pl

__all__ = ["Findings", "Place"]

LONGEST_FOUND = 120
SEVERITIES = ("error", "warning")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table's rows stand: the file, and the number that a spreadsheet shows for each row.

    `rows` has one number per row of the table; without it the rows are numbered from `first` on.
    """

    file: str
    rows: np.ndarray[Any, Any] | None = None
    first: int = 2

    def row(self, index: int) -> int:
        """Return the number of the row at `index` (0-based) of the table."""
        return self.first + index if self.rows is None else int(self.rows[index])


@dataclass(frozen=True, slots=True)
class Batch:
    """The first faults of one kind in one column, and how many there are in all."""

    rule: str
    file: str
    column: str
    rows: tuple[int | None, ...]
    found: tuple[str, ...]
    hints: tuple[str, ...]
    total: int
    says: dict[str, str]


@dataclass(slots=True)
class Findings:
    """The faults of one input. All are counted; the first `limit` of each kind and column are kept.

    It is filled by the checks while they run and only read afterwards.
    """

    limit: int = KEPT_FAULTS
    batches: list[Batch] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)

    def add(  # noqa: PLR0913  a fault has this many facets
        self, rule: str, file: str, *, row: int | None = None, column: str = "", found: str = "", hint: str = "",
        **says: str,
    ) -> None:  # fmt: skip
        """Note one fault. `says` and `hint` fill the words of the rule's expected and remedy texts."""
        self.files.setdefault(file, len(self.files))
        self.batches.append(Batch(rule, file, column, (row,), (clip(found),), (hint,), 1, says))

    def many(  # noqa: PLR0913  a fault has this many facets
        self, rule: str, place: Place, column: str, where: pl.Series, found: pl.Series | Sequence[str], *,
        hints: Sequence[str] = (), **says: str,
    ) -> int:  # fmt: skip
        """Note a fault for each true row of the boolean series `where`; nulls are not faults. Return how many.

        `found` is the whole column (as long as `where`), or the texts of the faulty rows that are kept.
        """
        if not where.any():
            return 0
        at = where.fill_null(value=False).arg_true()
        head = at.head(self.limit)
        texts = found if isinstance(found, (list, tuple)) else [said(v) for v in found.gather(head)]  # type: ignore[union-attr]
        rows = tuple(place.row(i) for i in head.to_list())
        self.files.setdefault(place.file, len(self.files))
        kept_hints = tuple(hints) or ("",) * len(rows)
        kept = tuple(clip(t) for t in texts)
        self.batches.append(Batch(rule, place.file, column, rows, kept, kept_hints, at.len(), says))
        return at.len()

    def counts(self) -> dict[str, dict[str, int]]:
        """Return severity -> code -> number of faults, all of them."""
        out: dict[str, dict[str, int]] = {severity: {} for severity in SEVERITIES}
        for batch in self.batches:
            rule = RULES[batch.rule]
            out[rule.severity][rule.code] = out[rule.severity].get(rule.code, 0) + batch.total
        return out

    def total(self, severity: str) -> int:
        """Return how many faults of `severity` ("error" or "warning") there are."""
        return sum(self.counts()[severity].values())

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return self.total("error")

    @property
    def warnings(self) -> int:
        """How many warnings there are."""
        return self.total("warning")

    def faults(self, lang: str = "en") -> tuple[Fault, ...]:
        """Return the first `limit` faults in the language `lang`: errors first, by file and row."""
        order: list[tuple[int, int, int, int, int]] = []
        for number, batch in enumerate(self.batches):
            grade = SEVERITIES.index(RULES[batch.rule].severity)
            place = self.files[batch.file]
            order.extend((grade, place, row or 0, number, k) for k, row in enumerate(batch.rows))
        order.sort()
        return tuple(said_fault(self.batches[number], k, lang) for *_, number, k in order[: self.limit])

    def raise_errors(self, lang: str = "en") -> None:
        """Raise InputError with every fault if there is at least one error."""
        if self.errors:
            only = [fault for fault in self.faults(lang) if fault.severity == "error"]
            raise InputError(only, self.errors)


def said(value: object) -> str:
    """Return a cell's value as it is shown in a fault."""
    if value is None:
        return ""
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def clip(text: str) -> str:
    """Return `text`, cut where it is too long to read."""
    return text if len(text) <= LONGEST_FOUND else text[: LONGEST_FOUND - 1] + "…"


def said_fault(batch: Batch, k: int, lang: str) -> Fault:
    """Return the k-th kept fault of `batch` with its texts in the language `lang`."""
    rule = RULES[batch.rule]
    says = {**batch.says, "column": batch.column, "found": batch.found[k], "hint": batch.hints[k]}
    expected, remedy = (rule.expected_ja, rule.remedy_ja) if lang == "ja" else (rule.expected, rule.remedy)
    return Fault(rule.code, rule.severity, batch.file, batch.rows[k], batch.column, batch.found[k],
                 expected.format_map(says), remedy.format_map(says))  # fmt: skip
