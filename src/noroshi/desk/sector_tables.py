"""What a ministry, the centre or the public asks of rounds of ratings: how each sector stands, and how it moved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from noroshi.desk.former import rounds_with
from noroshi.desk.rating import peers_of, stable
from noroshi.errors import Fault, InputError, NotFoundError
from noroshi.files.catalogues import DEFAULT_CATALOGUE, load_catalogue
from noroshi.files.populations import estate_population, load_population
from noroshi.files.rounds import Round, load_round
from noroshi.rate.bulk import score_all
from noroshi.rate.ladder import PASS_MARK
from noroshi.rate.overclaim import overclaim
from noroshi.rate.probability import POPULATION_SPREAD
from noroshi.rate.publication import published
from noroshi.rate.score import Peers
from noroshi.rate.shown import Shown
from noroshi.rate.tables import ALL, Cell, Change, Key, Population, Rated, changes, overall_bounds, sector_cells

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from noroshi.estate.model import Estate
    from noroshi.rate.catalogue import Catalogue

__all__ = ["DEFAULT_CATALOGUE", "Row", "SectorTables", "sector_tables"]

FULL = 100.0
TAILS = ("p05", "p25", "p50", "p75", "p95")


@dataclass(frozen=True, slots=True)
class Row:
    """One cell as the reader sees it: in full (`cell`) or as published (`shown`), and how it moved."""

    key: Key
    cell: Cell | None
    shown: Shown
    change: Change | None

    def as_dict(self) -> dict[str, Any]:
        """Return the row as plain values: null for what the reader may not see."""
        key = {"sector": self.key[0] or None, "size": self.key[1] or None, "full": self.cell is not None}
        moved = None if self.change is None else {
            "since": self.change.since, "points": stable(self.change.points), "low": stable(self.change.low),
            "high": stable(self.change.high), "matched": self.change.matched or None,
        }  # fmt: skip
        one: Cell | Shown = self.cell or self.shown
        values = {
            "organisations": one.organisations, "rated": one.rated, "score": _number(one.mean),
            "low": _number(one.low), "high": _number(one.high), "verdict": one.verdict or None,
            "shrunk": _three(one.shrunk, "score"), "change": moved,
        }  # fmt: skip
        if self.cell is not None:
            c = self.cell
            passing = _three((c.passing, c.passing_low, c.passing_high), "share")
            bins = [{"low": 10.0 * k, "high": 10.0 * (k + 1), "share": stable(n / c.rated)}
                    for k, n in enumerate(c.bins)]  # fmt: skip
            held: dict[str, Any] = {"why": None, "isolates": None, "with_round": None, "step": None}
        else:
            s = self.shown
            passing, bins = _three(s.passing, "share"), [{"low": a, "high": b, "share": p} for a, b, p in s.bins]
            held = {"why": s.why or None, "isolates": s.isolates or None, "with_round": s.since or None,
                    "step": s.step or None}  # fmt: skip
        few = self.shown.passing_few if self.cell is None else ""
        return {
            **key, **held, **values, "passing": passing, "passing_under_10": few or None, "bins": bins,
            "quantiles": dict(zip(TAILS, map(stable, one.quantiles), strict=False)) or None,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class SectorTables:
    """The table of the latest round as one reader sees it; reader: a ministry, or "" for the public."""

    name: str
    as_of: str
    earlier: tuple[str, ...]
    reader: str
    mark: float
    rows: tuple[Row, ...]
    bounds: tuple[float, float] | None
    names: Mapping[str, tuple[str, str]]
    """Sector -> its name in English and Japanese, where an estate gives it."""

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values, as `noroshi rate sector --json` prints them."""
        return {
            "round": self.name, "as_of": self.as_of, "earlier": list(self.earlier), "reader": self.reader or None,
            "pass_mark": self.mark,
            "overall_bounds": None if self.bounds is None else [stable(x) for x in self.bounds],
            "cells": [row.as_dict() for row in self.rows],
        }  # fmt: skip


def sector_tables(
    rounds: Sequence[str | Path],
    *,
    catalogue: str | Path = DEFAULT_CATALOGUE,
    estate: Estate | None = None,
    population: str | Path | None = None,
    reader: str = "",
) -> SectorTables:
    """Return the table of the latest round. Give every round that was published before, or they can be combined.

    reader: an authority of the estate's sectors, which sees those in full; "" is the public. InputError with every
    fault of the rounds, the catalogue or the population; NotFoundError for an authority that the estate lacks.
    """
    own = own_sectors(estate, reader)
    asked = load_catalogue(catalogue)
    counted = load_population(population) if population is not None else None
    if counted is None and estate is not None:
        counted = estate_population(estate)
    loaded = rounds_with([load_round(where, asked) for where in rounds])
    refuse(loaded, counted, estate)
    mark = estate.meta.benchmark.pass_mark if estate is not None and estate.meta.benchmark else PASS_MARK
    every = [rated_of(one, asked, estate, mark) for one in loaded]
    cells = [sector_cells(one, counted, mark, POPULATION_SPREAD) for one in every]
    authority = authorities(estate)
    shown = published(list(zip(every, cells, [counted] * len(every), strict=True)), authority, mark)
    moved = changes(every[-1], every[-2], cells[-1], cells[-2]) if len(every) > 1 else {}
    rows = []
    for key, one in sorted(cells[-1].items(), key=lambda pair: (pair[0][0] == ALL, pair[0])):
        mine = key[0] in own
        change = moved.get(key) if mine else change_of([table.get(key) for table in shown], every)
        rows.append(Row(key, one if mine else None, shown[-1][key], change))
    last = [row for row in rows if row.key[1] == ALL and row.key[0] != ALL]
    means = {row.key[0]: mean for row in last if (mean := (row.cell or row.shown).mean) is not None}
    limits = overall_bounds(means, counted, all_sectors=len(means) == len(last))
    latest = every[-1]
    names = (
        {} if estate is None else {r["id"]: (r["name_en"], r["name_ja"]) for r in estate.frame("sectors").to_dicts()}
    )
    return SectorTables(
        latest.name, latest.as_of, tuple(one.name for one in every[:-1]), reader, mark, tuple(rows),
        limits if some_uncounted(cells[-1], counted) else None, names,
    )  # fmt: skip


def some_uncounted(cells: Mapping[Key, Cell], counted: Population | None) -> bool:
    """Say whether a population is given, but not how many some sector has of which anyone is rated."""
    sizes: dict[str, set[str]] = {}
    for sector, size in cells:
        if sector != ALL:
            sizes.setdefault(sector, set()).update({size} - {ALL})
    return counted is not None and any(counted.of((s, ALL), z) is None for s, z in sizes.items())


def own_sectors(estate: Estate | None, reader: str) -> set[str]:
    """Return the sectors that an authority is in charge of; NotFoundError if there are none."""
    if not reader:
        return set()
    rows = estate.frame("sectors").to_dicts() if estate is not None else []
    found = {row["id"] for row in rows if reader in (row["authority"], row["authority_ja"])}
    if not found:
        known = sorted({str(row["authority"]) for row in rows if row["authority"]})
        said = "it has " + "; ".join(known) if known else "give the estate whose sectors name it with --estate"
        raise NotFoundError(f"no sector's authority is {reader!r}; {said}")
    return found


def authorities(estate: Estate | None) -> dict[str, str]:
    """Return sector -> the authority in charge."""
    rows = estate.frame("sectors").to_dicts() if estate is not None else []
    return {row["id"]: row["authority"] or "" for row in rows}


def rated_of(one: Round, catalogue: Catalogue, estate: Estate | None, mark: float) -> Rated:
    """Return the organisations of a round with their scores, each against its sector's peers."""
    marks = score_all(catalogue, one.answers, peers_in(one, catalogue, estate), mark)
    return Rated(one.name, one.as_of.isoformat(), one.organisation, one.sector, one.size, marks)


def peers_in(one: Round, catalogue: Catalogue, estate: Estate | None) -> Peers:
    """Return what is believed of each organisation of a round before its answers: its sector's mean and spread."""
    sectors, place = np.unique(one.sector, return_inverse=True)
    believed = [peers_of(str(sector), estate)[:2] for sector in sectors]
    mean = np.array([m for m, _ in believed])[place] / FULL
    spread = np.array([s for _, s in believed])[place]
    seen = overclaim(catalogue, one.answers)
    return Peers(np.repeat(mean[:, None], len(catalogue.items), axis=1), spread, seen.mean, seen.sd)


def change_of(tables: Sequence[Shown | None], rounds: Sequence[Rated]) -> Change | None:
    """Return how far a shown mean moved since the last round in which it was shown: from what is shown alone."""
    *before, now = tables
    if now is None or now.mean is None or now.low is None or now.high is None:
        return None
    for then, rated in reversed(list(zip(before, rounds, strict=False))):
        if then is not None and then.mean is not None and then.low is not None and then.high is not None:
            reach = float(np.hypot(now.high - now.low, then.high - then.low)) / 2.0
            points = now.mean - then.mean
            return Change(rated.name, points, points - reach, points + reach, 0)
    return None


def refuse(rounds: Sequence[Round], population: Population | None, estate: Estate | None) -> None:
    """Raise InputError with every unknown sector, every stratum of which more are rated than exist, rounds alike."""
    faults: list[Fault] = []
    known = set(estate.ids("sectors")) if estate is not None else None
    if known is None and population is not None:
        known = {sector for sector, _ in population.count} | population.uncounted
    for one in rounds:
        for k in () if known is None else np.flatnonzero(~np.isin(one.sector, sorted(known))):
            faults.append(  # noqa: PERF401  a fault has many parts
                Fault("dangling-key", "error", one.file[k], one.row[k] or None, "sector", str(one.sector[k]),
                      "one of " + ", ".join(sorted(known or ())), "correct it, or add the sector")
            )  # fmt: skip
        faults += too_many(one, population)
    for a, b in pairwise(rounds):
        if a.as_of == b.as_of or a.name == b.name:
            faults.append(
                Fault("duplicate-id", "error", b.file[0], None, "as_of", f"{b.name}, {b.as_of.isoformat()}",
                      f"rounds of different names and days; {a.name} is of {a.as_of.isoformat()}", "give each once")
            )  # fmt: skip
    if faults:
        raise InputError(faults)


def too_many(one: Round, population: Population | None) -> list[Fault]:
    """Return a fault for each stratum of which more are rated than exist."""
    if population is None:
        return []
    pairs = list(zip(one.sector.tolist(), one.size.tolist(), strict=True))
    found = Counter(pair if pair in population.count else (pair[0], ALL) for pair in pairs)
    return [
        Fault("out-of-range", "error", one.file[0] if len(set(one.file)) == 1 else one.name, None,
              " ".join(key).strip(), f"{count:,} rated", f"at most the {population.count[key]:,} that exist",
              "correct the sizes of the organisations, or the population")
        for key, count in sorted(found.items())
        if key in population.count and count > population.count[key]
    ]  # fmt: skip


def _number(value: float | None) -> float | None:
    return None if value is None else stable(value)


def _three(values: tuple[float, float, float] | None, name: str) -> dict[str, float] | None:
    """Return a figure with its interval."""
    return None if values is None else dict(zip((name, "low", "high"), map(stable, values), strict=True))
