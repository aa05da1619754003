"""Lines of a position in the timeline of a situation: what each is called, and what it says in a few words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from noroshi.respond.position import label
from noroshi.respond.position_words import AUDIENCES, GUARDS, RUNGS

__all__ = ["CONTENT", "SAID"]

SAID = {
    "Claimed": ("claim of others", "他者の主張"), "Found": ("our finding", "我が方の評価"),
    "Stated": ("statement", "発言"), "Touched": ("effect on another matter", "他の案件への影響"),
    "Considered": ("option", "選択肢"), "Decided": ("decision", "決定"), "Signed": ("signed", "署名"),
    "Withdrawn": ("taken back", "撤回"),
}  # fmt: skip
"""Kind of a line -> its name."""


def pick(said: Any, ja: int) -> str:  # noqa: ANN401  words, or none
    """Return what is said in one language."""
    return "" if said is None else str(said.ja if ja else said.en)


CONTENT: dict[str, Callable[[Any, int], Sequence[str]]] = {
    "Claimed": lambda said, ja: (said.by, said.grade, label(said.nexus, said.group, ja), pick(said.text, ja)),
    "Found": lambda said, ja: (GUARDS[said.guard][ja], label(said.nexus, said.group, ja)),
    "Stated": lambda said, ja: (AUDIENCES[said.audience][ja], said.to, pick(said.text, ja)),
    "Touched": lambda said, ja: (pick(said.topic, ja), pick(said.effect, ja)),
    "Considered": lambda said, ja: (RUNGS[said.rung][ja], pick(said.text, ja)),
    "Decided": lambda said, ja: (said.option, pick(said.why, ja)),
    "Signed": lambda said, _: (said.role, said.digest[:12]),
    "Withdrawn": lambda said, _: (said.entry,),
}
"""Kind of a line -> what makes its words."""
