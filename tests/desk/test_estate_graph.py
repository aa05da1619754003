"""Dependencies sector by sector, and around one thing, against the rows of the table itself."""

from __future__ import annotations

import pytest

from noroshi.desk.estate_graph import around, links_of, matrix, sectors_of
from noroshi.errors import NotFoundError
from noroshi.estate.model import Estate
from noroshi.files.estates import load


@pytest.fixture(scope="module", params=["sorami", "japan"])
def estate(request: pytest.FixtureRequest) -> Estate:
    return load(request.param)


def test_every_link_is_in_the_matrix_or_counted_aside(estate: Estate) -> None:
    found = matrix(estate)
    every = [(provider.strip(), dependant)
             for dependant, providers in estate.frame("dependencies").select("dependant", "providers").iter_rows()
             for provider in providers.split(";") if provider.strip()]  # fmt: skip
    assert sum(map(sum, found.cells)) + found.aside == len(every)
    of = sectors_of(estate)
    ids = [one[0] for one in found.sectors]
    i, k = ids.index("power"), ids.index("medical")
    assert found.cells[i][k] == sum(of.get(a) == "power" and of.get(b) == "medical" for a, b in every) > 0


def test_around_a_service_is_what_it_needs_and_what_they_need(estate: Estate) -> None:
    links = links_of(estate)
    ident = max(estate.ids("services"), key=lambda one: sum(link.dependant == one for link in links))
    found = around(estate, "services", ident, most=10_000)
    needed = {link.provider for link in links if link.dependant == ident}
    assert {one.id for one in found.nodes if one.hops == -1} == needed
    assert found.nodes[0].id == ident
    places = {one.id: one.hops for one in found.nodes}
    assert all(places[link.dependant] - places[link.provider] == 1 for link in found.links)
    assert all(link.autonomy_h is not None for link in found.links)


def test_no_more_than_so_many_are_shown_the_nearest_first(estate: Estate) -> None:
    links = links_of(estate)
    busiest = max(estate.ids("power_buses"), key=lambda one: sum(link.provider == one for link in links))
    whole, some = around(estate, "power_buses", busiest, most=10_000), around(estate, "power_buses", busiest, most=5)
    assert len(some.nodes) == 5
    assert some.left_out == len(whole.nodes) - 5
    assert [abs(one.hops) for one in whole.nodes] == sorted(abs(one.hops) for one in whole.nodes)
    assert len(around(estate, "power_buses", busiest).nodes) <= 60


def test_of_an_organisation_it_is_its_neighbourhood_and_of_nothing_nothing(estate: Estate) -> None:
    assert around(estate, "organisations", estate.ids("organisations")[0]).nodes[0].hops == 0
    for table, ident in (("organisations", "nobody"), ("services", "nothing"), ("contacts", "x")):
        with pytest.raises(NotFoundError):
            around(estate, table, ident)
