"""One object explained: its versions as a reader sees them, what is asked of the reader, and why it is shown at all."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.permitting import may
from noroshi.desk.receiving import known_definitions
from noroshi.share.headers import header
from noroshi.share.inheritance import effective
from noroshi.share.markings import Pap, Tlp, own_marking
from noroshi.share.permissions import Leave
from noroshi.share.reading import check
from noroshi.share.reasons import Reason
from noroshi.share.release import Principal as Rights
from noroshi.share.release import ReleaseClass, visible
from noroshi.share.taxii import Query, Refused
from noroshi.store import people
from noroshi.store.origins import Origin, origins, passed_on

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.desk.ledger import Handed
    from noroshi.store.contract import Collection, Listed, Principal

__all__ = ["Explained", "explained"]

ABSENT = Refused(404, "Not found", "there is no such resource, or you may not know of it")
MOST_VERSIONS = 100


class Explained(NamedTuple):
    """A version, its markings, who sent it (name "" where that is not for the reader), and why it is shown."""

    row: Listed
    tlp: Tlp
    pap: Pap | None
    communities: tuple[str, ...] | None
    source: str
    source_kind: str
    own: bool
    why: str


def explained(
    hub: Hub, asker: Principal, where: Collection, name: str
) -> tuple[tuple[Explained, ...], Handed]:  # fmt: skip
    """Return the versions of an object that a reader sees, and what the ledger is to be told.

    Refused 404 where the reader sees none: an object that is hidden answers as one that is not there.
    """
    query = Query(ids=(name,), every=True, limit=MOST_VERSIONS)
    answer = hub.page(asker, where, query, "rest-object")
    rows = answer.page.rows
    if not rows:
        raise ABSENT
    rights = Rights(Tlp(asker.sees) if asker.sees >= 0 else None, asker.communities)
    seen = [one for one in origins(hub.store, where.no, name) if visible(rights, ReleaseClass.from_key(one.release))]
    found: list[Explained] = []
    for row in rows:
        sha = hashlib.sha256(row.body).digest()
        origin = next((one for one in seen if one.sha == sha), None)
        if origin is not None:  # what has been taken away since the page was read is not told
            found.append(of_row(hub, asker, row, origin))
    if not found:
        raise ABSENT
    return tuple(found), answer.handed._replace(rows=tuple(one.row for one in found))


def of_row(hub: Hub, asker: Principal, row: Listed, origin: Origin) -> Explained:
    """Return one version explained."""
    released = ReleaseClass.from_key(origin.release)
    tlp = released.tlp if released.tlp is not None else Tlp.RED
    shared = None if released.communities is None else tuple(sorted(released.communities & asker.communities))
    own = origin.source == asker.no
    name, kind = people.names_of(hub.store, [origin.source]).get(origin.source, ("", ""))
    told = own or may(asker, "sources.read") is Leave.ALLOWED
    why = f"TLP:{tlp} is within the TLP:{Tlp(asker.sees)} that you may see"
    if shared is not None:
        why += f", and it is for {', '.join(shared)}, of which you are a member"
    return Explained(row, tlp, pap_of(hub, row, origin.source), shared, name if told else "", kind, own, why)


def pap_of(hub: Hub, row: Listed, source: int) -> Pap | None:
    """Return what may be done with a version, by its own markings and those of what contains it."""
    value = check(row.body)
    head = value if isinstance(value, Reason) else header(value)
    if isinstance(head, Reason):
        return None
    own = own_marking(head, known_definitions(hub.store.definitions(source)))
    return effective(own, passed_on(hub.store, source, row.id)).pap
