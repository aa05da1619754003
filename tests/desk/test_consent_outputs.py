"""Consent and marking hold in every output of a case, whatever was written into it and whoever asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.desk.briefed import CONTACTS, PEOPLE, Case
from tests.desk.case_outputs import READ, fetched, given, given_as_pdf, listed, worked_out_once
from tests.desk.replayed import how_of, hub_at, play
from tests.desk.warned import COLLECTION, SECRET, World, world
from tests.store.databases import KINDS, address

from noroshi.desk import asks, positions, situations
from noroshi.desk.blanking import folded
from noroshi.desk.case_calls import calls
from noroshi.desk.memos import memo
from noroshi.desk.naming import names_of
from noroshi.desk.situation_warnings import Draft, warn
from noroshi.desk.warnings import correct
from noroshi.desk.warnings_sending import Wanted, send
from noroshi.report.case_calls import call_lines, call_page
from noroshi.respond.incident import Consented, Corrected, Harmed, Moved, Remarked, Reported
from noroshi.respond.position import Claimed, Considered, Decided, Stated, Touched
from noroshi.respond.situation import Admitted, Gathered, Parted, Words
from noroshi.share.markings import TLP_2, Tlp
from noroshi.share.taxii import Refused
from noroshi.share.warnings import Audience, Said
from noroshi.share.warnings import Words as Text

VICTIMS = {"tomariura-port": "port", "asanagi-gas": "gas", "isokaze-logistics": "logistics"}
AMBER = next(name for name, level in TLP_2.items() if level == Tlp.AMBER)
OWN = {"carrier": "isokaze-logistics", "gas": "asanagi-gas"}
CONSENTS = ("withheld", "sector", "named")
WIDE = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)})
TOLD_AS_AGREED = ("check", "ally", "carrier")
"""Who is told a victim only where it agreed: an auditor, and who takes part; an operator is told of its own."""


def declaration(url: str) -> str:
    """Return who is who in a case, with mail addresses, a hook, a collection, and an operator that may see little."""
    lines = ["[[api_root]]", 'name = "trust"', "[[collection]]", 'api_root = "trust"', f'id = "{COLLECTION}"']
    people = {**PEOPLE, "low": ("operator", 1)}
    for name, (kind, sees) in people.items():
        lines += ["[[principal]]", f'name = "{name}"', f'kind = "{kind}"', f'sees = "{Tlp(sees)}"',
                  f'token = "a-token-of-{name}-for-these-tests"']  # fmt: skip
    for name, (whose, sector, numbers, drills) in {**CONTACTS, "low": ("asanagi-gas", "gas", (), False)}.items():
        reached = [f'{{ name = "{one.name}", phone = "{one.phone}", languages = ["{one.languages[0]}"] }}'
                   for one in numbers]  # fmt: skip
        lines += ["[[contact]]", f'principal = "{name}"', f'organisation = "{whose}"', f'sector = "{sector}"',
                  f'mail = "{name}@example.jp"', f"exercise = {str(drills).lower()}",
                  f"calls = [{', '.join(reached)}]"]  # fmt: skip
        lines += [f'hook = "{url}"', f'secret = "{SECRET}"'] if name == "gas" else []
    for name in ("duty", "ally", "carrier", "low", "check"):
        lines += ["[[grant]]", f'principal = "{name}"', f'collection = "{COLLECTION}"', "read = true",
                  f"write = {str(name == 'duty').lower()}"]  # fmt: skip
    return "\n".join(lines)


@dataclass
class Told:
    """A case being told at random; consents: incident -> what its victim agreed to; words: what was written of it."""

    here: World
    case: Case
    rng: Random
    hour: float = 1.0
    victims: dict[str, str] = field(default_factory=dict)
    consents: dict[str, str] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    red: set[str] = field(default_factory=set)
    seen: Counter[str] = field(default_factory=Counter)
    looked: Counter[str] = field(default_factory=Counter)

    def word(self, uid: str) -> str:
        """Return a word that nothing else holds, written of an incident."""
        made = f"Q{self.rng.randrange(10**8)}Z"
        self.words.setdefault(uid, []).append(made)
        return made

    def named(self, of: str = "") -> str:
        """Return some victim's name as somebody may spell it.

        of: in whose own incident; who takes part reads its own whole, so that no other stands there.
        """
        whose = self.rng.choice(list(VICTIMS))
        name = self.rng.choice(sorted(names_of(of if of == OWN["carrier"] else whose, READ("sorami", "en"))))
        return self.rng.choice((str, str.upper, str.title, spaced, widened))(name)

    def both(self) -> Words:
        return Words(f"At {self.named()} it is", f"{self.named()}にて")

    def unagreed(self, *, every: bool = False) -> set[str]:
        """Return organisations of which no incident has agreed to be named, or where some has not (`every`)."""
        named = {self.victims[uid] for uid, of in self.consents.items() if of == "named"}
        some = {self.victims[uid] for uid, of in self.consents.items() if of != "named"}
        return some if every else some - named

    @property
    def barred(self) -> list[str]:
        """Return what nobody may read whom the marking of an incident does not admit: its id too."""
        return [*self.red, *self.words_of(*self.red)]

    def words_of(self, *uids: str) -> list[str]:
        return [word for uid in uids for word in self.words[uid]]


def spaced(text: str) -> str:
    return " ".join(text)


def widened(text: str) -> str:
    return text.translate(WIDE)


@cache
def known_as(whose: str) -> frozenset[str]:
    """Return the names of an organisation, as they are compared."""
    return frozenset(folded(name) for name in names_of(whose, READ("sorami", "en")))


@pytest.fixture(params=KINDS)
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Told]:
    with worked_out_once(), world(tmp_path, address(request.param, tmp_path), declaration) as here:
        one = Case(here.hub, tmp_path)
        one.opened(1.0)
        yield Told(here, one, Random(5))  # noqa: S311  choices of a test


def reported(told: Told) -> None:
    """Report an incident and gather it, some of them marked higher than the case."""
    whose, consent = told.rng.choice(list(VICTIMS)), told.rng.choice(CONSENTS)
    filed(told, whose, consent, told.named(whose), red=told.rng.random() < 0.3)


def filed(told: Told, whose: str, consent: str, name: str, *, red: bool = False) -> str:
    """Report and gather an incident with a name in its text; return its id."""
    effect = f"Q{told.rng.randrange(10**8)}Z of {name}"
    said = Reported(whose, "malware", effect, told.case.at(told.hour), VICTIMS[whose], consent)
    uid = told.case.reported(told.hour, said, **({"tlp": "RED"} if red else {}))
    told.victims[uid], told.consents[uid], told.words[uid] = whose, consent, [effect.partition(" ")[0]]
    told.red |= {uid} if red else set()
    return uid


def begun(told: Told) -> None:
    """Begin with one of each: named with another's name in its text, withheld, marked higher, and withdrawn again."""
    filed(told, "tomariura-port", "withheld", "Tomariura Port Terminals")
    filed(told, "asanagi-gas", "named", widened("tomariura-port"))
    filed(told, "asanagi-gas", "sector", "x", red=True)
    again = filed(told, "isokaze-logistics", "named", "x")
    issued(told, [Text("Malware at Isokaze-Logistics", "マルウェア"), Text("A text", "本文"), Text("Unplug", "切断")])
    told.hour += 0.7
    stated(told)
    told.consents[again] = "withheld"
    told.case.said(told.hour, again, Consented("withheld"))
    led(told)
    assert_held(told)


def more(told: Told) -> None:
    """Say more of an incident, or let its victim agree to more or to less."""
    if told.consents:
        uid = told.rng.choice(list(told.consents))
        told.consents[uid] = told.rng.choice(CONSENTS)
        known = {
            "entry": f"{told.word(uid)} {told.named(told.victims[uid])}",
            "systems": [told.word(uid)],
            "regimes": ["APPI"],
        }
        steps: list[Any] = [Corrected(known, told.word(uid)), Harmed("data", 5.0, told.word(uid)),
                            Remarked(told.word(uid))]  # fmt: skip
        told.case.said(told.hour, uid, *told.rng.sample(steps, 2), Consented(told.consents[uid]))
        with suppress(Refused):  # it was confirmed before
            told.case.said(told.hour, uid, Moved("confirmed", told.word(uid)))


def led(told: Told) -> None:
    """Remark, ask, admit, take an incident away: with names in all of it."""
    case, name = told.case, told.named()
    case.written(told.hour, Remarked(f"{name} called"), Admitted("ally"), Admitted("carrier"), Admitted("low"))
    to = told.rng.choice(("port", "gas", "carrier"))
    with suppress(Refused):
        uid = case.asked(told.hour, to, told.hour + 40, "transport", f"Help {name}")
        text = next(str(one.ask.what) for one in asks.mine(case.hub, case.who(to)) if one.ask.ask == uid)
        assert_silent(f"request to {to}", text, told.unagreed(every=True) - {OWN.get(to, "tomariura-port")}, [])
        told.looked["request"] += 1
    if told.consents and told.rng.random() < 0.3:
        with suppress(Refused):  # it was taken away before
            case.written(told.hour, Parted(told.rng.choice(list(told.consents)), f"not {name}'s"))


def again(told: Told) -> None:
    """Gather again what was taken away."""
    for uid in told.consents:
        with suppress(Refused):
            told.case.written(told.hour, Gathered(uid))


def stated(told: Told) -> None:
    """Enter something of every kind into the position."""
    both, name, case = told.both(), told.named(), told.case
    positions.say(case.hub, case.who("duty"), case.uid, [
        Claimed(name, "ally", "B2", name, "claim", confidence=name, text=both), Stated("public", both, "s", name),
        Touched(both, both, "touch"), Considered("sanctions", both, both, both, "o"), Decided(both, "o"),
    ], case.at(told.hour), case.at(told.hour))  # fmt: skip


def warned(told: Told) -> None:
    """Warn with a name in a text, and without; look at all that anybody got of it."""
    plain = [Text("Malware in terminal systems", "マルウェア"), Text("A text", "本文"), Text("Unplug", "切断")]
    named = list(plain)
    named[told.rng.randrange(3)] = Text(*told.rng.sample([f"At {told.named()}", "x"], 2))
    before = got(told)
    for texts in (named, plain):
        with suppress(Refused):
            issued(told, texts)
    for form, text in (got(told) - before).elements():
        assert_silent(form, text, told.unagreed(every=True), told.words_of(*told.words))
        if form.endswith("low"):
            assert not any(mark in text for mark in ("AMBER", AMBER)), "its marking does not admit it"
        told.looked[form] += 1


def issued(told: Told, texts: list[Text]) -> None:
    """Write a warning and send it, correct it, with a name, and send that; what is refused is not done."""
    here, duty, now = told.here, told.case.who("duty"), told.case.at(told.hour)
    here.now = now / 1e6
    tlp = told.rng.choice(("AMBER", "AMBER", "GREEN"))
    draft = Draft(texts[0], texts[1], texts[2], "high", Audience(everyone=True), tlp=tlp)
    made = warn(here.hub, here.settings.data, duty, told.case.uid, draft, now)
    whom = ("carrier", "gas", "port", *(("low",) if told.rng.random() < 0.3 else ()))
    with suppress(Refused):
        send(here.hub, here.settings, duty, made.uid, Wanted(whom, collection=COLLECTION), here.timing)
    said = Said(texts[0], Text(f"At {told.named()}", "y"), texts[2], "high", tlp, None, Audience(everyone=True))
    with suppress(Refused):
        correct(here.hub, here.settings.data, duty, made.uid, said, now + 1)
        send(here.hub, here.settings, duty, made.uid, Wanted(), here.timing)


def got(told: Told) -> Counter[tuple[str, str]]:
    """Return all that anybody was sent or may fetch: by mail, by hook, over TAXII."""
    mails = [("mail", part.get_content()) for one in told.here.inbox.mails for part in one.walk()
             if part.get_content_maintype() == "text"]  # fmt: skip
    heads = [(f"subject to {str(one['To']).partition('@')[0]}", str(one["Subject"])) for one in told.here.inbox.mails]
    hooks = [("hook", body.decode()) for _, body in told.here.hooked.got]
    readers = ("carrier", "ally", "check", "low")
    objects = [(f"taxii {name}", text) for name in readers for text in fetched(told.here.hub, told.case.who(name))]
    return Counter([*mails, *heads, *hooks, *objects])


def assert_held(told: Told, *, pdf: bool = False) -> None:
    """Look at every output of the case, for each who asks."""
    one = told.case
    at = one.at(told.hour + 0.5)
    quiet = [uid for uid, consent in told.consents.items() if consent != "named"]
    for who in TOLD_AS_AGREED:
        mine = OWN.get(who, "")
        words = told.words_of(*(uid for uid in quiet if told.victims[uid] != mine))
        words += told.barred if who != "check" else []
        forms = given(one.hub, one.who(who), one.uid, at) | dict(listed(one.hub, one.who(who), at))
        for form, text in forms.items():
            if not (form.startswith("asks") and mine):  # looked at when it was asked
                signed = form.startswith(("warning", "proposed"))  # as it was sent: looked at then
                assert_silent(f"{who}: {form}", text, set() if signed else told.unagreed() - {mine}, words)
                told.seen[f"{who} {form.partition(' ')[0]}"] += 1
    for form, text in given(one.hub, one.who("deputy"), one.uid, at).items():
        assert_silent(f"deputy: {form}", text, set(), told.barred)
        told.seen[f"deputy {form.partition(' ')[0]}"] += 1
    assert given(one.hub, one.who("low"), one.uid, at) == dict(listed(one.hub, one.who("low"), at)) == {}
    for form, text in for_others(told, at, pdf=pdf):
        assert_silent(f"duty: {form}", text, told.unagreed(every=True), [*told.words_of(*quiet), *told.barred])
        told.seen[f"duty {form}"] += 1


def for_others(told: Told, at: int, *, pdf: bool) -> Iterator[tuple[str, str]]:
    """Yield what the centre makes for others to read or to hear."""
    one, duty = told.case, told.case.who("duty")
    forms = given(one.hub, duty, one.uid, at)
    yield from ((form, text) for form, text in forms.items() if form.startswith("memo"))
    there = situations.read(one.hub, duty, one.uid).incidents
    assert len(memo(one.hub, duty, one.uid, at).incidents) == sum(each.dossier.tlp < Tlp.RED for each in there)
    sheet = calls(one.hub, duty, one.uid, at)
    spoken = "\n".join(line for row in sheet.rows for line in row.say)
    yield "calls", spoken
    for lang in ("en", "ja"):
        page, lines = call_page(sheet, lang), "\n".join(call_lines(sheet, lang))
        assert all(line in page + lines for line in spoken.splitlines()), "what is looked at is what the sheet says"
        if pdf:
            yield "memo.pdf", given_as_pdf(one.hub, duty, one.uid, at, lang)


def assert_silent(form: str, text: str, whose: set[str], words: list[str]) -> None:
    """See that a form holds no name of these organisations, however it is spelt, nor one of these words."""
    plain = folded(text)
    found = [name for one in whose for name in known_as(one) if name in plain]
    found += [word for word in words if word in text]
    assert not found, (form, found)


STEPS = (reported, reported, more, more, led, again, stated, warned)


def played(told: Told, rounds: int, *, every: int = 10, pdf: bool = False) -> None:
    """Tell a case at random, looking at it now and then."""
    for number in range(rounds):
        told.hour += 0.7
        step = STEPS[number % len(STEPS)] if number < len(STEPS) else told.rng.choice(STEPS)
        step(told)
        if number % every == every - 1:
            assert_held(told, pdf=pdf)


FORMS = {
    *(f"{one}.{form}" for one in ("situation", "incident", "brief", "position") for form in
      ("json", "text.en", "text.ja")), "brief.page.en", "brief.page.ja", "calendar.en", "calendar.ja",
    "severity.json", "memo.page.en", "memo.page.ja", "warning.raw",
}  # fmt: skip
NOT_FOR_ALL = ("position", "memo", "warning", "calendar", "severity")


@pytest.mark.parametrize("rounds", [10, pytest.param(150, marks=pytest.mark.slow)])
def test_no_output_tells_more_than_each_victim_and_each_marking_allow(told: Told, rounds: int) -> None:
    begun(told)
    played(told, rounds, every=min(rounds, 25))
    assert {f"{who} {form}" for who in ("check", "deputy") for form in FORMS} <= set(told.seen)
    assert {f"{who} {form}" for who in ("ally", "carrier") for form in FORMS if not form.startswith(NOT_FOR_ALL)} <= (
        set(told.seen)
    )
    assert {"duty calls", "duty memo.page.en", "duty memo.page.ja", "check situations", "check incidents"} <= set(
        told.seen
    )
    assert {"mail", "hook", "subject to carrier", "taxii carrier", "taxii ally", "request"} <= set(told.looked)
    assert told.unagreed(every=True)
    assert told.red


@pytest.mark.slow
def test_the_memo_as_pdf_names_nobody_either(told: Told) -> None:
    played(told, 20, pdf=True)
    assert told.seen["duty memo.pdf"]


@pytest.mark.slow
def test_a_replayed_case_tells_an_auditor_no_victim_that_has_not_agreed(tmp_path: Path) -> None:
    people = {"boss": ("centre", "", ""), "check": ("auditor", "", "")}
    with worked_out_once(), hub_at(tmp_path, "", people) as hub:
        stage = play(hub, tmp_path, "port-ransomware", how_of("port-ransomware"))
        boss, check = (found[0] for name in people if (found := hub.store.principal(name)))
        case, at = stage.playing.situation, stage.script.steps[-1].at
        there = situations.read(hub, boss, case)
        victims = {one.incident.organisation for one in there.incidents if one.incident.consent != "named"}
        assert victims
        for form, text in given(hub, check, case, at).items():
            if not form.startswith(("warning", "proposed")):  # these name who was told, which says not who was hit
                assert_silent(form, text, victims, [])
        assert "brief.json" in given(hub, check, case, at)
