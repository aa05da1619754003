"""A hub process that only speaks TAXII: it starts in a moment, and can be killed like any other."""

from __future__ import annotations

import sys
from pathlib import Path

import uvicorn

from noroshi.desk.hub import open_hub
from noroshi.settings import load_settings
from noroshi.web.taxii import TaxiiDoor


def main(folder: str, port: int) -> None:
    """Serve the hub of a folder at a port of loopback until stopped."""
    settings = load_settings({"data": folder}, {"HOME": folder}, Path(folder))
    door = TaxiiDoor(open_hub(settings))
    uvicorn.run(door, host="127.0.0.1", port=port, log_level="critical", lifespan="off", ws="none")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
