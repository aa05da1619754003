"""Duties to report, as data: what sets one off, how long one has, from which moment, to whom, by which law.

A duty that nobody has verified is shown and never computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from noroshi.respond.counting import Period

__all__ = ["ANCHORS", "STATUSES", "Duty", "verified"]

Names = tuple[str, str]

ANCHORS: dict[str, Names] = {
    "detection": ("detection", "検知"),
    "awareness": ("becoming aware", "認知"),
    "determination": ("the determination", "判断"),
    "notification": ("being notified", "通知の受領"),
    "payment": ("the payment", "支払"),
    "remedy": ("a remedy being available", "是正策の提供"),
    "previous": ("the previous step", "前の段階"),
}
"""Moment from which a duty runs -> its names. "previous": when the duty that `step` names was met."""

STATUSES: dict[str, Names] = {
    "in-force": ("in force", "施行中"),
    "check": ("check whether it is in force", "施行の有無を要確認"),
    "not-yet": ("not in force yet", "未施行"),
}
"""Whether a duty binds -> its names."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty to report.

    amount and least: how long, and the least where the rule gives a range; unit: as in UNITS; anchor: as in ANCHORS;
    step: id of the duty whose fulfilment it runs from; counting: as in COUNTINGS; zone: IANA name of the recipient's
    time zone, empty where it depends on the recipient; calendar: whose days off count, empty likewise; rolls: an end on
    a day off moves where the counting lets it; closes: when the recipient's day ends; verified_by: who compared the row
    with its source, empty if nobody; verified_on: when.
    """

    id: str
    regime: str
    name: str
    name_ja: str
    trigger: str
    trigger_ja: str
    anchor: str
    recipients: tuple[Names, ...]
    form: str
    form_ja: str
    source: str
    amount: int | None = None
    least: int | None = None
    unit: str = "hours"
    step: str = ""
    counting: str = "plain"
    zone: str = ""
    calendar: str = ""
    rolls: bool = True
    closes: time | None = None
    status: str = "in-force"
    note: str = ""
    note_ja: str = ""
    verified_by: str = ""
    verified_on: date | None = None

    def period(self) -> Period | None:
        """Return how long one has; None where nobody verified it, whatever the row says."""
        if not verified(self) or self.amount is None:
            return None
        return Period(self.amount, self.unit, self.least, self.rolls, self.closes)


def verified(duty: Duty) -> bool:
    """Return whether somebody compared the duty with its source, and said when."""
    return bool(duty.verified_by.strip()) and duty.verified_on is not None
