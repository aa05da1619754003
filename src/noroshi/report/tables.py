"""The tables of the brief, once for the page, the terminal and the tests: columns, and cells with text and picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from noroshi.desk.brief_schema import Brief, Harms, Movement, Resilience, Sensitivity, ServiceRisk
from noroshi.desk.numbers import amount, hours, interval, percent, plain, points
from noroshi.report.charts import axis, bar, dot_interval, span, swing
from noroshi.report.places import area_name
from noroshi.report.reading import HasServices, pressed, ranked, risk, sector_names, worst_by_area
from noroshi.report.svg import ticks
from noroshi.report.words import RISKS, VERDICTS, pick, said

__all__ = [
    "Cell", "Column", "Table", "areas", "curves", "harms", "ladder", "matrix", "matters_most", "resilience", "services",
    "split", "tornado", "warn",
]  # fmt: skip

FULL = 100.0
CLEAR = 2.0
"""Standard errors from which on an effect is shown as one."""

RANGES = {"en": "–", "ja": "〜"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, and how its cells are set: name, text, num, state, or chart (headed by an axis)."""

    label: str
    kind: str = "text"
    axis: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what it says, a second line, a class of state (0 to 3) shown as a mark, and a row chart."""

    text: str = ""
    note: str = ""
    state: int | None = None
    chart: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; each row has one cell a column."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def split(table: Table, top: int, lang: str) -> tuple[Table, Table]:
    """Return the first `top` rows of a table, and the others under a caption that says how many they are."""
    rest = table.rows[top:]
    caption = said("rest", lang, count=f"{len(rest):,}")
    return Table(table.caption, table.columns, table.rows[:top]), Table(caption, table.columns, rest)


def ladder(brief: Brief, lang: str) -> Table:
    """Return the sector ladder: score with interval against the pass mark, the best first."""
    mark = brief.ratings.pass_mark
    strong = (mark, plain(mark))
    columns = (
        Column(said("sector", lang), "name"),
        Column(said("score", lang), "chart", axis([(v, plain(v)) for v in (0.0, 25.0, 50.0, FULL)], 0, FULL, strong)),
        Column(said("score", lang), "num"),
        Column(said("interval", lang), "num"),
        Column(said("verdict", lang), "state"),
        Column(said("basis", lang)),
    )
    rows = []
    for s in sorted(brief.ratings.sectors, key=lambda s: (-s.score, s.id)):
        state = VERDICTS[s.verdict]
        chart = dot_interval(s.score, (s.low, s.high), (0, FULL), state, mark)
        rows.append((
            Cell(pick(s.name, s.name_ja, lang), note=pick(s.authority, s.authority_ja, lang)),
            Cell(chart=chart),
            Cell(points(s.score)),
            Cell(points(s.low) + RANGES[lang] + points(s.high)),
            Cell(said(f"verdict_{s.verdict}", lang), state=state),
            Cell(said(f"basis_{s.basis}", lang)),
        ))  # fmt: skip
    return Table(said("ladder", lang), columns, tuple(rows))


def services(brief: HasServices, lang: str, *, top: int) -> tuple[Table, Table]:
    """Return the `top` services by weighted expected harm with charts of it, and all the others without.

    Intervals are shown where there is one: a service that seldom falls has none, its 95 % point is 0.
    """
    harmed, calm = ranked(brief)
    first, rest = harmed[:top], harmed[top:] + calm
    ranged = any(s.person_hours_below_floor.p95 > 0.0 for s in first)
    ends = [s.weight * max(s.person_hours_below_floor.mean, s.person_hours_below_floor.p95) for s in first]
    most = max(ends, default=0.0)
    scale = axis([(v, amount(v, lang)) for v in _ends(most)], 0, most)
    with_chart = tuple(_service_row(s, lang, most, ranged=ranged) for s in first)
    without = tuple(_short_service_row(s, lang) for s in rest)
    others = said("services_rest", lang, count=f"{len(rest):,}")
    full = Table(said("services", lang), _service_columns(lang, scale, ranged=ranged), with_chart)
    return full, Table(others, _short_service_columns(lang), without)


def _short_service_columns(lang: str) -> tuple[Column, ...]:
    """Return the few columns of the long service table."""
    return (
        Column(said("service", lang), "name"), Column(said("person_hours", lang), "num"),
        Column(said("p_below", lang), "num"), Column(said("p_beyond", lang), "state"),
    )  # fmt: skip


def _service_columns(lang: str, scale: str, *, ranged: bool) -> tuple[Column, ...]:
    """Return the columns of the service table with charts."""
    name, mean, *chances = _short_service_columns(lang)
    interval_of = (Column(said("range", lang), "num"),) if ranged else ()
    more = ("people", "floor", "tolerance", "weight")
    return (
        name,
        Column(said("weighted", lang), "chart", scale),
        mean,
        Column(said("when_below", lang), "num"),
        *chances,
        *(Column(said(key, lang), "num") for key in more),
        *interval_of,
    )


def _short_service_row(service: ServiceRisk, lang: str) -> tuple[Cell, ...]:
    """Return a service's row of the long table."""
    state = risk(service.p_beyond_tolerance)
    name, area = pick(service.name, service.name_ja, lang), area_name(service.area, lang)
    return (
        Cell(name, note=_area_note(name, area, lang)),
        Cell(amount(service.person_hours_below_floor.mean, lang)),
        Cell(percent(service.p_below_floor, lang)),
        Cell(percent(service.p_beyond_tolerance, lang), note=said(RISKS[state], lang), state=state),
    )


def _service_row(service: ServiceRisk, lang: str, most: float, *, ranged: bool) -> tuple[Cell, ...]:
    """Return a service's row with its chart; `most` is the end of its scale."""
    harm, weight = service.person_hours_below_floor, service.weight
    name, mean, *chances = _short_service_row(service, lang)
    low, high = (weight * harm.p05, weight * harm.p95) if ranged else (None, None)
    falls = harm.mean / service.p_below_floor if service.p_below_floor > 0 else 0.0
    return (
        name,
        Cell(chart=bar(weight * harm.mean, most, low=low, high=high)),
        mean,
        Cell(amount(falls, lang)),
        *chances,
        Cell(amount(service.people, lang)),
        Cell(percent(service.floor, lang)),
        Cell(hours(service.tolerance_h, lang)),
        Cell(plain(weight)),
        *((Cell(interval(harm.p05, harm.p95, lang)),) if ranged else ()),
    )


def _area_note(name: str, area: str, lang: str) -> str:
    """Return the area as a note beside a name; empty where the name says it, or Japanese has no word for it."""
    return "" if area in name or (lang == "ja" and area.isascii()) else area


def curves(brief: Brief, lang: str, *, top: int) -> tuple[Table, tuple[ServiceRisk, ...]]:
    """Return the services whose curves are shown, and the table that says what the curves show."""
    shown = tuple(s for s in ranked(brief)[0] if s.bands is not None)[:top]
    columns = tuple(
        Column(said(key, lang), kind)
        for key, kind in (("service", "name"), ("lowest_median", "num"), ("lowest_p05", "num"), ("recovers", "num"))
    )
    rows = tuple(
        (Cell(pick(s.name, s.name_ja, lang)), Cell(percent(min(s.bands.p50), lang)),
         Cell(percent(min(s.bands.p05), lang)), Cell(_recovery(s, lang)))
        for s in shown if s.bands is not None
    )  # fmt: skip
    return Table(said("curves", lang), columns, rows), shown


def _recovery(service: ServiceRisk, lang: str) -> str:
    """Return when the median is back above the floor for good."""
    assert service.bands is not None  # noqa: S101  only services with curves are shown
    below = [k for k, value in enumerate(service.bands.p50) if value < service.floor]
    if not below:
        return said("never_below", lang)
    if below[-1] + 1 >= len(service.bands.hours):
        return said("not_within", lang, horizon=hours(service.bands.hours[-1], lang))
    return hours(service.bands.hours[below[-1] + 1], lang)


def areas(brief: Brief, lang: str) -> Table:
    """Return the map's twin: each area's service most at risk, the gravest first."""
    worst = sorted(worst_by_area(brief).items(), key=lambda item: (-item[1].p_beyond_tolerance, item[0]))
    columns = (
        Column(said("area", lang), "name"),
        Column(said("worst_service", lang)),
        Column(said("p_beyond", lang), "state"),
    )
    rows = []
    for area, service in worst:
        state = risk(service.p_beyond_tolerance)
        chance = Cell(percent(service.p_beyond_tolerance, lang), note=said(RISKS[state], lang), state=state)
        rows.append((Cell(area_name(area, lang)), Cell(pick(service.name, service.name_ja, lang)), chance))
    return Table(said("map", lang), columns, tuple(rows))


def matrix(brief: Brief, lang: str, *, top: int) -> Table:
    """Return sector by area: the highest chance of being beyond tolerance, for the `top` areas by expected harm.

    A row a sector: their names are long, and there are more of them.
    """
    harm: dict[str, float] = {}
    chance: dict[tuple[str, str], float] = {}
    for s in brief.services:
        if s.area:
            harm[s.area] = harm.get(s.area, 0.0) + s.person_hours_below_floor.mean
            chance[s.area, s.sector] = max(chance.get((s.area, s.sector), 0.0), s.p_beyond_tolerance)
    risky = {area for (area, _), worst in chance.items() if worst > 0.0}
    chosen = sorted(risky, key=lambda a: (-harm[a], a))[:top]
    names = sector_names(brief, lang)
    sectors = [k for k in names if any(chance.get((a, k), 0.0) > 0.0 for a in chosen)]
    columns = (Column(said("sector", lang), "name"), *(Column(area_name(a, lang), "state") for a in chosen))
    rows = tuple((Cell(names[k]), *(_chance(chance.get((a, k)), lang) for a in chosen)) for k in sectors)
    return Table(said("matrix", lang), columns, rows)


def _chance(value: float | None, lang: str) -> Cell:
    """Return a cell of the matrix; a dash where the sector has no service in the area."""
    return Cell("–") if value is None else Cell(percent(value, lang), state=risk(value))


def resilience(brief: Brief, lang: str, *, top: int) -> tuple[Table, Table]:
    """Return the services that fewest breaches stop, `top` of them with charts, and the others without."""
    by_id = {s.id: s for s in brief.services}
    harm = {s.id: s.person_hours_below_floor.mean * s.weight for s in brief.services}
    order = sorted(brief.resilience, key=lambda r: (r.low, r.high or 99, -harm.get(r.service, 0.0), r.service))
    most = max((max(r.low, r.high or r.low) for r in order), default=1) + 1.0
    head, tail = order[:top], order[top:]
    made = []
    for group, charts in ((head, True), (tail, False)):
        rows = []
        for r in group:
            service = by_id.get(r.service)
            name = r.service if service is None else pick(service.name, service.name_ja, lang)
            state = 2 if r.high == 1 else 1 if (r.high or 9) <= 2 else 0  # noqa: PLR2004  two breaches at most
            chart = (Cell(chart=span(r.low, r.high, most, state=state)),) if charts else ()
            proof = (Cell(pick(r.proof, r.proof_ja, lang)),) if charts else ()
            rows.append((Cell(name), *chart, Cell(breaches(r, lang)), Cell(example(r, lang)), *proof))  # fmt: skip
        scale = axis([(float(k), str(k)) for k in range(int(most) + 1)], 0, most)
        chart_column = (Column(said("breaches", lang), "chart", scale),) if charts else ()
        columns = (Column(said("service", lang), "name"), *chart_column, Column(said("breaches", lang), "num"),
                   Column(said("example", lang)), *((Column(said("proof", lang)),) if charts else ()))  # fmt: skip
        caption = said("resilience", lang) if charts else said("resilience_rest", lang, count=f"{len(group):,}")
        made.append(Table(caption, columns, tuple(rows)))
    return made[0], made[1]


def breaches(r: Resilience, lang: str) -> str:
    """Return how many breaches it takes, in words."""
    return said("at_least", lang, low=r.low) if r.high is None else _whole_range(r.low, r.high, lang)


def example(r: Resilience, lang: str) -> str:
    """Return whose breach is enough; where only unfavourable assumptions break it, whose that is then."""
    japanese = lang == "ja"
    if r.example:
        return _joined((r.example_names_ja if japanese else r.example_names) or r.example, lang)
    if r.low_example:
        names = (r.low_example_names_ja if japanese else r.low_example_names) or r.low_example
        return said("if_unfavourable", lang, names=_joined(names, lang))
    return "–"


def matters_most(brief: Brief, lang: str) -> Table:
    """Return whom to press first, by expected harm."""
    order = pressed(brief)
    names = sector_names(brief, lang)
    most = max((m.breach_probability * m.consequence for m in order), default=0.0)
    columns = (
        Column(said("organisation", lang), "name"),
        Column(said("expected", lang), "chart", axis([(v, amount(v, lang)) for v in _ends(most)], 0, most)),
        Column(said("expected", lang), "num"),
        Column(said("breach_probability", lang), "num"),
        Column(said("consequence", lang), "num"),
    )
    rows = []
    for m in order:
        name = pick(m.name, m.name_ja, lang)
        place = [names.get(m.sector, m.sector), _area_note(name, area_name(m.area, lang), lang)]
        expected = m.breach_probability * m.consequence
        rows.append((
            Cell(name, note=" · ".join(part for part in place if part)),
            Cell(chart=bar(expected, most)),
            Cell(amount(expected, lang)),
            Cell(percent(m.breach_probability, lang)),
            Cell(amount(m.consequence, lang)),
        ))  # fmt: skip
    return Table(said("matters", lang), columns, tuple(rows))


def warn(brief: Brief, lang: str) -> Table:
    """Return whom to warn, and why."""
    columns = (Column(said("organisation", lang), "name"), Column(said("why", lang)))
    rows = tuple((Cell(pick(w.name, w.name_ja, lang)), Cell(pick(w.why, w.why_ja, lang))) for w in brief.warn)
    return Table(said("warn", lang), columns, rows)


def harms(h: Harms, lang: str) -> Table:
    """Return the three kinds of harm with their bands."""
    columns = (
        Column(said("harm", lang), "name"), Column(said("mean", lang), "num"), Column(said("median", lang), "num"),
        Column(said("range", lang), "num"), Column(said("p_harm", lang), "num"), Column(said("by_kind", lang)),
    )  # fmt: skip
    rows = []
    for key, unit, band, p_any, kinds in (
        ("harm_service", "unit_service", h.service.person_hours_below_floor, None, {}),
        ("harm_service", "unit_beyond", h.service.services_beyond_tolerance, None, {}),
        ("harm_data", "unit_data", h.data.records, h.data.p_any, h.data.by_kind),
        ("harm_strategic", "unit_strategic", h.strategic.points, h.strategic.p_any, h.strategic.by_kind),
    ):
        parts = [f"{_kind(kind, lang)} {amount(mean, lang)}" for kind, mean in kinds.items() if mean > 0]
        rows.append((
            Cell(said(key, lang), note=said(unit, lang)), Cell(amount(band.mean, lang)), Cell(amount(band.p50, lang)),
            Cell(interval(band.p05, band.p95, lang)), Cell("" if p_any is None else percent(p_any, lang)),
            Cell(_joined(parts, lang)),
        ))  # fmt: skip
    return Table(said("harms", lang), columns, tuple(rows))


def tornado(sensitivity: Sequence[Movement], mean: float, lang: str) -> Table:
    """Return which assumption moves the result, the strongest first, and where it is known who would be first."""
    order = sorted(sensitivity, key=lambda s: (-abs(s.effect), s.assumption))
    knows = bool(order) and all(isinstance(s, Sensitivity) for s in order)
    values = [mean, *(v for s in order for v in (s.low, s.high))]
    low, high = min(values), max(values)
    if high <= low:
        high = low + 1.0
    scale = axis([(v, amount(v, lang)) for v in (low, high)], low, high, (mean, amount(mean, lang)))
    columns = (
        Column(said("assumption", lang), "name"), Column(said("person_hours", lang), "chart", scale),
        Column(said("at_low", lang), "num"), Column(said("at_high", lang), "num"), Column(said("effect", lang), "num"),
        *((Column(said("changes_first", lang)),) if knows else ()),
    )  # fmt: skip
    rows = tuple(
        (
            Cell(pick(s.assumption, s.assumption_ja, lang)),
            Cell(chart=swing(s.low, s.high, mean, (low, high), strong=_changes(s))),
            Cell(amount(s.low, lang)),
            Cell(amount(s.high, lang)),
            Cell(_effect(s, lang)),
            *((Cell(said("yes", lang), state=2) if _changes(s) else Cell(said("no", lang)),) if knows else ()),
        )
        for s in order
    )  # fmt: skip
    return Table(said("tornado", lang), columns, rows)


def _changes(s: Movement) -> bool:
    """Say whether the assumption is known to change who is first."""
    return isinstance(s, Sensitivity) and s.changes_first


def _effect(s: Movement, lang: str) -> str:
    """Return the effect of an assumption as a share of the mean; a word where it cannot be told from chance."""
    if abs(s.effect) <= CLEAR * s.effect_error:
        return said("within_chance", lang)
    return ("+" if s.effect > 0 else "−") + percent(abs(s.effect), lang)


def _ends(most: float) -> list[float]:
    """Return the labels of a scale from 0 to `most`."""
    return ticks(0, most, 3) if most > 0 else [0.0]


def _whole_range(low: int, high: int, lang: str) -> str:
    """Return an interval of whole numbers; one number if it is exact."""
    return str(low) if low == high else f"{low}{RANGES[lang]}{high}"


def _joined(parts: Sequence[str], lang: str) -> str:
    """Return the parts as a list in words."""
    return ("、" if lang == "ja" else ", ").join(parts)


def _kind(kind: str, lang: str) -> str:
    """Return the name of a kind of holding."""
    return said(f"kind_{kind}", lang) if kind in KINDS else kind


KINDS = ("personal", "medical", "payment", "defence", "diplomatic", "industrial")
