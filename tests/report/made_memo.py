"""A memo made for tests: December 2014, with every kind of entry."""

from __future__ import annotations

from typing import Any

from noroshi.desk.position_shapes import MemoIncident, MemoShown, position_shown
from noroshi.desk.positions import Shown
from noroshi.respond.asks import Words
from noroshi.respond.incident import Line
from noroshi.respond.position import (
    Claimed,
    Considered,
    Decided,
    Found,
    Signed,
    Stated,
    Touched,
    position,
    warned,
)
from noroshi.store.dossiers import Dossier

__all__ = ["made_memo"]

DAY = 1_419_206_400_000_000
"""22 December 2014, 00:00 UTC."""


def both(text: str, ja: str, hostile: str) -> Words:
    return Words(hostile or text, hostile or ja)


def lines(hostile: str, *, more: int = 0) -> list[Any]:
    """Return what was said; hostile: a text that stands wherever a person may write one."""
    reasons = (
        Words(
            "2 sources graded B2 or better must speak for it; there are 1", "B2以上の情報源2件以上が支持すること(1件)"
        ),
        Words("two classes of evidence must speak for it", "二種類以上の証拠が支持すること"),
    )
    said = both("We strongly condemn this attack.", "この攻撃を強く非難する。", hostile)
    asked = both("We ask for the evidence.", "技術的根拠の共有を求める。", hostile)
    condemn = both("Condemn the attack, naming nobody", "名指しせず攻撃を非難する", hostile)
    pros, cons = (
        both("It holds whatever is found", "後の判明事項に左右されない", hostile),
        both("Deters little", "抑止効果は限られる", hostile),
    )
    topic, effect = (
        both("Abduction talks", "拉致問題の協議", hostile),
        both("None is seen", "影響はないとみる", hostile),
    )
    return [
        Claimed(hostile or "FBI", "ally", "B2", hostile or "statement of 19 December 2014", "fbi", "KP", "",
                hostile or "enough information", both("It concludes so.", "そう結論付けた。", hostile), "https://example.org/x"),
        Found("not-attributed", "KP", "G0032", 0.11, 0.34, reasons),
        Stated("public", said, "condemn", hostile or "press", spoken=True),
        Stated("private", asked, "call", hostile or "Washington", "KP"),
        Touched(topic, effect, "talks"),
        Considered("public-statement", condemn, pros, cons, "speak", norms=("f",), factors={"scale": "high"}),
        Considered("countermeasures", condemn, pros, cons, "disrupt", "KP"),
        *(Considered("sanctions", condemn, pros, cons, f"more-{n}") for n in range(more)),
        Decided(both("Say what we know and no more.", "判明したことだけを述べる。", hostile), "speak"),
    ]  # fmt: skip


def made_memo(
    *, hostile: str = "", exercise: bool = False, signed: bool = True, changed: bool = False, more: int = 0
) -> MemoShown:
    there = [Line(n, DAY, DAY, "duty", one) for n, one in enumerate(lines(hostile, more=more), 2)]
    if signed:
        there.append(Line(50, DAY, DAY, "head", Signed(hostile or "Director", position(there).digest)))
    if changed:
        there.append(
            Line(51, DAY, DAY, "duty", Touched(Words("Film", "映画"), Words("Shown again", "公開再開"), "film"))
        )
    whole = position(there)
    dossier = Dossier(1, "a9b1f0a2-0000-4000-8000-000000000001", "situation", exercise, 2, None, "", "", 1, DAY)
    title = both("Attack on a film studio", "映画会社への攻撃", hostile)
    shown = Shown(dossier, title, False, whole, warned(whole), {"G0032": "Lazarus Group"})
    incident = MemoIncident(Words("data destroyed", "情報の破壊"), both("film-studio", "film-studio", hostile),
                            Words("confirmed", "確認済み"), "2014-11-24T00:00:00.000000Z")  # fmt: skip
    return MemoShown(position_shown(shown, ()), [incident], "2014-12-24T00:00:00.123456Z")
