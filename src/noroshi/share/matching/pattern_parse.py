"""Reads STIX 2.1 patterns (OASIS STIX 2.1, section 9, and the grammar of oasis-open/cti-stix2-json-schemas' patterns).

By hand, by recursive descent: a million indicators have a million patterns, and a parser made by ANTLR takes
milliseconds for each.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime

from noroshi.share.matching.pattern_tree import (
    Both,
    Comparison,
    Joined,
    Literal,
    Observation,
    Pattern,
    Qualified,
    Step,
    Test,
    Timespan,
)

__all__ = ["PatternError", "microseconds", "parse"]

TOKEN = re.compile(
    r"""\s*(?:/\*.*?\*/\s*|//[^\n]*\n\s*)*(?:
    (?P<stamp>t'(?:[^'\\]|\\.)*') | (?P<binary>b'(?:[^'\\]|\\.)*') | (?P<hex>h'(?:[^'\\]|\\.)*')
    | (?P<text>'(?:[^'\\]|\\.)*')
    | (?P<number>[+-]?[0-9]*\.[0-9]+ | [+-]?(?:0|[1-9][0-9]*)(?![0-9A-Za-z_]))
    | (?P<name>[A-Za-z_][A-Za-z0-9_-]*)
    | (?P<sign><=|>=|!=|<>|==|[=<>\[\](){}:.,*])
    )\s*""",
    re.VERBOSE | re.DOTALL,
)
ORDERS = {"=": "=", "==": "=", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
ON_TEXT = ("LIKE", "MATCHES", "ISSUBSET", "ISSUPERSET")
DEEPEST = 100
LONGEST = 1 << 16
STAMP = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]+))?Z\Z")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PatternError(ValueError):
    """The text is not a STIX pattern; says at what character, and what was expected."""


def microseconds(stamp: str) -> int:
    """Return a STIX timestamp in microseconds since 1970; what is finer is cut off. ValueError for other text."""
    found = STAMP.match(stamp)
    if not found:
        msg = f"{stamp!r} is not a timestamp such as 2026-11-01T00:00:00Z"
        raise ValueError(msg)
    at = datetime.fromisoformat(found[1] + "+00:00") - EPOCH
    return (at.days * 86_400 + at.seconds) * 1_000_000 + int((found[2] or "0").ljust(6, "0")[:6])


def parse(text: str) -> Pattern:
    """Return the tree of a pattern. PatternError for what is not one, or is longer than 65,536 characters."""
    if len(text) > LONGEST:
        msg = f"a pattern of {len(text):,} characters; the longest that is read has {LONGEST:,}"
        raise PatternError(msg)
    reader = _Reader(text)
    tree = reader.observations(0)
    if reader.kind:
        raise reader.error("the end, or AND, OR, FOLLOWEDBY or a qualifier")
    return tree


class _Reader:
    """A place in the text: a class, since every rule of the grammar moves it."""

    def __init__(self, text: str) -> None:
        """Start at the first token."""
        self.text, self.end = text, 0
        self.kind, self.value, self.at = "", "", 0
        self.next()

    def next(self) -> str:
        """Move on by a token and return the one that was there."""
        value = self.value
        found = TOKEN.match(self.text, self.end)
        if found and found.lastgroup:
            self.kind, self.value, self.at, self.end = found.lastgroup, found[found.lastgroup], self.end, found.end()
        elif self.text[self.end :].strip():
            self.at = self.end
            raise self.error("a word, a number, a text in quotes or a sign of the language")
        else:
            self.kind, self.value, self.at = "", "", len(self.text)
        return value

    def error(self, expected: str) -> PatternError:
        """Return the fault at this place."""
        return PatternError(f"at character {self.at + 1}: expected {expected}, found {self.text[self.at :][:40]!r}")

    def word(self, *words: str) -> str:
        """Return the keyword here, if it is one of `words`, and move on; else ""."""
        return self.next() if self.kind == "name" and self.value in words else ""

    def sign(self, sign: str) -> bool:
        """Move on if `sign` is here, and say whether."""
        if self.kind == "sign" and self.value == sign:
            self.next()
            return True
        return False

    def must(self, sign: str) -> None:
        """Move on over `sign`, which must be here."""
        if not self.sign(sign):
            raise self.error(f"'{sign}'")

    def observations(self, depth: int) -> Pattern:
        """FOLLOWEDBY binds least, then OR, then AND."""
        if depth > DEEPEST:
            raise self.error(f"at most {DEEPEST} levels of brackets")
        left = self.observation_or(depth)
        while self.word("FOLLOWEDBY"):
            left = Joined("FOLLOWEDBY", left, self.observation_or(depth))
        return left

    def observation_or(self, depth: int) -> Pattern:
        """Observation expressions joined by OR."""
        left = self.observation_and(depth)
        while self.word("OR"):
            left = Joined("OR", left, self.observation_and(depth))
        return left

    def observation_and(self, depth: int) -> Pattern:
        """Observation expressions joined by AND."""
        left = self.observation(depth)
        while self.word("AND"):
            left = Joined("AND", left, self.observation(depth))
        return left

    def observation(self, depth: int) -> Pattern:
        """One observation expression and its qualifiers."""
        if self.sign("["):
            part: Pattern = Observation(self.test_or(depth))
            self.must("]")
        elif self.sign("("):
            part = self.observations(depth + 1)
            self.must(")")
        else:
            raise self.error("'[' or '('")
        while word := self.word("WITHIN", "REPEATS", "START"):
            part = Qualified(part, self.qualifier(word))
        return part

    def qualifier(self, word: str) -> int | float | Timespan:
        """What follows the first word of a qualifier."""
        if word == "START":
            start = self.stamp()
            if not self.word("STOP"):
                raise self.error("STOP")
            return Timespan(start, self.stamp())
        if self.kind != "number" or float(self.value) <= 0 or (word == "REPEATS" and not self.value.isdecimal()):
            raise self.error("a number above 0")
        number = self.next()
        unit = "TIMES" if word == "REPEATS" else "SECONDS"
        if not self.word(unit):
            raise self.error(unit)
        return int(number) if word == "REPEATS" else float(number) * 1_000_000.0

    def stamp(self) -> int:
        """Return a timestamp in microseconds since 1970."""
        if self.kind != "stamp":
            raise self.error("a timestamp such as t'2026-11-01T00:00:00Z'")
        try:
            return microseconds(self.next()[2:-1])
        except ValueError as error:
            raise PatternError(str(error)) from None

    def test_or(self, depth: int) -> Test:
        """Comparisons joined by OR."""
        parts = [self.test_and(depth)]
        while self.word("OR"):
            parts.append(self.test_and(depth))
        return parts[0] if len(parts) == 1 else Both("OR", tuple(parts))

    def test_and(self, depth: int) -> Test:
        """Comparisons joined by AND, which binds more than OR."""
        parts = [self.test(depth)]
        while self.word("AND"):
            parts.append(self.test(depth))
        return parts[0] if len(parts) == 1 else Both("AND", tuple(parts))

    def test(self, depth: int) -> Test:
        """One comparison, or several in parentheses."""
        if depth > DEEPEST:
            raise self.error(f"at most {DEEPEST} levels of brackets")
        if self.sign("("):
            inner = self.test_or(depth + 1)
            self.must(")")
            return inner
        negated = bool(self.word("NOT"))
        if self.word("EXISTS"):
            return Comparison(*self.path(), "EXISTS", (), negated)
        where = self.path()
        negated = bool(self.word("NOT")) or negated
        if self.kind == "sign" and self.value in ORDERS:
            return Comparison(*where, ORDERS[self.next()], (self.literal(),), negated)
        if self.word("IN"):
            return Comparison(*where, "IN", self.literals(), negated)
        operator = self.word(*ON_TEXT)
        if not operator:
            raise self.error("=, !=, <, <=, >, >=, IN, " + ", ".join(ON_TEXT))
        if self.kind != "text":
            raise self.error("a text in quotes")
        return Comparison(*where, operator, (self.literal(),), negated)

    def path(self) -> tuple[str, tuple[Step, ...]]:
        """Return an object path: the object's type and the steps in it."""
        if self.kind != "name":
            raise self.error("an object path such as file:name")
        kind = self.next()
        self.must(":")
        steps: list[Step] = [self.key()]
        while True:
            if self.sign("."):
                steps.append(self.key())
            elif self.sign("["):
                steps.append(self.place())
                self.must("]")
            else:
                return kind, tuple(steps)

    def key(self) -> str:
        """Return a key of an object path, in quotes or not."""
        if self.kind == "text":
            return unquoted(self.next())
        if self.kind == "name":
            return self.next()
        raise self.error("a property's name")

    def place(self) -> Step:
        """Return a place in a list, None for any."""
        if self.sign("*"):
            return None
        if self.kind == "number" and self.value.lstrip("+-").isdecimal():
            return int(self.next())
        raise self.error("a whole number or *")

    def literals(self) -> tuple[Literal, ...]:
        """Return what stands between parentheses after IN; all of one kind."""
        self.must("(")
        values: list[Literal] = []
        while not self.sign(")"):
            values.append(self.literal())
            if not self.sign(","):
                self.must(")")
                break
        kinds = {type(value) for value in values}
        if len(kinds) > 1 and kinds != {int, float}:
            raise self.error("values of one kind after IN")
        return tuple(values)

    def literal(self) -> Literal:
        """Return a literal in its own type."""
        kind = self.kind
        if kind == "name" and self.value in {"true", "false"}:
            return self.next() == "true"
        if kind == "number":
            number = self.next()
            return float(number) if "." in number else int(number)
        try:
            if kind == "text":
                return unquoted(self.next())
            if kind == "stamp":
                stamp = self.next()[2:-1]
                microseconds(stamp)
                return datetime.fromisoformat(STAMP.sub(r"\1", stamp) + "+00:00").replace(
                    microsecond=microseconds(stamp) % 1_000_000
                )
            if kind == "binary":
                return base64.b64decode(self.next()[2:-1], validate=True)
            if kind == "hex":
                return binascii.a2b_hex(self.next()[2:-1])
        except ValueError as error:
            raise PatternError(f"at character {self.at + 1}: {error}") from None
        raise self.error("a text in quotes, a number, true, false, t'…', b'…' or h'…'")


def unquoted(text: str) -> str:
    """Return a text without its quotes and with its escapes undone."""
    return re.sub(r"\\(['\\])", r"\1", text[1:-1])
