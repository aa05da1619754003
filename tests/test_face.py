"""The library's face: light to import, and whole: load, run, frames, a picture."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import noroshi as nr

HEAVY = ("numpy", "numba", "scipy", "polars", "highspy", "litestar", "rich", "click", "msgspec", "jinja2")


def test_import_loads_nothing_heavy(root: Path) -> None:
    code = f"import sys, noroshi; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(root / "src")}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", nr.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(nr, name) is not None
    assert name in dir(nr)


def test_what_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_like_it"):
        _ = nr.nothing_like_it  # type: ignore[attr-defined]


def test_no_module_of_stress_hides_a_function_of_its_face(root: Path) -> None:
    modules = {path.stem for path in (root / "src" / "noroshi" / "stress").glob("*.py")}
    assert modules & set(nr.stress.__all__) == set()


def test_from_estate_to_picture() -> None:
    estate = nr.load("sorami")
    shock = nr.Shock("terminal", horizon_h=24.0, hits=(nr.Hit("port-tos", "freeze", onset_h=1.0, restore_h=6.0),))
    result = nr.stress.run(estate, shock)
    services, series, events = (result.frame(name) for name in ("services", "series", "events"))
    assert services.height == len(result.services) == estate.count("services")
    worst = services.sort("person_hours_below_floor", descending=True).row(0, named=True)
    assert (worst["id"], worst["least_share"]) == ("containers", 0.0)
    assert worst["causes"] == ["port-tos"]
    assert series.filter(series["id"] == "containers")["hour"].to_list()[:2] == [0.0, 1.0]
    assert events.columns == ["hour", "what", "id", "cause"]
    with pytest.raises(KeyError, match="expected one of services, series, events"):
        result.frame("nonsense")
    picture = result.plot()
    assert picture._repr_svg_().startswith("<svg")
    assert "Containers in and out" in picture.svg
    assert "コンテナ輸出入" in result.plot(lang="ja").svg
