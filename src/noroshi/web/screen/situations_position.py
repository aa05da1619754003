"""The position on a situation: claims, our finding, what is said, effects, options, the decision, signatures, memo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk import memos, positions, situations
from noroshi.desk.permitting import must
from noroshi.errors import InputError
from noroshi.report import memo_content as said_of
from noroshi.report.memo import memo_html, memo_policy
from noroshi.respond import position_words as words
from noroshi.respond.asks import Words
from noroshi.respond.countries import COUNTRIES
from noroshi.respond.position import Claimed, Considered, Decided, Found, Stated, Touched, Withdrawn
from noroshi.share.taxii import Refused
from noroshi.web.rest_values import fit
from noroshi.web.screen.situations_forms import ZONES, Filled, lines_of, local_text, read_time, tried
from noroshi.web.screen.situations_outputs import saved
from noroshi.web.screen.situations_shown import head_of, opened
from noroshi.web.turns import one_at_a_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.desk.position_shapes import PositionShown
    from noroshi.respond.position import Content
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

FULL = 100.0


def pair_in(form: Form, name: str) -> Words:
    """Return a text in both languages."""
    return Words(form.get(f"{name}_en"), form.get(f"{name}_ja"))


def maybe_in(form: Form, name: str) -> Words | None:
    """Return a text in both languages, None where neither is given."""
    found = pair_in(form, name)
    return found if found.en or found.ja else None


def share_in(form: Form, name: str) -> float | None:
    """Return a share that a form gives in per cent; Refused 422 for what is none."""
    text = form.get(name).rstrip("% ")
    if not text:
        return None
    try:
        return float(text) / FULL
    except ValueError:
        raise Refused(422, "Unprocessable", f"{name}: {text[:40]} (expected 0 to 100)") from None


def claim_in(form: Form) -> Content:
    """Return a claim of others."""
    return Claimed(
        form.get("by"), form.get("party"), form.get("reliability") + form.get("credibility"), form.get("source"),
        form.get("id"), form.get("nexus").upper(), form.get("group"), form.get("confidence"), maybe_in(form, "text"),
        form.get("url"), form.get("public") == "yes",
    )  # fmt: skip


def finding_in(form: Form) -> Content:
    """Return our finding as it is entered by hand."""
    reasons = zip(lines_of(form.get("reasons_en")), lines_of(form.get("reasons_ja")), strict=False)
    return Found(
        form.get("guard"), form.get("nexus").upper(), form.get("group"), share_in(form, "low"), share_in(form, "high"),
        tuple(Words(*both) for both in reasons), maybe_in(form, "text"),
    )  # fmt: skip


def option_in(form: Form) -> Content:
    """Return an option."""
    factors = {key: form.get(f"factor_{key}") for key in words.FACTORS if form.get(f"factor_{key}")}
    return Considered(
        form.get("rung"), pair_in(form, "text"), pair_in(form, "pros"), pair_in(form, "cons"), form.get("id"),
        form.get("nexus").upper(), form.get("group"), tuple(form.all("norm")), factors,
    )  # fmt: skip


ENTERS: dict[str, Callable[[Form], Content | Withdrawn]] = {
    "claim": claim_in, "finding": finding_in, "option": option_in,
    "statement": lambda form: Stated(
        form.get("audience"), pair_in(form, "text"), form.get("id"), form.get("to"), form.get("nexus").upper(),
        form.get("group"), form.get("spoken") == "yes",
    ),
    "effect": lambda form: Touched(pair_in(form, "topic"), pair_in(form, "effect"), form.get("id")),
    "decision": lambda form: Decided(pair_in(form, "why"), form.get("option")),
    "withdraw": lambda form: Withdrawn(form.get("entry"), form.get("why")),
}  # fmt: skip
"""What a form of the page enters -> the line that it makes."""


def declare(screen: Screen) -> None:
    """Declare the tab of the position, what its forms enter, and the memo."""
    setting = one_at_a_time()

    @screen.view("/situations/{uid:str}/position")
    def position(page: Page) -> Response[Any]:
        return stands(page)

    @screen.change("/situations/{uid:str}/position")
    def enter(page: Page, form: Form) -> Response[Any]:
        uid = fit(page.path("uid"), situations.ABSENT)

        def work() -> Response[Any]:
            word = entered(page, form, uid)
            return page.go(f"/situations/{uid}/position", said=word)

        return tried(page, work, lambda faults, status: stands(page, Filled(form), faults, status))

    @screen.view("/situations/{uid:str}/memo")
    def memo(page: Page) -> Response[Any]:
        found = memos.memo(page.hub, page.who, fit(page.path("uid"), situations.ABSENT), page.now)
        policy = f"{memo_policy()}; frame-ancestors 'none'"
        return page.answer(memo_html(found, page.lang), "text/html", headers={"Content-Security-Policy": policy})

    @screen.view("/situations/{uid:str}/memo.pdf")
    def pdf(page: Page) -> Response[Any]:
        from noroshi.report.memo_pdf import memo_pdf

        there = opened(page)
        found = memos.memo(page.hub, page.who, there.dossier.uid, page.now)
        with setting():
            body = memo_pdf(found, page.lang)
        return page.answer(body, "application/pdf", save_as=saved(there, "memo.pdf"))


def entered(page: Page, form: Form, uid: str) -> str:
    """Enter what a form says; return the word that tells what was done. Refused 403, 404, 422."""
    does = form.get("does")
    if does == "sign":
        positions.sign(page.hub, page.who, uid, form.get("role"), form.get("digest"), page.now, page.now)
        return "sit_pos_signed"
    at = page.now
    if form.get("at"):
        found = read_time(form.get("at"), form.get("zone"))
        if found is None:
            raise Refused(422, "Unprocessable", page.w("sit_pos_bad_time", found=form.get("at")[:40]))
        at = min(found, page.now)
    if does == "assessment":
        sent = form.file("file")
        must(page.who, "situations.manage")
        situations.must_find(page.hub, page.who, uid)
        if sent is None:
            raise Refused(422, "Unprocessable", page.w("sit_pos_need_file"))
        try:
            finding = positions.finding_in(sent.data)
        except InputError as error:
            raise Refused(422, "Unprocessable", error.report(page.lang)) from None
        positions.assess(page.hub, page.who, uid, finding, at, page.now)
        return "sit_pos_kept"
    if does not in ENTERS:
        raise Refused(422, "Unprocessable", page.w("sit_nothing_said"))
    positions.say(page.hub, page.who, uid, [ENTERS[does](form)], at, page.now)
    return "sit_pos_kept"


def stands(page: Page, filled: Filled | None = None, faults: tuple[str, ...] = (), status: int = 200) -> Response[Any]:
    """Return the tab: every entry with what is warned of beside it, and the forms for more. Refused 403, 404."""
    there = opened(page)
    found = memos.seen(page.hub, page.who, there.dossier.uid)
    ja = int(page.lang == "ja")
    did = "" if filled is None or filled.form is None else filled.form.get("does")
    first = Filled(zone=ZONES[0], at=local_text(page.now), public="yes", reliability="B", credibility="2",
                   guard="not-assessed", rung="public-statement", audience="public", party="ally")  # fmt: skip
    return page.show(
        "situations_position.html", status=status, **head_of(page, there, "/position"), faults=faults, did=did,
        filled=filled or first, found=found, groups=groups_of(found, ja), zones=ZONES,
        signatures=said_of.signatures(found, ja) if found.digest else (),
        whole=[page.pick(one.text.en, one.text.ja) for one in found.warnings if not one.entry],
        options=[(one.id, page.pick(one.text.en, one.text.ja)) for one in found.options],
        entries=[(one.id, one.id) for one in every(found)],
        countries=[(key, both[ja]) for key, both in COUNTRIES.items()],
        **{key: [(one, both[ja]) for one, both in table.items()] for key, table in CHOICES.items()},
    )  # fmt: skip


CHOICES = {
    "parties": words.PARTIES, "reliability_said": words.RELIABILITY, "credibility_said": words.CREDIBILITY,
    "guards": words.GUARDS, "audiences": words.AUDIENCES, "rungs": words.RUNGS, "norms": words.NORMS,
    "factors": words.FACTORS, "gravities": words.GRAVITIES,
}  # fmt: skip


def every(found: PositionShown) -> list[Any]:
    """Return every entry that stands, in the order of the page."""
    single = [one for one in (found.finding, found.decision) if one is not None]
    return [*found.claims, *single, *found.statements, *found.effects, *found.options]


def groups_of(found: PositionShown, ja: int) -> list[dict[str, Any]]:
    """Return the entries by kind, each as the memo says it."""
    rows: list[tuple[str, list[tuple[Any, dict[str, Any]]]]] = [
        ("claim", [(one, said_of.claim(one, ja)) for one in found.claims]),
        ("finding", [] if found.finding is None else [(found.finding, said_of.finding(found.finding, ja))]),
        ("statement", [(one, said_of.statement(one, ja)) for one in found.statements]),
        ("effect", [(one, said_of.effect(one, ja)) for one in found.effects]),
        ("option", [(one, said_of.option(one, ja)) for one in found.options]),
        ("decision", [] if found.decision is None else [(found.decision, said_of.decision(found, ja))]),
    ]
    audience = {key: both[ja] for key, both in words.AUDIENCES.items()}
    return [
        {"kind": kind, "name": words.KINDS[kind][ja], "entries": [
            {"id": one.id, "line": one.line, "by": one.by, "pros": said.get("pros", ""), "cons": said.get("cons", ""),
             "reasons": said.get("reasons", ()), "audience": audience.get(getattr(one, "audience", ""), ""),
             "guard": getattr(one, "guard", ""), **{key: said[key] for key in ("lead", "text", "notes", "warnings")}}
            for one, said in entries
        ]}
        for kind, entries in rows
    ]  # fmt: skip
