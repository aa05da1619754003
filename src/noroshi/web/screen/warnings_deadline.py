"""Until when a warning wants an answer: the last line of what to do, which is signed with it; written and read here."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from noroshi.share.warnings import Words
from noroshi.web.screen.now_sentence import duration

if TYPE_CHECKING:
    from noroshi.web.screen.page import Page

__all__ = ["Until", "told_by", "until_of", "without", "written_until"]

BY = Words("By {at}, Japan time.", "期限: {at}(日本時間)")
FORM, TYPED = "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"
LINE = re.compile(r"\n?(?:By|期限:) (\d{4}-\d\d-\d\d \d\d:\d\d)(?:, Japan time\.|\(日本時間\))$")
JAPAN = ZoneInfo("Asia/Tokyo")
HOUR, DAY = 3_600_000_000, 86_400_000_000
NEAR = ((0, 3), (HOUR, 2), (DAY, 1))
"""Less is left than this -> the mark beside it, as in the queue of deadlines; 0 for more."""


class Until(NamedTuple):
    """A deadline as it is shown: for machines, in Japan's time, how much is left in words, and the mark of that."""

    stamp: str
    at: str
    left: str
    mark: int


def told_by(action: Words, typed: str) -> Words:
    """Return what to do with a deadline of a form as its last line; unchanged where it is no moment."""
    try:
        at = datetime.strptime(typed, TYPED).strftime(FORM)  # noqa: DTZ007  as it was typed, in Japan's time
    except ValueError:
        return action
    return Words(*(f"{words}\n{by.format(at=at)}" if words else words
                   for words, by in ((action.en, BY.en), (action.ja, BY.ja))))  # fmt: skip


def without(text: str) -> str:
    """Return what to do without the line of its deadline."""
    return LINE.sub("", text)


def written_until(action: Words) -> str:
    """Return the deadline as a form has it; "" where there is none."""
    found = LINE.search(action.en) or LINE.search(action.ja)
    return found[1].replace(" ", "T") if found else ""


def until_of(page: Page, action: Words) -> Until | None:
    """Return the deadline of a warning as a page shows it, None where there is none that can be read."""
    typed = written_until(action)
    try:
        moment = datetime.strptime(typed, TYPED).replace(tzinfo=JAPAN)
    except ValueError:
        return None
    at = round(moment.timestamp() * 1e6)
    left = page.w("now_late" if at < page.now else "now_left", time=duration(at - page.now, page.w))
    return Until(moment.isoformat(), page.at(at), left, next((mark for most, mark in NEAR if at - page.now < most), 0))
