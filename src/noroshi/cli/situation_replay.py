"""`noroshi situation replay`: a script through the hub, step by step; killed at any point it goes on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from noroshi.cli.acting import at_hub
from noroshi.cli.situation_incidents import moment
from noroshi.cli.verbs import AS_JSON, LANG, aside, print_json
from noroshi.errors import Fault, InputError
from noroshi.settings import LANGUAGES, Settings, override

if TYPE_CHECKING:
    from noroshi.desk.replay_steps import Stage
    from noroshi.desk.replaying import Passed
    from noroshi.respond.script import Step

__all__ = ["replay"]

FASTEST = 1_000_000.0


@click.command("replay")
@click.argument("script", metavar="[SCRIPT]", default="")
@click.option("--exercise", is_flag=True, help="As an exercise, with a cast of its own. 演習として。")
@click.option("--begin", metavar="TIME", help="When the exercise begins; now by default. 演習の開始時刻。")
@click.option("--clock", type=click.Choice(["fast", "real"]), default="fast", show_default=True,
              help="Without waiting, or at its own pace. 待たずに、または実際の間隔で。")  # fmt: skip
@click.option("--speed", type=click.FloatRange(min=0.0, max=FASTEST, min_open=True), default=1.0, show_default=True,
              help="With --clock real: how many times as fast. 倍速。")  # fmt: skip
@click.option("--briefs", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
              help="Write its briefs there, as JSON and pages. 要約の出力先。")  # fmt: skip
@click.option("--list", "listing", is_flag=True, help="List the scripts that ship. 同梱のシナリオを一覧する。")
@AS_JSON
@LANG
@click.pass_obj
def replay(  # noqa: PLR0913  one parameter an option
    given: Settings, *, script: str, exercise: bool, begin: str | None, clock: str, speed: float, briefs: Path | None,
    listing: bool, as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Play a script through the hub, as history or as an exercise.

    The same command again goes on where it stopped. SCRIPT is the name of one that ships, or a file; none lists them.
    シナリオをハブで再生する(史実または演習)。中断後は同じコマンドで続きから再開する。
    """
    settings = override(given, lang=lang)
    from noroshi.files.situation_scripts import load_script

    if listing or not script:
        show_scripts(settings, as_json=as_json)
        return
    found = load_script(script)
    from noroshi.desk.replaying import How
    from noroshi.desk.replaying import replay as play
    from noroshi.desk.warnings_sending import real_timing
    from noroshi.report.replay_text import after, head, passed

    if not found.happened and not exercise:
        raise InputError([Fault("bad-choice", file=found.file, column="--exercise", found="history",
                                expected="an exercise: what the script tells never happened",
                                remedy="add --exercise")])  # fmt: skip
    if begin is not None and not exercise:
        raise InputError([Fault("bad-choice", column="--begin", found=begin[:50], expected="with --exercise alone",
                                remedy="history has its own times: leave it out, or add --exercise")])  # fmt: skip
    how = How(exercise, None if begin is None else moment(begin, "--begin"), speed if clock == "real" else 0.0)
    ja = int(settings.lang == "ja")
    steps: list[Passed] = []
    written: list[str] = []

    def on_step(stage: Stage, one: Passed) -> None:
        steps.append(one)
        if not as_json:
            click.echo(passed(one, found.steps[0].by, ja))
        if one.step.kind == "brief" and briefs is not None:
            written.extend(write_brief(stage, one.step, briefs))

    with at_hub(settings) as hub:
        if not as_json:
            click.echo("\n".join(head(found, exercise=exercise, ja=ja)))
        stage = play(hub, settings, found, how, real_timing(), on_step)
    if as_json:
        print_json(plain(stage, steps, written))
    else:
        click.echo("\n".join(after(stage, written, ja)))


def show_scripts(settings: Settings, *, as_json: bool) -> None:
    """List the scripts that ship."""
    from noroshi.files.situation_scripts import load_script, shipped_scripts
    from noroshi.report.replay_text import row

    every = [load_script(name) for name in shipped_scripts()]
    if as_json:
        print_json({"scripts": [
            {"id": one.id, "title": one.title, "note": one.note, "happened": one.happened, "steps": len(one.steps),
             "sources": one.sources}
            for one in every
        ]})  # fmt: skip
        return
    for one in every:
        click.echo("\n".join(row(one, int(settings.lang == "ja"))))


def write_brief(stage: Stage, step: Step, folder: Path) -> list[str]:
    """Write a brief as of a step's time, as JSON and a page in each language; return the paths."""
    import msgspec

    from noroshi.desk.case_brief import case_brief
    from noroshi.report.case_brief_html import case_page

    with aside():
        found = case_brief(stage.hub, stage.lead, stage.playing.situation, step.at)
    files = {f"{step.key}.json": msgspec.json.format(msgspec.json.encode(found.shown), indent=1) + b"\n"}
    files |= {f"{step.key}.{lang}.html": case_page(found, lang).encode() for lang in LANGUAGES}
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [str(folder / name) for name in files]


def plain(stage: Stage, steps: list[Passed], written: list[str]) -> dict[str, Any]:
    """Return what was played as plain values."""
    from noroshi.share.taxii import timestamp

    name = stage.playing.name
    return {
        "script": stage.script.id, "exercise": stage.playing.exercise, "situation": stage.playing.situation,
        "title": stage.script.title, "note": stage.script.note, "sources": stage.script.sources,
        "cast": {name(one.name): {"kind": one.kind, "role": one.role} for one in stage.script.cast},
        "steps": [
            {"key": one.step.key, "at": timestamp(one.step.at), "kind": one.step.kind, "by": name(one.step.by),
             "says": one.step.says, "source": one.step.source, "illustrative": one.step.illustrative,
             "already": one.already, "made": one.made}
            for one in steps
        ],
        "briefs": written,
    }  # fmt: skip
