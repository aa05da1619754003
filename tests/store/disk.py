"""A disk under SQLite that notes what is written and synced, can be full, and can lose what was not synced.

A VFS (https://www.sqlite.org/vfs.html) put before SQLite's own by ctypes: of each file only write, truncate and sync
are replaced. Made for a process of its own, since every file that SQLite opens in it afterwards is of this disk.
"""

from __future__ import annotations

import _sqlite3
import ctypes as c
import random
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["SECTOR", "Disk", "Op", "after_power_loss", "shared_library"]

OK, FULL = 0, 13
SECTOR = 512
"""Bytes of which a disk writes all or none."""
CREATE, JOURNAL, WAL = 0x4, 0x800, 0x80000
KEPT = 0x100 | JOURNAL | WAL
"""Flags of xOpen: SQLITE_OPEN_CREATE and so on; the files of which there is something to keep."""


WRITE = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p, c.c_int, c.c_int64)
TRUNCATE = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_int64)
SYNC = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_int)


class Methods(c.Structure):
    """sqlite3_io_methods, version 3; those that stay as they are as plain pointers."""

    _fields_ = [
        ("version", c.c_int), ("close", c.c_void_p), ("read", c.c_void_p), ("write", WRITE), ("truncate", TRUNCATE),
        ("sync", SYNC), *((f"other{k}", c.c_void_p) for k in range(13)),
    ]  # fmt: skip


class File(c.Structure):
    """sqlite3_file."""

    _fields_ = [("methods", c.POINTER(Methods))]


# a name as a pointer: SQLite keeps it, and what follows it, for as long as the file is open
OPEN = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_void_p, c.POINTER(File), c.c_int, c.POINTER(c.c_int))
DELETE = c.CFUNCTYPE(c.c_int, c.c_void_p, c.c_char_p, c.c_int)


class Vfs(c.Structure):
    """sqlite3_vfs, version 3."""

    _fields_ = [
        ("version", c.c_int), ("file_size", c.c_int), ("longest", c.c_int), ("next", c.c_void_p),
        ("name", c.c_char_p), ("data", c.c_void_p), ("open", OPEN), ("delete", DELETE),
        *((f"other{k}", c.c_void_p) for k in range(13)),
    ]  # fmt: skip


class Op(NamedTuple):
    """What was done to a file ("write", "truncate", "sync", "delete"), or what a process said ("said").

    at: where it is written, the size it is cut to, or whether the folder is synced with it, as SQLite does at the first
    sync of a journal that it has made.
    """

    what: str
    file: str = ""
    at: int = 0
    data: bytes = b""


def shared_library() -> str:
    """Return the SQLite that Python uses, "" where it is built in and cannot be reached."""
    try:
        c.CDLL(_sqlite3.__file__).sqlite3_vfs_find  # noqa: B018  whether it is there
    except (AttributeError, OSError):
        return ""
    return str(_sqlite3.__file__)


class Disk:
    """The VFS of this process. A class, for what it has noted."""

    def __init__(self) -> None:
        """Put it before SQLite's own."""
        self.ops: list[Op] = []
        self.full = False
        self.names: dict[int, str] = {}
        self.fresh: set[int] = set()
        self.real: dict[int, Methods] = {}
        self.mine: dict[int, Methods] = {}
        library = c.CDLL(shared_library())
        library.sqlite3_vfs_find.restype = c.POINTER(Vfs)
        own = library.sqlite3_vfs_find(None)[0]
        self.own = own
        self.vfs = Vfs.from_buffer_copy(own)
        self.vfs.name, self.vfs.next = b"noted", None
        self.vfs.open, self.vfs.delete = OPEN(self._open), DELETE(self._delete)
        if library.sqlite3_vfs_register(c.byref(self.vfs), 1) != OK:
            raise OSError("the VFS was refused")

    def _open(self, _: Any, name: int | None, file: Any, flags: int, out: Any) -> int:
        code: int = self.own.open(c.byref(self.own), name, file, flags, out)
        if code != OK or not name or not flags & KEPT:
            return code
        place = c.cast(file, c.c_void_p).value or 0
        real = file[0].methods[0]
        mine = self.mine.setdefault(c.addressof(real), self._noting(real))
        self.names[place], self.real[place] = Path(c.string_at(name).decode()).name, real
        if flags & CREATE and flags & (JOURNAL | WAL):
            self.fresh.add(place)
        file[0].methods = c.pointer(mine)
        return code

    def _noting(self, real: Methods) -> Methods:
        """Return the methods of a file with those that change it replaced."""
        mine = Methods.from_buffer_copy(real)
        mine.write, mine.truncate, mine.sync = WRITE(self._write), TRUNCATE(self._truncate), SYNC(self._sync)
        return mine

    def _write(self, file: int, data: int, size: int, at: int) -> int:
        if self.full:
            return FULL
        self.ops.append(Op("write", self.names[file], at, c.string_at(data, size)))
        code: int = self.real[file].write(file, data, size, at)
        return code

    def _truncate(self, file: int, size: int) -> int:
        self.ops.append(Op("truncate", self.names[file], size))
        code: int = self.real[file].truncate(file, size)
        return code

    def _sync(self, file: int, flags: int) -> int:
        code: int = self.real[file].sync(file, flags)
        self.ops.append(Op("sync", self.names[file], file in self.fresh))
        self.fresh.discard(file)
        return code

    def _delete(self, _: Any, name: bytes, sync: int) -> int:
        self.ops.append(Op("delete", Path(name.decode()).name, sync))
        code: int = self.own.delete(c.byref(self.own), name, sync)
        return code


def after_power_loss(ops: list[Op], chance: random.Random) -> dict[str, bytes]:
    """Return what files hold when power is lost after these: what was synced, and of the rest any sectors."""
    synced = {op.file: k for k, op in enumerate(ops) if op.what == "sync"}
    folder = max((k for k, op in enumerate(ops) if op.what in {"sync", "delete"} and op.at), default=-1)
    files: dict[str, bytearray] = {}
    for k, op in enumerate(ops):
        durable = k < synced.get(op.file, -1)
        if op.what == "delete" and (k <= folder or chance.random() < 0.5):
            files.pop(op.file, None)
        elif op.what == "truncate" and (durable or chance.random() < 0.5):
            held = files.setdefault(op.file, bytearray())
            del held[op.at :]
        elif op.what == "write":
            held = files.setdefault(op.file, bytearray())
            for start in range(0, len(op.data), SECTOR):
                if durable or chance.random() < 0.5:
                    piece, at = op.data[start : start + SECTOR], op.at + start
                    held.extend(b"\0" * (at + len(piece) - len(held)))
                    held[at : at + len(piece)] = piece
    return {name: bytes(held) for name, held in files.items()}
