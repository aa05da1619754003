"""The documents are true: the reference matches the code, every named thing is in it, every block of code runs."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import click
import pytest

from noroshi.errors import FAULT_CODES
from noroshi.estate.tables import TABLES
from noroshi.settings import SETTINGS, Setting, environment_name

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("tutorial*.md")),
    ROOT / "docs" / "howto" / "verify-the-journal.md",
]
BLOCK = re.compile(
    r"^(?P<skip><!-- not run: [^\n]+ -->\n+)?```(?P<kind>[a-z]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of code of a page, and the line it starts on."""

    kind: str
    body: str
    line: int


def blocks(text: str) -> list[Block]:
    """Return the blocks of a page that must run: python and console, unless a comment says why not."""
    return [
        Block(found["kind"], found["body"], text.count("\n", 0, found.start("body")) + 1)
        for found in BLOCK.finditer(text)
        if found["kind"] in {"python", "console"} and not found["skip"]
    ]


def load_builder() -> ModuleType:
    """Import docs/build_reference.py, which is a script and no package."""
    spec = importlib.util.spec_from_file_location("build_reference", ROOT / "docs" / "build_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUILDER = load_builder()


def page(name: str) -> str:
    """Return the text of a page of the reference."""
    return (REFERENCE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", BUILDER.pages())
def test_the_reference_is_what_the_code_says(name: str) -> None:
    assert page(name) == BUILDER.pages()[name], "run: python docs/build_reference.py"


@pytest.mark.parametrize("path", [path for path, _, _ in BUILDER.commands()])
def test_every_command_is_documented(path: str) -> None:
    assert f"# `{path}`" in page("commands.md")


@pytest.mark.parametrize(
    ("path", "command", "ctx"), BUILDER.commands(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_option_has_a_meaning(path: str, command: click.Command, ctx: click.Context) -> None:
    assert command.help, path
    options = [p for p in command.get_params(ctx) if isinstance(p, click.Option) and not p.hidden]
    assert [p.name for p in options if not p.help] == []


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented(setting: Setting) -> None:
    assert f"| `{setting.name}` | `{environment_name(setting.name)}` |" in page("settings.md")


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_documented_in_both_languages(table: str) -> None:
    section = page("tables.md").partition(f"## `{table}`\n")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert [line.split("`")[1] for line in rows] == [column.name for column in TABLES[table].columns]
    assert all(column.meaning and not column.meaning_ja.isascii() for column in TABLES[table].columns)


@pytest.mark.parametrize("code", FAULT_CODES)
def test_every_fault_code_is_documented(code: str) -> None:
    assert f"| `{code}` |" in page("errors.md")


@pytest.mark.parametrize(
    "path", [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")], ids=lambda p: str(p.relative_to(ROOT))
)
def test_every_link_to_a_file_leads_there(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (path.parent / link).exists()]
    assert broken == []


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_every_block_of_a_page_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "HOME": str(tmp_path),
        "NOROSHI_CACHE_DIR": str(tmp_path / "cache"),
    }
    names: dict[str, object] = {"__name__": path.stem}
    for block in blocks(path.read_text(encoding="utf-8")):
        if block.kind == "python":
            exec(compile("\n" * block.line + block.body, str(path), "exec"), names)  # noqa: S102  running it is the test
            continue
        for line in block.body.splitlines():
            if line.startswith("$ "):
                words = shlex.split(line[2:], comments=True)
                assert words[0] == "noroshi", (
                    f"{path.name}:{block.line}: only noroshi is run from a page, not {words[0]}"
                )
                done = subprocess.run(
                    [sys.executable, "-m", *words],
                    env=environ,
                    capture_output=True,
                    text=True,
                    timeout=300,
                    check=False,
                )
                assert done.returncode == 0, f"{path.name}:{block.line}: {line}\n{done.stderr}"


def test_blocks_are_found_and_skipped_as_said() -> None:
    text = (
        "a\n```python\nx = 1\n```\n\n<!-- not run: needs a network -->\n```console\n$ noroshi\n```\n```text\nno\n```\n"
    )
    assert blocks(text) == [Block("python", "x = 1\n", 3)]
