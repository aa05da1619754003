"""What the parts of the duty officer's page show: rows of the ladder, the queue and the cases, and the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from noroshi.desk.numbers import percent, points
from noroshi.report.charts import dot_interval
from noroshi.report.html import safe
from noroshi.report.maps import Point, point_map, tile_map
from noroshi.report.places import area_name, tile_of
from noroshi.report.svg import element, number
from noroshi.respond.incident_words import EVENTS, STATES
from noroshi.share.markings import Tlp
from noroshi.web.screen.now_sentence import duration

if TYPE_CHECKING:
    from collections.abc import Mapping

    from noroshi.desk.brief_schema import Brief
    from noroshi.desk.now import Now, Pending
    from noroshi.desk.now_state import Spot, Standing
    from noroshi.web.screen.page import Page

__all__ = ["CaseRow", "DueRow", "SectorRow", "area_rows", "case_rows", "due_rows", "map_now", "sector_rows"]

FULL = 100.0
LEVELS: dict[str, int] = {"overdue": 3, "last-call": 2, "soon": 1, "due": 0}
"""How urgent something is -> its mark."""
VERDICTS = {"pass": 0, "evidence_needed": 1, "fail": 2}
SPARK_W, SPARK_H = 56.0, 18.0
MINISTRY = "Ministry of "


CASE = "/situations/{uid:str}"
"""The page of a situation or an incident."""
Built = frozenset[str]
"""The patterns of the addresses of all pages: what is not built has no link to it."""


class SectorRow(NamedTuple):
    """A sector: its state now, and how it is rated."""

    id: str
    name: str
    authority: str
    authority_short: str
    state: int
    served: str
    ahead: Any
    rating: str
    interval: str
    chart: Any


class DueRow(NamedTuple):
    """Something that is due: of what kind, whose, until when, how much of its time is left."""

    kind: str
    what: str
    owner: str
    left: str
    at: str
    mark: int
    bar: Any
    address: str
    exercise: bool
    until: int | None


class CaseRow(NamedTuple):
    """An open situation or incident."""

    kind: str
    title: str
    note: str
    since: str
    tlp: str
    address: str


def sector_rows(page: Page, brief: Brief, standing: Standing | None) -> list[SectorRow]:
    """Return the sectors, the gravest first, then in the estate's order; without a standing by their rating."""
    rows = []
    for one in brief.ratings.sectors:
        spot = None if standing is None else standing.sectors.get(one.id)
        chart = dot_interval(one.score, (one.low, one.high), (0, FULL), VERDICTS[one.verdict], brief.ratings.pass_mark)
        authority = page.pick(one.authority, one.authority_ja)
        rows.append(SectorRow(
            one.id, page.pick(one.name, one.name_ja), authority, authority.removeprefix(MINISTRY),
            0 if spot is None else spot.state,
            "" if spot is None or spot.served is None else percent(spot.served, page.lang),
            safe(spark(spot.ahead)) if spot is not None and spot.ahead else "",
            points(one.score), f"{points(one.low)}–{points(one.high)}", safe(chart),
        ))  # fmt: skip
    return sorted(rows, key=lambda row: -row.state) if standing is not None else sorted(
        rows, key=lambda row: -float(row.rating)
    )  # fmt: skip


def spark(shares: tuple[float, ...]) -> str:
    """Return shares (0 to 1) over the next day as a small step line; the figures beside it say the same of now."""
    xs = [SPARK_W * k / (len(shares) - 1) for k in range(len(shares))]
    ys = [1 + (SPARK_H - 2) * (1 - one) for one in shares]
    steps = "".join(f"H{number(x)}V{number(y)}" for x, y in zip(xs[1:], ys[1:], strict=True))
    line = element("path", class_="median", d=f"M0 {number(ys[0])}{steps}")
    foot = element("line", class_="grid", x1=0, x2=SPARK_W, y1=SPARK_H - 0.5, y2=SPARK_H - 0.5)
    return element("svg", foot, line, class_="spark", width=SPARK_W, height=SPARK_H, aria_hidden="true")


def due_rows(page: Page, now: Now, built: Built) -> list[DueRow]:
    """Return the queue, the first due first. built: the pages that there are."""
    return [
        DueRow(
            page.w(f"now_kind_{one.kind}"), page.pick(one.what.en, one.what.ja), _owner(page, one),
            _left(page, one, now.at), "" if one.due is None else page.at(one.due), LEVELS.get(one.level, 0),
            safe(bar(one, now.at)),
            _place(one, built), one.exercise, one.due,
        )
        for one in now.pending
    ]  # fmt: skip


def _owner(page: Page, one: Pending) -> str:
    """Return who has it to do, as people call it."""
    if one.kind == "unanswered":
        count, of = one.count
        return page.w("now_of", count=count, all=of)
    body = page.estates.bodies(page.estate).get(one.owner) if one.kind == "duty" else None
    return page.pick(body.name_en, body.name_ja) if body else one.owner


def _left(page: Page, one: Pending, at: int) -> str:
    """Return how much time is left, or since when it waits."""
    if one.due is None:
        return page.w("now_since", time=page.at(one.since))
    return page.w("now_late" if one.due < at else "now_left", time=duration(one.due - at, page.w))


def bar(one: Pending, at: int) -> str:
    """Return the share of the time that is left, as a bar that shrinks; silent, since the words beside it say it."""
    share = 1.0 if one.due is None else max(0.0, min(1.0, (one.due - at) / max(one.due - one.since, 1)))
    level = LEVELS.get(one.level, 0)
    ground = element("rect", class_="grid", x=0, y=0, width="100%", height=6, rx=3)
    left = element("rect", class_=f"left s{level}", x=0, y=0, width=f"{number(100 * share)}%", height=6, rx=3)
    return element("svg", ground, left, class_="time", width="100%", height=6, aria_hidden="true")


def _place(one: Pending, built: Built) -> str:
    """Return where something that is due is dealt with, "" where there is no page for it."""
    if one.kind in ("warning", "unanswered"):
        return _first(built, ("/warnings/{uid:str}", one.case), ("/warnings", ""))
    return _first(built, (CASE, one.case), ("/situations", ""))


def _first(built: Built, *places: tuple[str, str]) -> str:
    """Return the address of the first of some pages that there is, with the id that it is about."""
    for pattern, uid in places:
        if pattern in built and (uid or "{" not in pattern):
            return pattern.partition("{")[0] + uid
    return ""


def case_rows(page: Page, now: Now, built: Built) -> list[CaseRow]:
    """Return the open situations, then the incidents, the newest first."""
    rows = []
    for case in now.situations:
        asked = sum(ask.state in {"asked", "accepted"} for ask in case.situation.asks)
        note = page.w("now_counts", incidents=len(case.situation.incidents), asks=asked)
        rows.append(CaseRow(
            page.w("now_situation"), page.pick(case.situation.title.en, case.situation.title.ja), note,
            page.at(case.dossier.made), str(Tlp(case.dossier.tlp)),
            _first(built, (CASE, case.dossier.uid)),
        ))  # fmt: skip
    for one in now.incidents:
        body = page.estates.bodies(page.estate).get(one.incident.organisation)
        whose = page.pick(body.name_en, body.name_ja) if body else one.incident.organisation
        what, state = EVENTS[one.incident.value("what")], STATES[one.incident.state]
        since = one.incident.value("since")
        rows.append(CaseRow(
            page.w("now_incident"), whose or page.w("now_victim_hidden"), f"{page.pick(*what)} · {page.pick(*state)}",
            page.at(one.dossier.made if since is None else since), str(Tlp(one.dossier.tlp)),
            _first(built, (CASE, one.dossier.uid)),
        ))  # fmt: skip
    return rows


def area_rows(page: Page, brief: Brief, standing: Standing) -> list[tuple[str, int, str]]:
    """Return the areas that are not as always, the gravest first: name, state, what makes it so."""
    names = {one.id: page.pick(one.name, one.name_ja) for one in brief.services}
    rows = [
        (area_name(area, page.lang), spot.state, names.get(spot.service, page.w("now_incident_here")))
        for area, spot in standing.areas.items() if spot.state
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def map_now(page: Page, brief: Brief, standing: Standing) -> Any:  # noqa: ANN401  Markup or None
    """Return the map, coloured only for what is abnormal; None for an estate without places."""
    names = {one.id: page.pick(one.name, one.name_ja) for one in brief.services}

    def says(spot: Spot) -> str:
        what = names.get(spot.service, page.w("now_incident_here"))
        return f"{page.w(f'now_state_{spot.state}')}: {what}"

    tiles = {code for one in brief.services if (code := _tile(one.area))}
    if len(tiles) > 1:
        worst: dict[str, Spot] = {}
        for area, spot in standing.areas.items():
            code = _tile(area)
            if code and spot.state and (code not in worst or spot.state > worst[code].state):
                worst[code] = spot
        states = {code: (spot.state, says(spot)) for code, spot in worst.items()}
        return safe(tile_map(states, page.w("now_map"), page.w("now_map_lead"), page.lang, page.w("now_nothing")))
    places: Mapping[str, tuple[float, float]] = {
        one.area: (one.lat, one.lon) for one in brief.services
        if one.area and one.lat is not None and one.lon is not None
    }  # fmt: skip
    calm = page.w("now_nothing")
    found = []
    for area, (lat, lon) in places.items():
        here = standing.areas.get(area)
        state = 0 if here is None else here.state
        found.append(Point(lat, lon, state, area_name(area, page.lang), says(here) if here and state else calm))
    return safe(point_map(found, page.w("now_map"), page.w("now_map_lead"))) if found else None


def _tile(area: str) -> str:
    """Return the prefecture of an area, "" where it is in none."""
    tile = tile_of(area)
    return "" if tile is None else tile.code
