"""Time zones from the package tzdata, whatever the machine has: the same pins give the same times everywhere."""

from __future__ import annotations

import difflib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from noroshi.errors import NotFoundError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["zone", "zone_names"]


@cache
def zone_names() -> tuple[str, ...]:
    """Return the IANA names of all zones, sorted."""
    lines = files("tzdata").joinpath("zones").read_text(encoding="utf-8").splitlines()
    return tuple(sorted(line for line in lines if line))


@cache
def zone(name: str) -> ZoneInfo:
    """Return the zone of that IANA name; NotFoundError, with what is near, if there is none."""
    from zoneinfo import ZoneInfo

    if name not in zone_names():
        near = difflib.get_close_matches(name, zone_names(), 3, 0.5)
        raise NotFoundError(f"no time zone {name!r}; " + (f"near: {', '.join(near)}" if near else "such as Asia/Tokyo"))
    folder, _, last = name.rpartition("/")
    package = ".".join(("tzdata.zoneinfo", *folder.split("/"))) if folder else "tzdata.zoneinfo"
    with files(package).joinpath(last).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)
