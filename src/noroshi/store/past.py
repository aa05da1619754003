"""What a source has sent before, as its transaction sees it: what it passed on, its rows, and what waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from noroshi.share.inheritance import Passed
from noroshi.share.markings import Marking
from noroshi.store import queries
from noroshi.store.contract import Stored

if TYPE_CHECKING:
    from noroshi.store.contract import Classed, Connection

__all__ = ["SourcePast", "keep_awaited", "keep_passed", "marking_of"]

marking_of: Callable[[str | bytes], Marking] = msgspec.json.Decoder(Marking).decode
"""Return the marking of a text."""

EVERYWHERE = "collection IN (SELECT no FROM collection)"
"""By way of every collection, so that an index by id serves."""


@dataclass(frozen=True, slots=True)
class SourcePast:
    """The past of one source (`contract.Past`), read within a transaction."""

    connection: Connection
    source: int

    def passed(self, ids: set[str]) -> dict[str, Passed]:
        """Return what was passed on to ids so far."""
        rows = self._found("SELECT id, bound, lent FROM passed WHERE source = ? AND id IN ({})", ids)
        return {name: Passed(marking_of(bound), marking_of(lent)) for name, bound, lent in rows}

    def rows(self, ids: set[str]) -> list[Stored]:
        """Return the rows of ids."""
        text = (
            f"SELECT n, body FROM object INDEXED BY object_version WHERE source = ? AND {EVERYWHERE} AND id IN ({{}})"
        )
        return [Stored(n, body) for n, body in self._found(text, ids)]

    def definitions(self, ids: set[str]) -> list[bytes]:
        """Return the bodies of marking definitions."""
        text = (
            "SELECT body FROM object INDEXED BY object_definition WHERE source = ? AND type = 'marking-definition'"
            " AND id IN ({})"
        )
        return [body for (body,) in self._found(text, ids)]

    def awaiting(self, ids: set[str]) -> set[str]:
        """Return the ids whose objects' classes hang on marking definitions that were not there."""
        text = "SELECT id FROM awaited WHERE source = ? AND definition IN ({})"
        return {name for (name,) in self._found(text, ids)}

    def _found(self, text: str, ids: set[str]) -> Iterator[Sequence[Any]]:
        """Yield what a statement finds for the source and some ids."""
        for some in queries.chunked(ids):
            yield from self.connection.execute(text.format(queries.marks(len(some))), (self.source, *some))


def keep_passed(connection: Connection, source: int, passed: dict[str, Passed]) -> None:
    """Keep what is passed on to ids from now on."""
    connection.executemany(
        "INSERT INTO passed (source, id, bound, lent) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (source, id) DO UPDATE SET bound = excluded.bound, lent = excluded.lent",
        [(source, name, text_of(one.bound), text_of(one.lent)) for name, one in passed.items()],
    )


def text_of(marking: Marking) -> str:
    """Return a marking as text that `marking_of` reads back."""
    return msgspec.json.encode(marking).decode()


def keep_awaited(connection: Connection, source: int, classed: Classed) -> None:
    """Keep what hangs on definitions that are not there, and forget what hung on those that came."""
    connection.executemany(
        "DELETE FROM awaited WHERE source = ? AND definition = ?", [(source, one) for one in sorted(classed.explained)]
    )
    connection.executemany(
        "INSERT INTO awaited (source, definition, id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(source, definition, name) for definition, name in sorted(classed.awaits)],
    )
