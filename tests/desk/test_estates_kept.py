"""Estates that the hub keeps: versions, who may, what is refused leaves nothing, two at once, the journal."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.browser.site import made_hub

from noroshi.desk import estates_kept
from noroshi.desk.estate_editing import brought_in, with_row, without_row
from noroshi.desk.hub import Hub
from noroshi.errors import InputError
from noroshi.estate.diff import diff
from noroshi.estate.model import Estate
from noroshi.files.estate_json import to_json
from noroshi.files.estates import load
from noroshi.share.taxii import Refused
from noroshi.store.contract import Principal

NOW = 1_700_000_000_000_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hub")


@pytest.fixture(scope="module")
def hub(folder: Path) -> Iterator[Hub]:
    made = made_hub(folder, "")
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def sorami() -> Estate:
    return load("sorami")


def who(hub: Hub, name: str) -> Principal:
    found = hub.store.principal(name)
    assert found
    return found[0]


def typed(estate: Estate, table: str, ident: str) -> dict[str, str]:
    row = estate.frame(table).row(estate.rows(table)[ident], named=True)
    return {
        name: "" if value is None else ("yes" if value else "no") if isinstance(value, bool) else str(value)
        for name, value in row.items()
    }


def test_a_copy_is_changed_compared_and_restored_and_no_version_is_lost(hub: Hub, folder: Path, sorami: Estate) -> None:
    me = who(hub, "grid")
    one = estates_kept.begin(hub, me, folder, sorami, "My country", "copied", NOW)
    assert diff(sorami, load(estates_kept.place(folder, one))).tables == ()
    cells = {**typed(sorami, "services", "metro"), "people": "270000"}
    before = one.versions[-1].sha
    one = estates_kept.changed(
        hub, me, folder, one.key, before, lambda old: with_row(old, "services", "metro", cells, "en"), "metro", NOW + 1
    )
    (table,) = estates_kept.difference(me, folder, one.key, 2).tables
    assert [(c.id, c.column, c.old, c.new) for c in table.changed] == [("metro", "people", 260000, 270000)]
    at = [estates_kept.place(folder, one, no) / "organisations.csv" for no in (1, 2)]
    assert at[0].samefile(at[1])
    one = estates_kept.restored(hub, me, folder, one.key, 1, NOW + 2)
    assert [each.what for each in one.versions] == ["copied", "changed", "restored"]
    assert one.versions[-1].sha == before
    assert estates_kept.found(me, folder, one.key) == one
    told = hub.store.ask("SELECT content FROM journal WHERE kind = 'applied' ORDER BY no DESC LIMIT 3", ())
    assert all(b'"table":"estate"' in row[0] for row in told)


def test_what_is_wrong_is_said_and_nothing_is_kept(hub: Hub, folder: Path, sorami: Estate) -> None:
    me = who(hub, "grid")
    one = estates_kept.begin(hub, me, folder, sorami, "Faulty", "copied", NOW)
    cells = {**typed(sorami, "services", "metro"), "people": "many", "sector": "nothing", "floor": "7"}
    with pytest.raises(InputError) as wrong:
        estates_kept.changed(
            hub, me, folder, one.key, one.versions[-1].sha,
            lambda old: with_row(old, "services", "metro", cells, "en"), "", NOW,
        )  # fmt: skip
    assert {fault.column for fault in wrong.value.faults} == {"people", "sector", "floor"}
    assert all(fault.remedy for fault in wrong.value.faults)
    assert estates_kept.found(me, folder, one.key) == one
    assert len(list(estates_kept.place(folder, one).parent.iterdir())) == 1
    with pytest.raises(InputError):
        without_row(sorami, "organisations", "asanagi-grid", "en")
    fewer = without_row(sorami, "contacts", sorami.ids("contacts")[0], "en")
    assert fewer.count("contacts") == sorami.count("contacts") - 1


def test_ones_own_are_for_oneself_and_the_centre_alone(hub: Hub, folder: Path, sorami: Estate) -> None:
    one = estates_kept.begin(hub, who(hub, "gas"), folder, sorami, "Of gas", "copied", NOW)
    assert one in estates_kept.listed(who(hub, "duty"), folder)
    assert one not in estates_kept.listed(who(hub, "grid"), folder)
    assert estates_kept.listed(who(hub, "ally"), folder) == ()
    with pytest.raises(Refused) as hidden:
        estates_kept.restored(hub, who(hub, "grid"), folder, one.key, 1, NOW)
    assert hidden.value.status == 404
    with pytest.raises(Refused) as never:
        estates_kept.begin(hub, who(hub, "ally"), folder, sorami, "Of an ally", "copied", NOW)
    assert never.value.status == 403


def test_who_has_looked_at_an_older_version_is_told(hub: Hub, folder: Path, sorami: Estate) -> None:
    me = who(hub, "duty")
    one = estates_kept.begin(hub, me, folder, sorami, "Two at once", "copied", NOW)
    base = one.versions[-1].sha
    cells = {**typed(sorami, "services", "metro"), "people": "1"}
    estates_kept.changed(
        hub, me, folder, one.key, base, lambda old: with_row(old, "services", "metro", cells, "en"), "", NOW
    )
    with pytest.raises(Refused) as late:
        estates_kept.changed(hub, me, folder, one.key, base, lambda old: old, "", NOW)
    assert late.value.status == 409


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def hurt() -> bytes:
    """Return a ZIP whose packed bytes are damaged, which only unpacking shows."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("services.csv", "id,name\n" * 500)
    whole, at = bytearray(out.getvalue()), 30 + len("services.csv")
    whole[at : at + 8] = bytes(255 - one for one in whole[at : at + 8])
    return bytes(whole)


def test_an_estate_is_brought_in_as_json_as_a_zip_of_tables_and_as_a_matpower_case(
    sorami: Estate, tmp_path: Path
) -> None:
    from noroshi.files.estates import save

    save(sorami, tmp_path / "sorami")
    tables = packed({f"sorami/{path.name}": path.read_bytes() for path in (tmp_path / "sorami").iterdir()})
    for name, data in (("a.json", to_json(sorami)), ("a.zip", tables)):
        found, findings = brought_in(name, data)
        assert found is not None, findings.faults()
        assert not diff(sorami, found)


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.exe", b""), ("a.zip", b"no zip"), ("a.zip", hurt()), ("a.zip", packed({f"{k}.csv": b"" for k in range(200)}))],
)
def test_what_is_no_estate_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(InputError) as wrong:
        brought_in(name, data)
    assert wrong.value.faults[0].remedy


def test_names_in_a_zip_lead_nowhere_else(tmp_path: Path) -> None:
    _, findings = brought_in("a.zip", packed({"../../outside.csv": b"id\nx\n", "/etc/services.csv": b"id\nx\n"}))
    assert findings.errors
    assert not list(tmp_path.parent.glob("outside.csv"))
