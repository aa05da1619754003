"""The figures of a test of attribution as Markdown, in either language."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from noroshi.attribute.measures import Figure
from noroshi.attribute.results import METHODS, Guarded, Results
from noroshi.attribute.words import BASIS, BASIS_JA
from noroshi.errors import Fault, InputError

__all__ = ["results_markdown", "write"]

NOT_GIVEN = "–"

ABOUT = (
    "{steps} steps ({first} … {last}): {known} incidents of known groups, {unknown} of groups that did not exist yet, "
    "{unattributed} campaigns that nobody is said to be behind. In brackets: 95 % intervals by bootstrap over groups."
)
ABOUT_JA = (
    "{steps}段階({first} … {last}):既知の集団{known}件、まだ存在しなかった集団{unknown}件、"
    "誰の仕業とも公表されていない作戦{unattributed}件。括弧内は集団単位のブートストラップによる95%区間。"
)
HEADS = {
    "title": ("# Agreement with published vendor attribution", "# 公表されたベンダーの帰属との一致"),
    "about": (ABOUT, ABOUT_JA),
    "honest": ("## Honest: the profile is of the earlier release", "## 漏れなし:プロファイルは前の版のもの"),
    "leaky": (
        "## Leaky, for comparison: the profile contains the incident",
        "## 漏れあり(比較用):事案を含むプロファイル",
    ),
    "better": ("## How much better than each baseline (paired; above 0 is better)", "## 各ベースラインに対する改善"),
    "calibration": ("## Calibration of the leading hypothesis", "## 首位の仮説の校正"),
    "unknown": ("## Unlisted actors and nexus", "## 未知の主体と背景"),
    "guard": ("## Guard", "## ガード"),
    "decoys": ("## Decoys: another group's rarest items planted", "## おとり:他集団の最も稀な証拠を仕込んだ場合"),
    "parts": ("## Parts", "## 内訳"),
}
GUARD = ("", "known", "asserted", "coverage", "agree", "new or unattributed", "falsely asserted", "95 % upper bound")
DECOY = ("software + techniques", "planted", "the planted group leads", "asserted")
LISTED = ("top1", "top3", "top10", "brier_listed", "loss_listed")
OPEN = ("brier_known", "brier_unknown", "brier_open", "loss_open")
COLUMNS = {
    "top1": "top-1", "top3": "top-3", "top10": "top-10", "brier_listed": "Brier, listed groups alone",
    "loss_listed": "log loss, listed groups alone", "brier_known": "Brier, known actors, unknown as an alternative",
    "brier_unknown": "Brier, new actors", "brier_open": "Brier, all", "loss_open": "log loss, all",
}  # fmt: skip


def shown(value: float, digits: int = 3) -> str:
    """Return a figure with so many digits; a dash where there is none."""
    return NOT_GIVEN if math.isnan(value) else f"{value:.{digits}f}"


def interval(one: Figure) -> str:
    """Return a figure with its interval."""
    return NOT_GIVEN if math.isnan(one.value) else f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}]"


def grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a Markdown table."""
    lines = ["| " + " | ".join(cells) + " |" for cells in (head, *rows)]
    return [lines[0], "|" + "---|" * len(head), *lines[1:], ""]


def methods(figures: Mapping[str, Mapping[str, Figure]], names: Sequence[str]) -> list[str]:
    """Return a table of methods by figures."""
    rows = [[name, *(interval(figures[name][key]) for key in names)] for name in METHODS]
    return grid(["", *(COLUMNS[key] for key in names)], rows)


def results_markdown(found: Results, *, japanese: bool = False) -> str:
    """Return every table of a test as Markdown."""

    def head(key: str, **values: object) -> str:
        return HEADS[key][int(japanese)].format(**values)

    about = head("about", steps=len(found.steps), first=found.steps[0], last=found.steps[-1], known=found.known,
                 unknown=found.unknown, unattributed=found.unattributed)  # fmt: skip
    lines = [head("title"), "", BASIS_JA if japanese else BASIS, "", about, "", head("honest"), ""]
    lines += [*methods(found.honest, LISTED), *methods(found.honest, OPEN)]
    lines += [head("leaky"), "", *methods(found.leaky, LISTED[:3])]
    lines += [head("better"), ""]
    losses = ("loss_listed", "brier_listed", "loss_open", "brier_open")
    lines += grid(["", *(COLUMNS[key] for key in losses)],
                  [[name, *(interval(one[key]) for key in losses)] for name, one in found.better.items()])  # fmt: skip
    said = f"slope {interval(found.slope)}, expected calibration error {shown(found.error)}"
    lines += [head("calibration"), "", said, ""]
    bins = [[shown(b.said), shown(b.came), f"{b.low:.3f}-{b.high:.3f}", str(b.count)] for b in found.bins]
    lines += grid(["said", "agreed", "95 % interval", "incidents"], bins)
    lines += [head("unknown"), ""]
    unlisted = [[name, interval(found.auroc[name])] for name in METHODS]
    lines += grid(["", "AUROC of P(unknown) on groups that did not exist yet"], unlisted)
    nexus = [["known actors", interval(found.nexus_known)], ["new actors", interval(found.nexus_unknown)]]
    lines += grid(["nexus, likeliest named", "agreement"], nexus)
    lines += [head("guard"), "", *grid(GUARD, [guard_row(one) for one in found.guard])]
    planted = [[f"{s} + {t}", str(n), str(leads), str(asserted)] for s, t, n, leads, asserted in found.decoys]
    lines += [head("decoys"), "", *grid(DECOY, planted)]
    parts = [
        [p.name, str(p.incidents), str(p.known), shown(p.top1), shown(p.top10), shown(p.loss_open)] for p in found.parts
    ]
    lines += [head("parts"), "", *grid(["", "incidents", "known", "top-1", "top-10", "log loss, all"], parts)]
    return "\n".join(lines)


def guard_row(one: Guarded) -> list[str]:
    """Return the row of one rule."""
    counts = (one.known, one.asserted, shown(one.coverage), one.agree, one.others, one.false, shown(one.upper))
    return [one.name, *map(str, counts)]


def write(path: Path, text: str) -> None:
    """Write a text. InputError where it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        fault = Fault("missing-file", "error", str(path), None, "", error.strerror or "", "a file that can be written",
                      "correct the path")  # fmt: skip
        raise InputError([fault]) from None
