"""What is reckoned of a situation: summary, time to impact, severity, duties, brief, call sheet, calendar."""

from __future__ import annotations

import re
from functools import partial
from html import unescape
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Response

from noroshi.desk import situations
from noroshi.desk.case_brief import HOURS, Briefed, case_brief
from noroshi.desk.case_calls import GROUPS, calls
from noroshi.desk.case_feed import case_calendar
from noroshi.desk.case_list import stamp
from noroshi.desk.incident_severity import severity as reckon_severity
from noroshi.desk.permitting import must
from noroshi.report.case_brief_html import case_page
from noroshi.report.case_brief_rows import Section, figures, sections
from noroshi.report.case_brief_words import say
from noroshi.report.case_calls import call_page
from noroshi.report.html import safe
from noroshi.report.tables import Table, split
from noroshi.respond.incident import read_moment
from noroshi.share.taxii import timestamp
from noroshi.web.rest_values import fit
from noroshi.web.screen.severity_named import scale_fact
from noroshi.web.screen.situations import csv_of
from noroshi.web.screen.situations_bands import BAND_HEAD, band_rows, bands_of
from noroshi.web.screen.situations_reckoning import SOON_S, Job, Reckoner
from noroshi.web.screen.situations_shown import head_of, opened, severity_bar, wholly

if TYPE_CHECKING:
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["briefed", "declare"]

SECOND = 1_000_000
FRESH_S = 60.0
"""How long what is reckoned as of now is shown, where nothing of it has changed: what is due grows overdue."""
TOP, FOLDED = 8, 12
"""Of a part with more rows than the second the first ones are shown, the others are folded."""
LATER_S = 2.0
"""How long something that is to be kept is waited for, before one is led to the page that shows how far it is."""
DUE = ("due", "duties", "asks", "open-asks")
"""Parts of the brief that the tab of duties shows."""
POLICY = re.compile(r'content="(default-src[^"]+)"')


def declare(screen: Screen) -> None:
    """Declare the tabs of a situation that the engine runs for, and what can be taken away of them."""
    reckoner = Reckoner()

    @screen.view("/situations/{uid:str}/summary")
    def summary(page: Page) -> Response[Any]:
        there = opened(page)
        job = briefed(reckoner, page, there)
        return page.show("situations_summary.html", **head_of(page, there, ""), **of_job(job, page))

    @screen.view("/situations/{uid:str}/impact")
    def impact(page: Page) -> Response[Any]:
        must_be_told(page)
        there = opened(page)
        job = briefed(reckoner, page, there)
        shown = {
            **head_of(page, there, "/impact"),
            **of_job(job, page),
            "again": f"/situations/{there.dossier.uid}/impact",
        }
        if job.ready:
            shown |= bands_of(job.value.shown, page)
        return page.show("situations_impact_part.html" if page.part else "situations_impact.html", **shown)

    @screen.view("/situations/{uid:str}/impact.csv")
    def impact_csv(page: Page) -> Response[Any]:
        must_be_told(page)
        there = opened(page)
        job = briefed(reckoner, page, there, wait_s=LATER_S)
        if not job.ready:
            return page.go(f"/situations/{there.dossier.uid}/impact")
        rows = band_rows(job.value.shown, page)
        return page.answer(csv_of(BAND_HEAD, rows), "text/csv", save_as=saved(there, "impact.csv"))

    @screen.view("/situations/{uid:str}/severity")
    def severity(page: Page) -> Response[Any]:
        there = opened(page)
        uid, who, lang = there.dossier.uid, page.who, page.lang
        key = ("severity", who.no, lang, stamp(page.hub, who, uid, page.now))
        estate = there.situation.estate
        job = reckoner.asked(key, lambda: reckon_severity(page.hub, who, uid, estate, HOURS, lang))
        shown = {**head_of(page, there, "/severity"), "job": job, "again": f"/situations/{uid}/severity"}
        if job.ready:
            shown |= severity_shown(job.value, there, lang)
        return page.show("situations_severity_part.html" if page.part else "situations_severity.html", **shown)

    @screen.view("/situations/{uid:str}/duties")
    def duties(page: Page) -> Response[Any]:
        must_be_told(page)
        there = opened(page)
        job = briefed(reckoner, page, there)
        again = f"/situations/{there.dossier.uid}/duties"
        shown = {**head_of(page, there, "/duties"), **of_job(job, page), "again": again, "only": DUE}
        return page.show("situations_sections_part.html" if page.part else "situations_duties.html", **shown)

    declare_brief(screen, reckoner)
    declare_for_calls(screen, reckoner)


def declare_brief(screen: Screen, reckoner: Reckoner) -> None:
    """Declare the brief, and what can be taken away of it."""

    @screen.view("/situations/{uid:str}/brief")
    def brief(page: Page) -> Response[Any]:
        there = opened(page)
        at = when_asked(page)
        job = briefed(reckoner, page, there, at)
        again = f"/situations/{there.dossier.uid}/brief?at={timestamp(at)}"
        shown = {**head_of(page, there, "/brief"), **of_job(job, page), "again": again, "only": (), "at": timestamp(at)}
        return page.show("situations_sections_part.html" if page.part else "situations_brief.html", **shown)

    @screen.view("/situations/{uid:str}/brief.json")
    def brief_json(page: Page) -> Response[Any]:
        there = opened(page)
        job = briefed(reckoner, page, there, when_asked(page), wait_s=LATER_S)
        if not job.ready:
            return page.go(f"/situations/{there.dossier.uid}/brief")
        return page.answer(msgspec.json.encode(job.value.shown), "application/json", save_as=saved(there, "brief.json"))

    @screen.view("/situations/{uid:str}/brief.html")
    def brief_html(page: Page) -> Response[Any]:
        there = opened(page)
        job = briefed(reckoner, page, there, when_asked(page), wait_s=LATER_S)
        if not job.ready:
            return page.go(f"/situations/{there.dossier.uid}/brief")
        return alone(page, case_page(job.value, page.lang))


def declare_for_calls(screen: Screen, reckoner: Reckoner) -> None:
    """Declare the call sheet and the calendar."""

    @screen.view("/situations/{uid:str}/calls")
    def call_sheet(page: Page) -> Response[Any]:
        must(page.who, "situations.manage")
        there = opened(page)
        uid = there.dossier.uid
        job = called(reckoner, page, there)
        shown = {**head_of(page, there, "calls"), "job": job, "again": f"/situations/{uid}/calls"}
        if job.ready:
            shown |= {"sheet": job.value, "groups": GROUPS}
        return page.show("situations_calls_part.html" if page.part else "situations_calls.html", **shown)

    @screen.view("/situations/{uid:str}/calls.html")
    def call_print(page: Page) -> Response[Any]:
        must(page.who, "situations.manage")
        there = opened(page)
        job = called(reckoner, page, there, LATER_S)
        if not job.ready:
            return page.go(f"/situations/{there.dossier.uid}/calls")
        return alone(page, call_page(job.value, page.lang))

    @screen.view("/situations/{uid:str}/calendar.ics")
    def calendar(page: Page) -> Response[Any]:
        uid = fit(page.path("uid"), situations.ABSENT)
        there = opened(page)
        body = case_calendar(page.hub, page.who, uid, page.now, page.lang)
        return page.answer(body, "text/calendar", save_as=saved(there, "situation.ics"))


def must_be_told(page: Page) -> None:
    """Refuse who merely takes part in situations, as if there were no such page."""
    if not wholly(page):
        raise situations.ABSENT


def alone(page: Page, made: str) -> Response[Any]:
    """Return a report that stands alone, to be printed, under the policy that it names itself."""
    found = POLICY.search(made)
    policy = unescape(found.group(1)) if found else "default-src 'none'"
    headers = {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"}
    return page.answer(made, "text/html", headers=headers)


def saved(there: situations.Shown, name: str) -> str:
    """Return the name under which something of a case is kept: that of an exercise says so."""
    return f"exercise-{name}" if there.dossier.exercise else name


def when_asked(page: Page) -> int:
    """Return the moment that the address names, now by default; in microseconds, never after now."""
    asked = read_moment(page.query("at").replace(" ", "+")) if page.query("at") else None
    now = -(-page.now // SECOND) * SECOND  # so that the address of a page that asks again says the same moment
    return now if asked is None else min(asked, now)


def briefed(
    reckoner: Reckoner, page: Page, there: situations.Shown, at: int | None = None, wait_s: float = SOON_S
) -> Job:
    """Return the job that makes the brief of a situation, as of a moment or of now, to the minute."""
    uid, who, lang = there.dossier.uid, page.who, page.lang
    moment = page.now if at is None else at
    key = ("brief", who.no, lang, stamp(page.hub, who, uid, moment), at)
    return reckoner.asked(key, lambda: case_brief(page.hub, who, uid, moment, HOURS, lang), wait_s, FRESH_S)


def called(reckoner: Reckoner, page: Page, there: situations.Shown, wait_s: float = SOON_S) -> Job:
    """Return the job that makes the call sheet of a situation as of now, to the minute."""
    uid, who, now = there.dossier.uid, page.who, page.now
    key = ("calls", who.no, stamp(page.hub, who, uid, now))
    return reckoner.asked(key, lambda: calls(page.hub, who, uid, now), wait_s, FRESH_S)


def of_job(job: Job, page: Page) -> dict[str, Any]:
    """Return what a page shows of a brief: nothing but that it is on its way, until it is there."""
    shown: dict[str, Any] = {"job": job, "parts": (), "sentence": "", "figures": (), "cut": partial(cut, page.lang)}
    if job.ready:
        found: Briefed = job.value
        parts: dict[str, Section] = {one.id: one for one in sections(found, page.lang)}
        shown |= {
            "parts": tuple(parts.values()), "figures": figures(found.shown, page.lang),
            "sentence": page.pick(found.shown.sentence.en, found.shown.sentence.ja), "made": found.shown.at,
        }  # fmt: skip
    return shown


def cut(lang: str, table: Table) -> tuple[Table, Table]:
    """Return a table that fits a page, and the rows that are folded below it; nothing is folded of a short one."""
    return split(table, TOP if len(table.rows) > FOLDED else len(table.rows), lang)


def severity_shown(values: dict[str, Any], there: situations.Shown, lang: str) -> dict[str, Any]:
    """Return severities as the page shows them: intervals with their pictures, and what each follows from."""
    names = {one.dossier.uid: f"I{n}" for n, one in enumerate(there.incidents, 1)}
    nciss = values["nciss"]
    rows = [{**one, "ref": names.get(one["name"], ""), "bar": safe(severity_bar(one["low"], one["high"])),
             "parts": [{**part, "bar": safe(severity_bar(part["low"], part["high"]))} for part in one["parts"]]}
            for one in nciss["incidents"]]  # fmt: skip
    together = nciss["together"]
    sums = [] if together is None else [
        (key, None if together[key] is None else together[key],
         "" if together[key] is None else safe(severity_bar(together[key]["low"], together[key]["high"])))
        for key in ("worst", "campaign", "cascade", "total")
    ]  # fmt: skip
    facts = [
        {**one, "ref": names.get(one["incident"], ""), **scale_fact(one, int(lang == "ja"))} for one in values["facts"]
    ]
    said = {key: say(key, lang) for key in ("worst", "campaign", "cascade", "total")}
    return {"rows": rows, "sums": sums, "scales": values["scales"], "facts": facts, "source": nciss["source"],
            "sum_words": said}  # fmt: skip
