"""One warning as it is shown: what it says, and for who may follow it how everyone stands with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from noroshi.desk import warnings as desk
from noroshi.desk.warnings_drafting import carried
from noroshi.desk.warnings_proposing import follow, proposed
from noroshi.share.taxii import Refused
from noroshi.share.warnings_receipts import STATES
from noroshi.share.warnings_words import CHANNELS, FAULTS, KEPT_FROM
from noroshi.web.screen.warnings_bars import STEPS, bar
from noroshi.web.screen.warnings_deadline import until_of, without
from noroshi.web.screen.warnings_form import SEVERITY_WORDS, lenses_of, reason_named, sector_names

if TYPE_CHECKING:
    from litestar import Response

    from noroshi.desk.warnings_proposing import Followed, Row
    from noroshi.share.warnings import Proposal
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.warnings_sending_now import SendingNow

__all__ = ["STATE_CLASS", "followed", "shown", "standing_of"]

STATE_CLASS = {"chosen": 2, "delivered": 1, "acknowledged": 1, "acted": 0}
"""How far a recipient is -> its class of state."""


def followed(page: Page, uid: str) -> Followed | None:
    """Return how everyone stands with a warning; None for who may not know."""
    if not page.may("warnings.follow"):
        return None
    try:
        return follow(page.hub, page.who, uid)
    except Refused:
        return None


def shown(page: Page, sending: SendingNow, wrong: list[str] | None = None, uid: str = "") -> Response[Any]:
    """Return the page of a warning, for who it is for and for who may follow it."""
    uid = uid or page.path("uid")
    one = desk.read(page.hub, page.who, uid, page.now)
    found = followed(page, uid)
    said = one.kept.last.said
    writes = page.may("warnings.write") and may_change(page, uid)
    out = carried(one.kept.last, page.settings.address, found.versions[0].said.at if found else "") if writes else None
    follows: dict[str, Any] = {"found": None} if found is None else standing_of(page, found, sending)
    return page.show("warnings_one.html", **{
        "status": 422 if wrong else 200, "title": page.pick(said.title.en, said.title.ja), "one": one,
        "text": said, "exercise": said.exercise, "wrong": wrong or [], "writes": writes, "out": out,
        "unchosen": unchosen(page, found) if writes and found and said.kind != "retraction" else [],
        "severity_words": SEVERITY_WORDS, "state_class": STATE_CLASS, "until": until_of(page, said.action),
        "todo": without(page.pick(said.action.en, said.action.ja)), **follows,
    })  # fmt: skip


def may_change(page: Page, uid: str) -> bool:
    """Say whether who asks may send, correct and withdraw a warning."""
    try:
        desk.mine_to_change(page.hub, page.who, uid)
    except Refused:
        return False
    return True


def unchosen(page: Page, found: Followed) -> list[Proposal]:
    """Return whom a warning concerns besides those who were chosen."""
    has = {row.principal for row in found.rows if row.chosen}
    uid = found.kept.uid
    return [one for one in proposed(page.hub, page.who, uid, lenses_of(page)) if one.principal not in has]


def standing_of(page: Page, found: Followed, sending: SendingNow) -> dict[str, Any]:
    """Return what the part with everyone's standing is shown with."""
    chosen = [row for row in found.rows if row.chosen]
    return {
        "found": found, "uid": found.kept.uid, "running": sending.running(found.kept.uid), "bar": bar,
        "steps": STEPS, "top": max((one.at_risk for one in found.coverage), default=0) or 1, "reason": reason_named,
        "chosen": sorted(chosen, key=lambda row: (STATES.index(row.state), row.principal)),
        "silent": [row for row in chosen if row.state in STATES[:2]],
        "barred": [row for row in found.rows if row.kept_from and not row.chosen],
        "kept_from": KEPT_FROM, "channels": CHANNELS, "faults": partial(fault_words, page.lang),
        "state_class": STATE_CLASS, "sector_name": sector_names(page), "japanese": int(page.lang == "ja"),
            "exercise": found.kept.last.said.exercise, "live": "/live",
    }  # fmt: skip


def fault_words(lang: str, row: Row) -> list[tuple[str, str]]:
    """Return each way that has not worked for a recipient: the channel, and why in words."""
    japanese = int(lang == "ja")
    found = []
    for channel, code in row.faults:
        name, _, more = code.partition(": ")
        words = FAULTS.get(name, (code, code))[japanese]
        found.append((CHANNELS[channel][japanese], f"{words} ({more})" if more else words))
    return found
