"""Reads a shock file: TOML with `name`, `horizon_h` and one `[[hit]]` per hit; all its faults at once."""

from __future__ import annotations

import difflib
import math
from pathlib import Path
from typing import TYPE_CHECKING

from noroshi.errors import NotFoundError
from noroshi.estate.tables import UNIT_TABLES
from noroshi.files.toml_text import Block, is_number, read_toml
from noroshi.stress.shock import EFFECTS, HORIZON_H, Hit, Shock, Spread

if TYPE_CHECKING:
    from noroshi.estate.model import Estate

__all__ = ["load_shock", "shipped_shocks"]

SHIPPED = Path(__file__).resolve().parent.parent / "samples" / "shocks"
EXAMPLE = 'name = "port", then [[hit]] with target = "port-terminal-os" and effect = "freeze"'
TOP_KEYS = ("name", "name_ja", "horizon_h", "start_hour", "season", "hit", "estate", "note", "note_ja")
HIT_KEYS = ("target", "effect", "onset_h", "restore_h", "detect_h", "note")
LONGEST_H = 8760.0
HOURS_A_DAY = 24.0
MANY_IDS = 20_000


def shipped_shocks() -> dict[str, Path]:
    """Return name -> file of the shocks that ship with Noroshi."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}


def load_shock(path: str | Path, estate: Estate) -> Shock:
    """Return the shock of the file at `path` (or of a shipped shock's name), checked against `estate`.

    Raises InputError with every fault: not TOML, unknown keys, a target that is no unit of the estate, an unknown
    effect, hours that are negative, not finite or beyond the horizon. NotFoundError for a name (no suffix, no folder)
    that is neither a file nor shipped.
    """
    from noroshi.estate.model import SEASONS

    file = file_of(path)
    text = read_toml(file, EXAMPLE)
    top = text.top()
    top.only(TOP_KEYS, "bad-shock")
    name = top.words("name", file.stem, "bad-shock")
    horizon = top.hours("horizon_h", HORIZON_H, LONGEST_H)
    if horizon == 0.0:
        top.fault("horizon_h", "0", "more than 0 h", "such as horizon_h = 72", "out-of-range")
    start = top.hours("start_hour", 0.0, HOURS_A_DAY)
    season = top.one_of("season", SEASONS, "bad-choice")
    hits = [hit_of(block, horizon, estate) for block in text.blocks("hit")]
    text.raise_faults()
    return Shock(name, horizon, tuple(hit for hit in hits if hit is not None), start, season)


def file_of(path: str | Path) -> Path:
    """Return the file that `path` means: itself if there is such a file, else the shipped shock of that name."""
    file = Path(path)
    if file.exists() or file.suffix or len(file.parts) != 1:
        return file
    shipped = shipped_shocks()
    if file.name not in shipped:
        raise NotFoundError(f"no shock {file.name!r}; shipped: {', '.join(shipped)}; or give the path of a TOML file")
    return shipped[file.name]


def hit_of(block: Block, horizon: float, estate: Estate) -> Hit | None:
    """Return one hit, None where its target or effect is at fault."""
    block.only(HIT_KEYS, "bad-shock")
    target = target_of(block, estate)
    effect = block.one_of("effect", EFFECTS, "bad-shock")
    if "effect" not in block.values:
        block.fault("effect", "", "one of " + ", ".join(EFFECTS), "say what the hit does", "bad-shock")
    onset = block.hours("onset_h", 0.0, LONGEST_H)
    if onset >= horizon > 0.0:
        block.fault("onset_h", f"{onset:g}", f"less than horizon_h = {horizon:g}",
                    "raise horizon_h, or let the hit begin earlier", "out-of-range")  # fmt: skip
    restore, detect = duration_of(block, "restore_h"), duration_of(block, "detect_h")
    return Hit(target, effect, onset, restore, detect) if target and effect else None


def target_of(block: Block, estate: Estate) -> str | None:
    """Return the unit that is hit; a fault that says what is near, and None, if the estate has no such unit."""
    target = block.values.get("target")
    if not isinstance(target, str) or not target:
        block.fault("target", repr(target), "the id of a system or asset", 'such as target = "port-os"', "bad-shock")
        return None
    if any(target in estate.rows(table) for table in UNIT_TABLES):
        return target
    expected = f"the id of a system or asset of the estate {estate.meta.id}"
    block.fault("target", target, expected, instead_of(target, estate), "unknown-target")
    return None


def instead_of(target: str, estate: Estate) -> str:
    """Return the remedy for an unknown target: an organisation's systems, else the nearest ids."""
    if target in estate.rows("organisations"):
        owners = estate.column("systems", "organisation")
        own = [one for one, owner in zip(estate.ids("systems"), owners, strict=True) if owner == target]
        return f"an organisation; hit its systems: {', '.join(own[:8])}" if own else "an organisation with no system"
    ids = [one for table in UNIT_TABLES for one in estate.ids(table)]
    if len(ids) > MANY_IDS:  # comparing with a million ids takes minutes
        ids = [one for one in ids if one[:3] == target[:3]][:MANY_IDS]
    near = difflib.get_close_matches(target, ids, 3, 0.5)
    return f"did you mean {', '.join(near)}?" if near else "list the ids with `noroshi estate show`"


def duration_of(block: Block, key: str) -> float | Spread | None:
    """Return hours, or {p50, p90} as a `Spread`, or None where the key is not given or at fault."""
    value = block.values.get(key)
    if value is None:
        return None
    if not isinstance(value, dict):
        return block.hours(key, 0.0, LONGEST_H)
    numbers = set(value) == {"p50", "p90"} and all(is_number(v) for v in value.values())
    if numbers and 0.0 < value["p50"] <= value["p90"] < math.inf:
        return Spread(float(value["p50"]), float(value["p90"]))
    said = ", ".join(f"{k} = {v!r}" for k, v in value.items())
    remedy = f"such as {key} = {{p50 = 48, p90 = 120}}"
    block.fault(key, f"{{{said}}}", "hours with 0 < p50 <= p90", remedy, "bad-shock")
    return None
