"""The memo of a situation as one HTML file for A4 paper, which needs nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from noroshi.report.memo_content import memo_content

if TYPE_CHECKING:
    from noroshi.desk.position_shapes import MemoShown

__all__ = ["memo_html", "memo_policy"]

TEMPLATES = Path(__file__).parent / "templates"


@cache
def style() -> str:
    """Return the style sheet of the memo."""
    return (TEMPLATES / "memo.css").read_text(encoding="utf-8")


@cache
def memo_policy() -> str:
    """Return the policy under which the memo is shown: its own style and nothing else, from nowhere."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def memo_html(memo: MemoShown, lang: str) -> str:
    """Return the memo as one HTML file for A4 paper that loads nothing and runs nothing."""
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    sheet = Markup(style())  # noqa: S704  our own style sheet
    found = memo_content(memo, lang)
    return environment.get_template("memo.html").render(m=found, policy=memo_policy(), style=sheet)
