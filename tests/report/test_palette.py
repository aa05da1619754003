"""The colours: WCAG 2.2's contrast on light and on dark, and classes of state that differ without colour."""

from __future__ import annotations

import pytest

from noroshi.report.palette import PALETTE, css_variables

TEXT, GRAPHIC = 4.5, 3.0
ON_PAPER = [("ink", TEXT), ("muted", TEXT), ("accent", TEXT), ("bar", GRAPHIC), ("mark", GRAPHIC)]


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2, definition)."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["paper", "surface"])
@pytest.mark.parametrize(("name", "least"), ON_PAPER)
def test_on_paper(scheme: int, ground: str, name: str, least: float) -> None:
    assert contrast(PALETTE[name][scheme], PALETTE[ground][scheme]) >= least


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("state", range(4))
def test_states_are_seen_on_paper_and_on_their_tiles(scheme: int, state: int) -> None:
    mark = PALETTE[f"state-{state}"][scheme]
    assert contrast(mark, PALETTE["paper"][scheme]) >= GRAPHIC
    assert contrast(mark, PALETTE[f"soft-{state}"][scheme]) >= GRAPHIC


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["notice", "soft-0", "soft-1", "soft-2", "soft-3"])
def test_words_are_read_on_tints(scheme: int, ground: str) -> None:
    assert contrast(PALETTE["ink"][scheme], PALETTE[ground][scheme]) >= TEXT


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_lines_are_seen_on_what_they_cross(scheme: int) -> None:
    assert contrast(PALETTE["ink"][scheme], PALETTE["bar"][scheme]) >= GRAPHIC
    assert contrast(PALETTE["accent"][scheme], PALETTE["band"][scheme]) >= GRAPHIC


def test_the_style_defines_every_colour_in_both_schemes() -> None:
    css = css_variables()
    for name, (light, dark) in PALETTE.items():
        assert f"--{name}:{light};" in css
        assert f"--{name}:{dark};" in css
