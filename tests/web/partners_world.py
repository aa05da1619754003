"""Two hubs that are partners: who is who, what each holds from the start, and a plain oracle of what may cross."""

from __future__ import annotations

import json
import random
import sqlite3
import uuid
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from tests.web.taxii_world import HIGH, MEDIA, PASSWORD, basic

from noroshi.settings import Settings, load_settings
from noroshi.share.markings import TLP_2, Tlp, community_definition

__all__ = ["COLLECTION", "Made", "agreement", "held", "made", "people", "posted", "settings_in", "token"]

COLLECTION = HIGH
LEVELS = {str(level): name for name, level in TLP_2.items()}
COMMUNITIES = {name: community_definition([name]) for name in ("jp-us", "asean")}
DEFINITIONS = tuple({**one, "object_marking_refs": [LEVELS["CLEAR"]]} for one in COMMUNITIES.values())
SEEN_TLP, SEEN_COMMUNITIES, AGREED = Tlp.AMBER_STRICT, ("jp-us",), Tlp.AMBER
"""What each partner's principal may see, and the level up to which they agreed to exchange."""


def token(of: str, at: str) -> str:
    """Return the token of one hub at another."""
    return f"token-of-{of}-at-{at}-0123456789abcdef"


def people(me: str, *others: str, default: str = "", quick: bool = False) -> str:
    """Return the declaration of a hub without its partners; default: the collection's default marking.

    quick: with tokens for all, which take no time to check.
    """
    secret = 'token = "a-token-of-{}-0123456789abcdef"' if quick else f'password = "{PASSWORD}"'
    words = [
        f'[[api_root]]\nname = "trust"\ntitle = "{me}"',
        f'[[collection]]\napi_root = "trust"\nid = "{COLLECTION}"\ntitle = "shared"'
        + (f'\ndefault_marking = "{default}"' if default else ""),
    ]
    words += [f'[[principal]]\nname = "{name}"\nkind = "centre"\n{secret.format(name)}\nsees = "RED"\n'
              'communities = ["jp-us", "asean"]' for name in ("duty", "works")]  # fmt: skip
    words += [f'[[principal]]\nname = "hub-{other}"\nkind = "partner"\ntoken = "{token(other, me)}"\n'
              f'sees = "{SEEN_TLP}"\ncommunities = {json.dumps(SEEN_COMMUNITIES)}' for other in others]  # fmt: skip
    words += [f'[[grant]]\nprincipal = "{name}"\ncollection = "{COLLECTION}"\nread = true\nwrite = true'
              for name in ("duty", "works", *(f"hub-{other}" for other in others))]  # fmt: skip
    return "\n".join(words) + "\n"


def agreement(me: str, other: str, port: int, more: str = "pull = true\npush = true") -> str:
    """Return the declaration of a partner that is reached at a port of loopback."""
    return (
        f'[[peer]]\nname = "{other}"\nurl = "http://127.0.0.1:{port}/trust/"\ncollection = "{COLLECTION}"\n'
        f'into = "{COLLECTION}"\nfrom = "{COLLECTION}"\nprincipal = "hub-{other}"\ntoken = "{token(me, other)}"\n'
        f'max_tlp = "{AGREED}"\n{more}\n'
    )


def settings_in(folder: Path) -> Settings:
    """Return the settings of a hub that keeps all in a folder."""
    return load_settings({"data": str(folder)}, {"HOME": str(folder)}, folder)


@dataclass(slots=True)
class Made:
    """What one hub holds from the start: envelopes by who sends them, and which objects may cross (id, version)."""

    envelopes: list[tuple[str, list[dict[str, Any]]]] = field(default_factory=list)
    crosses: set[tuple[str, str]] = field(default_factory=set)
    every: set[tuple[str, str]] = field(default_factory=set)


def made(hub: str, count: int, seed: int, *, pushed: bool = False) -> Made:
    """Return about so many objects of all kinds, and what of them may cross by the rules, told apart from the code.

    pushed: by pushes alone.

    Sources alternate; levels, communities, versions, joins and containers are drawn.
    """
    rng = random.Random(f"{hub}{seed}")  # noqa: S311  made-up objects
    found = Made()
    for k in range(0, count, 12):
        source, first = ("duty", "works")[k // 12 % 2], k // 12 < 2
        envelope = list(DEFINITIONS) if first else []
        marks: dict[str, tuple[str, str]] = {}
        for _ in range(12):
            level = rng.choice(("", *LEVELS, "GREEN", "AMBER", "CLEAR"))
            community = rng.choice(("", "", "", *COMMUNITIES)) if level else ""
            name = f"indicator--{uuid.UUID(int=rng.getrandbits(128), version=4)}"
            marks[name] = (level, community)
            for version in range(rng.choice((1, 1, 1, 2, 3))):
                when = f"2026-01-0{version + 1}T00:00:00.000Z"
                envelope.append({
                    "type": "indicator", "spec_version": "2.1", "id": name, "created": "2026-01-01T00:00:00.000Z",
                    "modified": when, "name": f"{hub} {name[-4:]} {'x' * rng.randrange(300)}", "valid_from": when,
                    "pattern": "[ipv4-addr:value = '198.51.100.7']", "pattern_type": "stix", **marked(level, community),
                })  # fmt: skip
        envelope += [address(rng, level) for level in ("GREEN", "RED")]
        names = list(marks)
        for _ in range(4):
            level = rng.choice(("", *LEVELS))
            envelope.append(relation(rng, rng.choice(names), rng.choice(names), level))
        if rng.random() < 0.5:
            level = rng.choice(tuple(LEVELS))
            envelope.append(grouping(rng, rng.sample(names, 3), level))
        # the containers of one envelope bind what the same source sends; here each envelope is apart from the others
        found.crosses |= crossing(envelope, pushed=pushed)
        found.every |= {(one["id"], version_of(one)) for one in envelope}
        rng.shuffle(envelope)
        # a source's first envelope holds its definitions, which explain all that follow
        cut = 0 if first else rng.randrange(len(envelope))
        found.envelopes += [(source, part) for part in (envelope[:cut], envelope[cut:]) if part]
    return found


def marked(level: str, community: str) -> dict[str, Any]:
    """Return the markings of an object."""
    refs = ([LEVELS[level]] if level else []) + ([COMMUNITIES[community]["id"]] if community else [])
    return {"object_marking_refs": refs} if refs else {}


def address(rng: random.Random, level: str) -> dict[str, Any]:
    """Return an observable: it has no version."""
    value = f"198.51.{rng.randrange(256)}.{rng.randrange(256)}"
    name = f"ipv4-addr--{uuid.UUID(int=rng.getrandbits(128), version=5)}"
    return {"type": "ipv4-addr", "spec_version": "2.1", "id": name, "value": value, **marked(level, "")}


def relation(rng: random.Random, source: str, target: str, level: str) -> dict[str, Any]:
    """Return a relationship."""
    return {
        "type": "relationship", "spec_version": "2.1", "created": "2026-01-01T00:00:00.000Z",
        "id": f"relationship--{uuid.UUID(int=rng.getrandbits(128), version=4)}", "relationship_type": "related-to",
        "modified": "2026-01-01T00:00:00.000Z", "source_ref": source, "target_ref": target, **marked(level, ""),
    }  # fmt: skip


def grouping(rng: random.Random, names: list[str], level: str) -> dict[str, Any]:
    """Return a grouping: its marking binds what it holds."""
    return {
        "type": "grouping", "spec_version": "2.1", "created": "2026-01-01T00:00:00.000Z",
        "id": f"grouping--{uuid.UUID(int=rng.getrandbits(128), version=4)}", "context": "unspecified",
        "modified": "2026-01-01T00:00:00.000Z", "object_refs": names, **marked(level, ""),
    }  # fmt: skip


def version_of(one: dict[str, Any]) -> str:
    """Return an object's version as it is counted here: what has none counts once."""
    return str(one.get("modified") or one.get("created") or "")


def crossing(envelope: list[dict[str, Any]], *, pushed: bool) -> set[tuple[str, str]]:
    """Return what of one source's objects may cross: the rules said again, without the code's own words.

    Its level is the highest of its own and its groupings'; a relationship is pulled where the partner sees both
    of its ends, and pushed only where both may cross too.
    """
    by_name = {name: int(Tlp.named(level) or 0) for level, name in LEVELS.items()}
    own: dict[str, int] = {}
    groups: dict[str, set[str]] = {}
    for one in envelope:
        refs = one.get("object_marking_refs", [])
        own[one["id"]] = max((by_name[ref] for ref in refs if ref in by_name), default=-1)
        groups[one["id"]] = {name for name, said in COMMUNITIES.items() if said["id"] in refs}
    level = dict(own)
    for one in envelope:
        if one["type"] == "grouping":
            for ref in one["object_refs"]:
                level[ref] = max(level[ref], own[one["id"]])

    def upto(most: Tlp) -> set[str]:
        return {name for name, found in level.items()
                if 0 <= found <= int(most) and all(one in SEEN_COMMUNITIES for one in groups[name])}  # fmt: skip

    ends = upto(AGREED if pushed else SEEN_TLP)
    return {(one["id"], version_of(one)) for one in envelope if one["id"] in upto(AGREED)
            and all(one.get(end, one["id"]) in ends for end in ("source_ref", "target_ref"))}  # fmt: skip


def posted(address: str, things: Made) -> None:
    """Send a hub what it holds from the start."""
    headers = {"Accept": MEDIA, "Content-Type": MEDIA}
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        for who, envelope in things.envelopes:
            answer = client.post(f"/trust/collections/{COLLECTION}/objects/", json={"objects": envelope},
                                 headers=basic(who))  # fmt: skip
            assert answer.json()["failure_count"] == 0, answer.text


def held(folder: Path) -> dict[str, Counter[tuple[str, str]]]:
    """Return of each source the versions that a hub holds, and how often: (id, version), "" for what has none."""
    found: dict[str, Counter[tuple[str, str]]] = {}
    with closing(sqlite3.connect(f"file:{folder / 'noroshi.sqlite3'}?mode=ro", uri=True)) as store:
        rows = store.execute("SELECT p.name, o.body FROM object o JOIN principal p ON p.no = o.source")
        for source, body in rows:
            one = json.loads(body)
            found.setdefault(source, Counter())[one["id"], version_of(one)] += 1
    return found
