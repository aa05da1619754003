"""Reads MISP's warninglists, those that the package pymispwarninglists ships or a folder of them; keeps them compiled.

The data are the MISP project's (CC0 and BSD-2-Clause); the package is BSD-3-Clause. Its files are read directly.
"""

from __future__ import annotations

import contextlib
import os
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path
from zipfile import BadZipFile

import msgspec
import numpy as np

from noroshi.errors import Fault, InputError
from noroshi.share.matching.values import MISP_TYPES
from noroshi.share.matching.warninglists import Warninglists, opened
from noroshi.share.matching.warninglists_packing import Listed, Packed, packed

__all__ = ["load_warninglists", "shipped_folder"]

VERSION = b"7"
"""Of what is kept compiled; raised when that changes."""


class ListFile(msgspec.Struct):
    """One `list.json`."""

    name: str
    type: str
    list: tuple[str | int, ...]
    matching_attributes: tuple[str, ...] = ()


class Kept(msgspec.Struct):
    """What of the compiled lists is text."""

    names: tuple[str, ...]
    parts: tuple[tuple[int, bool, tuple[str, ...], tuple[str, ...]], ...]
    sets: tuple[tuple[int, ...], ...]


def shipped_folder() -> Path | None:
    """Return the folder of lists that the package ships, None if it is not installed."""
    found = find_spec("pymispwarninglists")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "data" / "misp-warninglists" / "lists"


def load_warninglists(cache: Path | None = None, folder: Path | None = None) -> Warninglists:
    """Return the warninglists in `folder` (default: the package's), from `cache` if they were compiled before.

    What is kept is named by the content of the lists. InputError if there are none, or one is not a list.
    """
    where = folder or shipped_folder()
    files = sorted(where.glob("*/list.json")) if where else []
    if not files:
        raise InputError([Fault("missing-file", file=str(where or "pymispwarninglists"), expected="…/NAME/list.json",
                                remedy="install pymispwarninglists, or name a folder of warninglists")])  # fmt: skip
    texts = [path.read_bytes() for path in files]
    mark = blake2b(VERSION, digest_size=16)
    for text in texts:
        mark.update(len(text).to_bytes(8, "little"))
        mark.update(text)
    kept = cache / f"warninglists-{mark.hexdigest()}.npz" if cache else None
    known = from_kept(kept) if kept else None
    if known is None:
        lists = [one_list(path, text) for path, text in zip(files, texts, strict=True)]
        known = packed(sorted(lists, key=lambda one: one.name))
        if kept:
            keep(kept, known)
    return opened(known)


def one_list(path: Path, text: bytes) -> Listed:
    """Return one list; InputError if it is none."""
    try:
        found = msgspec.json.decode(text, type=ListFile)
    except msgspec.DecodeError as error:
        raise InputError([Fault("bad-json", file=str(path), found=str(error), expected="a MISP warninglist",
                                remedy="fetch it again, or remove it")]) from None  # fmt: skip
    kinds = dict.fromkeys(MISP_TYPES[one] for one in found.matching_attributes if one in MISP_TYPES and "|" not in one)
    return Listed(found.name, found.type, tuple(str(one) for one in found.list), tuple(kinds))


def from_kept(path: Path) -> Packed | None:
    """Return the compiled lists in a file; None if it is not there or damaged."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as kept:
            texts = msgspec.json.decode(kept["texts"].tobytes(), type=Kept)
            return Packed(texts.names, kept["keys"], kept["owners"], kept["four"], kept["six"], texts.sets, texts.parts,
                          kept["sieve"])  # fmt: skip
    except (OSError, ValueError, KeyError, BadZipFile, msgspec.DecodeError):
        return None


def keep(path: Path, given: Packed) -> None:
    """Keep the compiled lists; where nothing can be written, nothing is lost."""
    new = path.with_suffix(f".{os.getpid()}.npz")
    texts = np.frombuffer(msgspec.json.encode(Kept(given.names, given.parts, given.sets)), np.uint8)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(new, keys=given.keys, owners=given.owners, four=given.four, six=given.six, sieve=given.sieve,
                 texts=texts)  # fmt: skip
        new.replace(path)
        for old in path.parent.glob("warninglists-*.npz"):
            if old != path:
                old.unlink(missing_ok=True)
