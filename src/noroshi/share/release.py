"""Releasability: release classes, principals, and which classes a principal sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from noroshi.share.headers import Header
from noroshi.share.markings import Marking, Tlp

__all__ = ["Principal", "ReleaseClass", "classes_of_keys", "classes_seen", "ends_visible", "release_class", "visible"]


class ReleaseClass(msgspec.Struct, frozen=True, order=False):
    """What decides who may see: TLP (None: unmarked, nobody) and communities (None: all; empty: nobody).

    The store interns classes by `key` and keeps the number with each row.
    """

    tlp: Tlp | None
    communities: frozenset[str] | None

    def key(self) -> str:
        """Return the class as text that `from_key` reads back: equal classes have equal keys."""
        names = None if self.communities is None else sorted(self.communities)
        return msgspec.json.encode([None if self.tlp is None else str(self.tlp), names]).decode()

    @classmethod
    def from_key(cls, key: str) -> ReleaseClass:
        """Return the class of a `key`; ValueError if it is none."""
        try:
            tlp, names = msgspec.json.decode(key, type=tuple[str | None, list[str] | None])
        except msgspec.DecodeError as error:
            raise ValueError(f"{key!r} is no key of a release class") from error
        level = None if tlp is None else Tlp.named(tlp)
        if level is None and tlp is not None:
            raise ValueError(f"{tlp!r} is no TLP level")
        return cls(level, None if names is None else frozenset(names))


class Principal(msgspec.Struct, frozen=True):
    """What of a principal decides what it may see: the highest TLP (None: nothing at all) and its communities."""

    sees: Tlp | None
    communities: frozenset[str] = frozenset()


def release_class(marking: Marking, default: Marking | None = None) -> ReleaseClass:
    """Return the class of an effective marking (after inheritance); `default` is the collection's.

    The default gives a TLP to what has none, nothing else: communities that the object names stay. What names a
    definition that is not there is for nobody.
    """
    if marking.unknown:
        return ReleaseClass(None, None)
    tlp, communities = marking.tlp, marking.communities
    if tlp is None and default is not None:
        tlp = default.tlp
        communities = default.communities if communities is None else communities
    return ReleaseClass(tlp, communities)


def visible(principal: Principal, released: ReleaseClass) -> bool:
    """Return whether the principal may see what is in the class: deny by default.

    Seen if the TLP is known and at most `sees`, and the principal belongs to one of the class's communities, if it
    names any. RED goes to named recipients only: to be named is to have `sees = RED` and, where communities are
    named too, to be of one of them.
    """
    if released.tlp is None or principal.sees is None or released.tlp > principal.sees:
        return False
    return released.communities is None or not released.communities.isdisjoint(principal.communities)


def classes_seen(principal: Principal, classes: Iterable[tuple[int, ReleaseClass]]) -> frozenset[int]:
    """Return the numbers of those interned classes that the principal sees."""
    return frozenset(number for number, released in classes if visible(principal, released))


def classes_of_keys(keys: Iterable[tuple[int, str]]) -> Iterator[tuple[int, ReleaseClass]]:
    """Yield the interned classes of keys; one that cannot be read, as of a newer Noroshi, is shown to nobody."""
    for number, key in keys:
        try:
            yield number, ReleaseClass.from_key(key)
        except ValueError:
            yield number, ReleaseClass(None, None)


def ends_visible(header: Header, sees: Callable[[str], bool]) -> bool:
    """Return whether everything that a relationship or sighting joins is visible; True for other types.

    `sees` says of an id whether the viewer may see some version of it in the same place; what is not there is not
    seen, for hidden must equal absent: whoever may write could else ask of a guessed SCO id by relating to it.
    """
    return header.type not in {"relationship", "sighting"} or all(map(sees, header.ends))
