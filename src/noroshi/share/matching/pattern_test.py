"""Comparisons of STIX patterns as functions of one object (OASIS STIX 2.1, section 9.6)."""

from __future__ import annotations

import base64
import binascii
import operator
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from noroshi.share.matching.pattern_expressions import as_text, searched
from noroshi.share.matching.pattern_parse import PatternError, microseconds
from noroshi.share.matching.pattern_tree import Comparison, Literal, Step, Test
from noroshi.share.matching.values import IPV4

__all__ = ["Check", "Holds", "Objects", "Path", "Predicates", "compiled", "plain", "predicates", "reached"]

Objects = Mapping[str, Mapping[str, Any]]
"""The objects of one observation by id; references lead to others of them."""
Check = Callable[[Mapping[str, Any], Objects], bool]
Holds = Callable[[Any], bool]
Path = tuple[Step, ...]
Predicates = dict[int, Holds]
"""Function of one value -> by the identity of the comparison, since 1 and true are equal and not alike."""
ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
LATIN = 256


def predicates(test: Test) -> Predicates:
    """Return the function of one value for every comparison of a test. PatternError for what cannot be decided.

    Regular expressions are matched by RE2, in time that grows with the text alone; what it cannot do (references back,
    looking around) is refused.
    """
    if isinstance(test, Comparison):
        return {id(test): predicate(test)}
    return {key: holds for part in test.parts for key, holds in predicates(part).items()}


def compiled(test: Test, kind: str, known: Predicates) -> Check | None:
    """Return a function that says whether an object of a type passes; None if none can. known: of `predicates`."""
    if isinstance(test, Comparison):
        return comparison(test.path, known[id(test)]) if test.type == kind else None
    parts = [compiled(part, kind, known) for part in test.parts]
    checks = [check for check in parts if check is not None]
    if not checks or (test.operator == "AND" and len(checks) < len(parts)):
        return None
    if len(checks) == 1:
        return checks[0]
    decided = test.operator == "OR"

    def check(one: Mapping[str, Any], among: Objects) -> bool:
        for part in checks:
            if part(one, among) is decided:
                return decided
        return not decided

    return check


ENDS = ("_ref", "_refs", "_hex", "_bin")
"""Ends of names of properties that are followed or decoded."""


def plain(path: Path) -> tuple[str, ...] | None:
    """Return the path if it is of names alone, which lead from one object into the next; else None."""
    names = tuple([step for step in path if isinstance(step, str) and not step.endswith(ENDS)])
    return names if len(names) == len(path) else None


def comparison(path: Path, holds: Holds) -> Check:
    """Return the function of one comparison: some value at the path passes."""
    names = plain(path)
    if names is not None and len(names) == 1:
        (first,) = names

        def simple(one: Mapping[str, Any], among: Objects) -> bool:  # noqa: ARG001  as the others
            return first in one and holds(one[first])

        return simple
    if names is not None:
        *outer, last = names

        def inside(one: Any, among: Objects) -> bool:  # noqa: ANN401, ARG001  an object; as the others
            for name in outer:
                one = one.get(name)
                if not isinstance(one, dict):
                    return False
            return last in one and holds(one[last])

        return inside

    return lambda one, among: any(map(holds, reached(one, path, among)))


def reached(one: Mapping[str, Any], path: Path, among: Objects) -> list[Any]:
    """Return what lies at a path of an object: several values where it leads to any place of a list."""
    values: list[Any] = [one]
    for step in path:
        values = stepped(values, step, among)
        if not values:
            break
    return values


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


def predicate(test: Comparison) -> Holds:
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


def equality(values: tuple[Literal, ...], sign: str) -> Holds:
    """Return the function of = and !=."""
    literal, same = values[0], sign == "="
    kind = type(literal)
    if kind is int or kind is float:
        return lambda value: ((type(value) is int or type(value) is float) and value == literal) is same

    def equal(value: Any) -> bool:  # noqa: ANN401  JSON
        if type(value) is kind:
            return bool(value == literal) is same
        pair = comparable(value, literal)
        return (pair is not None and pair[0] == pair[1]) is same

    return equal


def order(values: tuple[Literal, ...], sign: str) -> Holds:
    """Return the function of <, <=, > and >=; what cannot be compared is false."""
    literal, compare = values[0], ORDER[sign]
    if type(literal) is int or type(literal) is float:
        return lambda value: (type(value) is int or type(value) is float) and compare(value, literal)

    def ordered(value: Any) -> bool:  # noqa: ANN401  JSON
        pair = comparable(value, literal)
        return pair is not None and type(value) is not bool and compare(*pair)

    return ordered


def membership(values: tuple[Literal, ...], sign: str) -> Holds:  # noqa: ARG001  as the others
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
    if all(type(value) is str for value in values):
        return lambda value: type(value) is str and value in known

    def among(value: Any) -> bool:  # noqa: ANN401  JSON
        try:
            return value in known
        except TypeError:
            return False

    return among


def likeness(values: tuple[Literal, ...], sign: str) -> Holds:  # noqa: ARG001  as the others
    """Return the function of LIKE: % is any text, _ any one character, all else itself."""
    import re2

    text = unicodedata.normalize("NFC", str(values[0]))
    rest = text.strip("%")
    if "%" not in rest and "_" not in rest and rest:
        return SIDES[text.startswith("%"), text.endswith("%")](rest)
    return searched("(?s)^" + "".join({"%": ".*", "_": "."}.get(sign, re2.escape(sign)) for sign in text) + "$")


def same(part: str) -> Holds:
    """Return the function of a text without wildcards."""
    return lambda value: as_text(value) == part


def ending(part: str) -> Holds:
    """Return the function of % and a text."""

    def holds(value: Any) -> bool:  # noqa: ANN401  JSON
        if type(value) is str and value.isascii():
            return value.endswith(part)
        return (as_text(value) or "").endswith(part)

    return holds


def beginning(part: str) -> Holds:
    """Return the function of a text and %."""

    def holds(value: Any) -> bool:  # noqa: ANN401  JSON
        if type(value) is str and value.isascii():
            return value.startswith(part)
        return (as_text(value) or "").startswith(part)

    return holds


def holding(part: str) -> Holds:
    """Return the function of a text between two %."""

    def holds(value: Any) -> bool:  # noqa: ANN401  JSON
        if type(value) is str and value.isascii():
            return part in value
        return part in (as_text(value) or "")

    return holds


SIDES: dict[tuple[bool, bool], Callable[[str], Holds]] = {
    (False, False): same, (True, False): ending, (False, True): beginning, (True, True): holding,
}  # fmt: skip
"""LIKE with % at the beginning and at the end alone: no expression is needed."""


def regular(values: tuple[Literal, ...], sign: str) -> Holds:  # noqa: ARG001  as the others
    """Return the function of MATCHES: found anywhere in the text."""
    return searched(unicodedata.normalize("NFC", str(values[0])))


def network(values: tuple[Literal, ...], sign: str) -> Holds:
    """Return the function of ISSUBSET and ISSUPERSET, of IPv4 and IPv6 networks and addresses."""
    try:
        known = ip_network(str(values[0]), strict=False)
    except ValueError as error:
        raise PatternError(str(error)) from None
    subset = sign == "ISSUBSET"
    base, mask = int(known.network_address), int(known.netmask)
    head = heading(known) if subset else ""

    def holds(value: Any) -> bool:  # noqa: ANN401  JSON
        if not isinstance(value, str) or not value.startswith(head):
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


def heading(net: IPv4Network | IPv6Network) -> str:
    """Return what every IPv4 address and network within one begins with: its whole octets; "" where that is nothing."""
    octets = str(net.network_address).split(".")[: net.prefixlen // 8] if net.version == 4 else []  # noqa: PLR2004  the version's own number
    return "".join(octet + "." for octet in octets[:3])


MAKERS: dict[str, Callable[[tuple[Literal, ...], str], Holds]] = {
    "=": equality, "!=": equality, **dict.fromkeys(ORDER, order), "IN": membership, "LIKE": likeness,
    "MATCHES": regular, "ISSUBSET": network, "ISSUPERSET": network,
}  # fmt: skip
