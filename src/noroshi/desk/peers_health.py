"""How partner hubs stand, for who runs the exchange: each way, what is wrong, and when it is tried next."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.permitting import must
from noroshi.share.markings import Tlp
from noroshi.store.peers import PULL, PUSH, known_peers, refusals, state

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Principal
    from noroshi.store.peers import Peer, Refusal

__all__ = ["NEVER", "WELL", "Health", "Way", "health"]

WELL, NEVER, FAILING, LATE = "well", "never", "failing", "late"
LATE_US = 3_600_000_000
"""Without a try for so long a way is late: nothing runs `noroshi share sync`, or it does not come that far."""
SHOWN = 20


class Way(NamedTuple):
    """One way of one partner. standing: well, never (tried), failing, late; fault: of `wire.asking.PEER_FAULTS`.

    here: the title of our collection; times in microseconds, 0 = never; lag: since the last try, in microseconds.
    """

    way: str
    here: str
    standing: str
    objects: int
    refused: int
    failures: int
    tried: int
    lag: int
    next_try: int
    fault: str
    refusals: tuple[Refusal, ...]


class Health(NamedTuple):
    """A partner hub: where it is, what was agreed, and its ways."""

    name: str
    url: str
    principal: str
    most: Tlp
    communities: tuple[str, ...] | None
    types: tuple[str, ...]
    ways: tuple[Way, ...]


def health(hub: Hub, asker: Principal, now: int) -> tuple[Health, ...]:
    """Return how each partner stands, by name; `now` in microseconds. Refused 403 for who does not run the exchange."""
    must(asker, "principals.list")
    titles: dict[str, str] = dict(hub.store.ask("SELECT uid, title FROM collection"))
    return tuple(
        Health(
            peer.name, peer.url, peer.principal, Tlp(peer.max_tlp),
            None if peer.communities is None else tuple(sorted(peer.communities)), tuple(sorted(peer.types)),
            tuple(of_way(hub, peer, way, titles.get(uid, uid), now)
                  for way, does, uid in ((PULL, peer.pulls, peer.into), (PUSH, peer.pushes, peer.outof)) if does),
        )
        for peer in known_peers(hub.store)
    )  # fmt: skip


def of_way(hub: Hub, peer: Peer, way: str, here: str, now: int) -> Way:
    """Return how one way stands."""
    there = state(hub.store, peer.no, way)
    lag = now - there.tried if there.tried else 0
    standing = FAILING if there.fault else NEVER if not there.tried else LATE if lag > LATE_US else WELL
    listed = refusals(hub.store, peer.no, way, SHOWN)
    return Way(way, here, standing, there.done, there.refused, there.failures, there.tried, lag, there.next_try,
               there.fault, listed)  # fmt: skip
