"""What people know an object by, and by which words they find it."""

from __future__ import annotations

from typing import Any

import pytest

from noroshi.share.faces import face_of, searched, terms


@pytest.mark.parametrize(
    ("value", "title", "values"),
    [
        ({"type": "malware", "name": "Wiper"}, "Wiper", ()),
        ({"type": "ipv4-addr", "value": "192.0.2.1"}, "192.0.2.1", ()),
        ({"type": "file", "name": "a.exe", "hashes": {"MD5": "00ff"}}, "a.exe", ("00ff",)),
        ({"type": "file", "hashes": {"MD5": "00ff"}}, "00ff", ()),
        ({"type": "relationship", "relationship_type": "uses"}, "uses", ()),
        ({"type": "x-thing", "id": "x-thing--1"}, "x-thing--1", ()),
        ({"type": "indicator", "pattern_type": "stix", "pattern": "[ipv4-addr:value = '192.0.2.1']"}, "192.0.2.1",
         ("192.0.2.1",)),
    ],
)  # fmt: skip
def test_an_object_is_called_by_the_first_name_it_has(
    value: dict[str, Any], title: str, values: tuple[str, ...]
) -> None:
    face = face_of(value)
    assert (face.title, face.values) == (title, values)


def test_words_are_found_whatever_their_width_and_case() -> None:
    value = {
        "type": "malware", "name": "ＷＩＰＥＲ Shamoon", "aliases": ["DistTrack"], "hashes": {"MD5": "00FF"},
        "external_references": [{"external_id": "S0140"}, {"url": "x"}, "odd"],
    }  # fmt: skip
    text = searched(value)
    assert all(word in text for word in terms("wiper SHAMOON disttrack 00ff s0140"))
    assert terms("evil[.]example evil.example") == ("evil.example",)
