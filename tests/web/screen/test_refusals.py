"""What the desk refuses is said on pages in Japanese too: every reason that it gives is known there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import noroshi
from noroshi.share.permissions import ACTIONS, Leave
from noroshi.web.screen.words_refusals import REFUSALS_JA, refusal

ROOMS = ("desk", "web/screen")
APART = (
    "desk/impact.py", "desk/replay_steps.py",  # told by the command that plays, not by a page
)  # fmt: skip
JAPANESE = re.compile("[ぁ-んァ-ヶ一-龠]")
LETTERS = re.compile("[A-Za-z]{2}")


def reasons() -> list[tuple[str, str]]:
    """Return what stands as the reason in each refusal, with "x" for what varies; not what another function says."""
    root, found = Path(noroshi.__file__).parent, []
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.py")):
            where = path.relative_to(root).as_posix()
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Refused":
                    said = spelled(node.args[2]) if len(node.args) > 2 else ""
                    found += [(where, said)] if LETTERS.search(said) and where not in APART else []
    return found


def spelled(node: ast.expr) -> str:
    """Return a text of the source; "" for what is none."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(one.value) if isinstance(one, ast.Constant) else "x" for one in node.values)
    return ""


def test_every_reason_is_known_in_japanese() -> None:
    every = reasons()
    assert len(every) > 80
    unknown = [(where, said) for where, said in every if not JAPANESE.search(refusal(said, "ja"))]
    assert unknown == []
    assert [said for _, said in every if refusal(said, "en") != said] == []


def test_every_reason_of_the_table_of_permissions_is_known() -> None:
    every = {one.why[Leave.NEVER] for one in ACTIONS.values() if Leave.NEVER in one.why}
    assert {said for said in every if not JAPANESE.search(refusal(said, "ja"))} == set()


def test_what_varies_is_told_and_what_is_not_known_stays() -> None:
    assert refusal("password: 12 characters or more", "ja") == "パスワードは12文字以上です。"
    assert refusal("a.pdf: at most 5 MB", "ja") == "a.pdf: 5 MB以内にしてください。"
    assert refusal("{never} said", "ja") == "{never} said"
    assert refusal("nothing was sent: {0}", "ja") == "送信していません: {0}"
    assert [one for one, said in REFUSALS_JA.items() if one.count("{}") != said.count("{}")] == []
