"""What every test of the command line may use: the command, run in this process."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from noroshi.cli.main import main

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    """Return a function that runs `noroshi ...` here and returns exit code, output and errors."""

    def call(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as exited:
            main([str(one) for one in arguments])
        out, err = capsys.readouterr()
        assert isinstance(exited.value.code, int)
        return exited.value.code, out, err

    return call


@pytest.fixture
def rate(command: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Return a function that runs `noroshi rate ...` in 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: object, lang: str = "en") -> tuple[int, str, str]:
        return command("--lang", lang, "rate", *arguments)

    return call
