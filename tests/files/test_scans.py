"""Scans as the tools write them: what is read of each; and files that are broken in every way are refused by name."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from noroshi.errors import InputError
from noroshi.files.scans import FORMATS, KINDS, Read, read_scan
from noroshi.files.scans.cpe import product_of
from noroshi.files.scans.nmap import ports

SCANS = Path(__file__).parent / "scans"
SAMPLES = {
    "nmap": "nmap-database.xml", "sslyze": "sslyze-good.json", "trivy": "trivy-overdue.json", "nuclei": "nuclei.jsonl",
    "checkdmarc": "checkdmarc-two.json", "scorecard": "scorecard-good.json", "kev": "kev.json", "cpe": "cpes.csv",
}  # fmt: skip
JSON_KINDS = sorted(FORMATS)


def signs(name: str) -> dict[str, set[str]]:
    """Which signs were seen on which asset of a sample."""
    scan = read_scan(SCANS / name).scan
    assert scan is not None
    return {asset: {s.sign for s in scan.seen if s.asset == asset} for asset in scan.assets}


def text_of(kind: str) -> str:
    return (SCANS / SAMPLES[kind]).read_text(encoding="utf-8")


def refused(folder: Path, data: bytes, kind: str | None = None) -> str:
    """Return the fault by which a file with these bytes is refused."""
    path = folder / "scan.x"
    path.write_bytes(data)
    with pytest.raises(InputError) as raised:
        read_scan(path, kind)
    assert "scan.x" in str(raised.value)
    return str(raised.value)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("nmap-database.xml", {"127.0.0.1": {"exposed-core"}}),
        ("nmap-management.xml", {"127.0.0.1": {"management-open"}}),
        ("nmap-clean.xml", {"127.0.0.1": set()}),
        ("nmap-narrow.xml", {"127.0.0.1": {"ports-left-out"}}),
        ("sslyze-good.json", {"localhost:24443": set()}),
        ("sslyze-old.json", {"localhost:24444": {"tls-old", "tls-weak", "tls-not-best"}}),
        ("sslyze-expired.json", {"localhost:24445": {"tls-broken"}}),
        ("sslyze-partly.json", {"localhost:24443": {"tls-not-asked"}}),
        ("sslyze-unreached.json", {}),
        ("checkdmarc-reject.json", {"good.example.test": set()}),
        ("checkdmarc-two.json", {"good.example.test": set(), "none.example.test": {"mail-none"}}),
        ("checkdmarc-timeout.json", {}),
        ("checkdmarc-bare.json", {"bare.example.test": {"mail-open"}}),
        ("trivy-overdue.json", {"records-server": {"overdue-few"}}),
        ("trivy-clean.json", {"records-server": set()}),
        ("trivy-unlisted.json", {"records-server": {"overdue-unmeasured"}}),
        ("nuclei.jsonl", {"portal.example.test": {"panel-found", "exploited-undated"}, "www.example.test": set()}),
        ("nuclei-list.json", {"portal.example.test": {"factory-password"}, "192.0.2.20": {"exposed-core"}}),
        ("nuclei-harmless.jsonl", {"portal.example.test": set()}),
        ("scorecard-good.json", {"example.test/billing/portal": set()}),
        ("scorecard-unreviewed.json", {"example.test/billing/portal": {"unreviewed", "build-unchecked"}}),
        ("scorecard-unpinned.json", {"example.test/billing/portal": {"build-unchecked"}}),
    ],
)
def test_what_is_seen_in_a_scan(name: str, seen: dict[str, set[str]]) -> None:
    assert signs(name) == seen


@pytest.mark.parametrize(
    ("kind", "version", "day"),
    [("nmap", "7.93", "2026-11-22"), ("sslyze", "6.3.1", "2026-11-22"), ("trivy", "0.69.1", "2026-11-20"),
     ("nuclei", "?", "2026-11-19"), ("checkdmarc", "?", None), ("scorecard", "v5.2.1", "2026-11-18")],
)  # fmt: skip
def test_tool_version_and_date_are_the_scans_own(kind: str, version: str, day: str | None) -> None:
    found = read_scan(SCANS / SAMPLES[kind])
    assert found.scan is not None
    expected = (kind, version, None if day is None else date.fromisoformat(day), SAMPLES[kind])
    assert (found.scan.tool, found.scan.version, found.scan.day, found.scan.file) == expected


def test_products_and_the_catalogue_of_what_is_exploited() -> None:
    assert [p.product for p in read_scan(SCANS / "nmap-database.xml").products] == ["redis"]
    assert [(p.asset, p.vendor) for p in read_scan(SCANS / "cpes.csv").products] == [
        ("vpn-1", "example"), ("web-1", "other:maker"),
    ]  # fmt: skip
    assert len(read_scan(SCANS / "cpes-clean.txt").products) == 2
    kev = read_scan(SCANS / "kev.json").kev
    assert kev is not None
    assert (kev.version, kev.released, len(kev.rows)) == ("2026.11.15", date(2026, 11, 15), 4)


def test_every_sample_is_known_by_its_content_alone() -> None:
    assert set(SAMPLES) == set(KINDS)
    assert {kind: read_scan(SCANS / name).kind for kind, name in SAMPLES.items()} == {kind: kind for kind in SAMPLES}


def test_a_host_of_which_no_port_answers_may_not_be_there(tmp_path: Path) -> None:
    """As `nmap -Pn` writes it of an address that nobody has."""
    text = text_of("nmap").replace('reason="localhost-response"', 'reason="user-set"')
    text = text.replace('state="closed"', 'state="filtered"').replace('state="open"', 'state="filtered"')
    (tmp_path / "a.xml").write_text(text, encoding="utf-8")
    found = read_scan(tmp_path / "a.xml").scan
    assert found is not None
    assert found.assets == ()


def test_one_image_scanned_in_two_parts_has_the_same_share(tmp_path: Path) -> None:
    """A component that two parts share counts once, so that listing it ten times does not dilute what is overdue."""
    value = json.loads(text_of("trivy"))
    value["Results"] += [{**value["Results"][0], "Target": f"copy {k}", "Vulnerabilities": None} for k in range(10)]
    (tmp_path / "a.json").write_text(json.dumps(value), encoding="utf-8")
    again = read_scan(tmp_path / "a.json").scan
    former = read_scan(SCANS / "trivy-overdue.json").scan
    assert again is not None
    assert former is not None
    assert again.seen == former.seen
    assert "2 of 20 components" in former.seen[0].detail


def test_ports_and_cpe_names() -> None:
    assert ports("f", "1-3,22") == {1, 2, 3, 22}
    assert product_of("f", "a", "cpe:/o:linux:linux_kernel:6", None).part == "o"
    for bad in ("", "cpe:2.3:a:b:c", "cpe:2.3:x:a:b:c:*:*:*:*:*:*:*", "cpe:/a", "b:c"):
        with pytest.raises(InputError):
            product_of("f", "a", bad, 3)


def test_what_would_steer_a_terminal_is_taken_out(tmp_path: Path) -> None:
    line = json.loads(text_of("nuclei").splitlines()[0])
    line["host"] = line["matched-at"] = "\x1b[2Jhost\ud800" + "x" * 999
    (tmp_path / "a.jsonl").write_text(json.dumps(line), encoding="utf-8")
    found = read_scan(tmp_path / "a.jsonl").scan
    assert found is not None
    assert found.assets[0].isprintable()
    assert len(found.assets[0]) <= 200


# ---- broken files


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("asked", [False, True])
def test_broken_bytes_are_refused(tmp_path: Path, kind: str, asked: bool) -> None:
    text, told = text_of(kind), kind if asked else None
    assert "bad-scan" in refused(tmp_path, b"", told)
    assert "bad-scan" in refused(tmp_path, b" \n\t", told)
    assert "bad-encoding" in refused(tmp_path, text.encode("utf-16"), told)
    assert "bad-encoding" in refused(tmp_path, b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)), told)
    assert "bad-encoding" in refused(tmp_path, text.encode() + b"\0\0\0", told)
    if kind != "cpe":  # a list that ends early is a shorter list
        assert "error bad-" in refused(tmp_path, text[: len(text) // 2].encode(), told)
        assert "error bad-" in refused(tmp_path, b"[" * 200_000, told)
    with pytest.raises(InputError, match="missing-file"):
        read_scan(tmp_path, told)


@pytest.mark.parametrize("kind", JSON_KINDS)
def test_json_of_another_tool_or_of_none_is_refused(tmp_path: Path, kind: str) -> None:
    other = next(name for name in JSON_KINDS if name != kind)
    assert f"output of {other}" in refused(tmp_path, text_of(other).encode(), kind)
    values: tuple[Any, ...] = (3, "x", None, [3], {"a": 1}, [[{}]], {"results": []})
    for value in values:
        assert "bad-scan" in refused(tmp_path, json.dumps(value).encode())
        assert "bad-" in refused(tmp_path, json.dumps(value).encode(), kind)
    assert "bad-json" in refused(tmp_path, b'{"a": NaN}', kind)
    assert "bad-json" in refused(tmp_path, b'{"a": ' + b"9" * 5000 + b"}", kind)


@pytest.mark.parametrize(
    ("kind", "path", "value", "place"),
    [
        ("sslyze", ("server_scan_results", 0, "server_location", "port"), "x", "[0].server_location.port"),
        ("sslyze", ("server_scan_results",), {}, "server_scan_results"),
        ("sslyze", ("date_scans_completed",), "yesterday", "date_scans_completed"),
        ("trivy", ("Results", 0, "Vulnerabilities", 1, "PkgName"), 7, "Results[0].Vulnerabilities[1].PkgName"),
        ("trivy", ("Results", 0, "Vulnerabilities", 0, "PublishedDate"), "soon", "Vulnerabilities[0].PublishedDate"),
        ("trivy", ("CreatedAt",), 3, "CreatedAt"),
        ("nuclei", (1, "info"), [], "[1].info"),
        ("nuclei", (2, "timestamp"), "noon", "[2].timestamp"),
        ("nuclei", (0, "info", "tags"), 3, "[0].info.tags"),
        ("checkdmarc", (1, "spf", "valid"), "yes", "[1].spf.valid"),
        ("checkdmarc", (0, "dmarc"), None, "[0].dmarc"),
        ("scorecard", ("checks", 0, "score"), 99, "Code-Review"),
        ("scorecard", ("date",), "2026/11/01", "date"),
        ("scorecard", ("repo",), "x", "repo"),
        ("kev", ("vulnerabilities", 2, "dateAdded"), "", "vulnerabilities[2].dateAdded"),
        ("kev", ("vulnerabilities", 0, "product"), None, "vulnerabilities[0].product"),
        ("kev", ("dateReleased",), 2026, "dateReleased"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_by_its_place(
    tmp_path: Path, kind: str, path: tuple[str | int, ...], value: object, place: str
) -> None:
    whole: Any = (
        [json.loads(line) for line in text_of(kind).splitlines()] if kind == "nuclei" else json.loads(text_of(kind))
    )
    at = whole
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    assert place in refused(tmp_path, json.dumps(whole).encode())


XML = '<?xml version="1.0"?>{type}<nmaprun version="7">{body}<finished exit="success" time="1"/></nmaprun>'
TWO = '<!DOCTYPE nmaprun [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
MINUS = '<host><ports><port protocol="tcp" portid="-1"/></ports></host>'


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (XML.format(type=TWO, body="&b;"), "bad-xml", "declarations"),
        (XML.format(type='<!DOCTYPE nmaprun [<!ENTITY x SYSTEM "file:///etc/hostname">]>', body="&x;"), "bad-xml", ""),
        (XML.format(type='<!DOCTYPE nmaprun SYSTEM "http://192.0.2.1/x.dtd">', body="&x;"), "bad-xml", ""),
        (XML.format(type='<!DOCTYPE nmaprun [<!ENTITY % p SYSTEM "x"> %p;]>', body=""), "bad-xml", ""),
        (XML.format(type="", body="<a>" * 999 + "</a>" * 999), "bad-xml", "at most 64"),
        (XML.format(type="", body="<host></nmaprun>"), "bad-xml", "mismatched"),
        (XML.format(type="", body="").replace('exit="success"', 'exit="error"'), "bad-scan", "did not end"),
        (XML.format(type="", body="").replace("<finished", "<other"), "bad-scan", "did not end"),
        (XML.format(type="", body='<scaninfo protocol="tcp" services="1-99999"/>'), "bad-scan", "scaninfo.services"),
        (XML.format(type="", body=MINUS), "bad-scan", "portid"),
        (XML.format(type="", body="").replace('time="1"', 'time="now"'), "bad-scan", "finished.time"),
        ("<html><body>404</body></html>", "bad-scan", "<html>"),
    ],
)  # fmt: skip
def test_xml_that_is_no_scan_or_an_attack(tmp_path: Path, text: str, code: str, words: str) -> None:
    said = refused(tmp_path, text.encode())
    assert code in said
    assert words in said


def test_a_form_is_no_scan_and_is_told_apart(tmp_path: Path) -> None:
    (tmp_path / "answers.xlsx").write_bytes(b"PK")
    with pytest.raises(InputError, match="rate export FORM"):
        read_scan(tmp_path / "answers.xlsx")


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    with (tmp_path / "big.json").open("wb") as file:
        file.truncate(50_000_001)
    with pytest.raises(InputError, match="too-many"):
        read_scan(tmp_path / "big.json")


@st.composite
def spoilt(draw: Any) -> tuple[str, str]:
    """A sample in which one value, anywhere, is something else."""
    kind = draw(st.sampled_from(JSON_KINDS))
    text = text_of(kind)
    whole: Any = copy.deepcopy([json.loads(x) for x in text.splitlines()] if kind == "nuclei" else json.loads(text))
    at, key = whole, draw(st.sampled_from(list(whole) if isinstance(whole, dict) else list(range(len(whole)))))
    while isinstance(at[key], (dict, list)) and at[key] and draw(st.integers(0, 4)):
        at = at[key]
        key = draw(st.sampled_from(list(at) if isinstance(at, dict) else list(range(len(at)))))
    odd: tuple[Any, ...] = ([], {}, [[1]], "2026-13-01", "9999-12-31T23:59:59-23:00", "\ud800", "\x1b[2J")
    junk = st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), *map(st.just, odd)
    )  # fmt: skip
    at[key] = draw(junk)
    return kind, json.dumps(whole)


@given_settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spoilt())
def test_a_spoilt_file_is_read_or_refused_but_never_crashes(tmp_path: Path, case: tuple[str, str]) -> None:
    path = tmp_path / "spoilt.json"
    path.write_text(case[1], encoding="utf-8")
    try:
        found = read_scan(path, case[0])
    except InputError as error:
        assert error.faults[0].file.endswith("spoilt.json")  # noqa: PT017  either end is right
    else:
        assert isinstance(found, Read)
