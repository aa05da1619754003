"""Contacts: how a principal is reached, and what it is at risk by; and the wall between exercises and the real thing.

What is flagged an exercise goes to who is there for exercises alone, and nothing else goes to them: somebody who takes
part in both has two principals. A centre and an auditor see both, since they lead and check them; but that is reading,
no message is sent to them across the wall either.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any, NamedTuple

from noroshi.share.stix_observables import OBSERVABLES

__all__ = [
    "BOTH_WORLDS", "CAST", "EXPLAINS", "LABEL", "UNLABELLED", "Call", "ContactTerms", "crosses", "flagged", "stage_of",
]  # fmt: skip

CAST = "replay."
"""How the names of those begin who play in a script, `replay.SCRIPT.WHO`; nobody else is named so."""
LABEL = "exercise"
"""The label (STIX 2.1, section 3.2, `labels`) of each object of an exercise."""
BOTH_WORLDS = frozenset({"centre", "auditor"})
"""Kinds of principals that may read collections of exercises and others alike."""
EXPLAINS = frozenset({"marking-definition", "extension-definition", "identity"})
"""Types that tell nothing of what happens: they explain objects of both worlds."""
UNLABELLED = EXPLAINS | frozenset(OBSERVABLES)
"""Types that need no label in an exercise: observables have none (STIX 2.1, section 3.2), they go with what refers to
them. A type that the standard does not have needs it."""


class Call(NamedTuple):
    """Somebody to be called: name or role, telephone number, languages (BCP 47) with the preferred one first."""

    name: str
    phone: str
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactTerms:
    """How a principal is warned, and of what; exercise: it is there for exercises alone; calls: in their order."""

    principal: str
    organisation: str = ""
    sectors: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    networks: frozenset[str] = frozenset()
    mail: str = ""
    hook: str = ""
    exercise: bool = False
    calls: tuple[Call, ...] = ()


def stage_of(principal: str) -> str:
    """Return on which stage a principal stands: the playing of a script, "" for the world itself.

    Who is warned, or said to be at risk, is always on the stage of who warns.
    """
    return principal.rpartition(".")[0] if principal.startswith(CAST) else ""


def crosses(value: dict[str, Any], *, exercise: bool) -> bool:
    """Say whether a STIX object may not stand in a collection: flagged in one that is no exercise's, or the reverse."""
    if flagged(value):
        return not exercise
    return exercise and value.get("type") not in UNLABELLED


def flagged(value: dict[str, Any]) -> bool:
    """Say whether a STIX object is marked as one of an exercise: by our label, or by the warning that it carries.

    The label is meant whatever its case, its width (Unicode NFKC) and the blanks around it.
    """
    labels = value.get("labels")
    if isinstance(labels, list) and any(map(is_label, labels)):
        return True
    extensions = value.get("extensions")
    if not isinstance(extensions, dict):
        return False
    said = (one.get("said") for one in extensions.values() if isinstance(one, dict))
    return any(isinstance(one, dict) and one.get("exercise") is True for one in said)


def is_label(text: object) -> bool:
    """Say whether a label is that of exercises, whatever its case, its width and the blanks around it."""
    if not isinstance(text, str):
        return False
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return plain.strip().casefold() == LABEL
