"""Answers as OSCAL (NIST, JSON, 1.1.3): assessment results, and a plan of action and milestones.

A finding for each SP 800-53 control that an answered item names, an observation for each answer, a risk for each
answered item below its top level, with the measures that raise it as remediations. Every uuid follows from the content,
and times are those of the answers, so that the same answers give the same bytes.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from noroshi.errors import NotFoundError
from noroshi.files.answer_words import GRADE_WORDS, label, number_text
from noroshi.rate.schemes import known

if TYPE_CHECKING:
    from noroshi.rate.catalogue import Catalogue, Item, Measure
    from noroshi.rate.evidence import Answer, Sheet

__all__ = ["VERSION", "assessment_results", "control_id", "plan_of_action"]

VERSION = "1.1.3"
NAMESPACE = uuid.UUID("6f5a1f4e-61b4-5d0c-9d3a-1f0c6f2f9a77")
"""Of every uuid5 below."""
PROPERTIES = "https://noroshi.example/ns/rate"
"""Whose properties they are: a name, in the form of an address since readers ask for one; nothing is there."""
METHODS = {"self": "INTERVIEW", "document": "EXAMINE", "third_party": "EXAMINE", "measured": "TEST"}
"""Grade of evidence -> how SP 800-53A calls the way it was got."""
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)
MET = 1.0 - 1e-9
Values = dict[str, Any]

WORDS: dict[str, tuple[str, str]] = {
    "results": ("Assessment results of {organisation}", "{organisation} の評価結果"),
    "plan": ("Plan of action and milestones of {organisation}", "{organisation} の行動計画とマイルストーン"),
    "described": ("Answers to {catalogue} as of {as_of}", "{catalogue}への回答（{as_of}時点）"),
    "questions": ("The questions answered: {catalogue}", "回答した設問：{catalogue}"),
    "control": ("{control}: {items}", "{control}：{items}"),
    "level": ("{question} Level {level} ({grade})", "{question} 水準{level}（{grade}）"),
    "range": ("{low} to {high}", "{low}〜{high}"),
    "away": ("{question} Does not apply: {reason} ({grade})", "{question} 該当しない：{reason}（{grade}）"),
    "below": ("Below the top level: {item}", "最上位の水準に達していない：{item}"),
    "statement": (
        "What others can check shows level {low} of 1; at 1 is said: {wording}",
        "他者が確認できる水準は1のうち{low}。1の水準：{wording}",
    ),
    "measure": (
        "Raises {item} to level {to}; {cost} million yen and {staff} person-months (1,000 staff, first year)",
        "{item}を水準{to}に引き上げる。費用{cost}百万円、{staff}人月（1,000人規模、初年度）",
    ),
}


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is exported: the catalogue, the answers, the language, and the level of each item that others can check."""

    catalogue: Catalogue
    sheet: Sheet
    lang: str
    low: Mapping[str, float]
    away: frozenset[str]

    def said(self, key: str, **values: object) -> str:
        """Return a text in the language, on one line."""
        return _line(label(WORDS[key], self.lang).format(**values))

    def uid(self, *parts: object) -> str:
        """Return the uuid of a part of this organisation's document."""
        name = "|".join(
            _safe(str(part)) for part in (self.catalogue.id, self.sheet.organisation, self.sheet.as_of, *parts)
        )
        return str(uuid.uuid5(NAMESPACE, name))

    @property
    def items(self) -> list[Item]:
        """The items that are answered, in the catalogue's order."""
        answered = {answer.item for answer in self.sheet.answers}
        return [item for item in self.catalogue.items if item.id in answered]

    @property
    def below(self) -> list[Item]:
        """The answered items that apply and are not shown to be at their top level."""
        return [item for item in self.items if item.id not in self.away and self.low[item.id] < MET]

    def question(self, item: Item) -> str:
        """Return an item's question."""
        return label((item.question_en, item.question_ja), self.lang)


def _safe(text: str) -> str:
    """Return a text that UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _line(text: str) -> str:
    """Return a text on one line, without blanks at its ends and without control characters."""
    return " ".join(_safe("".join(c if c.isprintable() else " " for c in text)).split()) or "–"


def _kept(**values: object) -> Values:
    """Return what is not empty, with hyphens in its keys: OSCAL has no empty lists."""
    return {key.replace("_", "-"): value for key, value in values.items() if value not in (None, [], "", {})}


def _time(day: date) -> str:
    """Return the start of a day as OSCAL writes times; it knows the years 1900 to 2999."""
    return f"{min(max(day, EARLIEST), LATEST).isoformat()}T00:00:00Z"


def control_id(name: str) -> str:
    """Return an SP 800-53 identifier as OSCAL's catalogue of it writes it: AC-17(1) is ac-17.1."""
    return name.lower().replace("(", ".").replace(")", "")


def _subject(catalogue: Catalogue, sheet: Sheet, lang: str) -> _Subject:
    """Return what both documents are made from."""
    facts = known(catalogue, sheet)
    low = {item.id: float(level) for item, level in zip(catalogue.items, facts.low, strict=True)}
    away = frozenset(item.id for item, out in zip(catalogue.items, facts.away, strict=True) if out)
    return _Subject(catalogue, sheet, lang, low, away)


def assessment_results(
    catalogue: Catalogue, sheet: Sheet, lang: str = "en", *, figures: Mapping[str, object] | None = None,
    planned: Collection[str] = (),
) -> Values:  # fmt: skip
    """Return OSCAL assessment results: a finding a control, an observation an answer, a risk an item below its top.

    figures: properties of the result, such as the score and its interval. planned: ids of measures that a plan has.
    """
    s = _subject(catalogue, sheet, lang)
    controls = sorted({control_id(name) for item in s.items for name in item.nist_800_53})
    chosen = _kept(include_controls=[{"control-id": name} for name in controls])
    described = s.said("described", catalogue=catalogue.id, as_of=sheet.as_of.isoformat())
    result = _kept(
        uuid=s.uid("result"),
        title=s.said("results", organisation=sheet.organisation),
        description=described,
        start=_time(min((answer.date for answer in sheet.answers), default=sheet.as_of)),
        end=_time(sheet.as_of),
        props=[_property(key, value) for key, value in (figures or {}).items() if value is not None],
        reviewed_controls={"control-selections": [chosen or {"description": described}]},
        observations=_observations(s),
        risks=[_risk(s, item, planned) for item in s.below],
        findings=[_finding(s, name) for name in controls],
    )
    plan = {"uuid": s.uid("questions"), "title": s.said("questions", catalogue=_named(s)), "description": described}
    return {
        "assessment-results": {
            "uuid": s.uid("assessment-results"),
            "metadata": _metadata(s, "results"),
            "import-ap": {"href": f"#{plan['uuid']}"},
            "results": [result],
            "back-matter": {"resources": [plan]},
        }
    }


def plan_of_action(catalogue: Catalogue, sheet: Sheet, lang: str = "en", *, planned: Collection[str] = ()) -> Values:
    """Return an OSCAL plan of action and milestones: an item for each answered question below its top level.

    planned: ids of measures that a plan has; they are milestones, the other measures that would raise the item are
    recommendations. NotFoundError where every answered question is at its top level.
    """
    s = _subject(catalogue, sheet, lang)
    if not s.below:
        raise NotFoundError("every answered question is shown to be at its top level: there is nothing to plan")
    todo = {item.id for item in s.below}
    items = [
        _kept(
            uuid=s.uid("poam-item", item.id),
            title=s.said("below", item=item.id),
            description=_wanted(s, item),
            related_observations=_related(s, {item.id}),
            related_risks=[{"risk-uuid": s.uid("risk", item.id)}],
        )
        for item in s.below
    ]
    return {
        "plan-of-action-and-milestones": _kept(
            uuid=s.uid("poam"),
            metadata=_metadata(s, "plan"),
            system_id={"id": _line(sheet.organisation)},
            observations=[one for one in _observations(s) if _item_of(one) in todo],
            risks=[_risk(s, item, planned) for item in s.below],
            poam_items=items,
        )
    }


def _named(s: _Subject) -> str:
    """Return the catalogue's name, id and version."""
    found = s.catalogue
    return f"{label((found.name_en, found.name_ja), s.lang)} ({found.id}, {found.version})"


def _metadata(s: _Subject, title: str) -> Values:
    """Return the head of a document."""
    party = {"uuid": s.uid("party"), "type": "organization", "name": _line(s.sheet.organisation)}
    return {
        "title": s.said(title, organisation=s.sheet.organisation),
        "last-modified": _time(s.sheet.as_of),
        "version": s.sheet.as_of.isoformat(),
        "oscal-version": VERSION,
        "parties": [party],
    }


def _property(name: str, value: object) -> Values:
    """Return a property of our own."""
    return {"name": name, "ns": PROPERTIES, "value": _line(str(value))}


def _observations(s: _Subject) -> list[Values]:
    """Return an observation for each answer."""
    out = []
    for k, answer in enumerate(s.sheet.answers):
        item = s.catalogue.items[s.catalogue.index[answer.item]]
        grade = label(GRADE_WORDS[answer.grade], s.lang)
        described = (
            s.said("away", question=s.question(item), reason=answer.not_applicable, grade=grade)
            if answer.not_applicable
            else s.said("level", question=s.question(item), level=_level(s, answer), grade=grade)
        )
        properties = [_property("item", item.id), _property("grade", answer.grade)]
        if not answer.not_applicable:
            properties.append(_property("level", number_text(answer.level)))
        gone = answer.date.toordinal() + round(item.half_life_days) > date.max.toordinal()
        out.append(
            _kept(
                uuid=s.uid("observation", k, answer),
                title=item.id,
                description=described,
                props=properties,
                methods=[METHODS[answer.grade]],
                types=["control-objective"],
                relevant_evidence=[{"description": _line(answer.source)}] if answer.source.strip() else [],
                collected=_time(answer.date),
                expires=None if gone else _time(answer.date + timedelta(days=round(item.half_life_days))),
            )
        )
    return out


def _level(s: _Subject, answer: Answer) -> str:
    """Return an answer's level, or its range."""
    low = number_text(answer.level)
    return low if answer.up_to is None else s.said("range", low=low, high=number_text(answer.up_to))


def _item_of(observation: Values) -> str:
    """Return the item that an observation is on."""
    return str(observation["title"])


def _related(s: _Subject, items: Collection[str]) -> list[Values]:
    """Return references to the observations on some items."""
    return [
        {"observation-uuid": s.uid("observation", k, answer)}
        for k, answer in enumerate(s.sheet.answers)
        if answer.item in items
    ]


def _finding(s: _Subject, control: str) -> Values:
    """Return the finding on a control: satisfied if each answered item that names it is shown at its top level."""
    naming = [item for item in s.items if control in {control_id(name) for name in item.nist_800_53}]
    names = [item.id for item in naming]
    here = [name for name in names if name not in s.away]
    met = all(s.low[name] >= MET for name in here)
    reason = "pass" if met and here else "other" if not here else "fail"
    return _kept(
        uuid=s.uid("finding", control),
        title=s.said("control", control=control.upper(), items=", ".join(names)),
        description=" ".join(s.question(item) for item in naming),
        target={
            "type": "statement-id",
            "target-id": f"{control}_smt",
            "status": {"state": "satisfied" if met else "not-satisfied", "reason": reason},
        },
        related_observations=_related(s, names),
        related_risks=[{"risk-uuid": s.uid("risk", item.id)} for item in s.below if item.id in names],
    )


def _wanted(s: _Subject, item: Item) -> str:
    """Return what is shown of an item, and what its top level is."""
    top = item.levels[-1]
    shown = number_text(round(s.low[item.id], 3))
    return s.said("statement", low=shown, wording=label((top.en, top.ja), s.lang))


def _risk(s: _Subject, item: Item, planned: Collection[str]) -> Values:
    """Return the risk of an item below its top level, with the measures that raise it."""
    measures = [m for m in s.catalogue.measures if m.item == item.id and m.to > s.low[item.id] + 1e-9]
    return _kept(
        uuid=s.uid("risk", item.id),
        title=s.said("below", item=item.id),
        description=s.question(item),
        statement=_wanted(s, item),
        status="open",
        remediations=[_remediation(s, measure, is_planned=measure.id in planned) for measure in measures],
        related_observations=_related(s, {item.id}),
    )


def _remediation(s: _Subject, measure: Measure, *, is_planned: bool) -> Values:
    """Return a measure as a remediation; one that is planned is a milestone too."""
    name = _line(label((measure.name_en, measure.name_ja), s.lang))
    cost, staff = number_text(measure.cost), number_text(measure.staff)
    described = s.said("measure", item=measure.item, to=number_text(measure.to), cost=cost, staff=staff)
    task = {"uuid": s.uid("task", measure.id), "type": "milestone", "title": name, "description": described}
    return _kept(
        uuid=s.uid("remediation", measure.id),
        lifecycle="planned" if is_planned else "recommendation",
        title=name,
        description=described,
        props=[_property("measure", measure.id), _property("cost", cost), _property("staff", staff)],
        tasks=[task] if is_planned else [],
    )
