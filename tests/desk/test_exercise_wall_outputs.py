"""Every output of an exercise says so first, none of a real case does, and neither holds a word of the other."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.desk.case_outputs import fetched, given, given_as_pdf, listed, worked_out_once
from tests.desk.replayed import BEGIN, hub_at, play
from tests.desk.warned import World, world
from tests.store.databases import KINDS, address

from noroshi.cli.situation_replay import write_brief
from noroshi.desk import asks, incidents, positions, situations
from noroshi.desk.dossiers import Filing
from noroshi.desk.replaying import How
from noroshi.desk.situation_warnings import Draft, warn
from noroshi.desk.warnings_sending import Wanted, send
from noroshi.respond.incident import Consented, Corrected, Harmed, Moved, Remarked, Reported
from noroshi.respond.position import Claimed, Considered, Decided, Stated, Touched
from noroshi.respond.situation import Admitted, Gathered, Opened, Parted, Words
from noroshi.share.taxii import Refused
from noroshi.share.warnings import Audience
from noroshi.share.warnings import Words as Text

LIVE, DRILL = "91a7b528-80eb-42ed-a74d-c6fbd5a26116", "52892447-4d7e-4f70-b94d-d7f22742ff63"
ORGANISATIONS = {"port": "tomariura-port", "carrier": "isokaze-logistics", "gas": "asanagi-gas", "transport": ""}
SECTORS = {"port": "port", "carrier": "logistics", "gas": "gas", "transport": "logistics"}
SIDES = {False: "", True: "-drill"}
BANNER = re.compile(r"EXERCISE|演習")
SAID_OF_REAL = re.compile(r"EXERCISE EXERCISE|演習 演習|演習、演習|\[EXERCISE|\[演習|NOROSHI-EXERCISE")
"""What stands nowhere in a real case; that somebody is there for exercises alone may."""
DAY = 86_400.0


def declaration(_: str) -> str:
    """Return who is who: a centre and an auditor of both sides; everybody else twice, with a number of its own."""
    lines = [f'[[principal]]\nname = "{name}"\nkind = "{kind}"\nsees = "RED"\ntoken = "a-token-of-{name}-for-tests"'
             for name, kind in (("duty", "centre"), ("check", "auditor"))]  # fmt: skip
    lines += ["[[api_root]]", 'name = "trust"']
    for drills, end in SIDES.items():
        uid = DRILL if drills else LIVE
        lines += ["[[collection]]", 'api_root = "trust"', f'id = "{uid}"', f"exercise = {str(drills).lower()}",
                  f'[[grant]]\nprincipal = "duty"\ncollection = "{uid}"\nread = true\nwrite = true']  # fmt: skip
        for n, (name, organisation) in enumerate(ORGANISATIONS.items()):
            kind = "ministry" if name == "transport" else "operator"
            lines += ["[[principal]]", f'name = "{name}{end}"', f'kind = "{kind}"', 'sees = "AMBER"',
                      f'token = "a-token-of-{name}{end}-for-tests"', "[[contact]]", f'principal = "{name}{end}"',
                      f'organisation = "{organisation}"', f'sector = "{SECTORS[name]}"',
                      f'mail = "{name}{end}@example.jp"', f"exercise = {str(drills).lower()}",
                      f'calls = [{{ name = "Desk", phone = "{phone(n, drills=drills)}", languages = ["ja", "en"] }}]',
                      f'[[grant]]\nprincipal = "{name}{end}"\ncollection = "{uid}"\nread = true']  # fmt: skip
    return "\n".join(lines)


def phone(n: int, *, drills: bool) -> str:
    return f"+81-3-{'2222' if drills else '1111'}-000{n}"


@dataclass
class Led:
    """A world with its cases: uid -> whether it is an exercise, and how often each form was looked at."""

    here: World
    rng: Random
    cases: dict[str, bool] = field(default_factory=dict)
    reports: dict[str, bool] = field(default_factory=dict)
    seen: Counter[tuple[str, bool]] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def planted(self, *, drills: bool) -> str:
        """Return a word that nothing else holds, and that says on which side it was written."""
        return f"Q{self.rng.randrange(10**6)}{'DRILL' if drills else 'REAL'}"

    def both(self, *, drills: bool) -> Words:
        word = self.planted(drills=drills)
        return Words(f"{word} en", f"{word} ja")

    def across(self, what: str, act: Callable[[], Any], *, allowed: bool) -> Any:
        """Do something; where it is not allowed it must be refused."""
        if allowed:
            with suppress(Refused):
                return act()
            return None
        with pytest.raises(Refused):
            act()
        self.refused[what] += 1
        return None


@pytest.fixture(params=KINDS)
def led(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Led]:
    with world(tmp_path, address(request.param, tmp_path), declaration) as made, worked_out_once():
        made.now = time.time() - 3 * DAY
        yield Led(made, Random(20141124))  # noqa: S311  choices of a test


def opened(led: Led, estate: str = "", drills: bool | None = None) -> None:
    """Open a case with a report in it."""
    here, flag = led.here, led.rng.random() < 0.5 if drills is None else drills
    said = Opened(led.both(drills=flag), estate)
    uid = situations.open_(here.hub, here.who("duty"), said, here.micros, Filing(exercise=flag))
    led.cases[uid] = flag
    one = reported(led, flag)
    situations.say(here.hub, here.who("duty"), uid, [Gathered(one)], here.micros, here.micros)


def reported(led: Led, drills: bool | None = None) -> str:
    """Report an incident of either side."""
    here, flag = led.here, led.rng.random() < 0.5 if drills is None else drills
    name = led.rng.choice(("port", "carrier", "gas"))
    word = led.planted(drills=flag)
    about = Reported(ORGANISATIONS[name], "malware", f"{word} stands still", here.micros, SECTORS[name], "withheld")
    uid = incidents.report(here.hub, here.who("duty"), about, here.micros, Filing(exercise=flag))
    known = {"regimes": ["APPI"], "awareness": here.micros, "entry": f"{word} door"}
    more: list[Any] = [
        Corrected(known),
        Moved("confirmed"),
        Harmed("service", 100.0, word),
        Remarked(f"{word} said so"),
    ]
    more += [Consented(led.rng.choice(("sector", "named")))] if led.rng.random() < 0.6 else []
    incidents.say(here.hub, here.who("duty"), uid, more, here.micros, here.micros)
    led.reports[uid] = flag
    return uid


def gathered(led: Led, uid: str) -> None:
    """Gather a report of either side, or take one away."""
    one = led.rng.choice([reported(led), *led.reports])
    step = Gathered(one) if led.rng.random() < 0.8 else Parted(one, led.planted(drills=led.cases[uid]))
    here = led.here
    led.across("gathered", lambda: situations.say(
        here.hub, here.who("duty"), uid, [step], here.micros, here.micros
    ), allowed=led.reports[one] is led.cases[uid])  # fmt: skip


def asked(led: Led, uid: str) -> None:
    """Ask somebody of either side, and let it take part."""
    here, drills = led.here, led.rng.random() < 0.5
    to, words = led.rng.choice(("port", "carrier", "gas")) + SIDES[drills], led.both(drills=led.cases[uid])
    through, allowed = f"transport{SIDES[drills]}", drills is led.cases[uid]
    duty = here.who("duty")
    due = here.micros + 6 * int(DAY * 1e6)
    name = led.across("asked", lambda: asks.ask(here.hub, duty, uid, to, through, words, due, here.micros),
                      allowed=allowed)  # fmt: skip
    if name and led.rng.random() < 0.5:
        asks.answer(here.hub, here.who(to), name, "accepted", led.planted(drills=drills), here.micros)
    led.across("admitted", lambda: situations.say(
        here.hub, duty, uid, [Admitted(to)], here.micros, here.micros
    ), allowed=allowed)  # fmt: skip


def stated(led: Led, uid: str) -> None:
    """Enter something of every kind into the position."""
    here, words = led.here, led.both(drills=led.cases[uid])
    positions.say(here.hub, here.who("duty"), uid, [
        Claimed(words.en, "ally", "B2", words.en, "claim", confidence=words.en, text=words), Stated("public", words),
        Stated("private", words, to=words.en), Touched(words, words), Considered("sanctions", words, words, words, "o"),
        Decided(words, "o"),
    ], here.micros, here.micros)  # fmt: skip


def warned(led: Led, uid: str) -> None:
    """Write a warning from a case, and send it to some, of either side."""
    here, drills = led.here, led.rng.random() < 0.5
    title, body, action = (Text(one.en, one.ja) for one in (led.both(drills=led.cases[uid]) for _ in range(3)))
    draft = Draft(title, body, action, "high", Audience(everyone=True))
    made = warn(here.hub, here.settings.data, here.who("duty"), uid, draft, here.micros)
    whom = tuple(name + SIDES[drills] for name in led.rng.sample(sorted(ORGANISATIONS), 2))
    wanted = Wanted(whom, collection=DRILL if drills else LIVE)
    led.across("warned", lambda: send(here.hub, here.settings, here.who("duty"), made.uid, wanted, here.timing),
               allowed=drills is led.cases[uid])  # fmt: skip


def assert_apart(led: Led, cases: list[str]) -> None:
    """Look at every form of cases, as everybody is given it, and at all that was sent."""
    here = led.here
    at = here.micros + 1
    names = ["duty", "check", *(name + end for name in ORGANISATIONS for end in SIDES.values())]
    for name in names:
        who = here.who(name)
        for uid in cases:
            drills = led.cases[uid]
            forms = given(here.hub, who, uid, at)
            if name not in ("duty", "check"):
                assert not forms or name.endswith("-drill") is drills, (name, uid)
            for form, text in forms.items():
                assert_of_side(form, text, drills=drills)
                led.seen[re.sub(r" .*", "", form), drills] += 1
        for form, text in listed(here.hub, who, at):
            drills = json.loads(text[text.index("{") :])["exercise"]
            assert_holds(form, text, drills=drills)
            assert name in ("duty", "check") or name.endswith("-drill") is drills, (name, form)
        for drills, uid in ((False, LIVE), (True, DRILL)):
            for text in fetched(here.hub, who, uid):
                assert_holds(f"{name}: {uid}", text, drills=drills)
                led.seen["taxii", drills] += 1
    for mail in here.inbox.mails:
        drills = "-drill@" in str(mail["To"])
        body = mail.get_body(("plain",))
        assert body is not None
        assert_holds(str(mail["To"]), str(mail["Subject"]) + str(body.get_content()), drills=drills)
        assert bool(BANNER.search(str(mail["Subject"]))) is drills


def assert_holds(form: str, text: str, *, drills: bool) -> None:
    """See that a form holds no word of the other side, and no telephone number of it."""
    other = re.search(r"Q\d+REAL|\+81-3-1111" if drills else r"Q\d+DRILL|\+81-3-2222", text)
    assert other is None, (form, other)


def assert_of_side(form: str, text: str, *, drills: bool) -> None:
    """See that a form is of its side: nothing of the other in it, and said so first where it is an exercise."""
    assert_holds(form, text, drills=drills)
    kind = next(each for each in (".json", ".raw", ".page", ".text", "calendar") if each in form)
    if kind == ".json":
        assert json.loads(text)["exercise"] is drills, form
    elif drills:
        for first in FIRST[kind](text):
            assert BANNER.search(first), (form, first)
    if not drills:
        found = SAID_OF_REAL.search(text)
        assert found is None, (form, found)


def shown_first(page: str) -> list[str]:
    """Return the title of a page, and the first words that somebody reads on it."""
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    begins = page.find("<main") if "<main" in page else page.index("<body")  # what stands above is on every page
    plain = re.sub(r"<[^>]*>", "\n", page[begins:])
    assert title
    return [title[1], plain.strip().splitlines()[0]]


def named_first(calendar: str) -> list[str]:
    """Return the beginnings of a calendar's name and of the title of each entry."""
    rows = re.findall(r"^(?:X-WR-CALNAME|NAME|SUMMARY):(.{0,12})", calendar, re.MULTILINE)
    assert len(rows) > 1
    return [str(row) for row in rows]


FIRST: dict[str, Callable[[str], list[str]]] = {
    ".page": shown_first, ".text": lambda text: text.splitlines()[:1], "calendar": named_first, ".raw": lambda _: [],
}  # fmt: skip
FORMS = {
    *(f"{one}.{form}" for one in ("situation", "incident", "brief", "calls", "position", "impact") for form in
      ("json", "text.en", "text.ja")), "severity.json", "duties.raw", "warning.raw", "proposed.raw",
    *(f"{one}.page.{lang}" for one in ("brief", "calls", "memo") for lang in ("en", "ja")), "calendar.en",
    "calendar.ja", "taxii",
}  # fmt: skip


@pytest.mark.parametrize("rounds", [24, pytest.param(200, marks=pytest.mark.slow)])
def test_no_output_of_a_case_holds_a_word_of_the_other_side(led: Led, rounds: int) -> None:
    for estate in ("sorami", ""):
        for drills in SIDES:
            opened(led, estate, drills)
    for number in range(rounds):
        led.here.now += 600
        step = led.rng.choice((opened, gathered, asked, stated, warned))
        if step is opened:
            opened(led)
        else:
            step(led, led.rng.choice(list(led.cases)))
        if number % 10 == 9:
            assert_apart(led, [led.rng.choice(list(led.cases)[2:])])  # without an estate, so quick
    assert_apart(led, list(led.cases)[:4])
    assert set(led.seen) == {(form, drills) for form in FORMS for drills in SIDES}, "every form of both sides was seen"
    assert set(led.refused) == {"gathered", "asked", "admitted", "warned"}
    assert {"-drill@" in str(mail["To"]) for mail in led.here.inbox.mails} == {True, False}


@pytest.mark.slow
def test_the_memo_as_pdf_holds_no_word_of_the_other_side(led: Led) -> None:
    for drills in SIDES:
        opened(led, drills=drills)
        for _ in range(3):
            stated(led, list(led.cases)[-1])
    for uid, drills in led.cases.items():
        for lang in ("en", "ja"):
            made = given_as_pdf(led.here.hub, led.here.who("duty"), uid, led.here.micros + 1, lang)
            assert_holds("pdf", made, drills=drills)
            assert bool(BANNER.match(json.loads(made)["heading"])) is drills


@pytest.mark.slow
@pytest.mark.parametrize(("script", "drills"), [("sony-2014", False), ("sony-2014", True), ("port-ransomware", True)])
def test_the_briefs_that_a_replay_writes_are_of_its_side(tmp_path: Path, script: str, drills: bool) -> None:
    how = How(exercise=drills, begin=BEGIN if drills else None)
    with worked_out_once(), hub_at(tmp_path, "", {"boss": ("centre", "", "")}) as hub:
        stage = play(hub, tmp_path, script, how)
        briefs = [step for step in stage.script.steps if step.kind == "brief"]
        written = [path for step in briefs for path in write_brief(stage, step, tmp_path / "briefs")]
        assert len(written) == 3 * len(briefs) > 0
        for path in written:
            text = Path(path).read_text(encoding="utf-8")
            assert_of_side("brief.json" if path.endswith(".json") else "brief.page", text, drills=drills)
        boss = hub.store.principal("boss")
        assert boss
        for form, text in given(hub, boss[0], stage.playing.situation, stage.script.steps[-1].at).items():
            assert_of_side(form, text, drills=drills)
