"""Known benign values: networks, names with what is under them, parts and expressions; damage does no harm."""

from __future__ import annotations

import json
import random
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from noroshi.errors import InputError
from noroshi.files.warninglists import load_warninglists

LISTS = {
    "nets": ("cidr", ["10.0.0.0/8", "192.0.2.0/25", "2001:db8::/32", "198.51.100.7", "no-net.example"], []),
    "names": ("hostname", ["google.example", ".co.example"], []),
    "exact": ("string", ["Exact.Example", "d41d8cd98f00b204e9800998ecf8427e"], []),
    "mails": ("regex", [r"/^(security|noc)\@.*$/i"], ["email-src"]),
    "parts": ("substring", ["sandbox"], ["domain", "url"]),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder of five lists."""
    for name, (kind, values, about) in LISTS.items():
        (tmp_path / "lists" / name).mkdir(parents=True)
        text = {
            "name": name,
            "type": kind,
            "list": values,
            "matching_attributes": about,
            "version": 1,
            "description": "",
        }
        (tmp_path / "lists" / name / "list.json").write_text(json.dumps(text), encoding="utf-8")
    return tmp_path / "lists"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("10.1.2.3", ("nets",)), ("11.1.2.3", ()), ("192.0.2.127", ("nets",)), ("192.0.2.128", ()),
        ("2001:db8:5::1", ("nets",)), ("2001:db9::1", ()), ("198.51.100.7", ("nets",)), ("no-net.example", ("nets",)),
        ("google.example", ("names",)), ("www.google.example", ("names",)), ("notgoogle.example", ()),
        ("http://www.google.example:8080/x", ("names",)), ("a.co.example", ("names",)), ("exact.example", ("exact",)),
        ("www.exact.example", ()), ("D41D8CD98F00B204E9800998ECF8427E", ("exact",)), ("noc@x.example", ("mails",)),
        ("bob@x.example", ()), ("my-sandbox.example", ("parts",)), ("999.1.1.1", ()), ("", ()),
    ],
)  # fmt: skip
def test_each_kind_of_list(folder: Path, value: str, expected: tuple[str, ...]) -> None:
    assert load_warninglists(folder=folder).names(value) == expected


def test_what_is_kept_answers_the_same_and_damage_is_made_good(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = load_warninglists(cache, folder)
    (kept,) = cache.glob("*.npz")
    asked = ("10.1.2.3", "www.google.example", "my-sandbox.example", "x.example")
    assert [load_warninglists(cache, folder).names(one) for one in asked] == [first.names(one) for one in asked]
    kept.write_bytes(kept.read_bytes()[:100])
    assert [load_warninglists(cache, folder).names(one) for one in asked] == [first.names(one) for one in asked]


def test_networks_are_the_standard_librarys(tmp_path: Path) -> None:
    rng = random.Random(5)  # noqa: S311  a test
    nets = [ip_network((rng.getrandbits(32), rng.randint(6, 32)), strict=False) for _ in range(300)]
    (tmp_path / "a").mkdir()
    text = {"name": "a", "type": "cidr", "list": [str(net) for net in nets]}
    (tmp_path / "a" / "list.json").write_text(json.dumps(text), encoding="utf-8")
    lists = load_warninglists(folder=tmp_path)
    for net in nets:
        for at in (
            int(net.network_address),
            int(net.broadcast_address),
            int(net.broadcast_address) + 1,
            rng.getrandbits(32),
        ):
            address = ip_address(at % 2**32)
            assert bool(lists.names(str(address))) == any(address in one for one in nets), address


def test_a_folder_without_lists_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        load_warninglists(folder=tmp_path)
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "list.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError):
        load_warninglists(folder=tmp_path)
