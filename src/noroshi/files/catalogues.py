"""Reads a catalogue of questions and measures: TOML, all its faults at once; those that ship are read by name."""

from __future__ import annotations

import re
from pathlib import Path

from noroshi.errors import NotFoundError
from noroshi.files.toml_text import Block, TomlText, is_number, read_toml
from noroshi.rate.catalogue import KINDS, Catalogue, Item, Level, Measure

__all__ = ["DEFAULT_CATALOGUE", "catalogues", "load_catalogue"]

DEFAULT_CATALOGUE = "noroshi-26"
SHIPPED = Path(__file__).resolve().parent.parent / "samples" / "catalogues"
EXAMPLE = 'id = "mine", then [[item]] with id = "mfa", kind = "technical" and levels = [...]'
CODE = "bad-catalogue"
SLUG = re.compile(r"[a-z0-9][a-z0-9_.-]*")
TOP = ("id", "version", "name_en", "name_ja", "source", "technical_points", "organisational_points", "item", "measure")
LISTS = ("measured_by", "csf", "cpg", "nist_800_53", "attack")
ITEM = ("id", "kind", "question_en", "question_ja", "levels", "evidence_en", "evidence_ja", "half_life_days",
        "importance", "control_systems", *LISTS)  # fmt: skip
MEASURE = ("id", "item", "to", "name_en", "name_ja", "cost", "staff", "requires", "attack", "effect", "source")
MOST = 1e6


def catalogues() -> dict[str, Path]:
    """Return name -> file of the catalogues that ship with Noroshi."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}


def load_catalogue(where: str | Path = DEFAULT_CATALOGUE) -> Catalogue:
    """Return the catalogue in the file at `where`, or the shipped one of that name.

    InputError with every fault: unknown keys, ids that are no slugs or stand twice, levels that do not rise from 0 to
    1, measures of items or after measures that are not there. NotFoundError for a name that nothing has.
    """
    file = Path(where)
    if not file.exists() and not file.suffix and len(file.parts) == 1:
        if file.name not in catalogues():
            raise NotFoundError(f"no catalogue {file.name!r}; shipped: {', '.join(catalogues())}; or give a TOML file")
        file = catalogues()[file.name]
    text = read_toml(file, EXAMPLE)
    top = text.top()
    top.only(TOP, CODE)
    items = tuple(_item(block) for block in text.blocks("item"))
    measures = tuple(_measure(block) for block in text.blocks("measure"))
    found = Catalogue(
        top.words("id", file.stem, CODE), top.words("version", "1", CODE), top.words("name_en", file.stem, CODE),
        top.words("name_ja", file.stem, CODE), top.words("source", "not given", CODE),
        top.hours("technical_points", 60.0, 100.0), top.hours("organisational_points", 40.0, 100.0), items, measures,
    )  # fmt: skip
    if not items:
        top.fault("item", "none", "at least one [[item]]", "add the questions", CODE)
    _unique(text, "item", [item.id for item in items])
    _unique(text, "measure", [measure.id for measure in measures])
    _resolved(text, found)
    text.raise_faults()
    return found


def _item(block: Block) -> Item:
    """Return one question; its faults are noted."""
    block.only(ITEM, CODE)
    kind = block.one_of("kind", KINDS, CODE)
    if "kind" not in block.values:
        block.fault("kind", "", " or ".join(KINDS), f'such as kind = "{KINDS[0]}"', CODE)
    importance = block.hours("importance", 1.0, MOST)
    half_life = block.hours("half_life_days", 365.0, MOST)
    for key, value in (("importance", importance), ("half_life_days", half_life)):
        if value == 0.0:
            block.fault(key, "0", "more than 0", f"correct {key}", "out-of-range")
    return Item(
        id=_slug(block), kind=kind or KINDS[0], levels=_levels(block), importance=importance, half_life_days=half_life,
        question_en=block.words("question_en", "", CODE), question_ja=block.words("question_ja", "", CODE),
        evidence_en=block.words("evidence_en", "", CODE), evidence_ja=block.words("evidence_ja", "", CODE),
        measured_by=_texts(block, "measured_by"), csf=_texts(block, "csf"), cpg=_texts(block, "cpg"),
        nist_800_53=_texts(block, "nist_800_53"), attack=_texts(block, "attack"),
        control_systems=_flag(block, "control_systems"),
    )  # fmt: skip


def _measure(block: Block) -> Measure:
    """Return one measure; its faults are noted."""
    block.only(MEASURE, CODE)
    return Measure(
        id=_slug(block), item=block.words("item", "", CODE), to=block.hours("to", 1.0, 1.0),
        name_en=block.words("name_en", "", CODE), name_ja=block.words("name_ja", "", CODE),
        cost=block.hours("cost", 0.0, MOST), staff=block.hours("staff", 0.0, MOST),
        effect=block.hours("effect", 0.0, 0.9), source=block.words("source", "assumed", CODE),
        requires=_texts(block, "requires"), attack=_texts(block, "attack"),
    )  # fmt: skip


def _slug(block: Block) -> str:
    """Return the block's id; a fault if it is no slug."""
    name = block.words("id", "", CODE)
    if name and not SLUG.fullmatch(name):
        block.fault("id", name, "lower case letters, digits, '-', '_', '.'", "rename it", "bad-id")
    return name


def _flag(block: Block, key: str) -> bool:
    """Return true or false, false where it is not given; a fault where it is anything else."""
    value = block.values.get(key, False)
    if not isinstance(value, bool):
        block.fault(key, repr(value)[:80], "true or false", f"such as {key} = true", CODE)
    return value is True


def _texts(block: Block, key: str) -> tuple[str, ...]:
    """Return a list of texts; a fault, and none, where it is anything else."""
    value = block.values.get(key, [])
    if isinstance(value, list) and all(isinstance(one, str) and one for one in value):
        return tuple(value)
    block.fault(key, repr(value)[:80], "a list of texts", f'such as {key} = ["…"]', CODE)
    return ()


def _levels(block: Block) -> tuple[Level, ...]:
    """Return the levels of a question, which must rise from 0 to 1."""
    value = block.values.get("levels", [])
    rows = value if isinstance(value, list) and all(isinstance(row, dict) for row in value) else []
    numbered = [row for row in rows if is_number(row.get("at"))]
    levels = tuple(Level(float(row["at"]), str(row.get("en", "")), str(row.get("ja", ""))) for row in numbered)
    at = [level.at for level in levels]
    whole = len(at) > 1 and len(at) == len(rows) and all(level.en and level.ja for level in levels)
    if not whole or at[0] != 0.0 or at[-1] != 1.0 or at != sorted(set(at)):
        such = 'such as levels = [{ at = 0.0, en = "…", ja = "…" }, { at = 1.0, en = "…", ja = "…" }]'
        block.fault("levels", repr(at), "two or more levels {at, en, ja}, rising from 0 to 1", such, CODE)
    return levels


def _unique(text: TomlText, array: str, names: list[str]) -> None:
    """Note every id that stands a second time."""
    for index, name in enumerate(names):
        if name and name in names[:index]:
            Block(text, {}, array, index).fault("id", name, "an id of its own", "rename one of them", "duplicate-id")


def _resolved(text: TomlText, found: Catalogue) -> None:
    """Note measures of items, levels or earlier measures that are not there, and requirements in a circle."""
    measures = {measure.id: measure for measure in found.measures}
    for index, measure in enumerate(found.measures):
        block = Block(text, {}, "measure", index)
        item = found.items[found.index[measure.item]] if measure.item in found.index else None
        if item is None:
            block.fault("item", measure.item, "the id of an item", "correct it, or add the item", "dangling-key")
        elif measure.to not in {level.at for level in item.levels[1:]}:
            said = ", ".join(f"{level.at:g}" for level in item.levels[1:])
            block.fault("to", f"{measure.to:g}", f"a level of {item.id}: {said}", "correct it", "out-of-range")
        for name in measure.requires:
            if name not in measures:
                block.fault("requires", name, "the id of a measure", "correct it, or add the measure", "dangling-key")
        if _circular(measure.id, measures):
            block.fault("requires", ", ".join(measure.requires), "measures that come before it",
                        "take one requirement out of the circle", CODE)  # fmt: skip


def _circular(name: str, measures: dict[str, Measure]) -> bool:
    """Say whether a measure requires itself, through whatever it requires."""
    seen: set[str] = set()
    queue = list(measures[name].requires)
    while queue:
        one = queue.pop()
        if one == name:
            return True
        if one in measures and one not in seen:
            seen.add(one)
            queue += measures[one].requires
    return False
