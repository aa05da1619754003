"""Texts of the page of the brief."""

from __future__ import annotations

__all__ = ["BRIEF_WORDS"]

BRIEF_WORDS: dict[str, tuple[str, str]] = {
    "menu_brief": ("Brief", "ブリーフ"),
    "brief_title": ("Brief: {estate}", "ブリーフ:{estate}"),
    "brief_save": ("Save as one page (HTML)", "1ファイルで保存(HTML)"),
    "brief_links": ("The same in other forms", "別の形式"),
}  # fmt: skip
"""Key -> its text in English and in Japanese."""
