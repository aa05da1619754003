"""One situation: how it stands in a sentence, its timeline, its incidents, who takes part, and what is entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk import incidents, situations
from noroshi.desk.case_people import able
from noroshi.report.situation_text import victim
from noroshi.respond.incident import Remarked
from noroshi.respond.incident_words import EVENTS, STATES
from noroshi.respond.situation import Admitted, Closed, Gathered, Parted, Reopened
from noroshi.share.taxii import Refused, timestamp
from noroshi.web.rest_values import fit
from noroshi.web.screen.situations import csv_of
from noroshi.web.screen.situations_forms import Filled, tried
from noroshi.web.screen.situations_shown import Entry, entries_of, head_of, level_class, marking_of, opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.respond.situation import Said
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

FIRST = 30
"""Lines of the timeline that are shown at first."""
SAYS: dict[str, tuple[str, Callable[[Form], Said]]] = {
    "remark": ("sit_remarked", lambda form: Remarked(form.get("text"))),
    "gather": ("sit_gathered", lambda form: Gathered(form.get("incident"), form.get("why"))),
    "part": ("sit_parted", lambda form: Parted(form.get("incident"), form.get("why"))),
    "admit": ("sit_admitted", lambda form: Admitted(form.get("principal"))),
    "dismiss": ("sit_dismissed", lambda form: Admitted(form.get("principal"), takes_part=False)),
    "close": ("sit_closed_said", lambda form: Closed(form.get("why"))),
    "reopen": ("sit_reopened_said", lambda form: Reopened(form.get("why"))),
}
"""What the page's forms do -> what is said afterwards, and the line that it makes."""


def declare(screen: Screen) -> None:
    """Declare the page of a situation, and what its forms enter."""

    @screen.view("/situations/{uid:str}")
    def one(page: Page) -> Response[Any]:
        return overview(page, opened(page))

    @screen.view("/situations/{uid:str}/timeline.csv")
    def timeline(page: Page) -> Response[Any]:
        there = opened(page)
        head = ("at", "entered", "incident", "line", "by", "kind", "said", "before")
        rows = (
            (timestamp(one.at), timestamp(one.entered), one.ref, one.n, one.by, one.kind, one.text, "; ".join(one.was))
            for one in entries_of(page, there)
        )
        drill = "exercise-" if there.dossier.exercise else ""
        return page.answer(csv_of(head, rows), "text/csv", save_as=f"{drill}timeline.csv")

    @screen.change("/situations/{uid:str}/lines")
    def said(page: Page, form: Form) -> Response[Any]:
        uid, does = fit(page.path("uid"), situations.ABSENT), form.get("does")

        def work() -> Response[Any]:
            if does not in SAYS:
                raise Refused(422, "Unprocessable", page.w("sit_nothing_said"))
            word, line = SAYS[does]
            situations.say(page.hub, page.who, uid, [line(form)], page.now, page.now)
            return page.go(f"/situations/{uid}", said=word)

        return tried(page, work, lambda faults, status: overview(page, opened(page), Filled(form), faults, status))


def overview(
    page: Page, there: situations.Shown, filled: Filled | None = None, faults: tuple[str, ...] = (), status: int = 200
) -> Response[Any]:
    """Return the page of a situation; filled: what was sent to one of its forms, with what was wrong."""
    head = head_of(page, there, "")
    every = entries_of(page, there)
    first = every if page.query("all") else every[:FIRST]
    return page.show(
        "situations_case.html", status=status, live="/live", **head, faults=faults, filled=filled or Filled(),
        entries=[shown(one, page) for one in first], more=len(every) - len(first),
        incidents=[row(one, n, page) for n, one in enumerate(there.incidents, 1)], **choices(page, there),
    )  # fmt: skip


def choices(page: Page, there: situations.Shown) -> dict[str, Any]:
    """Return what who leads can choose from: principals that may take part, incidents that could be added."""
    if not page.may("situations.manage") or there.situation.closed:
        return {"people": (), "loose": ()}
    inside, ja = set(there.situation.incidents), int(page.lang == "ja")
    loose = [
        (one.dossier.uid, " · ".join((victim(one.incident, ja), EVENTS[one.incident.value("what")][ja],
                                      STATES[one.incident.state][ja], page.at(one.dossier.made))))
        for one in incidents.incidents(page.hub, page.who)
        if one.dossier.exercise == there.dossier.exercise and one.dossier.uid not in inside
    ]  # fmt: skip
    people = [one for one in able(page.hub, page.who, there.dossier.uid) if one.name not in there.situation.takes_part]
    return {"people": people, "loose": loose}


def row(one: incidents.Shown, n: int, page: Page) -> dict[str, Any]:
    """Return an incident of a situation as its table shows it; linked: whether one may read it by itself."""
    ja, known = int(page.lang == "ja"), one.incident
    since = known.value("since")
    return {
        "ref": f"I{n}", "uid": one.dossier.uid, "victim": victim(known, ja), "what": EVENTS[known.value("what")][ja],
        "effect": known.value("effect") or "", "state": STATES[known.state][ja],
        "since": page.w("sit_unknown") if since is None else page.at(since),
        "linked": page.may("incidents.read") and readable(page, one.dossier.uid), "level": level_class(one.dossier),
        "marking": marking_of(one.dossier),
    }  # fmt: skip


def readable(page: Page, uid: str) -> bool:
    """Say whether who asks may read an incident by itself."""
    try:
        incidents.read(page.hub, page.who, uid)
    except Refused:
        return False
    return True


def shown(one: Entry, page: Page) -> dict[str, Any]:
    """Return a line of the timeline as the page shows it; late: when it was entered, where that was later."""
    late = one.entered - one.at > 60_000_000  # noqa: PLR2004  a minute, in microseconds
    return {**one._asdict(), "when": page.at(one.at), "late": page.at(one.entered) if late else ""}
