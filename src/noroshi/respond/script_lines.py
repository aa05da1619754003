"""What the steps of a script become: lines of incidents and situations, with the source in the text of each."""

from __future__ import annotations

from collections.abc import Callable

from noroshi.respond import incident, position, situation
from noroshi.respond.asks import Words
from noroshi.respond.incident import Consented, Corrected, Harmed, Met, Moved, Remarked, Reported
from noroshi.respond.position import Claimed, Considered, Decided, Found, Stated, Touched
from noroshi.respond.script import Step, told, worded
from noroshi.respond.script_words import ILLUSTRATIVE

__all__ = ["POSITIONS", "of_incident", "of_position", "of_situation", "reported", "request"]

POSITIONS = frozenset({"claim", "finding", "statement", "effect", "option", "decide"})
"""Kinds of steps that say something of the position."""


def reported(step: Step) -> Reported:
    """Return the first report that a step of kind report is."""
    has = step.has
    return Reported(
        has["organisation"], has["what"], told(step), has.get("since", step.at), has["sector"],
        has.get("consent", "withheld"),
    )  # fmt: skip


def of_incident(step: Step) -> list[incident.Said]:
    """Return the lines of an incident that a step of kind update is, with what it says as a remark."""
    has = step.has
    lines: list[incident.Said] = [Corrected(dict(has["fields"]))] if "fields" in has else []
    lines += [Harmed(kind, amount) for kind, amount in has.get("harms", {}).items()]
    lines += [Consented(has["consent"])] if "consent" in has else []
    lines += [Met(duty) for duty in has.get("met", ())]
    lines += [Moved(has["state"])] if "state" in has else []
    return [*lines, Remarked(told(step))]


def of_situation(step: Step, name: Callable[[str], str]) -> list[situation.Said]:
    """Return the lines of the situation that a step is, most a remark; name: which principal one of the cast is."""
    match step.kind:
        case "admit":
            return [*(situation.Admitted(name(one)) for one in step.has["names"]), Remarked(told(step))]
        case "close":
            return [situation.Closed(told(step))]
        case _:
            return [Remarked(told(step))]


def of_position(step: Step) -> position.Content:
    """Return what a step says of the position, under its own key."""
    has, text = step.has, worded(step)
    named = {key: has.get(key, "") for key in ("nexus", "group")}
    match step.kind:
        case "claim":
            return Claimed(has["claimant"], has["party"], has["grade"], step.source, step.key, **named,
                           confidence=has.get("confidence", ""), text=text, public=has.get("public", True))  # fmt: skip
        case "finding":
            return Found(has["guard"], **named, reasons=tuple(has.get("reasons", ())), text=text)
        case "statement":
            return Stated(has["audience"], text, step.key, has.get("addressee", ""), **named,
                          spoken=has.get("spoken", False))  # fmt: skip
        case "effect":
            return Touched(has["topic"], text, step.key)
        case "option":
            return Considered(has["rung"], text, has["pros"], has["cons"], step.key, **named,
                              norms=tuple(has.get("norms", ())), factors=dict(has.get("factors", {})))  # fmt: skip
        case _:
            return Decided(text, has.get("option", ""))


def request(step: Step) -> Words:
    """Return what is asked for; one that is ours and no history says so to whom it goes."""
    ours = ILLUSTRATIVE if step.illustrative else ("", "")
    asked = step.has["request"]
    return Words(f"{asked.en} {ours[0]}".strip(), f"{asked.ja} {ours[1]}".strip())
