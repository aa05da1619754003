"""The tables of ratings: what stands in their cells, on the page and as CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from noroshi.desk.numbers import hours, percent, plain, points
from noroshi.rate.evidence import GRADES
from noroshi.report.charts import axis, dot_interval
from noroshi.report.ratings_charts import spread_row
from noroshi.report.tables import RANGES, Cell, Column, Table
from noroshi.stress.sentences import COMMODITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.desk.neighbourhood import Neighbourhood
    from noroshi.desk.planning import Planned
    from noroshi.desk.rating import Rating
    from noroshi.desk.ratings import Narrowing, OfSector, Organisation
    from noroshi.web.screen.page import Page

__all__ = ["around_table", "as_csv", "items", "organisations", "plan_table", "sectors", "settle_table", "word_of"]

STATES = {"pass": 0, "evidence needed": 1, "fail": 2}
FULL = 100.0
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a sheet would compute, at the beginning of a cell."""
JOINTS = {"en": ", ", "ja": "、"}
ORDER = ("measured", "third_party", "document", "self", "none", "away")


def span(low: float, high: float, lang: str) -> str:
    """Return two scores as a range."""
    return points(low) + RANGES[lang] + points(high)


def word_of(verdict: str, page: Page) -> str:
    """Return a verdict in words."""
    return page.w("verdict_" + verdict.replace(" ", "_"))


def scale(mark: float) -> str:
    """Return the axis over charts of scores."""
    return axis([(v, plain(v)) for v in (0.0, 25.0, 50.0, FULL)], 0, FULL, (mark, plain(mark)))


def sectors(found: Sequence[OfSector], mark: float, page: Page) -> Table:
    """Return the ladder of sectors."""
    w, lang = page.w, page.lang
    columns = (
        Column(w("sector"), "name"), Column(w("score"), "chart", scale(mark)), Column(w("ratings_mean"), "num"),
        Column(w("ratings_interval"), "num"), Column(w("ratings_spread"), "num"),
        Column(w("ratings_passing", mark=plain(mark)), "num"), Column(w("verdict"), "state"), Column(w("basis")),
        Column(w("ratings_rated"), "num"),
    )  # fmt: skip
    rows = []
    for one in found:
        rung, state = one.rung, STATES[one.rung.verdict]
        rated = w("ratings_of", rated=rung.rated, count=rung.organisations) if one.full else w("ratings_published_only")
        rows.append((
            Cell(page.pick(rung.name_en, rung.name_ja), note=page.pick(rung.authority, rung.authority_ja)),
            Cell(chart=spread_row(one.spread, (rung.low, rung.high), rung.score, state, mark)),
            Cell(points(rung.score)), Cell(span(rung.low, rung.high, lang)),
            Cell(span(one.spread[0], one.spread[-1], lang)), Cell(percent(one.passing, lang)),
            Cell(word_of(rung.verdict, page), state=state), Cell(w(f"basis_{rung.basis}")), Cell(rated),
        ))  # fmt: skip
    return Table(w("ratings_sectors"), columns, tuple(rows))


def organisations(found: Sequence[Organisation], names: dict[str, str], mark: float, page: Page) -> Table:
    """Return organisations with their scores; names: sector -> its name."""
    w, lang = page.w, page.lang
    columns = (
        Column(w("organisation"), "name"), Column(w("score"), "chart", scale(mark)), Column(w("score"), "num"),
        Column(w("ratings_interval"), "num"), Column(w("verdict"), "state"), Column(w("basis")),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(page.pick(one.name_en, one.name_ja), note=names.get(one.sector, one.sector)),
            Cell(chart=dot_interval(one.score, (one.low, one.high), (0, FULL), STATES[one.verdict], mark)),
            Cell(points(one.score)), Cell(span(one.low, one.high, lang)),
            Cell(word_of(one.verdict, page), state=STATES[one.verdict]), Cell(w(f"ratings_basis_{one.basis}")),
        )
        for one in found
    )  # fmt: skip
    return Table(w("ratings_organisations"), columns, rows)


def items(rating: Rating, page: Page) -> Table:
    """Return the questions by the grade of their evidence, the best first."""
    w, lang = page.w, page.lang
    columns = tuple(
        Column(w(key), kind)
        for key, kind in (("item", "name"), ("evidence", "text"), ("met", "num"), ("interval", "num"),
                          ("rating_points", "num"), ("age", "num"))
    )  # fmt: skip

    def grade(row: dict[str, object]) -> str:
        return "away" if row["not_applicable"] else str(row["evidence"] or "none")

    found = sorted(rating.items(), key=lambda row: (ORDER.index(grade(row)), -row["points"]))
    rows = []
    for row in found:
        item = rating.catalogue.items[rating.catalogue.index[row["id"]]]
        away = row["not_applicable"]
        ends = f"{percent(row['low'], lang)}{RANGES[lang]}{percent(row['high'], lang)}"
        rows.append((
            Cell(page.pick(item.question_en, item.question_ja)),
            Cell(w("not_applicable") if away else w(f"grade_{grade(row)}")),
            Cell("–" if away else percent(row["mean"], lang)), Cell("–" if away else ends), Cell(plain(row["points"])),
            Cell("–" if row["age_days"] is None else w("days", count=row["age_days"])),
        ))  # fmt: skip
    return Table(w("ratings_items"), columns, tuple(rows))


def checkable(rating: Rating) -> float:
    """Return how many points rest on evidence that somebody else can check."""
    firm = list(GRADES)[1:]
    return float(sum(row["points"] for row in rating.items() if row["evidence"] in firm))


def settle_table(found: Sequence[Narrowing], rating: Rating, page: Page) -> Table:
    """Return the questions whose measuring narrows the interval most."""
    w = page.w
    best = {row["id"]: row["evidence"] or "none" for row in rating.items()}
    columns = (Column(w("item"), "name"), Column(w("ratings_narrower"), "num"), Column(w("ratings_now")))
    rows = []
    for one in found:
        item = rating.catalogue.items[rating.catalogue.index[one.item]]
        rows.append((
            Cell(page.pick(item.question_en, item.question_ja)), Cell(w("ratings_points", points=plain(one.less, 2))),
            Cell(w(f"grade_{best[one.item]}")),
        ))  # fmt: skip
    return Table(w("ratings_settle"), columns, tuple(rows))


def plan_table(found: Planned, page: Page) -> Table:
    """Return the steps of a plan, in the order in which to do them."""
    w, lang = page.w, page.lang
    measures = found.given.catalogue.measures
    columns = (
        Column(w("plan_measure"), "name"), Column(w("plan_cost_short"), "num"), Column(w("plan_staff_short"), "num"),
        Column(w("plan_left"), "num"),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(page.pick(one.name_en, one.name_ja)), Cell(plain(one.cost)), Cell(plain(one.staff)),
            Cell(percent(step.left / found.before if found.before > 0.0 else 0.0, lang)),
        )
        for step in found.steps for one in (measures[step.measure],)
    )  # fmt: skip
    return Table(w("plan_steps"), columns, rows)


def around_table(found: Neighbourhood, page: Page) -> Table:
    """Return the links of a neighbourhood, the shortest time first."""
    w, lang = page.w, page.lang
    names = {one.id: page.pick(one.name_en, one.name_ja) for one in found.nodes}
    columns = (
        Column(w("ratings_provider"), "name"), Column(w("ratings_dependant")), Column(w("ratings_for")),
        Column(w("ratings_lasts"), "num"),
    )  # fmt: skip
    order = sorted(found.links, key=lambda one: (one.autonomy_h is None, one.autonomy_h or 0.0, one.provider))
    rows = tuple(
        (
            Cell(names[one.provider]), Cell(names[one.dependant]),
            Cell(JOINTS[lang].join(needed(each, page) for each in one.commodities)),
            Cell("–" if one.autonomy_h is None else hours(one.autonomy_h, lang)),
        )
        for one in order
    )  # fmt: skip
    return Table(w("ratings_around"), columns, rows)


def needed(commodity: str, page: Page) -> str:
    """Return what is needed in words; "systems" is what a supplier gives."""
    return page.pick(*COMMODITIES[commodity]) if commodity in COMMODITIES else page.w("ratings_need_systems")


def as_csv(table: Table) -> str:
    """Return a table without its pictures as CSV (RFC 4180), a cell's second line in brackets; no cell is a formula."""
    use = [k for k, column in enumerate(table.columns) if column.kind != "chart"]
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(table.columns[k].label for k in use)
    for row in table.rows:
        cells = (f"{row[k].text} ({row[k].note})" if row[k].note else row[k].text for k in use)
        write.writerow(f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells)
    return "\ufeff" + out.getvalue()
