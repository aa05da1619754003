"""Reads a warning as a person writes it: TOML, all faults at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec

from noroshi.errors import Fault, InputError
from noroshi.files.toml_text import Block, read_toml
from noroshi.share.warnings import SEVERITIES, Audience, Said, Signed, Words
from noroshi.share.warnings_checks import wrongs

if TYPE_CHECKING:
    from noroshi.files.toml_text import TomlText
    from noroshi.share.warnings import Severity

__all__ = ["load_brief_lens", "load_signed", "load_warning"]

CODE = "bad-warning"
Shape = TypeVar("Shape")
EXAMPLE = 'severity = "high", tlp = "AMBER" and tables [title], [text], [action] with en = "…", ja = "…"'
TEXTS = ("title", "text", "action")
LISTS = ("principals", "sectors", "products", "networks", "organisations")


class Warned(msgspec.Struct):
    """What is read of a brief's row: whom to warn, and why."""

    organisation: str
    why: str
    why_ja: str


class Rows(msgspec.Struct):
    """What is read of a brief."""

    warn: list[Warned]


def load_warning(path: str | Path) -> Said:
    """Return the warning in a file; InputError with every fault."""
    text = read_toml(path, EXAMPLE)
    top = text.top()
    top.only(("severity", "tlp", "communities", "about", "exercise", *TEXTS, "audience"), CODE)
    words = {key: words_of(table(text, key)) for key in TEXTS}
    for_whom = table(text, "audience")
    for_whom.only(("everyone", *LISTS), CODE)
    audience = Audience(for_whom.flag("everyone", CODE), *(names(for_whom, key) or () for key in LISTS))
    severity = top.one_of("severity", SEVERITIES, CODE)
    if "severity" not in top.values:
        top.fault("severity", "", " | ".join(SEVERITIES), 'such as severity = "high"', "missing-value")
    said = Said(
        words["title"], words["text"], words["action"], cast("Severity", severity or SEVERITIES[0]),
        top.words("tlp", "RED", CODE), names(top, "communities"), audience, names(top, "about") or (),
        top.flag("exercise", CODE),
    )  # fmt: skip
    known = {fault.column for fault in text.faults}
    for wrong in wrongs(said):
        head, _, key = wrong.key.rpartition(".")
        block = table(text, head) if head else top
        if key not in known:
            block.fault(key, wrong.found, wrong.expected, "correct it", CODE)
    text.raise_faults()
    return said


def table(text: TomlText, key: str) -> Block:
    """Return the table `[key]`; a fault, and an empty one, for anything else."""
    value = text.table.get(key, {})
    if isinstance(value, dict):
        return Block(text, value, key)
    text.top().fault(key, repr(value)[:80], f"a table [{key}]", f"write [{key}] above its keys", CODE)
    return Block(text, {}, key)


def words_of(block: Block) -> Words:
    """Return a text in both languages; what is missing is found by the checks of all warnings."""
    block.only(("en", "ja"), CODE)
    found = []
    for lang in ("en", "ja"):
        value = block.values.get(lang, "")
        if not isinstance(value, str):
            block.fault(lang, repr(value)[:80], "text", "put it in quotes", CODE)
            value = "?"
        found.append(value.strip())
    return Words(*found)


def names(block: Block, key: str) -> tuple[str, ...] | None:
    """Return a list of names, None where it is not given; a fault for anything else."""
    value: Any = block.values.get(key)
    if value is None:
        return None
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(dict.fromkeys(value))
    block.fault(key, repr(value)[:80], "a list of texts", f'such as {key} = ["…"]', CODE)
    return None


def load_brief_lens(path: str | Path) -> dict[str, tuple[str, str]]:
    """Return organisation -> why a brief says to warn it (English, Japanese), from the JSON of `noroshi brief`.

    InputError where the file is no brief.
    """
    found = decoded(path, Rows, "what `noroshi brief --json` prints")
    return {row.organisation: (row.why, row.why_ja) for row in found.warn}


def load_signed(path: str | Path) -> Signed:
    """Return a warning as it was received by mail or hook; InputError where the file is none."""
    return decoded(path, Signed, "warning.json of the mail, or what the hook got")


def decoded(path: str | Path, shape: type[Shape], expected: str) -> Shape:
    """Return what a JSON file holds; InputError where it cannot be read, or is something else."""
    try:
        return msgspec.json.decode(Path(path).read_bytes(), type=shape)
    except OSError as error:
        raise InputError([Fault("missing-file", file=str(path), found=error.strerror or str(error), expected=expected,
                                remedy="correct the path")]) from None  # fmt: skip
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError([Fault(CODE, file=str(path), found=str(error), expected=expected,
                                remedy="take the file as it was made")]) from None  # fmt: skip
