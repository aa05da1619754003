"""Schemathesis sends what fits the description of the REST interface and what does not: no 500, no break of schema."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as searching
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks
from tests.web.rest_world import DUTY, OWNER, rest_hub, settings
from tests.web.taxii_world import HIGH, indicator

from noroshi.web.rest import create_rest

CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_schema_conformance, checks.response_headers_conformance, checks.negative_data_rejection,
    checks.missing_required_header, checks.unsupported_method,
]  # fmt: skip
"""Not asked is positive_data_acceptance: that a cursor, a version or a STIX object is right no schema can say."""
KNOWN = {"root": "trust", "uid": HIGH, "name": "works", "community": "jp-us"}
ONE = indicator(1)["id"]


@pytest.fixture
def schema(tmp_path: Path) -> Iterator[Any]:
    """The description of the REST interface, over a hub with something in it."""
    hub = rest_hub(tmp_path)
    app = create_rest(hub, settings(tmp_path, host="0.0.0.0"))  # noqa: S104  it listens nowhere
    found = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    refusing = found.config.checks.negative_data_rejection
    refusing.expected_statuses = [*refusing.expected_statuses, "413"]  # a list that is too long may be too large first
    who = hub.store.principal("duty")
    assert who
    root = hub.root(who[0], "trust")
    data = json.dumps({"objects": [indicator(1, marking="GREEN")]}).encode()
    hub.send(who[0], root, hub.collections(who[0], root)[0], data, 1_800_000_000_000_000).kept.result(10)
    yield found
    hub.store.close()


def asked(schema: Any, each: int) -> Counter[int]:
    """Ask every operation so many times, half of what is sent being right; return how often each status came."""
    answered: Counter[int] = Counter()
    for found in schema.get_all_operations():
        for mode in GenerationMode.POSITIVE, GenerationMode.NEGATIVE:
            search(found.ok(), mode, each, answered)
    return answered


def search(operation: Any, mode: GenerationMode, each: int, answered: Counter[int]) -> None:
    """Ask one operation, as its owner or as the centre; of what is right, half is of things that are there."""

    @seed(4)
    @searching(max_examples=each, database=None, deadline=None, phases=[Phase.generate],
               suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Case[Any]) -> None:
        count = sum(answered.values())
        if mode is GenerationMode.POSITIVE and count % 2:
            given_names = {**KNOWN, **({"name": ONE} if case.path.endswith("/objects/{name}") else {})}
            for name in case.path_parameters or {}:
                case.path_parameters[name] = given_names.get(name, case.path_parameters[name])
        answer = case.call(headers=OWNER if count % 3 else DUTY)
        answered[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    one()


def test_what_is_sent_at_random_is_answered_as_described(schema: Any) -> None:
    answered = asked(schema, 6)
    assert sum(answered.values()) >= 250
    assert not any(status >= 500 for status in answered)
    assert {200, 202, 204, 400, 404} <= set(answered)


@pytest.mark.slow
def test_ten_thousand_requests_find_no_fault(schema: Any) -> None:
    answered = asked(schema, 175)
    assert sum(answered.values()) >= 10_000
    assert not any(status >= 500 for status in answered)
