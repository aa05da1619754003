"""`noroshi admin apply`: makes what is declared, once; every fault of the file at once; secrets are kept as hashes."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.web.taxii_world import DECLARED, PASSWORD

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that applies a declaration to a store in a folder of its own."""
    monkeypatch.setenv("NOROSHI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("NOROSHI_DATABASE", raising=False)

    def call(text: str, *arguments: str) -> tuple[int, str, str]:
        path = tmp_path / "declared.toml"
        path.write_text(text, encoding="utf-8")
        return command("admin", "apply", path, *arguments)

    return call


def test_what_is_declared_is_made_once(run: Run) -> None:
    code, out, err = run(DECLARED, "--json")
    assert code == 0, err
    assert len(json.loads(out)["done"]) == DECLARED.count("[[")
    assert json.loads(run(DECLARED, "--json")[1]) == {"done": []}
    assert "Nothing to do" in run(DECLARED)[1]
    assert "変更なし" in run(DECLARED, "--lang", "ja")[1]


def test_what_differs_is_changed_and_told(run: Run) -> None:
    run(DECLARED)
    changed = DECLARED.replace('sees = "GREEN"', 'sees = "AMBER"').replace(PASSWORD + '"', PASSWORD + 'x"')
    done = json.loads(run(changed, "--json")[1])["done"]
    assert set(done) == {"principal duty: changed", "principal works: changed"}


def test_secrets_are_not_kept(run: Run, tmp_path: Path) -> None:
    run(DECLARED)
    data = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    assert PASSWORD.encode() not in data
    assert b"a-token-that-is-long-enough" not in data
    with sqlite3.connect(tmp_path / "data" / "noroshi.sqlite3") as store:
        (hashed,) = store.execute("SELECT password FROM principal WHERE name = 'duty'").fetchone()
    assert hashed.startswith("$argon2id$")


@pytest.mark.parametrize(("old", "new", "said"), [
    ('kind = "centre"', 'kind = "king"', "kind"),
    (f'password = "{PASSWORD}"\nsees = "RED"', 'sees = "RED"', "password"),
    ('sees = "RED"\ncommunities', 'sees = "PURPLE"\ncommunities', "sees"),
    ('name = "duty"', 'name = "du:ty"', "name"),
    ('principal = "duty"', 'principal = "ghost"', "ghost"),
    ('name = "trust"\ntitle', 'name = "taxii2"\ntitle', "taxii2"),
    ('id = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"', 'id = "not-a-uuid"', "id"),
    ("read = true\nwrite = true", 'read = "yes"\nwrite = true', "read"),
    ('default_marking = "CLEAR"', "default_marking = 5", "default_marking"),
    ("[[api_root]]", "[[api_root", "TOML"),
    ('token = "a-token-that-is-long-enough-for-a-test"', 'token = "short"', "token"),
    ("max_content_length = 2000000", "max_content_length = 5", "max_content_length"),
    ('name = "works"', 'name = "duty"', "duty"),
])  # fmt: skip
def test_every_fault_is_named_and_nothing_is_made(run: Run, tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in DECLARED
    code, out, err = run(DECLARED.replace(old, new, 1))
    assert code == 2
    assert not out
    assert said.lower() in err.lower()
    assert "Traceback" not in err
    assert PASSWORD not in err
    store = tmp_path / "data" / "noroshi.sqlite3"
    if store.exists():
        with sqlite3.connect(store) as opened:
            assert opened.execute("SELECT count(*) FROM principal").fetchone() == (0,)


def test_several_faults_come_together(run: Run) -> None:
    code, _, err = run(DECLARED.replace('kind = "centre"', 'kind = "king"').replace('sees = "GREEN"', 'sees = "BLUE"'))
    assert code == 2
    assert "king" in err
    assert "BLUE" in err


def test_a_database_that_is_none_of_ours_is_named(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    other.write_bytes(b"this is not a database at all, but text" * 100)
    monkeypatch.setenv("NOROSHI_DATABASE", f"sqlite:///{other}")
    code, _, err = run(DECLARED)
    assert code == 2
    assert "other.sqlite3" in err
    monkeypatch.setenv("NOROSHI_DATABASE", "oracle://x")
    assert run(DECLARED)[0] == 2


def test_the_hub_s_key_is_its_own(tmp_path: Path) -> None:
    from noroshi.desk.cursors import hub_key

    key = hub_key(tmp_path / "data")
    assert len(key) == 32
    assert hub_key(tmp_path / "data") == key
    assert stat.S_IMODE((tmp_path / "data" / "hub.key").stat().st_mode) == 0o600
