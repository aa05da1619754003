"""The fast search finds what the slow reading of each line finds, no more and no less."""

from __future__ import annotations

import json
import random
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.files.log_lines import Shape, fields_of, scannable
from noroshi.share.matching.exact import seen_in
from noroshi.share.matching.index import build, candidates
from noroshi.share.matching.indicators import Indicators
from noroshi.share.matching.values import KINDS, canonical, guessed, refanged

VALUES = (
    "1.2.3.4", "10.0.0.0/8", "192.0.2.128/25", "203.0.113.77", "::ffff:198.51.100.1", "2001:db8::1", "2001:db8:5::/48",
    "2001:db8:0:0:1:0:0:1", "evil.com", "bad.example", "a-b.co.jp", "日本語.jp", "bob@evil.org", "x+y@bad.example",
    "http://bad.example/a/b", "https://1.2.3.4/gate.php?id=", "http://root.example/", "http://h.example:8080/Ab/c.d",
    "http://u.example?q=1", "d41d8cd98f00b204e9800998ecf8427e", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "aa:bb:cc:dd:ee:ff", "AS64500",
)  # fmt: skip
TEXTS = (("file-name", "Bad File.exe"), ("file-name", "文書.lnk"), ("user-agent", "Mozilla/5.0 (EvilBot 1.2)"),
         ("text", "Global\\Mutex-7"), ("text", "秘密"))  # fmt: skip
PIECES = (
    "1.2.3.4", "10.200.3.4", "01.2.3.4", "192.0.2.200", "192.0.2.1", "::ffff:1.2.3.4", "::FFFF:c633:6401",
    "2001:DB8::1",    "2001:db8:5:9::7", "2001:db8::1:0:0:1", "[2001:db8::1]:443", "src:2001:db8::1",
    "12:34:56", "::1", "1::2::3", "::",
    "sub.EVIL.com", "evil.com.", "xevil.com", "evil.com.au", "-evil.com", "evil.com-x", "a-b.co.jp", "日本語.jp",
    "xn--wgv71a119e.jp", "bob@evil.org", "Bob@EVIL.org.", "x+y@bad.example", "@bad.example", "a@b@evil.org",
    "http://bad.example/a/b", "http://u:p@bad.example:80/a/b/c?x", "hxxp://bad.example/a/b", "http://bad.example/a/bc",
    "http://bad.example./a/b.", "https://1.2.3.4/gate.php?id=5", "http://root.example", "http://root.example/x",
    "ftp://h.example:8080/ab/c.d", "http://h.example:8080/Ab/c.d,", "http://h.example/Ab/c.d", "http://u.example?q=1&r",
    "D41D8CD98F00B204E9800998ECF8427E", "d41d8cd98f00b204e9800998ecf8427e0", "AA-BB-CC-DD-EE-FF", "aabb.ccdd.eeff",
    "x:aa:bb:cc:dd:ee:ff", "as64500", "64500", "C:\\x\\bad file.exe", "notbad file.exe", "/x/文書.lnk", "新文書.lnk",
    "Mozilla/5.0 (EvilBot 1.2)", "mozilla/5.0 (evilbot 1.2).", "global\\mutex-7", "Global\\Mutex-77", "秘密", "x秘密y",
    "/a/b", "/a/b?x", "?q=1", "bad.example", "h.example:8080", "/Ab/c.d", "", "-", "::ffff:1.2.3.4.5",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:1.2.3.4", "fe80::1%eth0", "..evil.com..", "_evil.com", "evil.com_", "evil..com", ".bad.example/",
)  # fmt: skip
GLUE = (
    " ",
    ",",
    "\t",
    '"',
    "=",
    "(",
    ")",
    "/",
    "|",
    ";",
    "<",
    ">",
    "'",
    "://",
    "@",
    ":",
    ".",
    "-",
    "é",
    "　",
    "[",
    "]",
)


def known() -> Indicators:
    """Return one indicator of each kind and some that are close to each other."""
    made = Indicators()
    for value in VALUES:
        assert made.add("", value), value
    for kind, value in TEXTS:
        assert made.add(kind, value)
    return made


KNOWN = known()
INDEX, INDEX_EXACT = build(KNOWN), build(KNOWN, parents=False)
EVERY = range(len(KNOWN))
Found = set[tuple[int, int, str, str]]


def slow(lines: list[bytes], shape: Shape, *, parents: bool) -> Found:
    """Return row, line, field and value of every hit, each line read field by field for every indicator."""
    return {
        (one.row, k, one.field, one.value)
        for k, line in enumerate(lines)
        for one in seen_in(KNOWN, EVERY, fields_of(line, shape), parents=parents)
    }


def fast(lines: list[bytes], shape: Shape, *, parents: bool) -> Found:
    """Return the same by the scanner."""
    index = INDEX if parents else INDEX_EXACT
    found = candidates(index, scannable(b"\n".join(lines), shape)).found
    return {
        (one.row, k, one.field, one.value)
        for (k, _), rows in found.items()
        for one in seen_in(KNOWN, rows, fields_of(lines[k], shape), parents=parents)
    }


def test_every_indicator_is_found_by_its_own_value() -> None:
    for row in EVERY:
        line = KNOWN.values[row].split("/")[0] if KNOWN.kinds[row] == "net" else KNOWN.values[row]
        line = f"http://{line}" if KNOWN.kinds[row] == "url" else line
        hits = fast([line.encode()], Shape("text"), parents=True)
        assert row in {hit[0] for hit in hits}, line


texts = st.lists(st.sampled_from(PIECES) | st.sampled_from(GLUE) | st.text(max_size=4), max_size=8).map("".join)


@given(st.lists(texts, max_size=6), st.booleans())
def test_text_is_searched_as_it_is_read(lines: list[str], parents: bool) -> None:
    raw = [line.replace("\n", " ").encode("utf-8", "ignore") for line in lines]
    assert fast(raw, Shape("text"), parents=parents) == slow(raw, Shape("text"), parents=parents)


names = st.sampled_from(("host", "uri", "query", "asn", "a", "ts", "message"))


@given(st.lists(st.dictionaries(names, texts | st.lists(texts, max_size=2), max_size=5), max_size=4), st.booleans())
def test_json_is_searched_as_it_is_read(rows: list[dict[str, object]], ascii_only: bool) -> None:
    plain = [json.dumps(row, ensure_ascii=ascii_only).encode("utf-8", "ignore") for row in rows]
    raw = [line.replace(b"/", b"\\/") if ascii_only else line for line in plain]
    assert fast(raw, Shape("json"), parents=True) == slow(raw, Shape("json"), parents=True)


@given(st.lists(st.lists(texts, min_size=3, max_size=3), max_size=4))
def test_columns_are_searched_as_they_are_read(rows: list[list[str]]) -> None:
    shape = Shape("zeek", ("host", "uri", "asn"), "\t")
    cells = [[cell.replace("\n", " ").replace("\t", "\\x09") for cell in row] for row in rows]
    raw = ["\t".join(row).encode("utf-8", "ignore") for row in cells]
    assert fast(raw, shape, parents=True) == slow(raw, shape, parents=True)


@given(st.lists(st.binary(max_size=60) | texts.map(lambda text: text.encode("cp932", "ignore")), max_size=5))
def test_bytes_of_any_kind_are_searched_as_they_are_read(lines: list[bytes]) -> None:
    raw = [line.replace(b"\n", b" ") for line in lines]
    assert fast(raw, Shape("text"), parents=True) == slow(raw, Shape("text"), parents=True)


def test_shift_jis_and_latin_1_lines_are_found() -> None:
    lines = ["宛先 文書.lnk を検出".encode("cp932"), "café evil.com".encode("latin-1"), "秘密".encode("cp932")]
    hits = fast(lines, Shape("text"), parents=True)
    assert {(KNOWN.values[row], line) for row, line, _, _ in hits} == {("文書.lnk", 0), ("evil.com", 1), ("秘密", 2)}


def test_networks_and_addresses_are_the_standard_librarys() -> None:
    rng = random.Random(4)  # noqa: S311  a test
    some = Indicators()
    nets = [f"{rng.getrandbits(32) & 0xFFFF0000:d}" for _ in range(200)]
    made = [ip_network((int(base) + rng.getrandbits(16), rng.randint(9, 32)), strict=False) for base in nets]
    made += [
        ip_network(((0x20010DB8 << 96) + rng.getrandbits(90), rng.randint(33, 128)), strict=False) for _ in range(200)
    ]
    for net in made:
        some.add("", str(net))
    index = build(some)
    for net in made:
        for offset in (0, net.num_addresses // 2, net.num_addresses - 1, net.num_addresses, -1):
            address = type(net.network_address)(int(net.network_address) + offset)
            rows = candidates(index, str(address).encode()).found.get((0, 0), set())
            seen = seen_in(some, rows, [("", str(address))], parents=True)
            expected = {row for row, one in enumerate(made) if one.version == address.version and address in one}
            assert {one.row for one in seen} == expected, address


@pytest.mark.parametrize(
    ("written", "real"),
    [
        ("hxxp://evil[.]example/a", "http://evil.example/a"), ("hXXps[:]//evil(.)example", "https://evil.example"),
        ("bob[@]evil[dot]example", "bob@evil.example"), ("1[.]2[.]3[.]4", "1.2.3.4"), ("evil.example", "evil.example"),
    ],
)  # fmt: skip
def test_what_was_made_harmless_is_undone(written: str, real: str) -> None:
    assert refanged(written) == real


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.2.3.4", ("ipv4", "1.2.3.4")),
        ("1.2.3.4/32", ("ipv4", "1.2.3.4")),
        ("10.1.2.3/8", ("net", "10.0.0.0/8")),
        ("::FFFF:1.2.3.4", ("ipv4", "1.2.3.4")),
        ("2001:DB8::", ("ipv6", "2001:db8::")),
        ("EVIL.Example.", ("domain", "evil.example")),
        ("bücher.example", ("domain", "xn--bcher-kva.example")),
        ("HTTP://U@Evil.Example:80/A", ("url", "evil.example/A")),
        ("evil.example/x", ("url", "evil.example/x")),
        ("A@B.example", ("email", "a@b.example")),
        ("as64500", ("asn", "AS64500")),
        ("AABB.CCDD.EEFF", ("mac", "aa:bb:cc:dd:ee:ff")),
        ("256.1.1.1", None),
        ("no", None),
        ("1.2.3", None),
        ("", None),
    ],
)
def test_the_kind_is_told_by_the_value(value: str, expected: tuple[str, str] | None) -> None:
    assert guessed(value) == expected
    if expected and expected[0] in KINDS:
        assert canonical(expected[0], value) == expected


def test_a_line_with_more_parts_of_urls_than_are_kept_is_told() -> None:
    line = b"http://bad.example/a/c " * 5000
    assert candidates(INDEX, line).crowded
    assert not candidates(INDEX, b"http://bad.example/a/b").crowded
