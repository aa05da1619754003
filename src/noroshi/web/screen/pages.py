"""Every page of the screen, declared by the file that has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from litestar import HttpMethod, Response, route
from litestar.params import FromPath

from noroshi.web.headers import SECURITY
from noroshi.web.screen import (
    admin,
    admin_hub,
    assessment,
    brief,
    entrance,
    estate,
    estate_copies,
    glossary,
    incidents,
    incidents_one,
    invitation,
    live,
    me,
    mine,
    now,
    ratings,
    sharing,
    situations,
    situations_asks,
    situations_case,
    situations_outputs,
    situations_position,
    situations_replays,
    situations_warnings,
    warnings,
    whatif,
)
from noroshi.web.screen.screen import Screen
from noroshi.web.screen.statics import statics

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.settings import Settings
    from noroshi.web.estates import Estates

__all__ = ["screen_of"]

PAGES = (
    entrance,
    live,
    now,
    brief,
    sharing,
    warnings,
    situations,
    situations_case,
    situations_outputs,
    situations_warnings,
    situations_asks,
    situations_position,
    situations_replays,
    incidents,
    incidents_one,
    estate,
    whatif,
    ratings,
    assessment,
    mine,
    invitation,
    admin,
    admin_hub,
    me,
    estate_copies,
    glossary,
)
KEPT = {**SECURITY, "Cache-Control": "public, max-age=31536000, immutable"}
"""A file's address changes with its content, so it may be kept for ever."""


def screen_of(hub: Hub, settings: Settings, estates: Estates) -> Screen:
    """Return the screen with all its pages over a hub."""
    screen = Screen(hub, settings, estates)
    for one in PAGES:
        one.declare(screen)
    by_address = {one.address: one for one in statics().values()}

    @route("/static/{name:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD], sync_to_thread=False)
    def static(name: FromPath[str]) -> Response[bytes]:
        found = by_address.get(f"/static/{name}")
        if found is None:
            return Response(b"", status_code=404, headers={"Cache-Control": "no-store"})
        return Response(found.body, media_type=found.media_type, headers=KEPT)

    screen.handlers.append(static)
    return screen
