"""Estates that the hub keeps: a copy of a sample, what is brought in, a row changed, the history and the way back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from litestar import Response
from litestar.datastructures import Cookie

from noroshi.desk import estates_kept
from noroshi.desk.estate_editing import KINDS_OF_FILE, brought_in, with_row, without_row
from noroshi.desk.permitting import must
from noroshi.errors import InputError, NotFoundError
from noroshi.estate.column import Kind
from noroshi.estate.tables import TABLES
from noroshi.share.taxii import Refused
from noroshi.web.screen.estate_shown import address, meaning, unit
from noroshi.web.screen.page import ESTATE_COOKIE

if TYPE_CHECKING:
    from noroshi.desk.estates_kept import Kept
    from noroshi.errors import Fault
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

NEW = "-"
"""Stands for a row that is to be; no id is so."""
YEAR_S = 31_536_000
SHOWN = 200
FEW = 400
"""Ids that a field offers to choose from at most."""
NOT_OWN = Refused(403, "Forbidden", "a sample, and the estate that the hub was started with, cannot be changed here")


def declare(screen: Screen) -> None:
    """Declare the pages of estates that the hub keeps."""
    declare_beginning(screen)
    declare_rows(screen)
    declare_history(screen)


def declare_beginning(screen: Screen) -> None:
    """Declare how an estate comes to be kept: as a copy, or brought in."""
    hub, data = screen.hub, screen.settings.data

    @screen.change("/estate/copy")
    def copied(page: Page, form: Form) -> Response[Any]:
        must(page.who, "estates.change")
        name = form.get("name") or page.w("estate_copy_of", name=page.pick(*page.estates.title(page.estate)))
        return chosen(page, estates_kept.begin(hub, page.who, data, page.loaded(), name[:100], "copied", page.now))

    @screen.view("/estate/import")
    def bring(page: Page) -> Response[Any]:
        must(page.who, "estates.change")
        return asked(page)

    @screen.change("/estate/import")
    def brought(page: Page, form: Form) -> Response[Any]:
        must(page.who, "estates.change")
        sent, name = form.file("file"), form.get("name")
        if sent is None:
            return asked(page, (), page.w("estate_import_choose"), name)
        try:
            estate, findings = brought_in(sent.name, sent.data)
        except InputError as error:
            return asked(page, error.faults, "", name)
        if estate is None:
            total = findings.errors + findings.warnings
            return asked(page, findings.faults(page.lang), page.w("estate_import_faults", total=total), name)
        called = name or page.pick(estate.meta.name_en, estate.meta.name_ja) or estate.meta.id
        return chosen(page, estates_kept.begin(hub, page.who, data, estate, called[:100], "imported", page.now))

    def asked(page: Page, faults: Any = (), fault: str = "", name: str = "") -> Response[Any]:  # noqa: ANN401  Faults
        return page.show(
            "estate_import.html", status=422 if faults or fault else 200, title=page.w("estate_import_title"),
            faults=faults[:SHOWN], more=max(0, len(faults) - SHOWN), fault=fault, name=name,
            accept=",".join(KINDS_OF_FILE),
        )  # fmt: skip


def declare_rows(screen: Screen) -> None:
    """Declare how a row is changed, added and taken away."""
    hub, data = screen.hub, screen.settings.data

    @screen.view("/estate/{table:str}/{ident:str}/edit")
    def edit(page: Page) -> Response[Any]:
        own(page)
        return a_form(page, cells_of(page))

    @screen.change("/estate/{table:str}/{ident:str}/edit")
    def edited(page: Page, form: Form) -> Response[Any]:
        one, table, ident = own(page), page.path("table"), page.path("ident")
        there = "" if ident == NEW else ident
        cells = {col.name: form.get(f"cell-{col.name}") for col in columns(page)}
        gone = form.get("do") == "remove"
        note = f"{table}/{there or cells['id']}"
        try:
            estates_kept.changed(
                hub, page.who, data, one.key, form.get("base"),
                lambda old: without_row(old, table, there, page.lang) if gone
                else with_row(old, table, there, cells, page.lang), note, page.now,
            )  # fmt: skip
        except InputError as error:
            return a_form(page, cells, error.faults)
        except Refused as refused:
            return a_form(page, cells, (), refused)
        return page.go(f"/estate/{table}" if gone else address(table, cells["id"]),
                       "estate_said_removed" if gone else "estate_said_saved")  # fmt: skip

    def a_form(
        page: Page, cells: dict[str, str], faults: tuple[Fault, ...] = (), refused: Refused | None = None
    ) -> Response[Any]:  # fmt: skip
        table, ident = page.path("table"), page.path("ident")
        estate, by_column = page.loaded(), {fault.column: fault for fault in reversed(faults)}
        fields = []
        for col in columns(page):
            offered = [one for name in col.refs if estate.count(name) <= FEW for one in estate.ids(name)]
            fields.append((col, meaning(page, col), cells.get(col.name, ""), by_column.get(col.name), offered[:FEW]))
        return page.show(
            "estate_edit.html", status=refused.status if refused else 422 if faults else 200, fields=fields,
            title=page.w("estate_new_row" if ident == NEW else "estate_edit_row", name=ident), table=table, ident=ident,
            unit=partial(unit, page),
            faults=faults[:SHOWN], fault=page.refusal(refused) if refused else "", new=ident == NEW, kinds=Kind,
            base=own(page).versions[-1].sha, cancel=f"/estate/{table}" if ident == NEW else address(table, ident),
        )  # fmt: skip


def declare_history(screen: Screen) -> None:
    """Declare the history of an estate, what a version changed, and the way back."""
    hub, data = screen.hub, screen.settings.data

    @screen.view("/estate/history")
    def history(page: Page) -> Response[Any]:
        one = own(page)
        rows = [(no, each) for no, each in enumerate(one.versions, 1)][::-1]
        return page.show("estate_history.html", title=page.w("estate_history"), rows=rows, one=one)

    @screen.change("/estate/history")
    def restored(page: Page, form: Form) -> Response[Any]:
        no = int(form.get("no")) if form.get("no").isdecimal() else 0
        estates_kept.restored(hub, page.who, data, own(page).key, no, page.now)
        return page.go("/estate/history", "estate_said_restored")

    @screen.view("/estate/history/{no:str}")
    def version(page: Page) -> Response[Any]:
        one, no = own(page), int(page.path("no")) if page.path("no").isdecimal() else 0
        found = estates_kept.difference(page.who, data, one.key, no)
        return page.show(
            "estate_difference.html", title=page.w("estate_version", no=no), found=found, no=no,
            version=one.versions[no - 1], most=SHOWN,
        )  # fmt: skip


def own(page: Page) -> Kept:
    """Return the kept estate that is looked at; Refused 403 where it is one that cannot be changed."""
    must(page.who, "estates.change")
    one = page.copies.get(page.estate)
    if one is None:
        raise NOT_OWN
    return one


def columns(page: Page) -> Any:  # noqa: ANN401  the described ones
    """Return the columns of the table in the address; NotFoundError where there is none."""
    if page.path("table") not in TABLES:
        raise NotFoundError(page.path("table"))
    return TABLES[page.path("table")].columns


def cells_of(page: Page) -> dict[str, str]:
    """Return the cells of the row in the address as a form has them, defaults for one that is to be."""
    table, ident, estate = page.path("table"), page.path("ident"), page.loaded()
    if ident == NEW:
        return {col.name: said(col.default) for col in columns(page)}
    if table not in TABLES or ident not in estate.rows(table):
        raise NotFoundError(ident)
    row = estate.frame(table).row(estate.rows(table)[ident], named=True)
    return {name: said(value) for name, value in row.items()}


def said(value: object) -> str:
    """Return a value as a form has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}"
    return "" if value is None else str(value)


def chosen(page: Page, one: Kept) -> Response[Any]:
    """Return the way to an estate that is kept from now on, which is the one that is looked at."""
    answer = page.go("/estate", "estate_said_kept")
    key = estates_kept.own_key(one)
    answer.cookies.append(
        Cookie(key=ESTATE_COOKIE, value=key, path="/", max_age=YEAR_S, httponly=True, samesite="strict")
    )
    return answer
