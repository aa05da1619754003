"""The call sheet of a situation: whom to call in which order, and what to say, when mail and web are down.

First who is at risk and has not answered, those that lose most first; then the ministries, then partners. What is said
is what a warning says that the marking lets the callee hear, in a language of theirs, without a victim's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from noroshi.desk import situations
from noroshi.desk.blanking import without
from noroshi.desk.case_brief import HOURS, reckon
from noroshi.desk.case_brief_parts import warnings_now
from noroshi.desk.case_past import as_of
from noroshi.desk.case_shapes import filed
from noroshi.desk.naming import known as known_to
from noroshi.desk.permitting import must
from noroshi.desk.situation_warnings import missed
from noroshi.desk.warnings_proposing import rights
from noroshi.desk.withholding import withheld
from noroshi.respond.asks import Words
from noroshi.share.contacts import stage_of
from noroshi.share.markings import Tlp
from noroshi.share.release import ReleaseClass, visible
from noroshi.share.taxii import timestamp
from noroshi.share.warnings import kept_from
from noroshi.share.warnings_receipts import STATES, risen
from noroshi.store import warnings as kept
from noroshi.store.warnings_contacts import contacts

if TYPE_CHECKING:
    from noroshi.desk.case_past import Past
    from noroshi.desk.hub import Hub
    from noroshi.share.warnings import Written
    from noroshi.store.contract import Principal
    from noroshi.store.warnings_contacts import Contact

__all__ = ["GROUPS", "SPOKEN", "CallRow", "CallSheet", "Phone", "calls"]

GROUPS: dict[str, tuple[str, str]] = {
    "silent": ("at risk, warned, has not answered", "リスクあり・警告済み・未回答"),
    "unwarned": ("at risk, not warned", "リスクあり・未警告"),
    "ministry": ("ministry", "省庁"), "partner": ("partner", "連携先"),
}  # fmt: skip
"""Why somebody is called -> in words, in the order in which they are called; both kinds at risk come together."""
SPOKEN = ("ja", "en")
"""Languages in which it is known what to say."""
OPENING: dict[str, Words] = {
    "warning": Words("This is the national cyber security centre, with a warning.",
                     "国家サイバーセキュリティ担当センターです。警告をお伝えします。"),
    "none": Words("This is the national cyber security centre. An incident elsewhere may reach you; a warning follows.",
                  "国家サイバーセキュリティ担当センターです。他所のインシデントの影響を受けるおそれがあります。追って警告します。"),
}  # fmt: skip
CLOSING = Words(
    "Please say that you have understood, and give me your name.",
    "ご理解いただけたか、お名前とともにお知らせください。",
)
DRILL = Words("EXERCISE EXERCISE EXERCISE.", "演習、演習、演習。")


class Phone(Struct):
    """Whom to call: name or role, number, languages with the preferred one first."""

    name: str
    phone: str
    languages: list[str]


class CallRow(Struct):
    """Somebody to be called: why, whom in which order, and what to say in which language.

    lost: person-hours below floor of its own services, by the run; warning "": nothing that it may hear is written.
    """

    group: str
    principal: str
    organisation: str
    lost: float
    phones: list[Phone]
    language: str
    warning: str
    say: list[str]


class CallSheet(Struct):
    """The call sheet of a situation at a moment, in the order of calling; barred: at risk, and may not be told."""

    situation: str
    exercise: bool
    tlp: str
    communities: list[str] | None
    title: Words
    at: str
    rows: list[CallRow]
    barred: list[str]


class Telling(NamedTuple):
    """What every row is made with: the warnings as they stand, what is lost by whom, names that nobody may hear."""

    past: Past
    texts: tuple[Written, ...]
    lost: dict[str, float]
    names: tuple[str, ...]


def calls(hub: Hub, asker: Principal, uid: str, now: int) -> CallSheet:
    """Return the call sheet of a situation; Refused 403, 404."""
    must(asker, "situations.manage")
    past = as_of(hub, asker, uid, now)
    loaded, impact, _ = reckon(past, HOURS, "en")
    lost: dict[str, float] = {}
    for one in impact.below if impact is not None else ():
        lost[one.organisation] = lost.get(one.organisation, 0.0) + (one.person_hours.median or 0.0)
    seen = {one.warning for one in warnings_now(hub, asker, past)}
    every = [there for name in past.situation.warnings if name in seen and (there := kept.found(hub.store, name))]
    telling = Telling(
        past, tuple(there.last.said for there in every), lost,
        withheld(hub, known_to(hub, asker, past.situation.ever), past.situation.estate),
    )  # fmt: skip
    stage = stage_of(past.dossier.by)
    known = [
        one for one in contacts(hub.store)
        if one.exercise == past.dossier.exercise and one.principal != asker.name and stage_of(one.principal) == stage
    ]  # fmt: skip
    case = situations.Shown(past.dossier, past.situation, past.incidents)
    gaps = missed(hub, case, loaded) if loaded is not None else ()
    wanted = {no: "silent" for each in every for no in unanswered(hub, each)}
    unwarned = {name for each in gaps for name in each.reach}
    groups = {one.no: group for one in known if (group := group_of(telling, one, wanted, unwarned))}
    rows = [row_of(telling, one, groups[one.no]) for one in known if one.no in groups]
    barred = sorted({name for each in gaps for name, _ in each.barred} & {one.principal for one in known})
    return CallSheet(uid, *filed(past.dossier), past.situation.title, timestamp(now), sorted(rows, key=order), barred)


def unanswered(hub: Hub, there: kept.Kept) -> list[int]:
    """Return the numbers of who was chosen for a warning and has not answered its last version."""
    came = [one for one in kept.receipts(hub.store, there.no) if one.version == there.last.said.version]
    return [
        one.principal for one in kept.recipients(hub.store, there.no)
        if one.chosen_by and risen(each.state for each in came if each.principal == one.principal) in STATES[:2]
    ]  # fmt: skip


def group_of(telling: Telling, one: Contact, wanted: dict[int, str], unwarned: set[str]) -> str:
    """Return why a contact is called, "" where it is not: whom the marking bars from the case and from its warnings.

    Who has answered is not called again; a ministry is called whatever it answered, as it reaches its sectors.
    """
    filed_as = telling.past.dossier
    admitted = visible(rights(one), ReleaseClass(Tlp(filed_as.tlp), filed_as.communities))
    if not admitted and not heard(telling, one):
        return ""
    if one.no in wanted or one.principal in unwarned:
        return "ministry" if one.kind == "ministry" else wanted.get(one.no, "unwarned")
    return one.kind if one.kind in {"ministry", "partner"} and one.calls else ""


def heard(telling: Telling, one: Contact) -> list[Written]:
    """Return the warnings that a contact may hear."""
    return [said for said in telling.texts if not kept_from(said, rights(one), exercise=one.exercise)]


def row_of(telling: Telling, one: Contact, group: str) -> CallRow:
    """Return the row of a contact, in the first language of its first number in which it is known what to say."""
    spoken = [language for call in one.calls for language in call.languages]
    language = next((each for each in spoken if each.partition("-")[0].lower() in SPOKEN), SPOKEN[0])
    ja = language.partition("-")[0].lower() == "ja"
    may_hear = heard(telling, one)
    said = may_hear[-1] if may_hear else None
    opening = OPENING["none" if said is None else "warning"]
    parts = [opening, CLOSING] if said is None else [
        opening, Words(said.title.en, said.title.ja), Words(said.action.en, said.action.ja), CLOSING,
    ]  # fmt: skip
    if telling.past.dossier.exercise:
        parts = [DRILL, *parts]
    told = [without(each, telling.names) for each in parts]
    return CallRow(
        group, one.principal, one.organisation, round(telling.lost.get(one.organisation, 0.0), 1),
        [Phone(call.name, call.phone, list(call.languages)) for call in one.calls], "ja" if ja else "en",
        "" if said is None else said.warning, [each.ja if ja else each.en for each in told],
    )  # fmt: skip


def order(row: CallRow) -> tuple[int, float, str]:
    """Return by what calls are put in order."""
    place = {"silent": 0, "unwarned": 0, "ministry": 1, "partner": 2}[row.group]
    return place, -row.lost if place == 0 else 0.0, row.principal
