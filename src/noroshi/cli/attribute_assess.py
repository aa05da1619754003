"""`noroshi attribute assess | explain`: what the evidence on an incident carries, and why."""

from __future__ import annotations

from pathlib import Path

import click

from noroshi.cli.verbs import AS_JSON, LANG, language, print_json

__all__ = ["assess", "explain"]

MODEL = click.option("--model", metavar="FILE", help="A trained model; default: the one that ships. 学習済みモデル。")
KNOWLEDGE = click.option(
    "--knowledge", required=True, multiple=True, metavar="BUNDLE",
    help="STIX bundles of what is published, plain or gzip. 公表情報のSTIXバンドル。",
)  # fmt: skip
EVIDENCE = click.option("--evidence", metavar="FILE", help="What was found: an evidence file. 証拠ファイル。")
BUDGET = click.option(
    "--budget", type=click.IntRange(0, 50), default=4, show_default=True,
    help="Items that an adversary may have planted. 敵が仕込みうる証拠の件数。",
)  # fmt: skip
SOURCES = click.option(
    "--sources", type=click.IntRange(1, 9), default=2, show_default=True,
    help="Sources of B2 or better that must speak for a group. 支持に要るB2以上の情報源の数。",
)  # fmt: skip
PRIOR = click.option(
    "--unknown-prior", type=click.FloatRange(0.01, 0.99), default=None,
    help="P(unlisted actor) before the evidence. 証拠を見る前の未知の主体の確率。",
)  # fmt: skip


@click.command("assess")
@MODEL
@click.option(
    "--knowledge", multiple=True, metavar="BUNDLE",
    help="STIX bundles of what is published, plain or gzip. 公表情報のSTIXバンドル。",
)  # fmt: skip
@EVIDENCE
@click.option("--batch", metavar="FILE", help="One evidence object a line; one result a line. 1行1件の証拠。")
@BUDGET
@SOURCES
@PRIOR
@click.option("--schema", is_flag=True, help="Print the JSON Schema of an assessment. 評価のJSON Schemaを出力する。")
@AS_JSON
@LANG
@click.pass_context
def assess(  # noqa: PLR0913  one parameter per option
    ctx: click.Context, *, model: str | None, knowledge: tuple[str, ...], evidence: str | None, batch: str | None,
    budget: int, sources: int, unknown_prior: float | None, schema: bool, as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Assess the evidence on an incident against what is published of groups.

    Nothing is asserted unless every rule of the guard holds; else it is "not attributed", with the reasons.
    証拠を公表情報と照らして評価する。ガードの規則を一つでも欠けば「帰属せず」と理由を示す。
    """
    if schema:
        from noroshi.desk.assessment_schema import schema as made

        click.echo(made(), nl=False)
        return
    if not knowledge or (evidence is None) == (batch is None):
        raise click.UsageError("give --knowledge, and one of --evidence and --batch")
    from noroshi.attribute.guard import Terms
    from noroshi.desk.attributing import assessor
    from noroshi.files.evidence import load_evidence, read_batch

    ready = assessor(model, knowledge, Terms(budget, sources, unknown_prior))
    if batch is not None:
        import msgspec

        for one in read_batch(batch):
            click.echo(msgspec.json.encode(ready.assess(one)))
        return
    done = ready.assess(load_evidence(Path(str(evidence))))
    if as_json:
        print_json(done)
        return
    from rich.console import Console

    from noroshi.report.attribution_text import print_assessment

    print_assessment(done, language(ctx, lang), Console())


@click.command("explain")
@MODEL
@KNOWLEDGE
@click.option("--evidence", required=True, metavar="FILE", help="What was found: an evidence file. 証拠ファイル。")
@BUDGET
@SOURCES
@PRIOR
@LANG
@click.pass_context
def explain(  # noqa: PLR0913  one parameter per option
    ctx: click.Context, *, model: str | None, knowledge: tuple[str, ...], evidence: str, budget: int, sources: int,
    unknown_prior: float | None, lang: str | None,
) -> None:  # fmt: skip
    """Show what each item says for the leading group and against it, what flips it, and what would settle it.

    The table is a view of the scorer's log odds, not a way to score.
    各証拠が首位の候補を支持・反証する度合い、結論を覆す最小の証拠、決め手となる証拠を示す。
    """
    from rich.console import Console

    from noroshi.attribute.guard import Terms
    from noroshi.desk.attributing import assessor
    from noroshi.files.evidence import load_evidence
    from noroshi.report.attribution_text import print_explanation

    done = assessor(model, knowledge, Terms(budget, sources, unknown_prior)).assess(load_evidence(evidence))
    print_explanation(done, language(ctx, lang), Console())
