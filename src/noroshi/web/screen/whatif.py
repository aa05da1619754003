"""What-if, the place: what is chosen on the map or in the table, and the runs that there are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from noroshi.desk import whatif_runs as runs
from noroshi.desk.whatif_asked import LONGEST_H, Asked, HitAsked, asked_of, effect_for, names_of_shipped, shipped_for
from noroshi.desk.whatif_map import map_of
from noroshi.desk.whatif_places import CHOOSABLE, Sought, found_units, organisations_of, units_of
from noroshi.desk.whatif_running import Order, Runner, settled
from noroshi.errors import InputError
from noroshi.estate.model import SEASONS
from noroshi.files.threats import shipped_threats
from noroshi.share.taxii import Refused
from noroshi.stress.sentences import EFFECT_WORDS
from noroshi.stress.shock import EFFECTS
from noroshi.web.screen import whatif_compare, whatif_exports, whatif_run
from noroshi.web.screen.kinds_named import kind_name
from noroshi.web.screen.whatif_shown import STATE_WORDS, TABLE_WORDS

if TYPE_CHECKING:
    from litestar import Response

    from noroshi.estate.model import Estate
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

ROWS = 40
DRAWS = (0, 50, 200)
THREAT_DRAWS = 400
NAMED, LONGEST = 3, 120
FIELD_WORDS = {
    "horizon": "wi_horizon", "start": "wi_start", "season": "wi_season", "name": "wi_name", "hit": "wi_chosen",
    "target": "wi_chosen", "effect": "wi_effect", "onset_h": "wi_onset", "detect_h": "wi_detect",
    "restore_h": "wi_restore",
}  # fmt: skip
"""What a fault is of -> what people call it."""
SEASON_WORDS = dict(zip(SEASONS, ("wi_winter", "wi_spring", "wi_summer", "wi_autumn"), strict=True))


def declare(screen: Screen) -> None:
    """Declare the pages of the place."""
    runner = Runner(screen.settings)

    @screen.view("/what-if")
    def whatif(page: Page) -> Response[Any]:
        asked, draws = Asked(), 0
        if page.query("again") and page.may("whatif.run"):
            record = runs.must_find(page.settings, page.who, page.query("again"))
            asked, draws = record.asked, record.draws if record.kind == "shock" else 0
        sought = Sought(*(page.query(name) for name in ("q", "sector", "organisation", "table")))
        return chosen(page, asked, draws, sought)

    @screen.view("/what-if/map.json")
    def base(page: Page) -> Response[Any]:
        runs.listed(page.settings, page.who)
        return page.answer(msgspec.json.encode(map_of(page.loaded())), "application/json")

    @screen.change("/what-if")
    def planned(page: Page, form: Form) -> Response[Any]:
        asked, draws = asked_in(form)
        sought = Sought(*(form.get(name) for name in ("q", "sector", "organisation", "table")))
        done = form.get("do")
        try:
            if done == "run":
                return ran(page, runner, Order(asked=called(page, asked), draws=draws))
            if done == "threat":
                return ran(page, runner, threat_order(form.get("threat")))
        except InputError as error:
            return chosen(page, asked, draws, sought, faults=faults_of(page, error, asked))
        return chosen(page, changed(page.loaded(), form, asked, page.lang), draws, sought)

    whatif_run.declare(screen)
    whatif_compare.declare(screen)
    whatif_exports.declare(screen)


def faults_of(page: Page, error: InputError, asked: Asked) -> tuple[str, ...]:
    """Return what was wrong in what was asked, one each: of what, what holds there, and what was found."""
    units = {one.id: one.name(page.lang) for one in units_of(page.loaded())}
    found = []
    for fault in error.faults:
        of = page.w(FIELD_WORDS[fault.column])
        if fault.row is not None:
            target = asked.hits[fault.row - 1].target
            of = f"{units.get(target, target)}, {of}" if page.lang == "en" else f"{units.get(target, target)}・{of}"
        found.append(page.w(f"wi_wrong_{fault.column}", of=of, found=fault.found, most=f"{LONGEST_H:,.0f}"))
    return tuple(found)


def called(page: Page, asked: Asked) -> Asked:
    """Return what is asked with a name: where none was typed, that of what is hit."""
    if asked.name or not asked.hits:
        return asked
    units = {one.id: one.name(page.lang) for one in units_of(page.loaded())}
    names = list(dict.fromkeys(units.get(one.target, one.target) for one in asked.hits))
    said = ("、" if page.lang == "ja" else ", ").join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return msgspec.structs.replace(asked, name=said[:LONGEST])


def threat_order(name: str) -> Order:
    """Return the order for a threat that ships; Refused 422 for any other name: a file of the server is never read."""
    if name not in {one.name for one in shipped_threats()}:
        raise Refused(422, "Unprocessable", "threat: one of those that ship")
    return Order(asked=Asked(name=name), draws=THREAT_DRAWS, threat=name)


def ran(page: Page, runner: Runner, order: Order) -> Response[Any]:
    """Begin a run, and lead to its page."""
    record = runner.start(page.who, order, page.estate, page.loaded(), page.now)
    address = f"/what-if/{record.uid}"
    return page.answer(b"", "text/html", headers={"HX-Redirect": address}) if page.part else page.go(address)


def asked_in(form: Form) -> tuple[Asked, int]:
    """Return what a form asks for, and how often it is drawn."""
    names = ("target", "effect", "onset", "detect", "restore")
    rows = zip(*(form.all(name) for name in names), strict=False)
    hits = tuple(HitAsked(**dict(zip(names, row, strict=True))) for row in rows)
    plain = Asked()
    asked = Asked(name=form.get("name"), horizon=form.get("horizon", plain.horizon), start=form.get("start",
    plain.start),
                  season=form.get("season"), hits=hits)  # fmt: skip
    draws = form.get("draws")
    return asked, int(draws) if draws in {str(one) for one in DRAWS} else 0


def changed(estate: Estate, form: Form, asked: Asked, lang: str) -> Asked:
    """Return what is asked after the button that was pressed: taken over, added to, or with something left out."""
    if form.get("do") == "take":
        shock = shipped_for(estate).get(form.get("shock"))
        if shock is None:
            return asked
        called = names_of_shipped(estate)[form.get("shock")][lang == "ja"]
        return msgspec.structs.replace(asked_of(shock), name=called)
    if form.get("do") == "clear":
        return msgspec.structs.replace(asked, hits=())
    dropped = form.get("drop")
    if dropped.isdigit():
        hits = tuple(one for k, one in enumerate(asked.hits) if k != int(dropped))
        return msgspec.structs.replace(asked, hits=hits)
    have = {one.target for one in asked.hits}
    # the map fills a hidden field of that name, the table has buttons
    wanted, organisation = next(filter(None, form.all("add")), ""), form.get("add_organisation")
    new = [
        one for one in units_of(estate)
        if one.id not in have and one.table in CHOOSABLE
        and (one.id == wanted or (organisation and one.table == "systems" and one.organisation == organisation))
    ] if wanted or organisation else []  # fmt: skip
    added = tuple(HitAsked(target=one.id, effect=effect_for(one.table)) for one in new)
    return msgspec.structs.replace(asked, hits=(*asked.hits, *added))


def chosen(page: Page, asked: Asked, draws: int, sought: Sought, *, faults: tuple[str, ...] = ()) -> Response[Any]:
    """Return the page on which one chooses, or of it what a script asks for; with the faults of what was asked."""
    made = [settled(page.settings, one) for one in runs.listed(page.settings, page.who)]
    content: dict[str, Any] = {
        "title": page.w("wi_title"), "runs": made, "state_words": STATE_WORDS, "owned": partial(runs.owned, page.who),
        "runnable": page.may("whatif.run"), "scripts": ("map.js",),
    }  # fmt: skip
    if not content["runnable"]:
        return page.show("whatif.html", **content)
    estate = page.loaded()
    units = {one.id: one for one in units_of(estate)}
    found = found_units(estate, sought)
    organisations = organisations_of(estate)
    sectors = {row["id"]: row for row in estate.frame("sectors").select("id", "name_en", "name_ja").to_dicts()}
    hit = {one.target for one in asked.hits}
    content |= {
        "asked": asked, "draws": draws, "all_draws": DRAWS, "sought": sought, "faults": faults, "hit": hit,
        "units": units, "found": found[:ROWS], "count": len(found), "organisations": organisations,
        "sectors": {name: page.pick(row["name_en"] or name, row["name_ja"] or "") for name, row in sectors.items()},
        "tables": {name: page.w(TABLE_WORDS[name]) for name in CHOOSABLE}, "effects": effects(page),
        "seasons": {name: page.w(key) for name, key in SEASON_WORDS.items()},
        "shocks": {name: page.pick(*both) for name, both in names_of_shipped(estate).items()},
        "threats": shipped_threats(), "estate": estate, "kind_name": kind_name,
    }  # fmt: skip
    template = "whatif_plan.html" if page.part else "whatif.html"
    return page.show(template, status=422 if faults else 200, **content)


def effects(page: Page) -> dict[str, str]:
    """Return the effects of hits with their words."""
    return {name: page.pick(*EFFECT_WORDS[name]) for name in EFFECTS}
