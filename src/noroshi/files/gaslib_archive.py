"""Opening a gas network in GasLib's JSON form: a folder or a ZIP that holds the three files of `FILES`."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

import msgspec

from noroshi.files.reading import decoded

if TYPE_CHECKING:
    from noroshi.estate.findings import Findings

__all__ = ["FILES", "documents", "is_gaslib"]

FILES = ("network.json", "nominations.json", "params.json")
"""What is read. slack_nodes.json, which says where a simulation holds the pressure, is not needed."""
LARGEST = 64 << 20
"""Bytes of one file once unpacked; the largest published network has 8 MB."""
MOST_MEMBERS = 1000
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Others unpack a block at a time, of whatever size."""


def is_gaslib(path: Path) -> bool:
    """Say whether `path` looks like a gas network: a ZIP file, or a folder with network.json."""
    return (path / FILES[0]).is_file() if path.is_dir() else path.is_file() and path.name.lower().endswith(".zip")


def documents(path: Path, findings: Findings) -> dict[str, dict[str, Any]]:
    """Return file -> its JSON object, without those that cannot be had; every fault is noted."""
    data = from_folder(path, findings) if path.is_dir() else from_zip(path, findings)
    if data is None:
        return {}
    out = {}
    for name in FILES:
        if name not in data:
            findings.add("missing-file", f"{path.name}/{name}", found="no such file",
                         expected="the files of one GasLib network: " + ", ".join(FILES),
                         expected_ja="GasLibの1つの導管網のファイル: " + "、".join(FILES), hint=name)  # fmt: skip
            continue
        document = parsed(data[name], name, findings)
        if document is not None:
            out[name] = document
    return out


def from_folder(path: Path, findings: Findings) -> dict[str, bytes] | None:
    """Return the files of a folder; those that are too large are noted, and then there is nothing."""
    found = [path / name for name in FILES if (path / name).is_file()]
    fine = [small(one.stat().st_size, f"{path.name}/{one.name}", findings) for one in found]
    return {one.name: one.read_bytes() for one in found} if all(fine) else None


def from_zip(path: Path, findings: Findings) -> dict[str, bytes] | None:
    """Return the files of a ZIP, in whatever folder of it they lie; None, with a fault, for what cannot be unpacked.

    Sizes are checked before anything is unpacked, and no more than the size that was said is ever unpacked.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            inside = packed.infolist()
            if len(inside) > MOST_MEMBERS:
                findings.add("too-large", path.name, found=f"{len(inside):,} files", expected="at most 1,000 files",
                             expected_ja="1,000ファイル以下")  # fmt: skip
                return None
            wanted = chosen(inside, path.name, findings)
            return None if wanted is None else {name: packed.read(one) for name, one in wanted.items()}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, zlib.error) as error:
        shape(path.name, "", f"no ZIP that can be unpacked: {error}", "a ZIP archive without a password",
              "パスワードのないZIP", findings)  # fmt: skip
        return None


def chosen(inside: list[zipfile.ZipInfo], file: str, findings: Findings) -> dict[str, zipfile.ZipInfo] | None:
    """Return name -> what to unpack; None, with faults, where something is too large, packed oddly or there twice."""
    wanted: dict[str, zipfile.ZipInfo] = {}
    fine = True
    for one in inside:
        name = PurePosixPath(one.filename.replace("\\", "/")).name
        if one.is_dir() or name not in FILES:
            continue
        place = f"{file}/{one.filename}"
        fine = small(one.file_size, place, findings) and fine
        if one.compress_type not in PACKINGS:
            shape(place, "", f"packing {one.compress_type}", "a file stored or deflated", "Deflateか無圧縮", findings)
            fine = False
        if name in wanted:
            findings.add("two-files", place, found=one.filename, hint=wanted[name].filename)
        wanted.setdefault(name, one)
    return wanted if fine else None


def small(size: int, file: str, findings: Findings) -> bool:
    """Say whether a file may be read; note one that is too large."""
    if size <= LARGEST:
        return True
    findings.add("too-large", file, found=f"{size:,} bytes", expected=f"at most {LARGEST:,} bytes",
                 expected_ja=f"{LARGEST:,}バイト以下")  # fmt: skip
    return False


def parsed(data: bytes, name: str, findings: Findings) -> dict[str, Any] | None:
    """Return a JSON object; None, with a fault, if it is none."""
    if not decoded(data, name, findings):
        return None
    try:
        document = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, RecursionError) as error:
        shape(name, "", str(error), "valid JSON", "正しいJSON", findings)
        return None
    if not isinstance(document, dict):
        shape(name, "", type(document).__name__, "a JSON object", "JSONオブジェクト", findings)
        return None
    return document


def shape(  # noqa: PLR0913  a fault has this many facets
    file: str, where: str, found: str, expected: str, expected_ja: str, findings: Findings
) -> None:
    """Note that something is not what the format has there."""
    findings.add("bad-gas", file, column=where, found=found, expected=expected, expected_ja=expected_ja)
