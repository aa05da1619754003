"""Bars over time, and the words of a run in both languages."""

from __future__ import annotations

import pytest

from noroshi.report.stress_text import WORDS, bars


def test_bars_are_means_over_equal_parts() -> None:
    shown = bars([[0.0, 1.0], [6.0, 0.0], [12.0, 0.5]], 24.0, room=4)
    assert [share for _, share in shown] == pytest.approx([1.0, 0.0, 0.5, 0.5])
    assert "".join(block for block, _ in shown) == "█_▄▄"


def test_a_short_dip_and_a_short_service_stay_visible() -> None:
    assert bars([[0.0, 1.0], [1.0, 0.99], [1.1, 1.0]], 24.0, room=1)[0][0] == "▇"
    assert bars([[0.0, 0.0], [23.99, 1.0]], 24.0, room=1)[0][0] == "▁"


def test_words_are_there_in_both_languages() -> None:
    for key, (english, japanese) in WORDS.items():
        assert key == "title" or not japanese.isascii()
        assert {part.split("}")[0] for part in english.split("{")[1:]} == {
            part.split("}")[0] for part in japanese.split("{")[1:]
        }
