"""A process that writes envelopes and says which are acknowledged, until it is killed."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.store.made import row, send

from noroshi.store.opening import open_store

SIZE = 20
"""Objects of an envelope; those of envelope k have the numbers from k * SIZE."""


def main(url: str, first: int) -> None:
    """Write four envelopes at a time."""
    store = open_store(url, Path.cwd())
    while True:
        sent = [(k, send(store, *(row(k * SIZE + i) for i in range(SIZE)), uid=f"envelope-{k}"))
                for k in range(first, first + 4)]  # fmt: skip
        for k, future in sent:
            future.result()
            sys.stdout.write(f"{k}\n")
            sys.stdout.flush()
        first += 4


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
