"""A made-up world, its releases on disk, and a model trained on them once."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.attribute.world import World, make_world, write_releases

from noroshi.desk.attributing import Assessor, assessor, train
from noroshi.files.attribution_models import ModelFile


@pytest.fixture(scope="session")
def world() -> World:
    return make_world(groups=24, releases=3)


@pytest.fixture(scope="session")
def releases(world: World, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_releases(world, tmp_path_factory.mktemp("releases"))


@pytest.fixture(scope="session")
def trained(releases: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ModelFile]:
    out = tmp_path_factory.mktemp("model") / "model.json"
    return out, train([releases[0].parent], out)


@pytest.fixture(scope="session")
def ready(trained: tuple[Path, ModelFile], releases: list[Path]) -> Assessor:
    return assessor(trained[0], [releases[-1]])
