"""What was found on one incident: items by class, each with its source and Admiralty grade, and what each is worth.

Grades are those of NATO's STANAG 2511 (AJP-2.1): the source from A to F, the information from 1 to 6. Published vendor
reports, from which the model learns, stand at B2; what is graded lower counts for less, never for more.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

__all__ = [
    "BEHAVIOUR", "CLASSES", "GOOD", "REFERENCE", "Class", "Evidence", "Finding", "Item", "findings", "reliability",
    "well_graded",
]  # fmt: skip

SOURCE = {"A": 1.0, "B": 0.9, "C": 0.7, "D": 0.4, "E": 0.2, "F": 0.2}
"""Reliability of a source by its letter. F, which cannot be judged, must not count for more than one judged poor."""
INFORMATION = {"1": 1.0, "2": 0.9, "3": 0.7, "4": 0.4, "5": 0.2, "6": 0.2}
"""Credibility of information by its digit; 6 cannot be judged."""
REFERENCE = "B2"
"""The grade of a published report: an item of this grade or better counts in full."""
GOOD = ("AB", "12")


@dataclass(frozen=True, slots=True)
class Class:
    """A class of evidence.

    forgeable: the share of it that an adversary who wants to look like another can plant, 0-1; ratio: the greatest
    likelihood ratio that all items of the class together may have, where nothing is learned from data.
    """

    name: str
    meaning: str
    meaning_ja: str
    forgeable: float
    ratio: float = 1.0


CLASSES: dict[str, Class] = {
    one.name: one
    for one in (
        Class("technique", "technique of ATT&CK", "ATT&CKの技術", 0.7),
        Class("software", "software of ATT&CK", "ATT&CKのソフトウェア", 0.4),
        Class("ip-address", "IP address", "IPアドレス", 1.0),
        Class("infrastructure", "domains, servers, certificates", "ドメイン・サーバー・証明書", 0.8, 2.0),
        Class("victimology", "who was hit", "標的", 0.5, 1.5),
        Class("language", "language of texts and builds", "言語", 0.95, 1.2),
        Class("working-hours", "hours and holidays of the work", "活動時間帯", 0.8, 1.2),
        Class("geopolitics", "whom it serves, and when", "地政学的な文脈", 0.5, 1.5),
        Class("human", "human and signals intelligence", "人的・信号情報", 0.3, 3.0),
        Class("claim", "attribution by another party", "他者による帰属の表明", 0.5),
    )
}
"""Class -> what it is worth. A ratio of 1 carries nothing: an IP address names a machine, not who sat before it, and a
claim of another government is kept apart from our own finding."""

BEHAVIOUR = ("technique", "software")
"""Classes whose weight is learned from data."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item as it stands in an evidence file.

    id: of ATT&CK, for techniques and software; value and favours (groups or a nexus) for the other classes.
    """

    kind: str
    source: str
    grade: str
    id: str = ""
    value: str = ""
    favours: tuple[str, ...] = ()
    day: date | None = None

    @property
    def label(self) -> str:
        """Return what the item is called: its id, else its class and value."""
        return self.id or f"{self.kind}:{self.value}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """All items on one incident, as of a date (None: of the knowledge)."""

    incident: str
    items: tuple[Item, ...]
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found, by however many sources: what it counts (0-1), and who says so at B2 or better."""

    kind: str
    label: str
    id: str
    favours: tuple[str, ...]
    weight: float
    good_sources: tuple[str, ...]
    sources: tuple[str, ...]


def reliability(grade: str) -> float:
    """Return how likely information of that grade is right, 0-1. KeyError for what is no Admiralty grade."""
    return SOURCE[grade[:1]] * INFORMATION[grade[1:]]


def well_graded(grade: str) -> bool:
    """Say whether a grade is B2 or better in both its parts."""
    return grade[:1] in GOOD[0] and grade[1:] in GOOD[1]


def findings(items: Iterable[Item]) -> tuple[Finding, ...]:
    """Return what was found, each thing once, in the order of their labels, whatever the order of `items`.

    The same from one source counts once, at its best grade; several sources are each another chance that it is right.
    """
    best: dict[tuple[str, str, tuple[str, ...]], dict[str, str]] = {}
    for item in items:
        known = best.setdefault((item.kind, item.label, tuple(sorted(set(item.favours)))), {})
        before = known.get(item.source)
        if before is None or reliability(item.grade) > reliability(before):
            known[item.source] = item.grade
    found = []
    for (kind, label, favours), graded in sorted(best.items()):
        counts = [min(1.0, reliability(grade) / reliability(REFERENCE)) for _, grade in sorted(graded.items())]
        good = tuple(source for source, grade in sorted(graded.items()) if well_graded(grade))
        name = label if kind in BEHAVIOUR else ""
        weight = 1.0 - math.prod(1.0 - count for count in counts)
        found.append(Finding(kind, label, name, favours, weight, good, tuple(sorted(graded))))
    return tuple(found)


def share_of_ratio(found: Sequence[Finding], one: Finding) -> float:
    """Return the logarithm of the likelihood ratio of one finding: its class's greatest, shared by all of the class."""
    alike = sum(1 for other in found if other.kind == one.kind)
    return math.log(CLASSES[one.kind].ratio) / max(alike, 1)
