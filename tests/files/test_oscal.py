"""OSCAL: valid by NIST's schemas for any answers, every reference resolves, the same answers give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noroshi.errors import InputError, NotFoundError
from noroshi.files.answers_json import read_measures
from noroshi.files.catalogues import load_catalogue
from noroshi.files.oscal import VERSION, assessment_results, control_id, plan_of_action
from noroshi.rate.evidence import GRADES, Answer, Sheet

CATALOGUE = load_catalogue()
AS_OF = date(2026, 11, 1)
SHEET = Sheet(
    "hospital-1", "medical", AS_OF,
    (
        Answer("mfa", 0.33, "document", date(2026, 5, 1), source="policy 3"),
        Answer("mfa", 0.33, "document", date(2026, 5, 1), source="policy 3"),
        Answer("mfa", 0.25, "measured", date(2026, 10, 1), up_to=0.5),
        Answer("training", 1.0, "third_party", date(2026, 9, 1)),
        Answer("backup", 1.0, "self", date(2026, 9, 1)),
        Answer("ot-separation", 0.0, "third_party", date(2026, 9, 1), "no control systems"),
    ),
)  # fmt: skip
texts = st.text(max_size=10)
names = texts.filter(str.strip)
answers = st.builds(
    Answer, st.sampled_from([item.id for item in CATALOGUE.items]), st.floats(0.0, 1.0), st.sampled_from(list(GRADES)),
    st.dates(max_value=AS_OF), st.just("") | names, texts,
)  # fmt: skip
sheets = st.builds(Sheet, names, names, st.just(AS_OF), st.lists(answers, max_size=8).map(tuple))


@cache
def validator(name: str) -> Any:
    """Return a validator of NIST's schema, its Unicode classes written as Python's expressions have them."""
    text = (Path(__file__).parent / "oscal" / f"oscal_{name}_schema.json").read_text(encoding="utf-8")
    schema = json.loads(text.replace("\\\\p{L}", "[^\\\\W\\\\d_]").replace("\\\\p{N}", "\\\\d"))
    return jsonschema.Draft7Validator(schema)


def valid(document: dict[str, Any]) -> list[str]:
    name = "assessment-results" if "assessment-results" in document else "poam"
    return [f"{list(e.absolute_path)}: {e.message[:200]}" for e in validator(name).iter_errors(document)]


def walk(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from walk(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner, key)
    else:
        yield key, value


def references(document: dict[str, Any]) -> tuple[list[str], set[str]]:
    """Return the uuids that are given and those that are referred to."""
    given = [value for key, value in walk(document) if key == "uuid"]
    asked = {value for key, value in walk(document) if key.endswith("-uuid")}
    return given, asked | {value[1:] for key, value in walk(document) if key == "href"}


def both(sheet: Sheet, lang: str = "en", planned: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    made = [assessment_results(CATALOGUE, sheet, lang, figures={"score": 41.5, "p_pass": None}, planned=planned)]
    try:
        made.append(plan_of_action(CATALOGUE, sheet, lang, planned=planned))
    except NotFoundError:
        assert not made[0]["assessment-results"]["results"][0].get("risks")
    return made


def test_the_schemas_are_those_of_the_version_that_we_write_and_refuse_what_is_wrong() -> None:
    assert f"/{VERSION}/" in validator("poam").schema["$id"]
    document = plan_of_action(CATALOGUE, SHEET)
    changes: tuple[dict[str, Any], ...] = (
        {"uuid": "x"}, {"metadata": {}}, {"poam-items": []}, {"more": 1}, {"system-id": {"id": " x"}},
        {"risks": [{"uuid": document["plan-of-action-and-milestones"]["uuid"]}]},
    )  # fmt: skip
    for change in changes:
        wrong = {"plan-of-action-and-milestones": document["plan-of-action-and-milestones"] | change}
        assert valid(wrong)
    wrong = json.loads(json.dumps(document).replace("T00:00:00Z", ""))
    assert valid(wrong)


@settings(max_examples=20, deadline=None)
@given(sheets, st.sampled_from(["en", "ja"]))
def test_any_answers_are_valid_and_every_reference_resolves(sheet: Sheet, lang: str) -> None:
    for document in both(sheet, lang):
        json.dumps(document, ensure_ascii=False).encode()
        assert valid(document) == []
        uuids, asked = references(document)
        assert len(uuids) == len(set(uuids))
        assert asked <= set(uuids)


def test_the_same_answers_give_the_same_document_and_others_other_uuids() -> None:
    assert both(SHEET) == both(SHEET)
    other = replace(SHEET, organisation="hospital-2")
    assert set(references(both(SHEET)[0])[0]).isdisjoint(references(both(other)[0])[0])


def test_each_answer_is_an_observation_by_the_method_of_its_grade_on_its_date() -> None:
    result = both(SHEET)[0]["assessment-results"]["results"][0]
    seen = [(one["title"], one["methods"], one["collected"][:10]) for one in result["observations"]]
    assert seen == [
        ("mfa", ["EXAMINE"], "2026-05-01"), ("mfa", ["EXAMINE"], "2026-05-01"), ("mfa", ["TEST"], "2026-10-01"),
        ("training", ["EXAMINE"], "2026-09-01"), ("backup", ["INTERVIEW"], "2026-09-01"),
        ("ot-separation", ["EXAMINE"], "2026-09-01"),
    ]  # fmt: skip
    assert result["observations"][0]["relevant-evidence"] == [{"description": "policy 3"}]
    assert "0.25 to 0.5" in result["observations"][2]["description"]
    assert {"name": "score", "ns": "https://noroshi.example/ns/rate", "value": "41.5"} in result["props"]


def test_a_control_is_satisfied_only_where_others_can_check_that_it_is() -> None:
    result = both(SHEET)[0]["assessment-results"]["results"][0]
    found = {one["target"]["target-id"]: one["target"]["status"] for one in result["findings"]}
    assert found["at-2_smt"] == {"state": "satisfied", "reason": "pass"}
    assert found["ia-2_smt"] == {"state": "not-satisfied", "reason": "fail"}
    assert found["cp-9_smt"] == {"state": "not-satisfied", "reason": "fail"}  # only claimed
    assert found["mp-7_smt"] == {"state": "satisfied", "reason": "other"}  # does not apply, a third party says
    reviewed = result["reviewed-controls"]["control-selections"][0]["include-controls"]
    assert {f"{one['control-id']}_smt" for one in reviewed} == set(found)
    assert "ra-3_smt" not in found  # nobody answered


def test_the_plan_has_what_is_below_the_top_and_the_measures_that_raise_it() -> None:
    plan = plan_of_action(CATALOGUE, SHEET, planned=("mfa-all-remote",))["plan-of-action-and-milestones"]
    assert [one["title"].split()[-1] for one in plan["poam-items"]] == ["mfa", "backup"]
    risk = plan["risks"][0]
    measures = {one["props"][0]["value"]: one for one in risk["remediations"]}
    assert set(measures) == {m.id for m in CATALOGUE.measures if m.item == "mfa" and m.to > 0.33}
    assert measures["mfa-all-remote"]["lifecycle"] == "planned"
    assert measures["mfa-all-remote"]["tasks"][0]["type"] == "milestone"
    assert measures["mfa-phishing-resistant"]["lifecycle"] == "recommendation"
    assert {one["title"] for one in plan["observations"]} == {"mfa", "backup"}
    top = Sheet("o", "s", AS_OF, (Answer("mfa", 1.0, "measured", AS_OF),))
    with pytest.raises(NotFoundError, match="nothing to plan"):
        plan_of_action(CATALOGUE, top)


@pytest.mark.parametrize(("name", "written"), [("AC-2", "ac-2"), ("AC-17(1)", "ac-17.1")])
def test_controls_are_named_as_in_the_catalogue_of_oscal(name: str, written: str) -> None:
    assert control_id(name) == written


def test_the_measures_of_a_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"measures": ["mfa-all-remote", {"id": "tls-current"}]}), encoding="utf-8")
    assert read_measures(path, CATALOGUE) == ("mfa-all-remote", "tls-current")
    for bad, code in (("[]", "bad-json"), ("{", "bad-json"), ('{"measures": 3}', "bad-json"), ("[" * 9999, "bad-json"),
                      ('{"measures": ["x", null]}', "dangling-key")):  # fmt: skip
        path.write_text(bad, encoding="utf-8")
        with pytest.raises(InputError, match=code):
            read_measures(path, CATALOGUE)
    with pytest.raises(InputError, match="missing-file"):
        read_measures(tmp_path / "none.json", CATALOGUE)
