"""What the memo of a situation says, once and in words: `memo` makes HTML of it, `memo_pdf` PDF, `position_text` text.

An entry is {lead, text, notes, warnings}.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from noroshi.report.memo_words import MEMO
from noroshi.report.situation_text import when
from noroshi.respond.position_words import FACTORS, GRAVITIES, PARTIES

if TYPE_CHECKING:
    from noroshi.desk.position_shapes import (
        ClaimShown,
        EffectShown,
        FindingShown,
        MemoIncident,
        MemoShown,
        OptionShown,
        PositionShown,
        StatementShown,
        Whom,
    )
    from noroshi.respond.asks import Words

__all__ = ["claim", "decision", "effect", "finding", "memo_content", "option", "say", "signatures", "statement"]

SHOWN_DIGEST = 12
MOST_INCIDENTS = 6
TLP_COLOURS = {
    "CLEAR": "#ffffff", "GREEN": "#33ff00", "AMBER": "#ffc000", "AMBER+STRICT": "#ffc000", "RED": "#ff2b2b",
}  # fmt: skip
"""Level -> the colour of its letters on black (FIRST, TLP 2.0)."""


def micros(text: str) -> int:
    """Return an RFC 3339 time in microseconds."""
    return round(datetime.fromisoformat(text).timestamp() * 1e6)


def say(key: str, ja: int, **fields: str) -> str:
    """Return words of the memo, filled in."""
    return MEMO[key][ja].format(**fields)


def pick(said: Words | None, ja: int) -> str:
    """Return what is said in one language; nothing of none."""
    return "" if said is None else said.ja if ja else said.en


def memo_content(memo: MemoShown, lang: str) -> dict[str, Any]:
    """Return all that the memo says in one language, as plain texts, lists and tables of them."""
    ja = int(lang == "ja")
    there = memo.position
    communities = "" if there.communities is None else f" ({', '.join(there.communities)})"
    spoken = {
        way: [statement(one, ja) for one in there.statements if one.audience == way] for way in ("public", "private")
    }
    return {
        "lang": lang,
        "exercise": say("exercise", ja) if there.exercise else "",
        "marking": f"TLP:{there.tlp}{communities}",
        "level": there.tlp.partition("+")[0].lower(),
        "colour": TLP_COLOURS[there.tlp],
        "kind": say("memo", ja),
        "title": pick(there.title, ja),
        "made": say("made", ja, when=when(micros(memo.made))),
        "incidents": incidents(memo.incidents, ja),
        "claims": [claim(one, ja) for one in there.claims],
        "finding": finding(there.finding, ja),
        "options": [option(one, ja) for one in there.options],
        **spoken,
        "effects": [effect(one, ja) for one in there.effects],
        "decision": decision(there, ja),
        "signatures": signatures(there, ja),
        "warnings": [pick(one.text, ja) for one in there.warnings if not one.entry],
        "record": say("record", ja, digest=there.digest[:SHOWN_DIGEST]) if there.digest else say("no_record", ja),
        "advice": say("advice", ja),
        "words": {key: say(key, ja) for key in (
            "what", "claims", "finding", "options", "public", "private", "effects", "decision", "signature", "pros",
            "cons", "warning", "none",
        )},
    }  # fmt: skip


def incidents(there: list[MemoIncident], ja: int) -> list[str]:
    """Return the incidents in a line each, the rest counted."""
    rows = []
    for one in there[:MOST_INCIDENTS]:
        since = say("unknown_since", ja) if one.since is None else say("since", ja, when=when(micros(one.since)))
        rows.append(joined([f"{pick(one.victim, ja)}: {pick(one.what, ja)}", pick(one.state, ja), since], ja))
    more = len(there) - len(rows)
    return rows + ([say("more_incidents", ja, count=str(more))] if more else [])


def joined(parts: list[str], ja: int) -> str:
    """Return parts of a line with what stands between them in that language."""
    return ("、" if ja else "; ").join(part for part in parts if part)


def led(lead: str, text: str, ja: int) -> dict[str, str]:
    """Return what an entry begins with, and its text."""
    return {"lead": say("lead", ja, lead=lead) if text else lead, "text": text}


def named(who: Whom | None, key: str, ja: int) -> str:
    """Return whom an entry names."""
    return say("names_nobody", ja) if who is None else say(key, ja, who=pick(who.name, ja))


def claim(one: ClaimShown, ja: int) -> dict[str, Any]:
    """Return a claim as an entry: by whom, how it is graded in words, whom it names, where from."""
    source = one.source + (f" <{one.url}>" if one.url else "")
    notes = [
        joined([named(one.whom, "names", ja), say("grade", ja, grade=one.grade, words=pick(one.grade_words, ja)),
                say("confidence", ja, text=one.confidence) if one.confidence else ""], ja),
        joined([source, "" if one.public else say("not_public", ja), when(micros(one.at))], ja),
    ]  # fmt: skip
    return {**led(f"{one.claimant} ({PARTIES[one.party][ja]})", pick(one.text, ja), ja), "notes": notes, "warnings": []}


def finding(one: FindingShown | None, ja: int) -> dict[str, Any]:
    """Return our finding as an entry: the guard's status, whom, how likely, why the guard does not hold."""
    if one is None:
        return {"lead": say("no_finding", ja), "text": "", "notes": [], "reasons": [], "because": "", "warnings": []}
    asserted = one.guard == "asserted"
    who = say("unknown_actor", ja) if one.whom is None else named(
        one.whom, "attributed_to" if asserted else "candidate", ja)  # fmt: skip
    share = ""
    if one.low is not None and one.high is not None:
        ends = dict.fromkeys(f"{100 * end:.0f}" for end in (one.low, one.high))
        share = say("probability", ja, share=f"{'–'.join(ends)} %", words=pick(one.likelihood, ja))
    origin = say("by_hand", ja)
    if one.origin == "assessment":
        origin = say("by_assessment", ja, knowledge=one.knowledge, digest=one.evidence[:SHOWN_DIGEST])
    notes = [joined([who, share, say("basis", ja) if share else ""], ja), origin]
    return {
        **led(pick(one.guard_words, ja), pick(one.text, ja), ja), "notes": notes,
        "because": say("reasons", ja) if one.reasons else "", "reasons": [pick(reason, ja) for reason in one.reasons],
        "warnings": [pick(text, ja) for text in one.warnings],
    }  # fmt: skip


def option(one: OptionShown, ja: int) -> dict[str, Any]:
    """Return an option as a row: its rung, what it is, for and against, norms and factors, warnings."""
    norms = [say("norm", ja, letter=letter, text=pick(text, ja)) for letter, text in one.norms.items()]
    factors = [f"{FACTORS[key][ja]} {GRAVITIES[how][ja]}" for key, how in one.factors.items()]
    notes = [
        say("towards", ja, who=pick(one.whom.name, ja)) if one.whom else "",
        say("norms", ja, norms=joined(norms, ja)) if norms else "",
        say("factors", ja, factors=joined(factors, ja)) if factors else "",
    ]
    return {
        **led(pick(one.rung_words, ja), pick(one.text, ja), ja), "pros": pick(one.pros, ja),
        "cons": pick(one.cons, ja), "notes": [note for note in notes if note],
        "warnings": [pick(text, ja) for text in one.warnings],
    }  # fmt: skip


def statement(one: StatementShown, ja: int) -> dict[str, Any]:
    """Return what is said as an entry: to whom, whether it was, whom it names."""
    note = joined([say("to", ja, to=one.to) if one.to else "", say("spoken" if one.spoken else "proposed", ja),
                   named(one.whom, "names", ja)], ja)  # fmt: skip
    return {"lead": "", "text": pick(one.text, ja), "notes": [note], "warnings": [pick(w, ja) for w in one.warnings]}


def effect(one: EffectShown, ja: int) -> dict[str, Any]:
    """Return an effect on another matter as an entry."""
    return {**led(pick(one.topic, ja), pick(one.effect, ja), ja), "notes": [], "warnings": []}


def decision(there: PositionShown, ja: int) -> dict[str, Any]:
    """Return what was decided as an entry."""
    one = there.decision
    if one is None:
        return {"lead": say("not_decided", ja), "text": "", "notes": [], "warnings": []}
    chosen = next((each for each in there.options if each.id == one.option), None)
    lead = say("none_of_them", ja)
    if one.option:
        lead = say("option_gone", ja) if chosen is None else pick(chosen.rung_words, ja)
    return {**led(lead, pick(one.why, ja), ja), "notes": [when(micros(one.at))],
            "warnings": [pick(text, ja) for text in one.warnings]}  # fmt: skip


def signatures(there: PositionShown, ja: int) -> list[dict[str, Any]]:
    """Return who signed in which role, when, and whether it has changed since; that nobody did, where it is so."""
    rows = [
        {
            "text": f"{one.by}, {one.role}",
            "note": when(micros(one.at)),
            "changed": "" if one.holds else say("changed", ja),
        }
        for one in there.signatures
    ]
    return rows or [{"text": say("not_signed", ja), "note": "", "changed": ""}]
