"""Whom a warning concerns, of those whom the hub knows; and how each recipient stands with it, with coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from noroshi.desk.naming import may_be_led
from noroshi.desk.warnings import followed, mine_to_change
from noroshi.share.contacts import stage_of
from noroshi.share.markings import Tlp
from noroshi.share.release import Principal as Rights
from noroshi.share.warnings import Exposed, Said, Why, propose
from noroshi.share.warnings_receipts import STATES, Standing, coverage, risen
from noroshi.store import warnings as kept
from noroshi.store.warnings_contacts import contacts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from noroshi.desk.hub import Hub
    from noroshi.estate.model import Estate
    from noroshi.share.warnings import Proposal, Signed
    from noroshi.share.warnings_receipts import Coverage
    from noroshi.store.contract import Principal
    from noroshi.store.warnings import Kept, Receipt, Sending
    from noroshi.store.warnings_contacts import Contact

__all__ = ["NOTHING", "Followed", "Lenses", "Row", "follow", "had_before", "proposals", "proposed", "rights"]


AUDITOR = "auditor"
"""Who checks the exchange does not take part in it; by name it can be chosen all the same."""


LEADS_TO = frozenset({"organisation", "dependency", "threat"})
"""Rules of reasons that lead to an organisation, which may be a victim."""


class Lenses(NamedTuple):
    """What besides the contacts says whom a warning concerns: an estate, and whom a brief says to warn, and why."""

    estate: Estate | None = None
    warn: Mapping[str, tuple[str, str]] | None = None


NOTHING = Lenses()


class Row(NamedTuple):
    """How a recipient stands with the last version. faults: (channel, code) of each way that has not worked yet.

    note: what the recipient said of what it did; had: the last earlier version that it may have.
    """

    principal: str
    sectors: tuple[str, ...]
    reasons: tuple[Why, ...]
    kept_from: str
    chosen: bool
    state: str
    via: tuple[str, ...]
    note: str
    had: int
    faults: tuple[tuple[str, str], ...]


class Followed(NamedTuple):
    """A warning with all its versions, how each recipient stands, and the counts by sector."""

    kept: Kept
    versions: tuple[Signed, ...]
    rows: tuple[Row, ...]
    coverage: tuple[Coverage, ...]


def rights(one: Contact) -> Rights:
    """Return what decides what a contact may see."""
    return Rights(Tlp(one.sees) if one.sees >= 0 else None, one.communities)


def proposed(hub: Hub, asker: Principal, uid: str, lenses: Lenses = NOTHING) -> tuple[Proposal, ...]:
    """Return everyone whom a warning concerns, each with its reasons; nothing is kept. Refused 403, 404."""
    found = proposals(hub, mine_to_change(hub, asker, uid), lenses)
    if may_be_led(hub, asker, uid):
        return found
    return tuple(msgspec.structs.replace(one, reasons=untold(one.reasons)) for one in found)


def proposals(hub: Hub, there: Kept, lenses: Lenses = NOTHING) -> tuple[Proposal, ...]:
    """Return the proposals for a warning as its last version is marked."""
    text = there.last.said
    said = Said(text.title, text.text, text.action, text.severity, text.tlp, text.communities, there.audience,
                exercise=text.exercise)  # fmt: skip
    exposed = [
        Exposed(one.principal, rights(one), one.organisation, one.sectors, one.products, one.networks, one.exercise)
        for one in contacts(hub.store)
        if one.principal != there.author
        and one.kind != AUDITOR
        and (one.sees >= 0 or one.mail or one.hook)
        and stage_of(one.principal) == stage_of(there.author)
    ]
    depends, lens = None, None
    if lenses.estate is not None:
        from noroshi.desk.warnings_estate import dependants, enriched, has_of

        has = has_of(lenses.estate)
        exposed = [enriched(one, has) for one in exposed]
        depends = dependants(lenses.estate, there.audience.organisations)
    if lenses.warn is not None:
        lens = {name: Why("threat", *why) for name, why in lenses.warn.items()}
    return propose(said, exposed, depends, lens)


def follow(hub: Hub, asker: Principal, uid: str) -> Followed:
    """Return how everyone stands with a warning; what was fetched over TAXII meanwhile is counted. Refused 403, 404."""
    from noroshi.desk.warnings_taxii import collected

    there = followed(hub, asker, uid)
    collected(hub, there)
    known = {one.no: one for one in contacts(hub.store)}
    sent, came = kept.sendings(hub.store, there.no), kept.receipts(hub.store, there.no)
    rows = tuple(row_of(one, known[one.principal], there, sent, came) for one in kept.recipients(hub.store, there.no))
    if not may_be_led(hub, asker, uid):
        rows = tuple(row._replace(reasons=untold(row.reasons)) for row in rows)
    counts = coverage(Standing(one.principal, one.sectors, one.chosen, one.kept_from, one.state) for one in rows)
    return Followed(there, kept.versions(hub.store, there.no), rows, counts)


def untold(reasons: tuple[Why, ...]) -> tuple[Why, ...]:
    """Return reasons for who is not told the victims: whatever leads to an organisation says no more than that."""
    return tuple(dict.fromkeys(Why("untold", "") if why.rule in LEADS_TO else why for why in reasons))


def row_of(
    one: kept.Recipient, contact: Contact, there: Kept, sent: tuple[Sending, ...], came: tuple[Receipt, ...]
) -> Row:
    """Return how a recipient stands."""
    last = there.last.said
    mine = [each for each in came if each.principal == one.principal and each.version == last.version]
    state = risen(each.state for each in mine)
    had = had_before(one.principal, last.version, sent, came)
    told = bool(one.chosen_by) and (last.kind != "retraction" or had > 0)
    faults = () if state != STATES[0] or not told else tuple(ways(one.principal, contact, last.version, sent))
    via = tuple(dict.fromkeys(each.via for each in mine if each.state == STATES[1]))
    note = next((each.note for each in reversed(mine) if each.note), "")
    return Row(one.name, one.sectors, one.reasons, one.kept_from, bool(one.chosen_by), state, via, note, had, faults)


def ways(principal: int, contact: Contact, version: int, sent: tuple[Sending, ...]) -> list[tuple[str, str]]:
    """Return each way to a recipient that has not worked, and why."""
    rows = {each.channel: each for each in sent if each.principal == principal and each.version == version}
    found = [("page", rows["page"].fault if "page" in rows and rows["page"].fault else "not-read")]
    if "taxii" in rows:
        found.append(("taxii", "not-collected"))
    for channel, where in (("mail", contact.mail), ("hook", contact.hook)):
        if where or channel in rows:
            row = rows.get(channel)
            found.append((channel, "not-tried" if row is None else row.fault or "in-doubt"))
    return found


def had_before(principal: int, version: int, sent: tuple[Sending, ...], came: tuple[Receipt, ...]) -> int:
    """Return the last version before one that a principal has, or may have; 0 for none.

    What was under way when its process ended may have left; what failed has not.
    """
    left = (kept.SENT, kept.SENDING)
    return max((
        *(one.version for one in came if one.principal == principal and one.version < version),
        *(one.version for one in sent
          if one.principal == principal and one.version < version and one.state in left),
    ), default=0)  # fmt: skip
