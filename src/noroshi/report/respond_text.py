"""Duties, severities and the flow of reports in the terminal: 80 columns and up, either language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from noroshi.respond.clock import LEVELS
from noroshi.respond.counting import UNITS
from noroshi.respond.duties import ANCHORS

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from noroshi.files.ci_flow import FlowRow

__all__ = ["print_duties", "print_flow", "print_severities"]

COLOURS = {"overdue": "bold red", "last-call": "bold red", "soon": "bold yellow", "due": "cyan", "met": "green",
           "met-late": "yellow", "waiting": "dim", "unverified": "magenta"}  # fmt: skip
WORDS: dict[str, tuple[str, str]] = {
    "duties": ("Duties to report", "報告義務"),
    "act": ("by", "期限"),
    "latest": ("latest reading", "遅い方の読み"),
    "left": ("{hours} left", "残り{hours}"),
    "past": ("{hours} ago", "{hours}経過"),
    "hours": ("{count:.1f} h", "{count:.1f}時間"),
    "days": ("{count:.1f} days", "{count:.1f}日"),
    "from": ("from", "起算点"),
    "within": ("{amount} from {anchor}", "{anchor}から{amount}"),
    "after": ("the step {step}", "段階「{step}」"),
    "to": ("to", "宛先"),
    "form": ("says", "内容"),
    "when": ("when", "要件"),
    "source": ("source", "根拠"),
    "status": ("status", "状況"),
    "note": ("note", "注"),
    "checked": ("checked", "照合"),
    "advice": (
        "Computed from data that people checked; not legal advice. National law may ask for less time.",
        "人が照合したデータからの計算であり、法的助言ではない。国内法がより短い期限を定めることがある。",
    ),
    "nciss": ("NCISS, 0 to 100", "NCISS(0〜100)"),
    "parts": ("What makes up {name}", "{name}の内訳"),
    "unknown": ("{count} of 8 not known", "8項目中{count}項目が不明"),
    "known": ("all known", "すべて判明"),
    "alike": ("× {count}", "× {count}件"),
    "together": ("All {count} together", "{count}件の全体"),
    "worst": ("worst incident by NCISS", "NCISSで最悪の1件"),
    "campaign": ("+ campaign (ours)", "+ 一連の攻撃による加算(独自)"),
    "cascade": ("+ cascade (ours)", "+ 波及による加算(独自)"),
    "no-cascade": ("not computed", "未計算"),
    "total": ("= together", "= 全体"),
    "bands": (
        "No band is named: the limits of NCISS's bands were not found in a text that can be cited.",
        "区分名は付けない。NCISSの区分の境界は引用できる資料で確認できていない。",
    ),
    "scales": ("Scales of levels", "段階尺度"),
    "not-asked": ("nothing answered", "回答なし"),
    "open": ("not answered: {what}", "未回答: {what}"),
    "flow": ("Reports of critical infrastructure in Japan", "日本の重要インフラの情報共有(件数)"),
    "decides": ("It computes and explains. A person decides.", "計算し説明するもの。判断するのは人。"),
}
DAY_H = 24.0
LONG_H = 96.0


def say(key: str, lang: str, **values: object) -> str:
    """Return a text of this page in a language."""
    return WORDS[key][int(lang == "ja")].format(**values)


def print_duties(rows: Sequence[dict[str, Any]], lang: str, console: Console) -> None:
    """Print duties as `duty_rows` gives them: the most urgent first, each with its law, its doubts and what is open."""
    from rich.table import Table
    from rich.text import Text

    order = list(LEVELS)
    console.print(Text(say("duties", lang), style="bold"))
    for row in sorted(rows, key=lambda one: (order.index(one["level"]), one["due"] or "", one["id"])):
        console.print()
        console.print(_head(row, lang))
        grid = Table.grid(padding=(0, 1))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        for label, text in _lines(row, lang):
            grid.add_row(f"  {say(label, lang)}", Text(text))
        console.print(grid)
    console.print(Text("\n" + say("advice", lang), style="dim"))


def _head(row: dict[str, Any], lang: str) -> Text:
    """Return the line of a duty: how urgent, whose, what."""
    from rich.text import Text

    line = Text(f"{row['level_ja' if lang == 'ja' else 'level_en']}  ", style=COLOURS[row["level"]])
    return (
        line.append(f"{row['regime']} ", style="bold")
        .append(_of(row, "name", lang), style="bold")
        .append(f"  {row['id']}", style="dim not bold")
    )


def _lines(row: dict[str, Any], lang: str) -> list[tuple[str, str]]:
    """Return what is said of a duty, with labels."""
    lines = []
    if row["due"]:
        days = row["unit"] != "hours"
        by = _clock(row["due_there"] or row["due"], days=days)
        lines.append(("act", f"{by} {row['zone']} ({_left(row['left_h'], lang)})"))
        if row["latest"] != row["due"]:
            lines.append(("latest", _clock(row["latest_there"] or row["latest"], days=days)))
    lines += [("note", one[lang]) for one in (*row["why"], *row["doubts"], *row["notes"])]
    if row["status"] != "in-force":
        lines.append(("status", row[f"status_{lang}"]))
    lines.append(("from", _within(row, lang)))
    lines += [("when", _of(row, "trigger", lang)), ("to", "; ".join(one[lang] for one in row["recipients"]))]
    lines += [("form", _of(row, "form", lang)), ("source", row["source"])]
    if _of(row, "note", lang):
        lines.append(("note", _of(row, "note", lang)))
    if row["verified_by"]:
        lines.append(("checked", f"{row['verified_by']}, {row['verified_on']}"))
    return lines


def _within(row: dict[str, Any], lang: str) -> str:
    """Return how long one has, and from when; only from when, where nobody verified it."""
    anchor = say("after", lang, step=row["step"]) if row["step"] else ANCHORS[row["anchor"]][int(lang == "ja")]
    if row["amount"] is None:
        return anchor
    number = f"{row['least']}–{row['amount']}" if row["least"] is not None else str(row["amount"])
    unit = UNITS[row["unit"]][int(lang == "ja")]
    return say("within", lang, amount=f"{number}{unit}" if lang == "ja" else f"{number} {unit}", anchor=anchor)


def _clock(text: str, *, days: bool) -> str:
    """Return a time as people read it, with its offset; where days were counted midnight is 24:00 of the last."""
    when = datetime.fromisoformat(text)
    offset = when.strftime("%z")
    shown = f"{when - timedelta(days=1):%Y-%m-%d} 24:00" if days and when.time() == time() else f"{when:%Y-%m-%d %H:%M}"
    return f"{shown} {offset[:3]}:{offset[3:]}"


def _left(hours: float, lang: str) -> str:
    """Return how long is left, or how long ago it was."""
    size = abs(hours)
    text = say("days", lang, count=size / DAY_H) if size > LONG_H else say("hours", lang, count=size)
    return say("left" if hours >= 0 else "past", lang, hours=text)


def _of(row: dict[str, Any], key: str, lang: str) -> str:
    """Return a text of a row in a language."""
    return str(row[f"{key}_ja"] if lang == "ja" else row[key])


def print_severities(values: dict[str, Any], lang: str, console: Console) -> None:
    """Print severities as `severities` gives them: NCISS with what makes it up and what is added, then the scales."""
    from rich.table import Table
    from rich.text import Text

    console.print(Text(values["name"], style="bold"))
    nciss = values["nciss"]
    if nciss["incidents"]:
        console.print(Text("\n" + say("nciss", lang), style="bold"))
        grid = Table.grid(padding=(0, 2))
        for one in nciss["incidents"]:
            alike = say("alike", lang, count=one["count"]) if one["count"] > 1 else ""
            open_ = say("unknown", lang, count=one["unknown"]) if one["unknown"] else say("known", lang)
            grid.add_row(f"{one['name']} {alike}".strip(), Text(_span(one), style="bold"), Text(open_, style="dim"))
        console.print(grid)
        worst = max(nciss["incidents"], key=lambda one: (one["high"], one["low"]))
        console.print(Text("\n" + say("parts", lang, name=worst["name"]), style="dim"))
        grid = Table.grid(padding=(0, 2))
        for part in worst["parts"]:
            grid.add_row(f"  {_of(part, 'name', lang)}", Text(_span(part), style="" if part["known"] else "yellow"))
        console.print(grid)
        _print_together(nciss["together"], lang, console)
        console.print(Text(say("bands", lang), style="dim"))
    console.print(Text("\n" + say("scales", lang), style="bold"))
    for scale in values["scales"]:
        console.print(Text(_of(scale, "name", lang)).append(f"  {_level(scale, lang)}", style="bold"))
        if scale["open"]:
            what = "; ".join(one[lang] for one in scale["open"])
            console.print(Text("  " + say("open", lang, what=what), style="yellow"))
        console.print(Text(f"  {scale['source']}", style="dim"))
        console.print(Text(f"  {_of(scale, 'note', lang)}", style="dim"))
    console.print(Text("\n" + say("decides", lang), style="dim"))


def _print_together(together: dict[str, Any], lang: str, console: Console) -> None:
    """Print the worst score and what is added to it, each on a line of its own: nothing is hidden in the sum."""
    from rich.table import Table
    from rich.text import Text

    console.print(Text("\n" + say("together", lang, count=together["incidents"]), style="bold"))
    grid = Table.grid(padding=(0, 2))
    for key in ("worst", "campaign", "cascade", "total"):
        value = together[key]
        style = "bold" if key == "total" else ""
        shown = say("no-cascade", lang) if value is None else _span(value)
        grid.add_row(Text(f"  {say(key, lang)}", style=style), Text(shown, style=style))
    console.print(grid)


def _span(one: dict[str, Any]) -> str:
    """Return an interval as text; one figure where it is known."""
    return f"{one['low']:.1f}" if one["low"] == one["high"] else f"{one['low']:.1f}–{one['high']:.1f}"


def _level(scale: dict[str, Any], lang: str) -> str:
    """Return the levels that are left."""
    if scale["low"] is None:
        return say("not-asked", lang)
    low, high = _of(scale["low"], "name", lang), _of(scale["high"], "name", lang)
    return low if low == high else f"{low} – {high}"


def print_flow(rows: Sequence[FlowRow], lang: str, console: Console) -> None:
    """Print the published numbers of reports by fiscal year."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    console.print(Text(say("flow", lang), style="bold"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim", show_edge=False)
    table.add_column("")
    for year in rows[0].years:
        table.add_column(year, justify="right")
    for row in rows:
        name = row.name_ja if lang == "ja" else row.name
        total = row.kind == "total"
        cells = (Text(str(count)) for count in row.years.values())
        table.add_row(Text(name if total else f"  {name}"), *cells, style="bold" if total else "")
    console.print(table)
    console.print(Text(rows[0].source, style="dim"))
