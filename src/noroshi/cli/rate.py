"""`noroshi rate`: the table of its verbs."""

from __future__ import annotations

import click

from noroshi.cli.verbs import Verb, VerbGroup

__all__ = ["SUBVERBS", "command"]

SUBVERBS: dict[str, Verb] = {
    "score": Verb(
        "noroshi.cli.rate_score:score",
        "Score the answers in FILE: points with an interval, the verdict, and what would settle it.",
        "回答ファイルを採点し、点数の90%区間、合否、判定を決める証拠を示す。",
    ),
    "sector": Verb(
        "noroshi.cli.rate_sector:command",
        "Show how each sector stands in a round of ratings, and what of it may be shown to whom.",
        "一巡の評価から分野別の表を作り、公表できる範囲を示す。",
    ),
    "catalogue": Verb(
        "noroshi.cli.rate_score:questions",
        "List the questions with their weights, levels and what proves them.",
        "設問、重み、水準、証拠の例を一覧する。",
    ),
    "rank": Verb(
        "noroshi.cli.rate_rank:command",
        "Rank the organisations of ROUND, with the interval in which each rank lies.",
        "組織の順位を、重みなどを変えたときの区間とともに示す。",
    ),
    "plan": Verb(
        "noroshi.cli.rate_plan:command",
        "Plan what the organisation of FILE should do next, under a budget or up to the pass mark.",
        "予算内で最も効く対策、または最小費用で合格点に達する対策を選ぶ。",
    ),
    "press": Verb(
        "noroshi.cli.rate_press:command",
        "Say whom to press first in ESTATE and with what, within a budget for all.",
        "どの組織にどの対策をまず求めるかを、総予算の中で選ぶ。",
    ),
    "import": Verb(
        "noroshi.cli.rate_import:import_",
        "Add what scanners measured to an answers file: all of it, or nothing if a file is at fault.",
        "走査ツールの出力を実測の回答として追記する。一つでも不正なら何も書き込まない。",
    ),
    "export": Verb(
        "noroshi.cli.rate_export:export",
        "Write answers as a spreadsheet to fill in, as CSV or JSON, or as OSCAL.",
        "回答を表計算ファイル、CSV、JSON又はOSCALとして書き出す。",
    ),
}
"""Every command of the group, in the order in which the help shows them."""


@click.group("rate", cls=VerbGroup, verbs=SUBVERBS)
def command() -> None:
    """Score organisations out of 100 from graded evidence.

    証拠の質を踏まえて組織を100点満点で評価する。
    """
