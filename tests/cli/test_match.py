"""`noroshi match` as people meet it: hits, faults, exit codes, sightings; a hub asked over TAXII."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import zstandard

from noroshi.cli.match import FORMATS as CLI_FORMATS
from noroshi.files.log_lines import FORMATS

Command = Callable[..., "subprocess.CompletedProcess[str]"]
Here = Callable[..., tuple[int, str, str]]
LINES = (
    '{"ts": "2026-11-01T10:00:00Z", "id.resp_h": "1.2.3.4"}',
    '{"ts": "2026-11-02T10:00:00Z", "query": "www.evil.example"}',
    '{"ts": "2026-11-03T10:00:00Z", "query": "good.example", "answers": ["10.9.8.7"]}',
    '{"ts": "2026-11-04T10:00:00Z", "filename": "tool.exe", "total_bytes": 4096}',
    '{"ts": "2026-11-05T10:00:00Z", "id.resp_h": "1.2.3.4"}',
)
IDS = {n: f"indicator--00000000-0000-4000-8000-00000000000{n}" for n in range(1, 7)}
PATTERNS = {
    1: "[ipv4-addr:value = '1.2.3.4']",
    2: "[domain-name:value = 'evil.example']",
    3: "[ipv4-addr:value ISSUBSET '10.9.0.0/16']",
    4: "[file:name = 'tool.exe' AND file:size > 1000]",
    5: "[ipv4-addr:value = '1.2.3.4'] FOLLOWEDBY [file:name LIKE 'tool%'] WITHIN 432000 SECONDS",
    6: "[domain-name:value = 'good.example']",
}


GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"


def bundle() -> dict[str, Any]:
    """Return a bundle: 1 is valid until the 4th only, 6 is revoked."""
    rows = [
        {"type": "indicator", "spec_version": "2.1", "id": IDS[n], "pattern": pattern, "pattern_type": "stix",
         "name": f"n{n}", "valid_from": "2026-10-01T00:00:00Z", "object_marking_refs": [GREEN]}
        for n, pattern in PATTERNS.items()
    ]  # fmt: skip
    rows[0]["valid_until"] = "2026-11-04T00:00:00Z"
    rows[5]["revoked"] = True  # type: ignore[assignment]  # STIX
    return {"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000000", "objects": rows}


@pytest.fixture
def noroshi(command: Here) -> Command:
    """Return a function that runs the command in this process: a process of its own takes two seconds to start."""

    def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environ.items():
                patch.setenv(name, value)
            return subprocess.CompletedProcess(arguments, *command(*arguments))

    return run


@pytest.fixture
def known(tmp_path: Path) -> str:
    """Return a file of indicators."""
    path = tmp_path / "known.json"
    path.write_text(json.dumps(bundle()), encoding="utf-8")
    return str(path)


def hits(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """Return the hits that were printed."""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_formats_are_those_that_are_read() -> None:
    assert tuple(FORMATS) == CLI_FORMATS


@pytest.mark.parametrize("packed", ["plain", "gz", "zst"])
def test_hits_validity_patterns_and_markings(noroshi: Command, tmp_path: Path, known: str, packed: str) -> None:
    data = ("\n".join(LINES) + "\n").encode()
    log = tmp_path / "log"
    log.write_bytes({"plain": data, "gz": gzip.compress(data), "zst": zstandard.compress(data)}[packed])
    done = noroshi("match", "--indicators", known, str(log), "--json")
    assert done.returncode == 0, done.stderr
    found = {(one["line"], one["id"]): one for one in hits(done)}
    assert set(found) == {(1, IDS[1]), (2, IDS[2]), (3, IDS[3]), (4, IDS[4]), (4, IDS[5])}
    first = found[1, IDS[1]]
    assert (first["field"], first["value"], first["name"], first["marking"]) == (
        "id.resp_h",
        "1.2.3.4",
        "n1",
        "TLP:GREEN",
    )
    assert (first["time"], first["valid_until"]) == ("2026-11-01T10:00:00.000Z", "2026-11-04T00:00:00.000Z")
    assert found[4, IDS[5]]["lines"] == [1, 4]
    assert "5 lines read, 5 hits" in done.stderr


def test_people_read_it_in_both_languages(noroshi: Command, tmp_path: Path, known: str) -> None:
    (tmp_path / "log").write_text("\n".join(LINES), encoding="utf-8")
    done = noroshi("match", "--indicators", known, str(tmp_path / "log"), "--lang", "ja")
    assert "読んだ行5" in done.stderr
    assert "www.evil.example" in done.stdout
    (tmp_path / "odd").write_bytes(b"\x1b[2J 1.2.3.4 \x9b2J\n")
    odd = noroshi("match", "--indicators", known, str(tmp_path / "odd"))
    assert "\x1b" not in odd.stdout


def test_csv_zeek_and_syslog_by_their_fields(noroshi: Command, tmp_path: Path) -> None:
    (tmp_path / "list").write_text("1.2.3.4\nhxxp://bad[.]example/a/b\n# remark\nAS64500\n", encoding="utf-8")
    (tmp_path / "a.csv").write_text(
        'time,src,dst,asn\n2026-11-01T00:00:00Z,9.9.9.9,"1.2.3.4",64500\n', encoding="utf-8"
    )
    zeek = "#separator \\x09\n#fields\tts\thost\turi\n1793491200.5\tbad.example\t/a/b?x\n#close\n"
    (tmp_path / "http.log").write_text(zeek, encoding="utf-8")
    (tmp_path / "syslog").write_text("Nov  1 00:00:00 fw kernel: DST=1.2.3.4 PROTO=TCP\n", encoding="utf-8")
    logs = [str(tmp_path / name) for name in ("a.csv", "http.log", "syslog")]
    done = noroshi("match", "--indicators", str(tmp_path / "list"), *logs, "--json")
    seen = [
        (Path(one["file"]).name, one["line"], one["field"], one["indicator"], one["time"][4:10]) for one in hits(done)
    ]
    assert seen == [
        ("a.csv", 2, "dst", "1.2.3.4", "-11-01"), ("a.csv", 2, "asn", "AS64500", "-11-01"),
        ("http.log", 3, "host+uri", "bad.example/a/b", "-11-01"), ("syslog", 1, "", "1.2.3.4", "-11-01"),
    ]  # fmt: skip


def test_broken_logs_are_read_as_far_as_they_go(noroshi: Command, tmp_path: Path, known: str) -> None:
    data = ("\n".join(LINES) + "\n").encode() * 2000
    (tmp_path / "cut.gz").write_bytes(gzip.compress(data)[:-2000])
    (tmp_path / "cut.zst").write_bytes(zstandard.compress(data)[:-20])
    (tmp_path / "rubbish").write_bytes(bytes(range(256)) * 500 + b"\n\xff1.2.3.4\xfe\n")
    (tmp_path / "long").write_bytes(b"x" * 40_000_000 + b"\n1.2.3.4\n")
    logs = [str(tmp_path / name) for name in ("cut.gz", "cut.zst", "rubbish", "long")]
    done = noroshi("match", "--indicators", known, *logs, "--json")
    assert done.returncode == 0, done.stderr
    assert {Path(one["file"]).name for one in hits(done)} >= {"cut.gz", "rubbish", "long"}
    assert [one["line"] for one in hits(done) if one["file"].endswith("long")] == [2]
    assert all(text in done.stderr for text in ("end early", "NUL", "a line longer than"))
    assert "Traceback" not in done.stderr


def test_a_log_that_is_not_there_is_exit_code_2_and_the_others_are_read(
    noroshi: Command, tmp_path: Path, known: str
) -> None:
    (tmp_path / "log").write_text("1.2.3.4\n", encoding="utf-8")
    done = noroshi("match", "--indicators", known, str(tmp_path / "none"), str(tmp_path / "log"), "--json")
    assert done.returncode == 2
    assert len(hits(done)) == 1
    assert "missing-file" in done.stderr


def test_indicators_that_cannot_be_used_are_named(noroshi: Command, tmp_path: Path) -> None:
    (tmp_path / "log").write_text("1.2.3.4\n", encoding="utf-8")
    (tmp_path / "list").write_text("1.2.3.4\nnot a value\n", encoding="utf-8")
    done = noroshi("match", "--indicators", str(tmp_path / "list"), str(tmp_path / "log"), "--json")
    assert (done.returncode, len(hits(done))) == (0, 1)
    assert "list:2: warning bad-indicator" in done.stderr
    (tmp_path / "bad").write_text('{"objects": 5}', encoding="utf-8")
    assert noroshi("match", "--indicators", str(tmp_path / "bad"), str(tmp_path / "log")).returncode == 2
    (tmp_path / "empty").write_text("", encoding="utf-8")
    assert noroshi("match", "--indicators", str(tmp_path / "empty"), str(tmp_path / "log")).returncode == 2


def test_sightings_say_ids_and_counts_and_nothing_of_the_log(noroshi: Command, tmp_path: Path, known: str) -> None:
    (tmp_path / "log").write_text("\n".join(LINES).replace("query", "secret-field"), encoding="utf-8")
    (tmp_path / "wrong").write_text(json.dumps({"id": IDS[3], "reason": "our own network"}), encoding="utf-8")
    arguments = ("match", "--indicators", known, str(tmp_path / "log"), "--json",
                 "--sightings", str(tmp_path / "out.json"),
                 "--false-positives", str(tmp_path / "wrong"))  # fmt: skip
    assert noroshi(*arguments).returncode == 0
    text = (tmp_path / "out.json").read_text(encoding="utf-8")
    objects = json.loads(text)["objects"]
    assert {one["sighting_of_ref"] for one in objects if one["type"] == "sighting"} == {IDS[k] for k in (1, 2, 4, 5)}
    assert [one["object_refs"] for one in objects if one["type"] == "opinion"] == [[IDS[3]]]
    assert not any(secret in text for secret in ("1.2.3.4", "evil", "tool", "secret", str(tmp_path)))
    assert noroshi(*arguments).returncode == 0
    again = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["objects"]
    assert [one["id"] for one in again] == [one["id"] for one in objects]


def test_known_benign_values_are_flagged_or_dropped(noroshi: Command, tmp_path: Path) -> None:
    (tmp_path / "list").write_text("8.8.8.8\n10.0.0.0/8\nevil.example\n", encoding="utf-8")
    (tmp_path / "log").write_text("8.8.8.8\n10.1.1.1\nevil.example\n", encoding="utf-8")
    arguments = ("match", "--indicators", str(tmp_path / "list"), str(tmp_path / "log"), "--json", "--warninglists")
    flagged = hits(noroshi(*arguments, "flag"))
    assert [bool(one["benign"]) for one in flagged] == [True, True, False]
    assert [one["value"] for one in hits(noroshi(*arguments, "drop"))] == ["evil.example"]


class Hub(BaseHTTPRequestHandler):
    """A hub of two pages that asks for a token; a class, since the standard library's server wants one."""

    def do_GET(self) -> None:
        """Answer with a page of the bundle's objects."""
        second = "next=p2" in self.path
        if self.headers.get("Authorization") != "Bearer good":
            self.send_error(401)
            return
        rows = bundle()["objects"]
        body = json.dumps(
            {"more": not second, **({} if second else {"next": "p2"}), "objects": rows[3:] if second else rows[:3]}
        )
        self.send_response(200)
        self.send_header("Content-Type", "application/taxii+json;version=2.1")
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[str]:
    """Return the address of a hub's collection."""
    server = HTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/trust/collections/1/objects/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_hub_is_asked_for_all_its_pages(noroshi: Command, tmp_path: Path, hub: str) -> None:
    (tmp_path / "log").write_text("\n".join(LINES), encoding="utf-8")
    done = noroshi("match", "--indicators", hub, str(tmp_path / "log"), "--json", NOROSHI_TAXII_TOKEN="good")  # noqa: S106
    assert (done.returncode, len(hits(done))) == (0, 5), done.stderr
    refused = noroshi("match", "--indicators", hub, str(tmp_path / "log"))
    assert refused.returncode == 2
    assert "401" in refused.stderr


STARTED = 30
"""Hundredths of a second that a process needs at least until it reads."""


def wait_until_idle(pid: int) -> None:
    """Return once a process has used no processor for two seconds: it waits for input then."""
    used, since = "", time.monotonic()
    while time.monotonic() < since + 2.0:
        now = " ".join(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13])
        if now != used or int(now.split()[0]) < STARTED:
            used, since = now, time.monotonic()
        time.sleep(0.1)


def test_stopped_by_the_user_with_what_was_found(root: Path, known: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "noroshi", "match", "--indicators", known, "-", "--json"], cwd=root, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("1.2.3.4\n")
    process.stdin.flush()
    wait_until_idle(process.pid)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert json.loads(out)["id"] == IDS[1]
    assert "1 lines read, 1 hits" in err
