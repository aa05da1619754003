"""What is read from bundles: ids that were revoked, campaigns, sources and their days, and what was known on a day."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path

import pytest
from tests.attribute.world import Object, actor, bundle, item, use

from noroshi.attribute.incidents import first_reported
from noroshi.attribute.knowledge import Knowledge, profiles
from noroshi.attribute.nexus import CRIMINAL, nexus_of
from noroshi.errors import InputError
from noroshi.files.attack_bundles import load_knowledge, load_release, source_of, things

OLD, NEW = date(2019, 3, 1), date(2021, 5, 1)


def known(tmp_path: Path, objects: list[Object], name: str = "made-v1.0.json") -> Knowledge:
    path = tmp_path / name
    path.write_bytes(bundle(objects))
    return load_release(path)


def revoked(one: Object, by: Object) -> list[Object]:
    return [{**one, "revoked": True}, use(one, by, OLD, [], "revoked-by")]


def test_revoked_ids_go_by_what_replaced_them_along_a_chain(tmp_path: Path) -> None:
    first, second, third = (item("attack-pattern", f"T{k}", OLD) for k in (1, 2, 3))
    was, now = actor("G1", OLD), actor("G2", OLD)
    found = known(tmp_path, [
        *revoked(first, second), *revoked(second, third), third, *revoked(was, now), now, use(was, first, OLD, ["a/x"]),
    ])  # fmt: skip
    assert [(one.actor, one.item) for one in found.uses] == [("G2", "T3")]
    assert (found.current("T1"), found.current("T2"), found.current("T3"), found.current("G1")) == (
        "T3",
        "T3",
        "T3",
        "G2",
    )
    assert found.groups == ("G2",)


def test_a_chain_of_replacements_that_bites_its_tail_ends(tmp_path: Path) -> None:
    one, two = item("attack-pattern", "T1", OLD), item("attack-pattern", "T2", OLD)
    group, kept = actor("G1", OLD), item("attack-pattern", "T3", OLD)
    objects = [*revoked(one, two), *revoked(two, one), kept, group, use(group, one, OLD, []), use(group, kept, OLD, [])]
    assert [use.item for use in known(tmp_path, objects).uses] == ["T3"]


def test_deprecated_groups_and_relations_are_left_out(tmp_path: Path) -> None:
    group, gone, technique = actor("G1", OLD), actor("G2", OLD), item("attack-pattern", "T1", OLD)
    stale = {**use(group, item("attack-pattern", "T2", OLD), OLD, []), "x_mitre_deprecated": True}
    found = known(tmp_path, [group, {**gone, "x_mitre_deprecated": True}, technique, stale,
                             use(group, technique, OLD, []), use(gone, technique, OLD, [])])  # fmt: skip
    assert [(one.actor, one.item) for one in found.uses] == [("G1", "T1")]


def test_a_campaign_counts_for_the_group_that_it_is_attributed_to(tmp_path: Path) -> None:
    group, other, campaign = actor("G1", OLD), actor("G2", OLD), item("campaign", "C1", OLD)
    tool, technique = item("malware", "S1", OLD), item("attack-pattern", "T1", OLD)
    found = known(tmp_path, [group, other, campaign, tool, technique,
                             use(campaign, tool, OLD, ["a/c"]), use(group, technique, OLD, ["a/g"]),
                             use(campaign, group, OLD, [], "attributed-to")])  # fmt: skip
    (profile,) = profiles(found)
    assert profile.group == "G1"
    assert {name: set(sources) for name, sources in profile.items.items()} == {"S1": {"a/c"}, "T1": {"a/g"}}
    assert found.software == {"S1"}


def test_as_of_a_day_only_what_had_been_cited_by_then_is_known(tmp_path: Path) -> None:
    group, later = actor("G1", OLD), actor("G2", NEW)
    one, two, three, four = (item("attack-pattern", f"T{k}", OLD) for k in (1, 2, 3, 4))
    found = known(tmp_path, [
        group, later, one, two, three, four, use(group, one, OLD, ["a/old"]), use(group, two, NEW, ["a/new"]),
        use(group, three, OLD, ["a/old", "a/newer"]), use(later, one, NEW, ["a/new"]), use(group, four, NEW, ["a/old"]),
    ])  # fmt: skip
    then = found.at(date(2020, 1, 1))
    assert [(u.actor, u.item) for u in then.uses] == [("G1", "T1"), ("G1", "T3")]
    assert then.groups == ("G1",)
    assert found.at(date(2030, 1, 1)) is found
    assert found.at(date(2000, 1, 1)).groups == ()


def test_a_source_is_first_cited_when_it_was_retrieved_and_no_sooner_than_what_cites_it(tmp_path: Path) -> None:
    group, technique = actor("G1", OLD), item("attack-pattern", "T1", OLD)
    late = use(group, technique, OLD, ["https://www.vendor.example/Report/"])
    late["external_references"][0]["description"] = "Someone. Retrieved June 7, 2020."
    found = known(tmp_path, [group, technique, late])
    assert found.sources == {"vendor.example/report": date(2020, 6, 7)}


def test_the_same_page_under_several_addresses_is_one_source(tmp_path: Path) -> None:
    pages = (
        "http://www.a.example/x/",
        "https://a.example/x#part",
        "https://web.archive.org/web/2019/http://a.example/X",
    )
    objects = [{"type": "x", "external_references": [{"source_name": "n", "url": page}]} for page in pages]
    path = tmp_path / "b.json"
    path.write_bytes(bundle(objects))
    assert {source_of(one) for thing in things(path) for one in thing.external_references or ()} == {"a.example/x"}


def test_a_report_that_moved_is_no_new_report(tmp_path: Path) -> None:
    group, parts = actor("G1", OLD), [item("attack-pattern", f"T{k}", OLD) for k in range(6)]
    before, after = (
        "https://vendor.example/blog/the-long-name-of-a-report.html",
        "https:/buyer.example/the-long-name-of-a-report",
    )
    old = known(tmp_path, [group, *parts, *(use(group, part, OLD, [before]) for part in parts[:3])])
    new = known(tmp_path, [group, *parts, *(use(group, part, NEW, [after]) for part in parts[:4])])
    assert set(old.sources) == set(new.sources) == {"*/the-long-name-of-a-report"}
    assert first_reported(old.in_terms_of(new), new) == ()
    short = known(
        tmp_path, [group, *parts, *(use(group, part, NEW, ["https://buyer.example/report"]) for part in parts[:4])]
    )
    assert [one.id for one in first_reported(old.in_terms_of(short), short)] == ["buyer.example/report"]


def test_gzip_and_plain_say_the_same(tmp_path: Path) -> None:
    group, technique = actor("G1", OLD), item("attack-pattern", "T1", OLD)
    data = bundle([group, technique, use(group, technique, OLD, ["a/b"])])
    (tmp_path / "made-v2.1.json").write_bytes(data)
    (tmp_path / "made-v2.1.json.gz").write_bytes(gzip.compress(data))
    assert load_release(tmp_path / "made-v2.1.json") == load_release(tmp_path / "made-v2.1.json.gz")
    assert load_release(tmp_path / "made-v2.1.json").name == "v2.1"


@pytest.mark.parametrize("data", [
    b"", b"{", b"[]", b'{"type": "report", "objects": []}', b'{"type": "bundle", "objects": []}', b"\x1f\x8bbroken",
    gzip.compress(b'{"type": "bundle"', mtime=0)[:-6], b'{"type": "bundle", "objects": [{"type": 3}]}',
])  # fmt: skip
def test_what_is_no_bundle_with_groups_is_an_input_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        load_release(path)
    assert caught.value.faults[0].file == str(path)


def test_a_path_that_is_not_there_and_an_empty_folder_are_named_together(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_knowledge([tmp_path, tmp_path / "none.json"])
    assert [fault.file for fault in caught.value.faults] == [str(tmp_path), str(tmp_path / "none.json")]


def test_nulls_where_others_write_nothing_are_nothing(tmp_path: Path) -> None:
    group, technique = actor("G1", OLD), item("attack-pattern", "T1", OLD)
    data = json.loads(bundle([group, technique, use(group, technique, OLD, ["a/b"])]))
    for one in data["objects"]:
        one |= {"description": None, "aliases": None}
    path = tmp_path / "made.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert load_release(path).groups == ("G1",)


def test_incidents_are_what_is_cited_first_by_one_group(tmp_path: Path) -> None:
    one, two = actor("G1", OLD), actor("G2", OLD)
    parts = [item("attack-pattern", f"T{k}", OLD) for k in range(6)]
    old = known(tmp_path, [one, two, *parts, use(one, parts[0], OLD, ["a/old"]), use(two, parts[0], OLD, ["a/o2"])])
    newer = actor("G3", NEW)
    campaign, orphan = item("campaign", "C1", NEW), item("campaign", "C2", NEW)
    new = known(tmp_path, [
        one, two, newer, *parts, campaign, orphan,
        use(one, parts[0], OLD, ["a/old"]), use(two, parts[0], OLD, ["a/o2"]),
        *(use(one, part, NEW, ["a/first"]) for part in parts[:3]),
        *(use(one, part, NEW, ["a/old"]) for part in parts[3:]),
        *(use(who, part, NEW, ["a/both"]) for who in (one, two) for part in parts[:3]),
        *(use(newer, part, NEW, ["a/fresh"]) for part in parts[:3]),
        *(use(two, part, NEW, ["a/little"]) for part in parts[:2]),
        *(use(campaign, part, NEW, ["a/campaign"]) for part in parts[:4]), use(campaign, two, NEW, [], "attributed-to"),
        *(use(orphan, part, NEW, ["a/orphan"]) for part in parts[:4]),
    ])  # fmt: skip
    found = {one.id: one for one in first_reported(old.in_terms_of(new), new)}
    assert set(found) == {"a/first", "a/fresh", "C1", "C2"}
    assert (found["a/first"].truth, found["a/first"].known) == ("G1", True)
    assert (found["a/fresh"].truth, found["a/fresh"].known) == ("G3", False)
    assert (found["C1"].truth, found["C1"].known, set(found["C1"].forget)) == ("G2", True, {"a/campaign"})
    assert (found["C2"].truth, found["C2"].known) == ("", False)


def test_without_its_own_sources_a_campaign_is_not_told_by_itself(tmp_path: Path) -> None:
    group, one, two = actor("G1", OLD), item("attack-pattern", "T1", OLD), item("attack-pattern", "T2", OLD)
    found = known(tmp_path, [group, one, two, use(group, one, OLD, ["a/c"]), use(group, two, OLD, ["a/c", "a/d"])])
    left = found.without_sources(frozenset({"a/c"}))
    assert [(u.item, u.sources) for u in left.uses] == [("T2", ("a/d",))]


def test_earlier_knowledge_is_told_in_the_ids_of_a_later_release(tmp_path: Path) -> None:
    was, now, technique = actor("G1", OLD), actor("G2", OLD), item("attack-pattern", "T1", OLD)
    old = known(tmp_path, [was, now, technique, use(was, technique, OLD, ["a/b"])])
    new = known(tmp_path, [*revoked(was, now), now, technique, use(now, technique, OLD, ["a/b"])])
    assert [use.actor for use in old.in_terms_of(new).uses] == ["G2"]
    assert set(old.in_terms_of(new).actors) == {"G2"}


@pytest.mark.parametrize(("text", "nexus"), [
    ("[X](https://x) is a China-based threat group that targets Japan.", "China"),
    ("X is a suspected Iranian cyber espionage group. It hit Russian firms.", "Iran"),
    ("X is a group that has been attributed to Russia's General Staff (GRU).", "Russia"),
    ("X is a North Korean state-sponsored group.", "North Korea"),
    ("X is a Russia-based cybercriminal group that runs ransomware.", CRIMINAL),
    ("X is a financially motivated group.", CRIMINAL),
    ("X is a threat group that has targeted Chinese companies and Iran.", ""),
    ("", ""),
])  # fmt: skip
def test_nexus_is_what_the_text_ties_to_not_whom_it_hit(text: str, nexus: str) -> None:
    assert nexus_of(text) == nexus
