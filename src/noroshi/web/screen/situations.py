"""Situations and incidents that one may see, what one is asked for, and how a situation is opened."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk import asks, incidents, situations
from noroshi.desk.case_brief_words import clock
from noroshi.desk.case_list import CaseRow, Wished, case_rows, wished
from noroshi.desk.dossiers import Filing
from noroshi.files.estates import samples
from noroshi.report.html import safe
from noroshi.report.situation_text import victim
from noroshi.respond.asks import MOVES
from noroshi.respond.asks import STATES as ASK_STATES
from noroshi.respond.incident import read_moment
from noroshi.respond.incident_words import EVENTS, STATES
from noroshi.respond.situation import Opened, Words
from noroshi.share.taxii import timestamp
from noroshi.web.rest_values import fit, sample
from noroshi.web.screen.situations_forms import Filled, levels, tried
from noroshi.web.screen.situations_shown import level_class, marking_of, severity_bar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["case_estates", "csv_of", "declare"]

MOST = 100
"""Rows of a list on a page; a filter finds the others."""
ANSWERS = {"accepted": "sit_accept", "done": "sit_done", "refused": "sit_refuse"}
"""Answer to a request -> the word on its button."""
CSV_HEAD = ("id", "title", "exercise", "tlp", "state", "since", "led_by", "incidents", "open", "nciss_low",
            "nciss_high", "due", "due_what")  # fmt: skip


def declare(screen: Screen) -> None:
    """Declare the list of situations and incidents, what one is asked for, and the form by which one is opened."""

    @screen.view("/situations")
    def listed(page: Page) -> Response[Any]:
        return page.show("situations_list.html", title=page.w("sit_title"), **content(page))

    @screen.view("/situations.csv")
    def as_csv(page: Page) -> Response[Any]:
        rows = case_rows(page.hub, page.who, wished(situations.situations(page.hub, page.who), wish(page)), page.now)
        return page.answer(csv_of(CSV_HEAD, (plain(one, page) for one in rows)), "text/csv", save_as="situations.csv")

    @screen.view("/situations/new")
    def new(page: Page) -> Response[Any]:
        return opening(page, Filled(tlp="AMBER", estate=page.estates.key(page.estate)))

    @screen.change("/situations/new")
    def begin(page: Page, form: Form) -> Response[Any]:
        def work() -> Response[Any]:
            filing = Filing(form.get("tlp"), None, form.get("kind") == "exercise")
            said = Opened(Words(form.get("title_en"), form.get("title_ja")), sample(form.get("estate")))
            uid = situations.open_(page.hub, page.who, said, page.now, filing)
            return page.go(f"/situations/{uid}", said="sit_opened")

        if form.get("kind") not in ("real", "exercise"):
            return opening(page, Filled(form), (page.w("sit_choose_kind"),), 422)
        return tried(page, work, lambda faults, status: opening(page, Filled(form), faults, status))

    @screen.change("/asks/{uid:str}/answer")
    def answered(page: Page, form: Form) -> Response[Any]:
        uid = fit(page.path("uid"), asks.ABSENT)

        def work() -> Response[Any]:
            asks.answer(page.hub, page.who, uid, form.get("state"), form.get("why"), page.now)
            return page.go("/situations", said="sit_answered")

        def again(faults: tuple[str, ...], status: int) -> Response[Any]:
            more = {"faults": faults, "answering": uid, "filled": Filled(form)}
            return page.show("situations_list.html", status=status, title=page.w("sit_title"),
                             **(content(page) | more))  # fmt: skip

        return tried(page, work, again)

    @screen.change("/asks/{uid:str}/reminder")
    def reminded(page: Page, form: Form) -> Response[Any]:
        asks.remind(page.hub, page.who, fit(page.path("uid"), asks.ABSENT), page.now)
        back = form.get("back")
        there = back if back.startswith("/situations/") and "//" not in back and "\\" not in back else "/situations"
        return page.go(there, said="sit_reminded")


def opening(page: Page, filled: Filled, faults: tuple[str, ...] = (), status: int = 200) -> Response[Any]:
    """Return the form by which a situation is opened; who may not lead is refused."""
    from noroshi.desk.permitting import must

    must(page.who, "situations.manage")
    return page.show(
        "situations_new.html", status=status, title=page.w("sit_open"), filled=filled, faults=faults,
        levels=levels(page), case_estates=case_estates(page), narrow=True, exercise=filled("kind") == "exercise",
    )  # fmt: skip


def case_estates(page: Page) -> tuple[tuple[str, str], ...]:
    """Return the estates that a situation can take place in: the samples, by id with their names."""
    return tuple((name, f"{page.pick(*page.estates.title(name))} ({name})") for name in samples())


def wish(page: Page) -> Wished:
    """Return which of the list the address asks for."""
    state, kind = page.query("state", "open"), page.query("kind", "all")
    return Wished(
        state if state in ("open", "closed", "all") else "open", kind if kind in ("real", "exercise", "all") else "all",
        page.query("q")[:100],
    )  # fmt: skip


def content(page: Page) -> dict[str, Any]:
    """Return what the list shows: of situations, of incidents where one may read some, and requests to oneself."""
    asked = wish(page)
    every = situations.situations(page.hub, page.who) if page.may("situations.read") else ()
    found = wished(every, asked)
    there = incidents.incidents(page.hub, page.who) if page.may("incidents.read") else ()
    reported = incidents_wished(page, there, asked)
    mine = asks.mine(page.hub, page.who) if page.may("asks.answer") else ()
    return {
        "rows": [shown(one, page) for one in case_rows(page.hub, page.who, found[:MOST], page.now)],
        "more": max(0, len(found) - MOST), "none_at_all": not every, "wish": asked,
        "leads": page.may("situations.manage"),
        "reported": reported[:MOST], "more_reported": max(0, len(reported) - MOST), "faults": (), "answering": "",
        "reads_incidents": page.may("incidents.read"), "reports": page.may("incidents.report"),
        "plays": page.may("situations.manage") and page.may("principals.change"),
        "mine": sorted(mine, key=lambda one: (one.ask.state not in ("asked", "accepted"), one.ask.deadline)),
        "filled": Filled(), "ja": int(page.lang == "ja"), "ask_states": ASK_STATES, "ask_moves": MOVES,
        "answer_words": {key: page.w(word) for key, word in ANSWERS.items()}, "exercise": asked.kind == "exercise",
    }  # fmt: skip


def incidents_wished(page: Page, there: Sequence[incidents.Shown], asked: Wished) -> list[dict[str, Any]]:
    """Return the incidents of the list that are wanted, as the page shows them."""
    ja = int(page.lang == "ja")
    found = []
    for one in there:
        known = one.incident
        over = known.state == "closed"
        said = f"{victim(known, ja)}\n{EVENTS[known.value('what')][ja]}\n{known.value('effect') or ''}"
        if (asked.state in ("all", "closed" if over else "open")
                and asked.kind in ("all", "exercise" if one.dossier.exercise else "real")
                and asked.text.casefold() in said.casefold()):  # fmt: skip
            since = known.value("since")
            found.append({
                "uid": one.dossier.uid, "exercise": one.dossier.exercise, "victim": victim(known, ja),
                "what": EVENTS[known.value("what")][ja], "state": STATES[known.state][ja],
                "effect": known.value("effect"),
                "since": "" if since is None else page.at(since), "level": level_class(one.dossier),
                "marking": marking_of(one.dossier),
            })  # fmt: skip
    return found


def shown(one: CaseRow, page: Page) -> dict[str, Any]:
    """Return a situation of the list as the page shows it."""
    due = one.due
    return {
        "row": one, "title": page.pick(one.title.en, one.title.ja), "since": page.at(one.made),
        "level": "tlp-" + one.tlp.lower().replace("+", "-"),
        "severity": "" if one.low is None else figures(one.low, one.high or 0.0),
        "bar": "" if one.low is None else safe(severity_bar(one.low, one.high or 0.0)),
        "due": "" if due is None else page.at(read_moment(due.due) or 0),
        "due_what": "" if due is None else page.pick(due.what.en, due.what.ja),
        "overdue": due is not None and due.overdue,
    }  # fmt: skip


def figures(low: float, high: float) -> str:
    """Return an interval of a score; one figure where it is known."""
    return f"{low:.1f}" if low == high else f"{low:.1f}–{high:.1f}"


def plain(one: CaseRow, page: Page) -> tuple[object, ...]:
    """Return a situation of the list as a row of a CSV file."""
    return (
        one.uid, page.pick(one.title.en, one.title.ja), one.exercise, f"TLP:{one.tlp}",
        "closed" if one.closed else "open", timestamp(one.made), one.leads, one.incidents, one.under_way, one.low,
        one.high, "" if one.due is None else clock(one.due.due),
        "" if one.due is None else page.pick(one.due.what.en, one.due.what.ja),
    )  # fmt: skip


def csv_of(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a table as CSV (RFC 4180); a cell that a sheet would take for a formula begins with an apostrophe."""
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(head)
    for row in rows:
        write.writerow([guarded(cell) for cell in row])
    return "\ufeff" + out.getvalue()


def guarded(cell: object) -> str:
    """Return a cell so that no sheet computes it."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not isinstance(cell, int | float) else text
