"""Groups of commands that know their commands from a table, and import one only when it is called; shared options."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from noroshi.cli import words
from noroshi.settings import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["AS_JSON", "LANG", "Verb", "VerbGroup", "aside", "language", "print_json"]

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON. JSONで出力する。")
LANG = click.option("--lang", type=click.Choice(LANGUAGES), help="Language of what is printed. 表示言語。")


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb: where its command is, as "module:name", and what it does. The module is imported when it is used."""

    where: str
    does: str
    does_ja: str


class VerbGroup(click.Group):
    """A group that knows its commands from the table `verbs` and imports one only when it is called."""

    def __init__(self, *args: Any, verbs: dict[str, Verb], **more: Any) -> None:  # noqa: ANN401  click's own
        """Take the table, name -> verb, in the order in which the help shows them."""
        super().__init__(*args, **more)
        self.verbs = verbs

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the names of the verbs."""
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  as above
        """Import and return the verb `cmd_name`; None if there is none."""
        verb = self.verbs.get(cmd_name)
        if verb is None:
            return None
        module, _, name = verb.where.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of verbs without importing any, in the language asked for."""
        japanese = language(ctx) == "ja"
        with formatter.section(words.COMMANDS[int(japanese)]):
            formatter.write_dl([(name, verb.does_ja if japanese else verb.does) for name, verb in self.verbs.items()])


def language(ctx: click.Context, given: str | None = None) -> str:
    """Return the language asked for: of this command, else of the flag, the settings or NOROSHI_LANG, else English."""
    flag = ctx.find_root().params.get("lang")
    chosen = given or flag or getattr(ctx.obj, "lang", None) or os.environ.get("NOROSHI_LANG", "en")
    return "ja" if chosen == "ja" else "en"


def print_json(value: Any) -> None:  # noqa: ANN401  anything that msgspec writes
    """Print `value` as indented JSON."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=1).decode())


@contextmanager
def aside() -> Iterator[None]:
    """Keep standard output for results while something is computed: what libraries print goes to standard error.

    HiGHS prints a line of its own at times, whatever it is told (https://github.com/jump-dev/HiGHS.jl/issues/312).
    """
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
