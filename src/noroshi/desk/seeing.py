"""Which release classes a principal sees, asked at every request and worked out once for each that is new."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from noroshi.share.markings import Tlp
from noroshi.share.release import Principal as Rights
from noroshi.share.release import ReleaseClass, classes_of_keys, visible
from noroshi.store.contract import Viewer

if TYPE_CHECKING:
    from noroshi.store.contract import Principal, Store

__all__ = ["Seeing"]

Said = tuple[int, frozenset[str]]
MOST = 4096
"""Kinds of rights that are remembered; beyond it, all are worked out anew."""


class Seeing:
    """What is seen by whom. A class, since classes are only ever added: what was worked out stays right.

    Kept by rights, not by principal, so that a change of rights needs no word here.
    """

    def __init__(self, store: Store) -> None:
        """Start with nothing known."""
        self.store = store
        self.lock = threading.Lock()
        self.known: list[tuple[int, ReleaseClass]] = []
        self.worked: dict[Said, tuple[int, tuple[int, ...]]] = {}

    def classes(self, principal: Principal) -> tuple[int, ...]:
        """Return the places of the classes that a principal sees now, rising."""
        with self.lock:
            fresh = self.store.releases(self.known[-1][0] if self.known else 0)
            self.known += classes_of_keys(sorted((no, key) for key, no in fresh.items()))
            said = (principal.sees, principal.communities)
            upto, found = self.worked.get(said, (0, ()))
            if upto < len(self.known):
                rights = Rights(Tlp(said[0]) if said[0] >= 0 else None, said[1])
                found += tuple(no for no, released in self.known[upto:] if visible(rights, released))
                if len(self.worked) >= MOST:
                    self.worked.clear()
                self.worked[said] = len(self.known), found
            return found

    def viewer(self, principal: Principal, collection: int) -> Viewer:
        """Return what a principal may see of a collection, now."""
        later = self.store.later(principal.no, collection) if principal.apart else ()
        return Viewer(principal.no, self.classes(principal), principal.apart, later)
