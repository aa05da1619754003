"""Indicators as columns: a million of them in a few lists, each with where it is from and how long it is valid."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from noroshi.share.matching.values import canonical, guessed

if TYPE_CHECKING:
    from noroshi.share.matching.pattern_tree import Pattern

__all__ = ["ALWAYS", "About", "Indicators"]

ALWAYS = (-(2**62), 2**62)
"""Validity of what says none, in microseconds since 1970."""


@dataclass(frozen=True, slots=True)
class About:
    """What is said of an indicator beside its value: id, name, marking, and validity in microseconds since 1970.

    Valid from `since` on and before `until` (STIX 2.1, section 4.7).
    """

    id: str = ""
    name: str = ""
    marking: str = ""
    since: int = ALWAYS[0]
    until: int = ALWAYS[1]


NOTHING = About()


@dataclass(slots=True)
class Indicators:
    """Values to look for, one row each, and compound patterns; filled row by row, since a million are read.

    refused: how many values were of no kind that can be looked for.
    """

    kinds: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    about: list[About] = field(default_factory=list)
    patterns: list[tuple[Pattern, About]] = field(default_factory=list)
    refused: int = 0

    def add(self, kind: str, value: str, about: About = NOTHING) -> bool:
        """Add a value, of a kind or ("") of the kind that its form tells; say whether it is one that can be found.

        A domain name in another script is looked for in both forms.
        """
        made = canonical(kind, value) if kind else guessed(value)
        if made is None:
            self.refused += 1
            return False
        self.kinds.append(made[0])
        self.values.append(made[1])
        self.about.append(about)
        if made[0] == "domain" and made[1].find("xn--") >= 0:
            self._add_shown(made[1], about)
        return True

    def _add_shown(self, name: str, about: About) -> None:
        """Add the form of a domain name that people read."""
        try:
            shown = name.encode("ascii").decode("idna")
        except UnicodeError:
            return
        if not shown.isascii():
            self.kinds.append("idn")
            self.values.append(shown)
            self.about.append(about)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.values)
