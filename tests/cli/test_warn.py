"""`noroshi warn`: the page on how to warn runs as it stands, and what goes wrong is said."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.desk.warned import Inbox, smtp

TOML = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONSOLE = re.compile(r"^\$ noroshi (.*)$", re.MULTILINE)


@pytest.fixture
def inbox(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """A mail server, and the files of the page in the current folder."""
    page = (root / "docs" / "howto" / "warn.md").read_text(encoding="utf-8")
    for name, text in zip(("hub.toml", "warning.toml"), TOML.findall(page), strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = Inbox()
    with smtp(found) as port:
        for name, value in (("DATA", str(tmp_path / "data")), ("SMTP", f"smtp://127.0.0.1:{port}"),
                            ("MAIL_FROM", "hub@example.jp"), ("ADDRESS", "https://hub.example")):  # fmt: skip
            monkeypatch.setenv(f"NOROSHI_{name}", value)
        monkeypatch.delenv("NOROSHI_DATABASE", raising=False)
        yield found


def written(command: Command) -> str:
    """Declare the page's hub and write its warning; return its id."""
    assert command("admin", "apply", "hub.toml")[0] == 0
    code, out, _ = command("warn", "write", "warning.toml", "--as", "duty", "--json")
    assert code == 0
    uid: str = json.loads(out)["warning"]
    return uid


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_runs_as_it_stands(command: Command, inbox: Inbox, root: Path, lang: str) -> None:
    page = (root / "docs" / "howto" / "warn.md").read_text(encoding="utf-8")
    uid, printed = "", {}
    runs = "".join(re.split(r"^<!-- not run[^\n]*\n```console\n.*?^```$", page, flags=re.MULTILINE | re.DOTALL))
    for line in CONSOLE.findall(runs):
        words = shlex.split(line.replace("$WARNING", uid))
        code, out, err = command("--lang", lang, *words)
        assert code == 0, f"{line}\n{err}"
        printed[" ".join(words[:2])] = out
        if words[1] == "write":
            uid = out.split(":")[0]
    assert "wells" in printed["warn propose"]
    assert ("may not see its TLP" if lang == "en" else "TLPにより閲覧不可") in printed["warn propose"]
    assert "asanagi-grid → vendor-umineko" in printed["warn propose"]
    assert "soc@" not in printed["warn coverage"]
    assert printed["warn receipt"].strip() == {"en": "acted", "ja": "対処済み"}[lang]
    assert [mail["To"] for mail in inbox.mails] == ["soc@asanagi-grid.example"] * 3
    assert [mail["Subject"].split()[1] for mail in inbox.mails] == ["警告", "警告(訂正)", "警告(撤回)"]
    assert printed["warn erase"].strip().endswith("asanagi")
    assert command("warn", "list", "--as", "duty")[1].strip() == {"en": "No warnings.", "ja": "警告はない。"}["en"]


def test_a_choice_that_the_marking_forbids_is_refused_with_its_reason(command: Command, inbox: Inbox) -> None:
    uid = written(command)
    code, _, err = command("warn", "send", uid, "--as", "duty", "--to", "asanagi", "--to", "wells")
    assert code == 2
    assert "nothing was sent: wells may not see its TLP" in err
    assert inbox.mails == []


@pytest.mark.parametrize(
    ("words", "code", "saying"),
    [
        (("write", "warning.toml", "--as", "wells"), 2, "the centre and the ministries warn"),
        (("write", "warning.toml", "--as", "no-such"), 3, "no principal 'no-such'"),
        (("list", "00000000-0000-4000-8000-000000000000", "--as", "duty"), 3, "no such warning"),
        (("send", "{uid}", "--as", "duty", "--to", "no-such"), 3, "no such principal"),
        (("receipt", "{uid}", "--as", "wells", "--state", "acted"), 3, "not for you"),
        (("coverage", "{uid}", "--as", "asanagi"), 2, "who else was warned is not told"),
        (("propose", "{uid}", "--as", "duty", "--brief", "hub.toml"), 2, "noroshi brief"),
        (("propose", "{uid}", "--as", "duty", "--brief", "no-such"), 2, "missing-file"),
        (("erase", "{uid}", "--as", "duty", "--reason", " "), 2, "why it is erased"),
    ],
)
def test_what_goes_wrong_is_said(
    command: Command, inbox: Inbox, words: tuple[str, ...], code: int, saying: str
) -> None:  # fmt: skip
    uid = written(command)
    found, _, err = command("warn", *(word.format(uid=uid) for word in words))
    assert (found, saying in err) == (code, True), err
    assert inbox.mails == []


def test_every_fault_of_a_warning_is_named_with_its_line(command: Command, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(
        'severity = "worst"\ntlp = "PINK"\nabuot = []\n[title]\nen = "x"\n[text]\nen = 7\nja = "x"\n[action]\n'
        'en = "x"\nja = "x"\n[audience]\nnetworks = ["192.0.2.0/40"]\nsectors = "water"\n',
        encoding="utf-8",
    )
    code, _, err = command("warn", "write", tmp_path / "bad.toml", "--as", "duty")
    assert code == 2
    for line, word in (
        (1, "worst"),
        (2, "PINK"),
        (3, "abuot"),
        (4, "ja"),
        (7, "en"),
        (13, "192.0.2.0/40"),
        (14, "water"),
    ):
        assert re.search(rf"bad\.toml:{line}\b.*{re.escape(word)}", err), (line, err)


def test_contacts_at_fault_are_named_without_their_secrets(command: Command, tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text(
        '[[contact]]\nprincipal = "x"\nmail = "not an address"\nnetworks = ["x"]\nhook = "http://elsewhere.example/s3cret"\n'
        'secret = "short-s3cret"\n[[contact]]\nprincipal = "x"\n',
        encoding="utf-8",
    )
    code, _, err = command("admin", "apply", tmp_path / "hub.toml")
    assert code == 2
    assert all(word in err for word in ("not an address", "192.0.2.0/24", "each once", "at least 20"))
    assert "s3cret" not in err


def test_a_contact_may_be_of_a_principal_that_is_there_already(command: Command, inbox: Inbox, tmp_path: Path) -> None:
    uid = written(command)
    more = tmp_path / "more.toml"
    more.write_text('[[contact]]\nprincipal = "wells"\nproducts = ["cpe:2.3:a:umineko:gridmaster"]\n', encoding="utf-8")
    assert command("admin", "apply", more)[:2] == (0, "contact wells: changed\n")
    _, out, _ = command("warn", "propose", uid, "--as", "duty", "--json")
    (one,) = [row for row in json.loads(out)["proposed"] if row["principal"] == "wells"]
    assert [why["rule"] for why in one["reasons"]] == ["product"]
    more.write_text('[[contact]]\nprincipal = "stranger"\n', encoding="utf-8")
    code, _, err = command("admin", "apply", more)
    assert (code, "stranger" in err) == (2, True)
    assert inbox.mails == []


def test_a_brief_says_whom_to_warn(command: Command, inbox: Inbox, tmp_path: Path) -> None:
    uid = written(command)
    rows = [{"organisation": "asanagi-grid", "name": "x", "name_ja": "x", "why": "likely target", "why_ja": "標的"}]
    (tmp_path / "brief.json").write_text(json.dumps({"warn": rows, "more": 1}), encoding="utf-8")
    _, out, _ = command("warn", "propose", uid, "--as", "duty", "--brief", "brief.json", "--json")
    (one,) = [row for row in json.loads(out)["proposed"] if row["principal"] == "asanagi"]
    assert {"rule": "threat", "what": "likely target", "what_ja": "標的"} in one["reasons"]
    assert inbox.mails == []


def test_what_was_mailed_can_be_checked_with_the_hubs_key_alone(
    command: Command, inbox: Inbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uid = written(command)
    assert command("warn", "send", uid, "--as", "duty", "--to", "asanagi")[0] == 0
    (attached,) = inbox.mails[0].iter_attachments()
    received = tmp_path / "warning.json"
    received.write_bytes(attached.get_content())
    key = json.loads(command("warn", "list", uid, "--as", "duty", "--json")[1])["warnings"][0]["key"]
    monkeypatch.setenv("NOROSHI_DATA", str(tmp_path / "elsewhere"))
    assert command("warn", "verify", received, "--key", key)[:2] == (0, f"{uid}, version 1: signed by the hub.\n")
    assert not (tmp_path / "elsewhere").exists()
    for changed in (received.read_bytes().replace(b"today", b"later"), received.read_bytes().replace(b"high", b"low")):
        (tmp_path / "changed.json").write_bytes(changed)
        assert command("warn", "verify", tmp_path / "changed.json", "--key", key)[0] == 2
    assert command("warn", "verify", received, "--key", "00" * 32)[0] == 2
    assert command("warn", "verify", tmp_path / "hub.toml", "--key", key)[0] == 2
    assert command("warn", "verify", tmp_path / "no-such", "--key", key)[0] == 2
