"""`noroshi attribute`: the table of its verbs."""

from __future__ import annotations

import click

from noroshi.cli.verbs import Verb, VerbGroup

__all__ = ["SUBVERBS", "command"]

SUBVERBS: dict[str, Verb] = {
    "assess": Verb(
        "noroshi.cli.attribute_assess:assess",
        "Say what the evidence carries: candidates, nexus, and whether anything is attributed.",
        "証拠が支える範囲を示す:候補、背景国など、帰属の可否。",
    ),
    "explain": Verb(
        "noroshi.cli.attribute_assess:explain",
        "Show what each item says for and against, what flips it, and what would settle it.",
        "各証拠の寄与、結論を覆す証拠、決め手となる証拠を示す。",
    ),
    "train": Verb(
        "noroshi.cli.attribute_train:train",
        "Train a model on releases of ATT&CK, the oldest first.",
        "ATT&CKの各版からモデルを学習する。",
    ),
    "evaluate": Verb(
        "noroshi.cli.attribute_train:evaluate",
        "Test on releases by rolling origin: honest beside leaky, known and unknown actors.",
        "各版で将来予測の試験を行い、漏れのない数値と漏れのある数値を並べる。",
    ),
}


@click.group("attribute", cls=VerbGroup, verbs=SUBVERBS)
def command() -> None:
    """Say how far evidence agrees with published attribution.

    And when it must not be attributed. What is measured and said is agreement with published vendor attribution, never
    truth. A person is never named.
    公表された帰属との一致の度合いを示し、満たすべき条件を欠けば「帰属せず」とする。個人を名指しすることはない。
    """
