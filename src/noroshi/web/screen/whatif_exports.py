"""What one takes away from a run of What-if: CSV, GeoJSON, SVG, PDF, JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from noroshi.desk import whatif_runs as runs
from noroshi.desk.numbers import amount, hours, percent
from noroshi.desk.whatif_losses import curves_csv, losses_csv, losses_of, moment, worst
from noroshi.desk.whatif_map import MapShown, geojson
from noroshi.desk.whatif_states import frames_of
from noroshi.report.whatif_map import map_svg
from noroshi.report.whatif_pdf import whatif_pdf
from noroshi.web.screen.whatif_run import hour_of
from noroshi.web.screen.whatif_shown import LEVELS, named, notice_of, sentence

if TYPE_CHECKING:
    from litestar import Response

    from noroshi.desk.whatif_runs import Answer, Record
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

TOP, TOP_WHYS = 30, 12


def declare(screen: Screen) -> None:
    """Declare what one takes away."""

    @screen.view("/what-if/{uid:str}/losses.csv")
    def losses(page: Page) -> Response[Any]:
        _, answer = asked(page)
        return page.answer(losses_csv(answer), "text/csv", save_as="what-if-losses.csv")

    @screen.view("/what-if/{uid:str}/curves.csv")
    def curves(page: Page) -> Response[Any]:
        _, answer = asked(page)
        return page.answer(curves_csv(answer), "text/csv", save_as="what-if-curves.csv")

    @screen.view("/what-if/{uid:str}/states.geojson")
    def states(page: Page) -> Response[Any]:
        record, answer = asked(page)
        hour = hour_of(page, answer)
        said = geojson(shown_of(page, record), answer, hour, record.uid)
        return page.answer(said, "application/geo+json", save_as=f"what-if-{hour:g}h.geojson")

    @screen.view("/what-if/{uid:str}/map.svg")
    def picture(page: Page) -> Response[Any]:
        record, answer = asked(page)
        hour = hour_of(page, answer)
        drawn = map_svg(shown_of(page, record), answer, hour, named(page, record), page.lang)
        return page.answer(drawn, "image/svg+xml", save_as=f"what-if-{hour:g}h.svg")

    @screen.view("/what-if/{uid:str}/result.json")
    def result(page: Page) -> Response[Any]:
        record = runs.must_find(page.settings, page.who, page.path("uid"))
        kept: dict[str, Any] = runs.read(page.settings, record.uid, "answer", dict)
        said = json.dumps(kept["result"] if record.kind == "shock" else kept, ensure_ascii=False, indent=2)
        return page.answer(said + "\n", "application/json", save_as="what-if.json")

    @screen.view("/what-if/{uid:str}/report.pdf")
    def report(page: Page) -> Response[Any]:
        record, answer = asked(page)
        made = whatif_pdf(content(page, record, answer), record.made)
        return page.answer(made, "application/pdf", save_as="what-if.pdf")


def asked(page: Page) -> tuple[Record, Answer]:
    """Return a run of a shock with what it says; Refused 404 for whom it is not, and before it is done."""
    record = runs.must_find(page.settings, page.who, page.path("uid"))
    return record, runs.answer(page.settings, record)


def shown_of(page: Page, record: Record) -> MapShown:
    """Return the map of a run."""
    return runs.read(page.settings, record.uid, "map", MapShown)


def content(page: Page, record: Record, answer: Answer) -> dict[str, Any]:
    """Return what the report says."""
    lang, all_losses = page.lang, losses_of(answer)
    said, rest = sentence(page, answer, all_losses)
    top = worst(answer, all_losses)
    title = named(page, record)
    times = [moment(answer, all_losses, hour) for hour in frames_of(answer.playback)]
    estate = answer.result["estate"]
    heads = ("wi_service", "wi_people", "wi_lowest", "wi_below", "wi_tolerance", "wi_person_hours")
    losses = {"caption": page.w("wi_losses"), "heads": [page.w(one) for one in heads], "rows": [
        [page.pick(one.name_en, one.name_ja), amount(one.people, lang), percent(one.lowest, lang), hours(one.hours,
        lang),
         hours(one.tolerance, lang), amount(one.person_hours, lang)] for one in all_losses[:TOP]
    ]}  # fmt: skip
    over = {"caption": page.w("wi_over_time"), "heads": [
        page.w("wi_hour"), page.w("wi_people_lacking"), page.w("wi_services_below"),
            *(page.w(one) for one in LEVELS[1:])
    ], "rows": [["+" + hours(one.hour, lang), amount(one.people, lang), str(one.below), *map(str, one.states[1:])]
                for one in times]}  # fmt: skip
    services = {one.id for one in all_losses}
    whys = [list(one.lines_ja if lang == "ja" else one.lines) for one in answer.whys if one.unit in services][:TOP_WHYS]
    svg = map_svg(shown_of(page, record), answer, top.hour, title, lang)
    return {
        "title": title, "sentence": said, "rest": rest, "lang": lang, "maps": ["map"], "pictures": [svg],
        "notice": notice_of(page, estate),
        "tables": [over, losses], "why": page.w("wi_why"), "whys": whys,
        "foot": f"Noroshi · {page.pick(estate['name_en'], estate['name_ja'])} · {record.by} · {page.at(record.made)}",
    }  # fmt: skip
