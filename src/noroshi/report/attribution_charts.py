"""The reliability diagram of attribution as a picture of its own."""

from __future__ import annotations

from collections.abc import Sequence

from noroshi.attribute.calibration import Bin
from noroshi.report.palette import css_variables
from noroshi.report.svg import element, mark, picture, text, ticks

__all__ = ["reliability_diagram"]

SIDE, EDGE = 320.0, 44.0
TITLE = ("Said and agreed with", "予測確率と一致の割合")
SAID = ("probability of the leading hypothesis", "首位の仮説の確率")
CAME = ("share that agrees with what was published", "公表された帰属と一致した割合")
RULES = "text{font:11px sans-serif;fill:var(--ink,#222)}.grid{stroke:#8884}.diagonal{stroke:#888;stroke-dasharray:4 3}"
MARKS = ".ivl{stroke:var(--ink,#222)}.mark{fill:var(--ink,#222)}"


def reliability_diagram(bins: Sequence[Bin], *, japanese: bool = False) -> str:
    """Return the diagram: each bin's mean probability and share that agreed with its 95 % interval, on the diagonal."""
    lang = int(japanese)

    def x(share: float) -> float:
        return EDGE + share * SIDE

    def y(share: float) -> float:
        return EDGE / 2 + (1.0 - share) * SIDE

    drawn = [element("style", f"{css_variables()}{RULES}{MARKS}")]
    for at in ticks(0.0, 1.0):
        drawn += [
            element("line", class_="grid", x1=x(at), x2=x(at), y1=y(0.0), y2=y(1.0)),
            element("line", class_="grid", x1=x(0.0), x2=x(1.0), y1=y(at), y2=y(at)),
            text(f"{at:.0%}", x=x(at), y=y(0.0) + 14, text_anchor="middle"),
            text(f"{at:.0%}", x=x(0.0) - 5, y=y(at) + 4, text_anchor="end"),
        ]
    drawn.append(element("line", class_="diagonal", x1=x(0.0), y1=y(0.0), x2=x(1.0), y2=y(1.0)))
    for one in bins:
        drawn.append(element("line", class_="ivl", x1=x(one.said), x2=x(one.said), y1=y(one.low), y2=y(one.high)))
        drawn.append(mark(x(one.said), y(one.came), 0))
    drawn.append(text(SAID[lang], x=x(0.5), y=y(0.0) + 32, text_anchor="middle"))
    drawn.append(text(CAME[lang], x=x(0.0), y=y(1.0) - 8))
    described = "; ".join(f"{b.said:.2f}: {b.came:.2f} ({b.low:.2f}-{b.high:.2f}, n={b.count})" for b in bins)
    return picture(SIDE + 2 * EDGE, SIDE + 2 * EDGE, TITLE[lang], described, *drawn) + "\n"
