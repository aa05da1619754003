"""The form of a warning: what a person typed as the desk takes it, what is wrong with it, and what it is shown with."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from noroshi.desk.warnings_estate import ARROW
from noroshi.desk.warnings_proposing import NOTHING, Lenses
from noroshi.errors import InputError, NotFoundError
from noroshi.share.contacts import BOTH_WORLDS
from noroshi.share.markings import Tlp
from noroshi.share.warnings import SEVERITIES, Audience, Said, Why, Words
from noroshi.share.warnings_words import reason
from noroshi.web.screen.warnings_deadline import told_by, without, written_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page

__all__ = [
    "Filled",
    "chain_named",
    "digest",
    "filled_of",
    "filled_with",
    "lenses_of",
    "names_of",
    "reason_named",
    "said_of",
    "sector_names",
    "shown_with",
]

TEXTS = ("title", "text", "action")
LANGS = ("en", "ja")
SEVERITY_WORDS = {one: f"warning_severity_{one}" for one in SEVERITIES}


class Filled(NamedTuple):
    """What stands in the form's fields, as text; estate: whether that decides too whom a warning concerns."""

    texts: dict[str, str]
    severity: str = "high"
    tlp: str = "AMBER"
    communities: str = ""
    exercise: bool = False
    everyone: bool = False
    sectors: tuple[str, ...] = ()
    products: str = ""
    networks: str = ""
    organisations: str = ""
    principals: str = ""
    about: str = ""
    deadline: str = ""
    estate: bool = True
    collection: str = ""


def filled_of(form: Form) -> Filled:
    """Return what somebody typed."""
    texts = {f"{key}_{lang}": form.get(f"{key}_{lang}") for key in TEXTS for lang in LANGS}
    plain = ("severity", "tlp", "communities", "products", "networks", "organisations", "principals", "about",
             "deadline", "collection")  # fmt: skip
    ticked = {key: form.get(key) == "yes" for key in ("exercise", "everyone", "estate")}
    return Filled(texts=texts, sectors=tuple(form.all("sectors")), **ticked, **{key: form.get(key) for key in plain})  # type: ignore[arg-type]  # each key has its type


def filled_with(said: Said) -> Filled:
    """Return the form's fields as a draft has them."""
    texts = {f"{key}_{lang}": without(getattr(getattr(said, key), lang)) for key in TEXTS for lang in LANGS}
    to = said.audience
    return Filled(
        texts, said.severity, said.tlp, "\n".join(said.communities or ()), said.exercise, to.everyone, to.sectors,
        "\n".join(to.products), "\n".join(to.networks), "\n".join(to.organisations), "\n".join(to.principals),
        "\n".join(said.about), written_until(said.action),
    )  # fmt: skip


def said_of(filled: Filled) -> Said:
    """Return what the form says as the desk takes it; the deadline becomes the last line of what to do."""
    title, text, action = (Words(*(filled.texts[f"{key}_{lang}"] for lang in LANGS)) for key in TEXTS)
    if filled.deadline:
        action = told_by(action, filled.deadline)
    communities = tuple(listed(filled.communities))
    names = (tuple(listed(text)) for text in (filled.products, filled.networks, filled.organisations))
    audience = Audience(filled.everyone, tuple(listed(filled.principals)), filled.sectors, *names)
    return Said(title, text, action, filled.severity, filled.tlp, communities or None, audience,  # type: ignore[arg-type]  # the desk checks it
                tuple(listed(filled.about)), filled.exercise)  # fmt: skip


def listed(text: str) -> list[str]:
    """Return the lines of a text that say something, each once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def digest(said: Said) -> str:
    """Return what a warning is known by between what was looked at and what is sent."""
    return hashlib.sha256(msgspec.json.encode(said)).hexdigest()


def lenses_of(page: Page, *, asked: bool = True) -> Lenses:
    """Return the estate as a lens, where it was asked for and can be read."""
    if not asked:
        return NOTHING
    try:
        return Lenses(page.loaded())
    except (InputError, NotFoundError):
        return NOTHING


def shown_with(page: Page, filled: Filled) -> dict[str, Any]:
    """Return what the form is shown with besides what stands in it."""
    who = page.who
    return {
        "filled": filled, "sector_name": sector_names(page), "severities": SEVERITIES,
        "levels": [str(one) for one in Tlp if int(one) <= who.sees], "sectors": sectors(page, filled),
        "both_worlds": who.kind in BOTH_WORLDS,
        "targets": [
            one for root in page.hub.roots(who) for one in page.hub.collections(who, root)
            if one.can_write and one.exercise == filled.exercise
        ],
    }  # fmt: skip


def names_of(page: Page) -> dict[str, str]:
    """Return the sectors of the estate by their ids; none where it cannot be read."""
    try:
        frame = page.loaded().frame("sectors").select("id", "name_en", "name_ja")
    except (InputError, NotFoundError):
        return {}
    return {name: page.pick(english or name, japanese or "") for name, english, japanese in frame.iter_rows()}


def chain_named(page: Page, chain: str, estate: str = "") -> str:
    """Return a chain of dependencies with the names of the organisations in it, where the estate has them."""
    bodies = page.estates.bodies(estate or page.estate)
    called = (bodies.get(one) for one in chain.split(ARROW))
    return ARROW.join(
        one if there is None else page.pick(there.name_en, there.name_ja) or one
        for one, there in zip(chain.split(ARROW), called, strict=True)
    )


def reason_named(page: Page, one: Why) -> str:
    """Return a reason in words, with sectors and organisations as people call them."""
    if one.rule == "sector":
        name = sector_names(page)(one.what)
        one = Why(one.rule, name, name)
    elif one.rule in ("dependency", "organisation") and not one.what_ja:
        name = chain_named(page, one.what)
        one = Why(one.rule, name, name)
    return reason(one, page.lang)


def sector_names(page: Page) -> Callable[[str], str]:
    """Return what says how people call a sector."""
    found = names_of(page)
    return lambda name: found.get(name, name)


def sectors(page: Page, filled: Filled) -> list[tuple[str, str]]:
    """Return the sectors of the estate, id and name, and those that the draft names besides."""
    found = names_of(page)
    return [*found.items(), *((name, name) for name in filled.sectors if name not in found)]
