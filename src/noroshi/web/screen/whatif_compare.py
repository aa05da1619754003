"""Two runs of What-if beside each other: what each service loses in either, and the difference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from noroshi.desk import whatif_runs as runs
from noroshi.desk.numbers import amount, hours, percent
from noroshi.desk.whatif_losses import compared, losses_of
from noroshi.report.html import safe
from noroshi.report.whatif_charts import two_curves
from noroshi.share.taxii import Refused
from noroshi.web.screen.whatif_shown import named, sentence

if TYPE_CHECKING:
    from litestar import Response

    from noroshi.desk.whatif_losses import Compared
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

TWO = 2
TOP, TOP_CURVES = 40, 9
SAME = 0.5
"""Person-hours below which two runs count as equal."""
PICK_TWO = Refused(422, "Unprocessable", "tick exactly two runs of shocks that are done")


def declare(screen: Screen) -> None:
    """Declare the comparison."""

    @screen.view("/what-if/compare")
    def compare(page: Page) -> Response[Any]:
        ticked = page.request.query_params.getall("run", [])
        names = (
            [page.query("a"), page.query("b")] if page.query("a") or page.query("b") else [str(one) for one in ticked]
        )
        if len(names) != TWO:
            return page.go("/what-if", said="wi_compare_pick")
        found = [runs.must_find(page.settings, page.who, one) for one in names]
        if any(one.kind != "shock" or one.state != runs.DONE for one in found):
            raise PICK_TWO
        lang = page.lang
        answers = [runs.answer(page.settings, one) for one in found]
        rows = compared(answers[0], answers[1])
        difference = sum(row.difference for row in rows)
        key = (
            "wi_compare_same" if abs(difference) < SAME else "wi_compare_more" if difference > 0 else "wi_compare_less"
        )
        said = page.w(key, harm=amount(abs(difference), lang)) if key != "wi_compare_same" else page.w(key)
        sides = [
            {"mark": mark, "record": record, "name": named(page, record),
             "sentence": sentence(page, answer, losses_of(answer))[0]}
            for mark, record, answer in zip("AB", found, answers, strict=True)
        ]  # fmt: skip
        end = max(answer.playback.horizon_h for answer in answers)
        return page.show(
            "whatif_compare.html", title=page.w("wi_compare_title"), sides=sides, sentence=said, rows=rows[:TOP],
            curves=[drawn(page, row, end) for row in rows[:TOP_CURVES]], amount=lambda value: amount(value, lang),
            signed=lambda value: ("+" if value > 0 else "−" if value < 0 else "") + amount(abs(value), lang),
            hours=lambda value: hours(value, lang), percent=lambda value: percent(value, lang),
        )  # fmt: skip


def drawn(page: Page, row: Compared, end: float) -> dict[str, Any]:
    """Return the chart of one service in both runs."""
    known: Any = row.first or row.second
    name = page.pick(row.name_en, row.name_ja)
    whole = ((0.0, 1.0),)
    svg = two_curves(row.first.served if row.first else whole, row.second.served if row.second else whole, end,
    known.floor,
                     name, page.lang)  # fmt: skip
    return {"name": name, "svg": safe(svg)}
