"""What the pages of sharing ask the desk: a draft from an advisory, who would get an object, partners, sightings."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browser.site import LIVE, declaration, made_hub
from tests.desk.test_searching import GREEN, RED, indicator, link, made, oid, send, who
from tests.files.csaf_samples import advisory

from noroshi.desk.bringing_in_sent import bring_in_sent
from noroshi.desk.cursors import hub_key
from noroshi.desk.declaring import apply_declaration
from noroshi.desk.hub import Hub
from noroshi.desk.leaving import would_get
from noroshi.desk.peers_health import health
from noroshi.desk.searching import around, named
from noroshi.desk.sighting import disputed, seen_here
from noroshi.desk.warnings_drafting import begun, preview
from noroshi.errors import InputError
from noroshi.settings import Settings
from noroshi.share.learning import learn_all
from noroshi.share.taxii import Refused
from noroshi.store import peers
from noroshi.store.peers import PULL, State

NOW = time.time_ns() // 1000
HOUR = 3_600_000_000
PEER = f"""
[[grant]]
principal = "ally"
collection = "{LIVE}"
read = true
write = true
[[peer]]
name = "allies"
url = "https://hub.example/trust/"
collection = "52892447-4d7e-4f70-b94d-d7f22742ff63"
principal = "ally"
token = "a-token-of-at-least-twenty-characters"
pull = true
push = true
into = "{LIVE}"
from = "{LIVE}"
max_tlp = "GREEN"
"""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    learn_all()
    found = made_hub(tmp_path, "")
    yield found
    found.store.close()


def settings(folder: Path) -> Settings:
    return Settings("127.0.0.1", 8600, "en", 0, folder, folder, "")


def test_a_warning_begins_with_an_advisory_and_whom_its_products_concern(hub: Hub, tmp_path: Path) -> None:
    duty = who(hub, "duty")
    root = hub.roots(duty)[0]
    at = (root, hub.collection(duty, root, LIVE))
    came = bring_in_sent(hub, duty, at, "csaf.json", json.dumps(advisory()).encode(), NOW)
    assert came.done.failures == ()
    report = next(name for name, kind, _ in came.first if kind == "report")
    said = begun(hub, duty, report, LIVE)
    assert said.title.en
    assert said.audience.products
    assert said.about[0] == report
    found = preview(hub, tmp_path, "", duty, said, NOW)
    assert said.title.ja in found.carried.mail.text
    assert json.loads(found.carried.taxii)["objects"][-1]["type"] == "note"
    assert hub.store.ask("SELECT count(*) FROM warning") == [(0,)]


def test_what_is_marked_more_strictly_does_not_come_into_a_draft(hub: Hub) -> None:
    held = [oid("indicator", 1), oid("indicator", 2)]
    wave = made("grouping", 3, GREEN, context="suspicious-activity", name="Wave", object_refs=held)
    send(hub, indicator(1), indicator(2, RED), wave)
    said = begun(hub, who(hub, "duty"), oid("grouping", 3), LIVE)
    assert ("10.0.0.1" in said.action.en, "10.0.0.2" in said.action.en, said.tlp) == (True, False, "GREEN")
    assert oid("indicator", 2) not in said.about
    with pytest.raises(Refused):
        begun(hub, who(hub, "grid"), oid("grouping", 3), LIVE)


def test_who_would_get_an_object_and_why_not(hub: Hub, tmp_path: Path) -> None:
    file = tmp_path / "peer.toml"
    file.write_text(declaration() + PEER)
    apply_declaration(hub.store, file, hub_key(tmp_path))
    send(hub, indicator(1), indicator(2, RED), made("malware", 3, name="Kagerou", is_family=True))
    send(hub, link(4, oid("indicator", 2), oid("malware", 3)))
    duty = who(hub, "duty")
    where = named(hub, duty, oid("indicator", 1)).where
    found = {name: would_get(hub, settings(tmp_path), duty, where, oid(*name)) for name in
             (("indicator", 1), ("indicator", 2), ("relationship", 4))}  # fmt: skip
    rules = {name: {one.name: one.rule for one in leaving.readers} for name, leaving in found.items()}
    assert rules["indicator", 1] == dict.fromkeys(("ally", "boss", "duty", "gas", "grid"), "")
    assert rules["indicator", 2] == {"ally": "tlp-not-seen", "boss": "", "duty": "", "gas": "tlp-not-seen",
                                     "grid": "tlp-not-seen"}  # fmt: skip
    assert rules["relationship", 4]["grid"] == "not-told"
    assert [one[:2] for one in found["indicator", 1].peers] == [("allies", "leaves")]
    assert [one[:2] for one in found["indicator", 2].peers] == [("allies", "tlp-not-seen")]
    for name in ("grid", "energy-ministry", "ally"):
        with pytest.raises(Refused):
            would_get(hub, settings(tmp_path), who(hub, name), where, oid("indicator", 1))


def test_how_a_partner_stands(hub: Hub, tmp_path: Path) -> None:
    file = tmp_path / "peer.toml"
    file.write_text(declaration() + PEER)
    apply_declaration(hub.store, file, hub_key(tmp_path))
    duty, (peer,) = who(hub, "duty"), peers.known_peers(hub.store)

    def standing() -> tuple[str, ...]:
        return tuple(way.standing for way in health(hub, duty, NOW)[0].ways)

    assert standing() == ("never", "never")
    peers.failed(hub.store, peer.no, PULL, State(tried=NOW - HOUR // 2)).result(10)
    assert standing() == ("well", "never")
    peers.failed(hub.store, peer.no, PULL, State(tried=NOW - 2 * HOUR)).result(10)
    assert standing() == ("late", "never")
    peers.failed(hub.store, peer.no, PULL, State(tried=NOW, failures=3, next_try=NOW + HOUR, fault="tls")).result(10)
    way = health(hub, duty, NOW)[0].ways[0]
    assert (way.standing, way.failures, way.next_try, way.fault) == ("failing", 3, NOW + HOUR, "tls")
    with pytest.raises(Refused):
        health(hub, who(hub, "grid"), NOW)


def test_a_sighting_and_a_false_positive_are_marked_as_what_they_are_about(hub: Hub) -> None:
    send(hub, indicator(1))
    duty = who(hub, "duty")
    one = named(hub, duty, oid("indicator", 1))
    for count, span in ((0, (NOW, NOW)), (1, (NOW, NOW - 1)), (1, (NOW, NOW + HOUR))):
        with pytest.raises(Refused):
            seen_here(hub, duty, one, count, span, NOW)
    seen_here(hub, duty, one, 7, (NOW - HOUR, NOW), NOW)
    disputed(hub, duty, one, "our own scanner", NOW)
    found = {each.row.type: each for each in around(hub, who(hub, "grid"), one).found}
    assert found["sighting"].value["count"] == 7
    assert found["opinion"].value["explanation"] == "our own scanner"
    assert {str(each.tlp) for each in found.values()} == {"GREEN"}
    with pytest.raises(Refused):
        seen_here(hub, who(hub, "grid"), named(hub, who(hub, "grid"), one.row.id), 1, (NOW, NOW), NOW)


def test_a_file_that_cannot_be_read_is_named_as_its_sender_names_it(hub: Hub) -> None:
    duty = who(hub, "duty")
    root = hub.roots(duty)[0]
    with pytest.raises(InputError) as error:
        bring_in_sent(hub, duty, (root, hub.collection(duty, root, LIVE)), "partner.json", b"{", NOW)
    assert error.value.faults[0].file == "partner.json"
