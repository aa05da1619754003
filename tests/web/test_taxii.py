"""TAXII 2.1 on the wire: what the standard asks of each resource, by name."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.web.taxii_world import (
    BASE,
    DROP,
    DUTY,
    HIGH,
    LOW,
    MEDIA,
    NOBODY,
    PASSWORD,
    WORKS,
    answering,
    asking,
    basic,
    indicator,
    make_hub,
    post,
)  # fmt: skip


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with answering(make_hub(tmp_path_factory.mktemp("hub"))) as where:
        yield where


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[str]:
    with answering(make_hub(tmp_path)) as where:
        yield where


@pytest.fixture
def duty(fresh: str) -> Iterator[httpx.Client]:
    with asking(fresh, DUTY) as client:
        yield client


@pytest.fixture
def works(fresh: str) -> Iterator[httpx.Client]:
    with asking(fresh, WORKS) as client:
        yield client


def ids(answer: httpx.Response) -> list[str]:
    return [one["id"] for one in answer.json().get("objects", [])]


# ---- who, and what they may know of


@pytest.mark.parametrize("headers", [{}, basic("duty", "wrong"), basic("ghost"), {"Authorization": "Bearer no"},
                                     {"Authorization": "Basic !!!"}, {"Authorization": "Digest x"}])  # fmt: skip
def test_without_a_right_secret_every_resource_is_401_and_says_how(address: str, headers: dict[str, str]) -> None:
    with asking(address, headers) as client:
        for path in ("/taxii2/", "/trust/", f"{BASE}/objects/", "/nothing/"):
            answer = client.get(path)
            assert answer.status_code == 401
            assert "Basic" in answer.headers["www-authenticate"]
            assert answer.headers["content-type"] == MEDIA
            assert answer.json()["title"]


def test_discovery_lists_the_roots_that_one_may_know_of(address: str) -> None:
    for who, roots in ((DUTY, ["/trust/"]), (NOBODY, ["/other/"])):
        with asking(address, who) as client:
            assert client.get("/taxii2/").json()["api_roots"] == roots
    with asking(address, DUTY) as client:
        hidden, absent = client.get("/other/"), client.get("/absent/")
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content


def test_an_api_root_says_versions_and_the_longest_body(address: str) -> None:
    with asking(address, DUTY) as client:
        said = client.get("/trust/").json()
        assert said == {"title": "Trust group", "versions": [MEDIA], "max_content_length": 2000000}


def test_collections_say_what_one_may_do_there(address: str) -> None:
    with asking(address, WORKS) as client:
        said = {
            one["id"]: (one["can_read"], one["can_write"])
            for one in client.get("/trust/collections/").json()["collections"]
        }
        assert said == {HIGH: (True, False), DROP: (False, True)}
        assert client.get(f"/trust/collections/{HIGH}/").json()["media_types"] == ["application/stix+json;version=2.1"]
        assert client.get(f"/trust/collections/{LOW}/").status_code == 404
        assert client.get(f"/trust/collections/{DROP}/objects/").status_code == 403
        assert post(client, indicator()).status_code == 403


# ---- media types, methods, parameters


@pytest.mark.parametrize(("accept", "status"), [
    (MEDIA, 200), ("application/taxii+json", 200), ("*/*", 200), ("application/*;q=0.5", 200),
    ("application/json", 406), ("text/html", 406), ("application/taxii+json;version=2.0", 406),
    ("application/taxii+json;version=2.1;q=0", 406), ("text/html, application/taxii+json; version=2.1", 200),
])  # fmt: skip
def test_accept(address: str, accept: str, status: int) -> None:
    with asking(address, DUTY) as client:
        answer = client.get("/taxii2/", headers={"Accept": accept})
        assert answer.status_code == status
        assert answer.headers["content-type"] == MEDIA


@pytest.mark.parametrize(("kind", "status"), [
    (MEDIA, 202), ("application/taxii+json", 202), ("application/json", 415),
    ("application/stix+json;version=2.1", 415),
    ("application/taxii+json;version=2.0", 415), ("", 415),
])  # fmt: skip
def test_content_type(address: str, kind: str, status: int) -> None:
    with asking(address, DUTY) as client:
        answer = client.post(f"{BASE}/objects/", content=json.dumps({"objects": [indicator(900)]}),
                             headers={"Content-Type": kind})  # fmt: skip
        assert answer.status_code == status


@pytest.mark.parametrize("query", [
    "limit=0", "limit=-1", "limit=x", "limit=1.5", "limit=", "added_after=yesterday",
    "added_after=2026-13-01T00:00:00Z",
    "added_after=2026-01-01", "match[id]=x", "match[id]=", "match[type]=a,,b", "match[version]=newest",
    "match[spec_version]=3.0", "next=abc", "limit=1&limit=2", "match[type]=tool&match[type]=malware", "foo=1",
    "match%5Bid%5D=%ff", "limit",
])  # fmt: skip
def test_bad_parameters_are_400(address: str, query: str) -> None:
    with asking(address, DUTY) as client:
        answer = client.get(f"{BASE}/objects/?{query}")
        assert answer.status_code == 400, answer.text
        assert answer.json()["title"]


def test_methods_that_a_resource_lacks_are_405_and_it_says_which_it_has(address: str) -> None:
    with asking(address, DUTY) as client:
        answer = client.delete(f"{BASE}/objects/")
        assert answer.status_code == 405
        assert answer.headers["allow"] == "GET, POST, HEAD"
        assert client.put("/taxii2/").status_code == 405


def test_head_is_get_without_a_body(address: str) -> None:
    with asking(address, DUTY) as client:
        post(client, indicator(901))
        got, head = client.get(f"{BASE}/objects/"), client.head(f"{BASE}/objects/")
        assert head.status_code == 200
        assert head.content == b""
        for name in ("content-type", "x-taxii-date-added-first"):
            assert head.headers[name] == got.headers[name]


def test_gzip_both_ways(fresh: str) -> None:
    with asking(fresh, DUTY) as client:
        packed = gzip.compress(json.dumps({"objects": [indicator(k) for k in range(30)]}).encode())
        answer = client.post(f"{BASE}/objects/", content=packed,
                             headers={"Content-Type": MEDIA, "Content-Encoding": "gzip"})  # fmt: skip
        assert answer.json()["success_count"] == 30
        got = client.get(f"{BASE}/objects/", headers={"Accept-Encoding": "gzip"})
        assert got.headers["content-encoding"] == "gzip"
        assert len(got.json()["objects"]) == 30
        assert "content-encoding" not in client.get(f"{BASE}/objects/", headers={"Accept-Encoding": "identity"}).headers


def test_a_body_too_long_is_413_packed_or_not(address: str) -> None:
    with asking(address, DUTY) as client:
        long = b'{"objects":[' + b" " * 2_000_001 + b"]}"
        assert client.post(f"{BASE}/objects/", content=long, headers={"Content-Type": MEDIA}).status_code == 413
        bomb = gzip.compress(long)
        headers = {"Content-Type": MEDIA, "Content-Encoding": "gzip"}
        assert client.post(f"{BASE}/objects/", content=bomb, headers=headers).status_code == 413
        assert client.post(f"{BASE}/objects/", content=bomb[:-5], headers=headers).status_code in {400, 413}
        assert client.post(f"{BASE}/objects/", content=b"no gzip", headers=headers).status_code == 400
        headers["Content-Encoding"] = "br"
        assert client.post(f"{BASE}/objects/", content=b"x", headers=headers).status_code == 415


# ---- in


def test_one_bad_object_fails_alone_and_counts_add_up(duty: httpx.Client) -> None:
    bad = {**indicator(2), "id": "indicator--1"}
    said = post(duty, indicator(1), bad, indicator(3)).json()
    assert said["status"] == "complete"
    assert (said["total_count"], said["success_count"], said["failure_count"], said["pending_count"]) == (3, 2, 1, 0)
    assert said["failures"][0]["message"]
    assert ids(duty.get(f"{BASE}/objects/")) == [indicator(1)["id"], indicator(3)["id"]]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}x", b"no", b'{"objects":1}', b"\xff", b'{"objects":[{]}'])
def test_what_is_no_envelope_is_422(duty: httpx.Client, body: bytes) -> None:
    assert duty.post(f"{BASE}/objects/", content=body, headers={"Content-Type": MEDIA}).status_code in {400, 422}


def test_a_key_twice_is_refused_whatever_a_parser_would_read(duty: httpx.Client) -> None:
    text = json.dumps(indicator(5, marking="RED"))[:-1] + ', "object_marking_refs": []}'
    answer = duty.post(f"{BASE}/objects/", content='{"objects":[' + text + "]}", headers={"Content-Type": MEDIA})
    assert answer.json()["failure_count"] == 1
    assert ids(duty.get(f"{BASE}/objects/")) == []


def test_status_is_its_senders_alone(fresh: str) -> None:
    with asking(fresh, DUTY) as duty, asking(fresh, WORKS) as works:
        uid = post(duty, indicator(1)).json()["id"]
        assert duty.get(f"/trust/status/{uid}/").json()["success_count"] == 1
        hidden, absent = works.get(f"/trust/status/{uid}/"), works.get("/trust/status/none/")
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content


def test_sent_again_it_is_a_success_and_nothing_changes(duty: httpx.Client) -> None:
    post(duty, indicator(1))
    first = duty.get(f"{BASE}/objects/")
    assert post(duty, indicator(1)).json()["success_count"] == 1
    again = duty.get(f"{BASE}/objects/")
    assert again.content == first.content
    assert again.headers["x-taxii-date-added-last"] == first.headers["x-taxii-date-added-last"]


def test_bytes_come_back_as_they_were_sent(duty: httpx.Client) -> None:
    text = json.dumps(indicator(7, x_note="é é  "), ensure_ascii=True, indent=3)
    duty.post(f"{BASE}/objects/", content='{"objects":[' + text + "]}", headers={"Content-Type": MEDIA})
    assert text in duty.get(f"{BASE}/objects/").text


# ---- out


def test_no_objects_is_an_empty_object(duty: httpx.Client) -> None:
    for path in ("objects", "manifest"):
        answer = duty.get(f"{BASE}/{path}/")
        assert answer.content == b"{}"
        assert "x-taxii-date-added-first" not in answer.headers


@pytest.mark.parametrize("path", ["objects", "manifest"])
def test_pages_follow_next_to_the_end_each_thing_once(duty: httpx.Client, path: str) -> None:
    wanted = [indicator(k)["id"] for k in range(25)]
    post(duty, *(indicator(k) for k in range(25)))
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 10}
    sizes = []
    while True:
        answer = duty.get(f"{BASE}/{path}/", params=query)
        seen += ids(answer)
        sizes.append(len(ids(answer)))
        said = answer.json()
        if not said.get("more"):
            assert "next" not in said
            break
        query["next"] = said["next"]
    assert seen == wanted
    assert sizes == [10, 10, 5]


def test_a_cursor_holds_for_its_reader_resource_and_filter_alone(fresh: str) -> None:
    with asking(fresh, DUTY) as duty, asking(fresh, WORKS) as works:
        post(duty, *(indicator(k, marking="CLEAR") for k in range(5)))
        cursor = duty.get(f"{BASE}/objects/", params={"limit": 2}).json()["next"]
        assert duty.get(f"{BASE}/objects/", params={"next": cursor}).status_code == 200
        assert works.get(f"{BASE}/objects/", params={"next": cursor}).status_code == 400
        assert duty.get(f"{BASE}/manifest/", params={"next": cursor}).status_code == 400
        assert duty.get(f"{BASE}/objects/", params={"next": cursor, "match[type]": "indicator"}).status_code == 400
        assert duty.get(f"{BASE}/objects/", params={"next": cursor[:-2] + "AA"}).status_code == 400


def test_added_after_is_strictly_greater_and_dates_have_six_digits(duty: httpx.Client) -> None:
    post(duty, indicator(1))
    post(duty, indicator(2))
    both = duty.get(f"{BASE}/objects/")
    first, last = (both.headers[f"x-taxii-date-added-{end}"] for end in ("first", "last"))
    assert first < last
    assert len(first) == len("2026-01-01T00:00:00.000000Z")
    assert ids(duty.get(f"{BASE}/objects/", params={"added_after": first})) == [indicator(2)["id"]]
    assert ids(duty.get(f"{BASE}/objects/", params={"added_after": last})) == []
    rows = duty.get(f"{BASE}/manifest/").json()["objects"]
    assert [row["date_added"] for row in rows] == [first, last]
    assert rows[0]["media_type"] == "application/stix+json;version=2.1"


def test_commas_are_or_and_fields_are_and(duty: httpx.Client) -> None:
    tool = {"type": "tool", "spec_version": "2.1", "id": "tool--00000000-0000-4000-8000-000000000009", "name": "t",
            "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z"}  # fmt: skip
    post(duty, indicator(1), indicator(2), tool)
    one, two = indicator(1)["id"], indicator(2)["id"]
    for params, wanted in (
        ({"match[id]": f"{one},{two}"}, [one, two]),
        ({"match[type]": "tool"}, [tool["id"]]),
        ({"match[type]": "tool,indicator"}, [one, two, tool["id"]]),
        ({"match[id]": one, "match[type]": "tool"}, []),
        ({"match[spec_version]": "2.0"}, []),
        ({"match[spec_version]": "2.0,2.1"}, [one, two, tool["id"]]),
    ):
        assert ids(duty.get(f"{BASE}/objects/", params=params)) == wanted


def test_versions_last_by_default_first_all_and_by_date(duty: httpx.Client) -> None:
    name = indicator(1)["id"]
    for minute in (1, 3, 2):
        post(duty, indicator(1, minute=minute))

    def stamps(**params: str) -> list[str]:
        return [one["modified"] for one in duty.get(f"{BASE}/objects/", params=params).json().get("objects", [])]

    one, two, three = (f"2026-01-01T00:0{minute}:00.000Z" for minute in (1, 2, 3))
    assert stamps() == [three]
    assert stamps(**{"match[version]": "first"}) == [one]
    assert sorted(stamps(**{"match[version]": "all"})) == [one, two, three]
    assert stamps(**{"match[version]": two}) == [two]
    assert sorted(stamps(**{"match[version]": f"first,{two}"})) == [one, two]
    listed = duty.get(f"{BASE}/objects/{name}/versions/").json()["versions"]
    assert listed == [one, three, two], "in the order in which they were added"
    assert duty.get(f"{BASE}/objects/{name}/versions/", params={"limit": 2}).json()["more"] is True
    assert [o["modified"] for o in duty.get(f"{BASE}/objects/{name}/").json()["objects"]] == [three]


def test_delete_takes_one_version_or_all_and_needs_leave_to_read_and_write(fresh: str) -> None:
    name = indicator(1)["id"]
    with asking(fresh, DUTY) as duty, asking(fresh, WORKS) as works:
        for minute in (1, 2):
            post(duty, indicator(1, minute=minute, marking="CLEAR"))
        assert works.delete(f"{BASE}/objects/{name}/").status_code == 403
        assert (
            duty.delete(f"{BASE}/objects/{name}/", params={"match[version]": "2026-01-01T00:02:00.000Z"}).status_code
            == 200
        )
        assert [o["modified"] for o in duty.get(f"{BASE}/objects/").json()["objects"]] == ["2026-01-01T00:01:00.000Z"]
        assert duty.delete(f"{BASE}/objects/{name}/").status_code == 200
        assert duty.get(f"{BASE}/objects/{name}/").status_code == 404
        assert duty.delete(f"{BASE}/objects/{name}/").status_code == 404


# ---- who may see what


def test_a_marking_decides_who_sees(fresh: str) -> None:
    with asking(fresh, DUTY) as duty, asking(fresh, WORKS) as works:
        post(duty, indicator(1, marking="CLEAR"), indicator(2, marking="GREEN"), indicator(3, marking="AMBER"),
             indicator(4, marking="RED"), indicator(5))  # fmt: skip
        assert len(ids(duty.get(f"{BASE}/objects/"))) == 5
        assert ids(works.get(f"{BASE}/objects/")) == [indicator(k)["id"] for k in (1, 2, 5)]
        hidden, absent = (works.get(f"{BASE}/objects/{indicator(k)['id']}/") for k in (4, 77))
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content


def test_a_newer_red_version_does_not_hide_an_older_green_one(fresh: str) -> None:
    with asking(fresh, DUTY) as duty, asking(fresh, WORKS) as works:
        post(duty, indicator(1, minute=1, marking="GREEN"))
        post(duty, indicator(1, minute=2, marking="RED"))
        assert [o["modified"] for o in works.get(f"{BASE}/objects/").json()["objects"]] == ["2026-01-01T00:01:00.000Z"]
        assert [o["modified"] for o in duty.get(f"{BASE}/objects/").json()["objects"]] == ["2026-01-01T00:02:00.000Z"]
        assert works.get(f"{BASE}/objects/{indicator(1)['id']}/versions/").json()["versions"] == [
            "2026-01-01T00:01:00.000Z"
        ]


def relationship(source: int, target: int, number: int = 50) -> dict[str, Any]:
    return {
        "type": "relationship", "spec_version": "2.1", "id": f"relationship--{indicator(number)['id'][11:]}",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "relationship_type": "related-to",
        "source_ref": indicator(source)["id"], "target_ref": indicator(target)["id"],
    }  # fmt: skip


def test_a_relationship_is_seen_where_both_its_ends_are(fresh: str) -> None:
    with asking(fresh, DUTY) as duty, asking(fresh, WORKS) as works:
        post(duty, indicator(1, marking="CLEAR"), indicator(2, marking="RED"), relationship(1, 2))
        assert relationship(1, 2)["id"] in ids(duty.get(f"{BASE}/objects/"))
        assert ids(works.get(f"{BASE}/objects/")) == [indicator(1)["id"]]


def test_a_relationship_that_came_before_its_end_is_not_lost_to_who_polls_on(fresh: str) -> None:
    with asking(fresh, DUTY) as duty:
        post(duty, indicator(1, marking="CLEAR"), relationship(1, 2))
        last = duty.get(f"{BASE}/objects/").headers["x-taxii-date-added-last"]
        post(duty, indicator(2, marking="CLEAR"))
        assert set(ids(duty.get(f"{BASE}/objects/", params={"added_after": last}))) == {
            indicator(2)["id"], relationship(1, 2)["id"],
        }  # fmt: skip


def test_unmarked_is_denied_where_the_collection_has_no_default(fresh: str) -> None:
    with asking(fresh, WORKS) as works:
        said = post(works, indicator(1), collection=DROP).json()
        assert said["success_count"] == 1  # kept, and shown to nobody


def test_answers_are_not_to_be_kept_by_anyone_between(address: str) -> None:
    with asking(address, DUTY) as client:
        assert client.get(f"{BASE}/objects/").headers["cache-control"] == "private, no-store"


# ---- a client that others wrote


def test_taxii2_client_reads_all_and_its_paging_ends(fresh: str) -> None:
    taxii2client = pytest.importorskip("taxii2client.v21", reason="taxii2-client is not installed")
    with asking(fresh, DUTY) as duty:
        post(duty, *(indicator(k) for k in range(25)))
    server = taxii2client.Server(f"{fresh}/taxii2/", user="duty", password=PASSWORD)
    (root,) = server.api_roots
    (collection,) = root.collections
    pages = list(taxii2client.as_pages(collection.get_objects, per_request=10))
    assert [len(page["objects"]) for page in pages] == [10, 10, 5]
    manifest = list(taxii2client.as_pages(collection.get_manifest, per_request=10))
    assert sum(len(page["objects"]) for page in manifest) == 25
    sent = collection.add_objects({"objects": [indicator(99)]})
    assert sent.status == "complete"
    assert collection.get_object(indicator(99)["id"])["objects"][0]["name"] == "indicator 99"
    assert collection.object_versions(indicator(99)["id"])["versions"]
