"""The smallest pieces of a picture: elements, numbers, marks and scales, as text. No style attributes, only classes.

A chart that stands in a page is 100 % wide: its horizontal places are per cents, so that it stretches and its marks
and letters do not.
"""

from __future__ import annotations

import math
from html import escape

__all__ = ["element", "glyph", "mark", "number", "path", "picture", "share_of", "text", "ticks"]

SIZE = 5.5
"""Half the size of a mark, in pixels."""

SHAPES = (
    "M0-{r}A{r} {r} 0 1 1-.01-{r}Z",
    "M0-{r}A{r} {r} 0 1 1-.01-{r}ZM0-{i}A{i} {i} 0 0 1 0 {i}Z",
    "M0-{t}L{t} {r}L-{t} {r}Z",
    "M-{s}-{s}H{s}V{s}H-{s}Z",
)
"""State 0 to 3: a disc, a half-filled ring, a triangle, a square. Shape says what colour says."""

Attribute = str | float | None


def number(value: float) -> str:
    """Return a coordinate with at most two decimals and no trailing zeros; ValueError if it is not finite."""
    if not math.isfinite(value):
        msg = f"a coordinate cannot be {value}"
        raise ValueError(msg)
    said = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if said == "-0" else said


def element(tag: str, *children: str, **attributes: Attribute) -> str:
    """Return `<tag ...>children</tag>`; the children are taken as markup, attribute values are escaped.

    Attributes: `class_` -> class, `stroke_width` -> stroke-width; None is left out.
    """
    said = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    inner = "".join(children)
    return f"<{tag}{said}>{inner}</{tag}>" if inner else f"<{tag}{said}/>"


def _value(value: str | float) -> str:
    """Return an attribute's value as markup."""
    return escape(value, quote=True) if isinstance(value, str) else number(value)


def text(said: str, **attributes: Attribute) -> str:
    """Return a text element; what it says is escaped."""
    return element("text", escape(said, quote=False), **attributes)


def share_of(value: float, low: float, high: float) -> str:
    """Return where `value` stands between `low` and `high`, as a per cent held to 0-100; 0 % if they are equal."""
    share = 0.0 if high <= low else (value - low) / (high - low)
    return number(100 * min(1.0, max(0.0, share))) + "%"


def path(xs: list[float], ys: list[float]) -> str:
    """Return the path data of a line through the points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in zip(xs, ys, strict=True))


def _shape(state: int, size: float) -> str:
    """Return the path data of the mark of `state`, centred on 0,0."""
    keys = {"r": size, "i": size - 1.6, "t": size * 1.12, "s": size * 0.9}
    return SHAPES[state].format_map({key: number(value) for key, value in keys.items()})


def mark(x: str | float, y: str | float, state: int, size: float = SIZE) -> str:
    """Return the mark of `state` (0 to 3) centred on x, y, which may be per cents."""
    drawn = element("path", d=_shape(state, size), class_=f"mark s{state}", fill_rule="evenodd")
    return element("svg", drawn, x=x, y=y, overflow="visible", width=1, height=1)


def glyph(state: int) -> str:
    """Return the mark of `state` as a small picture that stands in a line of text; the word beside it says the same."""
    drawn = element("path", d=_shape(state, SIZE), class_=f"mark s{state}", fill_rule="evenodd")
    return element("svg", drawn, class_="glyph", viewBox="-7 -7 14 14", width=14, height=14, aria_hidden="true")


def picture(width: float, height: float, title: str, description: str, *children: str, class_: str = "picture") -> str:
    """Return a drawing of its own size, which scales as a whole, with a title and a description for those who hear."""
    return element(
        "svg", element("title", escape(title)), element("desc", escape(description)), *children,
        class_=class_, viewBox=f"0 0 {number(width)} {number(height)}", role="img", aria_label=title,
        xmlns="http://www.w3.org/2000/svg",
    )  # fmt: skip


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return at most `most` + 1 round values (1, 2, 2.5 or 5 times a power of ten apart) from `low` to `high`."""
    if high <= low:
        return [low]
    rough = (high - low) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * m for m in (1, 2, 2.5, 5, 10) if power * m >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]
