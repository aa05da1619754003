"""`noroshi respond`: when reports are due, how severe a case is, and how much is reported."""

from __future__ import annotations

from pathlib import Path

import click

from noroshi.cli.verbs import AS_JSON, LANG, Verb, VerbGroup, language, print_json

__all__ = ["SUBVERBS", "command", "duties", "flow", "severity"]

SUBVERBS: dict[str, Verb] = {
    "duties": Verb(
        "noroshi.cli.respond:duties",
        "Show what must be reported to whom by when, by which law.",
        "何を、誰に、いつまでに、どの法律により報告するかを示す。",
    ),
    "severity": Verb(
        "noroshi.cli.respond:severity",
        "Show how severe a case is on several scales, as intervals while facts are unknown.",
        "事案の深刻度を複数の尺度で示す(不明な点がある間は区間)。",
    ),
    "flow": Verb(
        "noroshi.cli.respond:flow",
        "Show how much critical infrastructure in Japan reported, by year and kind.",
        "日本の重要インフラからの報告件数を年度・事象別に示す。",
    ),
}
"""Every command of the group, in the order in which the help shows them."""


@click.group("respond", cls=VerbGroup, verbs=SUBVERBS)
def command() -> None:
    """Show what must be reported by when, and how severe a case is.

    報告義務の期限と、事案の深刻度を示す。
    """


@click.command("duties")
@click.option(
    "--from", "start", default="", metavar="TIME", help="When it was detected and one became aware. 検知・認知の時刻。"
)
@click.option(
    "--at",
    "moments",
    multiple=True,
    metavar="NAME=TIME",
    help="Another moment (payment, ...), or when a duty was met, by its id. 他の起算点、又は実施済みの時刻。",
)
@click.option(
    "--zone", default="", metavar="NAME", help="Time zone of times without offset and of the recipients. 時間帯。"
)
@click.option(
    "--holidays", default="", metavar="NAME", help="Days off of the recipients: DE, DE-BY, ... 提出先の休日暦。"
)
@click.option("--only", multiple=True, metavar="REGIME", help="Only these: NIS2, APPI, CIRCIA, ... 制度を絞る。")
@click.option(
    "--file", "files", multiple=True, type=click.Path(), help="Duties of your own (TOML) instead. 独自の義務ファイル。"
)
@click.option("--now", default="", metavar="TIME", help="As of this time; default: the clock. 基準時刻。")
@click.option(
    "--ics", type=click.Path(dir_okay=False), help="Write a calendar (RFC 5545) as well. カレンダーも書き出す。"
)
@click.option("--case", default="duties", metavar="NAME", help="Name of the case, for ids in the calendar. 事案名。")
@click.option("--exercise", is_flag=True, help="Mark the calendar as an exercise. カレンダーに演習と表示する。")
@AS_JSON
@LANG
@click.pass_context
def duties(  # noqa: PLR0913  one parameter per option
    ctx: click.Context, *, start: str, moments: tuple[str, ...], zone: str, holidays: str, only: tuple[str, ...],
    files: tuple[str, ...], now: str, ics: str | None, case: str, exercise: bool, as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Show what must be reported to whom by when, by which law; what nobody verified is shown without a time.

    Without times it lists the duties. Of two readings of a law the stricter is "by", the other the latest.
    何を、誰に、いつまでに、どの法律により報告するかを示す。照合されていない義務の期限は計算しない。
    """
    from datetime import UTC, datetime

    from noroshi.desk.due_dates import Asked, due_dates, duty_rows, moment

    wrong = [one for one in moments if "=" not in one]
    if wrong:
        raise click.UsageError(f"--at {wrong[0]}: write NAME=TIME, such as payment=2026-11-22T09:30+09:00")
    names = [one.partition("=")[0].strip() for one in moments]
    if len(set(names)) < len(names):
        raise click.UsageError("--at gives a moment twice; give each once")
    given = {name.strip(): time for name, _, time in (one.partition("=") for one in moments)}
    as_of = moment(now, zone, "--now").at if now else None
    when = as_of or datetime.now(UTC)
    dues = due_dates(Asked(start, given, zone, holidays, only, files), when)
    chosen = language(ctx, lang)
    if ics:
        from noroshi.files.ics import calendar_bytes
        from noroshi.respond.feed import feed

        entries = feed(dues, case, chosen, exercise=exercise)
        Path(ics).write_bytes(calendar_bytes(entries, when, f"Noroshi {case}"))
    rows = duty_rows(dues, when)
    if as_json:
        print_json({"now": when.isoformat(timespec="seconds").replace("+00:00", "Z"), "duties": rows})
        return
    from rich.console import Console

    from noroshi.report.respond_text import print_duties

    print_duties(rows, chosen, Console())


@click.command("severity")
@click.argument("facts", metavar="FACTS", type=click.Path())
@AS_JSON
@LANG
@click.pass_context
def severity(ctx: click.Context, *, facts: str, as_json: bool, lang: str | None) -> None:
    """Show how severe the case in FACTS (TOML) is: NCISS with what is added to it, Japan's levels, CISS, NIS2.

    What is left out is not known, and leaves an interval. docs/respond.md has every key.
    事案の深刻度を示す。書かれていない事実は不明として区間で示す。
    """
    from noroshi.desk.severities import severities_of

    values = severities_of(facts)
    if as_json:
        print_json(values)
        return
    from rich.console import Console

    from noroshi.report.respond_text import print_severities

    print_severities(values, language(ctx, lang), Console())


@click.command("flow")
@AS_JSON
@LANG
@click.pass_context
def flow(ctx: click.Context, *, as_json: bool, lang: str | None) -> None:
    """Show the published numbers of reports to and from the centre in Japan, FY2019 to FY2023.

    日本の重要インフラにおける情報連絡・情報提供の件数(2019〜2023年度)を示す。
    """
    from noroshi.files.ci_flow import reported_flow

    rows = reported_flow()
    if as_json:
        print_json([row._asdict() for row in rows])
        return
    from rich.console import Console

    from noroshi.report.respond_text import print_flow

    print_flow(rows, language(ctx, lang), Console())
