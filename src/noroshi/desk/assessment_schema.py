"""An assessment as data: what `noroshi attribute assess --json` writes, and its JSON Schema.

The field names are a contract with programs outside this repository: a field may be added, none may be renamed.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

__all__ = [
    "SCHEMA_VERSION", "AssessmentFile", "Candidate", "Finding", "ForgedShare", "Guard", "GuardCheck", "NexusShare",
    "PriorBand", "Settles", "schema",
]  # fmt: skip

SCHEMA_VERSION = 1
TITLE = "Noroshi assessment"

Share = Annotated[float, Meta(ge=0, le=1)]


class Candidate(Struct, frozen=True, kw_only=True):
    """A published group with its probability, and the word of ICD 203 for it."""

    id: str
    name: str
    probability: Share
    word: str
    word_ja: str


class NexusShare(Struct, frozen=True, kw_only=True):
    """A nexus with its probability: a country, "criminal", "not stated" or "unknown"."""

    name: str
    probability: Share


class GuardCheck(Struct, frozen=True, kw_only=True):
    """One rule of the guard, whether it holds, and what it asks."""

    rule: str
    holds: bool
    text: str
    text_ja: str


class Guard(Struct, frozen=True, kw_only=True):
    """Whether every rule holds; reasons: of those that do not, in words."""

    passed: bool
    reasons: tuple[str, ...]
    reasons_ja: tuple[str, ...]
    checks: tuple[GuardCheck, ...]


class ForgedShare(Struct, frozen=True, kw_only=True):
    """Who leads if a share of the evidence is forged, and the probability of an unlisted actor."""

    leader: str
    probability: Share
    unknown: Share


class PriorBand(Struct, frozen=True, kw_only=True):
    """The probability of the leader and of an unlisted actor, under another prior of the latter."""

    prior_unknown: Share
    leader: Share
    unknown: Share


class Finding(Struct, frozen=True, kw_only=True):
    """One finding: how far it is believed (0-1), and of how many groups it is published.

    against_*: by how much it puts the leader ahead of the runner-up and of the unknown, in log odds.
    """

    kind: str
    label: str
    name: str
    weight: Share
    sources: tuple[str, ...]
    published_of_leader: bool
    groups: int
    against_runner_up: float
    against_unknown: float


class Settles(Struct, frozen=True, kw_only=True):
    """What would settle it: an item that, if found at B2, would take its group from `now` to `then`."""

    kind: str
    id: str
    name: str
    group: str
    now: Share
    then: Share


class AssessmentFile(Struct, frozen=True, kw_only=True):
    """An assessment. candidates in descending order; they and `unknown` sum to 1. asserted: a group, or null.

    flips_when_removed: labels of the smallest evidence without which another group leads; null if there is none.
    forged: by share of the evidence that is forged. unrecognised: ids that no group is published to use.
    """

    schema_version: int
    incident: str
    as_of: str
    knowledge: str
    basis: str
    basis_ja: str
    candidates: tuple[Candidate, ...]
    unknown: Share
    unknown_word: str
    unknown_word_ja: str
    nexus: tuple[NexusShare, ...]
    asserted: str | None
    statement: str
    statement_ja: str
    guard: Guard
    flips_when_removed: tuple[str, ...] | None
    forged: dict[str, ForgedShare]
    prior_band: tuple[PriorBand, ...]
    findings: tuple[Finding, ...]
    claims: tuple[str, ...]
    would_settle: tuple[Settles, ...]
    unrecognised: tuple[str, ...]


def schema() -> bytes:
    """Return the JSON Schema (draft 2020-12) of an assessment, indented, with a newline at the end."""
    described: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": TITLE}
    described |= msgspec.json.schema(AssessmentFile)
    return msgspec.json.format(msgspec.json.encode(described, order="deterministic"), indent=2) + b"\n"
