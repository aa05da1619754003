"""The words in which threat data name sectors, and the estate's sectors that they mean."""

from __future__ import annotations

from collections.abc import Iterable

from noroshi.files.nearest import word

__all__ = ["sectors_of"]

ALL = "*"
_WORDS: dict[str, str] = {
    "power": "electric energy energycompany electricity powergeneration utilities",
    "gas": "gas energy energycompany utilities oilandgas",
    "petroleum": "petroleum oil energy energycompany oilandgas",
    "telecom": "telecoms telecomms telecommunications technology hightech informationtechnology communications it "
               "cloud managedserviceprovider",
    "water": "water utilities",
    "railway": "rail railway transport transportation transportationsystems",
    "aviation": "aviation airlines airline transport transportation transportationsystems travel",
    "airport": "airport airports transport transportation transportationsystems",
    "port": "port ports maritime shipping transport transportation transportationsystems",
    "logistics": "logistics transport transportation transportationsystems retail foodandagriculture postal trade",
    "finance": "finance financial financialservices bank banks banking investment cryptocurrency insurance",
    "credit": "payment payments credit creditcard",
    "medical": "health healthcare medical pharmaceuticals pharmacy pharmaceutical hospital biomedical",
    "chemical": "chemical chemicals manufacturing criticalmanufacturing industrial",
    "government": "government governmentadministration governmentagenciesandservices governmentinstitutions "
                  "governmentnational governmentlocal governmentregional "
                  "governmentpublicservices publicsector diplomacy intelligence securityservice politicalparty country "
                  "intergovernmental justice emergencyservices",
    "defence": "defense defence military defenseindustrialbase defensecontractor aerospace space",
    "media": "media mediaandentertainment newsmedia entertainment journalist journalists",
    ALL: "privatesector business infrastructure criticalinfrastructure",
}  # fmt: skip
_MEANS: dict[str, list[str]] = {}
for _sector, _names in _WORDS.items():
    for _name in _names.split():
        _MEANS.setdefault(_name, []).append(_sector)


def sectors_of(precise: Iterable[str], vague: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the estate's sectors that are meant, in a fixed order; empty = all, or none that we know.

    `precise` are lists such as MISP's targeted-sector and STIX's industry-sector-ov, `vague` such as CFR's target
    category: its "private sector" means all, unless `precise` names sectors.
    """
    exact = _meant(precise)
    loose = _meant(vague)
    if ALL in exact or (ALL in loose and not exact):
        return ()
    return tuple(sector for sector in _WORDS if sector in exact | loose and sector != ALL)


def _meant(names: Iterable[str]) -> set[str]:
    """Return the sectors of all the names that are known."""
    return {sector for name in names for sector in _MEANS.get(word(name), ())}
