"""`noroshi rate import`: from files of scanners to the chance of passing; nothing stored where anything is at fault."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Command

from noroshi.cli.rate_import import KINDS
from noroshi.desk.importing import import_scans
from noroshi.files.scans import KINDS as READ_KINDS

Run = Callable[..., tuple[int, str, str]]
SCANS = Path(__file__).parent.parent / "files" / "scans"
EMPTY: dict[str, Any] = {"organisation": "hospital-1", "sector": "medical", "as_of": "2026-11-22", "answers": []}
CATALOGUE_ITEMS = 26


@pytest.fixture
def run(command: Command, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `noroshi rate ...` here and returns exit code, output and errors."""
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str | Path, lang: str = "en") -> tuple[int, str, str]:
        return command("--lang", lang, "rate", *arguments)

    return call


@pytest.fixture
def into(tmp_path: Path) -> Path:
    return held(tmp_path, EMPTY["answers"])


def held(folder: Path, answers: list[dict[str, Any]], name: str = "answers.json") -> Path:
    path = folder / name
    path.write_text(json.dumps({**EMPTY, "answers": answers}), encoding="utf-8")
    return path


def rows(path: Path) -> dict[str, dict[str, Any]]:
    return {row["item"]: row for row in json.loads(path.read_text(encoding="utf-8"))["answers"]}


def answer(item: str, level: float, grade: str) -> dict[str, Any]:
    return {"item": item, "level": level, "grade": grade, "date": "2026-11-20"}


def passing(run: Run, path: Path) -> float:
    """The chance of passing, as `noroshi rate score` gives it."""
    return float(json.loads(run("score", path, "--json")[1])["p_pass"])


def most(grade: str, but: str) -> list[dict[str, Any]]:
    """Answers on every question but one, high enough that the one decides."""
    from noroshi.files.catalogues import load_catalogue

    found = [answer(item.id, 0.78, grade) for item in load_catalogue().items if item.id != but]
    assert len(found) == CATALOGUE_ITEMS - 1
    return found


def test_the_formats_of_the_command_are_those_that_can_be_read() -> None:
    assert sorted(KINDS) == sorted(READ_KINDS)


def test_the_json_says_what_was_seen_and_what_was_added(run: Run, into: Path) -> None:
    code, out, err = run("import", SCANS / "nmap-database.xml", SCANS / "sslyze-good.json", "--into", into, "--json")
    assert (code, err) == (0, "")
    done = json.loads(out)
    assert done["written"] is True
    assert [scan["tool"] for scan in done["scans"]] == ["nmap", "sslyze"]
    assert done["answers"] == [
        {"item": "exposed-services", "level": 0.0, "grade": "measured", "date": "2026-11-22", "change": "added",
         "source": "nmap 7.93: nmap-database.xml; assets: 1; 6379/tcp open, database (127.0.0.1)"},
        {"item": "tls", "level": 0.67, "grade": "measured", "date": "2026-11-22", "change": "added", "up_to": 1.0,
         "source": "sslyze 6.3.1: sslyze-good.json; assets: 1; nothing found"},
    ]  # fmt: skip
    items = {row["id"]: row for row in json.loads(run("score", into, "--json")[1])["items"]}
    assert (items["tls"]["evidence"], items["tls"]["age_days"]) == ("measured", 0)


@pytest.mark.parametrize(
    ("scans", "options", "expected"),
    [
        (["nmap-clean.xml"], [], {"exposed-services": (0.33, 1.0)}),
        (["nmap-management.xml"], [], {"exposed-services": (0.33, None)}),
        (["nmap-narrow.xml"], [], {}),
        (["checkdmarc-timeout.json"], [], {}),
        (["nmap-clean.xml"], ["--inside"], {}),
        (["sslyze-old.json"], [], {"tls": (0.33, None)}),
        (["sslyze-good.json", "sslyze-expired.json"], [], {"tls": (0.0, None)}),
        (["sslyze-partly.json"], [], {}),
        (["sslyze-unreached.json"], [], {}),
        (["checkdmarc-reject.json"], ["--date", "2026-11-20"], {"email-authentication": (0.25, 1.0)}),
        (["checkdmarc-two.json"], ["--date", "2026-11-20"], {"email-authentication": (0.25, 0.5)}),
        (["trivy-overdue.json"], [], {"internal-patching": (0.25, 0.5)}),
        (["trivy-overdue.json", "trivy-clean.json"], [], {"internal-patching": (0.25, 0.5)}),
        (["trivy-unlisted.json"], [], {"internal-patching": (0.0, None)}),
        (["nuclei.jsonl"], [], {"exposed-services": (0.0, 0.33), "exposed-patching": (0.0, 0.75)}),
        (["nuclei.jsonl"], ["--kev", "kev.json"], {"exposed-services": (0.0, 0.33), "exposed-patching": (0.0, 0.25)}),
        (["nuclei-list.json"], [], {"exposed-services": (0.0, None), "hardening": (0.0, None)}),
        (["scorecard-good.json"], [], {"software-supply": (0.33, 1.0)}),
        (["scorecard-unpinned.json"], [], {"software-supply": (0.33, None)}),
        (["scorecard-unreviewed.json"], [], {"software-supply": (0.0, None)}),
        (["nmap-database.xml", "kev.json"], [], {"exposed-services": (0.0, None), "exposed-patching": (0.0, 0.75)}),
        (["cpes.csv"], ["--kev", "kev.json", "--date", "2026-11-20"], {"exposed-patching": (0.0, 0.75)}),
        (["cpes.csv"], ["--kev", "kev.json", "--date", "2026-11-20", "--inside"], {"internal-patching": (0.0, 0.75)}),
        (["cpes-clean.txt"], ["--kev", "kev.json", "--date", "2026-11-20"], {"exposed-patching": (0.25, 1.0)}),
        (["cpes-clean.txt"], ["--kev", "kev.json", "--date", "2027-01-20"], {}),
    ],
)  # fmt: skip
def test_what_each_scan_is_worth(
    run: Run, into: Path, scans: list[str], options: list[str], expected: dict[str, tuple[float, float | None]]
) -> None:
    before = into.read_bytes()
    given = [str(SCANS / one) if one.endswith((".json", ".xml")) else one for one in options]
    code, out, _ = run("import", *(SCANS / name for name in scans), "--into", into, *given, "--json")
    assert code == 0
    assert {item: (row["level"], row.get("up_to")) for item, row in rows(into).items()} == expected
    assert json.loads(out)["written"] is bool(expected)
    assert expected or (into.read_bytes() == before and json.loads(out)["silent"])


def test_the_same_scan_twice_changes_nothing_and_a_worse_one_of_the_day_lowers(run: Run, into: Path) -> None:
    run("import", SCANS / "nmap-clean.xml", "--into", into)
    once = into.read_bytes()
    done = json.loads(run("import", SCANS / "nmap-clean.xml", SCANS / "nmap-clean.xml", "--into", into, "--json")[1])
    assert (done["written"], done["answers"][0]["change"]) == (False, "known")
    assert into.read_bytes() == once
    done = json.loads(run("import", SCANS / "nmap-database.xml", "--into", into, "--json")[1])
    assert done["answers"][0]["change"] == "lowered"
    assert Path(done["kept"]).read_bytes() == once
    lowered = into.read_bytes()
    run("import", SCANS / "nmap-clean.xml", "--into", into)  # the good one again does not raise it
    assert into.read_bytes() == lowered
    assert len(json.loads(lowered)["answers"]) == 1


def test_a_scans_own_date_is_the_one_that_counts(run: Run, into: Path) -> None:
    scans = (SCANS / "nmap-clean.xml", SCANS / "checkdmarc-reject.json")
    assert run("import", *scans, "--into", into, "--date", "2026-10-01")[0] == 0
    found = {item: row["date"] for item, row in rows(into).items()}
    assert found == {"exposed-services": "2026-11-22", "email-authentication": "2026-10-01"}


def test_a_new_file_needs_an_organisation(run: Run, tmp_path: Path) -> None:
    new = tmp_path / "new.json"
    code, _, err = run("import", SCANS / "nmap-clean.xml", "--into", new)
    assert (code, new.exists()) == (2, False)
    assert "--organisation" in err
    assert run("import", SCANS / "nmap-clean.xml", "--into", new, "--organisation", "x")[0] == 2
    code, _, _ = run("import", SCANS / "nmap-clean.xml", "--into", new, "--organisation", "x", "--sector", "medical")
    assert code == 0
    assert json.loads(new.read_text())["as_of"] == "2026-11-22"
    assert not new.with_name("new.json.bak").exists()


def test_the_files_own_words_stay_and_its_date_moves_on(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({**EMPTY, "as_of": "2026-06-01", "note": "注記"}), encoding="utf-8")
    path.chmod(0o640)
    done = json.loads(run("import", SCANS / "nmap-clean.xml", "--into", path, "--json")[1])
    assert (done["as_of"], done["as_of_before"]) == ("2026-11-22", "2026-06-01")
    assert "注記" in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_dry_run_writes_nothing(run: Run, into: Path) -> None:
    before = into.read_bytes()
    assert json.loads(run("import", SCANS / "nmap-clean.xml", "--into", into, "--dry-run", "--json")[1])["answers"]
    assert into.read_bytes() == before
    assert sorted(p.name for p in into.parent.iterdir()) == ["answers.json"]


def test_a_bad_file_among_good_ones_stores_nothing_and_all_faults_are_told(run: Run, into: Path) -> None:
    before = into.read_bytes()
    bad = [into.parent / name for name in ("cut.xml", "other.json")]
    bad[0].write_bytes((SCANS / "nmap-clean.xml").read_bytes()[:900])
    bad[1].write_text('{"something": "else"}')
    code, out, err = run("import", SCANS / "sslyze-good.json", *bad, SCANS / "nothing.xml", "--into", into)
    assert (code, out) == (2, "")
    assert all(word in err for word in ("cut.xml", "bad-xml", "other.json", "bad-scan", "nothing.xml", "missing-file"))
    assert "Traceback" not in err
    assert into.read_bytes() == before
    assert not into.with_name("answers.json.bak").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["checkdmarc-reject.json"], "--date"),
        (["cpes.csv"], "--kev"),
        (["cpes.csv", "--kev", str(SCANS / "kev.json")], "--date"),
        (["nmap-clean.xml", "--kind", "trivy"], "bad-scan"),
        (["nmap-clean.xml", "--kev", str(SCANS / "trivy-clean.json")], "output of trivy"),
        (["nmap-clean.xml", "--date", "yesterday"], "--date"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_named(run: Run, into: Path, arguments: list[str], words: str) -> None:
    before = into.read_bytes()
    code, _, err = run("import", SCANS / arguments[0], *arguments[1:], "--into", into)
    assert code == 2
    assert words in err
    assert into.read_bytes() == before


def test_an_answers_file_that_is_none_is_refused_and_left_alone(run: Run, tmp_path: Path) -> None:
    for name, text in (("a.json", "[]"), ("b.json", "{"), ("c.xlsx", "x"), ("d.csv", "item,level")):
        (tmp_path / name).write_text(text)
        assert run("import", SCANS / "nmap-clean.xml", "--into", tmp_path / name)[0] == 2
        assert (tmp_path / name).read_text() == text
    assert run("import", SCANS / "nmap-clean.xml", "--into", tmp_path / "none" / "a.json")[0] == 2


@pytest.mark.parametrize(("lang", "words"), [
    ("en", ("Measured answers", "No answer from", "cannot see", "Written", "To undo")),
    ("ja", ("実測の回答", "回答にならないもの", "見えないもの", "書き込み済み", "元に戻す")),
])  # fmt: skip
def test_what_people_read_fits_80_columns(run: Run, into: Path, lang: str, words: tuple[str, ...]) -> None:
    from rich.cells import cell_len

    scans = [
        SCANS / name for name in ("nmap-clean.xml", "nuclei-harmless.jsonl", "trivy-overdue.json", "cpes-clean.txt")
    ]
    extra = ("--kev", SCANS / "kev.json", "--date", "2026-12-20")
    code, out, _ = run("import", *scans, SCANS / "sslyze-unreached.json", "--into", into, *extra, lang=lang)
    assert code == 0
    text = out.replace(str(into.parent), "")
    assert all(word in text for word in words)
    assert max(cell_len(line) for line in out.splitlines() if str(into.parent) not in line) <= 80


# ---- the opposite of gaming, from files to the chance of passing


def with_scans(run: Run, folder: Path, name: str, answers: list[dict[str, Any]], scans: list[Path]) -> float:
    path = held(folder, answers, name)
    if scans:
        assert run("import", *scans, "--into", path)[0] == 0
    return passing(run, path)


def test_deleting_a_bad_scan_gains_nothing(run: Run, tmp_path: Path) -> None:
    claims = [*most("measured", "exposed-services"), answer("exposed-services", 1.0, "self")]
    bad = with_scans(run, tmp_path, "a.json", claims, [SCANS / "nmap-database.xml"])
    assert 0.0 < with_scans(run, tmp_path, "b.json", claims, []) <= bad < 1.0


def test_deleting_a_bad_scan_gains_nothing_where_a_document_says_the_opposite(run: Run, tmp_path: Path) -> None:
    good = [*most("measured", "exposed-services"), answer("exposed-services", 1.0, "document")]
    without = with_scans(run, tmp_path, "a.json", good, [])
    clean = with_scans(run, tmp_path, "b.json", good, [SCANS / "nmap-clean.xml"])
    bad = with_scans(run, tmp_path, "c.json", good, [SCANS / "nmap-database.xml"])
    assert without <= bad < clean


def test_one_host_split_in_ten_doubled_or_a_clean_one_left_out_gains_nothing(run: Run, tmp_path: Path) -> None:
    text = (SCANS / "nmap-database.xml").read_text(encoding="utf-8")
    clean = text.replace('portid="6379"><state state="open"', 'portid="6379"><state state="closed"')
    head, host, tail = (
        text[: text.index("<host ")],
        text[text.index("<host ") : text.index("<runstats")],
        text[text.index("<runstats") :],
    )
    good = clean[clean.index("<host ") : clean.index("<runstats")]
    hosts = [(good if k else host).replace("127.0.0.1", f"192.0.2.{k + 1}") for k in range(10)]
    files = {"split": [head + "".join(hosts) + tail], "files": [head + one + tail for one in hosts],
             "double": [text, text, head + host + host + tail], "alone": [text]}  # fmt: skip
    known = most("measured", "exposed-services")
    chances = {}
    for name, parts in files.items():
        paths = [tmp_path / f"{name}-{k}.xml" for k in range(len(parts))]
        for path, part in zip(paths, parts, strict=True):
            path.write_text(part, encoding="utf-8")
        chances[name] = with_scans(run, tmp_path, f"{name}.json", known, paths)
        written = rows(tmp_path / f"{name}.json")["exposed-services"]
        assert (written["level"], written.get("up_to")) == (0.0, None)
    assert len(set(chances.values())) == 1


# ---- the file is whole, whatever happens

WRITER = """
import os, resource, signal, sys
from pathlib import Path
from noroshi.files.saving import save_whole

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def after(former):
    return lambda *a: (former(*a), die())

when, path = sys.argv[1:]
if when == "writing":  # the kernel ends the process in the middle of a write
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
elif when == "on the disk":
    os.fsync = die
elif when == "renaming":
    Path.replace = die
elif when == "renamed":
    Path.replace = after(Path.replace)
save_whole(path, b"B" * 200_000, keep=False)
"""


@pytest.mark.parametrize(
    ("when", "left"), [("writing", b"A"), ("on the disk", b"A"), ("renaming", b"A"), ("renamed", b"B"), ("never", b"B")]
)
def test_killed_in_the_middle_it_is_the_former_file_or_the_new_one(tmp_path: Path, when: str, left: bytes) -> None:
    path = tmp_path / "answers.json"
    path.write_bytes(b"A" * 150_000)
    done = subprocess.run([sys.executable, "-c", WRITER, when, str(path)], check=False)
    assert (done.returncode == 0) is (when == "never")
    assert path.read_bytes() == left * {b"A": 150_000, b"B": 200_000}[left]


def test_the_former_file_is_kept_and_no_parts_are_left(run: Run, into: Path) -> None:
    run("import", SCANS / "nmap-clean.xml", "--into", into)
    kept = into.with_name("answers.json.bak")
    assert json.loads(kept.read_text()) == EMPTY
    assert sorted(p.name for p in into.parent.iterdir()) == ["answers.json", "answers.json.bak"]


def test_where_nothing_can_be_written_the_former_file_stays(into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = into.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    from noroshi.errors import InputError

    with pytest.raises(InputError, match="No space left"):
        import_scans([SCANS / "nmap-clean.xml"], into, day=date(2026, 11, 1))
    assert into.read_bytes() == before
    assert [p.name for p in into.parent.iterdir()] == ["answers.json"]
