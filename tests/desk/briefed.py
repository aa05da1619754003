"""A hub with a port, who depends on it, a ministry, an ally and an auditor; and a case at that port, with its clock."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from noroshi.desk import asks, incidents, positions, situations
from noroshi.desk.credentials import Credentials
from noroshi.desk.cursors import Cursors, hub_key
from noroshi.desk.dossiers import Filing
from noroshi.desk.hub import Hub
from noroshi.desk.seeing import Seeing
from noroshi.desk.situation_warnings import Draft, warn
from noroshi.respond.incident import Consented, Corrected, Harmed, Moved, Remarked, Reported
from noroshi.respond.position import Claimed, Found
from noroshi.respond.situation import Admitted, Gathered, Opened, Words
from noroshi.share.contacts import Call
from noroshi.share.warnings import Audience
from noroshi.share.warnings import Words as Said
from noroshi.store import warnings as kept
from noroshi.store.contract import Declared, DeclaredContact, DeclaredPrincipal, Principal
from noroshi.store.opening import open_store

HOUR = 3_600_000_000
BEGAN = 1_795_287_600_000_000
"""2026-11-21T19:00:00Z: four in the morning in Japan."""
NONE: frozenset[str] = frozenset()
PEOPLE = {
    "duty": ("centre", 4), "deputy": ("centre", 2), "transport": ("ministry", 3), "port": ("operator", 3),
    "carrier": ("operator", 3), "gas": ("operator", 3), "ally": ("partner", 3), "check": ("auditor", 4),
    "drilled": ("operator", 3),
}  # fmt: skip
CALLS = (Call("Sato, shift leader", "+81-3-0000-0001", ("ja", "en")), Call("Office", "+81-3-0000-0002", ("ja",)))
CONTACTS: dict[str, tuple[str, str, tuple[Call, ...], bool]] = {
    "transport": ("", "logistics", (Call("Duty desk", "+81-3-0000-0003", ("ja",)),), False),
    "port": ("tomariura-port", "port", CALLS, False),
    "carrier": ("isokaze-logistics", "logistics", (Call("Control room", "+81-3-0000-0004", ("en", "ja")),), False),
    "gas": ("asanagi-gas", "gas", (), False),
    "drilled": ("isokaze-logistics", "logistics", (Call("Drill room", "+81-3-0000-0009", ("ja",)),), True),
}


@dataclass
class Case:
    """A hub and a case in it, told hour by hour."""

    hub: Hub
    folder: Path
    uid: str = ""

    def who(self, name: str) -> Principal:
        found = self.hub.store.principal(name)
        assert found
        return found[0]

    def at(self, hour: float) -> int:
        return BEGAN + round(hour * HOUR)

    def opened(self, hour: float = 0.0, **filing: Any) -> str:
        said = Opened(Words("A port that stands still", "止まった港"), "sorami")
        self.uid = situations.open_(self.hub, self.who("duty"), said, self.at(hour), Filing(**filing))
        return self.uid

    def reported(self, hour: float, said: Reported, **filing: Any) -> str:
        """Report an incident and gather it."""
        uid = incidents.report(self.hub, self.who("duty"), said, self.at(hour), Filing(**filing))
        self.written(hour, Gathered(uid))
        return uid

    def written(self, hour: float, *said: Any) -> None:
        situations.say(self.hub, self.who("duty"), self.uid, said, self.at(hour), self.at(hour))

    def said(self, hour: float, uid: str, *said: Any) -> None:
        """Say more of an incident; the centre says what the victim agreed to on its word, in a remark."""
        if any(isinstance(one, Consented) for one in said):
            said = (*said, Remarked("on its word"))
        incidents.say(self.hub, self.who("duty"), uid, said, self.at(hour), self.at(hour))

    def asked(self, hour: float, to: str, until: float, through: str = "", what: str = "Check the cranes") -> str:
        words = Words(what, what + " (ja)")
        return asks.ask(self.hub, self.who("duty"), self.uid, to, through, words, self.at(until), self.at(hour))

    def warned(self, hour: float, *chosen: str, title: str = "Malware in terminal systems") -> str:
        """Write a warning to those who depend on the victims, and choose some of them."""
        draft = Draft(Said(title, "港湾システムのマルウェア"), Said("A text", "本文"), Said("Disconnect remote access",
                      "遠隔接続を切断"), "high", Audience(organisations=("isokaze-logistics",)))  # fmt: skip
        made = warn(self.hub, self.folder, self.who("duty"), self.uid, draft, self.at(hour))
        self.chosen(hour, made.uid, *chosen)
        return made.uid

    def chosen(self, hour: float, uid: str, *names: str) -> None:
        """Choose some for a warning."""
        there, by = kept.found(self.hub.store, uid), self.who("duty").no
        assert there
        those = [kept.Choice(self.who(name).no, ("logistics",), (), "", chosen=True) for name in names]
        self.hub.store.change(lambda wire: kept.choose(wire, there.no, by, self.at(hour), those)).result()

    def answered(self, hour: float, uid: str, name: str, state: str = "acknowledged") -> None:
        """Keep that somebody answered a warning."""
        there = kept.found(self.hub.store, uid)
        assert there
        receipt = kept.Receipt(there.last.said.version, self.who(name).no, state, self.at(hour), "page", "")
        self.hub.store.change(lambda wire: kept.answer(wire, there.no, receipt)).result()

    def told(self) -> str:
        """Tell a whole case, from the first report to a claim about who did it; return the incident's id."""
        self.opened(1.0)
        uid = self.reported(1.5, Reported("tomariura-port", "malware", "cranes stand still", BEGAN, "port"))
        self.said(2.0, uid, Corrected({"malicious": True, "regimes": ["APPI"], "awareness": self.at(1.0),
                                       "persons": 1200}, "the log"), Moved("confirmed"))  # fmt: skip
        self.asked(3.0, "port", 12.0, "transport")
        first = self.warned(4.0, "carrier")
        self.answered(6.0, first, "carrier")
        self.said(30.0, uid, Harmed("service", 40_000.0, "counted"))
        positions.say(self.hub, self.who("duty"), self.uid, [
            Claimed("Bureau of an ally", "ally", "B2", "press release", nexus="KP"),
            Found("not-attributed", reasons=(Words("too few reports", "報告が少ない"),)),
        ], self.at(40.0), self.at(40.0))  # fmt: skip
        self.written(41.0, Admitted("ally"))
        return uid


def case(folder: Path, database: str = "") -> Case:
    """Return a hub with everybody declared; whoever makes it closes its store."""
    store = open_store(database, folder)
    people = tuple(DeclaredPrincipal(name, kind, sees, NONE, "", None) for name, (kind, sees) in PEOPLE.items())
    reached = tuple(
        DeclaredContact(name, organisation, frozenset({sector}), exercise=exercise, calls=calls)
        for name, (organisation, sector, calls, exercise) in CONTACTS.items()
    )
    store.apply(Declared(people, (), (), (), (), reached))
    return Case(Hub(store, Credentials(store), Cursors(hub_key(folder)), Seeing(store)), folder)
