"""What every test may use: the repository's root, the shared facts, a clean environment, the command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent

settings.register_profile("noroshi", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("noroshi")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the engine once before several workers start, or each would do it for itself."""
    if getattr(config.option, "numprocesses", None):
        from noroshi.desk import kernels

        kernels.warm()


@pytest.fixture(autouse=True)
def clean_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the developer's own NOROSHI_ settings out of the tests' environment."""
    for name in [n for n in os.environ if n.startswith("NOROSHI_") and n != "NOROSHI_SHARED"]:
        monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> Iterator[None]:
    """Hash the passwords of tests with the least that argon2id allows: at full strength each costs a quarter second.

    Processes that tests start keep the full strength.
    """
    from noroshi.desk import credentials

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credentials, "PASSES", 1)
        patch.setattr(credentials, "MEMORY_KIB", 8)
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared facts and data, which are not in the repository; skip where it is absent."""
    folder = Path(os.environ.get("NOROSHI_SHARED", str(ROOT.parent / "shared")))
    if not folder.is_dir():
        pytest.skip(f"needs the shared data: set NOROSHI_SHARED, or put it at {folder}")
    return folder


Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def noroshi(tmp_path: Path) -> Command:
    """Return a function that runs the command in a process of its own, with an empty home."""

    def run(*arguments: str, cwd: Path = ROOT, **environ: str) -> subprocess.CompletedProcess[str]:
        home = {"HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT / "src"), "COLUMNS": "120"}
        return subprocess.run(
            [sys.executable, "-m", "noroshi", *arguments],
            cwd=cwd,
            env={**os.environ, **home, **environ},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    return run
