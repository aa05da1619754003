"""What the brief says in words, on figures worked by hand."""

from __future__ import annotations

import msgspec
import pytest
from tests.report.made_brief import made_brief

from noroshi.report import reading, tables


@pytest.mark.parametrize(
    ("chance", "state"), [(0, 0), (0.0099, 0), (0.01, 1), (0.05, 2), (0.1999, 2), (0.2, 3), (1, 3)]
)
def test_classes_of_risk(chance: float, state: int) -> None:
    assert reading.risk(chance) == state


def test_the_sentence_counts_what_is_under_the_mark() -> None:
    brief = made_brief()
    first, todo = reading.headline(brief, "en")
    assert first.startswith("8 of 10 sectors are under the pass mark of 72. If Volt Typhoon breaks in, expect ")
    # 0.083 x its consequence is the greatest product of the seven
    assert todo == "Press first: Hospital trust, Fukuoka. Warn: 5 organisations."
    japanese, todo_ja = reading.headline(brief, "ja")
    assert japanese.startswith("10分野のうち8分野が合格点72点を下回る。Volt Typhoonが侵入した場合、72時間で")
    assert todo_ja == "まず病院機構(福岡)に改善を求め、5組織に警告する。"


def test_with_nobody_to_press_nothing_is_said() -> None:
    brief = made_brief()
    assert reading.headline(msgspec.structs.replace(brief, matters_most=(), press_first=()), "en")[1] == ""
    alone = msgspec.structs.replace(brief, warn=brief.warn[:1])
    assert reading.headline(alone, "en")[1].endswith("Warn: 1 organisation.")
    assert reading.headline(msgspec.structs.replace(brief, warn=()), "en")[1] == "Press first: Hospital trust, Fukuoka."


def test_services_are_ranked_and_split_into_harmed_and_calm() -> None:
    harmed, calm = reading.ranked(made_brief())
    means = [s.person_hours_below_floor.mean for s in harmed]
    assert means == sorted(means, reverse=True)
    assert len(harmed) == 141
    assert {s.sector for s in calm} == {"port", "rail", "finance"}


def test_the_worst_service_of_an_area_decides_its_class() -> None:
    brief = made_brief()
    worst = reading.worst_by_tile(brief)
    assert len(worst) == 47
    aichi = [s for s in brief.services if s.area == "aichi"]
    assert worst["JP-23"] is max(aichi, key=lambda s: s.p_beyond_tolerance)


def test_rows_have_one_cell_a_column() -> None:
    brief = made_brief()
    for lang in ("en", "ja"):
        made = [
            tables.ladder(brief, lang), *tables.services(brief, lang, top=12), tables.curves(brief, lang, top=6)[0],
            tables.areas(brief, lang), tables.matrix(brief, lang, top=12), *tables.resilience(brief, lang, top=10),
            tables.matters_most(brief, lang), tables.warn(brief, lang), tables.harms(brief.harms, lang),
            tables.tornado(brief.sensitivity, brief.harms.service.person_hours_below_floor.mean, lang),
        ]  # fmt: skip
        for table in made:
            assert table.rows, table.caption
            assert all(len(row) == len(table.columns) for row in table.rows), table.caption


def test_recovery_is_when_the_median_is_back_for_good() -> None:
    from noroshi.desk.brief_schema import CurveBand

    brief = made_brief()
    base = next(s for s in brief.services if s.bands is not None)

    def recovery(*median: float) -> str:
        hours = tuple(float(h) for h in range(len(median)))
        bands = CurveBand(hours=hours, p05=median, p50=median, p95=median)
        service = msgspec.structs.replace(base, floor=0.5, bands=bands)
        table, _ = tables.curves(msgspec.structs.replace(brief, services=(service,)), "en", top=1)
        return table.rows[0][3].text.replace("\u00a0", " ")

    assert recovery(1, 0.5, 1) == "never below"
    assert recovery(1, 0.4, 0.6, 0.4, 0.9, 1) == "4 h"
    assert recovery(1, 0.4, 0.4) == "not within 2 h"


def test_a_long_table_is_split() -> None:
    first, rest = tables.split(tables.matters_most(made_brief(), "en"), 3, "en")
    assert (len(first.rows), len(rest.rows), rest.caption) == (3, 4, "The other 4")
