"""`noroshi situation position` as the centre uses it: entered, warned of, signed, written as a memo."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_situation import Result, Run, made, opened, reported, run
from tests.desk.test_positions import ASSESSMENT, HELD

__all__ = ["run"]
CLAIM = ("--by", "FBI", "--party", "ally", "--grade", "B2", "--source", "statement of 19 December 2014",
         "--nexus", "KP", "--id", "fbi", "--at", "2014-12-19T20:00+09:00")  # fmt: skip
TEXT = ("--text", "We condemn it", "--text-ja", "非難する")
OPTION = ("--rung", "countermeasures", *TEXT, "--pros", "It stops it", "--pros-ja", "止まる", "--cons", "Third parties",
          "--cons-ja", "第三者への影響")  # fmt: skip


def entered(run: Run, verb: str, uid: str, *more: str) -> Result:
    return run("position", verb, uid, *more)


def test_from_the_claim_to_the_signed_memo(run: Run, tmp_path: Path) -> None:
    uid = opened(run)
    assert "fbi entered (line 2)" in entered(run, "claim", uid, *CLAIM).output
    held = ("--guard", "not-attributed", "--group", "Lazarus Group", "--low", "0.1", "--high", "0.3", "--reason",
            "one source alone", "情報源が一つのみ")  # fmt: skip
    assert entered(run, "finding", uid, *held).exit_code == 0
    named = entered(run, "say", uid, "--audience", "private", *TEXT, "--to", "Washington", "--nexus", "KP")
    assert "Warning: It names North Korea (KP) as responsible, but our finding is: not attributed." in named.stderr
    assert entered(run, "say", uid, "--audience", "public", *TEXT, "--spoken").stderr == ""
    effect = (
        "--topic",
        "Abduction talks",
        "--topic-ja",
        "拉致問題の協議",
        "--effect",
        "None is seen",
        "--effect-ja",
        "影響なし",
    )
    assert entered(run, "effect", uid, *effect).exit_code == 0
    warned = entered(run, "option", uid, *OPTION, "--id", "block", "--norm", "f", "--factor", "scale=high")
    assert "not supported by the finding" in warned.stderr
    why = ("--why", "No more than we know", "--why-ja", "判明したことのみ")
    assert made(entered(run, "decide", uid, *why, "--json"))["entry"] == "decision"
    assert made(entered(run, "withdraw", uid, "statement-4", "--why", "not to be sent", "--json"))["warnings"] == []
    found = made(run("position", "show", uid, "--json"))
    assert [one["at"] for one in found["claims"]] == ["2014-12-19T11:00:00.000000Z"]
    assert found["finding"]["whom"]["name"]["en"] == "Lazarus Group (G0032)"
    assert [one["code"] for one in found["warnings"]] == ["unsupported"]
    assert [line["kind"] for line in found["lines"]][-2:] == ["decided", "withdrawn"]
    for wrong in ("0" * 64, found["digest"][:11]):
        assert entered(run, "sign", uid, "--role", "Director", "--record", wrong).exit_code == 2
    assert entered(run, "sign", uid, "--role", "Director", "--record", found["digest"][:12]).exit_code == 0
    files = {kind: tmp_path / f"memo.{kind}" for kind in ("html", "pdf")}
    words = ("memo", uid, "--html", str(files["html"]), "--pdf", str(files["pdf"]), "--lang", "ja")
    assert run("position", *words).exit_code == 0
    assert "duty, Director" in files["html"].read_text(encoding="utf-8")
    assert files["pdf"].read_bytes().startswith(b"%PDF-")
    entered(run, "withdraw", uid, "block", "--why", "not now")
    shown = run("position", "show", uid).output
    for text in ("[fbi] FBI (ally)", "B2: usually reliable source; probably true", "10–30 %", "one source alone",
                 "not attributed", "None of the options: No more than we know",
                 "duty, Director", "signed, changed since", "! Warning: Signed, but changed since."):  # fmt: skip
        assert text in shown
    assert "署名後に変更あり" in run("position", "show", uid, "--lang", "ja").output
    assert "claim of others: FBI" in run("show", uid).output
    assert "他者の主張: FBI" in run("show", uid, "--lang", "ja").output


def test_a_finding_from_an_assessment(run: Run, tmp_path: Path) -> None:
    uid, file = opened(run), tmp_path / "assessment.json"
    file.write_text(json.dumps(ASSESSMENT), encoding="utf-8")
    assert entered(run, "finding", uid, "--from", str(file)).exit_code == 0
    assert entered(run, "say", uid, "--audience", "public", *TEXT, "--nexus", "KP", "--id", "named").stderr == ""
    file.write_text(json.dumps(HELD), encoding="utf-8")
    assert entered(run, "finding", uid, "--from", str(file)).exit_code == 0
    found = made(run("position", "show", uid, "--json"))
    assert (found["finding"]["guard"], found["finding"]["origin"]) == ("not-attributed", "assessment")
    assert [one["code"] for one in found["warnings"]] == ["not-attributed"]
    assert "from an assessment (ATT&CK, 2014-12-19; SHA-256 " in run("position", "show", uid).output
    file.write_text(json.dumps({**HELD, "asserted": "G0032"}), encoding="utf-8")
    answer = entered(run, "finding", uid, "--from", str(file))
    assert (answer.exit_code, "contradicts" in answer.output or "asserted" in answer.output) == (2, True)


def test_others_see_none_of_it(run: Run, tmp_path: Path) -> None:
    uid = opened(run)
    run("gather", uid, reported(run))
    run("admit", uid, "port")
    entered(run, "claim", uid, *CLAIM)
    for of in (uid, "none"):
        for words in (
            ("show", of),
            ("memo", of, "--html", str(tmp_path / "m.html")),
            ("withdraw", of, "fbi", "--why", "x"),
        ):
            answer = run("position", *words, who="port")
            assert answer.exit_code in {2, 3}
            assert "FBI" not in answer.output
    assert "FBI" not in run("show", uid, who="port").output
    assert not (tmp_path / "m.html").exists()


def test_no_victim_is_named_that_has_not_agreed(run: Run, tmp_path: Path) -> None:
    uid, incident = opened(run, "--estate", "sorami"), reported(run)
    run("gather", uid, incident)
    leaky = ("--text", "Kumo-Rail and Kumo Rail were hit", "--text-ja", "kumo-railが被害")
    entered(run, "say", uid, "--audience", "public", *leaky)
    memo = tmp_path / "memo.html"
    for lang in ("en", "ja"):
        assert run("position", "memo", uid, "--html", str(memo), "--lang", lang).exit_code == 0
        text = memo.read_text(encoding="utf-8")
        assert "kumo-rail" not in text.lower()
        assert "[…]" in text
    assert "kumo-rail" in run("position", "show", uid).output.lower()
    run("update", incident, "--consent", "named", who="kumo")
    run("position", "memo", uid, "--html", str(memo))
    assert "kumo-rail" in memo.read_text(encoding="utf-8")


def test_an_exercise_says_so_in_every_output(run: Run, tmp_path: Path) -> None:
    uid = opened(run, "--exercise")
    assert made(entered(run, "claim", uid, *CLAIM, "--json"))["exercise"] is True
    assert run("position", "show", uid).output.startswith("EXERCISE EXERCISE EXERCISE\n")
    assert made(run("position", "show", uid, "--json"))["exercise"] is True
    assert made(run("position", "memo", uid, "--json"))["position"]["exercise"] is True
    run("position", "memo", uid, "--html", str(tmp_path / "m.html"), "--lang", "ja")
    assert "演習 演習 演習" in (tmp_path / "m.html").read_text(encoding="utf-8").partition("<body>")[2][:200]


FAULTY: list[tuple[tuple[str, ...], str]] = [
    (("claim", *CLAIM[:4], "--grade", "Z1", "--source", "x"), "grade: Z1"),
    (("claim", *CLAIM, "--group", "Park Jin Hyok"), "a person is never named"),
    (("claim", *CLAIM, "--text", "English alone"), "text.ja"),
    (("finding",), "--guard"),
    (("finding", "--guard", "asserted", "--nexus", "KP", "--from", "x.json"), "--guard"),
    (("finding", "--from", "x.json", "--nexus", "KP"), "nothing by hand"),
    (("finding", "--from", "x.json"), "x.json"),
    (("finding", "--guard", "sure"), "guard: sure"),
    (("option", *OPTION, "--factor", "scale"), "NAME=LEVEL"),
    (("option", *OPTION, "--norm", "z"), "norms: z"),
    (("decide", "--option", "none", "--why", "x", "--why-ja", "x"), "option: none"),
    (("withdraw", "fbi", "--why", "x"), "entry: fbi"),
    (("sign", "--role", "Director", "--record", "abc"), "something was entered"),
    (("memo",), "--pdf"),
]


@pytest.mark.parametrize(("words", "said"), FAULTY)
def test_what_is_wrong_is_named_and_nothing_is_kept(run: Run, words: tuple[str, ...], said: str) -> None:
    uid = opened(run)
    verb, *more = words
    answer = run("position", verb, uid, *more)
    assert answer.exit_code == 2
    assert said in answer.output
    assert made(run("position", "show", uid, "--json"))["lines"] == []
