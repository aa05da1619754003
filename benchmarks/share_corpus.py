"""What bench_share.py sends: ATT&CK if it is at hand, then indicators from a seed; one in five hidden in 32 classes."""

from __future__ import annotations

import gzip
import json
import random
import uuid
from pathlib import Path
from typing import Any

from noroshi.share.markings import community_definition

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


def corpus(count: int, seed: int = 14) -> list[bytes]:
    """Return so many objects, each as its JSON; what explains their markings comes first."""
    chance = random.Random(seed)  # noqa: S311  the same each time
    definitions = [community_definition([name]) for name in COMMUNITIES]
    objects: list[dict[str, Any]] = []
    if ATTACK.exists():
        objects = json.loads(gzip.decompress(ATTACK.read_bytes()))["objects"]
    explains = [one for one in objects if one["type"] == "marking-definition"]
    objects = [one for one in objects if one["type"] != "marking-definition"]
    found = [json.dumps(one).encode() for one in (*definitions, *explains)]
    for k in range(count - len(found)):
        one = objects[k] if k < len(objects) else indicator(k, chance)
        if chance.random() < HIDDEN:
            refs = [f"marking-definition--{chance.choice(LEVELS)}", chance.choice(definitions)["id"]]
            one = {**one, "object_marking_refs": refs}
        found.append(json.dumps(one).encode())
    return found


def indicator(number: int, chance: random.Random) -> dict[str, Any]:
    """Return an indicator of its own number."""
    when = f"2026-01-{1 + number % 28:02d}T00:00:00.000Z"
    name = uuid.UUID(int=chance.getrandbits(128), version=4)
    return {
        "type": "indicator", "spec_version": "2.1", "id": f"indicator--{name}", "created": when, "modified": when,
        "name": f"indicator {number}", "description": "x" * chance.randint(SHORTEST, 3 * SHORTEST),
        "pattern": f"[ipv4-addr:value = '198.51.{number // 256 % 256}.{number % 256}']", "pattern_type": "stix",
        "valid_from": when, "labels": ["malicious-activity"],
    }  # fmt: skip


def envelopes(objects: list[bytes], size: int) -> list[bytes]:
    """Return objects as envelopes of so many."""
    return [
        b'{"objects":[' + b",".join(objects[k : k + size]) + b"]}" for k in range(0, len(objects), size)
    ]  # fmt: skip
