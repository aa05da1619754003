"""What every page of a case shows alike: its head with the tabs, and its lines as a timeline with what stood before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from noroshi.desk import situations
from noroshi.desk.permitting import may
from noroshi.report.case_brief_html import marked
from noroshi.report.situation_text import SAID, content, text_of, victim
from noroshi.report.svg import element, share_of
from noroshi.respond.incident import Corrected, Harmed, Line
from noroshi.share.markings import Tlp
from noroshi.share.permissions import Leave
from noroshi.web.rest_values import fit

if TYPE_CHECKING:
    from noroshi.desk import incidents
    from noroshi.store.dossiers import Dossier
    from noroshi.web.screen.page import Page

__all__ = ["Entry", "Tab", "entries_of", "head_of", "level_class", "marking_of", "opened", "severity_bar", "wholly"]

ROW = 22
MOST = 100.0


class Tab(NamedTuple):
    """A tab of a case: where it leads, its word, and who has it: everybody, those told all, or who leads."""

    path: str
    word: str
    whose: str


TABS = (
    Tab("", "sit_tab_overview", "all"), Tab("/impact", "sit_tab_impact", "told"),
    Tab("/warnings", "sit_tab_warnings", "leads"), Tab("/asks", "sit_tab_asks", "leads"),
    Tab("/position", "sit_tab_position", "told"), Tab("/severity", "sit_tab_severity", "all"),
    Tab("/duties", "sit_tab_duties", "told"), Tab("/brief", "sit_tab_brief", "all"),
)  # fmt: skip


class Entry(NamedTuple):
    """A line of a timeline. ref: of which incident, "" = the situation; was: what it corrects, in words."""

    n: int
    ref: str
    uid: str
    at: int
    entered: int
    by: str
    kind: str
    text: str
    was: tuple[str, ...]


def opened(page: Page) -> situations.Shown:
    """Return the situation of an address; Refused 404."""
    return situations.read(page.hub, page.who, fit(page.path("uid"), situations.ABSENT))


def wholly(page: Page) -> bool:
    """Say whether who asks is told of situations as the centre or an auditor is, not as one that takes part."""
    return page.asker is not None and may(page.who, "situations.read") is Leave.ALLOWED


def head_of(page: Page, there: situations.Shown, tab: str) -> dict[str, Any]:
    """Return what stands above every page of a situation, and whether it is an exercise."""
    uid, leads = there.dossier.uid, page.may("situations.manage")
    has = {"all": True, "told": wholly(page), "leads": leads}
    title = page.pick(there.situation.title.en, there.situation.title.ja)
    return {
        "there": there, "uid": uid, "base": f"/situations/{uid}", "tab": tab, "leads": leads, "told": has["told"],
        "tabs": [one for one in TABS if has[one.whose]], "case_title": title, "title": title,
        "exercise": there.dossier.exercise, "closed": there.situation.closed, "marking": marking_of(there.dossier),
        "level": level_class(there.dossier), "ja": int(page.lang == "ja"),
    }  # fmt: skip


def marking_of(one: Dossier) -> str:
    """Return the marking of a dossier in words."""
    return marked(str(Tlp(one.tlp)), None if one.communities is None else sorted(one.communities))


def level_class(one: Dossier) -> str:
    """Return the class of style of a dossier's TLP."""
    return "tlp-" + str(Tlp(one.tlp)).lower().replace("+", "-")


def entries_of(page: Page, there: situations.Shown) -> tuple[Entry, ...]:
    """Return all lines of a situation and of its incidents, as far as they are told, the last that was so first."""
    names = {one.dossier.uid: f"I{n}" for n, one in enumerate(there.incidents, 1)}
    whose = {one.dossier.uid: f"{names[one.dossier.uid]} {victim(one.incident, int(page.lang == 'ja'))}"
             for one in there.incidents}  # fmt: skip
    called = {one.ask: one.to for one in there.situation.asks}
    called |= {uid: f"W{n}" for n, uid in enumerate(there.situation.warnings, 1)}
    found = list(of_lines(page, there.situation.lines, "", "", whose | called))
    for one in there.incidents:
        found += of_incident(page, one, names[one.dossier.uid])
    return tuple(sorted(found, key=lambda entry: (entry.at, entry.entered, entry.n), reverse=True))


def of_incident(page: Page, one: incidents.Shown, ref: str) -> list[Entry]:
    """Return the lines of an incident."""
    return list(of_lines(page, one.incident.lines, ref, one.dossier.uid, {}))


def of_lines(page: Page, lines: Iterable[Line], ref: str, uid: str, names: dict[str, str]) -> Iterable[Entry]:
    """Yield lines as entries in their order, each correction with what stood there before; names: of incidents."""
    ja = int(page.lang == "ja")
    known: dict[str, str] = {}
    for line in lines:
        said, was = line.said, []
        if isinstance(said, Corrected):
            was = [before for key in said.fields if (before := known.get(key)) is not None]
            known |= {key: text_of(key, value, ja) for key, value in said.fields.items()}
        elif isinstance(said, Harmed):
            was = [known[said.harm]] if said.harm in known else []
            known[said.harm] = "–" if said.amount is None else f"{said.amount:,.10g}"
        elif not known and hasattr(said, "effect") and hasattr(said, "what"):
            known = {key: text_of(key, value, ja) for key in ("what", "since", "effect")
                     if (value := getattr(said, key)) not in (None, "")}  # fmt: skip
        text = content(said, ja)
        for name, label in names.items():
            text = text.replace(name, label)
        yield Entry(line.n, ref, uid, line.at, line.entered, line.by, SAID[type(said).__name__][ja], text, tuple(was))


def severity_bar(low: float, high: float) -> str:
    """Return an interval of NCISS, 0 to 100, as a small picture beside its figures."""
    grid = [element("line", class_="grid", x1=share_of(at, 0, MOST), x2=share_of(at, 0, MOST), y1=2, y2=ROW - 2)
            for at in (0.0, 50.0, MOST)]  # fmt: skip
    a, b = share_of(low, 0, MOST), share_of(max(high, low + 1.0), 0, MOST)
    band = element("line", class_="sevband", x1=a, x2=b, y1=ROW / 2, y2=ROW / 2)
    return element("svg", *grid, band, class_="sev", width="100%", height=ROW, aria_hidden="true")
