"""The position on a situation as text for a terminal: every entry with its id, and what is warned of beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from noroshi.report import memo_content as content
from noroshi.report.memo_content import say

if TYPE_CHECKING:
    from noroshi.desk.position_shapes import PositionShown

__all__ = ["position_rows"]


def position_rows(there: PositionShown, ja: int) -> Iterator[str]:
    """Yield the position: whether it is an exercise, its marking, what is warned of, every part of it."""
    if there.exercise:
        yield say("exercise", ja)
    communities = "" if there.communities is None else f" ({', '.join(there.communities)})"
    yield f"{there.title.ja if ja else there.title.en}: {say('memo', ja)}  TLP:{there.tlp}{communities}"
    for one in there.warnings:
        if not one.entry:
            yield f"  ! {say('warning', ja)}: {one.text.ja if ja else one.text.en}"
    yield from part("claims", [(one.id, content.claim(one, ja)) for one in there.claims], ja)
    found = content.finding(there.finding, ja)
    yield from part("finding", [("" if there.finding is None else there.finding.id, found)], ja)
    yield from part("options", [(one.id, content.option(one, ja)) for one in there.options], ja)
    for way in ("public", "private"):
        said = [(one.id, content.statement(one, ja)) for one in there.statements if one.audience == way]
        yield from part(way, said, ja)
    yield from part("effects", [(one.id, content.effect(one, ja)) for one in there.effects], ja)
    yield from part("decision", [("", content.decision(there, ja))], ja)
    yield f"{say('signature', ja)}"
    for row in content.signatures(there, ja):
        yield "  " + "  ".join(text for text in (row["text"], row["note"], row["changed"]) if text)
    yield say("record", ja, digest=there.digest or "-")
    yield say("advice", ja)


def part(key: str, entries: list[tuple[str, dict[str, Any]]], ja: int) -> Iterator[str]:
    """Yield one part of the position."""
    yield say(key, ja)
    for name, one in entries:
        lead = " ".join(text for text in (one["lead"], one["text"]) if text)
        yield f"  {f'[{name}] ' if name else ''}{lead}"
        for which in ("pros", "cons"):
            if which in one:
                yield f"    {say(which, ja)}: {one[which]}"
        yield from (f"    {note}" for note in one["notes"])
        yield from (f"    - {reason}" for reason in one.get("reasons", ()))
        yield from (f"    ! {say('warning', ja)}: {text}" for text in one["warnings"])
    if not entries:
        yield f"  {say('none', ja)}"
