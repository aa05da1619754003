"""What msgspec must know of a type before threads use it: it learns on first use, and two that do so at once crash.

Seen with msgspec 0.22: a converter that finds another thread's half-made description of a struct reads beyond it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import msgspec

__all__ = ["learn_all", "learned"]

Kind = TypeVar("Kind")


def learned(kind: type[Kind]) -> type[Kind]:
    """Return a type once msgspec knows all of it; for what a module reads in whatever thread, as the module loads."""
    msgspec.json.Decoder(kind)
    return kind


def learn_all() -> int:
    """Have msgspec learn every struct of this package that is loaded; return how many. To be called before threads."""
    count = 0
    for kind in structs(msgspec.Struct):
        if kind.__module__.startswith("noroshi."):
            try:
                learned(kind)
            except (TypeError, NameError):  # it is written and never read: a field is of a type that cannot be
                continue
            count += 1
    return count


def structs(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    """Yield the structs made from one, and those made from them."""
    for one in kind.__subclasses__():
        yield one
        yield from structs(one)
