"""Sharing: the objects that one may see, looked for and taken out; its other pages are in their own files."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Response

from noroshi.desk.searching import Wanted, readable, search
from noroshi.desk.sending_out import uid_of
from noroshi.share.markings import Tlp
from noroshi.share.permissions import KINDS
from noroshi.share.taxii import Refused, timestamp
from noroshi.web.screen import sharing_import, sharing_objects, sharing_peers, sharing_releases
from noroshi.web.screen.sharing_shown import TYPES, entered

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.desk.searching import Hit, Hits
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

LIMIT = 50
JAPAN = ZoneInfo("Asia/Tokyo")
NO_LIST = Refused(403, "Forbidden", "a list of an exercise could be taken for real: take STIX, which says so itself")
COLUMNS = (
    "id", "type", "name", "values", "from", "relationship", "to", "tlp", "communities", "collection", "source_kind",
    "source", "version", "added",
)  # fmt: skip


class Found(NamedTuple):
    """What a page was asked for and what was found; query: the same again as an address has it."""

    asked: Wanted
    hits: Hits
    query: dict[str, str]
    exercise: bool


def declare(screen: Screen) -> None:
    """Declare the pages of objects."""
    hub = screen.hub
    for part in (sharing_objects, sharing_import, sharing_releases, sharing_peers):
        part.declare(screen)

    @screen.view("/sharing")
    def objects(page: Page) -> Response[Any]:
        found = looked_for(hub, page)
        here = {**found.query, **({"next": found.asked.cursor} if found.asked.cursor else {})}
        shown = page.show(
            "sharing_list.html", title=page.w("sharing_title"), hits=found.hits, asked=found.asked, kinds=TYPES,
            levels=[str(one) for one in Tlp], sources=KINDS, collections=readable(hub, page.who), limit=LIMIT,
            since=found.query.get("since", ""), query=urlencode(here), onward=urlencode(found.query),
            filtered=bool(set(found.query) - {"in"}), wrong=(), exercise=found.exercise,
        )  # fmt: skip
        return entered(page, found.hits.handed, shown)

    @screen.view("/sharing.csv")
    def as_csv(page: Page) -> Response[Any]:
        found = looked_for(hub, page)
        if any(one.where.exercise for one in found.hits.found):
            raise NO_LIST
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\r\n")
        rows.writerow(COLUMNS)
        rows.writerows(row_of(one) for one in found.hits.found)
        answer = page.answer("\ufeff" + text.getvalue(), "text/csv", save_as="noroshi-objects.csv")
        return entered(page, found.hits.handed, answer)

    @screen.view("/sharing.json")
    def as_stix(page: Page) -> Response[Any]:
        found = looked_for(hub, page)
        bodies = [one.row.body for one in found.hits.found]
        body = b'{"type":"bundle","id":"bundle--' + uid_of(bodies).encode() + b'","objects":[' + b",\n".join(bodies)
        answer = page.answer(body + b"]}\n", "application/stix+json;version=2.1", save_as="noroshi-objects.json")
        return entered(page, found.hits.handed, answer)


def looked_for(hub: Hub, page: Page) -> Found:
    """Return what the address of a page asks for; what it has no sense for asks for nothing."""
    given = {name: page.query(name) for name in ("q", "type", "tlp", "source", "in", "since")}
    query = {name: text for name, text in given.items() if text}
    level = Tlp.named(given["tlp"]) if given["tlp"] else None
    asked = Wanted(
        given["q"][:500], (given["type"],) if given["type"] else (), "" if level is None else str(level),
        given["source"] if given["source"] in KINDS else "", since_of(given["since"]), given["in"], page.query("next"),
    )  # fmt: skip
    hits = search(hub, page.who, asked, LIMIT)
    places = readable(hub, page.who)
    looked = [one for _, one in places if one.uid == asked.collection] if asked.collection else [
        one for _, one in places if not one.exercise
    ] or [one for _, one in places]  # fmt: skip
    return Found(asked, hits, query, any(one.exercise for one in looked))


def since_of(text: str) -> int:
    """Return the beginning of a day in Japan in microseconds; 0 for what is no day."""
    try:
        return int(datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=JAPAN).timestamp() * 1e6) - 1
    except ValueError:
        return 0


def row_of(one: Hit) -> list[str]:
    """Return an object as a row of the table; what a spreadsheet would take for a formula is kept from being one."""
    cells = [
        one.row.id, one.row.type, one.face.title, " ".join(one.face.values), one.ends[0],
        str(one.value.get("relationship_type", "")), one.ends[1], str(one.tlp), " ".join(one.communities or ()),
        one.where.title, one.source_kind, one.source, one.row.version, timestamp(one.row.seq),
    ]  # fmt: skip
    return [f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text for text in cells]
