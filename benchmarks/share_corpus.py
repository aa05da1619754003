"""What bench_share.py sends: ATT&CK if it is at hand, then objects from a seed; one in five hidden in 32 classes.

ATT&CK is mostly relationships, whose both ends a reader must see. What follows it, up to any number, is indicators and,
one in four, relationships between two of them. Everything is written to a file before anything is measured, so that
envelopes of any size are slices of it and a million objects cost the client no memory.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import uuid
from array import array
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from noroshi.share.markings import community_definition

__all__ = ["COMMUNITIES", "Bodies"]

ATTACK = Path(__file__).resolve().parents[2] / "shared" / "data" / "attack" / "enterprise-attack-v14.1.json.gz"
LEVELS = (
    "bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "55d920b0-5e8b-4f79-9ee9-91f868d9b421",
    "939a9414-2ddd-4d32-a0cd-375ea402b003", "e828b379-4e03-4974-9ac4-e53a884c97c1",
)  # fmt: skip
"""Marking definitions of TLP 2.0: GREEN, AMBER, AMBER+STRICT, RED."""
COMMUNITIES = tuple(f"group-{k}" for k in range(8))
HIDDEN = 0.2
SHORTEST = 350
"""Bytes of the description of an indicator, so that one is about as large as an object of ATT&CK."""
JOINS, REMEMBERED = 4, 1000
"""One made object in so many is a relationship, between two of the indicators last made."""


class Bodies:
    """Objects in a file, one after the other with a comma between; a class for the file's sake."""

    def __init__(self, folder: Path, count: int) -> None:
        """Write so many objects."""
        path = folder / f"objects-{count}"
        self.ends = array("Q", [0])
        with path.open("wb") as file:
            for body in corpus(count):
                file.write(body + b",")
                self.ends.append(self.ends[-1] + len(body) + 1)
        self.handle = os.open(path, os.O_RDONLY)

    def __len__(self) -> int:
        """Return how many objects there are."""
        return len(self.ends) - 1

    def envelope(self, start: int, end: int) -> bytes:
        """Return the objects from `start` up to `end` as an envelope."""
        first, last = self.ends[start], self.ends[min(end, len(self))] - 1
        return b'{"objects":[' + os.pread(self.handle, last - first, first) + b"]}"

    def ids(self, count: int) -> list[str]:
        """Return the ids of so many objects, hidden ones among them, evenly from all."""
        step = max(1, len(self) // count)
        chosen = range(step // 2, len(self), step)
        return [json.loads(self.envelope(k, k + 1))["objects"][0]["id"] for k in chosen][:count]


def corpus(count: int, seed: int = 14) -> Iterator[bytes]:
    """Yield so many objects, each as its JSON; what explains their markings comes first."""
    chance = random.Random(seed)  # noqa: S311  the same each time
    definitions = [community_definition([name]) for name in COMMUNITIES]
    objects: list[dict[str, Any]] = []
    if ATTACK.exists():
        objects = json.loads(gzip.decompress(ATTACK.read_bytes()))["objects"]
    explains = [one for one in objects if one["type"] == "marking-definition"]
    objects = [one for one in objects if one["type"] != "marking-definition"]
    first = [*definitions, *explains]
    yield from (json.dumps(one).encode() for one in first[:count])
    made: list[str] = []
    for k in range(count - len(first)):
        one = objects[k] if k < len(objects) else another(k, chance, made)
        if chance.random() < HIDDEN:
            refs = [f"marking-definition--{chance.choice(LEVELS)}", chance.choice(definitions)["id"]]
            one = {**one, "object_marking_refs": refs}
        yield json.dumps(one).encode()


def another(number: int, chance: random.Random, made: list[str]) -> dict[str, Any]:
    """Return an indicator, or a relationship between two that were made before."""
    when = f"2026-01-{1 + number % 28:02d}T00:00:00.000Z"
    name = uuid.UUID(int=chance.getrandbits(128), version=4)
    if number % JOINS == 0 and len(made) > 1:
        source, target = chance.sample(made, 2)
        return {
            "type": "relationship", "spec_version": "2.1", "id": f"relationship--{name}", "created": when,
            "modified": when, "relationship_type": "related-to", "source_ref": source, "target_ref": target,
            "description": "x" * chance.randint(SHORTEST, 3 * SHORTEST),
        }  # fmt: skip
    made.append(f"indicator--{name}")
    if len(made) > REMEMBERED:
        made.pop(0)
    return {
        "type": "indicator", "spec_version": "2.1", "id": f"indicator--{name}", "created": when, "modified": when,
        "name": f"indicator {number}", "description": "x" * chance.randint(SHORTEST, 3 * SHORTEST),
        "pattern": f"[ipv4-addr:value = '198.51.{number // 256 % 256}.{number % 256}']", "pattern_type": "stix",
        "valid_from": when, "labels": ["malicious-activity"],
    }  # fmt: skip
