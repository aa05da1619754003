"""Known benign values: networks, names with what is under them, parts and expressions; damage does no harm."""

from __future__ import annotations

import json
import random
from ipaddress import IPv6Address, ip_address, ip_network
from pathlib import Path

import pytest

from noroshi.errors import InputError
from noroshi.files.warninglists import load_warninglists
from noroshi.share.matching.warninglists import Warninglists

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


def written(folder: Path, **lists: tuple[str, list[str]]) -> Warninglists:
    """Return lists that are written into a folder: of each name its type and values; parts are those of domains."""
    for name, (kind, values) in lists.items():
        (folder / name).mkdir(parents=True)
        text = {"name": name, "type": kind, "list": values, "matching_attributes": ["domain", "url", "email"]}
        (folder / name / "list.json").write_text(json.dumps(text), encoding="utf-8")
    return load_warninglists(folder=folder)


def numbered(text: str) -> bool:
    """Return whether a text is an IPv6 address to the standard library."""
    try:
        IPv6Address(text)
    except ValueError:
        return False
    return True


def test_ipv6_addresses_are_the_standard_librarys(tmp_path: Path) -> None:
    every = written(tmp_path, all=("cidr", ["::/0"]))
    rng = random.Random(6)  # noqa: S311  a test
    pieces = (":", "::", ".", "1", "ab", "FFFF", "0", "00000", "g", "%", "%e", "/", "255", "256", "1.2.3.4", "01.2.3.4")
    right = 0
    for k in range(20_000):
        groups = rng.choices((*pieces[3:7], "", "1.2.3.4"), weights=(6, 6, 6, 6, 3, 1), k=rng.randint(2, 9))
        text = ":".join(groups) if k % 2 else "".join(rng.choices(pieces, k=rng.randint(1, 8)))
        right += numbered(text)
        assert (every.names(text) == ("all",)) == numbered(text), text
    assert right > 300


def test_nested_networks_of_many_lists_are_the_standard_librarys(tmp_path: Path) -> None:
    rng = random.Random(7)  # noqa: S311  a test
    base = 0x2001_0DB8 << 96
    nets = {
        name: [
            *(ip_network((rng.getrandbits(6) << 26 | rng.getrandbits(4), rng.randint(0, 32)), strict=False)
              for _ in range(40)),
            *(ip_network((base | rng.getrandbits(3) << 61, rng.randint(1, 128)), strict=False) for _ in range(40)),
            ip_network(f"::ffff:10.{rng.randint(0, 9)}.0.0/{rng.randint(90, 112)}", strict=False),
        ]
        for name in "abc"
    }  # fmt: skip
    lists = written(tmp_path, **{name: ("cidr", [str(net) for net in some]) for name, some in nets.items()})
    edges = [at for some in nets.values() for net in some for at in (net[0], net[-1])]
    for edge in edges:
        for step in (-1, 0, 1):
            number = int(edge) + step
            if not 0 <= number < 1 << edge.max_prefixlen:
                continue
            address = type(edge)(number)
            six = address if address.version == 6 else IPv6Address(f"::ffff:{address}")
            held = tuple(
                name for name, some in nets.items()
                if any(six in net if net.version == 6 else six.ipv4_mapped in net for net in some
                       if (net.version == 4 and six.ipv4_mapped)
                       or (net.version == 6 and (address.version == 6 or net.prefixlen >= 96)))
            )  # fmt: skip
            assert lists.names(str(address)) == held, address


def plainly(exact: set[str], under: set[str], parts: list[str], text: str) -> tuple[str, ...]:
    """Return what a value is on by the plain reading of it."""
    host = text.rpartition("://")[2]
    if "/" in host or len(host) < len(text):
        host = host.partition("/")[0].rpartition("@")[2].partition(":")[0]
    above = {host} | {host[k + 1 :] for k, sign in enumerate(host) if sign == "."}
    found = {
        "exact": text in exact,
        "parts": ("." in text or "/" in text or "@" in text) and any(part in text for part in parts),
        "under": text in under or bool((above if host != text else above - {host}) & under),
    }
    return tuple(name for name, so in found.items() if so)


def test_names_parents_and_parts_are_those_of_the_plain_reading(tmp_path: Path) -> None:
    rng = random.Random(8)  # noqa: S311  a test
    labels = ["a", "b", "evil", "example", "é", "xn--x", "com"]
    names = [".".join(rng.choices(labels, k=rng.randint(1, 4))) for _ in range(120)]
    exact, under, parts = set(names[:40]), set(names[40:60]), ["evil.a", "b.com", "ab", "é.example"]
    lists = written(tmp_path, exact=("string", [*exact]), under=("hostname", [*under]), parts=("substring", parts))
    found = 0
    for form in ("{}", "www.{}", "http://{}/x", "https://u:p@x.{}:8080/b/a", "{}/x", "x@{}", "x://{}", "{}:80", "X.{}.",
                 "a." * 80 + "{}", "http://" + "b." * 130 + "{}/"):  # fmt: skip
        for name in names:
            text = form.format(name)
            folded = text.replace("X", "x")
            expected = plainly(exact, under, parts, folded)
            assert lists.names(text) == expected, text
            found += bool(expected)
    assert found > 200


def test_what_is_no_text_to_utf8_is_no_bug(folder: Path) -> None:
    lists = load_warninglists(folder=folder)
    assert lists.names("noc@\ud800.example", "email") == ("mails",)
    assert lists.names("\ud800") == lists.names("\ud800", "no such kind") == ()
