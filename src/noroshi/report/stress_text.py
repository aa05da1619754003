"""One run in the terminal: the sentence, the services below their floor, the tree of causes, and why in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from noroshi.desk.numbers import amount, hours, percent, plain
from noroshi.report.words import pick
from noroshi.stress.sentences import ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console, RenderableType
    from rich.text import Text

    from noroshi.stress.explanation import Explanation, Link
    from noroshi.stress.result import Result, ServiceResult

__all__ = ["WORDS", "bars", "headline", "print_explanations", "print_result", "say"]

WORDS: dict[str, tuple[str, str]] = {
    "title": ("{shock} – {estate}", "{shock} – {estate}"),
    "calm": (
        "No service falls below its floor within {horizon}.",
        "{horizon}の間、基本水準を下回るサービスはない。",
    ),
    "headline": (
        (
            "{below} of {all} services below their floor within {horizon}, {beyond} beyond tolerance; {harm} "
            "person-hours. Hardest hit: {worst}."
        ),
        (
            "{horizon}の間に{all}件中{below}件のサービスが基本水準を下回り、うち{beyond}件は許容時間を超える"
            "(計{harm}人時)。最大の被害は{worst}。"
        ),
    ),
    "worst": ("{service}, {low} at the lowest, {hours} below its floor", "{service}(最低{low}、{hours}下回る)"),
    "degraded": (
        "Degraded, but at or above the floor: {names}.",
        "低下するが基本水準を保つもの: {names}。",
    ),
    "services": ("Services below their floor", "基本水準を下回るサービス"),
    "service": ("Service", "サービス"),
    "lowest": ("Lowest", "最低"),
    "below": ("Below floor", "下回る時間"),
    "tolerance": ("Tolerance", "許容時間"),
    "person_hours": ("Person-hours", "人時"),
    "over_time": ("0 to {horizon}", "0〜{horizon}"),
    "bars": (
        "Bars: share served (dim: at or above the floor). ▲: below the floor for longer than it may be.",
        "棒は供給率(淡色は基本水準以上)。▲は許容時間の超過。",
    ),
    "causes": ("What led to what", "原因の連鎖"),
    "more": ("… and {count} more", "…ほか{count}件"),
    "data": ("Exposed: {records} records ({kinds}).", "漏えい: {records}件({kinds})。"),
    "strategic": (
        "Strategic secrets exposed: {points} points of sensitivity ({kinds}).",
        "戦略情報の漏えい: 機微度{points}点({kinds})。",
    ),
    "fictional": ("A fictional country: everything in it is invented.", "架空の国であり、すべて創作。"),
    "illustrative": ("Sample data: the figures illustrate the method.", "例示データ。数値は方法を示すためのもの。"),
    "untouched": ("{unit} loses nothing.", "{unit}に低下はない。"),
    "untouched_at": ("{unit} misses nothing at {at}.", "{unit}は{at}の時点で欠けていない。"),
    "nothing": ("No service loses anything.", "低下するサービスはない。"),
    "nothing_at": ("No service misses anything at {at}.", "{at}の時点で低下しているサービスはない。"),
    "down": ("down", "停止"),
    "degraded_at": ("degraded", "低下"),
    "blackout": ("blacked out", "停電"),
    "tripped": ("tripped by overload", "過負荷で遮断"),
    "hit": ("hit", "攻撃"),
    "empty": ("empty", "空"),
    "together": ("(together with {roots})", "({roots}と重なって)"),
    "demand": ("demand", "需要超過"),
}  # fmt: skip
"""Key -> text in English and Japanese."""

BLOCKS = "_▁▂▃▄▅▆▇█"
ROOM = 24
TAKEN = 68
"""Columns that the rest of the table takes."""
NAMED = 6
CHILDREN = 8
STATES = {"degraded": "degraded_at"}


def say(key: str, lang: str, **fields: str) -> str:
    """Return the text `key` in the language, its fields filled in."""
    return WORDS[key][int(lang == "ja")].format_map(fields)


def headline(result: Result, lang: str) -> str:
    """Return in one sentence what the shock does."""
    below = _below(result)
    horizon = hours(result.horizon_h, lang)
    if not below:
        return say("calm", lang, horizon=horizon)
    first = below[0]
    lasted = hours(first.hours_below_floor, lang)
    worst = say("worst", lang, service=_name(first, lang), low=percent(_least(first), lang), hours=lasted)
    return say(
        "headline", lang, below=str(len(below)), all=str(len(result.services)), horizon=horizon, worst=worst,
        beyond=str(sum(one.beyond_tolerance for one in below)),
        harm=amount(result.harms.service["person_hours_below_floor"], lang),
    )  # fmt: skip


def print_result(result: Result, explanations: Sequence[Explanation], lang: str, console: Console) -> None:
    """Print the run: the sentence, services below their floor with bars over time, the tree of causes, other harms."""
    from rich.panel import Panel
    from rich.text import Text

    estate = pick(result.estate["name_en"], result.estate["name_ja"], lang) or result.estate["id"]
    title = say("title", lang, shock=result.shock, estate=estate)
    console.print(Panel(Text(headline(result, lang), style="bold"), title=title, title_align="left", padding=(0, 1)))
    for flag in ("fictional", "illustrative"):
        if result.estate[flag]:
            console.print(Text(say(flag, lang), style="yellow"))
            break
    below = _below(result)
    if below:
        console.print(Text("\n" + say("services", lang), style="bold"))
        console.print(_table(result, below, lang, console.width))
        console.print(Text(say("bars", lang), style="dim"))
    others = [one for one in result.services if one not in below and _least(one) < 1.0]
    if others:
        named = _listed([_name(one, lang) for one in others[:NAMED]], lang)
        names = named + (" " + say("more", lang, count=str(len(others) - NAMED)) if len(others) > NAMED else "")
        console.print(Text(say("degraded", lang, names=names)))
    for line in _leaks(result, lang):
        console.print(Text(line))
    if explanations:
        console.print(Text("\n" + say("causes", lang), style="bold"))
        for tree in _trees(explanations, lang):
            console.print(tree)


def print_explanations(
    explanations: Sequence[Explanation], lang: str, console: Console, *, unit: str | None, at: float | None
) -> None:
    """Print each explanation as a heading and one line a link; say so where there is nothing to explain."""
    from rich.text import Text

    if not explanations:
        key = ("untouched" if unit else "nothing") + ("" if at is None else "_at")
        at_text = "" if at is None else "+" + hours(at, lang)
        console.print(Text(say(key, lang, unit=unit or "", at=at_text)))
    for k, one in enumerate(explanations):
        first, *rest = one.lines(lang)
        after = len(ending(one, lang))
        console.print(Text(("\n" if k else "") + first, style="bold"))
        for n, line in enumerate(rest):
            console.print(_hanging("←" if n < len(rest) - after else "→", line))


def bars(served: Sequence[Sequence[float]], horizon: float, room: int = ROOM) -> list[tuple[str, float]]:
    """Return one (block, mean share) for each of `room` equal parts of the time until `horizon`."""
    ends = [*(float(row[0]) for row in served[1:]), horizon]
    out = []
    for k in range(room):
        low, high = k * horizon / room, (k + 1) * horizon / room
        share = 0.0
        for (start, value), end in zip(served, ends, strict=True):
            share += value * max(0.0, min(end, high) - max(start, low))
        share /= high - low
        level = round(share * (len(BLOCKS) - 1))
        # What is not whole never looks whole, and what is not nothing never looks like nothing.
        level = max(1, min(level, len(BLOCKS) - 2)) if 0.0 < share < 1.0 - 1e-9 else level
        out.append((BLOCKS[level], share))
    return out


def _below(result: Result) -> list[ServiceResult]:
    """Return the services below their floor, the largest harm first."""
    some = [one for one in result.services if one.hours_below_floor > 0.0]
    return sorted(some, key=lambda one: (-one.person_hours_below_floor, -one.hours_below_floor, one.id))


def _least(service: ServiceResult) -> float:
    """Return the least share that the service served."""
    return min(share for _, share in service.served)


def _name(named: ServiceResult | Link | Explanation, lang: str) -> str:
    """Return the name in the language, the id where there is none."""
    return pick(named.name_en, named.name_ja, lang) or named.id


def _listed(names: Sequence[str], lang: str) -> str:
    """Return names one after the other."""
    return ("、" if lang == "ja" else ", ").join(names)


def _table(result: Result, below: Sequence[ServiceResult], lang: str, width: int) -> RenderableType:
    """Return the table of the services below their floor."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="dim", show_edge=False)
    room = max(8, min(ROOM, width - TAKEN))
    table.add_column(say("service", lang), overflow="fold", min_width=16)
    for key in ("lowest", "below", "tolerance", "person_hours"):
        table.add_column(say(key, lang), justify="right", no_wrap=True)
    table.add_column(say("over_time", lang, horizon=hours(result.horizon_h, lang)), no_wrap=True)
    for one in below:
        limit = hours(one.tolerance_h, lang)
        line = Text()
        for block, share in bars(one.served, result.horizon_h, room):
            line.append(block, style="bright_red" if share < one.floor - 1e-9 else "dim")
        table.add_row(
            Text(_name(one, lang)), percent(_least(one), lang), hours(one.hours_below_floor, lang),
            Text(f"▲ {limit}", style="bright_red") if one.beyond_tolerance else Text(limit),
            amount(one.person_hours_below_floor, lang), line,
        )  # fmt: skip
    return table


def _leaks(result: Result, lang: str) -> list[str]:
    """Return what was exposed, in words."""
    from noroshi.report.words import said

    out = []
    for key, unit, harm in (("data", "records", result.harms.data), ("strategic", "points", result.harms.strategic)):
        if harm[unit]:
            kinds = _listed(
                [f"{said(f'kind_{kind}', lang)} {plain(float(n))}" for kind, n in harm["by_kind"].items()], lang
            )
            out.append(say(key, lang, kinds=kinds, **{unit: plain(float(harm[unit]))}))
    return out


def _trees(explanations: Sequence[Explanation], lang: str) -> list[RenderableType]:
    """Return one tree for each beginning: from what was hit down to the services."""
    from rich.tree import Tree

    known: dict[str, dict[str, Any]] = {}
    for one in explanations:
        level = known
        for link in reversed(one.chain):
            if link.why in ("own", "demand") and link is not one.chain[-1]:
                continue  # the hit above it says as much
            entry = level.setdefault(link.id, {"text": _node(link, lang), "under": {}})
            level = entry["under"]

    def grow(tree: Tree, level: dict[str, dict[str, Any]]) -> None:
        for entry in list(level.values())[:CHILDREN]:
            grow(tree.add(entry["text"]), entry["under"])
        if len(level) > CHILDREN:
            tree.add(say("more", lang, count=str(len(level) - CHILDREN)))

    out: list[RenderableType] = []
    for entry in known.values():
        tree = Tree(entry["text"])
        grow(tree, entry["under"])
        out.append(tree)
    return out


def _node(link: Link, lang: str) -> Text:
    """Return one link as a line of the tree: its name, what befell it, when."""
    from rich.text import Text

    line = Text(_name(link, lang), style="bold" if link.table == "services" else "")
    what = "demand" if link.why == "demand" else STATES.get(link.what, link.what)
    line.append(f"  {say(what, lang)} +{hours(link.hour, lang)}", style="bright_red" if link.what == "hit" else "dim")
    if link.also:
        roots = dict.fromkeys(pick(one.root_en, one.root_ja, lang) for one in link.also)
        line.append("  " + say("together", lang, roots=_listed(list(roots), lang)), style="dim")
    return line


def _hanging(mark: str, line: str) -> RenderableType:
    """Return a line after a mark, with a hanging indent: ← says why, → what became of it."""
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row("  " + mark, Text(line))
    return grid
