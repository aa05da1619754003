"""Write to release: a reduced copy of an object for more readers, which nothing leads back to what it was made from.

A plan says what goes; all else that could lead back goes unasked: the id, dates of the record, the creator, granular
markings, extensions and properties of others, references to sources that are not public. What is left is searched for
words of what was taken out; a copy that has any is refused with the place. Nothing here decides who may release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec

from noroshi.share.markings import Pap, Tlp, community_definition, tlp_definition
from noroshi.share.reasons import Reason
from noroshi.share.release import Principal, ReleaseClass
from noroshi.share.releasing_words import NAMING, forms, ids_in, leaves, plain, uuid_of, words_of
from noroshi.share.stix_domain import DOMAIN, RELATIONSHIPS
from noroshi.share.taxii import timestamp
from noroshi.share.validation import validate

__all__ = [
    "RULES", "Change", "Derivative", "Plan", "Refusal", "as_open", "derived", "difference", "may_not_give", "revoked",
]  # fmt: skip

MADE = ("type", "spec_version", "id", "created", "modified", "object_marking_refs")
"""Properties that the copy has anew."""
PUBLIC = frozenset({"cve", "cwe", "capec", "mitre-attack", "mitre-mobile-attack", "mitre-ics-attack", "cpe"})
"""External references that lead to nobody's own records."""
OWN_WORD = 4
"""Characters from which a text that goes unasked is a word to be looked for: its codes and numbers are not."""
TYPES = DOMAIN | RELATIONSHIPS
RULES: dict[str, tuple[str, str]] = {
    "type": ("only domain objects, relationships and sightings of STIX 2.1", "STIX 2.1のSDOとSROに限る"),
    "revoked": ("its source has revoked it", "提供元が取り消した"),
    "unknown-property": ("the object has no such property", "その属性はない"),
    "made": ("this property is made anew, or is no text", "この属性は新しく作られるか、文字列ではない"),
    "nothing-replaced": ("nothing of the object has this word", "その語はどこにもない"),
    "no-such-ref": ("the object does not refer to this", "その参照はない"),
    "level": ("no such level", "その区分はない"),
    "communities": ("a list of communities names at least one", "コミュニティを一つ以上指定する"),
    "pap-loosened": ("what may be done with it is not loosened by a copy", "PAPは緩められない"),
    "left-word": ("a word of what was taken out is left", "除いた部分の語が残っている"),
    "left-id": ("the id of what was taken out is left", "除いたものの識別子が残っている"),
    "hidden-ref": ("names an object that not all of the new readers can see", "新しい読者の一部に見えない対象を参照"),
    "not-stix": ("the copy would not be STIX", "STIXとして不正になる"),
    "may-not-give": ("whoever approves may not give this marking", "承認者はこの区分を付与できない"),
}  # fmt: skip
"""Code of a rule -> why a copy is refused, in English and Japanese."""


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to become of an object.

    drop: properties that go; text: property -> its new text; replace: word -> what stands for it, everywhere;
    drop_refs: ids that go from every reference; words: what must not be left though no part that goes says it (names
    of a victim); allow: what may be left though a part that goes has it; keep: properties that would go unasked.
    tlp, communities (None: all), pap (None: as the source's): the new marking.
    """

    tlp: str
    communities: tuple[str, ...] | None = None
    pap: str | None = None
    drop: tuple[str, ...] = ()
    text: dict[str, str] = {}
    replace: dict[str, str] = {}
    drop_refs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


class Refusal(NamedTuple):
    """Why a copy is refused: a code of `RULES`, the property, what was found."""

    code: str
    place: str
    said: str

    def line(self, lang: str = "en") -> str:
        """Return it on one line."""
        meaning = self.meaning(lang)
        return f"{self.place}: {meaning}: {self.said}" if self.place else f"{meaning}: {self.said}"

    def meaning(self, lang: str = "en") -> str:
        """Return what the rule says."""
        return RULES[self.code][int(lang == "ja")]


class Change(NamedTuple):
    """One property in the eyes of who approves: removed, changed, added or left; before, after: None = not there."""

    place: str
    what: str
    before: Any
    after: Any


class Derivative(NamedTuple):
    """A reduced copy, the marking definition that goes with it (None: none), and the class of its readers."""

    value: dict[str, Any]
    definition: dict[str, Any] | None
    release: ReleaseClass

    def objects(self) -> list[dict[str, Any]]:
        """Return what is put into a collection."""
        return [self.value] if self.definition is None else [self.definition, self.value]


def derived(  # noqa: PLR0913  of what, how, and what is known besides
    source: Mapping[str, Any], plan: Plan, uid: str, now: int, *, pap: Pap | None = None,
    taken: Iterable[Mapping[str, Any]] = (), seen: Callable[[str, ReleaseClass], bool] = lambda _, __: False,
) -> Derivative | tuple[Refusal, ...]:  # fmt: skip
    """Return the reduced copy of an object that `reading.check` read, or every reason why there is none.

    uid: a random UUID for it; `now` in microseconds; pap: the source's effective one; taken: the objects of
    `plan.drop_refs` as far as they are known: their names must not be left; seen: whether all readers of a class can
    see an object.
    """
    level, action = Tlp.named(plan.tlp), pap if plan.pap is None else Pap.named(plan.pap)
    faults = list(faults_of(source, plan, pap))
    if faults or level is None:
        return tuple(faults)
    release = ReleaseClass(level, None if plan.communities is None else frozenset(plan.communities))
    value, out = reduced(source, plan)
    marks = [tlp_definition(level)]
    definition = None if plan.communities is None else community_definition(plan.communities)
    if definition is not None:
        marks.append(definition["id"])
    faults += [*left_ids(source, value, plan, release, seen), *left_words(source, value, plan, out, taken)]
    if action is not None:
        value["labels"] = [*value.get("labels", ()), f"PAP:{action}"]
    stamp = timestamp(now)
    made = {"type": source["type"], "spec_version": "2.1", "id": f"{source['type']}--{uid}", "created": stamp,
            "modified": stamp, "object_marking_refs": marks}  # fmt: skip
    whole = {**made, **value}
    checked = validate(whole)
    if isinstance(checked, Reason):
        faults.append(Refusal("not-stix", checked.place, checked.line()))
    return tuple(dict.fromkeys(faults)) or Derivative(whole, definition, release)


def faults_of(source: Mapping[str, Any], plan: Plan, pap: Pap | None) -> Iterator[Refusal]:
    """Yield what is wrong with a plan before anything is made of it."""
    if source.get("type") not in TYPES or source.get("spec_version") != "2.1":
        yield Refusal("type", "type", str(source.get("type")))
    if source.get("revoked") is True:
        yield Refusal("revoked", "revoked", str(source.get("id")))
    yield from wrong_marking(plan, pap)
    for name in (*plan.drop, *plan.text, *plan.keep):
        if name not in source:
            yield Refusal("unknown-property", name, name)
        elif name in MADE or (name in plan.text and not isinstance(source[name], str)):
            yield Refusal("made", name, name)
    texts = [text for _, text in leaves(source)]
    for word in plan.replace:
        if not word or not any(word in text for text in texts):
            yield Refusal("nothing-replaced", "replace", word)
    for name in plan.drop_refs:
        if name not in texts:
            yield Refusal("no-such-ref", "drop_refs", name)


def wrong_marking(plan: Plan, pap: Pap | None) -> Iterator[Refusal]:
    """Yield what is wrong with the marking that a plan gives, whoever gives it."""
    if Tlp.named(plan.tlp) is None:
        yield Refusal("level", "tlp", plan.tlp)
    if plan.pap is not None:
        action = Pap.named(plan.pap)
        if action is None:
            yield Refusal("level", "pap", plan.pap)
        elif pap is not None and action < pap:
            yield Refusal("pap-loosened", "pap", f"{pap} -> {action}")
    if plan.communities is not None and not (plan.communities and all(plan.communities)):
        yield Refusal("communities", "communities", "")


def reduced(source: Mapping[str, Any], plan: Plan) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what is left of an object but for what is made anew, and what went unasked."""
    known = frozenset(TYPES[source["type"]].__struct_fields__) - {"created_by_ref", "granular_markings", "extensions"}
    out: dict[str, Any] = {}
    left: dict[str, Any] = {}
    for name, one in source.items():
        if name in MADE or name in plan.drop:
            continue
        kept = one
        if name not in plan.keep:
            if name not in known:
                out[name] = one
                continue
            if name in UNASKED:
                kept = [part for part in one if UNASKED[name](part)]
                if name != "labels":  # the words of a marking are in the new one too
                    out[name] = [part for part in one if not UNASKED[name](part)]
        kept = plan.text.get(name) if name in plan.text else without(kept, plan)
        if kept not in (None, [], {}):
            left[name] = kept
    return left, out


UNASKED: dict[str, Callable[[Any], bool]] = {
    "external_references": lambda one: str(one.get("source_name", "")).lower() in PUBLIC,
    "labels": lambda one: not str(one).strip().lower().startswith(("tlp:", "pap:")),
}
"""Property -> which of its parts stay unless the plan keeps them all."""


def without(value: Any, plan: Plan) -> Any:  # noqa: ANN401  any JSON
    """Return a value without the references that go, and with words replaced; None where nothing is left of it."""
    if isinstance(value, str):
        if value in plan.drop_refs:
            return None
        for word in sorted(plan.replace, key=len, reverse=True):
            value = value.replace(word, plan.replace[word])
        return value
    if isinstance(value, Mapping):
        return {key: one for key, held in value.items() if (one := without(held, plan)) is not None}
    if isinstance(value, list | tuple):
        return [one for held in value if (one := without(held, plan)) is not None]
    return value


def left_ids(
    source: Mapping[str, Any], value: Mapping[str, Any], plan: Plan, release: ReleaseClass,
    seen: Callable[[str, ReleaseClass], bool],
) -> Iterator[Refusal]:  # fmt: skip
    """Yield the ids that are left: of the source, of what goes, and of what not all of the new readers can see."""
    gone = [source["id"], *plan.drop_refs]
    if "created_by_ref" in source and "created_by_ref" not in value:
        gone.append(source["created_by_ref"])
    hidden = {plain(uuid_of(name)) for name in gone}
    for place, text in leaves(value):
        flat = plain(text)
        if any(one in flat for one in hidden):
            yield Refusal("left-id", place, text[:200])
        for found in ids_in(text):
            if not seen(found, release):
                yield Refusal("hidden-ref", place, found)


def left_words(
    source: Mapping[str, Any], value: Mapping[str, Any], plan: Plan, out: Mapping[str, Any],
    taken: Iterable[Mapping[str, Any]],
) -> Iterator[Refusal]:  # fmt: skip
    """Yield the words of what was taken out that are left, each with its place.

    What was named as a word, was replaced, or is a name of an object that goes cannot be allowed; the rest can.
    """
    named = [*plan.words, *plan.replace]
    for one in taken:
        named += words_of([one[key] for key in NAMING if key in one])
    said: list[str] = [*words_of(list(out.values()), OWN_WORD)]
    said += words_of([source[name] for name in plan.drop])
    for name, text in plan.text.items():
        after = plain(text)
        said += [word for word in words_of(source[name]) if not any(form in after for form in forms(word))]
    allowed = {form for word in plan.allow for form in forms(word)}
    looked = {form: word for word in said for form in forms(word) if form not in allowed}
    looked |= {form: word for word in named for form in forms(word)}
    flat = [(place, plain(text)) for place, text in leaves(value)]
    everything = "\n".join(text for _, text in flat)
    left = {form: word for form, word in looked.items() if form in everything}
    for place, text in flat if left else ():
        for form, word in left.items():
            if form in text:
                yield Refusal("left-word", place, word)


def difference(source: Mapping[str, Any], made: Mapping[str, Any]) -> tuple[Change, ...]:
    """Return every property of a source and its copy, what was taken out first, what is left last."""
    order = ("removed", "changed", "added", "left")
    found = []
    for name in {**source, **made}:
        before, after = source.get(name), made.get(name)
        what = "removed" if after is None else "added" if before is None else "left" if before == after else "changed"
        found.append(Change(name, what, before, after))
    return tuple(sorted(found, key=lambda one: (order.index(one.what), one.place)))


def may_not_give(release: ReleaseClass, giver: Principal, *, everybody: bool) -> tuple[Refusal, ...]:
    """Return why somebody may not give a marking; everybody: it may give what it is not a member of itself."""
    found = []
    if release.tlp is None or giver.sees is None or release.tlp > giver.sees:
        found.append(Refusal("may-not-give", "tlp", str(release.tlp)))
    others = frozenset() if release.communities is None else release.communities - giver.communities
    if others and not everybody:
        found.append(Refusal("may-not-give", "communities", ", ".join(sorted(others))))
    return tuple(found)


def as_open(there: ReleaseClass, release: ReleaseClass) -> bool:
    """Say whether all who see what is in a class see what is there."""
    if there.tlp is None or release.tlp is None or there.tlp > release.tlp:
        return False
    return there.communities is None or (release.communities is not None and release.communities <= there.communities)


def revoked(value: Mapping[str, Any], now: int) -> dict[str, Any]:
    """Return a copy as it is when it is withdrawn: a version that says so (STIX 2.1, section 3.6.2)."""
    return {**value, "modified": timestamp(now), "revoked": True}
