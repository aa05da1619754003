"""Why a duty has no time, how a time was found, and what is doubtful, in English and Japanese."""

from __future__ import annotations

__all__ = ["DOUBTS", "NOTES", "WHY"]

Names = tuple[str, str]

WHY: dict[str, Names] = {
    "unverified": ("nobody has compared it with its source", "原典との照合がされていない"),
    "no-amount": ("its source names no time", "原典に時間の定めがない"),
    "unknown-moment": ("the moment from which it runs is not known", "起算点が不明"),
    "no-zone": ("say in which time zone: --zone", "時間帯を指定する: --zone"),
    "no-calendar": ("say whose days off count: --holidays", "休日暦を指定する: --holidays"),
}
"""Why there is no time -> words."""

NOTES: dict[str, Names] = {
    "range": ("the rule gives a range: act by its least", "定めに幅があるため、短い方までに行う"),
    "full-hours": (
        "the later end counts full hours, as Regulation 1182/71 does (Art. 3(1))",
        "遅い方は規則1182/71第3条第1項により正時から数える",
    ),
    "own-day": ("the earlier end counts the day itself as day 1", "早い方は当日を1日目と数える"),
    "moved": ("moved off a day off to the next working day", "休日のため次の開庁日・営業日に延びた"),
    "two-working-days": (
        "extended to two working days (Regulation 1182/71, Art. 3(5))",
        "2営業日を含むよう延びた(規則1182/71第3条第5項)",
    ),
    "not-moved": (
        "days off are not known (--holidays), so it is not moved: rather too early",
        "休日が不明(--holidays)のため延ばしていない(早めの期限)",
    ),
}
"""What was done to find a time -> words."""

DOUBTS: dict[str, Names] = {
    "clock-set-back": (
        "a clock was set back between the entries: the earliest moment counts",
        "記録の間に時計が戻された。最も早い時刻を用いる",
    ),
    "in-future": ("the moment lies in the future: check it, and the clock", "起算点が未来にある。時刻と時計を確認"),
    "moved-later": ("the moment was put off by a correction", "訂正により起算点が遅くなった"),
    "fold": (
        "that time was on the clock twice; the first is taken",
        "夏時間終了でその時刻は2回ある。先の方を用いる",
    ),
    "gap": (
        "that time was not on the clock; the earlier reading is taken",
        "夏時間開始でその時刻は存在しない。早い方に読む",
    ),
}
"""What is doubtful about a moment -> words."""
