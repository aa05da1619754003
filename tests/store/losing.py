"""A process that writes envelopes on a disk that notes everything, and leaves what was noted in a file."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from tests.store.disk import Disk, Op
from tests.store.killing import SIZE
from tests.store.made import DECLARED, row, send

from noroshi.store.opening import open_store


def main(folder: Path, count: int, full_from: int, full_to: int) -> None:
    """Write so many envelopes, four at a time; the disk is full while those from one number to another are sent."""
    disk = Disk()
    store = open_store("", folder)
    store.apply(DECLARED)
    disk.ops.append(Op("said", "open"))
    for first in range(0, count, 4):
        disk.full = full_from <= first < full_to
        sent = [(k, send(store, *(row(k * SIZE + i) for i in range(SIZE)), uid=f"envelope-{k}"))
                for k in range(first, first + 4)]  # fmt: skip
        for k, future in sent:
            try:
                future.result()
            except Exception as error:  # noqa: BLE001  whatever it is, it is looked at by who started us
                disk.ops.append(Op("said", f"{type(error).__name__}: {error}", k))
            else:
                disk.ops.append(Op("said", "kept", k))
        if first % 24 == 0 and not disk.full:
            store.scrub()
    disk.full = False
    with (folder / "ops").open("wb") as file:
        pickle.dump(disk.ops, file)
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
