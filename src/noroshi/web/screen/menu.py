"""What the menu leads to: a row a place, with what one must be allowed to see it. What is not built has no row."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.permitting import may
from noroshi.share.permissions import Leave

if TYPE_CHECKING:
    from noroshi.store.contract import Principal

__all__ = ["MENU", "Place", "places"]


class Place(NamedTuple):
    """One entry: its address, the key of its word, and the action of the table that it takes; "" for everybody.

    kinds: of principals for whom it is, where it is not for all who may follow it; also: other first parts of
    addresses whose pages belong to it.
    """

    address: str
    word: str
    action: str = ""
    kinds: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    def has(self, path: str) -> bool:
        """Say whether a page belongs to this entry."""
        starts = (*((self.address,) if self.address != "/" else ()), *self.also)
        return path == self.address or any(path == one or path.startswith(f"{one}/") for one in starts)


MENU: tuple[Place, ...] = (
    Place("/", "menu_now", also=("/due",)),
    Place("/mine", "menu_mine", "assessments.write", ("operator",), ("/assessment",)),
    Place("/brief", "menu_brief"),
    Place("/situations", "menu_situations", "situations.read", also=("/incidents", "/scripts")),
    Place("/what-if", "menu_whatif", "whatif.read"),
    Place("/ratings", "menu_ratings", "ratings.read"),
    Place("/sharing", "menu_sharing", "objects.read", also=("/warnings",)),
    Place("/estate", "menu_estate", "self.read"),
    Place("/admin", "menu_admin", "journal.read"),
)
"""The entries, in the order in which they stand."""


def places(who: Principal | None) -> tuple[Place, ...]:
    """Return the entries that somebody may follow; None is who has not logged in."""
    return tuple(one for one in MENU if not one.action or (who is not None and follows(who, one)))


def follows(who: Principal, one: Place) -> bool:
    """Say whether an entry is for somebody."""
    return may(who, one.action) is not Leave.NEVER and (not one.kinds or who.kind in one.kinds)
