"""A reason's English line is said again in Japanese, whichever reason it is; any other text stays as it is."""

from __future__ import annotations

import pytest

from noroshi.share.reasons import REASONS, Reason, in_language


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_is_said_again_in_japanese(code: str) -> None:
    for one in (Reason(code), Reason(code, "created"), Reason(code, "a.b[1]", "yesterday (or so)")):
        assert in_language(one.line(), "ja") == one.line("ja")
        assert in_language(one.line(), "en") == one.line()


def test_what_is_no_reason_stays() -> None:
    assert in_language("Forbidden: you may not write to that collection", "ja").startswith("Forbidden")
