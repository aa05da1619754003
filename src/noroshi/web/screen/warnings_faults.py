"""What is wrong with a warning that somebody typed, in the reader's words: which field, what was found and expected."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from noroshi.share.warnings_checks import wrongs

if TYPE_CHECKING:
    from noroshi.share.warnings import Said
    from noroshi.share.warnings_checks import Wrong
    from noroshi.web.screen.page import Page

__all__ = ["faults"]

TEXTS = ("title", "text", "action")
JAPANESE = (
    (r"an empty list", "空の一覧"),
    (r"([\d,]+) characters", r"\1文字"),
    (r"a control character or line end", "制御文字または改行"),
    (r"at least one, or none said: all whom the TLP admits", "1つ以上。限定しない場合は空欄"),
    (r"at most ([\d,]+)", r"\1以下"),
    (r"1 to (\d+) characters, no line ends", r"改行のない1～\1文字"),
    (r"a range as (\S+)", r"\1のような範囲"),
    (r"the id of a STIX object", "STIXオブジェクトの識別子"),
    (r"plain text", "通常の文字"),
)
"""What `warnings_checks` says of what it found and expected -> the same in Japanese."""


def faults(page: Page, said: Said) -> list[str]:
    """Return what is wrong with a warning, one line each."""
    return [in_words(page, one) for one in wrongs(said)]


def in_words(page: Page, one: Wrong) -> str:
    """Return one fault: of which field, what was found, what is expected."""
    key, _, lang = one.key.partition(".")
    if key in TEXTS:
        field = f"{page.w(f'warning_{key}')} ({page.w(f'warning_in_{lang}')})"
        if one.found == "nothing":
            return page.w("warning_fault_empty", field=field)
    else:
        field = "TLP" if key == "tlp" else page.w(f"warning_{lang or key}")
    return page.w("warning_fault", field=field, found=said_in(page, one.found), expected=said_in(page, one.expected))


def said_in(page: Page, text: str) -> str:
    """Return what a check says in the page's language; what somebody typed stays as it is."""
    if page.lang == "ja":
        for pattern, japanese in JAPANESE:
            if found := re.fullmatch(pattern, text):
                return found.expand(japanese)
    return text
