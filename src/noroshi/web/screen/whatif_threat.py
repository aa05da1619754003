"""A run of a threat: what it does over many scenarios, service by service, with bands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from noroshi.desk import whatif_runs as runs
from noroshi.desk.numbers import amount, hours, percent
from noroshi.desk.stress_ensemble import EnsembleReport
from noroshi.report.charts import fan
from noroshi.report.html import safe
from noroshi.report.reading import risk
from noroshi.share.taxii import Refused

if TYPE_CHECKING:
    from litestar import Response

    from noroshi.desk.brief_schema import ServiceRisk
    from noroshi.desk.whatif_runs import Record
    from noroshi.web.screen.page import Page

__all__ = ["threat_page"]

TOP, TOP_CURVES = 25, 9


def threat_page(page: Page, record: Record) -> Response[Any]:
    """Return what a threat does; Refused 404 where what is kept cannot be read."""
    try:
        report = msgspec.convert(runs.read(page.settings, record.uid, "answer", dict), EnsembleReport)
    except msgspec.ValidationError:
        raise Refused(404, "Not found", "what was kept of this run cannot be read; run it again") from None
    lang = page.lang

    def harm(one: ServiceRisk) -> float:
        return one.person_hours_below_floor.mean

    hit = sorted((one for one in report.services if harm(one) > 0.0), key=lambda one: (-harm(one), one.id))
    total = report.harms.service.person_hours_below_floor
    said = page.w(
        "wi_threat_sentence", threat=page.pick(report.threat.name, report.threat.name_ja), harm=amount(total.mean,
        lang),
        low=amount(total.p05, lang), high=amount(total.p95, lang),
        service=page.pick(hit[0].name, hit[0].name_ja) if hit else "–",
    )  # fmt: skip
    drawn = []
    for one in [one for one in hit if one.bands is not None][:TOP_CURVES]:
        name = page.pick(one.name, one.name_ja)
        low = percent(min(one.bands.p05), lang) if one.bands else ""
        label = page.w("wi_curve_of", name=name, low=low)
        svg = safe(fan(one.bands, floor=one.floor, label=label, lang=lang)) if one.bands else ""
        drawn.append({"name": name, "state": risk(one.p_beyond_tolerance), "low": low, "svg": svg})
    return page.show(
        "whatif_threat.html", title=page.pick(report.threat.name, report.threat.name_ja), record=record, sentence=said,
        hit=hit[:TOP], curves=drawn, report=report, own=runs.owned(page.who, record) and page.may("whatif.run"),
        state_of=lambda one: risk(one.p_beyond_tolerance), amount=lambda value: amount(value, lang),
        hours=lambda value: hours(value, lang), percent=lambda value: percent(value, lang),
        notice=page.w("wi_fictional" if report.estate.fictional else "wi_illustrative"),
        link=f"{page.settings.address or str(page.request.base_url).rstrip('/')}/what-if/{record.uid}",
    )  # fmt: skip
