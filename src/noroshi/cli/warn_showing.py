"""What the commands of `noroshi warn` have in common: how everyone stands with a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from noroshi.cli.verbs import print_json

if TYPE_CHECKING:
    from noroshi.desk.warnings_proposing import Followed, Row

__all__ = ["UID", "plain", "show"]

UID = click.argument("uid", metavar="WARNING")
COUNTS = "at risk {at_risk}, barred {kept_from}; chosen {chosen}, delivered {delivered}, "
HEAD = (
    COUNTS + "acknowledged {acknowledged}, acted {acted}",
    "対象{at_risk}(通知不可{kept_from}) 選択{chosen} 配信{delivered} 確認{acknowledged} 対処{acted}",
)
UNREACHED = ("Not delivered:", "未達:")


def plain(value: Any) -> dict[str, Any]:  # noqa: ANN401  a struct
    """Return a struct as plain values."""
    import msgspec

    found: dict[str, Any] = msgspec.to_builtins(value)
    return found


def show(found: Followed, lang: str, *, as_json: bool) -> None:
    """Print how everyone stands with a warning."""
    if as_json:
        last = found.kept.last.said
        print_json({
            "warning": found.kept.uid, "exercise": last.exercise, "version": last.version, "kind": last.kind,
            "recipients": [row_json(one) for one in found.rows], "coverage": found.coverage,
        })  # fmt: skip
        return
    from noroshi.share.warnings_words import EXERCISE, STATE_WORDS

    japanese = int(lang == "ja")
    if found.kept.last.said.exercise:
        click.echo(EXERCISE[japanese])
    for one in found.coverage:
        counts = HEAD[japanese].format(**plain(one))
        click.echo(f"{one.sector}: {counts}" if one.sector else counts)
    for row in found.rows:
        if row.chosen and not row.faults:
            click.echo(f"  {row.principal}: {STATE_WORDS[row.state][japanese]}{f' ({row.note})' if row.note else ''}")
    unreached = [row for row in found.rows if row.chosen and row.faults]
    if unreached:
        click.echo(UNREACHED[japanese])
    for row in unreached:
        said = "; ".join(fault_line(channel, code, japanese) for channel, code in row.faults)
        click.echo(f"  {row.principal}: {said}")


def fault_line(channel: str, code: str, japanese: int) -> str:
    """Return in words why one way has not worked."""
    from noroshi.share.warnings_words import CHANNELS, FAULTS

    name, _, more = code.partition(": ")
    words = FAULTS.get(name, (code, code))[japanese]
    return f"{CHANNELS[channel][japanese]}: {words}{f' ({more})' if more else ''}"


def row_json(one: Row) -> dict[str, Any]:
    """Return a recipient as plain values."""
    faults = [{"channel": channel, "reason": code} for channel, code in one.faults]
    return {**one._asdict(), "faults": faults}
