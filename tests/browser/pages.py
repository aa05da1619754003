"""Every page of the screen, as tests and pictures look at it: where it is, who looks, and the world it stands in."""

from __future__ import annotations

import json
import threading
import time
import uuid
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace
from tests.browser.abnormal import drilled, now, reported, troubled
from tests.browser.site import LIVE

from noroshi.desk import asks, estates_kept, situations, whatif_runs
from noroshi.desk.dossiers import Filing
from noroshi.desk.estate_editing import with_row
from noroshi.desk.inviting import Wanted, invite
from noroshi.desk.releasing import propose
from noroshi.desk.whatif_asked import Asked, asked_of, names_of_shipped, shipped_for
from noroshi.desk.whatif_running import Order, Runner
from noroshi.files.estates import load
from noroshi.respond.situation import Gathered, Opened, Words
from noroshi.share.releasing import Plan

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page
    from tests.browser.site import Site

    from noroshi.store.contract import Principal

__all__ = ["PAGES", "Looked", "settled", "world", "world_of_japan"]

GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
CALM_MS = 300_000
"""How long a page may reckon: the engine's kernels may have to be compiled first."""
AT = "2026-11-18T01:00:00.000Z"


class Looked(NamedTuple):
    """A page: its name in pictures, its address with places for ids of the world, who looks, at which estate.

    estate: as the cookie has it, "" = the one that is served, with places too; status: what is answered.
    """

    name: str
    address: str
    who: str = "duty"
    estate: str = ""
    status: int = 200


PAGES: tuple[Looked, ...] = (
    Looked("public", "/", ""),
    Looked("login", "/login", ""),
    Looked("owner-gone", "/api/v1/owner/of-another-hub", "", status=404),
    Looked("invitation", "/invitation/{invitation}", ""),
    Looked("invitation-gone", "/invitation/of-another-hub", "", status=404),
    Looked("words", "/words", ""),
    Looked("refused", "/admin", "ally", status=403),
    Looked("absent", "/no-such-page", status=404),
    Looked("now", "/"),
    Looked("now-risk", "/?layer=risk"),
    Looked("now-exercise", "/?world=exercise"),
    Looked("now-japan", "/?world=exercise", estate="japan"),
    Looked("what-if-japan", "/what-if", estate="japan"),
    Looked("estate-japan", "/estate", estate="japan"),
    Looked("estate-japan-table", "/estate/organisations", estate="japan"),
    Looked("now-calm", "/", "ally"),
    Looked("now-operator", "/", "grid"),
    Looked("due", "/due"),
    Looked("brief", "/brief"),
    Looked("what-if", "/what-if"),
    Looked("what-if-run", "/what-if/{run}"),
    Looked("playback", "/what-if/{run-ja}"),
    Looked("what-if-why", "/what-if/{run}/why?unit=electricity-sorahama"),
    Looked("what-if-threat", "/what-if/{threat}"),
    Looked("what-if-compare", "/what-if/compare?a={run}&b={other}"),
    Looked("situations", "/situations"),
    Looked("situations-new", "/situations/new"),
    Looked("incidents-new", "/incidents/new"),
    Looked("situation", "/situations/{situation}"),
    Looked("situation-impact", "/situations/{situation}/impact"),
    Looked("situation-warnings", "/situations/{situation}/warnings"),
    Looked("situation-asks", "/situations/{situation}/asks"),
    Looked("situation-press", "/situations/{situation}/press"),
    Looked("situation-position", "/situations/{situation}/position"),
    Looked("situation-memo", "/situations/{situation}/memo"),
    Looked("situation-severity", "/situations/{situation}/severity"),
    Looked("situation-duties", "/situations/{situation}/duties"),
    Looked("situation-brief", "/situations/{situation}/brief"),
    Looked("situation-calls", "/situations/{situation}/calls"),
    Looked("situation-exercise", "/situations/{drill situation}"),
    Looked("incident", "/incidents/{grid}"),
    Looked("scripts", "/scripts", "boss"),
    Looked("ratings", "/ratings"),
    Looked("ratings-ministry", "/ratings", "energy-ministry"),
    Looked("ratings-one", "/ratings/kusabe-town", "boss"),
    Looked("assessment", "/assessment", "grid"),
    Looked("mine", "/mine", "grid"),
    Looked("sharing", "/sharing"),
    Looked("sharing-object", "/sharing/objects/{object}?in={live}"),
    Looked("sharing-leaving", "/sharing/objects/{object}?in={live}&show=leaving"),
    Looked("sharing-import", "/sharing/import"),
    Looked("sharing-releases", "/sharing/releases", "boss"),
    Looked("sharing-release", "/sharing/releases/{release}", "boss"),
    Looked("sharing-release-new", "/sharing/releases/new?of={object}&in={live}"),
    Looked("sharing-peers", "/sharing/peers"),
    Looked("warnings", "/warnings"),
    Looked("warnings-new", "/warnings/new?about={object}&in={live}"),
    Looked("warning", "/warnings/{warning}"),
    Looked("warning-correct", "/warnings/{warning}/correct"),
    Looked("warning-received", "/warnings/{warning}", "grid"),
    Looked("estate", "/estate"),
    Looked("estate-search", "/estate?q=asanagi"),
    Looked("estate-table", "/estate/services"),
    Looked("estate-organisation", "/estate/organisations/asanagi-grid"),
    Looked("estate-service", "/estate/services/metro"),
    Looked("estate-own", "/estate", "boss", "{own}"),
    Looked("estate-edit", "/estate/services/metro/edit", "boss", "{own}"),
    Looked("estate-new", "/estate/services/-/edit", "boss", "{own}"),
    Looked("estate-history", "/estate/history", "boss", "{own}"),
    Looked("estate-difference", "/estate/history/2", "boss", "{own}"),
    Looked("estate-import", "/estate/import", "boss"),
    Looked("admin", "/admin", "boss"),
    Looked("admin-new", "/admin/people/new", "boss"),
    Looked("admin-person", "/admin/people/grid", "boss"),
    Looked("admin-invite", "/admin/invite", "boss"),
    Looked("admin-communities", "/admin/communities", "boss"),
    Looked("admin-settings", "/admin/settings", "boss"),
    Looked("admin-journal", "/admin/journal", "boss"),
    Looked("admin-backup", "/admin/backup", "boss"),
    Looked("me", "/me"),
)
"""Every page; what asks for an id finds it in the world below."""


def world(site: Site) -> dict[str, str]:
    """Bring about all that the pages show; return the ids by name."""
    found = {**troubled(site), **{f"drill {key}": uid for key, uid in drilled(site).items()}, "live": LIVE}
    found |= runs(site)
    found["object"] = advisory(site)
    found["release"] = released(site, found["object"])
    found["own"] = copied(site, site.who("boss"), site.settings.data)
    wanted = Wanted("new-port", "operator", "AMBER", "hikariura-port", ("port",))
    found["invitation"] = invite(site.hub, site.who("boss"), wanted, now())[1]
    return found


def world_of_japan(site: Site) -> dict[str, str]:
    """Bring about an exercise on `japan`: its organisations are roles, and nothing is said to have happened to them."""
    duty, at = site.who("duty"), now()
    words = Words("Exercise Beacon: intrusions at operators", "演習「烽火」:事業者への侵入")
    uid = situations.open_(site.hub, duty, Opened(words, "japan"), at, Filing(exercise=True))
    found = {
        name: reported(site, name, sector, ago_h=ago, regimes=("JP-ACD",), exercise=True)
        for name, sector, ago in (("grid-hokkaido", "power", 30.0), ("grid-kyushu", "power", 2.0))
    }
    situations.say(site.hub, duty, uid, [Gathered(one) for one in found.values()], at, at)
    what = Words("Say whether switching by hand works", "手動操作が可能か回答すること")
    asks.ask(site.hub, duty, uid, "drill-grid", "", what, at + 40 * 60_000_000, at)
    return {**found, "situation": uid}


def runs(site: Site) -> dict[str, str]:
    """Run two shocks and a threat as the duty officer."""
    estate, runner, made = load("sorami"), Runner(site.settings), {}
    shipped = shipped_for(estate)
    grid = asked_of(shipped["grid-centre-loss-of-control"])
    called = names_of_shipped(estate)["grid-centre-loss-of-control"]
    orders = {
        "run": Order(asked=grid, draws=10),
        "run-ja": Order(asked=replace(grid, name=called[1]), draws=10),
        "other": Order(asked=asked_of(shipped["port-ransomware"])),
        "threat": Order(asked=Asked(name="Ransomware wave"), threat="Ransomware wave", draws=40),
    }
    for name, order in orders.items():
        made[name] = runner.start(site.who("duty"), order, "sorami", estate, now()).uid
        for thread in threading.enumerate():
            if thread.name == "noroshi-whatif":
                thread.join(240)
    states = {one.uid: one.state for one in whatif_runs.listed(site.settings, site.who("duty"))}
    assert {states[uid] for uid in made.values()} == {"done"}, states
    return made


def advisory(site: Site) -> str:
    """Send what is known of a flaw to the collection of the real; return its id."""
    one = {
        "type": "vulnerability", "id": f"vulnerability--{uuid.uuid5(uuid.NAMESPACE_URL, 'flaw')}", "created": AT,
        "spec_version": "2.1", "modified": AT, "name": "CVE-2026-40001",
        "description": "Whoever reaches the remote access of GridMaster commands the dispatcher. Seen at Aoba Power.",
        "x_noroshi_products": ["cpe:2.3:a:umineko:gridmaster:4.2"], "object_marking_refs": [GREEN],
    }  # fmt: skip
    who = site.who("duty")
    root = site.hub.roots(who)[0]
    where = site.hub.collection(who, root, LIVE)
    sent = site.hub.send(who, root, where, json.dumps({"objects": [one]}).encode(), time.time_ns() // 1000)
    sent.kept.result(20)
    assert sent.status.failures == ()
    return str(one["id"])


def released(site: Site, name: str) -> str:
    """Propose a reduced copy as the duty officer; return the proposal's id."""
    who = site.who("duty")
    where = site.hub.collection(who, site.hub.roots(who)[0], LIVE)
    plan = Plan("GREEN", drop=("description",), words=("Aoba Power",))
    return propose(site.hub, who, where, name, plan, LIVE, "Operators must know.", now()).release.uid


def copied(site: Site, who: Principal, data: Path) -> str:
    """Keep a copy of the sample, with a row changed once; return by what the cookie names it."""
    one = estates_kept.begin(site.hub, who, data, load("sorami"), "Sorami, our copy", "copied", now())

    def busier(old: object) -> object:
        row = old.frame("services").row(old.rows("services")["metro"], named=True)  # type: ignore[attr-defined]
        cells = {key: "" if value is None else str(value) for key, value in row.items()} | {"people": "270000"}
        return with_row(old, "services", "metro", cells, "en")  # type: ignore[arg-type]

    estates_kept.changed(site.hub, who, data, one.key, one.versions[-1].sha, busier, "services/metro", now())  # type: ignore[arg-type]
    return estates_kept.own_key(one)


def settled(page: Page, ms: float = CALM_MS) -> None:
    """Wait until a page asks for nothing more: what is reckoned is there, maps are drawn, letters are loaded.

    Asked from here time and again: a wait inside the page would be evaluated, which our policy forbids.
    """
    until = time.monotonic() + ms / 1000
    while not page.evaluate(
        """document.fonts.status === "loaded" &&
          !document.querySelector(".waiting, .htmx-request, [hx-trigger*='delay:2s'], progress.going") &&
          [...document.querySelectorAll("[data-map]")].every((map) => "ready" in map.dataset)"""
    ):
        assert time.monotonic() < until, page.url
        page.wait_for_timeout(50)
