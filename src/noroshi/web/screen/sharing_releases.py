"""Reduced copies: proposed by one person, seen and decided on by a second one, withdrawn."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk.permitting import must
from noroshi.desk.releasing import NotReleasable, approve, proposals, propose, refuse, show, withdraw
from noroshi.desk.searching import named
from noroshi.share.markings import Pap, Tlp
from noroshi.share.releasing import MADE, Plan
from noroshi.share.taxii import IDENTIFIER, Refused
from noroshi.web.screen.sharing_import import writable
from noroshi.web.screen.sharing_shown import TYPES, entered

if TYPE_CHECKING:
    from noroshi.desk.releasing import Shown
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

DECISIONS = {"approve": "sharing_said_approved", "refuse": "sharing_said_refused", "withdraw": "sharing_said_withdrawn"}
TEXTS = ("name", "description", "abstract", "content", "explanation", "pattern")
"""Properties for which a new text is asked."""


def declare(screen: Screen) -> None:
    """Declare the pages of reduced copies."""
    hub = screen.hub

    @screen.view("/sharing/releases")
    def every(page: Page) -> Response[Any]:
        must(page.who, "releases.approve")
        return page.show(
            "sharing_releases.html", title=page.w("sharing_releases_title"), found=proposals(hub, page.who)[::-1]
        )

    @screen.view("/sharing/releases/new")
    def new(page: Page) -> Response[Any]:
        return planned(page, page.query("of"), page.query("in"))

    @screen.change("/sharing/releases/new")
    def begin(page: Page, form: Form) -> Response[Any]:
        one = named(hub, page.who, form.get("of"), form.get("in"))
        try:
            plan = plan_of(form)
            made = propose(hub, page.who, one.where, one.row.id, plan, form.get("into"), form.get("reason"), page.now)
        except NotReleasable as refused:
            return planned(page, one.row.id, one.where.uid, [each.line(page.lang) for each in refused.refusals], form)
        except Refused as refused:
            if refused.status == 404:  # noqa: PLR2004  Not Found
                raise
            return planned(page, one.row.id, one.where.uid, [page.refusal(refused)], form)
        return page.go(f"/sharing/releases/{made.release.uid}", "sharing_said_proposed")

    @screen.view("/sharing/releases/{uid:str}")
    def a_release(page: Page) -> Response[Any]:
        return shown(page, show(hub, page.who, page.path("uid")))

    @screen.change("/sharing/releases/{uid:str}")
    def decide(page: Page, form: Form) -> Response[Any]:
        uid, what, why = page.path("uid"), form.get("what"), form.get("why")
        try:
            if what == "approve":
                approve(hub, page.who, uid, page.now)
            elif what in DECISIONS:
                (refuse if what == "refuse" else withdraw)(hub, page.who, uid, why, page.now)
        except NotReleasable as refused:
            return shown(page, show(hub, page.who, uid), [each.line(page.lang) for each in refused.refusals])
        return page.go(f"/sharing/releases/{uid}", DECISIONS.get(what, ""))


def planned(page: Page, name: str, uid: str, wrong: list[str] | None = None, form: Form | None = None) -> Response[Any]:
    """Return the page on which a copy is planned; what is wrong stands above what was typed."""
    must(page.who, "releases.propose")
    one = named(page.hub, page.who, name, uid)
    value = one.value
    answer = page.show(
        "sharing_release_new.html", status=422 if wrong else 200, title=page.w("sharing_release_new_title"),
        one=one, wrong=wrong or [], form=form, kinds=TYPES, exercise=one.where.exercise,
        levels=[str(level) for level in Tlp if int(level) <= page.who.sees], paps=[str(level) for level in Pap],
        properties=[key for key in value if key not in MADE], refs=refs_of(value, one.row.id),
        texts=[(key, value[key]) for key in TEXTS if isinstance(value.get(key), str)],
        targets=[where for _, where in writable(page.hub, page.who) if where.exercise == one.where.exercise],
    )  # fmt: skip
    return entered(page, (), answer)


def shown(page: Page, one: Shown, wrong: list[str] | None = None) -> Response[Any]:
    """Return the page of a proposal, which the ledger knows of for what it says of the source."""
    who, of = page.who, one.release
    own = of.proposer == who.no
    exercise = any(
        where.exercise and where.uid == one.collection for root in page.hub.roots(who)
        for where in page.hub.collections(who, root)
    )  # fmt: skip
    answer = page.show(
        "sharing_release.html", status=422 if wrong else 200, title=page.w("sharing_release_title"), one=one,
        of=of, own=own, wrong=wrong or [], exercise=exercise, changes=[
            (change.place, change.what, told(change.before), told(change.after)) for change in one.changes
        ], plan=json.loads(of.plan) if of.plan else None, body=json.loads(of.body) if of.body else None,
        told=told,
    )  # fmt: skip
    return entered(page, () if one.handed is None else (one.handed,), answer)


def told(value: Any) -> str:  # noqa: ANN401  any JSON
    """Return a value as people read it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def refs_of(value: dict[str, Any], own: str) -> list[str]:
    """Return the ids to which an object refers, other than of markings."""
    found: dict[str, None] = {}
    for key, one in value.items():
        if key in MADE or not key.endswith(("_ref", "_refs")):
            continue
        for name in one if isinstance(one, list) else [one]:
            if isinstance(name, str) and IDENTIFIER.match(name) and name != own:
                found[name] = None
    return list(found)


def plan_of(form: Form) -> Plan:
    """Return the plan that a form gives."""
    replaced = dict(pair for line in form.get("replace").splitlines() if (pair := pair_of(line)))
    drop = tuple(form.all("drop"))
    text = {
        key: form.get(f"text_{key}") for key in TEXTS
        if key not in drop and f"text_{key}" in form.fields and form.get(f"text_{key}") != form.get(f"was_{key}")
    }  # fmt: skip
    lists = {key: tuple(listed(form.get(key))) for key in ("communities", "words", "allow")}
    return Plan(
        form.get("tlp"), lists["communities"] or None, form.get("pap") or None, drop, text, replaced,
        tuple(form.all("drop_refs")), lists["words"], lists["allow"],
    )  # fmt: skip


def pair_of(line: str) -> tuple[str, str] | None:
    """Return a word and what stands for it, of a line "word = other"; None for any other line."""
    word, sign, other = line.partition("=")
    return (word.strip(), other.strip()) if sign and word.strip() else None


def listed(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]
