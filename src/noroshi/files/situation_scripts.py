"""Reads a script of a situation: TOML with [[cast]] and [[step]], all faults at once; those that ship, or one's own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from noroshi.errors import NotFoundError
from noroshi.files.situation_values import CODE, READ, Place, Reading, moment, words
from noroshi.files.toml_text import Block, read_toml
from noroshi.files.zones import zone_names
from noroshi.respond.position import MADE
from noroshi.respond.script import Player, Script, Step
from noroshi.respond.script_checks import wrongs
from noroshi.respond.script_words import KINDS, VALUES
from noroshi.share.markings import Tlp

__all__ = ["load_script", "shipped_scripts"]

SHIPPED = Path(__file__).resolve().parent.parent / "samples" / "situations"
EXAMPLE = 'id = "…", title.en = "…", [[cast]] with name = "duty", [[step]] with key = "first", at = "…", kind = "open"'
HEAD = ("id", "title", "estate", "zone", "tlp", "happened", "note", "sources", "cast", "step")
CAST = ("name", "kind", "sees", "role", "organisation", "sectors", "products")
STEP = ("key", "at", "kind", "by", "source", "illustrative", "says")
PRINCIPALS = ("centre", "ministry", "operator", "partner")
MOST_STEPS = 10_000
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?\Z", re.ASCII)
SLUG_IS = "small letters, digits and hyphens, at most 40; not as the hub's own ids, such as option-1"


def shipped_scripts() -> dict[str, Path]:
    """Return name -> file of the scripts that ship with Noroshi."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}


def load_script(where: str | Path) -> Script:
    """Return the script of the file at `where`, or of a shipped script's name.

    InputError with every fault: what is missing, unknown or of another kind; keys that stand twice; who is not of the
    cast, or may not do it; steps that are not in the order of their times, or name none that came before.
    NotFoundError for a name that is neither a file nor shipped.
    """
    file, shipped = Path(where), shipped_scripts()
    if not file.exists() and not file.suffix and len(file.parts) == 1:
        if file.name not in shipped:
            raise NotFoundError(f"no script {file.name!r}; shipped: {', '.join(shipped)}; or give the path of a file")
        file = shipped[file.name]
    text = read_toml(file, EXAMPLE)
    top, reading = text.top(), Reading(text, file.parent)
    top.only(HEAD, CODE)
    name = top.words("id", file.stem, CODE)
    if not SLUG.match(name):
        top.fault("id", name[:80], SLUG_IS, "give another", "bad-id")
    if name in shipped and file.resolve() != shipped[name].resolve():
        top.fault("id", name, "an id of its own: a script of this id ships", "give another", "duplicate-id")
    happened = flag(top, "happened")
    cast = tuple(player(reading, block) for block in text.blocks("cast"))
    blocks = text.blocks("step")
    if len(blocks) > MOST_STEPS:
        top.fault("step", f"{len(blocks):,}", f"at most {MOST_STEPS:,}", "make two of it", "too-many")
        blocks = []
    steps = tuple(step(reading, block) for block in blocks)
    in_order(blocks, steps)
    if not steps:
        top.fault("step", "none", "at least one [[step]]", "write them", "missing-value")
    script = Script(
        name, words(top, "title"), needed(top, "estate"), zone(top), level(top, "tlp", "AMBER"), happened,
        words(top, "note"), READ["texts"](Place(top, "sources", reading)) or (), cast, steps, str(file),
    )  # fmt: skip
    text.raise_faults()
    return script


def player(reading: Reading, block: Block) -> Player:
    """Return one of the cast; its faults are noted."""
    block.only(CAST, CODE)
    name = slug(block, "name", reading.cast)
    kind = choice(block, "kind", PRINCIPALS)
    organisation = block.words("organisation", "", CODE) if "organisation" in block.values else ""
    lists = [READ["texts"](Place(block, key, reading)) or () for key in ("sectors", "products")]
    found = Player(name, kind, level(block, "sees", "AMBER"), words(block, "role"), organisation, *lists)
    reading.cast[name] = found
    return found


def step(reading: Reading, block: Block) -> Step:
    """Return one step; its faults are noted."""
    key, kind = slug(block, "key", reading.kinds), choice(block, "kind", tuple(KINDS))
    spec = KINDS[kind]
    block.only((*STEP, *spec.needs, *spec.may), CODE)
    for name in spec.needs:
        if name not in block.values:
            block.fault(name, "", f"{name}, which a step of kind {kind} has", "write it", "missing-value")
    there = [name for name in (*spec.needs, *spec.may) if name in block.values]
    has = {name: READ[VALUES[name]](Place(block, name, reading)) for name in there}
    by = needed(block, "by")
    if by not in reading.cast:
        block.fault("by", by, f"one of the cast: {', '.join(reading.cast)}", "correct it", "dangling-key")
    elif reading.cast[by].kind not in spec.by:
        block.fault("by", by, f"one who can: {', '.join(spec.by)}", "let another do it", CODE)
    reading.kinds[key] = kind
    at, source, ours = moment(block, "at"), needed(block, "source"), flag(block, "illustrative")
    found = Step(key, at, kind, by, source, ours, words(block, "says"), has)
    if all(name in has for name in spec.needs):
        for wrong in wrongs(found):
            where = wrong.key if wrong.key in block.values else "kind"
            block.fault(where, f"{wrong.key}: {wrong.found}"[:200], wrong.expected[:500], "correct it", CODE)
    return found


def in_order(blocks: list[Block], steps: tuple[Step, ...]) -> None:
    """Note steps that are not in the order of their times; what follows a brief is later than it."""
    for k, (block, one) in enumerate(zip(blocks, steps, strict=True)):
        if (one.kind == "open") is not (k == 0):
            block.fault("kind", one.kind, "open for the first step, and for no other", "move it", CODE)
        before = steps[k - 1] if k else one
        if one.at < before.at or (k and before.kind == "brief" and one.at == before.at):
            block.fault("at", str(block.values.get("at")), "a time after that of the step before", "move it", CODE)


def zone(block: Block) -> str:
    """Return the time zone of the case."""
    name = block.words("zone", "Asia/Tokyo", CODE)
    if name not in zone_names():
        block.fault("zone", name[:80], "a time zone such as Asia/Tokyo", "correct it", "bad-choice")
    return name


def slug(block: Block, key: str, taken: dict[str, Any]) -> str:
    """Return a name of small letters, digits and -, that nobody else has."""
    name = block.words(key, f"{block.array}-{block.index}", CODE)
    if not SLUG.match(name) or MADE.match(name):
        block.fault(key, name[:80], SLUG_IS, "give another", "bad-id")
    if name in taken:
        block.fault(key, name, "each once", "give another", "duplicate-id")
    return name


def needed(block: Block, key: str) -> str:
    """Return a text that must be there."""
    if key not in block.values:
        block.fault(key, "", f'{key} = "…"', "write it", "missing-value")
        return "?"
    return block.words(key, "?", CODE)


def choice(block: Block, key: str, among: tuple[str, ...]) -> str:
    """Return one of some names, the last where it is at fault."""
    if key not in block.values:
        block.fault(key, "", " | ".join(among), f'such as {key} = "{among[0]}"', "missing-value")
    return block.one_of(key, among, CODE) or among[-1]


def level(block: Block, key: str, default: str) -> str:
    """Return the name of a TLP level."""
    said = block.words(key, default, CODE)
    if Tlp.named(said) is None:
        block.fault(key, said[:40], ", ".join(map(str, Tlp)), "correct it", "bad-choice")
    return said


def flag(block: Block, key: str) -> bool:
    """Return whether something is so; what is not said is not."""
    value = block.values.get(key, False)
    if not isinstance(value, bool):
        block.fault(key, repr(value)[:80], "true or false", f"such as {key} = true", CODE)
    return value is True
