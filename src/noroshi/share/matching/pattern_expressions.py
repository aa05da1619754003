"""Regular expressions of patterns: matched by RE2, in time that grows with the text alone, and by Python where it may.

Python's own are faster on short texts, but only what both read alike is left to them, with one repetition at most.
Texts that an expression must hold somewhere are looked for first, since most texts do not hold them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any, NamedTuple

from noroshi.share.matching.pattern_parse import PatternError

__all__ = ["as_text", "needed", "pythons", "searched"]

LARGEST_MEMORY = 1 << 23
SHORT = 1024
"""Longer texts are not given to Python."""
LONGEST_TEXT = 1 << 20
"""Longer texts are matched by their first 1,048,576 characters only."""
PART = re.compile(
    r"""(?:(?P<sign>[A-Za-z0-9 _/:%&=,;@!~"'<>#-])
    | \\(?P<escaped>[!-/:-@\[-^`{-~])
    | (?P<set>\[\^?[A-Za-z0-9 _/:%&=,;.?*+$()|@!~"'<>#-]+\] | \. | \\[dDwW])
    | (?P<edge>[\^$]))
    (?P<times>[*+?]\??)?""",
    re.VERBOSE,
)
"""A part of an expression that both read alike; there are others, such as groups."""
DOUBLE = re.compile(r"--|&&|~~|\|\|")
"""Signs that Python may come to read otherwise between square brackets."""


class Part(NamedTuple):
    """A part of an expression. sign: the one sign that it stands for, "" for others; repeated: any number of times."""

    text: str
    sign: str
    edge: bool
    repeated: bool


def parts_of(expression: str) -> list[Part] | None:
    """Return the parts of an expression; None where it has others than `PART`."""
    parts: list[Part] = []
    at = 0
    while at < len(expression):
        found = PART.match(expression, at)
        if found is None or (found["edge"] and found["times"]) or (found["set"] and DOUBLE.search(found["set"])):
            return None
        one = found["set"] or ""
        sign = found["sign"] or found["escaped"] or (one[1:-1] if len(one) == len("[x]") else "")
        parts.append(Part(found[0], sign, bool(found["edge"]), bool(found["times"])))
        at = found.end()
    return parts


def needed(expression: str) -> tuple[str, ...]:
    """Return texts that each text holds in which the expression is found: at most the two longest."""
    runs = [""]
    for part in parts_of(expression) or ():
        if part.sign and not part.repeated:
            runs[-1] += part.sign
        else:
            runs.append("")
    return tuple(sorted(filter(None, runs), key=len, reverse=True)[:2])


def pythons(expression: str) -> Callable[[str], object] | None:
    """Return Python's own search of an expression that it reads as RE2 does and about as fast; None for others."""
    parts = parts_of(expression)
    if not parts or sum(part.repeated for part in parts) > 1:
        return None
    first, last = parts[0].text == "^", parts[-1].text == "$"
    if any(part.edge for part in parts[first : len(parts) - last]):
        return None
    made = re.compile("".join(part.text for part in parts[: len(parts) - last]) + (r"\Z" if last else ""), re.ASCII)
    return made.match if first else made.search


def as_text(value: Any) -> str | None:  # noqa: ANN401  JSON
    """Return the text that a value is: in NFC, bytes as Latin-1; None for others."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return unicodedata.normalize("NFC", value) if isinstance(value, str) else None


def searched(expression: str) -> Callable[[Any], bool]:
    """Return a function that says whether a value is a text in which an expression is found.

    PatternError for what RE2 cannot do: references back, looking around.
    """
    import re2

    options = re2.Options()
    options.max_mem = LARGEST_MEMORY
    options.log_errors = False
    try:
        machine = re2.compile(expression.encode("utf-8", "replace"), options)
    except re2.error as error:
        msg = f"{expression[:80]!r}: {error}: it cannot be matched in time that grows with the text alone"
        raise PatternError(msg) from None
    simple = pythons(expression)
    one, two = (*needed(expression), "", "")[:2]

    def holds(value: Any) -> bool:  # noqa: ANN401  JSON
        if type(value) is str and value.isascii():
            if one not in value or two not in value:
                return False
            if simple is not None and len(value) <= SHORT:
                return simple(value) is not None
            text: str | None = value
        else:
            text = as_text(value)
        return text is not None and machine.search(text[:LONGEST_TEXT].encode("utf-8", "replace")) is not None

    return holds
