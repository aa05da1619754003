"""Situations and incidents as text for a terminal: what is known, what was said before, and the timeline."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from noroshi.report import position_lines
from noroshi.respond.asks import STATES as ASK_STATES
from noroshi.respond.incident_words import CONSENTS, EVENTS, FIELDS, HARMS, STATES
from noroshi.share.markings import Tlp

if TYPE_CHECKING:
    from noroshi.desk import incidents, situations
    from noroshi.respond.incident import Incident, Line
    from noroshi.store.dossiers import Dossier

__all__ = ["incident_lines", "incident_row", "situation_lines", "situation_row", "when"]

JAPAN = ZoneInfo("Asia/Tokyo")
EXERCISE = ("EXERCISE EXERCISE EXERCISE", "演習 演習 演習")
WITHHELD = ("an organisation that is not named", "名称非開示の組織")
OF_SECTOR = ("an organisation of the sector {sector}", "分野「{sector}」の組織")
UNKNOWN = ("not known yet", "未判明")
BEFORE = ("before: {value} (line {n})", "以前: {value}({n}行目)")
HARM = ("harm", "被害")
CONSENT = ("others are told", "開示範囲")
TIMELINE = ("Timeline", "経過")
NONE_SEEN = ("(text not told)", "(本文は非開示)")
YES = {True: ("yes", "はい"), False: ("no", "いいえ")}
OPEN = (("open", "進行中"), ("closed", "終結"))
INCIDENTS = ("Incidents ({count})", "インシデント({count}件)")
PART = ("Take part: {names}", "参加: {names}")
SAID = {
    "Reported": ("reported", "報告"), "Corrected": ("known better", "訂正・続報"), "Moved": ("state", "状態"),
    "Harmed": ("harm", "被害"), "Consented": ("consent", "同意"), "Met": ("duty met", "報告義務を履行"),
    "Remarked": ("remark", "所見"),
    "Opened": ("opened", "開始"), "Gathered": ("incident gathered", "インシデントを追加"),
    "Parted": ("incident taken away", "インシデントを除外"), "Admitted": ("takes part", "参加"),
    "Asked": ("request", "要請"), "Answered": ("answer to a request", "要請への回答"), "Reminded": ("reminder", "督促"),
    "Warned": ("warning", "警告"),
    "Closed": ("closed", "終結"), "Reopened": ("opened again", "再開"),
    **position_lines.SAID,
}  # fmt: skip
"""Kind of a line -> its name."""


def when(micros: int) -> str:
    """Return a time in Japan and in UTC, to the minute."""
    utc = datetime.fromtimestamp(micros // 1_000_000, UTC)
    return f"{utc.astimezone(JAPAN):%Y-%m-%d %H:%M} JST ({utc:%d %H:%M} UTC)"


def incident_row(one: incidents.Shown, ja: int) -> str:
    """Return an incident on one line, with since when it is so."""
    known = one.incident
    drill = f"[{EXERCISE[ja].split()[0]}] " if one.dossier.exercise else ""
    event = EVENTS[known.value("what")][ja]
    since = known.value("since")
    told = when(since) if isinstance(since, int) else UNKNOWN[ja]
    return f"{one.dossier.uid}  {told}  {drill}{STATES[known.state][ja]:<10}  {victim(known, ja)}: {event}"


def victim(one: Incident, ja: int) -> str:
    """Return whose an incident is, as far as it is told."""
    if not one.hidden:
        return one.organisation
    return OF_SECTOR[ja].format(sector=one.sector) if one.sector else WITHHELD[ja]


def incident_lines(one: incidents.Shown, ja: int) -> Iterator[str]:
    """Yield an incident: what is known with what was said before, harms, and the timeline."""
    known = one.incident
    yield from head(one.dossier, f"{victim(known, ja)}: {STATES[known.state][ja]}", ja)
    for key, field in FIELDS.items():
        there = known.fields.get(key)
        if there is None and not field.first:
            continue
        shown = UNKNOWN[ja] if there is None else text_of(key, there.value, ja)
        if there is None and known.hidden and field.kind == "text":
            shown = NONE_SEEN[ja]
        yield f"  {field.names[ja]}: {shown}"
        for old in there.before if there is not None else ():
            yield f"    {BEFORE[ja].format(value=text_of(key, old.value, ja), n=old.line.n)}"
    for harm in known.harms:
        name, unit = HARMS[harm.harm]
        yield f"  {HARM[ja]} ({name[ja]}): {amount_of(harm.amount, ja)} {unit[ja]}"
    yield f"  {CONSENT[ja]}: {CONSENTS[known.consent][ja]}"
    yield from timeline(known.lines, ja)


def situation_row(one: situations.Shown, ja: int) -> str:
    """Return a situation on one line, with when it was opened."""
    drill = f"[{EXERCISE[ja].split()[0]}] " if one.dossier.exercise else ""
    title = one.situation.title.ja if ja else one.situation.title.en
    return f"{one.dossier.uid}  {when(one.dossier.made)}  {drill}{OPEN[one.situation.closed][ja]:<8}  {title}"


def situation_lines(one: situations.Shown, ja: int) -> Iterator[str]:
    """Yield a situation: its incidents, who takes part, and the timeline."""
    there = one.situation
    title = there.title.ja if ja else there.title.en
    yield from head(one.dossier, f"{title}: {OPEN[there.closed][ja]}", ja)
    if there.takes_part:
        yield f"  {PART[ja].format(names=', '.join(there.takes_part))}"
    yield f"  {INCIDENTS[ja].format(count=len(one.incidents))}"
    for each in one.incidents:
        yield f"    {incident_row(each, ja)}"
    yield from timeline(there.lines, ja)


def head(one: Dossier, text: str, ja: int) -> Iterator[str]:
    """Yield what stands above a dossier: whether it is an exercise, what it is, its marking."""
    if one.exercise:
        yield EXERCISE[ja]
    shared = "" if one.communities is None else f" ({', '.join(sorted(one.communities))})"
    yield f"{text}  TLP:{Tlp(one.tlp)}{shared}"


def timeline(lines: tuple[Line, ...], ja: int) -> Iterator[str]:
    """Yield the lines of a dossier in the order of when they were so."""
    if lines:
        yield f"  {TIMELINE[ja]}"
    for line in sorted(lines, key=lambda line: (line.at, line.n)):
        by = f"  {line.by}" if line.by else ""
        more = content(line.said, ja)
        yield f"    {line.n:>3}  {when(line.at)}{by}  {SAID[type(line.said).__name__][ja]}{f': {more}' if more else ''}"


def content(said: Any, ja: int) -> str:  # noqa: ANN401  any line
    """Return what a line says, in a few words."""
    parts = CONTENT[type(said).__name__](said, ja)
    why = getattr(said, "why", "")
    why = why if isinstance(why, str) else ""
    return " – ".join(part for part in (*parts, f"({why})" if why else "") if part)


CONTENT: dict[str, Callable[[Any, int], Sequence[str]]] = {
    "Reported": lambda said, ja: (EVENTS[said.what][ja], said.effect),
    "Corrected": lambda said, ja: ["; ".join(
        f"{FIELDS[key].names[ja]} = {text_of(key, value, ja)}" for key, value in said.fields.items()
    )],
    "Moved": lambda said, ja: [STATES[said.state][ja]],
    "Harmed": lambda said, ja: (HARMS[said.harm][0][ja], amount_of(said.amount, ja), said.text),
    "Consented": lambda said, ja: [CONSENTS[said.consent][ja]],
    "Met": lambda said, _: [said.duty],
    "Remarked": lambda said, _: [said.text],
    "Opened": lambda said, ja: [said.title.ja if ja else said.title.en],
    "Gathered": lambda said, _: [said.incident],
    "Parted": lambda said, _: [said.incident],
    "Admitted": lambda said, ja: [said.principal + ("" if said.takes_part else f" ({YES[False][ja]})")],
    "Asked": lambda said, ja: (said.to, said.what.ja if ja else said.what.en),
    "Answered": lambda said, ja: (said.ask, ASK_STATES[said.state][ja]),
    "Reminded": lambda said, _: [said.ask],
    "Warned": lambda said, _: [said.warning],
    "Closed": lambda *_: [],
    "Reopened": lambda *_: [],
    **position_lines.CONTENT,
}  # fmt: skip
"""Kind of a line -> what makes its words."""


def amount_of(amount: float | None, ja: int) -> str:
    """Return how much a harm is."""
    return UNKNOWN[ja] if amount is None else f"{amount:,.10g}"


def text_of(key: str, value: Any, ja: int) -> str:  # noqa: ANN401  a field's value
    """Return the value of a field in words."""
    if value is None:
        return UNKNOWN[ja]
    kind = FIELDS[key].kind
    if kind == "event":
        return EVENTS[value][ja]
    if kind == "time":
        return when(value)
    if kind == "yes":
        return YES[value][ja]
    if kind == "count":
        return f"{value:,}"
    return ", ".join(value) if kind in {"names", "options"} else str(value)
