"""The position from its lines: corrections, what was taken back, signatures, and what is warned of."""

from __future__ import annotations

import random
from importlib.resources import files
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noroshi.respond.asks import Words
from noroshi.respond.countries import COUNTRIES
from noroshi.respond.incident import LONGEST, Line, Remarked
from noroshi.respond.position import (
    Claimed,
    Considered,
    Decided,
    Found,
    Position,
    Signed,
    Stated,
    Touched,
    Withdrawn,
    position,
    warned,
)
from noroshi.respond.position_checks import MOST_ENTRIES, followed, wrongs
from noroshi.respond.position_words import FACTORS, KINDS, NORMS, RUNGS, WARNINGS
from noroshi.respond.situation import Opened, Said, situation
from noroshi.respond.situation import followed as situation_followed

TEXT = Words("Somebody did it", "誰かが行った")
CLAIM = Claimed("FBI", "ally", "B2", "press release of 19 December 2014", "fbi", "KP", "G0032", "enough information")
HELD = Found("not-attributed", "RU", "G0034", 0.2, 0.4, (Words("two sources are asked", "情報源が2件必要"),))
ASSERTED = Found("asserted", "KP", "G0032", 0.93, 0.97, origin="assessment", evidence="0" * 64)
NAMES = Stated("public", TEXT, "condemn", "press", "KP")
OPTION = Considered("countermeasures", TEXT, TEXT, TEXT, "block", "KP", "", ("f", "h"), {"scale": "high"})
OTHERS = (Stated("private", TEXT, "call"), Touched(TEXT, TEXT, "talks"), Decided(TEXT, "block"))


def lines(*said: Any) -> list[Line]:
    return [Line(n, n, n, "duty", one) for n, one in enumerate((Opened(TEXT), *said), 1)]


def codes(*said: Any) -> list[tuple[str, str]]:
    return [(one.entry, one.code) for one in warned(position(lines(*said)))]


def kinds(one: Position) -> list[tuple[str, str]]:
    return [(entry.id, entry.kind) for entry in one.entries if entry.withdrawn is None]


def test_entries_have_their_own_id_or_one_of_their_line() -> None:
    said = (CLAIM, Claimed("ANSSI", "ally", "C3", "call"), HELD, NAMES, Touched(TEXT, TEXT), OPTION, Decided(TEXT))
    one = position(lines(*said, Remarked("x")))
    assert kinds(one) == [
        ("fbi", "claim"), ("claim-3", "claim"), ("finding", "finding"), ("condemn", "statement"),
        ("effect-6", "effect"), ("block", "option"), ("decision", "decision"),
    ]  # fmt: skip
    assert {kind for _, kind in kinds(one)} == set(KINDS)
    assert one.finding == HELD
    assert one.decision is not None


def test_a_position_has_so_many_entries_and_no_more() -> None:
    many = [msgspec.structs.replace(NAMES, id=f"s{n}") for n in range(MOST_ENTRIES - 1)]
    there = lines(*many, CLAIM, Withdrawn("fbi", "misheard"))
    for said in (Touched(TEXT, TEXT), OPTION, NAMES, msgspec.structs.replace(CLAIM, id="")):
        assert [(one.key, one.expected[:11]) for one in followed(there, said)] == [("entries", "at most 300")]
    for more in (CLAIM, many[0], Withdrawn("s1", "x"), HELD, Decided(TEXT)):
        assert followed(there, more) == []
    assert followed(there[:-2], CLAIM) == []


def test_a_correction_keeps_what_was_said_before_and_nothing_is_deleted() -> None:
    better = msgspec.structs.replace(CLAIM, grade="A2")
    one = position(lines(CLAIM, Withdrawn("fbi", "misheard"), better, better))
    (entry,) = one.entries
    assert entry.said == better
    assert [type(line.said).__name__ for line in entry.before] == ["Claimed", "Withdrawn", "Claimed"]
    gone = position(lines(CLAIM, better, Withdrawn("fbi", "misheard")))
    assert gone.standing("claim") == ()
    assert gone.entries[0].withdrawn is not None
    assert gone.entries[0].said == better
    assert position(lines(HELD, Withdrawn("finding", "wrong file"))).finding is None


def test_it_is_signed_as_it_stands_and_any_change_shows() -> None:
    there = lines(CLAIM, HELD)
    digest = position(there).digest
    signed = [*there, Line(4, 4, 4, "head", Signed("Director", digest))]
    (one,) = position(signed).signatures
    assert (one.by, one.role, one.holds) == ("head", "Director", True)
    for n, more in enumerate((NAMES, Withdrawn("fbi", "why"), HELD, Decided(TEXT)), 5):
        changed = position([*signed, Line(n, n, n, "duty", more)])
        assert [each.holds for each in changed.signatures] == [False]
        assert ("", "changed-since") in [(w.entry, w.code) for w in warned(changed)]
    for harmless in (Remarked("x"), Signed("Deputy", digest)):
        assert all(each.holds for each in position([*signed, Line(5, 5, 5, "other", harmless)]).signatures)
    for other in (msgspec.structs.replace(CLAIM, grade="B3"), CLAIM):
        for by, at in (("duty", 3), ("deputy", 2)):
            assert position([there[0], Line(2, at, 2, by, other), there[2]]).digest != digest
    assert followed(there, Signed("Director", digest)) == []
    assert [w.key for w in followed(there, Signed("", "f" * 64))] == ["role", "digest"]
    assert [w.key for w in followed(lines(), Signed("Director", "f" * 64))] == ["signed"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ((NAMES,), [("condemn", "no-finding")]),
        ((HELD, NAMES), [("condemn", "not-attributed")]),
        ((Found("not-assessed"), NAMES), [("condemn", "not-assessed")]),
        ((ASSERTED, NAMES), []),
        ((msgspec.structs.replace(ASSERTED, origin="hand"), NAMES), [("condemn", "by-hand")]),
        ((ASSERTED, Stated("private", TEXT, "m", "", "RU")), [("m", "other")]),
        ((ASSERTED, Stated("private", TEXT, "m", "", "KP", "G0034")), [("m", "other")]),
        ((ASSERTED, Stated("private", TEXT, "m", "", "", "G0032")), []),
        ((NAMES, ASSERTED, Withdrawn("finding", "x")), [("condemn", "no-finding")]),
        ((NAMES, Withdrawn("condemn", "never said")), []),
        ((HELD, OPTION), [("block", "not-attributed"), ("block", "unsupported")]),
        ((ASSERTED, OPTION), []),
        ((Considered("countermeasures", TEXT, TEXT, TEXT, "b"),), [("b", "unsupported")]),
        ((HELD, Considered("sanctions", TEXT, TEXT, TEXT, "b")), []),
        ((HELD, OPTION, Decided(TEXT, "block")), [("block", "not-attributed"), ("block", "unsupported"),
                                                   ("decision", "not-attributed"), ("decision", "unsupported")]),
        ((ASSERTED, OPTION, Decided(TEXT, "block"), Withdrawn("block", "x")), [("decision", "option-withdrawn")]),
        ((CLAIM, Stated("public", Words("NORTH KOREA is named", "名前"), "m")), [("m", "mentions")]),
        ((CLAIM, Stated("public", Words("named", "北朝鮮に言及"), "m")), [("m", "mentions")]),
        ((Stated("public", Words("North Korea", "北朝鮮"), "m"),), []),
        ((CLAIM, HELD, *OTHERS[:2]), []),
    ],
)  # fmt: skip
def test_what_names_somebody_without_the_guard_is_warned_of(said: tuple[Any, ...], expected: list[Any]) -> None:
    assert codes(*said) == expected


def test_a_warning_names_whom_in_both_languages() -> None:
    (one,) = warned(position(lines(HELD, NAMES)))
    assert "North Korea (KP)" in one.text.en
    assert "北朝鮮(KP)" in one.text.ja.replace(" ", "")
    (other,) = warned(position(lines(ASSERTED, Stated("public", TEXT, "m", "", "RU"))))
    assert "G0032" in other.text.en
    assert all(text.strip() for both in WARNINGS.values() for text in both)


PEOPLE = (
    "Kim Jong Un",
    "kp",
    "XX",
    "K",
    "KPX",
    "Lazarus",
    "G32",
    "G00321",
    "g0032",
    "G0032\n",
    "Ｇ0032",
    "HIDDEN COBRA",
)


@pytest.mark.parametrize("name", PEOPLE)
def test_nobody_but_states_and_intrusion_sets_can_be_named(name: str) -> None:
    for said in (CLAIM, HELD, NAMES, OPTION):
        assert [w.key for w in wrongs(msgspec.structs.replace(said, nexus=name))] == ["nexus"]
        assert [w.key for w in wrongs(msgspec.structs.replace(said, group=name))] == ["group"]


FAULTY: list[tuple[Any, list[str]]] = [
    (Claimed("", "friend", "B7", "", "No", url="ftp://x"), ["id", "by", "party", "grade", "source", "url"]),
    (Claimed("x" * 501, "ally", "G1", "x", text=Words("", "a")), ["by", "grade", "text.en"]),
    (Claimed("x\0", "ally", "B2", "x", confidence="\x1b[31m"), ["by", "confidence"]),
    (Found("sure"), ["guard"]),
    (Found("asserted"), ["guard"]),
    (Found("asserted", "KP", reasons=(TEXT,)), ["reasons"]),
    (Found("not-attributed"), ["reasons"]),
    (Found("not-assessed", low=0.5), ["low, high"]),
    (Found("not-assessed", low=0.5, high=0.4), ["low, high"]),
    (Found("not-assessed", low=-1.0, high=float("nan")), ["low", "high"]),
    (Found("not-assessed", origin="assessment"), ["evidence"]),
    (Found("not-assessed", origin="oracle", evidence="abc"), ["origin", "evidence"]),
    (Found("not-attributed", reasons=(TEXT,) * 51), ["reasons"]),
    (Stated("secret", Words(" ", "")), ["audience", "text.en", "text.ja"]),
    (Stated("public", Words("x" * (LONGEST + 1), "x")), ["text.en"]),
    (Touched(Words("a", ""), Words("a\x07", "b")), ["topic.ja", "effect.en"]),
    (Considered("war", TEXT, TEXT, Words("", "x"), norms=("z", "a", "a"), factors={"luck": "high", "scale": "huge"}),
     ["rung", "cons.en", "norms", "norms", "factors", "factors.scale"]),
    (Decided(Words("", "")), ["why.en", "why.ja"]),
    (Signed("Director", "abc"), ["digest"]),
    (Withdrawn("fbi", " "), ["why"]),
]  # fmt: skip


@pytest.mark.parametrize(("said", "keys"), FAULTY)
def test_all_that_is_wrong_is_named(said: Any, keys: list[str]) -> None:
    assert [one.key for one in wrongs(said)] == keys


AFTER: list[tuple[tuple[Any, ...], Any, list[str]]] = [
    ((), Withdrawn("fbi", "x"), ["entry"]),
    ((CLAIM,), Withdrawn("fbi", "x"), []),
    ((CLAIM, Withdrawn("fbi", "x")), Withdrawn("fbi", "x"), ["entry"]),
    ((CLAIM,), msgspec.structs.replace(NAMES, id="fbi"), ["id"]),
    ((CLAIM,), msgspec.structs.replace(CLAIM, grade="A1"), []),
    ((), msgspec.structs.replace(CLAIM, id="claim-2"), ["id"]),
    ((msgspec.structs.replace(CLAIM, id=""),), msgspec.structs.replace(CLAIM, id="claim-2"), []),
    ((), Decided(TEXT, "block"), ["option"]),
    ((OPTION,), Decided(TEXT, "block"), []),
    ((OPTION, Withdrawn("block", "x")), Decided(TEXT, "block"), ["option"]),
    ((OPTION,), Decided(TEXT), []),
]


@pytest.mark.parametrize(("before", "said", "keys"), AFTER)
def test_what_may_follow(before: tuple[Any, ...], said: Any, keys: list[str]) -> None:
    assert [one.key for one in situation_followed(situation(lines(*before)), said)] == keys


def test_lines_are_kept_as_they_were_said() -> None:
    every = (CLAIM, HELD, ASSERTED, NAMES, OPTION, *OTHERS, Signed("Director", "0" * 64), Withdrawn("fbi", "x"))
    for said in every:
        assert msgspec.json.decode(msgspec.json.encode(said), type=Said) == said


def test_the_tables_are_whole() -> None:
    assert "".join(NORMS) == "abcdefghijk"
    assert list(RUNGS)[0::5] == ["private-message", "countermeasures"]
    assert len(FACTORS) == 7
    shipped = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    assert set(COUNTRIES) == {row[:2] for row in shipped.splitlines() if row[:1] not in {"#", ""}}
    assert all(english and japanese for english, japanese in COUNTRIES.values())


BACK = [Withdrawn(entry, "x") for entry in ("fbi", "finding", "condemn", "block", "decision")]
WORSE = msgspec.structs.replace(CLAIM, grade="F6")
SOME = st.sampled_from([CLAIM, WORSE, HELD, ASSERTED, NAMES, OPTION, *OTHERS, *BACK])


@given(st.lists(SOME, max_size=12), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_any_order_of_lines_comes_to_the_same_and_nothing_names_unwarned(
    said: list[Any], chance: random.Random
) -> None:
    there = lines()
    for one in said:
        if not followed(there, one):
            there.append(Line(len(there) + 1, 0, 0, "duty", one))
    whole = position(there)
    shuffled = chance.sample(there, len(there))
    assert position(shuffled) == whole
    assert sum(1 + len(entry.before) + (entry.withdrawn is not None) for entry in whole.entries) == len(there) - 1
    codes_of = {w.entry for w in warned(whole)}
    supported = whole.finding is not None and whole.finding.guard == "asserted"
    for entry in whole.entries:
        if entry.withdrawn is None and isinstance(entry.said, Stated | Considered) and entry.said.nexus:
            assert (entry.id in codes_of) is not supported
    for k in range(2, len(there) + 1):
        part = position(there[:k])
        assert (part.digest == whole.digest) is (k == len(there))
