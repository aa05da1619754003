"""The error tree: exit codes, places, counting."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from noroshi.errors import FAULT_CODES, KEPT_FAULTS, Fault, InputError, NoroshiError, NotFoundError, StoppedError

SCORE = Fault(
    "bad-number",
    file="organisations.csv",
    row=12,
    column="score",
    found="'abc'",
    expected="a number",
    remedy="correct it",
)


def test_exit_codes_are_those_of_the_contract() -> None:
    assert [kind.exit_code for kind in (InputError, NotFoundError, StoppedError)] == [2, 3, 130]
    assert all(issubclass(kind, NoroshiError) for kind in (InputError, NotFoundError, StoppedError))


def test_a_line_says_place_code_found_expected_and_remedy() -> None:
    assert SCORE.line() == (
        "organisations.csv:12 [score]: error bad-number: The value is not a number. "
        "found: 'abc'; expected: a number; remedy: correct it"
    )


def test_a_line_in_japanese_has_japanese_words() -> None:
    line = SCORE.line("ja")
    assert "数値ではない" in line
    assert "対処: correct it" in line
    assert "remedy" not in line


def test_a_line_stays_one_line_whatever_was_found() -> None:
    assert "\n" not in Fault("bad-csv", file="a.csv", found="x\ny\r\n").line()


def test_a_fault_without_a_place_starts_with_its_severity() -> None:
    assert Fault("bad-threat", severity="warning").line().startswith("warning bad-threat: ")


def test_an_undocumented_code_is_refused() -> None:
    with pytest.raises(ValueError, match="no-such-code"):
        Fault("no-such-code")


def test_the_first_thousand_are_kept_and_all_are_counted() -> None:
    error = InputError(Fault("bad-number", row=row) for row in range(2, 1_000_002))
    assert len(error.faults) == KEPT_FAULTS
    assert error.faults[-1].row == KEPT_FAULTS + 1
    assert error.total == 1_000_000
    assert str(error).splitlines()[-1] == "… and 999,000 more (1,000,000 in all)"
    assert error.report("ja").splitlines()[-1] == "ほか999,000件(全1,000,000件)"


def test_a_total_counted_elsewhere_is_believed_when_it_is_greater() -> None:
    assert InputError([SCORE], total=5000).total == 5000
    assert InputError([SCORE, SCORE], total=1).total == 2


def test_few_faults_are_all_listed() -> None:
    assert str(InputError([SCORE])) == SCORE.line()


@pytest.mark.parametrize("code", FAULT_CODES)
def test_each_code_is_a_slug_with_a_meaning_in_both_languages(code: str) -> None:
    english, japanese = FAULT_CODES[code]
    assert code == code.lower()
    assert code.replace("-", "").isalpha()
    assert english.endswith(".")
    assert japanese.endswith("。")
    assert not japanese.isascii()


def test_each_code_is_used_and_each_used_code_is_documented(root: Path) -> None:
    texts = {
        node.value
        for path in (root / "src").rglob("*.py")
        if path.name != "errors.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(FAULT_CODES) - texts == set()
