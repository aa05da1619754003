"""Clients that others wrote work unmodified: `stix2`'s collection source, sink and store over `taxii2-client`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.taxii_world import HIGH, PASSWORD, answering, asking, basic, indicator, make_hub, post

stix2 = pytest.importorskip("stix2", reason="stix2 is not installed")
taxii2client = pytest.importorskip("taxii2client.v21", reason="taxii2-client is not installed")


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Any]:
    with answering(make_hub(tmp_path)) as address:
        with asking(address, basic("duty")) as client:
            post(client, *(indicator(k, minute=minute) for k in range(30) for minute in (1, 2)))
        yield taxii2client.Collection(f"{address}/trust/collections/{HIGH}/", user="duty", password=PASSWORD)


def test_source_gets_one_all_versions_and_queries(collection: Any) -> None:
    source = stix2.TAXIICollectionSource(collection)
    name = indicator(3)["id"]
    assert source.get(name).modified.minute == 2
    assert len(source.all_versions(name)) == 2
    assert source.get(indicator(99)["id"]) is None
    found = source.query([stix2.Filter("type", "=", "indicator"), stix2.Filter("name", "=", "indicator 7")])
    assert {one.id for one in found} == {indicator(7)["id"]}
    assert len(source.query([stix2.Filter("type", "=", "indicator")])) == 30


def test_sink_sends_and_store_reads_it_back(collection: Any) -> None:
    store = stix2.TAXIICollectionStore(collection)
    identity = stix2.Identity(name="A duty officer's desk", identity_class="organization")
    store.add(identity)
    assert store.get(identity.id).name == identity.name
    bundle = stix2.Bundle(stix2.Malware(name="wiper", is_family=True), stix2.Tool(name="a tool"))
    stix2.TAXIICollectionSink(collection).add(bundle)
    assert {one.name for one in store.query([stix2.Filter("type", "in", ["malware", "tool"])])} == {"wiper", "a tool"}


@pytest.mark.parametrize("method", ["get_objects", "get_manifest"])
def test_pages_end_and_hold_everything_once(collection: Any, method: str) -> None:
    seen = [one["id"] for page in taxii2client.as_pages(getattr(collection, method), per_request=7)
            for one in page.get("objects", [])]  # fmt: skip
    assert len(seen) == len(set(seen)) == 30
