"""One object: what it is in words, why one sees it, what joins it, what was seen of it, who would get it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from litestar import Response

from noroshi.desk.explaining import explained
from noroshi.desk.leaving import would_get
from noroshi.desk.merging import judge, take_back, things
from noroshi.desk.releasing import origins_of
from noroshi.desk.searching import around, named
from noroshi.desk.sighting import SIGHTABLE, disputed, seen_here
from noroshi.share.markings import Tlp
from noroshi.share.merging_keys import RULES as MERGED
from noroshi.share.merging_keys import TYPES as MERGEABLE
from noroshi.share.policy import LEAVES, RULES
from noroshi.share.releasing import TYPES as RELEASABLE
from noroshi.share.taxii import Refused
from noroshi.web.rest_words import meaning
from noroshi.web.screen.sharing_shown import TYPES, entered

if TYPE_CHECKING:
    from noroshi.desk.ledger import Handed
    from noroshi.desk.searching import Hit
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["WARNED_OF", "declare"]

JAPAN = ZoneInfo("Asia/Tokyo")
WARNED_OF = frozenset({
    "attack-pattern", "campaign", "grouping", "incident", "indicator", "infrastructure", "intrusion-set", "malware",
    "report", "threat-actor", "tool", "vulnerability",
})  # fmt: skip
"""Types about which a warning is written."""
HIDDEN = frozenset({
    "type", "spec_version", "id", "object_marking_refs", "granular_markings", "extensions", "name", "created_by_ref",
})  # fmt: skip
"""Properties that are shown elsewhere on the page, or say nothing to people."""
LONG = 1500


def declare(screen: Screen) -> None:
    """Declare the pages of one object."""
    hub, settings = screen.hub, screen.settings

    @screen.view("/sharing/objects/{name:str}")
    def an_object(page: Page) -> Response[Any]:
        return shown(page)

    def shown(page: Page, wrong: tuple[str, ...] = (), form: Form | None = None) -> Response[Any]:
        who, one = page.who, named(hub, page.who, page.path("name"), page.query("in"))
        versions, handed = explained(hub, who, one.where, one.row.id)
        joined = around(hub, who, one)
        given: list[Handed] = [handed, *joined.handed]
        ask = page.query("show")
        same, leaving = None, None
        if ask == "same" and one.row.type in MERGEABLE:
            same = things(hub, who, one.where, (one.row.id,), alone=True)
            given.append(same.handed)
        if ask == "leaving" and page.may("principals.list"):
            leaving = would_get(hub, settings, who, one.where, one.row.id)
        answer = page.show(
            "sharing_object.html", status=422 if wrong else 200, title=one.face.title, one=one, versions=versions,
            facts=facts_of(one.value), exercise=one.where.exercise, kinds=TYPES, wrong=wrong, form=form,
            meaning=[meaning(each.tlp, each.pap, each.communities, page.lang) for each in versions],
            links=[each for each in joined.found if each.row.type not in ("sighting", "opinion")],
            opinions=[each for each in joined.found if each.row.type == "opinion"],
            sightings=[each for each in joined.found if each.row.type == "sighting"],
            count=sum(int(each.value.get("count", 1)) for each in joined.found if each.row.type == "sighting"),
            sightable=one.row.type in SIGHTABLE and one.where.can_write and page.may("objects.send"),
            copies=origins_of(hub, who, one.where, one.row.id), mergeable=one.row.type in MERGEABLE, same=same,
            leaving=leaving, leaves=LEAVES, rules=RULES, merged_rules=MERGED, japanese=int(page.lang == "ja"),
            proposes=one.row.type in RELEASABLE and page.may("releases.propose") and not one.value.get("revoked"),
            warns=page.may("warnings.write") and one.row.type in WARNED_OF, here=f"/sharing/objects/{one.row.id}",
            sees=str(Tlp(who.sees)),
            today=datetime.fromtimestamp(page.now / 1e6, JAPAN).strftime("%Y-%m-%dT%H:%M"),
        )  # fmt: skip
        return entered(page, given, answer)

    @screen.change("/sharing/objects/{name:str}/sightings")
    def sight(page: Page, form: Form) -> Response[Any]:
        one = named(hub, page.who, page.path("name"), form.get("in"))
        try:
            if form.get("what") == "wrong":
                disputed(hub, page.who, one, form.get("why"), page.now)
                return back(page, one, "sharing_said_disputed")
            first, last = (moment(form.get(key)) or page.now for key in ("first", "last"))
            count = int(form.get("count", "1")) if form.get("count", "1").isdecimal() else 0
            seen_here(hub, page.who, one, count, (first, min(last, page.now)), page.now)
        except Refused as refused:
            if refused.status != 422:  # noqa: PLR2004  what was typed
                raise
            return shown(page, (page.refusal(refused),), form)
        return back(page, one, "sharing_said_seen")

    @screen.change("/sharing/objects/{name:str}/judgements")
    def say(page: Page, form: Form) -> Response[Any]:
        one = named(hub, page.who, page.path("name"), form.get("in"))
        if form.get("undo"):
            take_back(hub, page.who, one.where, form.get("undo"), page.now)
        else:
            same = form.get("same") == "yes"
            judge(hub, page.who, one.where, one.row.id, form.get("other"), same=same, reason=form.get("reason"),
                  now=page.now)  # fmt: skip
        return page.go(f"/sharing/objects/{one.row.id}", "sharing_said_judged", show="same", **{"in": one.where.uid})


def back(page: Page, one: Hit, said: str) -> Response[Any]:
    """Return the way to an object's page."""
    return page.go(f"/sharing/objects/{one.row.id}", said, **{"in": one.where.uid})


def moment(text: str) -> int:
    """Return a moment that a form gives in Japan's time in microseconds; 0 for none."""
    try:
        return int(datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=JAPAN).timestamp() * 1e6)
    except ValueError:
        return 0


def facts_of(value: dict[str, Any]) -> list[tuple[str, list[str]]]:
    """Return the properties of an object for people, each with its values as lines."""
    return [(name, lines(one)) for name, one in value.items() if name not in HIDDEN and one not in ("", [], {}, None)]


def lines(one: Any) -> list[str]:  # noqa: ANN401  any JSON
    """Return a value as lines of text."""
    if isinstance(one, dict):
        return [
            f"{key}: {', '.join(lines(held))}"[:LONG] for key, held in one.items() if held not in ("", [], {}, None)
        ]
    if isinstance(one, list):
        return [", ".join(lines(held)) for held in one]
    return [str(one)[:LONG]]
