"""Threats by name, from TOML, from STIX bundles and from the galaxies; and what each refuses."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from noroshi.errors import InputError, NotFoundError
from noroshi.files.galaxies import clusters, galaxy_names
from noroshi.files.sector_words import sectors_of
from noroshi.files.threats import DEFAULT_THREAT, find_threat, load_threat, shipped_threats
from noroshi.stress.threat import DEFAULT_EFFECTS

SHARED = Path(os.environ.get("NOROSHI_SHARED", Path(__file__).parents[2].parent / "shared")) / "data"
ENTERPRISE = SHARED / "attack" / "enterprise-attack-v14.1.json.gz"
ICS = SHARED / "stix" / "ics-attack.json.gz"


def faults(text: str) -> list[tuple[str, int | None, str]]:
    with pytest.raises(InputError) as caught:
        find_threat(text)
    assert all(fault.remedy for fault in caught.value.faults)
    return [(fault.code, fault.row, fault.column) for fault in caught.value.faults]


# Shipped and from TOML


def test_the_default_is_the_campaign_of_december_2014() -> None:
    threat = find_threat(DEFAULT_THREAT)
    assert {"power", "gas", "railway", "media"} <= set(threat.sectors)
    assert {effect for effect, _ in threat.effects} == {"trip", "freeze", "loss_of_control", "data_loss"}
    assert sum(weight for _, weight in threat.effects) == pytest.approx(1.0)
    assert (threat.period_days, threat.assumed_effects) == (30.0, False)
    assert "T1561.002" in threat.techniques


def test_shipped_threats_are_whole() -> None:
    assert {threat.id for threat in shipped_threats()} >= {"campaign-2014", "ransomware-wave"}
    for threat in shipped_threats():
        assert threat.name_ja
        assert "assumptions" in threat.source


@pytest.mark.parametrize("name", ["ransomware-wave", "Ransomware Wave", "ransomware", "ランサムウェア"])
def test_names_are_compared_kindly(name: str) -> None:
    assert find_threat(name).id == "ransomware-wave"


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    lines = ('name = "Mine"', 'techniques = ["T0827", "T1041"]', 'sectors = ["water"]', "period_days = 7")
    path.write_text("\n".join(lines), encoding="utf-8")
    threat = find_threat(str(path))
    assert (threat.id, threat.name, threat.sectors, threat.period_days) == ("mine", "Mine", ("water",), 7.0)
    assert threat.effects == (("loss_of_control", 0.5), ("data_loss", 0.5))
    assert find_threat(str(path), period_days=90.0).period_days == 90.0


def test_without_techniques_the_effects_are_assumed(tmp_path: Path) -> None:
    path = tmp_path / "bare.toml"
    path.write_text('name = "Bare"\n', encoding="utf-8")
    threat = load_threat(path)
    assert (threat.effects, threat.assumed_effects, threat.sectors) == (DEFAULT_EFFECTS, True, ())


def test_all_faults_of_a_file_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("""id = ""
techniques = ["T1486", "1561"]
sectors = "power"
period_days = 0
reach = -1
tactic = "impact"

[[effect]]
effect = "tripp"

[[effect]]
weight = 0
""", encoding="utf-8")  # fmt: skip
    assert sorted(faults(str(path)), key=lambda f: (f[1] or 0, f[2])) == [
        ("bad-threat", None, "name"),
        ("bad-threat", 1, "id"),
        ("bad-threat", 2, "techniques"),
        ("bad-threat", 3, "sectors"),
        ("out-of-range", 4, "period_days"),
        ("out-of-range", 5, "reach"),
        ("bad-threat", 6, "tactic"),
        ("bad-threat", 9, "effect"),
        ("bad-threat", 11, "effect"),
        ("bad-threat", 12, "weight"),
    ]


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "threat.csv"
    path.write_text("a,b\n", encoding="utf-8")
    assert faults(str(path)) == [("bad-threat", None, "")]
    assert faults(str(tmp_path / "none.toml")) == [("missing-file", None, "")]
    assert faults(str(tmp_path / "none.json#G0032")) == [("missing-file", None, "")]


# STIX bundles


def relation(kind: str, source: str, target: str, **more: object) -> dict[str, Any]:
    return {"type": "relationship", "id": f"relationship--{source}-{kind}-{target}", "relationship_type": kind,
            "source_ref": source, "target_ref": target, **more}  # fmt: skip


def thing(kind: str, name: str, outer: str = "", **more: object) -> dict[str, Any]:
    refs = [{"source_name": "mitre-attack", "external_id": outer}] if outer else []
    return {"type": kind, "id": f"{kind}--{name}", "name": name, "external_references": refs, **more}


BUNDLE = [
    thing("intrusion-set", "Grey Heron", "G9001", aliases=["Grey Heron", "Sagi"]),
    thing("campaign", "Night Tide", "C9001"),
    thing("intrusion-set", "Old Heron", "G9000", revoked=True),
    thing("attack-pattern", "Encrypt", "T1486"),
    thing("attack-pattern", "Take", "T1041"),
    thing("attack-pattern", "Lose control", "T0827"),
    thing("attack-pattern", "Gone", "T1485", x_mitre_deprecated=True),
    thing("identity", "Waterworks", sectors=["water", "utilities"]),
    relation("uses", "intrusion-set--Grey Heron", "attack-pattern--Encrypt"),
    relation("uses", "intrusion-set--Grey Heron", "attack-pattern--Gone"),
    relation("uses", "intrusion-set--Grey Heron", "attack-pattern--Take", revoked=True),
    relation("uses", "campaign--Night Tide", "attack-pattern--Lose control"),
    relation("attributed-to", "campaign--Night Tide", "intrusion-set--Grey Heron"),
    relation("targets", "intrusion-set--Grey Heron", "identity--Waterworks"),
]


def bundle(tmp_path: Path, objects: object, name: str = "b.json", **more: object) -> Path:
    path = tmp_path / name
    data = json.dumps({"type": "bundle", "id": "bundle--1", "objects": objects, **more}).encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


@pytest.mark.parametrize("file", ["b.json", "b.json.gz"])
@pytest.mark.parametrize("name", ["G9001", "grey heron", "Sagi", "intrusion-set--Grey Heron"])
def test_a_group_of_a_bundle(tmp_path: Path, file: str, name: str) -> None:
    threat = find_threat(f"{bundle(tmp_path, BUNDLE, file)}#{name}")
    assert (threat.id, threat.name, threat.aliases) == ("G9001", "Grey Heron", ("Sagi",))
    # Its own technique and its campaign's; not the deprecated one, nor that of the revoked relation.
    assert threat.techniques == ("T0827", "T1486")
    assert threat.sectors == ("power", "gas", "water")
    assert threat.effects == (("freeze", 0.5), ("loss_of_control", 0.5))


def test_a_campaign_of_a_bundle(tmp_path: Path) -> None:
    assert find_threat(f"{bundle(tmp_path, BUNDLE)}#C9001").techniques == ("T0827",)


def test_one_actor_needs_no_name(tmp_path: Path) -> None:
    threat = find_threat(str(bundle(tmp_path, [thing("intrusion-set", "Lone")])))
    assert (threat.name, threat.id, threat.assumed_effects) == ("Lone", "intrusion-set--Lone", True)


def test_a_name_that_the_bundle_does_not_have(tmp_path: Path) -> None:
    path = bundle(tmp_path, BUNDLE)
    with pytest.raises(NotFoundError, match="Grey Heron"):
        find_threat(f"{path}#gray heron")
    with pytest.raises(NotFoundError):
        find_threat(f"{path}#Old Heron")


@pytest.mark.parametrize(
    ("objects", "place"),
    [(BUNDLE, ""), ([], ""), ([thing("intrusion-set", "x", revoked=True)], ""), (3, "$.objects"),
     ([{"id": "no type"}], "$.objects[0]"), ([*BUNDLE, {"type": "x", "name": 3}], "$.objects[14].name"),
     ([{"type": "x", "external_references": [{"external_id": 3}]}], "$.objects[0].external_references[0].external_id")],
)  # fmt: skip
def test_a_bundle_at_fault_names_the_place(tmp_path: Path, objects: object, place: str) -> None:
    assert faults(str(bundle(tmp_path, objects))) == [("bad-threat", None, place)]


def test_what_is_no_bundle(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for data, found in (
        (b"{", ("bad-json", None, "")),
        (b'{"type": "\xff"}', ("bad-json", None, "")),
        (b'{"type": "indicator"}', ("bad-threat", None, "$.type")),
        (gzip.compress(b'{"type": "bundle"}')[:-9], ("bad-threat", None, "")),
        (b"\x1f\x8bnot gzip", ("bad-threat", None, "")),
        (b"", ("bad-json", None, "")),
    ):
        path.write_bytes(data)
        assert faults(str(path)) == [found], data


def test_a_bundle_that_unpacks_to_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bundle(tmp_path, BUNDLE, "b.json.gz")
    monkeypatch.setattr("noroshi.files.stix_threats.LARGEST_BYTES", 100)
    assert faults(str(path)) == [("too-many", None, "")]


@pytest.mark.skipif(not ENTERPRISE.is_file(), reason="needs ../shared/data/attack (or NOROSHI_SHARED)")
def test_lazarus_of_attack_14() -> None:
    threat = find_threat(f"{ENTERPRISE}#G0032")
    assert threat.name == "Lazarus Group"
    assert {"T1561.002", "T1485", "T1489"} <= set(threat.techniques)
    assert len(threat.techniques) > 80
    assert not threat.assumed_effects


@pytest.mark.skipif(not ICS.is_file(), reason="needs ../shared/data/stix (or NOROSHI_SHARED)")
def test_ukraine_2015_of_attack_for_ics() -> None:
    threat = find_threat(f"{ICS}#2015 Ukraine Electric Power Attack")
    weights = dict(threat.effects)
    assert threat.id == "C0028"
    assert max(weights, key=lambda effect: weights[effect]) == "loss_of_control"


# The galaxies


@pytest.mark.parametrize(
    ("asked", "outer", "sectors"),
    [("Lazarus", "G0032", set()), ("Lazarus Group", "G0032", set()), ("hidden cobra", "G0032", set()),
     ("Sandworm", "G0034", {"power", "gas"}), ("sandworm team", "G0034", {"power"}), ("G0034", "G0034", {"power"}),
     ("APT28", "G0007", {"government", "defence"}), ("Fancy Bear", "G0007", {"government"})],
)  # fmt: skip
def test_a_group_of_the_galaxies(asked: str, outer: str, sectors: set[str]) -> None:
    threat = find_threat(asked)
    assert threat.id == outer
    assert len(threat.techniques) > 50
    assert threat.sectors == () if not sectors else sectors <= set(threat.sectors)
    assert threat.countries
    assert not threat.assumed_effects
    assert threat.name not in threat.aliases


@pytest.mark.compiled
def test_every_group_and_actor_makes_a_threat() -> None:
    for cluster in (*clusters("mitre-intrusion-set"), *clusters("threat-actor")):
        threat = find_threat(cluster.value)
        assert threat.source.startswith("MISP galaxy")
        assert sum(weight for _, weight in threat.effects) == pytest.approx(1.0)


def test_an_unknown_name_is_told_what_is_near() -> None:
    with pytest.raises(NotFoundError, match="Lazarus"):
        find_threat("Lazerus Group")
    with pytest.raises(NotFoundError, match="campaign-2014"):
        find_threat("campain 2014")
    with pytest.raises(NotFoundError, match="ransomware-wave"):
        find_threat("zzzzzzzz")
    with pytest.raises(NotFoundError):
        find_threat("")


def test_without_the_package_shipped_threats_still_work(monkeypatch: pytest.MonkeyPatch) -> None:
    clusters.cache_clear()
    monkeypatch.setattr("noroshi.files.galaxies.find_spec", lambda _: None)
    try:
        assert galaxy_names() == []
        assert find_threat("ransomware").id == "ransomware-wave"
        with pytest.raises(NotFoundError):
            find_threat("Lazarus")
    finally:
        clusters.cache_clear()


def test_the_package_itself_is_not_imported() -> None:
    code = (
        "import sys; from noroshi.files.threats import find_threat; "
        "find_threat('APT28'); print('pymispgalaxies' in sys.modules)"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == "False"


def test_words_for_sectors() -> None:
    assert sectors_of(["Energy"]) == ("power", "gas", "petroleum")
    assert sectors_of(["Rail", "News - Media"]) == ("railway", "media")
    assert sectors_of([], ["Private sector", "Government"]) == ()
    assert sectors_of(["Bank"], ["Private sector"]) == ("finance",)
    assert sectors_of(["Infrastructure", "Bank"]) == ()
    assert sectors_of(["Unheard of"]) == ()
