"""Strict reading: against a plain reference that looks at every pair, with input meant to deceive."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.share.reading import MOST_BYTES, MOST_DEPTH, Parcel, check, split
from noroshi.share.reasons import REASONS, Reason

KEYS = ["id", "a", "b", '"', "\\", "\\u0022", '\\"', "é", "\u2028", "\U0001f600", "", "a:b", "{", "}"]
SPELLINGS = st.sampled_from(["plain", "ascii", "hex"])


@st.composite
def quoted(draw: st.DrawFn, words: st.SearchStrategy[str]) -> str:
    """A JSON string in one of its spellings: as it is, with ASCII escapes, or every character as an escape."""
    word, spelling = draw(words), draw(SPELLINGS)
    if spelling == "plain":
        return json.dumps(word, ensure_ascii=False)
    if spelling == "ascii":
        return json.dumps(word)
    units = word.encode("utf-16-be")
    return '"' + "".join(f"\\u{units[k] << 8 | units[k + 1]:04x}" for k in range(0, len(units), 2)) + '"'


WORDS = quoted(st.sampled_from(KEYS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=4))
NAMES = quoted(st.sampled_from(KEYS))
SPACE = st.sampled_from(["", " ", "\n", "\t \r"])
NUMBERS = st.sampled_from(
    ["0", "-1", "1.5", "1e9", "123456789012345678901234567890", "-99999999999999999999", "1E-400"]
)
LITERALS = st.sampled_from(["true", "false", "null"])


@st.composite
def texts(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    """An object or a list as text; keys may repeat."""
    gap = draw(SPACE)
    if draw(st.booleans()):
        pairs = draw(st.lists(st.tuples(NAMES, inner), max_size=4))
        return "{" + gap + ",".join(f"{gap}{k}{gap}:{gap}{v}" for k, v in pairs) + gap + "}"
    return "[" + gap + ("," + gap).join(draw(st.lists(inner, max_size=3))) + gap + "]"


JSON = st.recursive(WORDS | NUMBERS | LITERALS, texts, max_leaves=12)


@st.composite
def objects(draw: st.DrawFn) -> str:
    """An object as text, whose keys may repeat at any depth."""
    pairs = draw(st.lists(st.tuples(NAMES, JSON), max_size=5))
    gap = draw(SPACE)
    return "{" + ("," + gap).join(f"{k}:{gap}{v}" for k, v in pairs) + "}"


def twice(text: str) -> bool:
    """Whether some object in the text has a key twice, by looking at every pair."""
    found = []

    def look(pairs: list[tuple[str, Any]]) -> None:
        keys = [key for key, _ in pairs]
        found.append(len(keys) != len(set(keys)))

    json.loads(text, object_pairs_hook=look)
    return any(found)


@given(objects())
def test_a_key_that_stands_twice_is_found_at_any_depth_and_nothing_else_is(text: str) -> None:
    result = check(text.encode())
    if twice(text):
        assert isinstance(result, Reason)
        assert result.code == "duplicate-key"
    else:
        assert result == json.loads(text)


@given(st.lists(objects(), max_size=5), st.booleans(), SPACE)
def test_each_object_comes_back_as_it_was_sent(texts: list[str], bundle: bool, gap: str) -> None:
    head = '"type":"bundle","id":"bundle--x"' if bundle else '"more":false,"next":"a,b"'
    parcel = split(f'{{{head},{gap}"objects":{gap}[{gap}{("," + gap).join(texts)}{gap}]{gap}}}'.encode())
    assert isinstance(parcel, Parcel)
    assert parcel.objects == tuple(text.encode() for text in texts)
    assert parcel.is_bundle == bundle
    assert "objects" not in parcel.beside


@given(st.lists(objects() | st.sampled_from(['{"a":NaN}', "{'a':1}", '{"a":tru}', "nonsense"]), max_size=5), SPACE)
def test_one_that_is_not_json_fails_alone(texts: list[str], gap: str) -> None:
    parcel = split(f'{{"objects":[{(gap + "," + gap).join([*texts, "{a}"])}],{gap}"more":true}}'.encode())
    assert isinstance(parcel, Parcel)
    assert parcel.objects == tuple(text.encode() for text in [*texts, "{a}"])
    assert parcel.beside == {"more": True}


RED_THEN_CLEAR = (
    b'{"object_marking_refs":["marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"],"x":"}",'
    b'"object_marking_%s":["marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"]}'
)


@pytest.mark.parametrize("spelling", [b"refs", b"re\\u0066s", b"re\\u0066\\u0073"])
def test_red_then_clear_is_refused(spelling: bytes) -> None:
    assert check(RED_THEN_CLEAR % spelling) == Reason("duplicate-key", said="object_marking_refs")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b'{"a":"\xff"}', "not-utf8"),
        (b'{"a":"\xed\xa0\x80"}', "not-utf8"),
        (b'{"a":"\xc0\x80"}', "not-utf8"),
        (b'{"\xff":1}', "not-utf8"),
        (b'{"a":"\\ud800"}', "not-json"),
        (b'{"a":"\\udc00"}', "not-json"),
        (b'{"a":"\\ud83d\\u0041"}', "not-json"),
        (b'{"\\ud800":1}', "not-json"),
        (b'{"a":NaN}', "not-json"),
        (b'{"a":Infinity}', "not-json"),
        (b'{"a":-Infinity}', "not-json"),
        (b'{"a":1e999}', "not-json"),
        (b'{"a":01}', "not-json"),
        (b'{"a":1,}', "not-json"),
        (b'{"a":1} x', "not-json"),
        (b'{"a":1}{"b":2}', "not-json"),
        (b'{"a":"\n"}', "not-json"),
        (b'\xef\xbb\xbf{"a":1}', "not-json"),
        (b"", "not-json"),
        (b"[]", "not-an-object"),
        (b'"x"', "not-an-object"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "too-deep"),
        (b'{"a":' + b"[" * 500_000 + b"]" * 500_000 + b"}", "too-deep"),
        (b'{"a":"' + b"x" * MOST_BYTES + b'"}', "too-large"),
        (b'{"a":' + b"9" * 5000 + b"}", "not-json"),
    ],
)
def test_what_is_not_strict_json_is_refused(raw: bytes, code: str) -> None:
    result = check(raw)
    assert isinstance(result, Reason)
    assert result.code == code


def nested(depth: int) -> bytes:
    """An object in which lists and objects alternate, `depth` levels in all."""
    text = b"1"
    for k in range(depth):
        text = b'{"a":' + text + b"}" if k % 2 == depth % 2 or k == depth - 1 else b"[" + text + b"]"
    return text


def test_the_depth_allowed_is_exact() -> None:
    assert isinstance(check(nested(MOST_DEPTH)), dict)
    assert check(nested(MOST_DEPTH + 1)) == Reason("too-deep")


def test_brackets_in_text_are_not_depth() -> None:
    assert check(b'{"a":"' + b"[{" * 500 + b'"}') == {"a": "[{" * 500}
    assert isinstance(check(b'{"a":[' + b",".join([b"[]"] * 500) + b"]}"), dict)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"objects":[{"a":1}],"objects":[]}', "duplicate-key"),
        (b'{"objects":[],"objects":[{"a":1}]}', "duplicate-key"),
        (b'{"objects":[{"a":1}],"objects":[{"a":1}]}', "duplicate-key"),
        (b'{"objects":[{"a":1}],"\\u006fbjects":[{"a":1}]}', "duplicate-key"),
        (b'{"objects":[{"a":NaN}],"objects":[{"a":1}]}', "duplicate-key"),
        (b'{"more":true,"objects":[{"a":1}],"more":false}', "duplicate-key"),
        (b'{"x":{"y":1,"y":2},"objects":[{"a":1}]}', "duplicate-key"),
        (b'{"next":"\xff","objects":[{"a":1}]}', "not-utf8"),
        (b'{"objects":5}', "not-an-envelope"),
        (b'{"objects":null}', "not-an-envelope"),
        (b'{"objects":{"a":[1]}}', "not-an-envelope"),
        (b"[]", "not-an-object"),
        (b"", "not-json"),
        (b'{"objects":[{"a":1}]', "not-json"),
        (b'{"objects":[{"a":1}]} x', "not-json"),
        (b'{"objects":[1,2,3]}', "too-many"),
        (b'{"objects":[1,2,NaN]}', "too-many"),
    ],
)
def test_an_envelope_that_is_wrong_itself_is_refused(data: bytes, code: str) -> None:
    result = split(data, most=2)
    assert isinstance(result, Reason)
    assert result.code == code


def test_an_empty_envelope_is_empty() -> None:
    assert split(b"{}") == Parcel((), {})
    assert split(b'{"objects":[]}') == Parcel((), {})


def test_a_deep_object_fails_alone() -> None:
    deep = b'{"a":' + b"[" * 3000 + b"]" * 3000 + b"}"
    parcel = split(b'{"objects": [ ' + deep + b' , {"b":1} ],"next":"x"}')
    assert parcel == Parcel((deep, b'{"b":1}'), {"next": "x"})
    assert check(deep) == Reason("too-deep")


def test_a_list_inside_something_else_is_not_the_list() -> None:
    assert split(b'{"x":[1,2],"objects":[{"a":NaN}]}') == Parcel((b'{"a":NaN}',), {"x": [1, 2]})
    assert split(b'{"x":{"objects":[]},"objects":[{"a":NaN}]}') == Parcel((b'{"a":NaN}',), {"x": {"objects": []}})


def test_every_reason_is_said_in_both_languages() -> None:
    for code in REASONS:
        reason = Reason(code, "here", "this")
        assert reason.line() != reason.line("ja")
        assert reason.line().startswith("here: ")
