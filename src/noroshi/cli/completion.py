"""`noroshi completion`: the script that makes a shell complete our commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command("completion", short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of SHELL.

    Put it where the shell reads it; for bash that is ~/.local/share/bash-completion/completions/noroshi.
    """
    completion = get_completion_class(shell)
    assert completion is not None  # noqa: S101  click has all three of SHELLS
    name = str(ctx.find_root().info_name)
    click.echo(completion(ctx.find_root().command, {}, name, f"_{name.upper()}_COMPLETE").source())
