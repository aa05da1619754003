"""Requests of a situation: how they stand by ministry, a new one, those that come from a list of whom to press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Response

from noroshi.desk import asks, situations
from noroshi.desk.asks_pressing import Pressable, press, pressable
from noroshi.desk.case_people import able
from noroshi.respond.asks import STATES, Words
from noroshi.respond.press_list import ToPress
from noroshi.share.taxii import Refused
from noroshi.share.warnings_words import KEPT_FROM
from noroshi.web.screen.situations_forms import ZONES, Filled, local_text, read_time, tried
from noroshi.web.screen.situations_shown import head_of
from noroshi.web.screen.situations_warnings import led
from noroshi.web.screen.warnings_form import sector_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

DAY = 86_400_000_000
MOST_LISTED = 1000
MARKS = {"asked": 1, "accepted": 1, "done": 0, "refused": 3}


class Listed(msgspec.Struct):
    """What is read of a press list, of `noroshi rate press --json` or of a brief."""

    press_first: tuple[ToPress, ...]


def declare(screen: Screen) -> None:
    """Declare the tab of requests, and the page of the press list."""

    @screen.view("/situations/{uid:str}/asks")
    def every(page: Page) -> Response[Any]:
        return listed(page, led(page))

    @screen.change("/situations/{uid:str}/asks")
    def ask(page: Page, form: Form) -> Response[Any]:
        there = led(page)
        uid = there.dossier.uid

        def work() -> Response[Any]:
            what = Words(form.get("what_en"), form.get("what_ja"))
            until = deadline_in(page, form)
            asks.ask(page.hub, page.who, uid, form.get("to"), form.get("through"), what, until, page.now)
            return page.go(f"/situations/{uid}/asks", said="sit_ask_made")

        return tried(page, work, lambda faults, status: listed(page, there, Filled(form), faults, status))

    @screen.view("/situations/{uid:str}/press")
    def pressing(page: Page) -> Response[Any]:
        there = led(page)
        return press_page(page, there, of_brief(page, there), "")

    @screen.change("/situations/{uid:str}/press")
    def pressed(page: Page, form: Form) -> Response[Any]:
        there = led(page)
        uid, given, sent = there.dossier.uid, form.get("list"), form.file("file")
        if sent is not None:
            given = sent.data.decode("utf-8", "replace")
        rows = of_brief(page, there) if not given else None

        def work() -> Response[Any]:
            found = rows if rows is not None else read_list(page, given)
            if form.get("does") != "ask":
                return press_page(page, there, found, given)
            made = press(page.hub, page.who, uid, found, form.all("ask"), deadline_in(page, form), page.now)
            if not made:
                raise Refused(422, "Unprocessable", page.w("sit_ask_choose"))
            return page.go(f"/situations/{uid}/asks", said="sit_ask_made")

        def again(faults: tuple[str, ...], status: int) -> Response[Any]:
            try:
                found = rows if rows is not None else read_list(page, given)
            except Refused:
                return press_page(page, there, of_brief(page, there), "", Filled(form), (faults, status))
            return press_page(page, there, found, given, Filled(form), (faults, status))

        return tried(page, work, again)


def deadline_in(page: Page, form: Form) -> int:
    """Return the deadline of a form in microseconds; Refused 422 for none."""
    found = read_time(form.get("deadline"), form.get("zone"))
    if found is None:
        raise Refused(422, "Unprocessable", page.w("sit_ask_need_deadline"))
    return found


def read_list(page: Page, text: str) -> tuple[ToPress, ...]:
    """Return a press list as it was sent; Refused 422 for what is none."""
    try:
        found = msgspec.json.decode(text, type=Listed).press_first
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Refused(422, "Unprocessable", page.w("sit_ask_bad_list", why=str(error)[:200])) from None
    return found[:MOST_LISTED]


def of_brief(page: Page, there: situations.Shown) -> tuple[ToPress, ...] | None:
    """Return whom the brief of the situation's estate says to press first; None while there is no such brief."""
    name = there.situation.estate
    if name not in page.estates.names:
        return None
    brief = page.estates.standing(name).brief
    if brief is None:
        return None
    return tuple(ToPress(**{key: getattr(row, key) for key in ToPress.__struct_fields__}) for row in brief.press_first)


def listed(
    page: Page, there: situations.Shown, filled: Filled | None = None, faults: tuple[str, ...] = (), status: int = 200
) -> Response[Any]:
    """Return the tab: how requests stand, each of them, and the form of a new one."""
    every, rows = asks.stand(page.hub, page.who, there.dossier.uid, page.now)
    people = able(page.hub, page.who, there.dossier.uid)
    return page.show(
        "situations_asks.html", status=status, **head_of(page, there, "/asks"), faults=faults, overview=rows,
        filled=filled or Filled(zone=ZONES[0], deadline=local_text(page.now + DAY)), zones=ZONES,
        asks=[{"ask": one, "what": page.pick(one.what.en, one.what.ja), "deadline": page.at(one.deadline),
               "late": one.overdue(page.now), "mark": MARKS[one.state]}
              for one in sorted(every, key=lambda one: (one.state in ("done", "refused"), one.deadline))],
        states=STATES, askable=[one for one in people if one.asked],
        ministries=[(one.name, one.name) for one in people if one.kind == "ministry"],
    )  # fmt: skip


def press_page(  # noqa: PLR0913  whose, what of, with what was sent and what was wrong with it
    page: Page, there: situations.Shown, rows: tuple[ToPress, ...] | None, given: str, filled: Filled | None = None,
    wrong: tuple[tuple[str, ...], int] = ((), 200),
) -> Response[Any]:  # fmt: skip
    """Return the page of a press list: how each organisation is reached, ticks, a deadline; given: a list of a file."""
    found = () if rows is None else pressable(page.hub, page.who, there.dossier.uid, rows)
    name = there.situation.estate
    standing = page.estates.standing(name) if name in page.estates.names else None
    sectors = sector_names(page)
    return page.show(
        "situations_press.html", status=wrong[1], **head_of(page, there, "/asks"), faults=wrong[0],
        filled=filled or Filled(zone=ZONES[0], deadline=local_text(page.now + 7 * DAY)), zones=ZONES, given=given,
        rows=[reached(one, page, sectors) for one in found], standing=standing,
        askable=any(one.to and not one.asked for one in found), pending=rows is None and not given,
    )  # fmt: skip


def reached(one: Pressable, page: Page, sectors: Callable[[str], str]) -> dict[str, Any]:
    """Return an organisation of the list as the page shows it."""
    ja = int(page.lang == "ja")
    measures = one.row.measure_names_ja if ja else one.row.measure_names
    return {
        "id": one.row.organisation, "name": page.pick(one.row.name, one.row.name_ja), "sector": sectors(one.row.sector),
        "measures": measures, "why": page.pick(one.row.why, one.row.why_ja), "to": one.to, "through": one.through,
        "barred": [(name, KEPT_FROM[why][ja]) for name, why in one.barred],
        "asked": [(each.to, STATES[each.state][ja]) for each in one.asked],
    }  # fmt: skip
