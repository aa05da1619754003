"""People and their rights: who there is, somebody new, what one is changed to and granted, communities."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from litestar import Response

from noroshi.desk import people
from noroshi.desk.founding import refuse_name, refuse_password
from noroshi.files.declarations import SHORTEST_PASSWORD
from noroshi.share.markings import Tlp
from noroshi.share.permissions import KINDS
from noroshi.share.taxii import Refused

if TYPE_CHECKING:
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["LEVELS", "TABS", "declare", "tabs", "typed_whole"]

TABS = (
    ("/admin", "admin_tab_people", "principals.list"),
    ("/admin/invite", "admin_tab_invite", "principals.change"),
    ("/admin/communities", "admin_tab_communities", "principals.list"),
    ("/admin/journal", "admin_tab_journal", "journal.read"),
    ("/admin/settings", "admin_tab_settings", "hub.keep"),
    ("/admin/backup", "admin_tab_backup", "hub.keep"),
)
"""Address, word and what it takes, of each page of this place."""
LEVELS = tuple(str(one) for one in Tlp)
LONGEST = 100
UNFIT = Refused(422, "Unprocessable", "community: at most 100 letters, without /")


def tabs(page: Page, screen: Screen, at: str) -> dict[str, Any]:
    """Return the pages of this place that somebody may follow, and which one this is."""
    built = screen.built()
    return {"tabs": [(to, key) for to, key, action in TABS if to in built and page.may(action)], "tab": at}


def typed_whole(form: Form, name: str) -> str:
    """Return a field with its blanks: they may belong to a password."""
    return (form.fields.get(name) or [""])[0]


def declare(screen: Screen) -> None:
    """Declare the pages of people and communities."""
    declare_list(screen)
    declare_person(screen)
    declare_communities(screen)


def declare_list(screen: Screen) -> None:
    """Declare the list of people, and the page of somebody new."""
    hub = screen.hub

    @screen.view("/admin")
    def listed(page: Page) -> Response[Any]:
        if page.asker is not None and not page.may("principals.list") and page.may("journal.read"):
            return page.go("/admin/journal")
        found, text = people.listed(hub, page.who), page.query("q").casefold()
        rows = [one for one in found if text in f"{one.account.name} {one.account.kind}".casefold()]
        return page.show(
            "admin_people.html", title=page.w("admin_title"), rows=rows, total=len(found), text=page.query("q"),
            tlp=tlp_of, address=address, **tabs(page, screen, "/admin"),
        )  # fmt: skip

    @screen.view("/admin/people/new")
    def new(page: Page) -> Response[Any]:
        people.listed(hub, page.who)
        return asked_new(page)

    @screen.change("/admin/people/new")
    def made(page: Page, form: Form) -> Response[Any]:
        name = form.get("name")
        try:
            refuse_name(name)
            refuse_password(typed_whole(form, "password"))
            people.make(hub, page.who, name, wanted(form)._replace(password=typed_whole(form, "password")))
        except Refused as refused:
            return asked_new(page, refused, form)
        return page.go(address(name), "admin_said_made")

    def asked_new(page: Page, refused: Refused | None = None, form: Form | None = None) -> Response[Any]:
        return page.show(
            "admin_new.html", status=refused.status if refused else 200, title=page.w("admin_new_title"), narrow=True,
            fault=page.refusal(refused) if refused else "", form=form, kinds=KINDS, levels=LEVELS,
            shortest=SHORTEST_PASSWORD,
        )  # fmt: skip


def declare_person(screen: Screen) -> None:
    """Declare the page of one person, and what is done there."""
    hub = screen.hub

    @screen.view("/admin/people/{name:str}")
    def one(page: Page) -> Response[Any]:
        return shown(page)

    @screen.change("/admin/people/{name:str}")
    def changed(page: Page, form: Form) -> Response[Any]:
        name = page.path("name")
        return done(page, name, "admin_said_changed", lambda: people.change(hub, page.who, name, wanted(form)))

    @screen.change("/admin/people/{name:str}/password")
    def password(page: Page, form: Form) -> Response[Any]:
        name, fresh = page.path("name"), typed_whole(form, "password")

        def work() -> None:
            refuse_password(fresh)
            people.change(hub, page.who, name, people.Wanted(password=fresh))

        return done(page, name, "admin_said_password", work)

    @screen.change("/admin/people/{name:str}/grants")
    def grant(page: Page, form: Form) -> Response[Any]:
        name = page.path("name")
        root, _, uid = form.get("at").partition("/")
        leave = ("read" in form.all("leave"), "write" in form.all("leave"))
        return done(
            page, name, "admin_said_granted", lambda: people.grant(hub, page.who, name, (root, uid), leave)
        )  # fmt: skip

    @screen.change("/admin/people/{name:str}/withdrawal")
    def withdrawn(page: Page, form: Form) -> Response[Any]:
        name = page.path("name")
        if form.get("sure") != name:
            return shown(page, Refused(422, "Unprocessable", page.w("admin_withdraw_retype", name=name)))
        try:
            people.withdraw(hub, page.who, name)
        except Refused as refused:
            return shown(page, refused)
        return page.go("/admin", "admin_said_withdrawn")

    def done(page: Page, name: str, said: str, work: Callable[[], object]) -> Response[Any]:
        try:
            work()
        except Refused as refused:
            return shown(page, refused)
        return page.go(address(name), said)

    def shown(page: Page, refused: Refused | None = None) -> Response[Any]:
        found = people.one(hub, page.who, page.path("name"))
        granted = {(had.root, had.uid): had for had in found.grants}
        titles = {(root.name, one.uid): one.title
                  for root in hub.roots(page.who) for one in hub.collections(page.who, root)}  # fmt: skip
        return page.show(
            "admin_person.html", status=refused.status if refused else 200, title=found.account.name, one=found,
            fault=page.refusal(refused) if refused else "", kinds=KINDS, levels=LEVELS,
            level=tlp_of(found.account.sees),
            grantable=[(at.root, at.uid, titles.get((at.root, at.uid), at.uid), granted.get((at.root, at.uid)))
                    for at in people.places(hub, page.who)],
            shortest=SHORTEST_PASSWORD, here=address(found.account.name), is_you=found.account.no == page.who.no,
        )  # fmt: skip


def declare_communities(screen: Screen) -> None:
    """Declare the page of communities."""
    hub = screen.hub

    @screen.view("/admin/communities")
    def communities(page: Page) -> Response[Any]:
        return all_communities(page)

    @screen.change("/admin/communities")
    def admitted(page: Page, form: Form) -> Response[Any]:
        community, member = form.get("community"), form.get("do") != "out"
        try:
            if not community or len(community) > LONGEST or "/" in community or not community.isprintable():
                raise UNFIT
            people.admit(hub, page.who, community, form.get("name"), member=member)
        except Refused as refused:
            return all_communities(page, refused)
        return page.go("/admin/communities", "admin_said_admitted" if member else "admin_said_dismissed")

    def all_communities(page: Page, refused: Refused | None = None) -> Response[Any]:
        names = [one.account.name for one in people.listed(hub, page.who)]
        return page.show(
            "admin_communities.html", status=refused.status if refused else 200, title=page.w("admin_title"),
            fault=page.refusal(refused) if refused else "", members=people.members(hub, page.who), names=names,
            address=address, **tabs(page, screen, "/admin/communities"),
        )  # fmt: skip


def wanted(form: Form) -> people.Wanted:
    """Return what a form says that somebody is to be."""
    level = Tlp.named(form.get("sees"))
    named = frozenset(one.strip() for one in form.get("communities").split(",") if one.strip())
    if any(len(one) > LONGEST or "/" in one or not one.isprintable() for one in named):
        raise UNFIT
    return people.Wanted(
        form.get("kind") if form.get("kind") in KINDS else KINDS[-1], -1 if level is None else int(level), named,
        owner=form.get("owner") == "yes",
    )  # fmt: skip


def tlp_of(sees: int) -> str:
    """Return the name of a TLP level, "" for none."""
    return str(Tlp(sees)) if sees >= 0 else ""


def address(name: str) -> str:
    """Return where the page of somebody is."""
    return f"/admin/people/{quote(name, safe='')}"
