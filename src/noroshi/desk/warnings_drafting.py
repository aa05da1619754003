"""A warning before it is kept: begun from an object, and looked at with all that would leave and who is kept from it.

Nothing is kept here. Whatever is refused when it is written is refused here too, by the same code.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from noroshi.desk.naming import refuse_in_open_cases
from noroshi.desk.permitting import must, must_be_on_side
from noroshi.desk.searching import Telling, around, by_ids, named
from noroshi.desk.warnings import drafted, texts_of
from noroshi.desk.warnings_proposing import NOTHING, Lenses, proposals
from noroshi.share.faces import face_of
from noroshi.share.warnings import SEVERITIES, Audience, Said, Severity, Words
from noroshi.share.warnings_stix import stix_objects
from noroshi.share.warnings_words import Message, message
from noroshi.store.warnings import Kept
from noroshi.store.warnings_contacts import contacts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from noroshi.desk.hub import Hub
    from noroshi.desk.searching import Hit
    from noroshi.share.warnings import Proposal, Signed
    from noroshi.store.contract import Principal

__all__ = ["Carried", "Preview", "begun", "carried", "preview"]

AFFECTED = frozenset({"has", "may-have"})
"""Relationships by which a product is affected (`files.csaf`)."""
MOST_FOLLOWED = 200
SCORES: tuple[tuple[float, Severity], ...] = ((9.0, "critical"), (7.0, "high"), (4.0, "medium"))
"""CVSS 3.1's base score from which on a severity is proposed (section 5)."""
LOOK = Words("Look for these in your logs, block them, and tell the centre what you find.",
             "ログに次の情報がないか確認し、遮断のうえ、結果をセンターに報告してください。")  # fmt: skip
MEND = Words(
    "Apply the fix, or take the product off the network until you can. Tell the centre when it is done.",
    "修正を適用してください。適用できない場合は、対象製品をネットワークから切り離してください。"
    "完了後、センターに報告してください。",
)


class Carried(NamedTuple):
    """What leaves by each way: the mail, the hook's body, the objects over TAXII; pages show the text as it is."""

    signed: Signed
    mail: Message
    hook: bytes
    taxii: bytes


class Preview(NamedTuple):
    """Everyone whom a warning would concern, by what ways each is reached, and what would leave.

    ways: principal -> channels of `warnings_words.CHANNELS`, as its contact is declared; TAXII goes by collection.
    """

    proposed: tuple[Proposal, ...]
    ways: dict[str, tuple[str, ...]]
    carried: Carried


def preview(  # noqa: PLR0913  whose, what, when, through what
    hub: Hub, folder: Path, address: str, asker: Principal, said: Said, now: int, lenses: Lenses = NOTHING
) -> Preview:
    """Return what would come of a warning, and keep nothing; refused as `warnings.write` refuses it."""
    must(asker, "warnings.write")
    must_be_on_side(hub.store, asker, exercise=said.exercise)
    refuse_in_open_cases(hub, asker, texts_of(said), exercise=said.exercise)
    first = drafted(folder, asker, said, now, str(uuid.uuid4()))
    found = proposals(hub, Kept(0, first.said.warning, asker.name, now, said.audience, "", 0, first), lenses)
    ways = {
        one.principal: ("page", *(["mail"] if one.mail else []), *(["hook"] if one.hook else []))
        for one in contacts(hub.store)
    }
    reached = {one.principal: ways.get(one.principal, ("page",)) for one in found}
    return Preview(found, reached, carried(first, address))


def carried(signed: Signed, address: str, first: str = "") -> Carried:
    """Return what leaves of a version; address: of the hub; first: when version 1 was written, "" = this is it."""
    objects = stix_objects(signed, first or signed.said.at)
    taxii = msgspec.json.format(msgspec.json.encode({"objects": objects}), indent=1)
    hook = msgspec.json.format(msgspec.json.encode(signed), indent=1)
    return Carried(signed, message(signed, address), hook, taxii)


# ---- begun from an object


def begun(hub: Hub, asker: Principal, name: str, uid: str) -> Said:
    """Return what a warning about an object would begin with: its words, marking, and whom its products concern.

    Refused 404 for an object that one does not see. What is written in one language stands in both until it is changed.
    """
    must(asker, "warnings.write")
    one = named(hub, asker, name, uid)
    contents = [of for of in followed(hub, asker, one) if of.row.id != one.row.id]
    every = (one, *contents)
    values = list(dict.fromkeys(
        text for each in every if each.row.type == "indicator" for text in each.face.values or (each.face.title,)
    ))  # fmt: skip
    title = one.face.title
    text = str(one.value.get("description") or title)
    told = "\n".join(values)
    remedy = "\n".join(dict.fromkeys(remedies(each.value) for each in every if remedies(each.value)))
    base = LOOK if values else MEND
    action = [f"{words}\n{more}".strip() for words in (base.en, base.ja) for more in [told or remedy]]
    products = dict.fromkeys(name for each in every for name in products_of(hub, asker, each))
    about = tuple(dict.fromkeys(each.row.id for each in every))[:MOST_FOLLOWED]
    return Said(
        Words(title[:200], title[:200]), Words(text, text), Words(*action), severity_of(each.value for each in every),
        str(one.tlp), one.communities, Audience(products=tuple(products), sectors=sectors_of(every)), about,
        one.where.exercise,
    )  # fmt: skip


def followed(hub: Hub, asker: Principal, one: Hit) -> list[Hit]:
    """Return what a report or a grouping holds of what one sees, and what its indicators indicate."""
    refs = [name for name in one.value.get("object_refs", ()) if isinstance(name, str)][:MOST_FOLLOWED]
    if not refs:
        return []
    viewer = hub.seeing.viewer(asker, one.where.no)
    telling = Telling(hub, asker, [(one.root, one.where)])
    rows = by_ids(hub, one.where.no, viewer, refs)
    found = [telling.hit(one.where.no, row, msgspec.json.decode(row.body)) for row in rows]
    strict = [each for each in found if each.tlp <= one.tlp and each.communities in (None, one.communities)]
    return [each for each in strict if each.row.type not in ("relationship", "marking-definition")]


def products_of(hub: Hub, asker: Principal, one: Hit) -> list[str]:
    """Return the products that an object affects: what it says itself, and software that is said to have it."""
    found = [str(name) for name in one.value.get("x_noroshi_products", ()) if name]
    if one.row.type == "software":
        return [product(one.value)]
    if one.row.type != "vulnerability":
        return found
    joined = around(hub, asker, one)
    said = [each.value for each in joined.found if each.value.get("relationship_type") in AFFECTED]
    ids = [value["source_ref"] for value in said if value.get("target_ref") == one.row.id]
    rows = by_ids(hub, one.where.no, hub.seeing.viewer(asker, one.where.no), ids)
    return [*found, *(product(msgspec.json.decode(row.body)) for row in rows if row.type == "software")]


def product(value: dict[str, Any]) -> str:
    """Return a product as contacts name theirs: its CPE name, or what it is called."""
    return str(value.get("cpe") or face_of(value).title)


def sectors_of(every: Iterable[Hit]) -> tuple[str, ...]:
    """Return the sectors that objects name."""
    return tuple(dict.fromkeys(
        str(name) for each in every for name in each.value.get("sectors", ()) if isinstance(name, str)
    ))  # fmt: skip


def remedies(value: dict[str, Any]) -> str:
    """Return what an object says is to be done."""
    found = value.get("x_noroshi_remediations", ())
    return "\n".join(str(one["details"]) for one in found if isinstance(one, dict) and one.get("details"))


def severity_of(values: Iterable[dict[str, Any]]) -> Severity:
    """Return the severity that the highest score of objects gives; high where there is none."""
    scores = [
        float(one["score"]) for value in values for one in value.get("x_noroshi_cvss_v3", ())
        if isinstance(one, dict) and isinstance(one.get("score"), int | float)
    ]  # fmt: skip
    if not scores:
        return "high"
    return next((said for least, said in SCORES if max(scores) >= least), SEVERITIES[0])
