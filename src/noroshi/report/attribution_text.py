"""An assessment, an explanation and a trained model in the terminal, in either language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from noroshi.desk.assessment_schema import AssessmentFile
    from noroshi.files.attribution_models import ModelFile

__all__ = ["print_assessment", "print_explanation", "print_model"]

CANDIDATES = 10
SHOWN_SHARE = 0.005
BAR = 7
FULL_BAR = 3.0
"""Log odds that fill a bar: about twenty to one."""

WORDS = {
    "knowledge": ("What is published: {knowledge}, as of {day}", "公表情報: {knowledge}({day}時点)"),
    "candidate": ("candidate", "候補"), "probability": ("probability", "確率"), "word": ("ICD 203", "ICD 203の表現"),
    "unlisted": ("an unlisted actor", "未知の主体"), "nexus": ("nexus", "背景(国・犯罪)"),
    "why": ("Not attributed, because:", "帰属としない理由:"),
    "forged": ("if {share} of the evidence is forged: {leader} {probability:.0%}, unlisted {unknown:.0%}",
               "証拠の{share}が偽装なら: {leader} {probability:.0%}、未知 {unknown:.0%}"),
    "flips": ("Another group leads without: {items}", "これを除くと首位が入れ替わる: {items}"),
    "firm": ("No removal of evidence makes another group lead.", "どの証拠を除いても首位は変わらない。"),
    "unseen": ("Published of no group: {items}", "どの集団についても公表されていない: {items}"),
    "claims": ("Claims of others, kept apart and not scored: {items}", "他者の表明(採点に含めない): {items}"),
    "item": ("item", "証拠"), "weight": ("counts", "重み"), "groups": ("groups", "集団数"),
    "runner": ("against the runner-up", "次点に対して"), "unknown": ("against the unlisted", "未知に対して"),
    "settle": ("What would settle it, if found at B2:", "B2で見つかれば決め手となるもの:"),
    "settles": ("  {kind} {id} {name}: {group} from {now:.0%} to {then:.0%}",
                "  {kind} {id} {name}: {group} {now:.0%} → {then:.0%}"),
    "band": ("with P(unlisted) of {prior:.0%} before the evidence: leader {leader:.0%}, unlisted {unknown:.0%}",
             "事前の未知確率{prior:.0%}なら: 首位{leader:.0%}、未知{unknown:.0%}"),
    "trained": ("Trained on {releases} ({examples} incidents); written to {out}",
                "{releases}で学習({examples}件)。保存先: {out}"),
    "said": ("said", "予測"), "came": ("agreed", "一致"), "interval": ("95 % interval", "95%区間"),
    "count": ("incidents", "件数"),
}  # fmt: skip


def words(key: str, lang: str, **values: object) -> str:
    """Return a text in the language asked for, with its values filled in."""
    return WORDS[key][int(lang == "ja")].format(**values)


def table(*columns: str) -> Table:
    """Return an empty table with these columns; all but the first two are figures."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False)
    for k, column in enumerate(columns):
        made.add_column(column, justify="right" if k > 1 else "left", overflow="fold")
    return made


def print_assessment(done: AssessmentFile, lang: str, console: Console) -> None:
    """Print candidates, nexus, whether anything is asserted and why not, and what forged evidence would do."""
    from rich.text import Text

    japanese = lang == "ja"
    console.print(Text(done.incident, style="bold"))
    console.print(Text(done.statement_ja if japanese else done.statement))
    console.print(Text(words("knowledge", lang, knowledge=done.knowledge, day=done.as_of), style="dim"))
    console.print(Text(done.basis_ja if japanese else done.basis, style="dim"))
    shown = table("id", words("candidate", lang), words("probability", lang), words("word", lang))
    word = done.unknown_word_ja if japanese else done.unknown_word
    shown.add_row("", words("unlisted", lang), f"{done.unknown:.1%}", word)
    supported = any(one.groups for one in done.findings)
    for one in done.candidates[: CANDIDATES if supported else 0]:
        shown.add_row(one.id, Text(one.name), f"{one.probability:.1%}", one.word_ja if japanese else one.word)
    console.print(shown)
    named = table("", words("nexus", lang), words("probability", lang))
    for share in done.nexus if supported else ():
        if share.probability >= SHOWN_SHARE:
            named.add_row("", share.name, f"{share.probability:.1%}")
    if supported:
        console.print(named)
    if not done.guard.passed:
        console.print(Text(words("why", lang)))
        for reason in done.guard.reasons_ja if japanese else done.guard.reasons:
            console.print(Text(f"  {reason}"))
    for part, forged in done.forged.items():
        console.print(Text(words("forged", lang, share=f"{float(part):.0%}", leader=forged.leader,
                                 probability=forged.probability, unknown=forged.unknown)))  # fmt: skip
    for key, items in (("unseen", done.unrecognised), ("claims", done.claims)):
        if items:
            console.print(Text(words(key, lang, items=", ".join(items))))


def bar(odds: float) -> str:
    """Return a signed bar of log odds: to the right for the leader, to the left against it."""
    size = min(round(abs(odds) / FULL_BAR * BAR), BAR)
    filled = "█" * size
    return f"{'':>{BAR}}│{filled:<{BAR}}" if odds >= 0 else f"{filled:>{BAR}}│{'':<{BAR}}"


def print_explanation(done: AssessmentFile, lang: str, console: Console) -> None:
    """Print what each finding says for and against the leading group, what flips it, and what would settle it."""
    from rich.text import Text

    console.print(Text(done.statement_ja if lang == "ja" else done.statement, style="bold"))
    shown = table(
        words("item", lang),
        "",
        words("weight", lang),
        words("groups", lang),
        words("runner", lang),
        words("unknown", lang),
    )
    for one in done.findings:
        ahead = f"{bar(one.against_runner_up)} {one.against_runner_up:+.2f}"
        beyond = f"{one.against_unknown:+.2f}"
        shown.add_row(one.label, Text(one.name), f"{one.weight:.2f}", str(one.groups), ahead, beyond)
    console.print(shown)
    if done.flips_when_removed is None:
        console.print(Text(words("firm", lang)))
    else:
        console.print(Text(words("flips", lang, items=", ".join(done.flips_when_removed))))
    for band in done.prior_band:
        console.print(Text(words("band", lang, prior=band.prior_unknown, leader=band.leader, unknown=band.unknown)))
    console.print(Text(words("settle", lang)))
    for s in done.would_settle:
        console.print(
            Text(words("settles", lang, kind=s.kind, id=s.id, name=s.name, group=s.group, now=s.now, then=s.then))
        )


def print_model(made: ModelFile, out: str, lang: str, console: Console) -> None:
    """Print what a model was trained on and its reliability diagram as a table."""
    from rich.text import Text

    releases = ", ".join(one.name for one in made.trained_on)
    console.print(Text(words("trained", lang, releases=releases, examples=made.examples, out=out)))
    shown = table(words("said", lang), words("came", lang), words("interval", lang), words("count", lang))
    for one in made.reliability:
        shown.add_row(f"{one.said:.2f}", f"{one.came:.2f}", f"{one.low:.2f}-{one.high:.2f}", str(one.count))
    console.print(shown)
