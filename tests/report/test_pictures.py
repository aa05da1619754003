"""Pictures of runs: what was lost most is shown first, and the file stands alone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.report.made_brief import made_brief

from noroshi.report.pictures import plot_ensemble, plot_run


@dataclass(frozen=True)
class Served:
    id: str
    served: list[list[float]]
    floor: float = 0.5
    name_ja: str = ""


@dataclass(frozen=True)
class Run:
    services: list[Served]


RUN = Run([
    Served("calm", [[0.0, 1.0], [72.0, 1.0]]),
    Served("dip", [[0.0, 1.0], [3.0, 0.5], [6.0, 1.0]]),  # 3 h x 0.5 = 1.5 share-hours
    Served("out", [[0.0, 1.0], [1.0, 0.0], [13.0, 1.0]], name_ja="電力"),  # 12 share-hours
])  # fmt: skip


def names(svg: str) -> list[str]:
    return re.findall(r'class="name">([^<]*)<', svg)


def test_a_run_shows_what_lost_most_first_and_leaves_out_the_calm() -> None:
    picture = plot_run(RUN)
    assert names(picture._repr_svg_()) == ["out", "dip"]
    assert names(plot_run(RUN, lang="ja").svg) == ["電力", "dip"]
    assert names(plot_run(RUN, top=1).svg) == ["out"]


def test_the_curve_is_where_it_belongs() -> None:
    curve = re.search(r'class="median" d="([^"]+)"', plot_run(RUN, top=1).svg)
    assert curve is not None
    # 72 h are 250 wide, the share 96 high: down at hour 1, up again at hour 13
    assert curve[1] == "M0 0L3.47 0L3.47 96L45.14 96L45.14 0L250 0"


def test_a_run_without_loss_says_so() -> None:
    svg = plot_run(Run(RUN.services[:1])).svg
    assert "No service falls below its floor." in svg
    assert plot_run(Run([])).svg.startswith("<svg")


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_an_ensemble_is_saved_as_one_file(tmp_path: Path, lang: str) -> None:
    picture = plot_ensemble(made_brief(), lang=lang, top=4)
    path = picture.save(tmp_path / "bands.svg")
    tree = ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314  our own markup
    assert len(names(picture.svg)) == 4
    assert len(re.findall('class="band"', picture.svg)) == 4
    assert tree.attrib["role"] == "img"
    assert "http" not in picture.svg.replace("http://www.w3.org/2000/svg", "")
