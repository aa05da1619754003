"""The command group: fast help, exit codes, one boundary for errors."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import click
import pytest

from noroshi.cli import main as door
from noroshi.errors import Fault, InputError, NotFoundError, StoppedError

HEAVY = (
    "numba",
    "llvmlite",
    "scipy",
    "numpy",
    "polars",
    "highspy",
    "litestar",
    "jinja2",
    "rich",
    "uvicorn",
    "msgspec",
    "asyncio",
)


def imported_by(code: str, root: Path) -> set[str]:
    """Return the top-level modules that are loaded after `code` has run in a fresh interpreter."""
    script = f"{code}\nimport sys; print(' '.join({{n.partition('.')[0] for n in sys.modules}}), file=sys.stderr)"
    environ = {**os.environ, "PYTHONPATH": str(root / "src")}
    done = subprocess.run([sys.executable, "-c", script], env=environ, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def test_help_loads_nothing_heavy(root: Path) -> None:
    code = "from noroshi.cli.main import main\ntry: main(['--help'])\nexcept SystemExit: pass"
    loaded = imported_by(code, root)
    assert "click" in loaded
    assert loaded.isdisjoint(HEAVY)


def test_importing_the_package_loads_nothing_heavy(root: Path) -> None:
    assert imported_by("import noroshi", root).isdisjoint(HEAVY)


def run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Run the command in this process; return its exit code and what it printed."""
    with pytest.raises(SystemExit) as left:
        door.main(arguments)
    out, err = capsys.readouterr()
    code = left.value.code
    assert code is None or isinstance(code, int)
    return code or 0, out, err


def test_help_lists_every_verb_in_both_languages(capsys: pytest.CaptureFixture[str]) -> None:
    english = run(["--help"], capsys)[1]
    japanese = run(["--lang", "ja", "--help"], capsys)[1]
    for name, verb in door.VERBS.items():
        assert name in english
        assert verb.does in " ".join(english.split())
        assert name in japanese
        assert verb.does_ja[:10] in japanese


@pytest.mark.parametrize("name", door.VERBS)
def test_each_verb_exists_and_is_described_as_its_command_describes_itself(name: str) -> None:
    command = door.cli.get_command(click.Context(door.cli), name)
    assert command is not None
    assert command.name == name
    assert command.get_short_help_str(200) == door.VERBS[name].does


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"], capsys)[1] == f"noroshi {version('noroshi')}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_of_the_shell(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(["completion", shell], capsys)
    assert code == 0
    assert f"_NOROSHI_COMPLETE={shell}_complete" in out


def test_completion_completes_verbs(root: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": str(root / "src"), "_NOROSHI_COMPLETE": "bash_complete"}
    environ |= {"COMP_WORDS": "noroshi comp", "COMP_CWORD": "1"}
    done = subprocess.run([sys.executable, "-m", "noroshi"], env=environ, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "plain,completion"


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """Add a verb `fail` that raises what the test puts into the list."""
    errors: list[BaseException] = []

    @click.command("fail")
    def fail() -> None:
        """Fail."""
        raise errors[0]

    monkeypatch.setattr(door.cli, "get_command", lambda _ctx, name: fail if name == "fail" else None)
    return errors


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (
            InputError([Fault("bad-number", file="a.csv", row=2, column="x", found="?", remedy="correct it")]),
            2,
            "a.csv:2 [x]",
        ),
        (NotFoundError("no estate called atlantis; there are japan, sorami"), 3, "Error: no estate called atlantis"),
        (StoppedError(), 130, "Stopped."),
        (KeyboardInterrupt(), 130, "Stopped."),
        (click.UsageError("wrong flag"), 2, "wrong flag"),
        (click.FileError("a.csv"), 2, "a.csv"),
    ],
)
def test_each_error_gives_its_exit_code_and_text_without_traceback(
    error: BaseException, code: int, text: str, failing: list[BaseException], capsys: pytest.CaptureFixture[str]
) -> None:
    failing.append(error)
    got, out, err = run(["fail"], capsys)
    assert got == code
    assert out == ""
    assert text in err
    assert "Traceback" not in err


def test_errors_are_shown_in_the_language_asked_for(
    failing: list[BaseException], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    failing.append(StoppedError())
    assert "中止" in run(["--lang", "ja", "fail"], capsys)[2]
    assert "中止" in run(["--lang=ja", "fail"], capsys)[2]
    assert "Stopped" in run(["fail"], capsys)[2]
    monkeypatch.setenv("NOROSHI_LANG", "ja")
    assert "中止" in run(["fail"], capsys)[2]


def test_a_bug_is_not_hidden(failing: list[BaseException]) -> None:
    failing.append(ZeroDivisionError("a bug"))
    with pytest.raises(ZeroDivisionError):
        door.main(["fail"])


def test_faulty_settings_are_reported_and_help_still_works(tmp_path: Path, noroshi: object) -> None:
    assert callable(noroshi)
    (tmp_path / "noroshi.toml").write_text("port = 'x'\n", encoding="utf-8")
    done = noroshi("completion", "bash", cwd=tmp_path)
    assert done.returncode == 2
    assert "[port]: error bad-setting" in done.stderr
    assert noroshi("--help", cwd=tmp_path).returncode == 0


def test_an_unknown_verb_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(["no-such-verb"], capsys)
    assert code == 2
    assert "no-such-verb" in err


@pytest.mark.skipif(os.name != "posix", reason="pipes and signals are those of POSIX")
def test_a_reader_that_stops_reading_is_no_error(root: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": str(root / "src")}
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "noroshi", "completion", "bash"],
            env=environ, stdout=closed, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="pipes and signals are those of POSIX")
def test_an_interrupt_ends_with_130_and_no_traceback(root: Path) -> None:
    code = (
        "import os, signal\nfrom noroshi.cli.main import cli, main\nimport click\n"
        "@click.command('wait')\ndef wait():\n    os.kill(os.getpid(), signal.SIGINT); signal.pause()\n"
        "cli.get_command = lambda ctx, name: wait\nmain(['wait'])"
    )
    environ = {**os.environ, "PYTHONPATH": str(root / "src")}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 128 + signal.SIGINT
    assert done.stderr.split() == ["Stopped."]
