"""Patterns that every line is read for: asked of many lines together, told as if of one line after the other."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from noroshi.desk import matching
from noroshi.desk.matching import Hit, prepared, search
from noroshi.files.log_lines import fields_of, shape_of
from noroshi.files.logs import Log
from noroshi.share.matching.indicators import About, Indicators
from noroshi.share.matching.observing import observables
from noroshi.share.matching.pattern_match import matcher
from noroshi.share.matching.pattern_parse import parse
from noroshi.share.matching.streams import Stream

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PATTERNS = (
    "[network-traffic:dst_port = 443 AND network-traffic:src_byte_count > 90]",
    "[network-traffic:dst_port < 81] FOLLOWEDBY [domain-name:value LIKE '%.example']",
    "[domain-name:value MATCHES '^a'] REPEATS 3 TIMES WITHIN 9 SECONDS",
    "([domain-name:value = 'a.example'] AND [network-traffic:dst_ref.value = '198.51.100.7']) WITHIN 20 SECONDS",
)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return a log of three hundred lines, one a second, of which some cannot be read."""
    rng = random.Random(3)  # noqa: S311  a test
    lines = []
    for k in range(300):
        line = {"ts": 1_790_000_000.0 + k, "id.resp_h": f"198.51.100.{rng.randint(1, 9)}",
                "id.resp_p": rng.choice((80, 443, 8080)), "orig_bytes": rng.randint(0, 100)}  # fmt: skip
        if rng.random() < 0.4:
            line = {"ts": 1_790_000_000.0 + k, "query": rng.choice(("a.example", "b.example", "c.test"))}
        lines.append("{not JSON" if rng.random() < 0.02 else json.dumps(line))
    path = tmp_path / "log.json"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def wanted() -> Indicators:
    """Return the patterns to look for."""
    into = Indicators()
    into.patterns += [(parse(text), About(id=str(k))) for k, text in enumerate(PATTERNS)]
    return into


def found(log: Path) -> list[Hit]:
    """Return the hits in the log."""
    return list(search(prepared(wanted()), [Log(str(log))], now=NOW))


@pytest.mark.parametrize("at_once", [1, 7, 2048])
def test_lines_together_are_told_as_one_by_one(log: Path, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    streams = [Stream(matcher(tree), about) for tree, about in wanted().patterns]
    expected = []
    shape = shape_of(log.read_bytes(), log.name)
    for number, line in enumerate(log.read_bytes().splitlines(), 1):
        objects = observables(fields_of(line, shape))
        for stream in streams:
            passed = [bracket.passes(objects) for bracket in stream.matcher.brackets]
            lines = stream.taken(passed, (1_790_000_000 + number - 1) * 1_000_000, number)
            if lines:
                expected.append((number, stream.about.id, lines))
    monkeypatch.setattr(matching, "AT_ONCE", at_once)
    assert [(hit.line, hit.id, hit.lines) for hit in found(log)] == expected
    assert {one[1] for one in expected} == {"0", "1", "2", "3"}
    assert len(expected) > 50
