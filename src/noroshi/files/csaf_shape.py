"""What a CSAF 2.0 document must look like to be taken in: every fault at once, each with its JSON pointer.

OASIS Common Security Advisory Framework 2.0 (18 November 2022), section 3.2 and, of the mandatory tests, 6.1.1, 6.1.2
and 6.1.6. What is only recommended, and what nobody here reads, is not asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from noroshi.errors import Fault, InputError

__all__ = ["LABELS", "STATUSES", "checked", "moment", "products_of"]

LABELS = {"WHITE": "CLEAR", "GREEN": "GREEN", "AMBER": "AMBER", "RED": "RED"}
"""Label of `document.distribution.tlp` (TLP 1, section 3.2.1.5.2) -> level of TLP 2.0."""
STATUSES = {
    "first_affected": "affected", "known_affected": "affected", "last_affected": "affected",
    "known_not_affected": "not affected", "first_fixed": "fixed", "fixed": "fixed",
    "under_investigation": "under investigation", "recommended": "",
}  # fmt: skip
"""Status of a product (section 3.2.3.9) -> group; a product may be in one group only (6.1.6), "" contradicts none."""
STATES = frozenset({"draft", "final", "interim"})
MISSING = object()
MOST_DEPTH = 30
"""How deeply branches may be nested (section 3.1.2.1 of the schema's guidance)."""
SHOWN = 80


class Rule(NamedTuple):
    """One place of the document (`*`: every entry of a list), what stands there, and whether it must."""

    place: str
    kind: str
    needed: bool = False


RULES = (
    Rule("/document", "object", needed=True),
    Rule("/document/category", "text", needed=True),
    Rule("/document/csaf_version", "version", needed=True),
    Rule("/document/title", "text", needed=True),
    Rule("/document/publisher", "object", needed=True),
    Rule("/document/publisher/name", "text", needed=True),
    Rule("/document/publisher/namespace", "text", needed=True),
    Rule("/document/publisher/category", "text", needed=True),
    Rule("/document/lang", "text"),
    Rule("/document/distribution", "object"),
    Rule("/document/distribution/text", "text"),
    Rule("/document/distribution/tlp", "object"),
    Rule("/document/distribution/tlp/label", "label", needed=True),
    Rule("/document/tracking", "object", needed=True),
    Rule("/document/tracking/id", "text", needed=True),
    Rule("/document/tracking/version", "text", needed=True),
    Rule("/document/tracking/status", "state", needed=True),
    Rule("/document/tracking/initial_release_date", "date", needed=True),
    Rule("/document/tracking/current_release_date", "date", needed=True),
    Rule("/document/tracking/revision_history", "list", needed=True),
    Rule("/document/tracking/aliases", "texts"),
    Rule("/document/notes", "list"),
    Rule("/document/notes/*", "object"),
    Rule("/document/notes/*/text", "text", needed=True),
    Rule("/document/notes/*/category", "text", needed=True),
    Rule("/document/references", "list"),
    Rule("/document/references/*", "object"),
    Rule("/document/references/*/url", "text", needed=True),
    Rule("/document/references/*/summary", "text", needed=True),
    Rule("/product_tree", "object"),
    Rule("/vulnerabilities", "list"),
    Rule("/vulnerabilities/*", "object"),
    Rule("/vulnerabilities/*/cve", "text"),
    Rule("/vulnerabilities/*/title", "text"),
    Rule("/vulnerabilities/*/cwe", "object"),
    Rule("/vulnerabilities/*/cwe/id", "text", needed=True),
    Rule("/vulnerabilities/*/ids", "list"),
    Rule("/vulnerabilities/*/ids/*", "object"),
    Rule("/vulnerabilities/*/ids/*/system_name", "text", needed=True),
    Rule("/vulnerabilities/*/ids/*/text", "text", needed=True),
    Rule("/vulnerabilities/*/notes", "list"),
    Rule("/vulnerabilities/*/notes/*", "object"),
    Rule("/vulnerabilities/*/notes/*/text", "text", needed=True),
    Rule("/vulnerabilities/*/notes/*/category", "text", needed=True),
    Rule("/vulnerabilities/*/references", "list"),
    Rule("/vulnerabilities/*/references/*", "object"),
    Rule("/vulnerabilities/*/references/*/url", "text", needed=True),
    Rule("/vulnerabilities/*/references/*/summary", "text", needed=True),
    Rule("/vulnerabilities/*/product_status", "object"),
    *(Rule(f"/vulnerabilities/*/product_status/{status}", "texts") for status in STATUSES),
    Rule("/vulnerabilities/*/scores", "list"),
    Rule("/vulnerabilities/*/scores/*", "object"),
    Rule("/vulnerabilities/*/scores/*/products", "texts", needed=True),
    Rule("/vulnerabilities/*/scores/*/cvss_v3", "object"),
    Rule("/vulnerabilities/*/scores/*/cvss_v3/vectorString", "text", needed=True),
    Rule("/vulnerabilities/*/scores/*/cvss_v3/baseScore", "score", needed=True),
    Rule("/vulnerabilities/*/scores/*/cvss_v3/baseSeverity", "text", needed=True),
    Rule("/vulnerabilities/*/remediations", "list"),
    Rule("/vulnerabilities/*/remediations/*", "object"),
    Rule("/vulnerabilities/*/remediations/*/category", "text", needed=True),
    Rule("/vulnerabilities/*/remediations/*/details", "text", needed=True),
    Rule("/vulnerabilities/*/remediations/*/url", "text"),
)
KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "object": ("an object", lambda value: isinstance(value, dict)),
    "list": ("a list", lambda value: isinstance(value, list)),
    "text": ("text that is not empty", lambda value: isinstance(value, str) and bool(value.strip())),
    "texts": (
        "a list of texts",
        lambda value: isinstance(value, list) and all(isinstance(one, str) and one for one in value),
    ),
    "version": ("2.0", lambda value: value == "2.0"),
    "label": (" or ".join(LABELS), lambda value: isinstance(value, str) and value in LABELS),
    "state": (" or ".join(sorted(STATES)), lambda value: isinstance(value, str) and value in STATES),
    "date": ("a date and time with its zone, 2026-11-22T10:00:00Z", lambda value: moment(value) is not None),
    "score": (
        "a number from 0 to 10",
        lambda value: isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 10,  # noqa: PLR2004  CVSS
    ),
}
"""What may stand in a place -> what it is called in a fault, and what says whether it is there."""


def moment(value: object) -> datetime | None:
    """Return a date and time of RFC 3339 in UTC; None for anything else, or one without a zone."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo is not None and len(value) > len("2026-11-22") else None


def checked(file: str, value: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return the products of a document (JSON pointer, full product name); InputError with every fault of it."""
    faults = [fault for rule in RULES for fault in broken(file, value, rule)]
    products = list(products_of(value.get("product_tree", {}), file, faults))
    if not faults:
        faults += [*defined(file, value, products), *contradicted(file, value), *ordered(file, value)]
    if faults:
        raise InputError(faults)
    return products


def broken(file: str, value: dict[str, Any], rule: Rule) -> Iterator[Fault]:
    """Yield what breaks one rule. What is missing is told only where what it belongs to is there."""
    expected, fits = KINDS[rule.kind]
    for pointer, found in places(value, rule.place.split("/")[1:], ""):
        if found is MISSING:
            if rule.needed:
                yield fault(file, pointer, "nothing", expected)
        elif not fits(found):
            yield fault(file, pointer, found, expected)


def places(value: object, steps: list[str], pointer: str) -> Iterator[tuple[str, object]]:
    """Yield the JSON pointer and the value of every place that the steps lead to."""
    if not steps:
        yield pointer, value
        return
    step, rest = steps[0], steps[1:]
    if step == "*":
        for k, one in enumerate(value if isinstance(value, list) else ()):
            yield from places(one, rest, f"{pointer}/{k}")
    elif isinstance(value, dict):
        if step in value:
            yield from places(value[step], rest, f"{pointer}/{step}")
        elif not rest:
            yield f"{pointer}/{step}", MISSING


def products_of(tree: object, file: str, faults: list[Fault]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every full product name of a product tree (section 3.2.2) with its pointer; faults are noted.

    A product of a branch is given `vendor`, `product_name` and `product_version` of the branches that it hangs on.
    """
    if not isinstance(tree, dict):
        return
    for pointer, one in places(tree, ["full_product_names", "*"], "/product_tree"):
        yield from named(pointer, one, {}, file, faults)
    for pointer, one in places(tree, ["relationships", "*", "full_product_name"], "/product_tree"):
        if one is not MISSING:
            yield from named(pointer, one, {}, file, faults)
    yield from branched(tree.get("branches", []), "/product_tree/branches", {}, file, faults)


def branched(
    branches: object, pointer: str, above: dict[str, str], file: str, faults: list[Fault]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the products of branches and of what hangs on them."""
    if not isinstance(branches, list) or pointer.count("/branches") > MOST_DEPTH:
        faults.append(fault(file, pointer, branches, f"a list of branches, at most {MOST_DEPTH} within each other"))
        return
    for k, one in enumerate(branches):
        here = f"{pointer}/{k}"
        if (
            not isinstance(one, dict)
            or not isinstance(one.get("category"), str)
            or not isinstance(one.get("name"), str)
        ):
            faults.append(fault(file, here, one, "a branch with category and name"))
            continue
        told = {**above, one["category"]: one["name"]}
        if "product" in one:
            yield from named(f"{here}/product", one["product"], told, file, faults)
        if "branches" in one:
            yield from branched(one["branches"], f"{here}/branches", told, file, faults)


def named(
    pointer: str, one: object, above: dict[str, str], file: str, faults: list[Fault]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield one full product name."""
    helper = one.get("product_identification_helper", {}) if isinstance(one, dict) else {}
    if (
        not isinstance(one, dict) or not isinstance(one.get("name"), str) or not isinstance(one.get("product_id"), str)
        or not one["name"] or not one["product_id"]
    ):  # fmt: skip
        faults.append(fault(file, pointer, one, "a product with name and product_id"))
    elif not isinstance(helper, dict) or any(not isinstance(helper.get(key, ""), str) for key in ("cpe", "purl")):
        faults.append(
            fault(file, f"{pointer}/product_identification_helper", helper, "an object; cpe and purl as text")
        )
    else:
        yield pointer, {**one, "product_identification_helper": helper, "above": above}


def defined(file: str, value: dict[str, Any], products: list[tuple[str, dict[str, Any]]]) -> Iterator[Fault]:
    """Yield products that are defined twice (6.1.2), and ids of products that are not defined (6.1.1)."""
    known: set[str] = set()
    for pointer, one in products:
        if one["product_id"] in known:
            yield fault(file, f"{pointer}/product_id", one["product_id"], "an id that no other product has (6.1.2)")
        known.add(one["product_id"])
    for status in STATUSES:
        steps = ["vulnerabilities", "*", "product_status", status, "*"]
        for pointer, name in places(value, steps, ""):
            if name not in known:
                yield fault(file, pointer, name, "the id of a product of the product_tree (6.1.1)")


def contradicted(file: str, value: dict[str, Any]) -> Iterator[Fault]:
    """Yield products that one vulnerability says contrary things of (6.1.6)."""
    for pointer, states in places(value, ["vulnerabilities", "*", "product_status"], ""):
        said: dict[str, str] = {}
        for status, group in STATUSES.items():
            for name in states.get(status, ()) if isinstance(states, dict) and group else ():
                if said.setdefault(name, group) != group:
                    expected = f"one status for each product; {name} is {said[name]} too (6.1.6)"
                    yield fault(file, f"{pointer}/{status}", name, expected)


def ordered(file: str, value: dict[str, Any]) -> Iterator[Fault]:
    """Yield that a document is older than its first release."""
    tracking = value["document"]["tracking"]
    first, now = moment(tracking["initial_release_date"]), moment(tracking["current_release_date"])
    if first is not None and now is not None and now < first:
        yield fault(file, "/document/tracking/current_release_date", tracking["current_release_date"],
                    "a time not before initial_release_date")  # fmt: skip


def fault(file: str, pointer: str, found: object, expected: str) -> Fault:
    """Return what is wrong at one place."""
    told = found if isinstance(found, str) else type(found).__name__ if isinstance(found, dict | list) else repr(found)
    return Fault("bad-objects", file=file, column=pointer, found=told[:SHOWN], expected=expected,
                 remedy="ask its publisher for a document that passes CSAF 2.0's mandatory tests")  # fmt: skip
