"""The catalogue: every text in both languages, none without a use."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

from noroshi.report.words import RISKS, WORDS, pick, said

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
MADE_KEYS = ("basis_", "grade_", "held_", "kind_", "passing_few_", "peers_", "risk_", "verdict_")
"""Keys that are put together from data."""

NAMES_OF_LANGUAGES = {"language"}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_say_it_with_the_same_fields(key: str) -> None:
    english, japanese = WORDS[key]
    assert english.strip() == english
    assert japanese.strip() == japanese
    assert english
    assert japanese
    assert fields(english) == fields(japanese)
    if key not in NAMES_OF_LANGUAGES:
        assert not JAPANESE.search(english)
        assert JAPANESE.search(japanese) or fields(japanese), japanese


@pytest.mark.parametrize("key", [k for k in WORDS if not k.startswith(MADE_KEYS)])
def test_nothing_is_there_without_a_use(root: Path, key: str) -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("report", "web", "cli")
        for path in sorted((root / "src/noroshi" / folder).rglob("*"))
        if path.suffix in {".py", ".html"} and path.name not in {"words.py", "rating_words.py"}
    )
    assert f'"{key}"' in source or key in RISKS


def test_said_fills_its_fields() -> None:
    assert said("days", "en", count=3) == "3 days"
    assert said("days", "ja", count=3) == "3日"
    with pytest.raises(KeyError):
        said("days", "en")
    with pytest.raises(KeyError):
        said("no such key", "en")


def test_data_without_japanese_is_shown_in_english() -> None:
    assert pick("Power", "", "ja") == "Power"
    assert pick("Power", "電力", "ja") == "電力"
    assert pick("Power", "電力", "en") == "Power"
