"""Looking through an estate: search in both languages, a table in pages and as CSV, what refers to a row."""

from __future__ import annotations

import csv
import io

import pytest

from noroshi.desk.estate_browsing import counts, csv_of, named, part, search, thing
from noroshi.errors import NotFoundError
from noroshi.estate.model import Estate
from noroshi.files.estates import load


@pytest.fixture(scope="module")
def sorami() -> Estate:
    return load("sorami")


@pytest.mark.parametrize(
    "text", ["Asanagi Grid", "asanagi-grid", "朝凪送配電", "grid ASANAGI", "ＡＳＡＮＡＧＩ ｇｒｉｄ"]
)
def test_a_thing_is_found_by_id_and_by_either_name_in_any_width(sorami: Estate, text: str) -> None:
    found, total = search(sorami, text)
    assert ("organisations", "asanagi-grid") in [one[:2] for one in found]
    assert total >= len(found)


def test_who_begins_with_the_text_comes_first_and_all_are_counted(sorami: Estate) -> None:
    found, total = search(sorami, "port", most=3)
    assert (len(found), total > 3) == (3, True)
    starts = [any(name.lower().startswith("port") for name in one[1:]) for one in search(sorami, "port")[0]]
    assert starts == sorted(starts, reverse=True)
    assert search(sorami, "  ") == ((), 0)
    assert search(sorami, "no such thing") == ((), 0)


def test_a_table_is_shown_in_pages_that_are_all_of_it(sorami: Estate) -> None:
    first, second = part(sorami, "services", most=20), part(sorami, "services", start=20, most=20)
    assert [row[0] for row in (*first.rows, *second.rows)] == sorami.ids("services")
    assert first.total == counts(sorami)["services"] == 35
    assert "source" not in [col.name for col in first.columns]


def test_a_table_is_filtered_and_put_in_order(sorami: Estate) -> None:
    power = part(sorami, "services", where=("sector", "power"), order="-people")
    at = [col.name for col in power.columns].index("people")
    assert [row[at] for row in power.rows] == sorted((row[at] for row in power.rows), reverse=True)
    assert power.total == sorami.frame("services")["sector"].to_list().count("power")
    assert part(sorami, "services", "水道").total == part(sorami, "services", where=("sector", "water")).total
    assert part(sorami, "services", where=("nothing", "x"), order="nothing").total == 35
    assert csv_of(sorami, "services", where=("sector", "power")).count("\n") == power.total + 1


def test_the_csv_of_a_table_has_every_column_and_words_for_yes_and_no(sorami: Estate) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_of(sorami, "organisations"))))
    assert len(rows) == 60
    assert {one["illustrative"] for one in rows} <= {"yes", "no"}
    assert list(rows[0]) == sorami.frame("organisations").columns


def test_a_row_has_what_refers_to_it(sorami: Estate) -> None:
    found = thing(sorami, "organisations", "asanagi-grid")
    referring = {(table, column): ids for table, column, ids, _ in found.referring}
    assert ("systems", "organisation") in referring
    systems = sorami.frame("systems")
    assert referring["systems", "organisation"] == tuple(
        systems.row(k, named=True)["id"] for k in range(systems.height)
        if systems.row(k, named=True)["organisation"] == "asanagi-grid"
    )  # fmt: skip
    assert dict((col.name, value) for col, value in found.values)["sector"] == "power"  # noqa: C402
    assert named(sorami)["asanagi-grid"].table == "organisations"


@pytest.mark.parametrize(("table", "ident"), [("organisations", "nobody"), ("no-table", "asanagi-grid")])
def test_what_is_not_there_is_said(sorami: Estate, table: str, ident: str) -> None:
    with pytest.raises(NotFoundError):
        thing(sorami, table, ident)
    if table == "no-table":
        with pytest.raises(NotFoundError):
            part(sorami, table)
