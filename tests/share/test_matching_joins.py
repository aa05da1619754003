"""Observations joined in time, repeated and used again: the OASIS matcher's answers, and never too many tried."""

from __future__ import annotations

import random
import time
import warnings
from typing import Any

import pytest

from noroshi.share.matching.indicators import About
from noroshi.share.matching.pattern_expressions import needed, pythons, searched
from noroshi.share.matching.pattern_match import Observed, batch, matcher
from noroshi.share.matching.pattern_parse import PatternError, microseconds, parse
from noroshi.share.matching.streams import KEPT, Stream

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    peer = pytest.importorskip("stix2matcher.matcher")

TESTS = (
    "[a:v = 1]",
    "[a:v = 2]",
    "[a:v > 1]",
    "[a:v IN (1, 3)]",
    "[b:v LIKE 'x%' OR a:v = 3]",
    "[a:v = 1 AND a:w = 1]",
)
ENDS = ("", "", " REPEATS 2 TIMES", " REPEATS 3 TIMES", " WITHIN 2 SECONDS", " WITHIN 0.25 SECONDS",
        " WITHIN 30 SECONDS", " START t'2026-01-01T00:00:03Z' STOP t'2026-01-01T00:00:20.5Z'",
        " REPEATS 2 TIMES WITHIN 3 SECONDS", " WITHIN 4 SECONDS REPEATS 2 TIMES")  # fmt: skip


def pattern(rng: random.Random, depth: int = 0) -> str:
    """Return a random pattern of joined observations."""
    if depth < 3 and rng.random() < (0.8 if depth == 0 else 0.4):
        join = rng.choice((" AND ", " FOLLOWEDBY ", " FOLLOWEDBY ", " OR "))
        return f"({pattern(rng, depth + 1)}{join}{pattern(rng, depth + 1)}){rng.choice(ENDS)}"
    return rng.choice(TESTS) + rng.choice(ENDS)


def seen(rng: random.Random) -> tuple[list[Observed], dict[str, Any]]:
    """Return random observations, for both: some at one instant, some long, some several times, two objects in some."""
    ours, objects = [], []
    for k in range(rng.randint(1, 7)):
        first = rng.randint(0, 30_000) if rng.random() < 0.8 else rng.randint(0, 6) * 1000
        last = min(first + rng.choice((0, 0, 500, 8000)), 59_999)
        some: dict[str, dict[str, Any]] = {}
        for n in range(rng.choice((1, 1, 2))):
            one: dict[str, Any] = {"type": rng.choice("aaab"), "id": f"a--{k}-{n}", "w": rng.randint(1, 2)}
            one["v"] = rng.randint(1, 3) if one["type"] == "a" else rng.choice(("x1", "y"))
            some[one["id"]] = one
        begin, end = (f"2026-01-01T00:00:{at // 1000:02}.{at % 1000:03}Z" for at in (first, last))
        times = rng.choice((1, 1, 1, 2))
        ours.append(Observed(some, microseconds(begin), microseconds(end), times))
        objects += [*some.values(), {"type": "observed-data", "id": f"observed-data--{k}", "object_refs": [*some],
                                     "number_observed": times, "first_observed": begin,
                                     "last_observed": end}]  # fmt: skip
    return ours, {"type": "bundle", "id": "bundle--1", "objects": objects}


def agreed(seed: int, count: int) -> int:
    """Return how many random patterns match, having seen that the OASIS matcher says the same of each."""
    rng = random.Random(seed)  # noqa: S311  a test
    matched = 0
    for _ in range(count):
        text, (ours, bundle) = pattern(rng), seen(rng)
        theirs = bool(peer.match(text, [bundle], stix_version="2.1"))
        found = matcher(parse(text)).match(batch(ours))
        assert (found is not None) == theirs, (text, bundle)
        if found is not None:  # what is named suffices
            rest = [ours[k] for k in found]
            assert matcher(parse(text)).match(rest) is not None, (text, bundle)
        matched += theirs
    return matched


@pytest.mark.parametrize("seed", range(4))
def test_joined_observations_match_as_the_oasis_matcher_says(seed: int) -> None:
    assert 30 < agreed(seed, 150) < 120


def timed(rng: random.Random) -> tuple[str, list[Observed], dict[str, Any]]:
    """Return a pattern of two to four different observations, of which each passes one test: times alone decide."""
    count = rng.randint(2, 4)
    parts = [f"[a:v = {k}]" for k in range(count)]
    while len(parts) > 1:
        k = rng.randrange(len(parts) - 1)
        end = rng.choice(("", "", " WITHIN 1 SECONDS", " WITHIN 2.5 SECONDS"))
        parts[k : k + 2] = [f"({parts[k]} {rng.choice(('AND', 'FOLLOWEDBY', 'FOLLOWEDBY'))} {parts[k + 1]}){end}"]
    ours: list[Observed] = []
    objects: list[dict[str, Any]] = []
    for k in rng.choices(range(count), k=2) + list(range(count)):
        first = rng.randint(0, 8) * 500
        last = first + rng.choice((0, 0, 500, 3000))
        one: dict[str, Any] = {"type": "a", "id": f"a--{len(ours)}", "v": k}
        begin, end = (f"2026-01-01T00:00:{at // 1000:02}.{at % 1000:03}Z" for at in (first, last))
        ours.append(Observed({one["id"]: one}, microseconds(begin), microseconds(end)))
        objects += [one, {"type": "observed-data", "id": f"observed-data--{len(ours)}", "object_refs": [one["id"]],
                          "number_observed": 1, "first_observed": begin, "last_observed": end}]  # fmt: skip
    return parts[0], ours, {"type": "bundle", "id": "bundle--1", "objects": objects}


@pytest.mark.parametrize("seed", range(2))
def test_when_it_was_seen_decides_as_the_oasis_matcher_says(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311  a test
    matched = 0
    for _ in range(200):
        text, ours, bundle = timed(rng)
        theirs = bool(peer.match(text, [bundle], stix_version="2.1"))
        assert (matcher(parse(text)).match(batch(ours)) is not None) == theirs, (text, bundle)
        matched += theirs
    assert 40 < matched < 190


@pytest.mark.slow
def test_many_more_joined_observations() -> None:
    assert agreed(1000, 20_000) > 5000


def test_many_observations_at_once_pass_as_one_by_one() -> None:
    rng = random.Random(11)  # noqa: S311  a test
    values: tuple[Any, ...] = (1, True, 1.0, 0, False, "1", "x", "é", "e\u0301", None, [1], {"k": 1}, 2**70, -0.5)
    literals = ("1", "true", "1.0", "'x'", "'é'", "0", "-0.5", "'1'")
    passed = 0
    for _ in range(150):
        ours = []
        for k in range(20):
            one = {"type": rng.choice(("a", "b")), "l": rng.choices(values, k=2), "d": {"k": rng.choice(values)},
                   "v": rng.choice(values), "h_ref": "2"}  # fmt: skip
            two = {name: value for name, value in one.items() if name == "type" or rng.random() < 0.7}
            ours.append(Observed({"1": two, "2": {"type": "b", "v": 1}}, k, k))
        paths = ("a:v", "b:v", "a:d.k", "a:l[*]", "a:h_ref.v", "a:d.k.z")
        parts = [
            f"{rng.choice(paths)} {rng.choice(('', '', 'NOT '))}{operator} {literal}"
            for operator, literal in (
                (rng.choice(("=", "!=")), rng.choice(literals)), ("LIKE", "'%\u00e9'"), ("MATCHES", "'^x+$'"),
                (rng.choice(("<", ">=")), rng.choice(("1", "0.5", "'a'"))), ("IN", "(1, 2)"), ("IN", "('x', '1')"),
            )
        ]  # fmt: skip
        rng.shuffle(parts)
        text = f"[({parts[0]} {rng.choice(('AND', 'OR'))} {parts[1]}) {rng.choice(('AND', 'OR'))} {parts[2]}]"
        (bracket,) = matcher(parse(text)).brackets
        alone = [k for k, one in enumerate(ours) if bracket.passes(one.objects)]
        assert bracket.passing(batch(ours)) == alone, text
        passed += len(alone)
    assert passed > 300


PIECES = ("a", "b", "a", "^", "$", ".*", ".+?", "a*", "b+", "b?", "[ab]", "[a-b]+", "[^a]", "-", " ", "[.]", r"\.", ".",
          r"\d", r"\w+", "(a|b)", "(?i)A", "a{2}", "|", "[-a]", r"\b", "[[:alpha:]]", r"\s", "\\")  # fmt: skip


def test_expressions_are_read_as_re2_does() -> None:
    import re2

    options = re2.Options()
    options.log_errors = False
    rng = random.Random(12)  # noqa: S311  a test
    found = by_python = 0
    for _ in range(4000):
        text = "".join(rng.choices(PIECES, k=rng.randint(1, 5)))
        try:
            theirs = re2.compile(text, options)
        except re2.error:
            with pytest.raises(PatternError):
                searched(text)
            continue
        holds = searched(text)
        by_python += pythons(text) is not None
        for _ in range(5):
            value = "".join(rng.choices("aabb^-. \n\v1A]", k=rng.randint(0, 7)))
            expected = theirs.search(value) is not None
            assert holds(value) == expected, (text, value)
            assert not expected or all(part in value for part in needed(text)), (text, value)
            found += expected
    assert found > 3000
    assert by_python > 500
    assert needed("^/gate[.]php[?]id=[0-9]+") == ("/gate.php?id=",)
    assert needed("powershell.*-enc") == ("powershell", "-enc")


def test_ten_thousand_observations_are_joined_without_trying_all_pairs() -> None:
    ours = [Observed({"1": {"type": "a", "v": k % 2 + 1}}, k * 1_000_000, k * 1_000_000) for k in range(10_000)]
    early = [Observed({"1": {"type": "a", "v": 1 if k < 5000 else 2}}, k, k) for k in range(10_000)]
    given, halves = batch(ours), batch(early)
    begun = time.process_time()
    assert matcher(parse("[a:v = 1] FOLLOWEDBY [a:v = 2]")).match(given) == (0, 1)
    assert matcher(parse("([a:v = 1] AND [a:v = 2]) WITHIN 0.5 SECONDS")).match(given) is None
    assert matcher(parse("([a:v = 2] FOLLOWEDBY [a:v = 1]) WITHIN 1 SECONDS")).match(given) == (1, 2)
    assert matcher(parse("[a:v = 2] FOLLOWEDBY [a:v = 1]")).match(halves) is None
    assert matcher(parse("[a:v = 1] REPEATS 3 TIMES WITHIN 3 SECONDS")).match(given) is None
    assert matcher(parse("([a:v = 1] REPEATS 3 TIMES WITHIN 3 SECONDS) FOLLOWEDBY [a:v = 2]")).match(given) is None
    assert len(matcher(parse("[a:v = 1] REPEATS 3000 TIMES")).match(given) or ()) == 3000
    assert len(matcher(parse("([a:v = 1] REPEATS 2000 TIMES) WITHIN 4000 SECONDS")).match(given) or ()) == 2000
    assert time.process_time() - begun < 2.0


def test_a_stream_keeps_the_latest_and_tells_each_match_once() -> None:
    stream = Stream(matcher(parse("([a:v = 1] FOLLOWEDBY [a:v = 2]) WITHIN 10 SECONDS")), About())
    second = 1_000_000
    assert stream.taken([True, False], 0, 1) == ()
    assert stream.taken([False, True], 5 * second, 2) == (1, 2)
    assert stream.taken([False, True], 6 * second, 3) == ()  # the first one was told
    for k in range(3 * KEPT):
        assert stream.taken([True, False], (100 + k) * second, 10 + k) == ()
    assert len(stream.times) == len(stream.lines) == KEPT
    assert stream.taken([False, False], 0, 9) == ()
    lines = stream.taken([False, True], (100 + 3 * KEPT) * second, 9999)
    assert lines == (10 + 3 * KEPT - 10, 9999)
    assert len(stream.times) == KEPT - 2
