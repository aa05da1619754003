"""Reads ATT&CK, or anything in its form, from STIX bundles as knowledge: plain JSON or gzip, 2.0 or 2.1.

Only what attribution needs is decoded. Revoked objects go by what replaced them, deprecated ones are left out.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec

from noroshi.attribute.knowledge import Actor, Knowledge, Use
from noroshi.attribute.nexus import nexus_of
from noroshi.errors import Fault, InputError

__all__ = ["bundle_paths", "load_knowledge", "load_release", "source_of"]

LARGEST = 1 << 30
"""Bytes that a bundle may have unpacked; Enterprise v14.1 has 26 million."""

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
RETRIEVED = re.compile(r"Retrieved:? *([A-Z][a-z]+)\.? +(\d{1,2}),? +(\d{4})")
ARCHIVE = re.compile(r"^https?://web\.archive\.org/web/[^/]+/", re.IGNORECASE)
SCHEME = re.compile(r"^https?:/{1,2}(?:www\.)?", re.IGNORECASE)
ENDING = re.compile(r"\.(?:pdf|html?|aspx?|php)$")
BREAK = re.compile(r"[-_ +%]")
LONG_NAME, BREAKS = 20, 2
"""A page's name of so many letters and breaks between words is nobody else's: it goes with the page when it moves."""
FIRST_DAY = date(1970, 1, 1)


class Reference(msgspec.Struct, frozen=True):
    """An external reference."""

    source_name: str | None = ""
    url: str | None = ""
    external_id: str | None = ""
    description: str | None = ""


class Thing(msgspec.Struct, frozen=True):
    """Any object of a bundle; only what we use of it."""

    type: str
    id: str = ""
    name: str = ""
    description: str | None = ""
    created: str | None = ""
    modified: str | None = ""
    revoked: bool | None = False
    x_mitre_deprecated: bool | None = False
    aliases: tuple[str, ...] | None = ()
    external_references: tuple[Reference, ...] | None = ()
    relationship_type: str = ""
    source_ref: str = ""
    target_ref: str = ""


class Bundle(msgspec.Struct, frozen=True):
    """A bundle."""

    type: str
    objects: tuple[Thing, ...] = ()


DECODER = msgspec.json.Decoder(Bundle)
ACTORS = ("intrusion-set", "campaign")
SOFTWARE = ("malware", "tool")
ITEMS = ("attack-pattern", *SOFTWARE)


def bundle_paths(where: Iterable[str | Path]) -> tuple[Path, ...]:
    """Return the bundles among `where`, folders by every *.json and *.json.gz in them, in the order of their versions.

    InputError where a path is not there, or a folder has none.
    """
    found: list[Path] = []
    faults = []
    for given in where:
        path = Path(given)
        if path.is_dir():
            inside = [p for p in path.iterdir() if p.name.endswith((".json", ".json.gz")) and p.is_file()]
            found.extend(sorted(inside, key=version))
            if not inside:
                faults.append(refusal(path, "missing-file", "no bundle in it", "*.json or *.json.gz"))
        elif path.is_file():
            found.append(path)
        else:
            faults.append(refusal(path, "missing-file", "not there", "a STIX bundle, or a folder of them"))
    if faults:
        raise InputError(faults)
    return tuple(found)


def version(path: Path) -> tuple[tuple[int, ...], str]:
    """Return the numbers in a file's name and the name, to sort by: v9.0 before v10.1."""
    return tuple(int(n) for n in re.findall(r"\d+", path.name)), path.name


def refusal(path: str | Path, code: str, found: str, expected: str) -> Fault:
    """Return a fault of a bundle."""
    return Fault(code, "error", str(path), None, "", found, expected, "give a STIX bundle of ATT&CK, plain or gzip")


def load_knowledge(where: Iterable[str | Path]) -> Knowledge:
    """Return the knowledge of one or more bundles together, e.g. Enterprise and ICS. InputError for all faults."""
    paths = bundle_paths(where)
    return knowledge_of([thing for path in paths for thing in things(path)], " + ".join(map(name_of, paths)), paths[0])


def load_release(path: str | Path) -> Knowledge:
    """Return the knowledge of one bundle, named by its file. InputError where it is none."""
    return knowledge_of(things(Path(path)), name_of(Path(path)), Path(path))


def name_of(path: Path) -> str:
    """Return the version in a file's name ("v14.1"), else its name without endings."""
    found = re.search(r"v?(\d+(?:\.\d+)+)", path.name)
    return f"v{found.group(1)}" if found else path.name.removesuffix(".gz").removesuffix(".json")


def things(path: Path) -> tuple[Thing, ...]:
    """Return the objects of a bundle. InputError where it cannot be read or is no bundle."""
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            with gzip.open(path) as packed:
                data = packed.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise InputError([refusal(path, "too-many", "more than 1 GiB unpacked", "a bundle of ATT&CK")])
        bundle = DECODER.decode(data)
    except OSError as error:
        raise InputError([refusal(path, "missing-file", error.strerror or str(error), "a STIX bundle")]) from None
    except (msgspec.MsgspecError, UnicodeDecodeError, EOFError, zlib.error, RecursionError) as error:
        raise InputError([refusal(path, "bad-json", str(error), "a STIX bundle")]) from None
    if bundle.type != "bundle":
        raise InputError([refusal(path, "bad-json", f"type {bundle.type!r}", 'type "bundle"')])
    return bundle.objects


def knowledge_of(objects: Iterable[Thing], name: str, path: Path) -> Knowledge:
    """Return what the objects say of groups. InputError where they have no group at all."""
    given = {thing.id: thing for thing in objects}
    replaced = {t.source_ref: t.target_ref for t in given.values() if t.relationship_type == "revoked-by"}
    ids = {thing.id: attack_id(thing) for thing in given.values() if thing.type in (*ACTORS, *ITEMS)}

    def known_as(ref: str) -> str:
        thing = given.get(last(ref, replaced))
        return "" if thing is None or thing.x_mitre_deprecated or thing.revoked else ids.get(thing.id, "")

    live = [t for t in given.values() if not t.revoked and not t.x_mitre_deprecated]
    uses: list[Use] = []
    owners: dict[str, set[str]] = {}
    days = Days()
    for thing in live:
        cited = tuple(days.note(thing))
        if thing.type != "relationship":
            continue
        kind, ends = thing.source_ref.partition("--")[0], (known_as(thing.source_ref), known_as(thing.target_ref))
        if not all(ends):
            continue
        if thing.relationship_type == "attributed-to" and kind == "campaign":
            owners.setdefault(ends[0], set()).add(ends[1])
        elif thing.relationship_type == "uses" and kind in ACTORS:
            uses.append(Use(*ends, cited, day_of(thing.created)))
    actors = {
        ids[t.id]: Actor(
            ids[t.id], t.name, tuple(a for a in t.aliases or () if a != t.name),
            nexus_of(t.description or "") if t.type == "intrusion-set" else "", day_of(t.created),
            tuple(sorted(owners.get(ids[t.id], ()))),
            tuple(source_of(r) for r in t.external_references or () if not r.external_id and source_of(r)),
        )
        for t in live
        if t.type in ACTORS and ids[t.id]
    }  # fmt: skip
    if not any(not actor.is_campaign for actor in actors.values()):
        raise InputError([refusal(path, "bad-objects", "no intrusion set", "a bundle with groups and what they use")])
    return Knowledge(
        name,
        max((day for t in given.values() if (day := day_of(t.modified)) is not None), default=FIRST_DAY),
        dict(sorted(actors.items())),
        tuple(sorted((u for u in uses if u.actor in actors), key=lambda u: (u.actor, u.item, u.sources))),
        {ids[t.id]: t.name for t in live if t.type in ITEMS and ids[t.id]},
        frozenset(ids[t.id] for t in live if t.type in SOFTWARE and ids[t.id]),
        {ids[t.id]: now for t in given.values() if t.id in ids and t.id in replaced and (now := known_as(t.id))},
        days.first,
    )


def last(ref: str, replaced: dict[str, str]) -> str:
    """Return the end of a chain of replacements; a chain that bites its tail ends where it began."""
    seen = {ref}
    now = ref
    while now in replaced:
        now = replaced[now]
        if now in seen:
            return ref
        seen.add(now)
    return now


class Days:
    """The day on which each source is first cited: when it was retrieved, and no sooner than what cites it was made."""

    def __init__(self) -> None:
        """Start with none."""
        self.first: dict[str, date] = {}

    def note(self, thing: Thing) -> Iterator[str]:
        """Note what an object cites; yield its sources, each once."""
        made = day_of(thing.created) or FIRST_DAY
        seen = set()
        for reference in thing.external_references or ():
            source = source_of(reference)
            if not source or reference.external_id or source in seen:
                continue
            seen.add(source)
            day = max(made, retrieved(reference.description or "") or made)
            self.first[source] = min(day, self.first.get(source, day))
            yield source


def attack_id(thing: Thing) -> str:
    """Return an object's ATT&CK id, "" if it has none."""
    for reference in thing.external_references or ():
        if reference.external_id and (reference.source_name or "").startswith("mitre-"):
            return reference.external_id
    return ""


def source_of(reference: Reference) -> str:
    """Return what a cited source goes by: its address without scheme, www, archive, anchor and last slash, lower case.

    Vendors move and merge, and their reports with them: a page with a long name of its own goes by that name alone, so
    that it is no new report at a new address. Sources without an address go by their name; "" for ATT&CK's own pages.
    """
    if not reference.url:
        return (reference.source_name or "").strip().lower() if reference.description else ""
    address = SCHEME.sub("", ARCHIVE.sub("", reference.url.strip())).partition("#")[0].rstrip("/").lower()
    if address.startswith("attack.mitre.org"):
        return ""
    name = ENDING.sub("", address.rpartition("/")[2])
    own = "?" not in address and len(name) >= LONG_NAME and len(BREAK.findall(name)) >= BREAKS
    return f"*/{name}" if own and "/" in address else address


def retrieved(text: str) -> date | None:
    """Return the day on which a citation says it was retrieved; None where it does not say, or names no day."""
    found = RETRIEVED.search(text)
    if found is None or found.group(1).lower() not in MONTHS:
        return None
    try:
        return date(int(found.group(3)), MONTHS.index(found.group(1).lower()) + 1, int(found.group(2)))
    except ValueError:
        return None


def day_of(stamp: str | None) -> date | None:
    """Return the day of a STIX timestamp, None where it is none."""
    try:
        return date.fromisoformat((stamp or "")[:10])
    except ValueError:
        return None
