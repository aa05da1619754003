"""A process that syncs with its partners again and again, little by little, and says so, until it is killed."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

from tests.web.partners_world import settings_in

from noroshi.desk import peers_push
from noroshi.desk.peers import sync
from noroshi.wire import taxii_client
from noroshi.wire.asking import Timing
from noroshi.wire.trying import Patience


def main(folder: str, other: str) -> None:
    """Sync a folder's hub with a partner, a few objects a request."""
    taxii_client.OBJECTS, peers_push.PAGE = 15, 12
    patience = Patience(tries=4, first=0.01, longest=0.1)
    timing = Timing(time.time, time.monotonic, time.sleep, random.SystemRandom(), patience)

    def said(*_: object) -> None:
        sys.stdout.write(".\n")
        sys.stdout.flush()

    while True:
        sync(settings_in(Path(folder)), (other,), ("pull", "push"), timing, said=said)
        said()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
