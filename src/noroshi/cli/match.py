"""`noroshi match`: shared indicators against one's own logs, which never leave."""

from __future__ import annotations

import sys
from datetime import UTC
from typing import TYPE_CHECKING

import click

from noroshi.cli.verbs import AS_JSON, LANG, language

if TYPE_CHECKING:
    from noroshi.desk.matching import Search
    from noroshi.errors import Fault

__all__ = ["command"]

FORMATS = ("json", "csv", "zeek", "text")
"""As files/log_lines has them, which is not imported for `--help`; a test holds the two together."""
SHOWN_FAULTS = 20


@click.command("match")
@click.argument("logs", metavar="LOGS...", nargs=-1, required=True)
@click.option(
    "--indicators",
    "sources",
    metavar="FILE|URL",
    multiple=True,
    required=True,
    help="STIX bundle, MISP JSON, CSV, a plain list, or a TAXII collection's objects. 指標のファイルまたはURL。",
)
@click.option(
    "--format", "shape", type=click.Choice(FORMATS), help="Format of LOGS; default: told by their content. ログの形式。"
)
@click.option("--exact", is_flag=True, help="A domain is only itself, not the names under it. サブドメインを含めない。")
@click.option(
    "--warninglists",
    "benign",
    type=click.Choice(["flag", "drop"]),
    help="Flag or drop hits on what is known to be benign. 既知の無害な値の扱い。",
)
@click.option(
    "--sightings", metavar="OUT.json", help="Write STIX sightings: ids, counts and times only. 目撃情報を書き出す。"
)
@click.option(
    "--false-positives",
    "reviewed",
    metavar="HITS.jsonl",
    help="Hits that people judged wrong; become opinions in OUT.json. 誤検知と判断したヒット。",
)
@AS_JSON
@LANG
@click.pass_context
def command(  # noqa: PLR0913  one parameter per option
    ctx: click.Context, *, logs: tuple[str, ...], sources: tuple[str, ...], shape: str | None, exact: bool,
    benign: str | None, sightings: str | None, reviewed: str | None, as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Find shared indicators in your own logs.

    LOGS are JSON lines, CSV, Zeek or text, also in gzip or zstandard; `-` is standard input. --json: a line a hit.
    共有された指標を自組織のログから探す。ログは外に出ない。
    """
    from datetime import datetime

    import msgspec

    from noroshi.desk.matching import prepared, search
    from noroshi.desk.matching_sources import gathered
    from noroshi.desk.sightings import Sightings, write_sightings
    from noroshi.errors import InputError, StoppedError
    from noroshi.files.logs import Log
    from noroshi.files.warninglists import load_warninglists
    from noroshi.report.match_text import Told

    japanese = language(ctx, lang) == "ja"
    told = Told(japanese=japanese, terminal=sys.stderr.isatty())
    if reviewed and not sightings:
        raise click.UsageError("give --sightings too: it is where opinions are written")
    indicators, faults = gathered(sources)
    show(faults, japanese=japanese)
    known = load_warninglists(ctx.obj.cache_dir) if benign else None
    work = prepared(indicators, parents=not exact)
    counts = Sightings()
    broken: list[Fault] = []
    encoder, out = msgspec.json.Encoder(), sys.stdout
    now = datetime.now(UTC)
    told.begin(work)
    stopped = False
    try:
        for name in logs:
            try:
                for hit in search(work, [Log(name, shape or "")], now=now, benign=known, drop=benign == "drop",
                                  said=told.progress):  # fmt: skip
                    counts.add(hit)
                    out.write(encoder.encode(hit).decode() + "\n" if as_json else told.line(hit) + "\n")
            except InputError as error:
                broken += error.faults
    except KeyboardInterrupt:
        stopped = True
    out.flush()
    told.end(work, counts)
    show([fault for log in work.logs for fault in log.faults], japanese=japanese)
    show_given_up(work, japanese=japanese)
    if sightings:
        write_sightings(sightings, counts, reviewed, now)
    if stopped:
        raise StoppedError
    if broken:
        raise InputError(broken)


def show(faults: list[Fault], *, japanese: bool) -> None:
    """Print faults that do not stop the search to standard error: the first twenty, and how many there are."""
    for fault in faults[:SHOWN_FAULTS]:
        click.secho(fault.line("ja" if japanese else "en"), fg="yellow", err=True)
    if len(faults) > SHOWN_FAULTS:
        rest = len(faults) - SHOWN_FAULTS
        click.secho(f"ほか{rest:,}件" if japanese else f"… and {rest:,} more", fg="yellow", err=True)


def show_given_up(work: Search, *, japanese: bool) -> None:
    """Say what was not looked for, or not to the end."""
    for stream in work.streams:
        if stream.given_up:
            said = "組合せが多すぎ、照合を打ち切った" if japanese else "too many combinations; not all were tried"
            click.secho(f"{stream.about.id}: {said}", fg="yellow", err=True)
    for row in work.index.unfindable:
        said = "探せない値" if japanese else "cannot be looked for"
        click.secho(f"{work.indicators.values[row]}: {said}", fg="yellow", err=True)
