"""The duty officer's page: what is abnormal, due and open now; for who has not logged in what is public of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar.datastructures import Cookie

from noroshi.desk.founding import unowned
from noroshi.desk.now import Now, now_of
from noroshi.desk.now_state import sectors_with_incidents, standing
from noroshi.report import reading
from noroshi.report.html import brief_map, risk_key
from noroshi.share.taxii import timestamp
from noroshi.web.screen.entrance import YEAR_S
from noroshi.web.screen.menu import places
from noroshi.web.screen.now_sentence import duration, sentence
from noroshi.web.screen.now_shown import area_rows, case_rows, due_rows, map_now, sector_rows
from noroshi.web.screen.situations import csv_of

if TYPE_CHECKING:
    from litestar import Response

    from noroshi.desk.brief_schema import Brief
    from noroshi.web.impacts import Computed
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

GUIDE_COOKIE = "noroshi-guide"
MOST_DUE, MOST_CASES = 5, 3
"""As many as one screen has room for; one less is due in an exercise, which has its banner above."""
STEPS = (
    ("/brief", "now_guide_brief"), ("/", "now_guide_estate"), ("/situations", "now_guide_situations"),
    ("/what-if", "now_guide_whatif"), ("/ratings", "now_guide_ratings"), ("/sharing", "now_guide_sharing"),
    ("/admin", "now_guide_admin"),
)  # fmt: skip
"""What there is to do on a fresh hub: a place of the menu, and its word."""


def declare(screen: Screen) -> None:
    """Declare the page and what hides its guide."""

    @screen.view("/", everybody=True)
    def front(page: Page) -> Response[Any]:
        if page.asker is None:
            return _public(page)
        screen.counted(page, everybody=False)
        return _ladder_csv(screen, page) if page.query("csv") == "ladder" else _now(screen, page)

    @screen.view("/due")
    def due(page: Page) -> Response[Any]:
        now, exercise = _side(page, now_of(page.hub, page.who, page.now))
        return page.show(
            "now_due.html", title=page.w("now_queue"), exercise=exercise, dues=due_rows(page, now, screen.built()),
            world="exercise" if exercise else "real", live="/live", undated=len(now.undated), narrow=True,
        )  # fmt: skip

    @screen.view("/due.csv")
    def due_csv(page: Page) -> Response[Any]:
        now, exercise = _side(page, now_of(page.hub, page.who, page.now))
        rows = due_rows(page, now, frozenset())
        head = [page.w(key) for key in ("now_kind", "now_what", "now_owner", "now_until", "now_remains", "now_drill")]
        cells = ((one.kind, one.what, one.owner, "" if one.until is None else timestamp(one.until), one.left,
                  one.exercise) for one in rows)  # fmt: skip
        name = f"noroshi-due{'-exercise' if exercise else ''}.csv"
        return page.answer(csv_of(head, cells), "text/csv", save_as=name)

    @screen.change("/guide")
    def guided(page: Page, _: Form) -> Response[Any]:
        answer = page.go("/")
        answer.cookies.append(Cookie(
            key=GUIDE_COOKIE, value="done", path="/", max_age=YEAR_S, httponly=True, samesite="strict"
        ))  # fmt: skip
        return answer


def _public(page: Page) -> Response[Any]:
    """Return the page for who has not logged in: of the brief its sentence, map and ladder; nothing of incidents."""
    shown = _of_brief(page)
    brief = shown["brief"]
    more: dict[str, Any] = {"unowned": unowned(page.hub), "sentence": "", "rows": [], "map": None}
    if brief is not None:
        said, _ = reading.headline(brief, page.lang)
        more |= {"sentence": said, "rows": sector_rows(page, brief, None), "map": brief_map(brief, page.lang)}
    return page.show("now_public.html", title=page.w("now_title"), **shown, **more)


def _of_brief(page: Page) -> dict[str, Any]:
    """Return what the brief of the estate gives to the page, or how far it is."""
    found = page.estates.standing(page.estate)
    brief = found.brief
    return {
        "brief": brief, "brief_state": found.state, "step": found.step, "progress": round(found.share, 3),
        "estate": page.pick(*page.estates.title(page.estate)), "key": risk_key(page.lang),
        "notice": "" if brief is None else reading.notice(brief, page.lang),
        "mark": "" if brief is None else f"{brief.ratings.pass_mark:g}",
    }  # fmt: skip


def _now(screen: Screen, page: Page) -> Response[Any]:
    """Return the page, or the part of it that changes."""
    # before anything is read, so that what changes meanwhile is told as a change
    seen = screen.streams.digest(page.who)
    whole = now_of(page.hub, page.who, page.now)
    drill, real = whole.side(exercise=True), whole.side(exercise=False)
    now, exercise = _side(page, whole)
    risk = page.query("layer") == "risk"
    shown, room = _of_brief(page), MOST_DUE - int(exercise)
    content = {
        **shown, **_standing(screen, page, now, shown["brief"], risk=risk), "now": now, "risk": risk,
        "exercise": exercise, "worlds": not drill.calm, "real_open": exercise and not real.calm,
        "here_part": f"/?world={'exercise' if exercise else 'real'}&layer={'risk' if risk else 'now'}",
        "newest": _newest(page, now), "guide": _guide(page, whole),
        "dues": due_rows(page, now, screen.built())[:room], "dues_more": max(len(now.pending) - room, 0),
        "cases": case_rows(page, now, screen.built())[:MOST_CASES],
        "cases_more": max(len(now.incidents) + len(now.situations) - MOST_CASES, 0),
    }  # fmt: skip
    return page.show(
        "now_part.html" if page.part else "now.html", title=page.w("now_title"), live=f"/live?seen={seen}", **content
    )


def _ladder_csv(screen: Screen, page: Page) -> Response[Any]:
    """Return the ladder of the sectors as a table to keep: how each stands now, and how it is rated."""
    now, exercise = _side(page, now_of(page.hub, page.who, page.now))
    rows = _standing(screen, page, now, _of_brief(page)["brief"], risk=False)["rows"]
    keys = ("now_sector", "now_state", "now_served", "now_rating", "now_rating_range", "now_authority", "now_drill")
    cells = ((one.name, page.w(f"now_state_{one.state}"), one.served, one.rating, one.interval, one.authority,
              exercise) for one in rows)  # fmt: skip
    name = f"noroshi-sectors{'-exercise' if exercise else ''}.csv"
    return page.answer(csv_of([page.w(key) for key in keys], cells), "text/csv", save_as=name)


def _side(page: Page, whole: Now) -> tuple[Now, bool]:
    """Return what is shown, real or exercise, and whether it is one: what is asked for, else what is real if any is."""
    drill, real = whole.side(exercise=True), whole.side(exercise=False)
    exercise = page.query("world", "exercise" if real.calm and not drill.calm else "real") == "exercise"
    return (drill if exercise else real), exercise


def _standing(screen: Screen, page: Page, now: Now, brief: Brief | None, *, risk: bool) -> dict[str, Any]:
    """Return the sentence, the map and the ladder, with what the incidents are computed to do, if that is there."""
    at_work = tuple(one for one in now.incidents if not one.incident.hidden)
    computed: Computed | None = screen.impacts.asked(page.estate, at_work, page.now) if at_work else None
    impact = None if computed is None else computed.impact
    services = () if brief is None else brief.services
    found = standing(services, impact, sectors_with_incidents(now.incidents), _places(page, now), page.now)
    drawn: dict[str, Any] = {"rows": [], "areas": [], "map": None}
    if brief is not None:
        drawn = {
            "rows": sector_rows(page, brief, found), "areas": area_rows(page, brief, found),
            "map": brief_map(brief, page.lang) if risk else map_now(page, brief, found),
        }  # fmt: skip
    return {
        **drawn, "sentence": sentence(page, now, found), "coming": computed is not None and computed.coming,
        "computed": impact is not None and impact.computed, "wanted": computed is not None,
        "left_out": 0 if impact is None else sum(why in UNKNOWN for _, why in impact.left_out),
    }  # fmt: skip


UNKNOWN = frozenset({"unknown-when", "not-in-estate"})


def _places(page: Page, now: Now) -> dict[str, int]:
    """Return the areas of organisations with an open incident, with the least state that this makes them."""
    bodies = page.estates.bodies(page.estate)
    hit = sectors_with_incidents
    return {
        bodies[one.incident.organisation].area: 1 for one in now.incidents
        if hit((one,)) and one.incident.organisation in bodies and bodies[one.incident.organisation].area
    }  # fmt: skip


def _newest(page: Page, now: Now) -> str:
    """Return how old the newest entry of what is open is; "" where nothing is open."""
    lines = [line.entered for one in now.incidents for line in one.incident.lines]
    lines += [line.entered for case in now.situations for line in case.situation.lines]
    return duration(page.now - max(lines), page.w) if lines else ""


def _guide(page: Page, now: Now) -> list[tuple[str, str]]:
    """Return the first steps on a hub in which there is nothing yet; none once they were hidden."""
    if not now.calm or GUIDE_COOKIE in page.request.cookies or not page.may("principals.change"):
        return []
    built = {one.address for one in places(page.who)}
    return [(place, page.w(word)) for place, word in STEPS if place in built]
