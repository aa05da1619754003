"""Why an object of a file was not taken, in the language of who brought it in."""

from __future__ import annotations

import json
import uuid

import pytest
from tests.browser.site import LIVE
from tests.web.screen.asking import Client, asking, client, hub_folder, sent

__all__ = ["asking", "client", "hub_folder"]


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "created: is not an RFC 3339 timestamp in UTC"), ("ja", "created: RFC 3339(UTC)の時刻として不正")],
)
def test_why_an_object_was_not_taken_is_said_in_the_readers_language(asking: Client, lang: str, said: str) -> None:
    bad = {
        "type": "malware", "spec_version": "2.1", "id": f"malware--{uuid.uuid4()}", "created": "yesterday",
        "modified": "2026-11-20T01:00:00.000Z", "is_family": False,
    }  # fmt: skip
    body = json.dumps({"type": "bundle", "id": f"bundle--{uuid.uuid4()}", "objects": [bad]}).encode()
    asking.cookies.set("noroshi-lang", lang)
    files = {"file": ("advisory.json", body, "application/json")}
    answer = sent(asking, "/sharing/import", "/sharing/import", files=files, **{"in": LIVE})
    assert f"{bad['id']}: {said}" in answer.text
