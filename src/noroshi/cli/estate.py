"""`noroshi estate`: check, show, convert, diff and generate estates."""

from __future__ import annotations

import dataclasses
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from noroshi.cli.estate_words import say
from noroshi.cli.verbs import AS_JSON, language, print_json
from noroshi.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from noroshi.estate.findings import Findings
    from noroshi.estate.model import Estate
    from noroshi.files.estates import Format

__all__ = ["command"]

FORMATS = ("csv", "parquet", "json", "geojson")
SUFFIXES = {".json": "json", ".geojson": "geojson"}
SHOWN_CHANGES = 200
FORMAT = click.option(
    "--format", "form", type=click.Choice(FORMATS), help="Default: by the name of WHERE. 省略時は名前で決まる。"
)


@click.group("estate")
def command() -> None:
    """Check, show, convert, compare and generate estates.

    エステートの検査・表示・変換・比較・生成。
    """


@command.command()
@click.argument("estate")
@AS_JSON
@click.pass_context
def check(ctx: click.Context, estate: str, *, as_json: bool) -> None:
    """Check ESTATE and list every fault with its place and remedy.

    ESTATE is a folder, a .json file, a MATPOWER case (.m, .m.gz), a GasLib network (.zip) or a sample.
    The exit code is 2 if there are errors. ESTATEを検査し、不備の場所と対処を示す。
    """
    lang = language(ctx)
    with progress("reading", lang) as step:
        found, findings = _read(estate, step)
    if as_json:
        print_json(_report(estate, found, findings, lang))
    else:
        faults = findings.faults(lang)
        for fault in faults:
            click.secho(fault.line(lang), fg="red" if fault.severity == "error" else "yellow")
        total = findings.errors + findings.warnings
        if total > len(faults):
            click.echo(say("more", lang, rest=total - len(faults)))
        if found is None:
            click.secho(say("at-fault", lang, errors=findings.errors, warnings=findings.warnings), fg="red", bold=True)
        else:
            rows = sum(frame.height for frame in found.frames.values())
            said = say("sound", lang, id=found.meta.id, warnings=findings.warnings, rows=rows)
            click.secho(said, fg="green", bold=True)
    if found is None:
        ctx.exit(InputError.exit_code)


@command.command()
@click.argument("estate", required=False)
@click.argument("ident", metavar="[ID]", required=False)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of an estate. エステートのJSON Schemaを出力する。")
@AS_JSON
@click.pass_context
def show(ctx: click.Context, estate: str | None, ident: str | None, *, schema: bool, as_json: bool) -> None:
    """Show what ESTATE holds, or the row ID and its neighbours.

    ESTATEの内容、またはIDの行と依存関係を表示する。
    """
    lang = language(ctx)
    if schema:
        from noroshi.estate.schema import schema as estate_schema

        print_json(estate_schema())
        return
    if estate is None:
        raise click.UsageError("name an estate, or ask for --schema / ESTATE か --schema を指定する")
    with progress("reading", lang) as step:
        loaded = _load(estate, lang, step)
    if ident is None:
        _show_estate(loaded, lang, as_json=as_json)
    else:
        _show_row(loaded, ident, lang, as_json=as_json)


@command.command()
@click.argument("estate")
@click.argument("where", type=click.Path(path_type=Path))
@FORMAT
@click.option("--units", is_flag=True, help="Write units into CSV headers. CSVの見出しに単位を書く。")
@AS_JSON
@click.pass_context
def convert(  # noqa: PLR0913  one parameter per option
    ctx: click.Context, estate: str, where: Path, form: str | None, *, units: bool, as_json: bool
) -> None:
    """Write ESTATE to WHERE in another format.

    ESTATEを別の形式でWHEREに書き出す。
    """
    lang = language(ctx)
    chosen = form or SUFFIXES.get(where.suffix, "csv")
    with progress("reading", lang) as step:
        loaded = _load(estate, lang, step)
    _write(loaded, where, chosen, units=units)
    _written(loaded, where, chosen, lang, as_json=as_json)


@command.command()
@click.argument("old")
@click.argument("new")
@AS_JSON
@click.pass_context
def diff(ctx: click.Context, old: str, new: str, *, as_json: bool) -> None:
    """Show what changed from the estate OLD to NEW.

    OLDからNEWへの変更点を示す。
    """
    from noroshi.estate.diff import diff as compare

    lang = language(ctx)
    with progress("reading", lang) as step:
        before, after = _load(old, lang, step), _load(new, lang, step)
    found = compare(before, after)
    if as_json:
        print_json(dataclasses.asdict(found))
        return
    if not found:
        click.echo(say("same", lang))
    for change in found.meta:
        click.echo(f"estate.toml {change.column}: {_cell(change.old, lang)} -> {_cell(change.new, lang)}")
    for table in found.tables:
        counts = {"added": len(table.added), "removed": len(table.removed), "changed": len(table.changed)}
        click.secho(say("summary", lang, table=table.table, **counts), bold=True)
        lines = [f"  + {ident}" for ident in table.added] + [f"  - {ident}" for ident in table.removed]
        lines += [f"  ~ {c.id} {c.column}: {_cell(c.old, lang)} -> {_cell(c.new, lang)}" for c in table.changed]
        for line in lines[:SHOWN_CHANGES]:
            click.echo(line)
        if len(lines) > SHOWN_CHANGES:
            click.echo("  " + say("more", lang, rest=len(lines) - SHOWN_CHANGES))


@command.command()
@click.argument("assets", type=click.IntRange(min=100, max=10_000_000))
@click.argument("where", type=click.Path(path_type=Path))
@click.option(
    "--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Same seed, same result. 乱数の種。"
)
@FORMAT
@AS_JSON
@click.pass_context
def generate(  # noqa: PLR0913  one parameter per option
    ctx: click.Context, assets: int, where: Path, seed: int, form: str | None, *, as_json: bool
) -> None:
    """Make an invented estate with ASSETS assets, for tests of scale.

    ASSETS件の資産を持つ架空のエステートを作る。
    """
    import numpy as np

    from noroshi.estate.generate import generate as make

    lang = language(ctx)
    chosen = form or SUFFIXES.get(where.suffix, "csv")
    with progress("making", lang) as step:
        made = make(assets, np.random.default_rng(seed), step)
        step(str(where))
        _write(made, where, chosen, units=False)
    _written(made, where, chosen, lang, as_json=as_json)


@contextmanager
def progress(key: str, lang: str) -> Iterator[Callable[[str], None]]:
    """Show on a terminal that work goes on while the block runs; the yielded function names the step."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status(say(key, lang)) as status:
        yield lambda what: status.update(f"{say(key, lang)} {what}")


def _read(where: str, step: Callable[[str], None]) -> tuple[Estate | None, Findings]:
    """Return the estate at `where`, None if it has errors, and its faults."""
    from noroshi.files.estates import read

    return read(where, step)


def _load(where: str, lang: str, step: Callable[[str], None]) -> Estate:
    """Return the estate at `where`; InputError if it has errors."""
    found, findings = _read(where, step)
    findings.raise_errors(lang)
    if found is None:  # pragma: no cover  without errors there is an estate
        raise NotFoundError(where)
    return found


def _write(estate: Estate, where: Path, form: str, *, units: bool) -> None:
    """Write the estate in one of `FORMATS`."""
    from noroshi.files.estates import save
    from noroshi.files.geojson import to_geojson

    if form == "geojson":
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_bytes(to_geojson(estate))
    else:
        save(estate, where, cast("Format", form), with_units=units)


def _written(estate: Estate, where: Path, form: str, lang: str, *, as_json: bool) -> None:
    """Say what was written, and where."""
    rows = {name: frame.height for name, frame in estate.frames.items() if frame.height}
    if as_json:
        print_json({"estate": estate.meta.id, "where": str(where), "format": form, "rows": rows})
    else:
        click.echo(say("written", lang, what=f"{estate.meta.id} ({sum(rows.values()):,} rows, {form})", where=where))


def _report(where: str, estate: Estate | None, findings: Findings, lang: str) -> dict[str, Any]:
    """Return the result of a check as plain values."""
    return {
        "estate": estate.meta.id if estate else where,
        "errors": findings.errors,
        "warnings": findings.warnings,
        "counts": findings.counts(),
        "faults": [dataclasses.asdict(fault) for fault in findings.faults(lang)],
    }


def _show_estate(estate: Estate, lang: str, *, as_json: bool) -> None:
    """Print what the estate is and how many rows each table has."""
    from noroshi.estate.tables import TABLES

    rows = {name: estate.count(name) for name in TABLES}
    if as_json:
        print_json({"estate": dataclasses.asdict(estate.meta), "rows": rows})
        return
    meta = estate.meta
    name = meta.name_ja if lang == "ja" else meta.name_en
    click.secho(f"{name or meta.id} ({meta.id}, {meta.version})", bold=True)
    for flag in ("illustrative", "fictional"):
        if getattr(meta, flag):
            click.secho(say(flag, lang), fg="yellow")
    if meta.posture:
        posture = meta.posture_ja if lang == "ja" and meta.posture_ja else meta.posture
        click.echo(f"{say('posture', lang)}: {posture}")
    if meta.benchmark:
        mark = meta.benchmark
        click.echo(f"{say('benchmark', lang)}: {mark.overall:g} / {mark.pass_mark:g} ({mark.source}, {mark.year})")
    held = []
    for name, n in rows.items():
        if n:
            held.append((name, f"{n:,}", TABLES[name].row_ja if lang == "ja" else TABLES[name].row))
    _print_table([say("table", lang), say("rows", lang), say("meaning", lang)], held, right=1)
    for source in meta.sources:
        click.echo(f"{say('sources', lang)}: {source}")


def _show_row(estate: Estate, ident: str, lang: str, *, as_json: bool) -> None:
    """Print one row, what it needs and what needs it."""
    from noroshi.estate.lookup import look_up

    entries = look_up(estate, ident)
    if as_json:
        print_json([dataclasses.asdict(entry) for entry in entries])
        return
    for entry in entries:
        click.secho(f"{ident} ({entry.table})", bold=True)
        values = [(key, _cell(value, lang)) for key, value in entry.values.items()]
        _print_table([say("column", lang), say("value", lang)], values)
        for key, links, total in (
            ("needs", entry.needs, entry.needs_total),
            ("needed-by", entry.needed_by, entry.needed_by_total),
        ):
            if links:
                _print_table([say(key, lang), say("through", lang)], [(link.id, link.through) for link in links])
            if total > len(links):
                click.echo(say("total", lang, shown=len(links), total=total))


def _cell(value: object, lang: str) -> str:
    """Return a value as it is shown."""
    if value is None:
        return say("empty", lang)
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _print_table(titles: list[str], rows: Sequence[tuple[str, ...]], right: int = -1) -> None:
    """Print a table; the column `right` is aligned to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False)
    for k, title in enumerate(titles):
        table.add_column(title, justify="right" if k == right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
