"""What is wrong with a line of a position, by itself and after those that there are: all of it at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from noroshi.respond import position_words as words
from noroshi.respond.asks import Words
from noroshi.respond.countries import COUNTRIES
from noroshi.respond.incident import Line, Wrong, of_text
from noroshi.respond.position import (
    MADE,
    Claimed,
    Considered,
    Decided,
    Found,
    Saying,
    Signed,
    Stated,
    Touched,
    Withdrawn,
    named,
    position,
)

__all__ = ["followed", "wrongs"]

LONGEST_NAME = 500
MOST_REASONS = 50
MOST_ENTRIES = 300
"""Entries of a position, those that were taken back included, beside finding and decision: a memo shows all of them."""
GROUP = re.compile(r"G\d{4}\Z", re.ASCII)
GRADE = re.compile(r"[A-F][1-6]\Z", re.ASCII)
ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?\Z", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}\Z", re.ASCII)
URL = re.compile(r"https?://[^\s\x00-\x1f]{1,2000}\Z", re.ASCII)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def followed(lines: Iterable[Line], said: Saying) -> list[Wrong]:
    """Return what is wrong with a line after the lines of its situation."""
    found = wrongs(said)
    there = position(lines)
    known = {one.id: one for one in there.entries}
    full = len(known) >= MOST_ENTRIES
    if full and isinstance(said, Claimed | Stated | Touched | Considered) and named(said, 0) not in known:
        found.append(Wrong("entries", f"{len(known)} entries", f"at most {MOST_ENTRIES}: correct one of them"))
    match said:
        case Withdrawn():
            if said.entry not in known or known[said.entry].withdrawn is not None:
                stand = ", ".join(one.id for one in there.entries if one.withdrawn is None)
                found.append(Wrong("entry", said.entry[:100], f"one that stands: {stand or 'there is none'}"[:1000]))
        case Signed():
            if not there.digest:
                found.append(Wrong("signed", "", "a position of which something was entered"))
            elif said.digest != there.digest:
                found.append(Wrong("digest", said.digest[:64], f"that of what stands now: {there.digest}"))
        case Decided():
            options = [one.id for one in there.standing("option")]
            if said.option and said.option not in options:
                found.append(Wrong("option", said.option[:100], f"one that stands: {', '.join(options)}"[:1000]))
        case Claimed() | Stated() | Touched() | Considered() if said.id:
            key, old = named(said, 0), known.get(said.id)
            if old is not None and not isinstance(old.said, type(said)):
                found.append(Wrong("id", key[:100], f"another: that is a {words.KINDS[old.kind][0]}"))
            if old is None and MADE.match(key):
                found.append(Wrong("id", key[:100], "one of your own, or none: such ids are given by the hub"))
        case _:
            pass
    return found


def wrongs(said: Saying) -> list[Wrong]:
    """Return everything that is wrong with a line by itself."""
    return list(faults(said))


def faults(said: Saying) -> Iterator[Wrong]:
    """Yield what is wrong with a line by itself."""
    match said:
        case Claimed():
            yield from (*of_id(said.id), *of_name("by", said.by), *one_of("party", said.party, words.PARTIES))
            yield from of_form("grade", said.grade, GRADE, "an Admiralty grade from A1 to F6")
            yield from (*of_name("source", said.source), *of_short("confidence", said.confidence), *of_whom(said))
            yield from of_both("text", said.text)
            yield from of_form("url", said.url, URL, "http:// or https://") if said.url else ()
        case Found():
            yield from of_finding(said)
        case Stated():
            yield from (*of_id(said.id), *one_of("audience", said.audience, words.AUDIENCES))
            yield from (*of_short("to", said.to), *of_both("text", said.text), *of_whom(said))
        case Touched():
            yield from (*of_id(said.id), *of_both("topic", said.topic), *of_both("effect", said.effect))
        case Considered():
            yield from of_option(said)
        case Decided():
            yield from of_both("why", said.why)
        case Signed():
            yield from of_name("role", said.role)
            yield from of_form("digest", said.digest, DIGEST, "64 digits from 0 to f")
        case Withdrawn():
            yield from of_name("why", said.why)


def of_option(said: Considered) -> Iterator[Wrong]:
    """Yield what is wrong with an option."""
    yield from (*of_id(said.id), *one_of("rung", said.rung, words.RUNGS), *of_both("text", said.text))
    yield from (*of_both("pros", said.pros), *of_both("cons", said.cons), *of_whom(said))
    for norm in said.norms:
        yield from one_of("norms", norm, words.NORMS)
    if len(set(said.norms)) < len(said.norms):
        yield Wrong("norms", "one of them twice", "each once")
    for factor, how in said.factors.items():
        yield from one_of("factors", factor, words.FACTORS)
        yield from one_of(f"factors.{factor[:50]}", how, words.GRAVITIES)


def of_finding(said: Found) -> Iterator[Wrong]:
    """Yield what is wrong with a finding: the guard's status must agree with the rest of it."""
    yield from one_of("guard", said.guard, words.GUARDS)
    yield from one_of("origin", said.origin, words.ORIGINS)
    yield from of_whom(said)
    for key, share in (("low", said.low), ("high", said.high)):
        if share is not None and not 0 <= share <= 1:
            yield Wrong(key, str(share), "a probability from 0 to 1")
    if (said.low is None) != (said.high is None) or (said.low or 0) > (1 if said.high is None else said.high):
        yield Wrong("low, high", f"{said.low} to {said.high}", "both ends of an interval, the lower first, or neither")
    if said.guard == "asserted" and not said.nexus and not said.group:
        yield Wrong("guard", said.guard, "a state or a group that is asserted")
    if said.guard == "asserted" and said.reasons:
        yield Wrong("reasons", str(len(said.reasons)), "none where every rule of the guard holds")
    if said.guard == "not-attributed" and not said.reasons:
        yield Wrong("reasons", "", "why the guard does not hold")
    if len(said.reasons) > MOST_REASONS:
        yield Wrong("reasons", str(len(said.reasons)), f"at most {MOST_REASONS}")
    for reason in said.reasons[:MOST_REASONS]:
        yield from of_both("reasons", reason)
    yield from of_both("text", said.text)
    yield from of_short("knowledge", said.knowledge)
    if said.evidence or said.origin == "assessment":
        yield from of_form("evidence", said.evidence, DIGEST, "the SHA-256 of the assessment file")


def of_whom(said: Claimed | Found | Stated | Considered) -> Iterator[Wrong]:
    """Yield what is wrong with whom a line names: nobody but states and intrusion sets can be."""
    if said.nexus and said.nexus not in COUNTRIES:
        yield Wrong("nexus", said.nexus[:100], "a state's code of ISO 3166, such as KP; a person is never named")
    if said.group and not GROUP.match(said.group):
        yield Wrong("group", said.group[:100], "an intrusion set of ATT&CK, such as G0032; a person is never named")


def of_id(text: str) -> list[Wrong]:
    """Return what is wrong with an entry's id."""
    return of_form("id", text, ID, "at most 40 lower-case letters, digits and hyphens") if text else []


def of_form(key: str, text: str, form: re.Pattern[str], expected: str) -> list[Wrong]:
    """Return what is wrong with a text that has a form."""
    return [] if form.match(text) else [Wrong(key, text[:100], expected)]


def one_of(key: str, text: str, table: dict[str, tuple[str, str]]) -> list[Wrong]:
    """Return what is wrong with a word of a table."""
    return [] if text in table else [Wrong(key, text[:100], ", ".join(table))]


def of_name(key: str, text: str) -> list[Wrong]:
    """Return what is wrong with a short text that must be there."""
    return of_short(key, text) if text.strip() else [Wrong(key, "", "a name or a few words")]


def of_short(key: str, text: str) -> list[Wrong]:
    """Return what is wrong with a short text."""
    if len(text) > LONGEST_NAME:
        return [Wrong(key, f"{len(text)} characters", f"at most {LONGEST_NAME}")]
    return [Wrong(key, "a control character", "text")] if CONTROL.search(text) else []


def of_both(key: str, said: Words | None) -> list[Wrong]:
    """Return what is wrong with a text in both languages; None: there is none."""
    texts = {} if said is None else {f"{key}.en": said.en, f"{key}.ja": said.ja}
    found = [Wrong(name, "", "a text in both languages") for name, text in texts.items() if not text.strip()]
    found += [Wrong(name, "a control character", "text") for name, text in texts.items() if CONTROL.search(text)]
    return found + [wrong for name, text in texts.items() for wrong in of_text(name, text)]
