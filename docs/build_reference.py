"""Write docs/reference from the code: commands, settings, tables and errors; `--check` only compares.

python docs/build_reference.py
python docs/build_reference.py --check
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from inspect import cleandoc
from pathlib import Path

import click

from noroshi.cli.main import PROGRAM, VERBS, cli
from noroshi.errors import FAULT_CODES, InputError, NotFoundError, StoppedError
from noroshi.estate.column import Column
from noroshi.estate.tables import TABLES
from noroshi.settings import CONFIG_FILE, CONFIG_VARIABLE, SETTINGS, Setting, environment_name
from noroshi.share.permissions import ACTIONS, KINDS, SCOPES

REFERENCE = Path(__file__).parent / "reference"
NOTICE = "<!-- Written by docs/build_reference.py from the code; do not edit. -->\n\n"


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with `--check` name those that differ from the code; return the exit code."""
    stale = [name for name, text in pages().items() if not _same(REFERENCE / name, text)]
    if "--check" in arguments:
        for name in stale:
            print(f"docs/reference/{name} differs from the code; run: python docs/build_reference.py")
        return 1 if stale else 0
    REFERENCE.mkdir(exist_ok=True)
    for name in stale:
        (REFERENCE / name).write_text(pages()[name], encoding="utf-8")
        print(f"wrote docs/reference/{name}")
    return 0


def pages() -> dict[str, str]:
    """Return file name -> text of every page of the reference."""
    made = {
        "commands.md": _commands(),
        "settings.md": _settings(),
        "tables.md": _tables(),
        "errors.md": _errors(),
        "permissions.md": _permissions(),
    }
    return {name: NOTICE + "\n".join(lines) + "\n" for name, lines in made.items()}


def walk(command: click.Command, ctx: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Yield the full name, the command and its context for `command` and everything below it."""
    yield ctx.command_path, command, ctx
    if isinstance(command, click.Group):
        for name in command.list_commands(ctx):
            child = command.get_command(ctx, name)
            if child is not None:
                yield from walk(child, click.Context(child, info_name=name, parent=ctx))


def commands() -> list[tuple[str, click.Command, click.Context]]:
    """Return every command of the tree, the root first."""
    return list(walk(cli, click.Context(cli, info_name=PROGRAM)))


def _same(path: Path, text: str) -> bool:
    """Say whether the file at `path` holds `text`."""
    return path.is_file() and path.read_text(encoding="utf-8") == text


def _row(*cells: str) -> str:
    """Return one row of a Markdown table."""
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"


def _head(*cells: str) -> list[str]:
    """Return the head of a Markdown table."""
    return [_row(*cells), "|" + "---|" * len(cells)]


def _commands() -> list[str]:
    """Return the page of the commands."""
    lines = ["# Commands", ""]
    for path, command, ctx in commands():
        lines += [f"{'##' if path.count(' ') < 2 else '###'} `{path}`", ""]
        lines += [cleandoc(command.help or command.short_help or "").split("\f")[0].replace("\b\n", ""), ""]
        verb = VERBS.get(path.removeprefix(f"{PROGRAM} "))
        if verb:
            lines += [verb.does_ja, ""]
        lines += ["```text", " ".join([path, *command.collect_usage_pieces(ctx)]), "```", ""]
        options = [p for p in command.get_params(ctx) if isinstance(p, click.Option) and not p.hidden]
        if options:
            lines += _head("option", "meaning")
            records = [p.get_help_record(ctx) for p in options]
            lines += [_row(f"`{record[0]}`", record[1]) for record in records if record]
            lines.append("")
    lines += ["## Exit codes", "", *_head("code", "meaning"), _row("0", "done")]
    tree = ((InputError, "the input is at fault"), (NotFoundError, "asked for what does not exist"))
    lines += [_row(str(kind.exit_code), meaning) for kind, meaning in (*tree, (StoppedError, "stopped by the user"))]
    return [*lines, "", "Anything else is a bug."]


def _permissions() -> list[str]:
    """Return the page of who may do what."""
    rows = [
        _row(f"`{one.name}`", one.meaning, one.meaning_ja, f"`{one.scope}`", *(said.value for said in one.kinds),
             one.owner.value, "; ".join(f"{said.value}: {why}" for said, why in one.why.items()))
        for one in ACTIONS.values()
    ]  # fmt: skip
    return [
        "# Who may do what",
        "",
        "What is not in this table nobody may do. `desk` asks it and nothing else decides; the tests walk all of it.",
        "yes: of everybody; own: of one's own, or where a grant says so; never: never. An owner has that flag besides.",
        "",
        *_head("action", "meaning", "意味", "scope", *KINDS, "owner", "why"),
        *rows,
        "",
        "## Scopes of tokens",
        "",
        "A token that somebody makes has those scopes that it is given, all collections or some, and an end.",
        "",
        *_head("scope", "lets one", "意味"),
        *(_row(f"`{name}`", *said) for name, said in SCOPES.items()),
    ]


def _settings() -> list[str]:
    """Return the page of the settings."""
    return [
        "# Settings",
        "",
        f"Defaults, then the file `{CONFIG_FILE}` in the current directory (or the file that {CONFIG_VARIABLE} names),",
        "then the environment, then the flags of a command; later ones win.",
        "",
        *_head("setting", "environment", "type", "default", "meaning", "意味"),
        *map(_setting_row, SETTINGS),
    ]


def _setting_row(setting: Setting) -> str:
    """Return the row of a setting."""
    codes = (f"`{setting.name}`", f"`{environment_name(setting.name)}`", _setting_type(setting), f"`{setting.default}`")
    return _row(*codes, setting.meaning, setting.meaning_ja)


def _setting_type(setting: Setting) -> str:
    """Return the type of a setting with its limits or choices."""
    limits = f", {setting.low}-{setting.high}" if setting.high else ""
    return ", ".join(setting.choices) or setting.kind.value + limits


def _tables() -> list[str]:
    """Return the page of the estate's tables."""
    lines = [
        "# Tables of an estate",
        "",
        "An estate is a folder with `estate.toml` and one CSV file per table; a table without rows may be left out.",
        "Units are fixed per column. `;` separates several ids in one cell.",
        "",
    ]
    for table in TABLES.values():
        units = (
            " Its rows are units: a shock may hit them, and they may stand in `dependencies`." if table.units else ""
        )
        lines += [f"## `{table.name}`", "", f"{table.row}{units}", "", table.row_ja, ""]
        lines += _head("column", "type", "unit", "default", "meaning", "意味")
        lines += [
            _row(f"`{c.name}`", _column_type(c), c.unit, _default(c), c.meaning, c.meaning_ja) for c in table.columns
        ]
        lines.append("")
    return lines[:-1]


def _column_type(column: Column) -> str:
    """Return the type of a column with its limits, choices or the tables it refers to."""
    if column.choices:
        return "one of " + ", ".join(column.choices)
    if column.refs:
        many = "ids" if column.kind.value == "refs" else "id"
        return f"{many} in " + ", ".join(column.refs)
    low = "" if column.low is None else f"≥ {column.low:g}"
    high = "" if column.high is None else f"≤ {column.high:g}"
    limits = ", ".join(limit for limit in (low, high) if limit)
    return f"{column.kind.value} {limits}".strip()


def _default(column: Column) -> str:
    """Return what an empty cell stands for."""
    if column.required:
        return "required"
    if column.default is None:
        return ""
    if isinstance(column.default, bool):
        return "yes" if column.default else "no"
    return f"{column.default:g}" if isinstance(column.default, (int, float)) else column.default


def _errors() -> list[str]:
    """Return the page of the fault codes."""
    return [
        "# Errors",
        "",
        "When an input is at fault, every fault is listed with file, row (as a spreadsheet shows it: the header is 1),",
        "column, what was found, what was expected and what to do. The first 1,000 are listed and all are counted.",
        "The exit code is 2. A warning stops nothing.",
        "",
        *_head("code", "meaning", "意味"),
        *(_row(f"`{code}`", meaning, meaning_ja) for code, (meaning, meaning_ja) in FAULT_CODES.items()),
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
