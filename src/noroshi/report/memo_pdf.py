"""The memo of a situation as PDF on A4 paper, set by typst: the same record at the same moment gives the same bytes.

Texts go to typst as data (JSON in `sys.inputs`) and are never part of its markup. The fonts come from packages, the
machine's own are not looked at.
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from noroshi.report.memo_content import memo_content

if TYPE_CHECKING:
    from noroshi.desk.position_shapes import MemoShown

__all__ = ["memo_pdf"]

TEMPLATE = Path(__file__).parent / "templates" / "memo.typ"
FONTS = ("noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold")


def memo_pdf(memo: MemoShown, lang: str, *, picture: bool = False) -> bytes:
    """Return the memo as PDF; picture: its only page as PNG instead."""
    import typst

    content = memo_content(memo, lang)
    content["heading"] = ": ".join(part for part in (content["exercise"], content["kind"], content["title"]) if part)
    folders: list[Any] = font_folders()  # typst's types ask for bytes wherever its template is given as such
    made: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        format="png" if picture else "pdf",
        font_paths=folders,
        ignore_system_fonts=True,
        sys_inputs={"memo": msgspec.json.encode(content).decode()},
        timestamp=datetime.fromisoformat(memo.made).astimezone(UTC).replace(microsecond=0),
    )
    return made


def font_folders() -> list[Path]:
    """Return where the packages of fonts keep theirs."""
    found = (find_spec(name) for name in FONTS)
    return [Path(place) for spec in found if spec for place in spec.submodule_search_locations or ()]
