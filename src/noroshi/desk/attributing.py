"""What a person does with attribution: train a model, assess evidence, test it. The pillar meets the files here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import numpy as np

from noroshi.attribute.assessment import Assessment, assess
from noroshi.attribute.calibration import reliability, slope
from noroshi.attribute.evidence import BEHAVIOUR, Evidence
from noroshi.attribute.features import EVIDENCE, PRIOR, UNKNOWN
from noroshi.attribute.guard import USUAL, Terms
from noroshi.attribute.index import Index, index_of
from noroshi.attribute.knowledge import Knowledge
from noroshi.attribute.protocol import tried
from noroshi.attribute.results import Results, results
from noroshi.attribute.scoring import UNLISTED, Model
from noroshi.attribute.training import final, learned, rolling, stages
from noroshi.attribute.words import BASIS, BASIS_JA, likelihood
from noroshi.desk.assessment_schema import (
    SCHEMA_VERSION,
    AssessmentFile,
    Candidate,
    Finding,
    ForgedShare,
    Guard,
    GuardCheck,
    NexusShare,
    PriorBand,
    Settles,
)  # fmt: skip
from noroshi.errors import Fault, InputError, NotFoundError
from noroshi.files.attack_bundles import bundle_paths, load_knowledge, load_release
from noroshi.files.attribution_models import FORMAT, SHIPPED, ModelFile, Provenance, load_model, save_model, sha256_of

__all__ = ["Assessor", "assessment_file", "assessor", "evaluate", "train"]

SEED = 20141224
"""Of the resampling and the decoys of a test: the same releases give the same figures."""
DIGITS = 12

Progress = Callable[[str], None]


def quiet(_: str) -> None:
    """Say nothing of the progress."""


def train(knowledge: Sequence[str | Path], out: str | Path, progress: Progress = quiet) -> ModelFile:
    """Train on these releases (files or folders), oldest first, write the model to `out` and return it.

    InputError where a bundle or `out` is at fault, or where nothing can be learned from them.
    """
    paths = bundle_paths(knowledge)
    releases = in_order(paths)
    steps = list(rolling(stages([one for _, one in releases]), progress))
    examples = sum(len(step.predicted) for step in steps)
    if not examples:
        raise InputError([too_little(paths)])
    progress(releases[-1][1].name)
    model = final(steps, releases[-1][1])
    said, came = learned(steps)
    file = ModelFile(
        format=FORMAT, code_version=version("noroshi"),
        trained_on=tuple(Provenance(k.name, k.as_of.isoformat(), sha256_of(path)) for path, k in releases),
        examples=examples, features=(*PRIOR, *EVIDENCE), unknown_features=UNKNOWN,
        weights=rounded(model.logit.groups), unknown_weights=rounded(model.logit.unknown),
        temperature=round(model.calibration.temperature, DIGITS), shift=round(model.calibration.shift, DIGITS),
        unknown_share=round(model.unknown_share, DIGITS),
        reliability=reliability(said, came) if len(said) else (),
        slope=None if not len(said) or np.isnan(found := slope(said, came)) else round(found, DIGITS),
    )  # fmt: skip
    save_model(out, file)
    return file


def rounded(values: Sequence[float]) -> tuple[float, ...]:
    """Return values without digits in which two machines may differ."""
    return tuple(float(f"{value:.10g}") for value in values)


def in_order(paths: Sequence[Path]) -> list[tuple[Path, Knowledge]]:
    """Return the releases from the oldest to the newest, by their days."""
    return sorted(((path, load_release(path)) for path in paths), key=lambda one: (one[1].as_of, one[1].name))


def too_little(paths: Sequence[Path]) -> Fault:
    """Return the fault of releases from which nothing can be learned."""
    return Fault("bad-objects", "error", ", ".join(map(str, paths)), None, "", "no report that came later than another",
                 "releases in which groups are reported over time", "give two releases or more")  # fmt: skip


def evaluate(
    releases: Sequence[str | Path], progress: Progress = quiet, after: str | None = None, base: str | None = None
) -> Results:
    """Return the figures of the rolling-origin test on these releases.

    after: only what came after this release counts (everything before it is learned from); base: the knowledge stays at
    this release, and all that later ones report is one step. InputError where nothing can be tested, NotFoundError for
    a release that is not there.
    """
    paths = bundle_paths(releases)
    found = [one for _, one in in_order(paths)]
    names = [one.name for one in found]
    for asked in (after, base):
        if asked is not None and asked not in names[:-1]:
            raise NotFoundError(f"no release {asked!r} with a later one; there are {', '.join(names)}")
    if base is not None:
        found = [*found[: names.index(base) + 1], found[-1]]
        after = base
    steps = list(rolling(stages(found), progress))
    if after is not None:
        first = next(k for k, one in enumerate(steps) if one.stage.name.startswith(f"{after} →"))
        steps = [replace(s, stage=replace(s.stage, real=s.stage.real and k >= first)) for k, s in enumerate(steps)]
    rng = np.random.default_rng(SEED)
    try:
        return results(tried(steps, rng, progress), rng)
    except ValueError:
        raise InputError([too_little(paths)]) from None


@dataclass(frozen=True)
class Assessor:
    """A model and what is published, ready to assess: see `assessor`."""

    model: Model
    knowledge: Knowledge
    terms: Terms = USUAL

    @cached_property
    def index(self) -> Index:
        """Return the index of the knowledge as it stands."""
        return index_of(self.knowledge)

    @cached_property
    def earlier(self) -> dict[date, tuple[Knowledge, Index]]:
        """Return the indexes as of earlier days that were asked for."""
        return {}

    def at(self, day: date | None) -> tuple[Knowledge, Index]:
        """Return what was known on a day. NotFoundError where nothing was."""
        if day is None or day >= self.knowledge.as_of:
            return self.knowledge, self.index
        if day not in self.earlier:
            then = self.knowledge.at(day)
            if not then.groups:
                raise NotFoundError(f"{self.knowledge.name} knows of no group on {day}")
            self.earlier[day] = then, index_of(then)
        return self.earlier[day]

    def assess(self, evidence: Evidence) -> AssessmentFile:
        """Return the assessment of one incident. InputError where it favours what is neither a group nor a nexus."""
        knowledge, index = self.at(evidence.as_of)
        given = in_current_terms(evidence, knowledge)
        check_favours(given, knowledge)
        made = assess(self.model, index, given, self.terms)
        return assessment_file(made, knowledge, given)


def assessor(model: str | Path | None, knowledge: Sequence[str | Path], terms: Terms = USUAL) -> Assessor:
    """Return an assessor of a model file (None: the one that ships) and bundles. InputError where one is at fault."""
    return Assessor(load_model(model or SHIPPED).model(), load_knowledge(knowledge), terms)


def in_current_terms(evidence: Evidence, knowledge: Knowledge) -> Evidence:
    """Return the evidence with the ids that the knowledge uses now."""
    items = [
        replace(
            item,
            id=knowledge.current(item.id),
            favours=tuple(knowledge.current(one) for one in item.favours),
        )
        for item in evidence.items
    ]
    return replace(evidence, items=tuple(items))


def check_favours(evidence: Evidence, knowledge: Knowledge) -> None:
    """Refuse evidence in favour of anything but published groups and nexuses: there is no type for a person here."""
    groups = {group: knowledge.actors[group] for group in knowledge.groups}
    allowed = {*groups, *(one.nexus for one in groups.values() if one.nexus)}
    faults = [
        Fault("dangling-key", "error", "", None, f"{item.label}.favours", one, "the id of a group, or a nexus",
              "name a group of the knowledge, or leave it out: a person is never a hypothesis")
        for item in evidence.items if item.kind not in (*BEHAVIOUR, "claim") for one in item.favours
        if one not in allowed
    ]  # fmt: skip
    if faults:
        raise InputError(faults)


def assessment_file(made: Assessment, knowledge: Knowledge, evidence: Evidence) -> AssessmentFile:
    """Return an assessment as data."""
    shares = [round(float(share), DIGITS) for share in made.shares]
    order = sorted(range(len(shares) - 1), key=lambda k: (-shares[k], made.scored.hypotheses[k]))
    leader = made.scored.hypotheses[made.leader]
    name = knowledge.actors[leader].name if leader in knowledge.actors else leader
    failing = [check for check in made.checks if not check.holds]
    statement, statement_ja = statements(made, f"{name} ({leader})")
    return AssessmentFile(
        schema_version=SCHEMA_VERSION,
        incident=evidence.incident,
        as_of=(evidence.as_of or knowledge.as_of).isoformat(),
        knowledge=knowledge.name,
        basis=BASIS,
        basis_ja=BASIS_JA,
        candidates=tuple(
            Candidate(
                id=(one := made.scored.hypotheses[k]), name=knowledge.actors[one].name, probability=shares[k],
                word=likelihood(shares[k]), word_ja=likelihood(shares[k], "ja"),
            )
            for k in order
        ),
        unknown=shares[-1],
        unknown_word=likelihood(shares[-1]),
        unknown_word_ja=likelihood(shares[-1], "ja"),
        nexus=tuple(NexusShare(name=one, probability=min(round(share, DIGITS), 1.0)) for one, share in made.nexus),
        asserted=made.asserted,
        statement=statement,
        statement_ja=statement_ja,
        guard=Guard(
            passed=not failing,
            reasons=tuple(check.line() for check in failing),
            reasons_ja=tuple(check.line("ja") for check in failing),
            checks=tuple(
                GuardCheck(rule=c.rule, holds=c.holds, text=c.line(), text_ja=c.line("ja")) for c in made.checks
            ),
        ),
        flips_when_removed=made.flips,
        forged={
            f"{share:g}": ForgedShare(
                leader=one.leader, probability=round(one.probability, DIGITS), unknown=round(one.unknown, DIGITS)
            )
            for share, one in made.forged
        },
        prior_band=tuple(
            PriorBand(prior_unknown=prior, leader=round(p, DIGITS), unknown=round(rest, DIGITS))
            for prior, p, rest in made.band
        ),
        findings=tuple(found_rows(made, knowledge)),
        claims=tuple(sorted({f"{i.source}: {i.value}" for i in evidence.items if i.kind == "claim"})),
        would_settle=tuple(
            Settles(kind=s.kind, id=s.id, name=knowledge.names.get(s.id, s.id), group=s.of,
                    now=round(s.now, DIGITS), then=round(s.then, DIGITS))
            for s in made.settling
        ),
        unrecognised=made.unrecognised,
    )  # fmt: skip


def statements(made: Assessment, leader: str) -> tuple[str, str]:
    """Return the finding in a sentence, in both languages; confidence is a sentence of its own."""
    share, rest = float(made.shares[made.leader]), float(made.shares[-1])
    if made.asserted is not None:
        said = f"Attributed: {shown(share, 'en')} that published vendor attribution would name {leader}."
        return (
            f"{said} Confidence: every rule of the guard holds.",
            f"帰属:公表されたベンダーの帰属が{leader}となる{shown(share, 'ja')}。確信度:ガードの全規則を満たす。",
        )
    if not bool(made.scored.supports.any()):
        return (
            f"Not attributed. Nothing in the evidence speaks for any group; an unlisted actor {shown(rest, 'en')}.",
            f"帰属せず。どの集団を支持する証拠もない。未知の主体:{shown(rest, 'ja')}。",
        )
    count, rules = sum(not check.holds for check in made.checks), len(made.checks)
    led = f"Leading candidate: {leader}, {shown(share, 'en')}; an unlisted actor {shown(rest, 'en')}."
    led_ja = f"首位の候補:{leader}、{shown(share, 'ja')}。未知の主体:{shown(rest, 'ja')}。"
    return (
        f"Not attributed. {led} Confidence: {count} of {rules} rules of the guard do not hold.",
        f"帰属せず。{led_ja}確信度:ガードの{rules}規則のうち{count}を満たさない。",
    )


def shown(share: float, lang: str) -> str:
    """Return a probability as the word of ICD 203 and a per cent."""
    return f"{likelihood(share, lang)} ({share:.0%})"


def found_rows(made: Assessment, knowledge: Knowledge) -> Iterator[Finding]:
    """Yield each finding with what it says for the leader, the strongest first."""
    scored, shares = made.scored, made.shares
    rivals = [k for k in np.lexsort((np.arange(len(shares)), -shares)).tolist() if k != made.leader]
    runner = next((k for k in rivals if scored.hypotheses[k] != UNLISTED), len(shares) - 1)
    ahead = (scored.parts[made.leader] - scored.parts[runner]) * scored.weights
    beyond = (scored.parts[made.leader] - scored.parts[-1]) * scored.weights
    for k in np.lexsort((np.arange(len(ahead)), -ahead)).tolist():
        one = scored.findings[k]
        yield Finding(
            kind=one.kind, label=one.label,
            name=knowledge.names.get(one.id, one.label), weight=round(one.weight, DIGITS),
            sources=one.sources, published_of_leader=bool(scored.supports[made.leader, k]),
            groups=int(scored.holders[k]), against_runner_up=round(float(ahead[k]), 9),
            against_unknown=round(float(beyond[k]), 9),
        )  # fmt: skip
