"""Partner hubs: pull and push, each in its turn; one that fails does not keep the others waiting."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import msgspec

from noroshi.desk.cursors import hub_key
from noroshi.desk.hub import open_hub
from noroshi.desk.peer_secrets import PeerSecrets
from noroshi.errors import NotFoundError
from noroshi.share.markings import Tlp
from noroshi.share.policy import Policy
from noroshi.share.release import Principal as Rights
from noroshi.store import peers as kept
from noroshi.store.peers import PULL, PUSH, State
from noroshi.wire.asking import Asker, PeerFault
from noroshi.wire.taxii_client import authorization
from noroshi.wire.trying import Patience, wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from noroshi.desk.hub import Hub
    from noroshi.settings import Settings
    from noroshi.store.contract import Collection, Principal, Root
    from noroshi.store.peers import Peer
    from noroshi.wire.asking import Timing

__all__ = ["Outcome", "Partner", "standing", "sync", "would_leave"]

BETWEEN = Patience(first=30.0, longest=3600.0)
"""How long a partner that failed is left alone by `sync`: it doubles from half a minute to an hour."""
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Partner:
    """One partner at work: the hub, what was agreed, the principal that stands for it here, and the way to it."""

    hub: Hub
    peer: Peer
    principal: Principal
    policy: Policy
    timing: Timing
    asker: Asker

    @property
    def rights(self) -> Rights:
        """What the partner's own principal may see."""
        return Rights(Tlp(self.principal.sees) if self.principal.sees >= 0 else None, self.principal.communities)

    @property
    def now(self) -> int:
        """The time in microseconds."""
        return int(self.timing.wall() * 1e6)

    def place(self, uid: str, *, write: bool) -> tuple[Root, Collection]:
        """Return the collection of ours and its root; PeerFault where the partner's principal has no leave for it."""
        for root in self.hub.roots(self.principal):
            for one in self.hub.collections(self.principal, root):
                if one.uid == uid and (one.can_write if write else one.can_read):
                    return root, one
        raise PeerFault("not-granted", uid)

    def agreed(self, way: str) -> str:
        """Return a digest of all that decides what goes one way: where it changes, that way begins anew."""
        peer = self.peer
        said: list[Any] = [way, peer.url, peer.remote, peer.principal, peer.max_tlp, peer.unmarked,
                           sorted(peer.communities or ()), peer.communities is None, sorted(peer.types)]  # fmt: skip
        said += [peer.into] if way == PULL else [peer.outof, self.principal.sees, sorted(self.principal.communities)]
        return hashlib.sha256(msgspec.json.encode(said)).hexdigest()

    def begun(self, way: str, *, again: bool) -> tuple[State, State]:
        """Return where one way stands, and from where it goes on: from the beginning where what was agreed changed."""
        there = kept.state(self.hub.store, self.peer.no, way)
        digest = self.agreed(way)
        if there.policy == digest and not again:
            return there, there
        return there, replace(there, place="", cursor="", seen="", policy=digest)

    def reached(self, state: State) -> State:
        """Return a state after a try that went well."""
        return replace(state, failures=0, tried=self.now, next_try=0, fault="")


@dataclass(slots=True)
class Outcome:
    """What one try of one way did.

    done: objects taken in or sent; echoes: what came back and was left out; refused: (id, version, why); fault: what
    ended it, None where it came to its end; waits: until when it is left alone, in microseconds, 0 where it is not.
    """

    peer: str
    way: str
    done: int = 0
    echoes: int = 0
    refusals: int = 0
    refused: list[tuple[str, str, str]] | None = None
    fault: PeerFault | None = None
    waits: int = 0

    def refuse(self, some: tuple[tuple[str, str, str], ...]) -> None:
        """Count what was refused; the first are kept to be shown."""
        self.refused = self.refused or []
        self.refusals += len(some)
        self.refused += some[: max(0, SHOWN - len(self.refused))]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        listed = [{"id": name, "version": version, "reason": why} for name, version, why in self.refused or ()]
        fault = None if self.fault is None else {"code": self.fault.code, "message": str(self.fault)}
        return {"peer": self.peer, "way": self.way, "objects": self.done, "came_back": self.echoes,
                "refused": self.refusals, "refusals": listed, "fault": fault, "waits_until": self.waits}  # fmt: skip


def chosen(hub: Hub, names: tuple[str, ...]) -> tuple[Peer, ...]:
    """Return the partners of some names, all where none is given; NotFoundError."""
    found = {one.name: one for one in kept.known_peers(hub.store)}
    for name in names:
        if name not in found:
            raise NotFoundError(f"no peer {name!r}; declare it with `noroshi admin apply`")
    return tuple(found[name] for name in names) if names else tuple(found.values())


def opened(settings: Settings, hub: Hub, peer: Peer, timing: Timing) -> Partner:
    """Return a partner ready for work; PeerFault where its secret cannot be opened."""
    login = PeerSecrets(hub_key(settings.data)).opened(peer.name, peer.url, peer.password)
    if login is None:
        raise PeerFault("no-key")
    found = hub.store.principal(peer.principal)
    if found is None:
        raise PeerFault("not-granted", peer.principal)
    policy = Policy(Tlp(peer.max_tlp), peer.communities, peer.types)
    asker = Asker(peer.url, authorization(*login), timing, ca=peer.ca)
    return Partner(hub, peer, found[0], policy, timing, asker)


def sync(  # noqa: PLR0913  who, which ways, how
    settings: Settings, names: tuple[str, ...], ways: tuple[str, ...], timing: Timing, *, again: bool = False,
    said: Callable[[str, str, int], None] = lambda *_: None,
) -> tuple[Outcome, ...]:  # fmt: skip
    """Pull from and push to partners, once; `names` empty: all, but those that are to be left alone for a while.

    again: from the beginning; said: told of progress (the partner's name, the way, objects so far). What a partner does
    wrong is in its outcome and its state. NotFoundError for a name that is not declared.
    """
    hub = open_hub(settings)
    try:
        asked = [(peer, way) for peer in chosen(hub, names) for way in ways
                 if (peer.pulls if way == PULL else peer.pushes)]  # fmt: skip
        return tuple(
            once(settings, hub, peer, way, timing, again=again, patient=not names, said=said) for peer, way in asked
        )
    finally:
        hub.store.close()


def once(  # noqa: PLR0913  who, which way, how
    settings: Settings, hub: Hub, peer: Peer, way: str, timing: Timing, *, again: bool, patient: bool,
    said: Callable[[str, str, int], None],
) -> Outcome:  # fmt: skip
    """Return what one try of one way did; a failure is kept with when to try next."""
    from noroshi.desk.peers_pull import pull
    from noroshi.desk.peers_push import push

    outcome = Outcome(peer.name, way)
    before = kept.state(hub.store, peer.no, way)
    now = int(timing.wall() * 1e6)
    if patient and before.next_try > now:
        outcome.waits = before.next_try
        return outcome
    partner: Partner | None = None
    try:
        partner = opened(settings, hub, peer, timing)
        (pull if way == PULL else push)(partner, outcome, again=again, said=lambda n: said(peer.name, way, n))
    except PeerFault as fault:
        outcome.fault = fault
    except kept.Overtaken:
        outcome.fault = PeerFault("overtaken")
    finally:
        if partner is not None:
            partner.asker.close()
    if outcome.fault is not None and outcome.fault.code != "overtaken":
        failures = before.failures + 1 if outcome.done == 0 else 1
        seconds = max(wait(BETWEEN, failures, timing.rng), outcome.fault.wait or 0.0)
        now = int(timing.wall() * 1e6)
        after = replace(before, failures=failures, tried=now, next_try=now + int(seconds * 1e6),
                        fault=outcome.fault.code)  # fmt: skip
        kept.failed(hub.store, peer.no, way, after).result()
    return outcome


def would_leave(
    settings: Settings, names: tuple[str, ...], timing: Timing, *, again: bool = False
) -> Iterator[dict[str, Any]]:
    """Yield what a push would do now, object by object, and nothing is sent: see `peers_push.rehearsed`.

    PeerFault for a partner whose principal has no leave here; NotFoundError for a name that is not declared.
    """
    from noroshi.desk.peers_push import rehearsed

    hub = open_hub(settings)
    try:
        for peer in chosen(hub, names):
            if peer.pushes:
                partner = opened(settings, hub, peer, timing)
                try:
                    yield from rehearsed(partner, again=again)
                finally:
                    partner.asker.close()
    finally:
        hub.store.close()


def standing(settings: Settings) -> list[dict[str, Any]]:
    """Return how each partner stands, both ways; no secret is in it."""
    hub = open_hub(settings)
    try:
        return [one_standing(hub, peer) for peer in kept.known_peers(hub.store)]
    finally:
        hub.store.close()


def one_standing(hub: Hub, peer: Peer) -> dict[str, Any]:
    """Return how one partner stands."""
    said: dict[str, Any] = {
        "peer": peer.name, "url": peer.url, "collection": peer.remote, "principal": peer.principal,
        "max_tlp": str(Tlp(peer.max_tlp)), "types": sorted(peer.types), "unmarked": peer.unmarked,
        "communities": None if peer.communities is None else sorted(peer.communities),
    }  # fmt: skip
    for way, does, uid in ((PULL, peer.pulls, peer.into), (PUSH, peer.pushes, peer.outof)):
        if does:
            now = kept.state(hub.store, peer.no, way)
            listed = [one._asdict() for one in kept.refusals(hub.store, peer.no, way, SHOWN)]
            said[way] = {
                "here": uid, "place": now.place, "objects": now.done, "refused": now.refused, "failures": now.failures,
                "tried": now.tried, "next_try": now.next_try, "fault": now.fault, "refusals": listed,
            }  # fmt: skip
    return said
