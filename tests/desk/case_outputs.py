"""All that somebody can be given of a situation, in every form that it has: text, JSON, page, sheet, memo, calendar."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any
from unittest.mock import patch

import msgspec
import typst
from rich.console import Console

from noroshi import stress
from noroshi.cli.situation_impact import lines as impact_lines
from noroshi.desk import asks, incidents, kernels, memos, situations
from noroshi.desk.case_brief import case_brief
from noroshi.desk.case_calls import calls
from noroshi.desk.case_feed import case_calendar
from noroshi.desk.case_shapes import incident_shown, my_ask, situation_shown
from noroshi.desk.due_dates import duty_rows
from noroshi.desk.hub import Hub
from noroshi.desk.impact import impact, impact_shown
from noroshi.desk.incident_duties import incident_duties
from noroshi.desk.incident_severity import severity
from noroshi.desk.warnings_proposing import follow, proposed
from noroshi.estate.model import Estate
from noroshi.files.estates import load
from noroshi.report.case_brief_html import case_page
from noroshi.report.case_brief_text import print_case_brief
from noroshi.report.case_calls import call_lines, call_page
from noroshi.report.memo import memo_html
from noroshi.report.memo_pdf import memo_pdf
from noroshi.report.position_text import position_rows
from noroshi.report.situation_text import incident_lines, incident_row, situation_lines, situation_row
from noroshi.share.taxii import Query, Refused
from noroshi.store.contract import Principal
from noroshi.stress.result import Result
from noroshi.stress.shock import Shock

__all__ = ["READ", "fetched", "given", "given_as_pdf", "listed", "worked_out_once"]

LANGS = ("en", "ja")
Form = tuple[str, str]
"""What it is, as `brief.page.ja`, and all that is in it."""


def given(hub: Hub, who: Principal, uid: str, at: int) -> dict[str, str]:
    """Return every form of a situation that somebody is given at a moment, by its name; what is refused is left out."""
    found: dict[str, str] = {}
    for parts in PARTS:
        with suppress(Refused):
            for name, text in parts(hub, who, uid, at):
                found[name] = text  # noqa: PERF403  what comes before a refusal stays
    return found


def listed(hub: Hub, who: Principal, at: int) -> Iterator[Form]:
    """Yield a form for each situation, incident and request that somebody is told of in its lists."""
    with suppress(Refused):
        for case in situations.situations(hub, who):
            yield f"situations {case.dossier.uid}", situation_row(case, 0) + json(situation_shown(case, at))
    with suppress(Refused):
        for report in incidents.incidents(hub, who):
            yield f"incidents {report.dossier.uid}", incident_row(report, 0) + json(incident_shown(report))
    with suppress(Refused):
        for each in asks.mine(hub, who):
            yield f"asks {each.ask.ask}", json(my_ask(each, at))


def fetched(hub: Hub, who: Principal, collection: str = "") -> Iterator[str]:
    """Yield every object that somebody is given over TAXII, of a collection or of all."""
    for root in hub.roots(who):
        for one in hub.collections(who, root):
            if one.can_read and collection in ("", one.uid):
                for row in hub.page(who, one, Query(last=False, every=True), "objects").page.rows:
                    yield bytes(row.body).decode()


@contextmanager
def worked_out_once() -> Iterator[None]:
    """Have each estate read once, and each shock run once: who looks at what comes of it changes nothing of it."""
    with patch("noroshi.files.estates.load", READ), patch("noroshi.stress.run", ran), \
            patch("noroshi.desk.kernels.warm", WARM):  # fmt: skip
        yield


READ, WARM = cache(load), cache(kernels.warm)
RUN = stress.run
RAN: dict[tuple[int, Shock], Result] = {}
"""Which estate of `READ`, and what shock -> what came of it."""


def ran(estate: Estate, shock: Shock) -> Result:
    """Return what a shock does to an estate."""
    key = (id(estate), shock)
    if key not in RAN:
        RAN[key] = RUN(estate, shock)
    return RAN[key]


def json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def of_situation(hub: Hub, who: Principal, uid: str, at: int) -> Iterator[Form]:
    one = situations.read(hub, who, uid)
    yield "situation.json", json(situation_shown(one, at))
    for ja, lang in enumerate(LANGS):
        yield f"situation.text.{lang}", "\n".join(situation_lines(one, ja))
    for each in one.incidents:
        of = each.dossier.uid
        yield f"incident.json {of}", json(incident_shown(each))
        for ja, lang in enumerate(LANGS):
            yield f"incident.text.{lang} {of}", "\n".join(incident_lines(each, ja))


def of_brief(hub: Hub, who: Principal, uid: str, at: int) -> Iterator[Form]:
    found = case_brief(hub, who, uid, at)
    yield "brief.json", json(found.shown)
    for lang in LANGS:
        yield f"brief.page.{lang}", case_page(found, lang)
        text = io.StringIO()
        print_case_brief(found, lang, Console(file=text, width=200))
        yield f"brief.text.{lang}", text.getvalue()


def of_calls(hub: Hub, who: Principal, uid: str, at: int) -> Iterator[Form]:
    sheet = calls(hub, who, uid, at)
    yield "calls.json", json(sheet)
    for lang in LANGS:
        yield f"calls.page.{lang}", call_page(sheet, lang)
        yield f"calls.text.{lang}", "\n".join(call_lines(sheet, lang))


def of_position(hub: Hub, who: Principal, uid: str, at: int) -> Iterator[Form]:
    seen = memos.seen(hub, who, uid)
    yield "position.json", json(seen)
    memo = memos.memo(hub, who, uid, at)
    for ja, lang in enumerate(LANGS):
        yield f"position.text.{lang}", "\n".join(position_rows(seen, ja))
        yield f"memo.page.{lang}", memo_html(memo, lang)


def of_what_is_due(hub: Hub, who: Principal, uid: str, at: int) -> Iterator[Form]:
    for lang in LANGS:
        yield f"calendar.{lang}", unfolded(case_calendar(hub, who, uid, at, lang))
    for one in situations.read(hub, who, uid).incidents:
        now = datetime.fromtimestamp(at / 1e6, UTC)
        _, dues = incident_duties(hub, who, one.dossier.uid, (), "", "", now)
        yield f"duties.raw {one.dossier.uid}", json(duty_rows(dues, now))


def of_engine(hub: Hub, who: Principal, uid: str, _: int) -> Iterator[Form]:
    yield "severity.json", json(severity(hub, who, uid, "", 24.0))
    found = impact(hub, who, uid, "", 24.0)
    yield "impact.json", json(impact_shown(found))
    for ja, lang in enumerate(LANGS):
        yield f"impact.text.{lang}", "\n".join(impact_lines(found, ja))


def of_warnings(hub: Hub, who: Principal, uid: str, _: int) -> Iterator[Form]:
    for name in situations.read(hub, who, uid).situation.warnings:
        found = follow(hub, who, name)
        yield f"warning.raw {name}", json([found.rows, found.kept.last.said])
        yield f"proposed.raw {name}", json(proposed(hub, who, name))


PARTS: tuple[Callable[[Hub, Principal, str, int], Iterator[Form]], ...] = (
    of_situation, of_brief, of_calls, of_position, of_what_is_due, of_engine, of_warnings,
)  # fmt: skip


def unfolded(calendar: bytes) -> str:
    """Return a calendar with its long lines in one (RFC 5545, 3.1)."""
    return calendar.replace(b"\r\n ", b"").decode()


def given_as_pdf(hub: Hub, who: Principal, uid: str, at: int, lang: str) -> str:
    """Return all that is set into the memo as PDF, which is really made."""
    with patch("typst.compile", wraps=typst.compile) as setting:
        assert memo_pdf(memos.memo(hub, who, uid, at), lang).startswith(b"%PDF-")
    return str(setting.call_args.kwargs["sys_inputs"]["memo"])
