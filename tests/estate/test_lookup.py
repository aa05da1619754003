"""One row and its neighbours."""

from __future__ import annotations

import pytest

from noroshi.errors import NotFoundError
from noroshi.estate.lookup import Link, look_up
from noroshi.estate.model import Meta, from_frames

ESTATE = from_frames(
    Meta("e"),
    {
        "suppliers": [{"id": "msp", "name_en": "M", "name_ja": "M", "kind": "cloud"}],
        "sectors": [{"id": "port", "name_en": "P", "name_ja": "P"}],
        "organisations": [{"id": "port", "name_en": "P", "name_ja": "P", "sector": "port"}],
        "systems": [{"id": "tos", "organisation": "port", "kind": "terminal_os", "suppliers": "msp; x"}],
        "assets": [{"id": "berth", "kind": "berth", "commanded_by": "tos"}, {"id": "crane", "kind": "crane"}],
        "dependencies": [
            {"id": "d", "dependant": "berth", "providers": "crane;tos", "commodity": "access", "autonomy_h": 2.5},
            {"id": "e", "dependant": "tos", "providers": "crane", "commodity": "data"},
        ],
    },
)


def test_what_a_unit_needs_and_who_needs_it() -> None:
    (entry,) = look_up(ESTATE, "tos")
    assert entry.table == "systems"
    assert entry.values["kind"] == "terminal_os"
    assert "products" not in entry.values
    assert entry.needs == (Link("port", "organisation"), Link("msp", "suppliers"), Link("x", "suppliers"),
                           Link("crane", "data (all, 0 h)"))  # fmt: skip
    assert entry.needed_by == (Link("berth", "assets.commanded_by"), Link("berth", "access (all, 2.5 h)"))
    assert (entry.needs_total, entry.needed_by_total) == (4, 2)


def test_rows_that_are_no_units_and_ids_in_two_tables() -> None:
    sector, organisation = look_up(ESTATE, "port")
    assert sector.needed_by == (Link("port", "organisations.sector"),)
    assert organisation.needed_by == (Link("tos", "systems.organisation"),)
    (supplier,) = look_up(ESTATE, "msp")
    assert supplier.needed_by == (Link("tos", "systems.suppliers"),)


def test_an_id_that_is_not_there() -> None:
    with pytest.raises(NotFoundError, match="did you mean crane"):
        look_up(ESTATE, "crain")
    with pytest.raises(NotFoundError) as raised:
        look_up(ESTATE, "zzzzzz")
    assert "did you mean" not in str(raised.value)
