"""The estate that is looked at: what it has, search over all of it, its tables, one thing with what is around it."""

from __future__ import annotations

import csv
import io
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from litestar import Response

from noroshi.desk.estate_browsing import MOST, counts, csv_of, named, part, search, thing
from noroshi.desk.estate_graph import GRAPHED, around, matrix
from noroshi.errors import NotFoundError
from noroshi.estate.column import Kind
from noroshi.estate.tables import TABLES
from noroshi.report.estate_charts import heat_map, layers
from noroshi.report.html import safe
from noroshi.web.screen.estate_shown import address, duration, label, meaning, name_of, told, unit

if TYPE_CHECKING:
    from noroshi.desk.neighbourhood import Near
    from noroshi.estate.model import Estate
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare", "shown_thing"]

FIRST = ("id", "name_en", "name_ja")
"""What stands in a row's first cell."""
CHOICES = 60
"""Values of a column that a filter offers at most."""
FILTERED = ("sector", "organisation", "kind", "area", "commodity", "logic", "channel", "fuel")
"""Columns by which a table is filtered, the first that it has."""


def declare(screen: Screen) -> None:
    """Declare the pages by which an estate is looked through."""

    @screen.view("/estate")
    def front(page: Page) -> Response[Any]:
        page.who  # noqa: B018  everybody who has logged in
        estate, text = page.loaded(), page.query("q")[:200]
        found, total = search(estate, text)
        return page.show(
            "estate_front.html", title=page.pick(*page.estates.title(page.estate)), estate=estate, text=text,
            found=[(address(one.table, one.id), name_of(page, one, one.id), one) for one in found], total=total,
            counts=counts(estate), tables=TABLES, **matrix_of(page, estate), **standing_of(page, estate),
        )  # fmt: skip

    @screen.view("/estate/matrix.csv")
    def matrix_csv(page: Page) -> Response[Any]:
        page.who  # noqa: B018
        found = matrix(page.loaded())
        out = io.StringIO()
        rows = csv.writer(out)
        rows.writerow(("needed", "needed_by", "links"))
        for needed, row in zip(found.sectors, found.cells, strict=True):
            rows.writerows((needed[0], by[0], n) for by, n in zip(found.sectors, row, strict=True) if n)
        return page.answer(out.getvalue(), "text/csv", save_as="matrix.csv")

    @screen.view("/estate/{table:str}")
    def table(page: Page) -> Response[Any]:
        page.who  # noqa: B018
        name, asked = page.path("table"), asked_of(page)
        estate = page.loaded()
        if name.endswith(".csv"):
            found = csv_of(estate, name.removesuffix(".csv"), *asked)
            return page.answer(found, "text/csv", save_as=name)
        return a_table(page, estate, name, asked)

    @screen.view("/estate/{table:str}/{ident:str}")
    def one(page: Page) -> Response[Any]:
        page.who  # noqa: B018
        return shown_thing(page, page.loaded(), page.path("table"), page.path("ident"))


Asked = tuple[str, tuple[str, str], str]


def asked_of(page: Page) -> Asked:
    """Return what of a table is asked for: words, a column with its value, an order."""
    return page.query("q")[:200], (page.query("by"), page.query("is")), page.query("sort")


def standing_of(page: Page, estate: Estate) -> dict[str, Any]:
    """Return what an estate's figures are worth, in words."""
    meta = estate.meta
    shipped = page.estates.key(page.estate) != "served"
    return {
        "shipped": shipped, "own": page.copies.get(page.estate), "changes": page.may("estates.change"),
        "sources": meta.sources,
        "assumptions": meta.assumptions_ja if page.lang == "ja" and meta.assumptions_ja else meta.assumptions,
        "posture": page.pick(meta.posture, meta.posture_ja),
    }  # fmt: skip


def matrix_of(page: Page, estate: Estate) -> dict[str, Any]:
    """Return the matrix of sectors as a picture and as rows, the strongest first; nothing where there are no links."""
    found = matrix(estate)
    names = [page.pick(*one[1:]) for one in found.sectors]
    rows = [
        (names[i], names[k], count) for i, row in enumerate(found.cells) for k, count in enumerate(row) if count
    ]  # fmt: skip
    rows.sort(key=lambda one: -one[2])

    def says(needed: str, needing: str, count: int) -> str:
        return page.w("estate_matrix_cell", needed=needed, needing=needing, count=count)

    drawn = heat_map(found, page.lang, page.w("estate_matrix"), says) if rows else ""
    return {"heat": safe(drawn) if drawn else None, "pairs": rows, "aside": found.aside}


def a_table(page: Page, estate: Estate, name: str, asked: Asked) -> Response[Any]:
    """Return a table, some rows at a time."""
    start = int(page.query("from", "0")) if page.query("from", "0").isdecimal() else 0
    found = part(estate, name, *asked, start=min(start, 10**9))
    columns, known = found.columns, named(estate)
    rows = []
    for row in found.rows:
        ident = str(row[0])
        pairs = zip(columns, row, strict=True)
        cells = [told(page, estate, col, value) for col, value in pairs if col.name not in FIRST]
        hit = known.get(ident)
        link = name_of(page, hit if hit is not None and hit.table == name else None, ident)
        rows.append((address(name, ident), link, ident, cells))
    text, where, order = asked
    kept = {key: value for key, value in (("q", text), ("by", where[0]), ("is", where[1])) if value}
    return page.show(
        "estate_table.html", title=page.w(f"estate_table_{name}"), name=name, table=TABLES[name], rows=rows,
        columns=[(col, label(page, col)) for col in columns if col.name not in FIRST], total=found.total, start=start,
        most=MOST, text=text, order=order, where=where, query=urlencode(kept),
        onward=urlencode({**kept, **({"sort": order} if order else {})}), filters=filters(page, estate, name),
        unit=partial(unit, page),
        estate_name=page.pick(*page.estates.title(page.estate)), **standing_of(page, estate),
    )  # fmt: skip


def filters(page: Page, estate: Estate, name: str) -> tuple[str, str, list[tuple[str, str]]] | None:
    """Return the column by which a table can be filtered, what it is called, and its values with their names."""
    frame, known = estate.frame(name), named(estate)
    for column in FILTERED:
        if column not in frame.columns:
            continue
        col = TABLES[name].column(column)
        values = [one for one in frame[column].unique().to_list() if one]
        if 1 < len(values) <= CHOICES:
            hits = [(one, known.get(one) if col.kind is Kind.REF else None) for one in values]
            said = [(one, name_of(page, hit, one)) for one, hit in hits]
            return column, label(page, col), sorted(said, key=lambda one: one[1])
    return None


def shown_thing(page: Page, estate: Estate, table: str, ident: str) -> Response[Any]:
    """Return the page of one row."""
    found = thing(estate, table, ident)
    known = named(estate)
    hit = known.get(ident)
    name = name_of(page, hit if hit is not None and hit.table == table else None, ident)
    facts = [
        (col.name, meaning(page, col), unit(page, col.unit), told(page, estate, col, value))
        for col, value in found.values
    ]  # fmt: skip
    referring = [
        (other, meaning(page, TABLES[other].column(column)),
         [(address(other, one), referrer(page, estate, other, one)) for one in ids], total)
        for other, column, ids, total in found.referring
    ]  # fmt: skip
    return page.show(
        "estate_thing.html", title=name, ident=ident, table=table, facts=facts, referring=referring,
        row=page.pick(TABLES[table].row, TABLES[table].row_ja),
        **graph_of(page, estate, table, ident, name), **standing_of(page, estate),
    )  # fmt: skip


def referrer(page: Page, estate: Estate, table: str, ident: str) -> str:
    """Return the name of a row that refers to another; of a dependency, who needs it."""
    hit = named(estate).get(ident)
    if table == "dependencies":
        frame = estate.frame(table)
        needing = str(frame["dependant"][estate.rows(table)[ident]])
        return f"{name_of(page, named(estate).get(needing), needing)} ({ident})"
    return name_of(page, hit if hit is not None and hit.table == table else None, ident)


def graph_of(page: Page, estate: Estate, table: str, ident: str, name: str) -> dict[str, Any]:
    """Return what is around a thing as a picture and as rows; None where its table has no such thing."""
    if table not in GRAPHED:
        return {"graph": None, "links": None, "left_out": 0}
    try:
        found = around(estate, table, ident)
    except NotFoundError:
        return {"graph": None, "links": None, "left_out": 0}
    known = named(estate)
    nodes = {one.id: one for one in found.nodes}

    def lasts(hours: float) -> str:
        # between two boxes is room for a figure, not for "stops at once", which the table says
        return duration(page, hours) if hours > 0 else page.w("estate_hours", hours=0)

    def to(one: Near) -> str:
        hit = known.get(one.id)
        return address(hit.table if hit else table, one.id)

    heads = [page.w(key) for key in ("estate_hop_m2", "estate_hop_m1", "estate_hop_0", "estate_hop_1", "estate_hop_2")]
    title = f"{page.w('estate_around')}: {name}"
    links = [
        [(page.pick(nodes[end].name_en, nodes[end].name_ja), to(nodes[end])) for end in (one.provider, one.dependant)]
        + [", ".join(one.commodities), "" if one.autonomy_h is None else duration(page, one.autonomy_h)]
        for one in sorted(found.links, key=lambda one: (one.autonomy_h is None, one.autonomy_h or 0.0))
    ]
    drawn = layers(found, page.lang, heads, title, lasts, to) if links else ""
    return {"graph": safe(drawn) if drawn else None, "links": links, "left_out": found.left_out}
