"""Finds the threat that a user names: a shipped one, a file of one's own, a STIX bundle, or a group of the galaxies."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

from noroshi.errors import Fault, InputError, NotFoundError
from noroshi.files.galaxies import galaxy_names, galaxy_threat
from noroshi.files.nearest import did_you_mean, name_key
from noroshi.files.stix_threats import stix_threat
from noroshi.files.toml_text import Block, is_number, read_toml
from noroshi.stress.shock import EFFECTS
from noroshi.stress.threat import DEFAULT_EFFECTS, PERIOD_DAYS, Threat, effects_of

__all__ = ["DEFAULT_THREAT", "find_threat", "load_threat", "shipped_threats"]

DEFAULT_THREAT = "campaign-2014"
"""The threat of a brief that names none."""

SHIPPED = Path(__file__).resolve().parent.parent / "samples" / "threats"
EXAMPLE = 'id = "my-campaign", name = "My campaign", techniques = ["T1486"]'
KEYS = ("id", "name", "name_ja", "aliases", "source", "techniques", "sectors", "countries", "period_days", "reach",
        "effect", "note", "note_ja")  # fmt: skip
EFFECT_KEYS = ("effect", "weight")
TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?")
LONGEST_DAYS, LARGEST_REACH, LARGEST_WEIGHT = 3660.0, 1000.0, 1e6


def find_threat(text: str, period_days: float | None = None) -> Threat:
    """Return the threat that `text` means, with its period set to `period_days` where that is given.

    `text` is a name, alias or ATT&CK id of a shipped threat or of a group in the galaxies that pymispgalaxies ships
    (shipped ones first), the path of a TOML file, or that of a STIX bundle (`FILE` or `FILE#NAME`; .json, .json.gz).
    Raises NotFoundError with the nearest names for a name that nothing has, InputError for a file at fault.
    """
    found = from_file(text) or from_name(text)
    if found is None:
        known = [name for one in shipped_threats() for name in (one.id, one.name, *one.aliases)]
        near = did_you_mean(text, [*known, *galaxy_names()])
        shipped = ", ".join(threat.id for threat in shipped_threats())
        raise NotFoundError(f"no threat {text!r}{near} (shipped: {shipped}; else an ATT&CK group, or a file's path)")
    return found if period_days is None else replace(found, period_days=period_days)


def from_file(text: str) -> Threat | None:
    """Return the threat of the file that `text` is; None where it is no path."""
    name, _, inside = text.partition("#")
    path = Path(name)
    suffixes = "".join(path.suffixes[-2:]).lower()
    if suffixes.endswith((".json", ".json.gz")):
        return stix_threat(path, inside)
    if suffixes.endswith(".toml"):
        return load_threat(path)
    if path.is_file():
        fault = Fault("bad-threat", file=name, found=path.suffix or "no suffix", expected=".toml, .json or .json.gz",
                      remedy="give a TOML file or a STIX bundle, or rename the file")  # fmt: skip
        raise InputError([fault])
    return None


def from_name(text: str) -> Threat | None:
    """Return the threat of that name; shipped ones go first."""
    asked = name_key(text)
    for threat in shipped_threats():
        if asked and asked in {name_key(name) for name in (threat.id, threat.name, threat.name_ja, *threat.aliases)}:
            return threat
    return galaxy_threat(text) if asked else None


@cache
def shipped_threats() -> tuple[Threat, ...]:
    """Return the threats that ship with Noroshi, by id."""
    return tuple(load_threat(path) for path in sorted(SHIPPED.glob("*.toml")))


def load_threat(path: str | Path) -> Threat:
    """Return the threat of a TOML file; InputError with every fault.

    Keys: `id`, `name` (required), `name_ja`, `aliases`, `source`, `techniques` (ATT&CK ids), `sectors` (none = all),
    `countries`, `period_days` (30), `reach` (1), and `[[effect]]` blocks with `effect` and `weight`; without those, the
    effects are those of the techniques.
    """
    text = read_toml(path, EXAMPLE)
    top = text.top()
    top.only(KEYS, "bad-threat")
    slug = Path(path).stem
    name = top.words("name", slug, "bad-threat")
    if "name" not in top.values:
        top.fault("name", "", "a name", f'add name = "{slug}"', "bad-threat")
    techniques = listed(top, "techniques")
    for one in techniques:
        if not TECHNIQUE.fullmatch(one):
            top.fault("techniques", one, "ATT&CK ids such as T1486 or T1561.002", "correct it", "bad-threat")
    effects = tuple(pair for block in text.blocks("effect") if (pair := effect_of(block)))
    total = sum(weight for _, weight in effects)
    given = tuple((effect, weight / total) for effect, weight in effects) or effects_of(techniques)
    period, reach = top.hours("period_days", PERIOD_DAYS, LONGEST_DAYS), top.hours("reach", 1.0, LARGEST_REACH)
    for key, value in (("period_days", period), ("reach", reach)):
        if value == 0.0:
            top.fault(key, "0", "more than 0", f"correct {key}, or remove it", "out-of-range")
    words = {key: top.words(key, default, "bad-threat") if key in top.values else default
             for key, default in (("id", slug), ("name_ja", ""), ("source", str(path)))}  # fmt: skip
    lists = {key: listed(top, key) for key in ("aliases", "sectors", "countries")}
    text.raise_faults()
    return Threat(
        id=words["id"],
        name=name,
        name_ja=words["name_ja"],
        source=words["source"],
        techniques=techniques,
        period_days=period,
        reach=reach,
        effects=given or DEFAULT_EFFECTS,
        assumed_effects=not given,
        **lists,
    )


def listed(block: Block, key: str) -> tuple[str, ...]:
    """Return a list of texts, empty where it is not given or at fault."""
    value = block.values.get(key, [])
    if isinstance(value, list) and all(isinstance(one, str) and one for one in value):
        return tuple(value)
    block.fault(key, repr(value)[:80], "a list of texts", f'such as {key} = ["…"]', "bad-threat")
    return ()


def effect_of(block: Block) -> tuple[str, float] | None:
    """Return one effect and its weight, None where it is at fault."""
    block.only(EFFECT_KEYS, "bad-threat")
    effect = block.one_of("effect", EFFECTS, "bad-threat")
    if "effect" not in block.values:
        block.fault("effect", "", "one of " + ", ".join(EFFECTS), "say what the threat does", "bad-threat")
    weight = block.values.get("weight", 1.0)
    if not is_number(weight) or not 0.0 < weight <= LARGEST_WEIGHT:
        block.fault("weight", repr(weight), "a number above 0", "correct it, or remove it to get 1", "bad-threat")
        return None
    return (effect, float(weight)) if effect else None
