"""Reads the values of a script's steps, each as its kind asks; what is wrong is noted with the line it stands on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from noroshi.files.toml_text import Block, is_number
from noroshi.respond.asks import ANSWERS, Words
from noroshi.respond.incident import of_field, read_moment
from noroshi.respond.incident_words import CONSENTS, EVENTS, FIELDS, HARMS, STATES
from noroshi.respond.position_words import AUDIENCES, GUARDS, PARTIES, RUNGS
from noroshi.share.markings import Tlp
from noroshi.share.warnings import SEVERITIES
from noroshi.share.warnings_receipts import STATES as RECEIPTS

if TYPE_CHECKING:
    from pathlib import Path

    from noroshi.files.toml_text import TomlText
    from noroshi.respond.script import Player

__all__ = ["CODE", "READ", "Place", "Reading", "moment", "words"]

CODE = "bad-script"


@dataclass
class Reading:
    """What is read so far of a file: its text, its folder, who plays, and the kinds of the steps by their keys."""

    text: TomlText
    folder: Path
    cast: dict[str, Player] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)


class Place(NamedTuple):
    """A value on its way in: the block that it stands in, its key, and what was read before it."""

    block: Block
    key: str
    reading: Reading

    @property
    def value(self) -> Any:  # noqa: ANN401  whatever the file holds
        """Return what the file holds."""
        return self.block.values.get(self.key)

    def fault(self, found: object, expected: str, code: str = CODE) -> None:
        """Note what is wrong."""
        self.block.fault(self.key, str(found)[:80], expected, "correct it", code)


def words(block: Block, key: str) -> Words:
    """Return a text in both languages; a fault for each that is missing."""
    return both(block, key, block.values.get(key))


def both(block: Block, key: str, value: object) -> Words:
    """Return a text in both languages from what stands at a key."""
    found = value if isinstance(value, dict) else {}
    for lang in ("en", "ja"):
        text = found.get(lang)
        if not isinstance(text, str) or not text.strip():
            block.fault(key, repr(text)[:80], f'{key}.{lang} = "…": said in both languages', "write it", CODE)
    unknown = [name for name in found if name not in ("en", "ja")]
    if unknown:
        block.fault(key, ", ".join(unknown)[:80], "en and ja", "remove it", CODE)
    return Words(str(found.get("en", "?")).strip(), str(found.get("ja", "?")).strip())


def moment(block: Block, key: str) -> int:
    """Return a time with its zone in microseconds; a fault for anything else."""
    value = block.values.get(key)
    if isinstance(value, (datetime, str)):
        found = read_moment(value if isinstance(value, str) else value.isoformat())
        if found is not None:
            return found
    block.fault(key, str(value)[:80], "a time with its zone, from 1970 on", "such as 2014-12-19T12:00:00-05:00",
                "missing-value" if value is None else "bad-moment")  # fmt: skip
    return 0


def text(place: Place) -> str:
    """Return a text."""
    return place.block.words(place.key, "?", CODE)


def texts(place: Place) -> tuple[str, ...] | None:
    """Return texts, None where there are none."""
    value = place.value
    if value is None:
        return None
    if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
        return tuple(dict.fromkeys(value))
    place.fault(repr(value), f'a list of texts, such as {place.key} = ["…"]')
    return ()


def one_of(names: tuple[str, ...]) -> Callable[[Place], str]:
    """Return what reads one of some names."""

    def read(place: Place) -> str:
        return place.block.one_of(place.key, names, CODE) or names[0]

    return read


def earlier(kind: str) -> Callable[[Place], str]:
    """Return what reads the key of an earlier step of a kind."""

    def read(place: Place) -> str:
        there = [key for key, other in place.reading.kinds.items() if other == kind]
        if not isinstance(place.value, str) or place.value not in there:
            place.fault(place.value, f"the key of an earlier step of kind {kind}: {', '.join(there) or 'none'}",
                        "dangling-key")  # fmt: skip
            return ""
        return place.value

    return read


def player(*kinds: str) -> Callable[[Place], str]:
    """Return what reads the name of one of the cast of some kinds, any where none is said."""

    def read(place: Place) -> str:
        there = [one.name for one in place.reading.cast.values() if not kinds or one.kind in kinds]
        if not isinstance(place.value, str) or place.value not in there:
            place.fault(place.value, f"one of the cast: {', '.join(there)}", "dangling-key")
            return ""
        return place.value

    return read


def players(place: Place) -> tuple[str, ...]:
    """Return the names of some of the cast."""
    found = texts(place) or ()
    for name in found:
        if name not in place.reading.cast:
            place.fault(name, f"some of the cast: {', '.join(place.reading.cast)}", "dangling-key")
    return found


def fields(place: Place) -> dict[str, Any]:
    """Return fields of an incident, times in microseconds."""
    value = place.value
    if not isinstance(value, dict) or not value:
        place.fault(repr(value), "fields of an incident, such as fields.persons = 47000")
        return {}
    found = {}
    for key, one in value.items():
        is_time = key in FIELDS and FIELDS[key].kind == "time"
        known = read_moment(one.isoformat()) if is_time and isinstance(one, datetime) else one
        for wrong in of_field(key, known):
            place.fault(f"{wrong.key}: {wrong.found}", wrong.expected)
        found[key] = known
    return found


def harms(place: Place) -> dict[str, float]:
    """Return harms by their kinds."""
    value = place.value
    if isinstance(value, dict) and all(key in HARMS and is_number(one) and one >= 0 for key, one in value.items()):
        return {key: float(one) for key, one in value.items()}
    place.fault(repr(value), f"amounts by kind ({', '.join(HARMS)}), such as harms.data = 47000")
    return {}


def sayings(place: Place) -> tuple[Words, ...]:
    """Return texts in both languages."""
    value = place.value
    if isinstance(value, list) and value:
        return tuple(both(place.block, place.key, one) for one in value)
    place.fault(repr(value), 'a list of texts, such as [{en = "…", ja = "…"}]')
    return ()


def factors(place: Place) -> dict[str, str]:
    """Return factors with how grave each is; which there are the checks of a position say."""
    value = place.value
    if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
        return dict(value)
    place.fault(repr(value), 'factors, such as factors.scale = "high"')
    return {}


def yes(place: Place) -> bool:
    """Return whether something is so."""
    if not isinstance(place.value, bool):
        place.fault(repr(place.value), "true or false")
    return place.value is True


def level(place: Place) -> str:
    """Return the name of a TLP level."""
    said = text(place)
    if Tlp.named(said) is None:
        place.fault(said, ", ".join(map(str, Tlp)), "bad-choice")
    return said


def file(place: Place) -> str:
    """Return the path of a file beside the script."""
    said = text(place)
    where = (place.reading.folder / said).resolve()
    if not where.is_relative_to(place.reading.folder.resolve()) or not where.is_file():
        place.fault(said, "a file in the folder of the script", "missing-file")
    return str(where)


READ: dict[str, Callable[[Place], Any]] = {
    "text": text, "texts": texts, "words": lambda place: words(place.block, place.key),
    "time": lambda place: moment(place.block, place.key), "event": one_of(tuple(EVENTS)),
    "consent": one_of(tuple(CONSENTS)), "state": one_of(tuple(STATES)), "severity": one_of(SEVERITIES),
    "receipt": one_of(RECEIPTS[1:]), "answer": one_of(ANSWERS), "tlp": level, "fields": fields, "harms": harms,
    "players": players, "player": player("centre", "ministry", "operator"), "ministry": player("ministry"),
    "file": file, "report": earlier("report"), "warn": earlier("warn"), "ask": earlier("ask"),
    "option": earlier("option"), "yes": yes, "sayings": sayings, "factors": factors, "party": one_of(tuple(PARTIES)),
    "guard": one_of(tuple(GUARDS)), "audience": one_of(tuple(AUDIENCES)), "rung": one_of(tuple(RUNGS)),
}  # fmt: skip
"""Kind of a value (`script_words.VALUES`) -> what reads it."""
