"""A script as text for a terminal: what it is, each step as it happens, and what to look at next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from noroshi.report.situation_text import EXERCISE, when
from noroshi.respond.script_words import ILLUSTRATIVE, KINDS
from noroshi.share.taxii import timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from noroshi.desk.replay_steps import Stage
    from noroshi.desk.replaying import Passed
    from noroshi.respond.script import Script

__all__ = ["after", "head", "passed", "row"]

AGAIN = ("done before", "実施済み")
DONE = ("{title}: {total} steps. Situation {uid}", "{title}: {total}手順。事態 {uid}")
NEXT = (
    "Next: noroshi situation show {uid} --as {who}\n      noroshi brief --situation {uid} --as {who} --at {at}",
    "次に: noroshi situation show {uid} --as {who}\n      noroshi brief --situation {uid} --as {who} --at {at}",
)
WRITTEN = ("Written: {path}", "書き出し: {path}")
STEPS = ("{steps} steps, {first} to {last}", "{steps}手順、{first}~{last}")
NEVER = ("never happened: as an exercise alone", "史実ではない(演習のみ)")


def row(script: Script, ja: int) -> Iterator[str]:
    """Yield what there is to say of a script in a list."""
    first, last = when(script.steps[0].at), when(script.steps[-1].at)
    yield f"{script.id}  {title_of(script, ja)}" + ("" if script.happened else f"  ({NEVER[ja]})")
    yield "  " + STEPS[ja].format(steps=len(script.steps), first=first, last=last)
    yield "  " + (script.note.ja if ja else script.note.en)


def head(script: Script, *, exercise: bool, ja: int) -> Iterator[str]:
    """Yield what is said before the first step: that it is an exercise, first."""
    if exercise:
        yield EXERCISE[ja]
    yield title_of(script, ja)
    yield script.note.ja if ja else script.note.en
    yield ""


def passed(one: Passed, first: str, ja: int) -> str:
    """Return a step on one line: when, what, its source, whether it is ours and no history.

    first: who opened the case, and is not named in each line.
    """
    step = one.step
    kind = KINDS[step.kind].ja if ja else KINDS[step.kind].en
    text = step.says.ja if ja else step.says.en
    more = [f"[{step.source}]", ILLUSTRATIVE[ja] if step.illustrative else "", f"({AGAIN[ja]})" if one.already else ""]
    kind += "" if step.by == first else f" ({step.by})"
    return f"{one.number:>3}/{one.total}  {when(step.at)}  {kind}: {text} {' '.join(filter(None, more))}"


def after(stage: Stage, written: list[str], ja: int) -> Iterator[str]:
    """Yield which briefs were written, and what to look at next."""
    script, uid = stage.script, stage.playing.situation
    who = stage.playing.name(script.steps[0].by)
    yield ""
    yield from (WRITTEN[ja].format(path=path) for path in written)
    yield DONE[ja].format(title=title_of(script, ja), total=len(script.steps), uid=uid)
    last = next((one for one in reversed(script.steps) if one.kind == "brief"), script.steps[-1])
    yield NEXT[ja].format(uid=uid, who=who, at=timestamp(last.at))


def title_of(script: Script, ja: int) -> str:
    """Return a script's title."""
    return script.title.ja if ja else script.title.en
