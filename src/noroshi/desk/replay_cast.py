"""Who plays in a script, and where: principals that nobody can log in as, with contacts to which nothing is sent.

Their names begin as nobody else's do (`contacts.CAST`); those of an exercise are others, and are there for
exercises alone. What a script takes in goes to a collection of its own; in an exercise its objects are copies with ids
of their own, labelled.
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from noroshi.desk.announcing import announce_all
from noroshi.share.contacts import CAST, EXPLAINS, LABEL, UNLABELLED
from noroshi.share.markings import Tlp
from noroshi.store.contract import Declared, DeclaredContact, DeclaredPrincipal

if TYPE_CHECKING:
    from noroshi.respond.script import Script
    from noroshi.store.contract import Store

__all__ = ["ROOT", "Playing", "as_exercise", "declare"]

SPACE = uuid.UUID("0d5b1f6e-6b1c-4c44-9a3d-4b0b1d7f7a10")
"""Namespace of the ids that follow from a script (RFC 9562, version 5)."""
ROOT = "replays"
LONGEST = 10_000_000
IDENTIFIER = re.compile(r"[a-z][a-z0-9-]*--[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Playing:
    """One playing of a script: as history or as an exercise, which may begin at a time of its own ("" = when it did).

    The same script played the same way has the same ids, whenever and wherever.
    """

    script: str
    exercise: bool = False
    begin: str = ""

    def uid(self, what: str) -> str:
        """Return the id of something in it."""
        return str(uuid.uuid5(SPACE, f"{self.script}/{self.exercise}/{self.begin}/{what}"))

    @property
    def situation(self) -> str:
        """Return the id of its situation."""
        return self.uid("situation")

    @property
    def collection(self) -> str:
        """Return the id of the collection into which it takes objects; of the form that collections have."""
        found = uuid.uuid5(SPACE, f"{self.script}/{self.exercise}/collection")
        return str(uuid.UUID(bytes=found.bytes, version=4))

    def name(self, who: str) -> str:
        """Return the principal that somebody in the script is."""
        return f"{CAST}{self.script}{'-exercise' if self.exercise else ''}.{who}"


def declare(store: Store, script: Script, playing: Playing) -> tuple[str, ...]:
    """Make those who play, and the collection; return what was done, a line each, none where all is there."""
    none: frozenset[str] = frozenset()
    people = tuple(
        DeclaredPrincipal(playing.name(one.name), one.kind, int(Tlp[one.sees]), none, "", None) for one in script.cast
    )
    contacts = tuple(
        DeclaredContact(playing.name(one.name), one.organisation, frozenset(one.sectors), frozenset(one.products),
                        exercise=playing.exercise)
        for one in script.cast
    )  # fmt: skip
    title = f"Replay of {script.id}" + (", exercise" if playing.exercise else "")
    collections = ((ROOT, playing.collection, title, "", int(Tlp.GREEN), playing.exercise),)
    grants = tuple((playing.name(one.name), playing.collection, True, one.kind == "centre") for one in script.cast)
    done = store.apply(Declared(people, ((ROOT, "Replays", "", LONGEST),), collections, grants, (), contacts))
    announce_all(store)
    return done


def as_exercise(data: bytes, playing: Playing) -> bytes:
    """Return a bundle as one of an exercise: each object that tells something labelled, and under an id of its own."""
    bundle = json.loads(data)
    for one in bundle["objects"]:
        if one["type"] not in UNLABELLED:
            one["labels"] = sorted({*one.get("labels", ()), LABEL})
    return json.dumps(renamed(bundle, playing), ensure_ascii=False).encode()


def renamed(value: Any, playing: Playing) -> Any:  # noqa: ANN401  any JSON
    """Return JSON with every id that is one of an object replaced by the exercise's own."""
    if isinstance(value, dict):
        return {key: renamed(one, playing) for key, one in value.items()}
    if isinstance(value, list):
        return [renamed(one, playing) for one in value]
    if isinstance(value, str) and IDENTIFIER.match(value):
        kind = value.partition("--")[0]
        if kind not in EXPLAINS:
            return f"{kind}--{playing.uid(value)}"
    return value
