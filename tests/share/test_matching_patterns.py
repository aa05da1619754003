"""STIX patterns: the same answers as the OASIS matcher, on its own cases and on random ones, and never for ever."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import random
import time
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from noroshi.share.matching.atoms import anchors, atoms
from noroshi.share.matching.pattern_match import MOST_STEPS, Observed, TooManyError, matcher
from noroshi.share.matching.pattern_parse import PatternError, microseconds, parse
from noroshi.share.matching.pattern_test import predicates
from noroshi.share.matching.pattern_tree import Observation

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    peer = pytest.importorskip("stix2matcher.matcher")
    import stix2matcher.test.v21 as peer_tests


def observed(bundles: list[dict[str, Any]]) -> list[Observed]:
    """Return the observations of STIX 2.1 bundles, or of STIX 2.0."""
    if bundles and bundles[0].get("type") == "observed-data":
        return [
            Observed(one["objects"], microseconds(one["first_observed"]), microseconds(one["last_observed"]))
            for one in bundles
        ]
    objects = {one["id"]: one for bundle in bundles for one in bundle.get("objects", ())}
    return [
        Observed(
            {ref: objects[ref] for ref in one["object_refs"] if ref in objects},
            microseconds(one["first_observed"]),
            microseconds(one["last_observed"]),
            one["number_observed"],
        )
        for one in objects.values()
        if one["type"] == "observed-data"
    ]


def ours(pattern: str, bundles: list[dict[str, Any]]) -> bool:
    """Return whether our own matcher finds the pattern in the observations."""
    return matcher(parse(pattern)).match(observed(bundles)) is not None


def found_despite(pattern: str, bundles: Any) -> bool:
    """Return whether we find what the peer refuses."""
    try:
        return ours(pattern, bundles)
    except (PatternError, KeyError):
        return False


def compared(pattern: str, bundles: Any, *rest: Any, **more: Any) -> Any:
    """Return what the peer answers, having seen that we answer the same; what it refuses we refuse or do not find."""
    try:
        theirs = REAL(pattern, bundles, *rest, **more)
    except Exception as refusal:  # whatever the peer raises on bad patterns and bad data
        # where the data have a text that is no time it ends; we go on, and the text is not that time
        if "Invalid timestamp in JSON" not in str(refusal) and found_despite(pattern, bundles):
            pytest.fail(f"found what the peer refuses: {pattern}: {refusal}")
        raise
    if "START '" not in pattern:  # as STIX 2.0 wrote it
        assert ours(pattern, bundles) == bool(theirs), pattern
    return theirs


REAL = peer.match


def cases() -> Iterator[Any]:
    """Yield every case of the peer's own tests that calls `match`."""
    for info in pkgutil.iter_modules(peer_tests.__path__):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = importlib.import_module(f"stix2matcher.test.v21.{info.name}")
        for name, test in inspect.getmembers(module, inspect.isfunction):
            if not name.startswith("test_") or "match" not in test.__code__.co_names:
                continue
            marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
            for k, values in enumerate(marks[0].args[1] if marks else [()]):
                names = marks[0].args[0] if marks else ""
                keys = [one.strip() for one in names.split(",")] if isinstance(names, str) else list(names)
                arguments = dict(zip(keys, values if len(keys) > 1 else [values], strict=False)) if marks else {}
                if "START '" in str(arguments.get("pattern")) and "explosion" in name:
                    continue  # written as STIX 2.0 had it, and refused by the peer itself
                yield pytest.param(module, test, arguments, id=f"{info.name}-{name}-{k}")


@pytest.mark.parametrize(("module", "test", "arguments"), list(cases()))
def test_the_oasis_cases(module: Any, test: Any, arguments: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "match", compared)
    test(**arguments)


KINDS = ("a", "b")
ORDERED = ("'x'", "'y.example'", "7", "2.5", "h'78'")
VALUES = ("'x'", "'y.example'", "7", "2.5", "true", "h'78'", "'10.0.0.0/8'", "'10.1.2.3'")


def random_test(rng: random.Random, depth: int = 0) -> str:
    """Return a random comparison, or several."""
    if depth < 2 and rng.random() < 0.4:
        operator = rng.choice((" AND ", " OR "))
        return "(" + operator.join(random_test(rng, depth + 1) for _ in range(rng.randint(2, 3))) + ")"
    kind = rng.choice(KINDS) if depth == 0 else "a"
    path = f"{kind}:{rng.choice(('v', 'n', 'l[*]', 'l[0]', 'd.k', 'other_ref.v', 'raw_hex'))}"
    negated = rng.choice(("", "", "NOT "))
    choice = rng.randrange(5)
    if choice == 0:
        return f"{path} {negated}{rng.choice(('<', '<=', '>', '>='))} {rng.choice(ORDERED)}"
    if choice == 1:
        return f"{path} {negated}IN ({', '.join(rng.choice((VALUES[:2], VALUES[2:4])))})"
    if choice == 2:
        return f"{path} {negated}LIKE '{rng.choice(('x', '%.example', '_', '%', '10.%'))}'"
    if choice == 3:
        return f"{path} {negated}MATCHES '{rng.choice(('^x$', 'ex.mple', '[0-9]+', '^$'))}'"
    return f"{path} {negated}{rng.choice(('=', '!='))} {rng.choice(VALUES)}"


def random_pattern(rng: random.Random, depth: int = 0) -> str:
    """Return a random pattern."""
    if depth < 2 and rng.random() < 0.45:
        operator = rng.choice((" AND ", " OR ", " FOLLOWEDBY "))
        text = f"({random_pattern(rng, depth + 1)}{operator}{random_pattern(rng, depth + 1)})"
    else:
        text = f"[{random_test(rng)}]"
    ends = ("", "", "", " REPEATS 2 TIMES", " WITHIN 5 SECONDS", " WITHIN 0.5 SECONDS",
            " START t'2026-01-01T00:00:02Z' STOP t'2026-01-01T00:00:06Z'")  # fmt: skip
    return text + rng.choice(ends)


def random_bundle(rng: random.Random) -> dict[str, Any]:
    """Return a random bundle of observations."""
    objects: list[dict[str, Any]] = []
    for k in range(rng.randint(1, 4)):
        refs = []
        for n in range(rng.randint(1, 2)):
            one: dict[str, Any] = {"type": rng.choice(KINDS), "id": f"a--{k}-{n}"}
            values: tuple[Any, ...] = ("x", "y.example", 7, 2.5, True, "10.1.2.3", "", "xx")
            more = {"v": rng.choice(values), "n": rng.choice(values), "raw_hex": "78", "other_ref": f"a--{k}-0",
                    "l": [rng.choice(values) for _ in range(rng.randint(0, 2))],
                    "d": {"k": rng.choice(values)}}  # fmt: skip
            one |= {key: value for key, value in more.items() if rng.random() < 0.7}
            objects.append(one)
            refs.append(one["id"])
        first = rng.randint(0, 8)
        objects.append(
            {"type": "observed-data", "id": f"observed-data--{k}", "number_observed": rng.choice((1, 1, 2)),
             "first_observed": f"2026-01-01T00:00:0{first}Z",
             "last_observed": f"2026-01-01T00:00:0{min(first + k, 9)}Z",
             "object_refs": refs}
        )  # fmt: skip
    return {"type": "bundle", "id": "bundle--1", "objects": objects}


@pytest.mark.parametrize("seed", range(8))
def test_random_patterns_match_as_the_oasis_matcher_says(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  a test
    matched = 0
    for _ in range(60):
        pattern, bundle = random_pattern(rng), random_bundle(rng)
        theirs = peer.match(pattern, [bundle], stix_version="2.1")
        matched += bool(theirs)
        assert ours(pattern, [bundle]) == bool(theirs), (pattern, bundle)
    assert matched > 5


def test_a_regular_expression_never_takes_for_ever() -> None:
    holds = matcher(parse(r"[a:v MATCHES '^(a+)+$']")).tests[0]
    begun = time.process_time()
    assert not holds({"0": {"type": "a", "v": "a" * 100_000 + "b"}})
    assert time.process_time() - begun < 1.0
    tree = parse(r"[a:v MATCHES '(a)\\1']")
    assert isinstance(tree, Observation)
    with pytest.raises(PatternError, match="time"):
        predicates(tree.test)


def test_a_pattern_with_too_many_combinations_gives_up_in_time() -> None:
    one = [Observed({"0": {"type": "a", "v": 1}}, k, k) for k in range(400)]
    hopeless = matcher(parse("([a:v = 1] FOLLOWEDBY [a:v = 1] FOLLOWEDBY [a:v = 1]) REPEATS 100 TIMES"))
    begun = time.process_time()
    with pytest.raises(TooManyError):
        hopeless.match(one)
    assert time.process_time() - begun < 5.0
    assert MOST_STEPS <= 1_000_000


@pytest.mark.parametrize(
    "text",
    ["", "[", "[a:b = 1", "[a:b]", "a:b = 1", "[a:b = 'x'] AND", "[a:b = 'x'] WITHIN 5", "[a:b = 'x'] REPEATS 0 TIMES",
     "[a:b IN (1, 'x')]", "[a:b ISSUBSET 5]", "[a:b = t'2026']", "(" * 500, "[" + "(" * 500, "[a:b = 'x'] x",
     "[a:b = '" + "x" * 70_000],
)  # fmt: skip
def test_what_is_no_pattern_is_refused_by_place(text: str) -> None:
    with pytest.raises(PatternError):
        matcher(parse(text))


def test_lists_of_values_are_told_from_compound_patterns() -> None:
    both = (
        "[ipv4-addr:value = '1.2.3.4' OR domain-name:value IN ('a.example', 'b.example')] OR [url:value = 'http://c/']"
    )
    assert atoms(parse(both)) == [
        ("ipv4", "1.2.3.4"),
        ("domain", "a.example"),
        ("domain", "b.example"),
        ("url", "http://c/"),
    ]
    assert atoms(parse("[file:name = 'a' AND file:size > 3]")) is None
    assert atoms(parse("[file:name != 'a']")) is None
    assert anchors(parse("[file:name = 'a' AND file:size > 3] FOLLOWEDBY [a:b = 'c d']")) == [
        ("file-name", "a"),
        ("text", "c d"),
    ]
    assert anchors(parse("[file:name = 'a' OR file:size > 3]")) is None
