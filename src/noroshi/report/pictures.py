"""Pictures of runs and ensembles for notebooks and files: small multiples of the share served over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from noroshi.desk.numbers import percent
from noroshi.report.palette import css_variables
from noroshi.report.svg import element, number, path, picture, text
from noroshi.report.words import pick, said

__all__ = ["Picture", "RunLike", "ServedLike", "plot_ensemble", "plot_run"]

COLUMNS = 3
WIDTH, HEIGHT = 250.0, 96.0
ACROSS, DOWN = 30.0, 62.0
MARGIN, HEAD = 16.0, 44.0
LETTERS = 30
STYLE = (
    "svg{background:var(--paper)}text{font:12px system-ui,'Noto Sans CJK JP',sans-serif;fill:var(--muted)}"
    ".name{fill:var(--ink);font-size:13px}.head{fill:var(--ink);font-size:16px;font-weight:650}"
    ".grid{stroke:var(--grid)}.floor{stroke:var(--ink);stroke-dasharray:4 3}"
    ".median{fill:none;stroke:var(--accent);stroke-width:2}.band{fill:var(--band)}"
    ".short{fill:var(--soft-2)}"
)


class ServedLike(Protocol):
    """One service of a run: its share served as [[hour, share], …], each holding until the next, and its floor."""

    @property
    def id(self) -> str:
        """The service's id."""

    @property
    def served(self) -> Sequence[Sequence[float]]:
        """Hour and share, in order of time."""

    @property
    def floor(self) -> float:
        """The basic level, a share."""


class RunLike(Protocol):
    """The result of one run."""

    @property
    def services(self) -> Sequence[ServedLike]:
        """Its services."""


class BandsLike(Protocol):
    """Quantiles of the share served at each of `hours`."""

    @property
    def hours(self) -> Sequence[float]:
        """Hours, ascending."""

    @property
    def p05(self) -> Sequence[float]:
        """5 % quantile."""

    @property
    def p50(self) -> Sequence[float]:
        """Median."""

    @property
    def p95(self) -> Sequence[float]:
        """95 % quantile."""


class RiskLike(Protocol):
    """One service of an ensemble, such as `ServiceRisk` of a brief."""

    @property
    def id(self) -> str:
        """The service's id."""

    @property
    def floor(self) -> float:
        """The basic level, a share."""

    @property
    def bands(self) -> BandsLike | None:
        """Its curves; None where it is hardly touched."""


class EnsembleLike(Protocol):
    """The result of an ensemble, or a brief."""

    @property
    def services(self) -> Sequence[RiskLike]:
        """Its services."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as SVG text: shown by notebooks, saved by `save`."""

    svg: str

    def _repr_svg_(self) -> str:
        """Return the SVG, for notebooks."""
        return self.svg

    def save(self, path: str | Path) -> Path:
        """Write the SVG to `path` and return it; OSError where it cannot be written."""
        target = Path(path)
        target.write_text(self.svg + "\n", encoding="utf-8")
        return target


def plot_run(result: RunLike, *, lang: str = "en", top: int = 9, horizon_h: float | None = None) -> Picture:
    """Return the share served over time of the `top` services that lost most (share-hours), floor dashed.

    `horizon_h` is where time ends; without it, the last hour that any service names.
    """
    end = horizon_h or max((float(row[0]) for s in result.services for row in s.served), default=0.0) or 1.0
    lost = {s.id: _lost(s.served, end) for s in result.services}
    shown = sorted((s for s in result.services if lost[s.id] > 0), key=lambda s: (-lost[s.id], s.id))[:top]

    def curve(service: ServedLike) -> str:
        xs, ys = _corners([(float(h), float(v)) for h, v in service.served], end)
        return element("path", class_="median", d=path(xs, ys))

    panels = [(_name(s, lang), s.floor, min(float(v) for _, v in s.served), curve(s)) for s in shown]
    return _multiples(said("run", lang), panels, end, lang)


def plot_ensemble(result: EnsembleLike, *, lang: str = "en", top: int = 9) -> Picture:
    """Return quantile bands of the share served of the `top` services whose lower curve loses most, floor dashed."""
    with_bands = [(s, s.bands) for s in result.services if s.bands is not None]
    end = max((float(b.hours[-1]) for _, b in with_bands), default=0.0) or 1.0
    order = sorted(with_bands, key=lambda pair: (-_lost(_pairs(pair[1].hours, pair[1].p05), end), pair[0].id))

    def curve(bands: BandsLike) -> str:
        top_x, top_y = _corners(_pairs(bands.hours, bands.p95), end)
        low_x, low_y = _corners(_pairs(bands.hours, bands.p05), end)
        band = element("path", class_="band", d=path(top_x + low_x[::-1], top_y + low_y[::-1]) + "Z")
        return band + element("path", class_="median", d=path(*_corners(_pairs(bands.hours, bands.p50), end)))

    panels = [(_name(s, lang), s.floor, min(float(v) for v in b.p50), curve(b)) for s, b in order[:top]]
    return _multiples(said("ensemble", lang), panels, end, lang)


def _pairs(hours: Sequence[float], values: Sequence[float]) -> list[tuple[float, float]]:
    """Return hours and values as pairs of plain floats."""
    return [(float(h), float(v)) for h, v in zip(hours, values, strict=True)]


def _name(service: object, lang: str) -> str:
    """Return a service's name where it has one, else its id; cut where it is too long for its panel."""
    ident = str(getattr(service, "id", ""))
    english = getattr(service, "name", "") or getattr(service, "name_en", "") or ident
    name = pick(english, getattr(service, "name_ja", "") or "", lang)
    return name if len(name) <= LETTERS else name[: LETTERS - 1] + "…"


def _lost(served: Sequence[Sequence[float]], end: float) -> float:
    """Return the share-hours lost until `end`."""
    hours = [*(min(float(row[0]), end) for row in served), end]
    return sum((1.0 - float(row[1])) * (hours[k + 1] - hours[k]) for k, row in enumerate(served))


def _corners(served: Sequence[tuple[float, float]], end: float) -> tuple[list[float], list[float]]:
    """Return the corners of the step line in a panel."""
    xs: list[float] = []
    ys: list[float] = []
    for hour, share in served:
        x, y = min(hour, end) / end * WIDTH, HEIGHT * (1 - share)
        if ys and y != ys[-1]:
            xs.append(x)
            ys.append(ys[-1])
        xs.append(x)
        ys.append(y)
    if xs and xs[-1] < WIDTH:
        xs.append(WIDTH)
        ys.append(ys[-1])
    return xs, ys


def _multiples(title: str, panels: Sequence[tuple[str, float, float, str]], end: float, lang: str) -> Picture:
    """Return the panels (name, floor, lowest share, curve) in rows of three under a title."""
    columns = max(1, min(COLUMNS, len(panels)))
    rows = max(1, -(-len(panels) // COLUMNS))
    drawn = [element("style", css_variables() + STYLE), text(title, x=MARGIN, y=26, class_="head")]
    if not panels:
        drawn.append(text(said("services_none", lang), x=MARGIN, y=HEAD + 18))
    for k, (name, floor, low, curve) in enumerate(panels):
        y = HEIGHT * (1 - floor)
        frame = "".join(element("line", class_="grid", x1=0, x2=WIDTH, y1=v, y2=v) for v in (0.0, HEIGHT / 2, HEIGHT))
        foot = "".join(
            text(f"{end * share:g}{('時間' if lang == 'ja' else ' h') if share == 1 else ''}", x=WIDTH * share,
                 y=HEIGHT + 15, text_anchor=("start", "middle", "end")[round(2 * share)])
            for share in (0.0, 0.5, 1.0)
        )  # fmt: skip
        across = MARGIN + (k % COLUMNS) * (WIDTH + ACROSS)
        down = HEAD + 18 + (k // COLUMNS) * (HEIGHT + DOWN)
        lowest = text(percent(low, lang), x=WIDTH, y=-8, text_anchor="end")
        floor_line = element("line", class_="floor", x1=0, x2=WIDTH, y1=y, y2=y)
        move = f"translate({number(across)} {number(down)})"
        heading = text(name, x=0, y=-8, class_="name")
        drawn.append(element("g", heading, lowest, frame, curve, floor_line, foot, transform=move))
    width = 2 * MARGIN + columns * WIDTH + (columns - 1) * ACROSS
    described = "; ".join(f"{name} {percent(low, lang)}" for name, _, low, _ in panels)
    height = HEAD + rows * (HEIGHT + DOWN)
    return Picture(picture(max(width, 420.0), height, title, described or said("services_none", lang), *drawn))
