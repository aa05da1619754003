"""What a warning must be before it is kept: said in both languages, marked, of a length that a mail can carry."""

from __future__ import annotations

import re
from typing import NamedTuple

from noroshi.share.markings import Tlp
from noroshi.share.taxii import IDENTIFIER
from noroshi.share.warnings import SEVERITIES, Said, Words, range_of

__all__ = ["LONGEST", "MOST", "Wrong", "wrongs"]

LONGEST = {"title": 200, "text": 20_000, "action": 10_000}
"""Longest text in characters, in each language."""
MOST = 1000
"""Most names in a list."""
LONGEST_NAME = 500
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""What no text may have; a title has no line end or tab either."""
LINE = re.compile(r"[\t\n]")


class Wrong(NamedTuple):
    """One fault: which key, what was found, what was expected."""

    key: str
    found: str
    expected: str


def wrongs(said: Said) -> tuple[Wrong, ...]:
    """Return every fault of what a person wrote; none where it can be kept."""
    found = [one for key, most in LONGEST.items() for one in of_words(key, getattr(said, key), most)]
    if said.severity not in SEVERITIES:
        found.append(Wrong("severity", said.severity[:40], " | ".join(SEVERITIES)))
    if said.tlp not in map(str, Tlp):
        found.append(Wrong("tlp", said.tlp[:40], " | ".join(map(str, Tlp))))
    if said.communities is not None and not said.communities:
        found.append(Wrong("communities", "an empty list", "at least one, or none said: all whom the TLP admits"))
    audience = said.audience
    lists = {
        "communities": said.communities or (), "about": said.about, "audience.principals": audience.principals,
        "audience.sectors": audience.sectors, "audience.products": audience.products,
        "audience.networks": audience.networks, "audience.organisations": audience.organisations,
    }  # fmt: skip
    for key, names in lists.items():
        if len(names) > MOST:
            found.append(Wrong(key, f"{len(names):,}", f"at most {MOST:,}"))
        unfit = (
            name for name in names
            if not name.strip() or len(name) > LONGEST_NAME or CONTROL.search(name) or LINE.search(name)
        )  # fmt: skip
        found += [Wrong(key, name[:80], f"1 to {LONGEST_NAME} characters, no line ends") for name in unfit]
    found += [Wrong("audience.networks", name[:80], "a range as 192.0.2.0/24") for name in audience.networks
              if range_of(name) is None]  # fmt: skip
    found += [Wrong("about", name[:80], "the id of a STIX object") for name in said.about if not IDENTIFIER.match(name)]
    return tuple(found)


def of_words(key: str, words: Words, most: int) -> list[Wrong]:
    """Return the faults of one text in both languages."""
    found = []
    for lang in ("en", "ja"):
        text: str = getattr(words, lang)
        if not text.strip():
            found.append(Wrong(f"{key}.{lang}", "nothing", "text: a warning is written in both languages"))
        elif len(text) > most:
            found.append(Wrong(f"{key}.{lang}", f"{len(text):,} characters", f"at most {most:,}"))
        elif CONTROL.search(text) or (key == "title" and LINE.search(text)):
            found.append(Wrong(f"{key}.{lang}", "a control character or line end", "plain text"))
    return found
