"""The brief as a page: one self-contained file, or the same page for the hub with its style beside it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.desk.brief_schema import Brief
from noroshi.desk.brief_words import PRESS_BUDGET
from noroshi.desk.numbers import hours, percent, plain
from noroshi.report import reading, tables
from noroshi.report.charts import fan
from noroshi.report.maps import Point, point_map, tile_map
from noroshi.report.palette import css_variables
from noroshi.report.places import area_name
from noroshi.report.press_table import press_table
from noroshi.report.svg import glyph
from noroshi.report.words import RISKS, pick, said

if TYPE_CHECKING:
    import jinja2

__all__ = ["alone", "brief_main", "brief_map", "brief_page", "plain_page", "risk_key", "safe", "standalone", "style"]

TEMPLATES = Path(__file__).parent / "templates"
TOP_SERVICES = 12
TOP_CURVES = 6
TOP_RESILIENCE = 10
TOP_AREAS = 10
TOP_ORGANISATIONS = 12


FRAME: dict[str, Any] = {
    "policy": "", "style": "", "stylesheet": "", "toggle": "", "links": (), "refresh": 0, "progress": 0.0, "step": "",
    "detail": "", "back": "", "estate": "",
}  # fmt: skip
"""What a page may be framed with; empty means that it is not shown."""


@cache
def style() -> str:
    """Return the style sheet: the palette of both schemes, then the rules."""
    return css_variables() + (TEMPLATES / "brief.css").read_text(encoding="utf-8")


def standalone(brief: Brief, lang: str) -> str:
    """Return the brief as one HTML file that needs nothing else and refuses to load anything."""
    return alone("brief.html", lang, _content(brief, lang))


def brief_page(brief: Brief, lang: str, frame: Mapping[str, Any]) -> str:
    """Return the page of the brief in the language `lang`.

    `frame`: `style` (CSS to embed) and `policy` (its Content-Security-Policy), or `stylesheet` (address of the CSS);
    for the hub also `links` [(text, address)] and `toggle` (address of the page in the other language).
    """
    return _environment().get_template("brief.html").render({**_words(lang), **FRAME, **frame, **_content(brief, lang)})


def brief_main(brief: Brief, lang: str) -> str:
    """Return what the page of a brief says, to stand within another page's frame."""
    return _environment().get_template("brief_main.html").render({**_words(lang), **_content(brief, lang)})


def alone(template: str, lang: str, content: Mapping[str, Any], more_style: str = "") -> str:
    """Return a page of a template as one HTML file that needs nothing else and refuses to load anything.

    more_style: CSS after that of every page.
    """
    css = style() + more_style
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    frame = {**FRAME, "policy": policy, "style": css, "glyphs": safe(*(glyph(state) for state in range(4)))}
    return _environment().get_template(template).render({**_words(lang), **frame, **content})


def plain_page(lang: str, title: str, lead: str, frame: Mapping[str, Any]) -> str:
    """Return a page that only says something: being computed, failed, not found.

    `frame` as for `brief_page`, and `progress` (0 to 1), `step`, `refresh` (seconds), `detail`, `back` (an address).
    """
    shown = {**_words(lang), **FRAME, **frame, "title": title, "lead": lead}
    return _environment().get_template("plain.html").render(shown)


@cache
def _environment() -> jinja2.Environment:
    """Return the templates: escaped, and strict about names."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip


def _words(lang: str) -> dict[str, Any]:
    """Return what every page needs to speak the language `lang`."""
    return {"lang": lang, "other": "en" if lang == "ja" else "ja", "w": partial(said, lang=lang), "safe": safe}


def _content(brief: Brief, lang: str) -> dict[str, Any]:
    """Return what the template of the brief shows."""
    sentence, todo = reading.headline(brief, lang)
    first, rest = tables.services(brief, lang, top=TOP_SERVICES)
    stops, stops_rest = tables.resilience(brief, lang, top=TOP_RESILIENCE)
    curve_table, _ = tables.curves(brief, lang, top=TOP_CURVES)
    matters, matters_rest = tables.split(tables.matters_most(brief, lang), TOP_ORGANISATIONS, lang)
    names = reading.sector_names(brief, lang)
    press, press_rest = tables.split(press_table(brief.press_first, names, lang), TOP_ORGANISATIONS, lang)
    warn, warn_rest = tables.split(tables.warn(brief, lang), TOP_ORGANISATIONS, lang)
    trials, horizon = f"{brief.trials:,}", hours(brief.horizon_h, lang)
    estate = pick(brief.estate.name_en, brief.estate.name_ja, lang)
    return {
        "estate": estate,
        "title": said("title", lang, estate=estate),
        "sentence": sentence,
        "todo": todo,
        "notice": reading.notice(brief, lang),
        "figures": reading.key_figures(brief, lang),
        "ladder": tables.ladder(brief, lang),
        "ladder_lead": _ladder_lead(brief, lang),
        "map": brief_map(brief, lang),
        "areas": tables.areas(brief, lang),
        "risk_key": risk_key(lang),
        "services": first,
        "services_rest": rest,
        "curves": _fans(brief, lang),
        "curve_table": curve_table,
        "matrix": tables.matrix(brief, lang, top=TOP_AREAS),
        "press": press,
        "press_rest": press_rest,
        "press_lead": said("press_lead", lang, budget=f"{PRESS_BUDGET:,.0f}"),
        "matters": matters,
        "matters_rest": matters_rest,
        "warn": warn,
        "warn_rest": warn_rest,
        "resilience": stops,
        "resilience_rest": stops_rest,
        "harms": tables.harms(brief.harms, lang),
        "tornado": tables.tornado(brief.sensitivity, brief.harms.service.person_hours_below_floor.mean, lang),
        "threat": _threat(brief, lang),
        "assumptions": brief.assumptions_ja if lang == "ja" and brief.assumptions_ja else brief.assumptions,
        "method": said("method", lang, trials=trials, horizon=horizon, seed=brief.seed),
        "glyphs": safe(*(glyph(state) for state in range(4))),
    }  # fmt: skip


def _ladder_lead(brief: Brief, lang: str) -> str:
    """Return what the ladder shows, the overall score with its parts where they are known, and its source."""
    ratings, overall = brief.ratings, brief.ratings.overall
    year = "" if ratings.year is None or str(ratings.year) in ratings.source else f" ({ratings.year})"
    fields = {"mark": plain(ratings.pass_mark), "score": plain(overall.score), "source": ratings.source + year}
    if overall.technical is None or overall.organisational is None:
        return said("ladder_lead", lang, **fields)
    parts = {"technical": plain(overall.technical), "organisational": plain(overall.organisational)}
    return said("ladder_lead_parts", lang, **fields, **parts)


def safe(*markup: str) -> Any:  # noqa: ANN401  Markup, or a tuple of it
    """Return our own markup as such, for the template."""
    from markupsafe import Markup

    made = tuple(Markup(part) for part in markup)  # noqa: S704  made by report.svg, which escapes what it is given
    return made[0] if len(made) == 1 else made


def risk_key(lang: str) -> list[tuple[int, str, str]]:
    """Return the classes of risk: state, word, and the chances it covers."""
    edges = [percent(edge, lang) for edge in reading.RISK_EDGES]
    ranges = [
        said("risk_under", lang, high=edges[0]),
        *(said("risk_between", lang, low=a, high=b) for a, b in pairwise(edges)),
        said("risk_from", lang, low=edges[-1]),
    ]
    return [(state, said(key, lang), ranges[state]) for state, key in enumerate(RISKS)]


def _fans(brief: Brief, lang: str) -> list[dict[str, Any]]:
    """Return the small charts of share served over time."""
    _, shown = tables.curves(brief, lang, top=TOP_CURVES)
    made = []
    for service in shown:
        assert service.bands is not None  # noqa: S101  only services with curves are shown
        state = reading.risk(service.p_beyond_tolerance)
        name = pick(service.name, service.name_ja, lang)
        low, worst = percent(min(service.bands.p50), lang), percent(min(service.bands.p05), lang)
        label = said("curve_of", lang, service=name, horizon=hours(brief.horizon_h, lang), low=low, worst=worst)
        made.append({
            "name": name, "state": state, "chance": percent(service.p_beyond_tolerance, lang),
            "svg": safe(fan(service.bands, floor=service.floor, label=label, lang=lang)),
        })  # fmt: skip
    return made


def brief_map(brief: Brief, lang: str) -> Any:  # noqa: ANN401  Markup or None
    """Return the map: tiles where the areas are Japan's prefectures, else points; None if nothing has a place."""
    tiles = reading.worst_by_tile(brief)
    lead = said("map_lead", lang)
    if len(tiles) > 1:
        states = {code: (reading.risk(s.p_beyond_tolerance), _says(s.name, s.name_ja, s.p_beyond_tolerance, lang))
                  for code, s in tiles.items()}  # fmt: skip
        return safe(tile_map(states, said("map_tiles", lang), lead, lang, said("no_data", lang)))
    gravest = reading.worst_by_area(brief).values()
    points = [
        Point(s.lat, s.lon, reading.risk(s.p_beyond_tolerance), area_name(s.area, lang),
              _says(s.name, s.name_ja, s.p_beyond_tolerance, lang))
        for s in gravest if s.lat is not None and s.lon is not None
    ]  # fmt: skip
    return safe(point_map(points, said("map_points", lang), lead)) if points else None


def _says(name: str, name_ja: str, chance: float, lang: str) -> str:
    """Return what the title of a place says."""
    return f"{pick(name, name_ja, lang)} {percent(chance, lang)}"


def _threat(brief: Brief, lang: str) -> list[tuple[str, str]]:
    """Return the facts about the threat: heading and text."""
    threat = brief.threat
    names = reading.sector_names(brief, lang)
    join = ("、" if lang == "ja" else ", ").join
    return [
        (said("threat", lang), pick(threat.name, threat.name_ja, lang)),
        (said("threat_source", lang), threat.source),
        (said("threat_period", lang), said("days", lang, count=plain(threat.period_days))),
        (said("threat_sectors", lang), join(names.get(s, s) for s in threat.sectors) or said("all_sectors", lang)),
        (said("threat_effects", lang), join(e.replace("_", " ") for e in threat.effects)),
        (said("threat_techniques", lang), join(threat.techniques)),
        (said("threat_hits", lang), plain(brief.mean_hits)),
    ]
