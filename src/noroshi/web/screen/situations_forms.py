"""Forms of situations and incidents: what stands in them, times with their zone, and what was wrong, in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from noroshi.respond.incident import LAST_TIME
from noroshi.respond.incident_words import FIELDS
from noroshi.share.markings import Tlp
from noroshi.share.taxii import Refused
from noroshi.web.screen.words_refusals import refusal

if TYPE_CHECKING:
    from litestar import Response

    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page

__all__ = [
    "ZONES", "Filled", "faults_of", "levels", "lines_of", "local_text", "names_of", "read_time", "tried",
]  # fmt: skip

ZONES = ("Asia/Tokyo", "UTC", "America/New_York", "Europe/London", "Europe/Paris", "Asia/Singapore")
"""Time zones that a form offers; the first is meant where none is chosen."""
SHOWN_ABOVE = frozenset({403, 409, 422})
"""Refusals that are shown above the form with what was typed; any other is a page of its own."""
LABELS: dict[str, tuple[str, str]] = {
    **{key: field.names for key, field in FIELDS.items()},
    "organisation": ("organisation", "組織"), "sector": ("sector", "分野"), "consent": ("consent", "開示の同意"),
    "title.en": ("title in English", "英語の表題"), "title.ja": ("title in Japanese", "日本語の表題"),
    "text.en": ("text in English", "英語の本文"), "text.ja": ("text in Japanese", "日本語の本文"),
    "action.en": ("what to do, in English", "英語の対処"), "action.ja": ("what to do, in Japanese", "日本語の対処"),
    "what.en": ("request in English", "英語の要請内容"), "what.ja": ("request in Japanese", "日本語の要請内容"),
    "why": ("reason", "理由"), "text": ("text", "本文"), "deadline": ("deadline", "期限"), "to": ("to", "要請先"),
    "through": ("through", "経由"), "principal": ("principal", "主体"), "state": ("state", "状態"),
    "amount": ("amount", "量"), "tlp": ("TLP", "TLP"), "role": ("role", "役職"),
}  # fmt: skip
"""What the desk calls a field -> what people call it."""


class Filled:
    """What stands in a form: what was sent, else what it begins with. A class, since templates ask field by field."""

    def __init__(self, form: Form | None = None, **first: str) -> None:
        """Take what was sent, if anything was, and what the form begins with."""
        self.form, self.first = form, first

    @classmethod
    def of(cls, first: dict[str, str]) -> Filled:
        """Return a form that nobody has sent yet, with what it begins with."""
        made = cls()
        made.first = first
        return made

    def __call__(self, name: str) -> str:
        """Return the text of a field."""
        if self.form is not None:
            return self.form.get(name)
        return self.first.get(name, "")

    def has(self, name: str, value: str) -> bool:
        """Say whether a value of a field is ticked or chosen."""
        if self.form is not None:
            return value in self.form.all(name)
        return self.first.get(name) == value


def read_time(text: str, zone: str) -> int | None:
    """Return a time of a form, a wall clock's of a zone of the form, in microseconds; None for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if len(text) <= len("2026-11-22"):
        return None
    if found.tzinfo is None:
        found = found.replace(tzinfo=ZoneInfo(zone if zone in ZONES else ZONES[0]))
    try:
        at = round(found.astimezone(UTC).timestamp() * 1e6)
    except (OverflowError, ValueError):
        return None
    return at if 0 <= at <= LAST_TIME else None


def local_text(micros: int, zone: str = ZONES[0]) -> str:
    """Return a moment as a field of date and time has it."""
    return f"{datetime.fromtimestamp(micros / 1e6, ZoneInfo(zone)):%Y-%m-%dT%H:%M}"


def faults_of(refused: Refused, lang: str) -> tuple[str, ...]:
    """Return what was wrong, one each, with the names that people know the fields by."""
    whole = refusal(refused.description, lang)
    if whole != refused.description:
        return (whole,)
    found = []
    for part in refused.description.split("; "):
        key, colon, rest = part.partition(": ")
        names = LABELS.get(key)
        found.append(f"{names[int(lang == 'ja')]}: {rest}" if colon and names else part)
    return tuple(found)


def tried(
    page: Page, work: Callable[[], Response[Any]], again: Callable[[tuple[str, ...], int], Response[Any]]
) -> Response[Any]:
    """Return what work answers; where it is refused for what was sent, the form again with the faults above it."""
    try:
        return work()
    except Refused as refused:
        if refused.status not in SHOWN_ABOVE:
            raise
        return again(faults_of(refused, page.lang), refused.status)


def levels(page: Page) -> tuple[str, ...]:
    """Return the TLP levels that who asks may give: none above what it sees."""
    return tuple(str(one) for one in Tlp if int(one) <= page.who.sees)


def names_of(text: str) -> list[str]:
    """Return names that were written with commas or one a line."""
    return [one.strip() for one in text.replace("、", ",").replace("\n", ",").split(",") if one.strip()]


def lines_of(text: str) -> list[str]:
    """Return what was written one a line."""
    return [one.strip() for one in text.splitlines() if one.strip()]
