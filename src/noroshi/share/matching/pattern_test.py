"""Comparisons of STIX patterns as functions of one object (OASIS STIX 2.1, section 9.6)."""

from __future__ import annotations

import base64
import binascii
import operator
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

from noroshi.share.matching.pattern_parse import PatternError, microseconds
from noroshi.share.matching.pattern_tree import Comparison, Literal, Step, Test
from noroshi.share.matching.values import IPV4

__all__ = ["Check", "Objects", "compiled"]

Objects = Mapping[str, Mapping[str, Any]]
"""The objects of one observation by id; references lead to others of them."""
Check = Callable[[Mapping[str, Any], Objects], bool]
ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
LARGEST_MEMORY = 1 << 23
SHORT = 1024
PLAIN = re.compile(
    r"[A-Za-z0-9 ^_/:%&=,;-]*(?:\.?[*+])?[A-Za-z0-9 ^_/:%&=,;-]*\Z|[A-Za-z0-9 ^_/:-]*\[[A-Za-z0-9-]+\][*+]?\Z"
)
"""Expressions with at most one repetition, read alike by Python, which is faster on texts of up to 1,024 characters."""
LONGEST_TEXT = 1 << 20
"""Longer texts are matched by their first 1,048,576 characters only."""
LATIN = 256


def compiled(test: Test) -> Check:
    """Return a function that says whether an object passes the test. PatternError for an expression that is not one.

    Regular expressions are matched by RE2, in time that grows with the text alone; what it cannot do (references back,
    looking around) is refused.
    """
    if isinstance(test, Comparison):
        return comparison(test)
    checks = [compiled(part) for part in test.parts]
    if test.operator == "AND":
        return lambda one, among: all(check(one, among) for check in checks)
    return lambda one, among: any(check(one, among) for check in checks)


def comparison(test: Comparison) -> Check:
    """Return the function of one comparison: some value at the path passes."""
    kind, path, holds = test.type, test.path, predicate(test)
    first = path[0]
    if len(path) == 1 and isinstance(first, str) and not first.endswith(("_ref", "_refs", "_hex", "_bin")):

        def simple(one: Mapping[str, Any], among: Objects) -> bool:  # noqa: ARG001  as the others
            return one.get("type") == kind and first in one and holds(one[first])

        return simple

    def check(one: Mapping[str, Any], among: Objects) -> bool:
        if one.get("type") != kind:
            return False
        values: list[Any] = [one]
        for step in path:
            values = stepped(values, step, among)
            if not values:
                return False
        return any(map(holds, values))

    return check


def stepped(values: list[Any], step: Step, among: Objects) -> list[Any]:
    """Return what lies one step further in each of `values`; references are followed, binary texts decoded."""
    if step is None:
        return [one for value in values if isinstance(value, list) for one in value]
    if isinstance(step, int):
        return [value[step] for value in values if isinstance(value, list) and 0 <= step < len(value)]
    found = [value[step] for value in values if isinstance(value, Mapping) and step in value]
    if step.endswith("_ref"):
        return [among[one] for one in found if isinstance(one, str) and one in among]
    if step.endswith("_refs"):
        lists = [[among[one] for one in some if one in among] for some in found if isinstance(some, list)]
        return [some for some in lists if some]
    if step.endswith(("_hex", "_bin")):
        return [decoded for one in found if (decoded := octets(step, one)) is not None]
    return found


def octets(name: str, value: object) -> bytes | None:
    """Return the bytes that a property written in hexadecimal or Base64 holds; None where it is neither."""
    try:
        return binascii.a2b_hex(str(value)) if name.endswith("_hex") else base64.b64decode(str(value), validate=True)
    except ValueError:
        return None


def predicate(test: Comparison) -> Callable[[Any], bool]:
    """Return the function of one value."""
    if test.operator == "EXISTS":
        if test.negated:
            raise PatternError("NOT EXISTS cannot be decided from what was seen")
        return lambda value: True  # noqa: ARG005  whatever it is
    if test.negated and test.operator in OPPOSITE:  # what cannot be compared is false either way
        return order(test.values, OPPOSITE[test.operator])
    holds = MAKERS[test.operator](test.values, test.operator)
    if test.negated:
        return lambda value: not holds(value)
    return holds


def comparable(value: Any, literal: Any) -> tuple[Any, Any] | None:  # noqa: ANN401, PLR0911  JSON; a case a line
    """Return the two in types that can be compared; None where they cannot be."""
    left, right = type(value), type(literal)
    if left is right:
        return value, literal
    if right is datetime and left is str:
        try:
            return microseconds(value), stamp_of(literal)
        except ValueError:
            return None
    if {left, right} == {int, float}:
        return value, literal
    if {left, right} == {bytes, str}:
        text, raw = (value, literal) if left is str else (literal, value)
        if any(ord(sign) >= LATIN for sign in text):
            return None
        return (text.encode("latin-1"), raw) if left is str else (raw, text.encode("latin-1"))
    return None


def stamp_of(at: Any) -> int:  # noqa: ANN401  a literal
    """Return a time in microseconds since 1970."""
    gone = at - datetime(1970, 1, 1, tzinfo=UTC)
    return int((gone.days * 86_400 + gone.seconds) * 1_000_000 + gone.microseconds)


def equality(values: tuple[Literal, ...], sign: str) -> Callable[[Any], bool]:
    """Return the function of = and !=."""
    literal, same = values[0], sign == "="
    kind = type(literal)
    if kind is str:
        plain = literal

        def of_text(value: Any) -> bool:  # noqa: ANN401  JSON
            if type(value) is str:
                return (value == plain) is same
            pair = comparable(value, literal)
            return (pair is not None and pair[0] == pair[1]) is same

        return of_text

    def equal(value: Any) -> bool:  # noqa: ANN401  JSON
        pair = comparable(value, literal)
        return (pair is not None and pair[0] == pair[1]) is same

    return equal


def order(values: tuple[Literal, ...], sign: str) -> Callable[[Any], bool]:
    """Return the function of <, <=, > and >=; what cannot be compared is false."""
    literal, compare = values[0], ORDER[sign]

    def ordered(value: Any) -> bool:  # noqa: ANN401  JSON
        pair = comparable(value, literal)
        return pair is not None and type(value) is not bool and compare(*pair)

    return ordered


def membership(values: tuple[Literal, ...], sign: str) -> Callable[[Any], bool]:  # noqa: ARG001  as the others
    """Return the function of IN."""
    if any(isinstance(value, datetime) for value in values):
        stamps = {stamp_of(value) for value in values}

        def in_stamps(value: Any) -> bool:  # noqa: ANN401  JSON
            try:
                return isinstance(value, str) and microseconds(value) in stamps
            except ValueError:
                return False

        return in_stamps
    known = frozenset(values)

    def among(value: Any) -> bool:  # noqa: ANN401  JSON
        try:
            return value in known
        except TypeError:
            return False

    return among


def likeness(values: tuple[Literal, ...], sign: str) -> Callable[[Any], bool]:  # noqa: ARG001  as the others
    """Return the function of LIKE: % is any text, _ any one character, all else itself."""
    import re2

    text = unicodedata.normalize("NFC", str(values[0]))
    rest = text.strip("%")
    if "%" not in rest and "_" not in rest and rest:
        return SIDES[text.startswith("%"), text.endswith("%")](rest)
    return searched("(?s)^" + "".join({"%": ".*", "_": "."}.get(sign, re2.escape(sign)) for sign in text) + "$")


def on_text(holds: Callable[[str], bool]) -> Callable[[Any], bool]:
    """Return the function of a text for any value: in NFC, bytes as Latin-1, others not."""

    def check(value: Any) -> bool:  # noqa: ANN401  JSON
        if isinstance(value, bytes):
            value = value.decode("latin-1")
        return isinstance(value, str) and holds(value if value.isascii() else unicodedata.normalize("NFC", value))

    return check


SIDES: dict[tuple[bool, bool], Callable[[str], Callable[[Any], bool]]] = {
    (False, False): lambda part: on_text(lambda text: text == part),
    (True, False): lambda part: on_text(lambda text: text.endswith(part)),
    (False, True): lambda part: on_text(lambda text: text.startswith(part)),
    (True, True): lambda part: on_text(lambda text: part in text),
}
"""LIKE with % at the beginning and at the end alone: no expression is needed."""


def regular(values: tuple[Literal, ...], sign: str) -> Callable[[Any], bool]:  # noqa: ARG001  as the others
    """Return the function of MATCHES: found anywhere in the text."""
    return searched(unicodedata.normalize("NFC", str(values[0])))


def searched(expression: str) -> Callable[[Any], bool]:
    """Return a function that says whether a text holds a regular expression; bytes are read as Latin-1."""
    import re2

    options = re2.Options()
    options.max_mem = LARGEST_MEMORY
    options.log_errors = False
    try:
        machine = re2.compile(expression, options)
    except re2.error as error:
        msg = f"{expression[:80]!r}: {error}: it cannot be matched in time that grows with the text alone"
        raise PatternError(msg) from None

    simple = re.compile(expression) if PLAIN.match(expression) else None

    def holds(text: str) -> bool:
        if simple is not None and len(text) <= SHORT:
            return simple.search(text) is not None
        return machine.search(text[:LONGEST_TEXT]) is not None

    return on_text(holds)


def network(values: tuple[Literal, ...], sign: str) -> Callable[[Any], bool]:
    """Return the function of ISSUBSET and ISSUPERSET, of IPv4 and IPv6 networks and addresses."""
    try:
        known = ip_network(str(values[0]), strict=False)
    except ValueError as error:
        raise PatternError(str(error)) from None
    subset = sign == "ISSUBSET"
    base, mask = int(known.network_address), int(known.netmask)

    def holds(value: Any) -> bool:  # noqa: ANN401  JSON
        if not isinstance(value, str):
            return False
        if subset and known.version == 4 and IPV4.match(value):  # noqa: PLR2004  the version's own number
            a, b, c, d = map(int, value.split("."))
            return ((a << 24) | (b << 16) | (c << 8) | d) & mask == base
        try:
            net = ip_network(value, strict=False)
        except ValueError:
            return False
        if net.version != known.version:
            return False
        outer, inner = (known, net) if subset else (net, known)
        return inner.subnet_of(outer)  # type: ignore[arg-type]  # of one version

    return holds


MAKERS: dict[str, Callable[[tuple[Literal, ...], str], Callable[[Any], bool]]] = {
    "=": equality, "!=": equality, **dict.fromkeys(ORDER, order), "IN": membership, "LIKE": likeness,
    "MATCHES": regular, "ISSUBSET": network, "ISSUPERSET": network,
}  # fmt: skip
