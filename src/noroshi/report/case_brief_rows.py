"""The brief about a situation as sections of tables and lists in one language: once for the page and the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from noroshi.desk.case_brief_words import clock
from noroshi.desk.impact import OVER
from noroshi.desk.numbers import amount, hours, plain
from noroshi.desk.warnings_estate import ARROW
from noroshi.report.case_brief_words import say
from noroshi.report.reading import KeyFigure
from noroshi.report.situation_text import SAID, content
from noroshi.report.tables import Cell, Column, Table
from noroshi.respond.asks import STATES as ASK_STATES
from noroshi.respond.clock import LEVELS
from noroshi.respond.incident_words import EVENTS, FIELDS, HARMS, STATES
from noroshi.share.warnings_words import KEPT_FROM, SEVERITY_WORDS

if TYPE_CHECKING:
    from noroshi.desk.case_brief import Briefed
    from noroshi.desk.case_brief_shapes import CaseBrief, IncidentNow, ServiceBelow, SeverityOf, UnwarnedNow
    from noroshi.desk.position_shapes import EntryShown
    from noroshi.respond.asks import Words

__all__ = ["Section", "figures", "sections", "span"]

BEYOND = {"no": 0, "maybe": 1, "unknown": 1, "yes": 3}
LATE = frozenset({"overdue", "last-call"})
WAIT = frozenset({"waiting", "unverified", "met", "met-late"})


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the brief: its heading, a line below, a table or a list; or `empty` where there is nothing."""

    id: str
    title: str
    lead: str = ""
    table: Table | None = None
    entries: tuple[str, ...] = ()
    empty: str = ""


def figures(one: CaseBrief, lang: str) -> tuple[KeyFigure, ...]:
    """Return the figures at the top; of what is not told there is none."""
    found = [KeyFigure(say("f_incidents", lang), str(sum(each.state not in OVER for each in one.incidents)),
                    say("f_incidents_note", lang, count=len(one.incidents)))]  # fmt: skip
    untold = say("not_told" if one.next_due is None else "tile_none", lang)
    if one.impact is not None and one.impact.below is not None:
        beyond = sum(each.beyond == "yes" for each in one.impact.below)
        found.append(
            KeyFigure(say("f_below", lang), str(len(one.impact.below)), say("f_below_note", lang, count=beyond))
        )
    elif one.leads:
        found.append(KeyFigure(say("f_below", lang), "–", untold))
    if one.warnings is not None and one.unwarned is not None:
        chosen = sum(each.chosen for each in one.warnings)
        answered = sum(each.acknowledged for each in one.warnings)
        note = say("f_unwarned_note", lang, count=answered, chosen=chosen) if chosen else say("f_nobody", lang)
        found.append(KeyFigure(say("f_unwarned", lang), str(len(one.unwarned)), note))
    elif one.leads:
        found.append(KeyFigure(say("f_unwarned", lang), "–", untold))
    if one.leads:
        found.append(due_figure(one, lang))
    return tuple(found)


def due_figure(one: CaseBrief, lang: str) -> KeyFigure:
    """Return how much is overdue: no figure where that is not told, nor 0 where duties are not computed."""
    if one.next_due is None:
        return KeyFigure(say("f_due", lang), "–", say("not_told", lang))
    late = sum(each.overdue for each in one.next_due)
    note = say("f_due_note", lang, count=len(one.next_due) - late)
    if one.undated:
        refs = ", ".join(dict.fromkeys(each.ref for each in one.undated))
        note = f"{note}; {say('f_undated', lang, refs=refs)}"
    return KeyFigure(say("f_due", lang), str(late) if late or not one.undated else "–", note)


def sections(found: Briefed, lang: str) -> Iterator[Section]:
    """Yield the sections of a brief in their order; of what is not told there is none."""
    one = found.shown
    yield incidents(one, lang)
    if one.impact is not None and one.impact.below is not None:
        yield impact(one, lang)
    elif one.leads:
        yield not_computed(one, lang, "impact")
    if one.unwarned is not None:
        yield unwarned(one, lang)
    elif one.leads:
        yield not_computed(one, lang, "unwarned")
    if one.warnings is not None:
        yield warnings(one, lang)
    if one.asks is not None:
        yield by_ministry(one, lang)
        yield from open_asks(one, lang)
    if one.leads or one.next_due:
        yield due(one, lang)
    if one.duties:
        yield duties(one, lang)
    yield severity(one, lang)
    if one.leads and one.asks is not None:
        yield position(one, lang)
    yield changed(found, lang)
    if one.leads or one.not_known:
        items = tuple(f"{each.ref}: {pick(each.what, lang)}" if each.ref else pick(each.what, lang)
                      for each in one.not_known)  # fmt: skip
        yield Section("open", say("open_questions", lang), entries=items, empty=say("none_open", lang))
    yield basis(one, lang)


def pick(words: Words, lang: str) -> str:
    """Return a text in a language."""
    return words.ja if lang == "ja" else words.en


def tabled(key: str, lang: str, heads: tuple[tuple[str, str], ...], rows: tuple[tuple[Cell, ...], ...]) -> Table:
    """Return a table; heads: the key of each column's heading, and how it is set."""
    return Table(say(key, lang), tuple(Column(say(head, lang), kind) for head, kind in heads), rows)


def incidents(one: CaseBrief, lang: str) -> Section:
    """Return what is hit."""
    ja = int(lang == "ja")
    scores = {each.ref: each for each in one.severity.incidents}
    rows = tuple(
        (
            Cell(pick(each.name, lang) or say("unnamed", lang), " · ".join(one for one in refs if one)),
            Cell(EVENTS[each.what][ja], note=each.effect and f"{each.effect} ({each.ref}:{each.effect_line})"),
            Cell(STATES[each.state][ja], note=f"{each.ref}:{each.state_line}"),
            Cell(clock(each.since) if each.since else say("unknown", lang), note=f"{each.ref}:{each.since_line}"
                 if each.since_line else ""),
            Cell(known_of(each, ja), note=""),
            Cell(span(scores[each.ref])),
        )
        for each in one.incidents for refs in [(each.ref, each.organisation)]
    )  # fmt: skip
    heads = (
        ("whose", "name"),
        ("what", "text"),
        ("state", "short"),
        ("since", "short"),
        ("known", "text"),
        ("nciss", "num"),
    )
    return Section("incidents", say("incidents", lang), table=tabled("incidents", lang, heads, rows),
                   empty=say("no_incidents", lang))  # fmt: skip


def known_of(one: IncidentNow, ja: int) -> str:
    """Return the figures that are known of an incident, each with the line that says so."""
    parts = [f"{FIELDS[each.field].names[ja]} {each.value:,} ({one.ref}:{each.line})" for each in one.figures]
    parts += [f"{HARMS[each.harm][1][ja]} {each.amount:,.10g} ({one.ref}:{each.line})"
              for each in one.harms if each.amount is not None]  # fmt: skip
    return "; ".join(parts) or "–"


def span(one: SeverityOf | dict[str, float]) -> str:
    """Return an interval of a score; one figure where it is known."""
    low, high = (one["low"], one["high"]) if isinstance(one, dict) else (one.low, one.high)
    return f"{low:.1f}" if low == high else f"{low:.1f}–{high:.1f}"


def impact(one: CaseBrief, lang: str) -> Section:
    """Return the services that go below their floor, against what people bear."""
    there = one.impact
    assert there is not None  # noqa: S101  whoever calls has looked
    lead = "" if there.began is None else say("impact_lead", lang, estate=there.estate, began=clock(there.began),
                                              hours=hours(there.horizon_h, lang))  # fmt: skip
    if there.left_out:
        what = "; ".join(f"{each['ref']} {each['ja' if lang == 'ja' else 'en']}" for each in there.left_out)
        lead = f"{lead} {say('impact_left', lang, what=what)}".strip()
    rows = tuple(row_below(each, lang) for each in there.below or ())
    heads = (("service", "name"), ("from", "short"), ("hours", "num"), ("people", "num"), ("bears", "state"))
    table = tabled("impact", lang, heads, rows)
    return Section("impact", say("impact", lang), lead, table, empty=say("no_impact", lang))


def not_computed(one: CaseBrief, lang: str, which: str) -> Section:
    """Return a section of what is not computed or not told, with the reason."""
    why = one.not_computed
    if one.next_due is None:
        text = say("not_told_all", lang)
    else:
        text = say("not_in_estate", lang) if why is None else say("impact_none", lang, what=pick(why, lang))
    return Section(which, say(which, lang), empty=text)


def row_below(one: ServiceBelow, lang: str) -> tuple[Cell, ...]:
    """Return a service that goes below its floor as a row."""
    middle = one.since.median or one.since.slow or one.since.fast
    ends = [clock(end)[5:-4] for end in (one.since.fast, one.since.slow) if end]
    band = f"[{ends[0]} – {ends[-1]}]" if len(set(ends)) > 1 else ""
    fast, median, slow = (
        say("cut", lang, value=plain(value)) if ends else plain(value)
        for value, ends in zip(one.hours, one.cut, strict=True)
    )
    causes = ", ".join(one.causes[:3]) + (" …" if len(one.causes) > 3 else "")  # noqa: PLR2004  three are enough here
    return (
        Cell(pick(one.name, lang), note=say("cause", lang, what=causes)),
        Cell(clock(middle) if middle else say("unknown", lang), note=band),
        Cell(median, note=f"[{fast} – {slow}]"),
        Cell(amount(one.people, lang)),
        Cell(say(f"beyond_{one.beyond}", lang), note=say("tolerance", lang, hours=hours(one.tolerance_h, lang)),
             state=BEYOND[one.beyond]),
    )  # fmt: skip


def unwarned(one: CaseBrief, lang: str) -> Section:
    """Return who depends on the victims and is not warned."""
    called = {each.organisation: pick(each.name, lang) for each in (*one.incidents, *(one.unwarned or ()))}
    rows = tuple(
        (
            Cell(pick(each.name, lang), note=each.organisation),
            Cell(reach(each, lang)),
            Cell(ARROW.join(called.get(name) or name for name in each.chain.split(ARROW))),
        )
        for each in one.unwarned or ()
    )
    table = tabled("unwarned", lang, (("organisation", "name"), ("contact", "text"), ("chain", "text")), rows)
    chosen = sum(each.chosen for each in one.warnings or ())
    empty = say("none_unwarned" if chosen else "none_unwarned_none", lang)
    return Section("unwarned", say("unwarned", lang), table=table, empty=empty)


def reach(one: UnwarnedNow, lang: str) -> str:
    """Return by whom an organisation can be told, or why by nobody."""
    if one.reach:
        return ", ".join(one.reach)
    ja = int(lang == "ja")
    return "; ".join(f"{each.principal}: {KEPT_FROM[each.reason][ja]}" for each in one.barred) or say(
        "no_contact", lang
    )


def warnings(one: CaseBrief, lang: str) -> Section:
    """Return the warnings and who answered."""
    rows = tuple(
        (
            Cell(pick(each.title, lang) if each.title else each.warning[:8],
                 note=f"{each.ref} · {SEVERITY_WORDS[each.severity][int(lang == 'ja')]} · TLP:{each.tlp}"),
            *(Cell(str(count)) for count in (each.chosen, each.delivered, each.acknowledged, each.acted)),
            Cell(say("not_told", lang) if each.silent is None else ", ".join(each.silent) or "–"),
        )
        for each in one.warnings or ()
    )  # fmt: skip
    heads = (("warning", "name"), ("chosen", "num"), ("delivered", "num"), ("acknowledged", "num"), ("acted", "num"),
             ("silent", "text"))  # fmt: skip
    table = tabled("warnings", lang, heads, rows)
    return Section("warnings", say("warnings", lang), table=table, empty=say("no_warnings", lang))


def by_ministry(one: CaseBrief, lang: str) -> Section:
    """Return how requests stand by ministry."""
    rows = tuple(
        (
            Cell(each.through or say("directly", lang)),
            *(Cell(str(count)) for count in (each.asked, each.accepted, each.done, each.refused)),
            Cell(str(each.overdue), state=3 if each.overdue else None),
        )
        for each in one.by_ministry or ()
    )
    heads = (("through", "name"), ("asked", "num"), ("accepted", "num"), ("done", "num"), ("refused", "num"),
             ("overdue", "num"))  # fmt: skip
    return Section("asks", say("asks", lang), table=tabled("asks", lang, heads, rows),
                   empty=say("no_asks", lang))  # fmt: skip


def open_asks(one: CaseBrief, lang: str) -> Iterator[Section]:
    """Yield the requests that are not done, with their deadlines."""
    ja = int(lang == "ja")
    rows = tuple(
        (
            Cell(each.to, note=each.through),
            Cell(pick(each.what, lang), note=each.why),
            Cell(clock(each.deadline)),
            Cell(*((say("overdue", lang), "", 3) if each.overdue else (ASK_STATES[each.state][ja],))),
        )
        for each in one.asks or () if each.state != "done"
    )  # fmt: skip
    if rows:
        heads = (("whose", "name"), ("request", "text"), ("by", "short"), ("state", "state"))
        yield Section("open-asks", say("open_asks", lang), table=tabled("open_asks", lang, heads, rows))


def due(one: CaseBrief, lang: str) -> Section:
    """Return what is due, the first due first, and that some of it is not computed or not told."""
    if one.next_due is None:
        return Section("due", say("due", lang), empty=say("not_told_all", lang))
    lead = "; ".join(f"{each.ref}: {pick(each.what, lang)}" for each in one.undated)
    rows = tuple(
        (
            Cell(pick(each.what, lang), note=f"{say(f'kind_{each.kind}', lang)} · {each.whose}"),
            Cell(clock(each.due)),
            Cell(say("overdue", lang) if each.overdue else say("open", lang), state=3 if each.overdue else None),
        )
        for each in one.next_due
    )
    table = tabled("due", lang, (("what", "name"), ("by", "short"), ("state", "state")), rows)
    lead = lead and say("due_undated", lang, what=lead)
    return Section("due", say("due", lang), lead, table, empty=say("no_due_else" if lead else "no_due", lang))


def duties(one: CaseBrief, lang: str) -> Section:
    """Return what must be reported of which incident, by which law."""
    ja = int(lang == "ja")
    rows = tuple(
        (
            Cell(f"{each.regime}: {pick(each.name, lang)}", note=f"{each.ref} · {each.duty}"),
            Cell(clock(each.due) if each.due else "–"),
            Cell(LEVELS[each.level][ja], state=3 if each.level in LATE else None if each.level in WAIT else 1),
            Cell(each.source),
        )
        for each in one.duties
    )
    heads = (("duty", "name"), ("by", "short"), ("state", "state"), ("source", "text"))
    return Section("duties", say("duties", lang), table=tabled("duties", lang, heads, rows))


def severity(one: CaseBrief, lang: str) -> Section:
    """Return the severities: what is worst, what is added, and the scales of levels that something is known of."""
    rows: list[tuple[Cell, ...]] = []
    if one.severity.together is not None:
        for key in ("worst", "campaign", "cascade", "total"):
            value = one.severity.together[key]
            rows.append((Cell(say(key, lang)), Cell(say("not_computed", lang) if value is None else span(value))))
    for scale in one.severity.scales:
        name = "name_ja" if lang == "ja" else "name"
        low, high = scale["low"][name], scale["high"][name]
        rows.append((Cell(scale[name]), Cell(low if low == high else f"{low} – {high}")))
    table = tabled("severity", lang, (("measure", "name"), ("value", "text")), tuple(rows))
    return Section(
        "severity", say("severity", lang), say("severity_lead", lang), table, empty=say("no_incidents", lang)
    )


def position(one: CaseBrief, lang: str) -> Section:
    """Return what others claim, what we find, what was said, decided and signed, with what is warned of beside it."""
    there = one.position
    rows: list[tuple[str, str, EntryShown]] = []
    if there is not None:
        for claim in there.claims:
            who = say("nobody_named", lang) if claim.whom is None else pick(claim.whom.name, lang)
            grade = f"{claim.grade}: {pick(claim.grade_words, lang)}"
            rows.append((say("claim", lang, who=claim.claimant), f"{who} – {grade} ({claim.source})", claim))
        if (found := there.finding) is not None:
            who = say("nobody_named", lang) if found.whom is None else pick(found.whom.name, lang)
            likely = "" if found.likelihood is None else f" – {pick(found.likelihood, lang)}"
            rows.append((say("finding", lang), f"{who}{likely} – {pick(found.guard_words, lang)}", found))
        for said in there.statements:
            key = f"{said.audience}_{'said' if said.spoken else 'proposed'}"
            rows.append((say(key, lang), pick(said.text, lang) + (f" → {said.to}" if said.to else ""), said))
        if (chosen := there.decision) is not None:
            option = next((pick(each.text, lang) for each in there.options if each.id == chosen.option), "")
            why = pick(chosen.why, lang)
            rows.append((say("decided", lang), f"{option or say('none_chosen', lang)} ({why})", chosen))
    made: list[tuple[Cell, ...]] = [
        (Cell(head, note=f"{say('case', lang)}:{entry.line}"),
         Cell(text, " ".join(pick(each, lang) for each in entry.warnings), 3 if entry.warnings else None))
        for head, text, entry in rows
    ]  # fmt: skip
    if there is not None:
        signed = ", ".join(f"{each.by} ({each.role})" for each in there.signatures if each.holds)
        made.append((Cell(say("signed", lang)), Cell(signed or say("not_signed", lang), state=None if signed else 2)))
    table = tabled("position", lang, (("what", "name"), ("content", "text")), tuple(made))
    return Section("position", say("position", lang), table=table, empty=say("no_position", lang))


def changed(found: Briefed, lang: str) -> Section:
    """Return what was entered in the last day, the newest first."""
    ja = int(lang == "ja")
    rows = tuple(
        (
            Cell(clock(each.said.entered), note=f"{each.ref or say('case', lang)}:{each.said.line}"),
            Cell(SAID[type(line.said).__name__][ja], note=line.by),
            Cell(content(line.said, ja)),
        )
        for each, (_, line) in sorted(
            zip(found.shown.changed, found.changed, strict=True),
            key=lambda pair: (pair[0].said.entered, pair[0].ref, pair[0].said.line), reverse=True,
        )
    )  # fmt: skip
    table = tabled("changed", lang, (("entered", "name"), ("what", "text"), ("line", "text")), rows)
    return Section("changed", say("changed", lang), table=table, empty=say("no_changed", lang))


def basis(one: CaseBrief, lang: str) -> Section:
    """Return what the references stand for, and what was assumed."""
    items = [say("refs" if n == 0 else "reference", lang, ref=each.ref,
                 what=say("incident_of", lang, uid=each.incident)) for n, each in enumerate(one.incidents)]  # fmt: skip
    items += [say("reference", lang, ref=each.ref, what=say("warning_of", lang, uid=each.warning, version=each.version))
              for each in one.warnings or ()]  # fmt: skip
    return Section("basis", say("basis", lang), entries=(*items, *(pick(each, lang) for each in one.assumptions)))
