"""What browsers keep: styles and scripts under addresses that change with their content."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from noroshi.report.html import style

__all__ = ["Static", "address_of", "statics"]

FOLDER = Path(__file__).parent.parent / "static"
"""Built from ui/ by `make ui` and committed."""
KINDS = {".css": "text/css", ".js": "text/javascript", ".json": "application/json", ".svg": "image/svg+xml"}


class Static(NamedTuple):
    """One file as it is served."""

    name: str
    address: str
    media_type: str
    body: bytes


@cache
def statics() -> dict[str, Static]:
    """Return every file by its name; the screen's style comes after that of reports, whose tables and marks it uses."""
    found = {}
    for path in sorted(FOLDER.iterdir()):
        if path.suffix not in KINDS:
            continue
        body = path.read_bytes()
        if path.name == "screen.css":
            body = style().encode() + body
        digest = hashlib.sha256(body).hexdigest()[:16]
        place = f"/static/{path.stem}.{digest}{path.suffix}"
        found[path.name] = Static(path.name, place, KINDS[path.suffix], body)
    return found


def address_of(name: str) -> str:
    """Return the address of a file; KeyError where there is none of that name."""
    return statics()[name].address
