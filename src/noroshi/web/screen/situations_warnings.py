"""Warnings from a situation: who depends on the victims, a warning written, whom it concerns, what would leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk import situation_warnings as desk
from noroshi.desk import situations
from noroshi.desk.case_brief_parts import warnings_now
from noroshi.desk.case_past import as_of
from noroshi.desk.permitting import must
from noroshi.desk.warnings import ABSENT
from noroshi.desk.warnings_proposing import Lenses, follow, proposed
from noroshi.desk.warnings_sending import Wanted, real_timing, send
from noroshi.errors import InputError, NotFoundError
from noroshi.respond.incident import read_moment
from noroshi.share.markings import Tlp
from noroshi.share.taxii import Refused
from noroshi.share.warnings import SEVERITIES, Audience, Words
from noroshi.share.warnings_words import CHANNELS, KEPT_FROM, SEVERITY_WORDS, STATE_WORDS, message
from noroshi.web.rest_values import fit
from noroshi.web.rest_warnings import in_words
from noroshi.web.screen.situations_forms import Filled, levels, names_of, tried
from noroshi.web.screen.situations_shown import head_of, opened
from noroshi.web.screen.warnings_form import chain_named, reason_named, sector_names
from noroshi.web.screen.warnings_form import names_of as names_of_sectors

if TYPE_CHECKING:
    from noroshi.desk.warnings_proposing import Followed, Row
    from noroshi.estate.model import Estate
    from noroshi.share.warnings import Proposal, Severity
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

WHOM = ("depends", "everyone", "sectors")
MARKS = {"chosen": 2, "delivered": 1, "acknowledged": 0, "acted": 0}
"""State of a recipient -> the mark beside its word."""


def declare(screen: Screen) -> None:
    """Declare the tab of warnings, and the page on which one is looked at, sent and followed."""

    @screen.view("/situations/{uid:str}/warnings")
    def every(page: Page) -> Response[Any]:
        return listed(page, led(page))

    @screen.change("/situations/{uid:str}/warnings")
    def write(page: Page, form: Form) -> Response[Any]:
        there = led(page)

        def work() -> Response[Any]:
            estate = estate_of(page, there)
            made = desk.warn(
                page.hub, page.settings.data, page.who, there.dossier.uid, draft_in(form), page.now, estate
            )
            return page.go(f"/situations/{there.dossier.uid}/warnings/{made.uid}", said="sit_warn_written")

        return tried(page, work, lambda faults, status: listed(page, there, Filled(form), faults, status))

    @screen.view("/situations/{uid:str}/warnings/{warning:str}")
    def one(page: Page) -> Response[Any]:
        return followed(page, led(page))

    @screen.change("/situations/{uid:str}/warnings/{warning:str}")
    def sent(page: Page, form: Form) -> Response[Any]:
        there = led(page)
        uid = warning_of(page, there)
        chosen = tuple(dict.fromkeys(form.all("to")))
        if form.get("does") == "preview":
            faults = () if chosen else (page.w("sit_warn_choose"),)
            return followed(page, there, chosen, faults, 200 if chosen else 422)

        def work() -> Response[Any]:
            lenses = Lenses(estate_of(page, there))
            send(page.hub, page.settings, page.who, uid, Wanted(chosen), real_timing(), lenses)
            return page.go(f"/situations/{there.dossier.uid}/warnings/{uid}", said="sit_warn_sent")

        return tried(page, work, lambda faults, status: followed(page, there, chosen, faults, status))


def led(page: Page) -> situations.Shown:
    """Return the situation of an address to who leads; Refused 403, 404."""
    must(page.who, "situations.manage")
    return opened(page)


def warning_of(page: Page, there: situations.Shown) -> str:
    """Return the id of the warning of an address, which must be of the situation; Refused 404."""
    uid = fit(page.path("warning"), ABSENT)
    if uid not in there.situation.warnings:
        raise ABSENT
    return uid


def estate_of(page: Page, there: situations.Shown) -> Estate | None:
    """Return the estate of a situation, None where it names none; Refused 422 where it cannot be read."""
    name = there.situation.estate
    try:
        return page.estates.loaded(name) if name else None
    except (InputError, NotFoundError) as error:
        raise Refused(422, "Unprocessable", f"estate: {error}"[:500]) from None


def draft_in(form: Form) -> desk.Draft:
    """Return a warning as its form says it; the desk checks it."""
    severity: Severity = next((one for one in SEVERITIES if one == form.get("severity")), "medium")
    whom = form.get("whom")
    audience = None
    if whom == "everyone":
        audience = Audience(everyone=True)
    elif whom == "sectors":
        audience = Audience(sectors=tuple(names_of(form.get("sectors"))))
    title, text, action = (Words(form.get(f"{key}_en"), form.get(f"{key}_ja")) for key in ("title", "text", "action"))
    return desk.Draft(title, text, action, severity, audience, (), form.get("tlp"))


def listed(
    page: Page, there: situations.Shown, filled: Filled | None = None, faults: tuple[str, ...] = (), status: int = 200
) -> Response[Any]:
    """Return the tab: warnings and how they stand, who depends and is not warned, the form of a new one."""
    past = as_of(page.hub, page.who, there.dossier.uid, page.now)
    try:
        estate = estate_of(page, there)
    except Refused as refused:
        estate, faults = None, (*faults, page.refusal(refused))
    missed = () if estate is None else desk.unwarned(page.hub, page.who, there.dossier.uid, estate)
    ja = int(page.lang == "ja")
    marking = str(Tlp(there.dossier.tlp))
    return page.show(
        "situations_warnings.html", status=status, **head_of(page, there, "/warnings"), faults=faults,
        filled=filled or Filled(severity="high", whom="depends", tlp=marking),
        rows=[{"one": one, "title": page.pick(one.title.en, one.title.ja) if one.title else one.warning[:8],
               "at": page.at(read_moment(one.at) or 0), "severity": SEVERITY_WORDS[one.severity][ja]}
              for one in warnings_now(page.hub, page.who, past)],
        missed=[{"one": one, "name": page.pick(one.name_en, one.name_ja),
                 "chain": chain_named(page, one.chain, there.situation.estate),
                 "barred": [(name, KEPT_FROM[why][ja]) for name, why in one.barred]}
                for one in sorted(missed, key=lambda one: not one.reach)],
        severities=[(one, SEVERITY_WORDS[one][ja]) for one in SEVERITIES], has_estate=estate is not None,
        allowed=levels(page), victims=desk.victims(there.incidents),
    )  # fmt: skip


def followed(
    page: Page, there: situations.Shown, chosen: tuple[str, ...] = (), faults: tuple[str, ...] = (), status: int = 200
) -> Response[Any]:
    """Return the page of a warning: whom it concerns, what would leave to those chosen, and who has answered."""
    uid, ja = warning_of(page, there), int(page.lang == "ja")
    found = follow(page.hub, page.who, uid)
    last = found.versions[-1] if found.versions else found.kept.last
    told = {row.principal for row in found.rows if row.chosen}
    offered = proposed(page.hub, page.who, uid, Lenses(estate_of(page, there)))
    mail = message(last, page.settings.address)
    said = last.said
    return page.show(
        "situations_warning.html", status=status, **head_of(page, there, "/warnings"), warning=uid, said_of=said,
        heading=page.pick(said.title.en, said.title.ja), body=page.pick(said.text.en, said.text.ja),
        action=page.pick(said.action.en, said.action.ja), severity=SEVERITY_WORDS[said.severity][ja],
        written=page.at(read_moment(said.at) or 0), faults=faults, chosen=chosen, subject=mail.subject, mail=mail.text,
        offered=[offer(one, page) for one in offered if one.principal not in told],
        standing=[standing(row, page) for row in found.rows if row.chosen], coverage=covered(found, page),
        waits=any(row.chosen and row.state == "chosen" for row in found.rows),
    )  # fmt: skip


def offer(one: Proposal, page: Page) -> dict[str, Any]:
    """Return whom a warning concerns as the page shows it: the reasons, and why it may not be told."""
    ja, called = int(page.lang == "ja"), sector_names(page)
    return {
        "name": one.principal, "sectors": [called(each) for each in one.sectors],
        "reasons": [reason_named(page, why) for why in one.reasons],
        "barred": KEPT_FROM[one.kept_from][ja] if one.kept_from else "",
    }  # fmt: skip


def standing(row: Row, page: Page) -> dict[str, Any]:
    """Return how a recipient stands as the page shows it."""
    ja, lang, called = int(page.lang == "ja"), page.lang, sector_names(page)
    return {
        "name": row.principal, "sectors": [called(each) for each in row.sectors],
        "state": STATE_WORDS[row.state][ja], "mark": MARKS[row.state],
        "via": [CHANNELS[one][ja] if one in CHANNELS else one for one in row.via], "note": row.note,
        "faults": [(CHANNELS[way][ja] if way in CHANNELS else way, in_words(code, lang)) for way, code in row.faults],
        "reasons": [reason_named(page, why) for why in row.reasons],
    }  # fmt: skip


def covered(found: Followed, page: Page) -> list[dict[str, Any]]:
    """Return the counts by sector, the whole first."""
    called = {"": page.w("sit_warn_all"), "-": page.w("warning_no_sector"), **names_of_sectors(page)}
    return [{"sector": called.get(one.sector, one.sector), "one": one} for one in found.coverage if one.chosen]
