"""What entries of the journal and the ledger say: numbers of the store's own, and seals for what may be erased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from noroshi.share.chain import Entry

__all__ = [
    "KINDS", "Answered", "Applied", "Chosen", "Deleted", "Erased", "Filed", "Given", "Judged", "Kept", "Released",
    "Restated", "Unsaid", "Warned", "read_entry",
]  # fmt: skip


class Kept(msgspec.Struct, frozen=True, gc=False):
    """An envelope was taken in. rows: numbers of the rows kept (as `chain.runs`); accepted: those there before too.

    digest: seal over the SHA-256 of each of those rows' bodies, one after the other. reclassed: (number of a row,
    its new release class) of what a container of the envelope reaches.
    """

    principal: int
    collection: int
    status: str
    accepted: int
    refused: int
    rows: list[int]
    digest: str
    reclassed: list[tuple[int, int]] = []


class Deleted(msgspec.Struct, frozen=True, gc=False):
    """A principal took rows away."""

    principal: int
    collection: int
    rows: list[int]


class Applied(msgspec.Struct, frozen=True, gc=False):
    """A declaration made or changed a row of a table; name: seal over a principal's name; no secret is in it."""

    table: str
    made: bool
    key: dict[str, Any]
    values: dict[str, Any]
    name: str = ""


class Erased(msgspec.Struct, frozen=True, gc=False):
    """Rows were erased; of what they were nothing is said."""

    rows: list[int]
    reason: str


class Restated(msgspec.Struct, frozen=True, gc=False):
    """What of an entry's rows was not erased is sealed anew, since the old salt is destroyed.

    digest: as in `Kept`, over the rows that are left; "" where the old seal did not hold any more.
    """

    entry: int
    digest: str


class Given(msgspec.Struct, frozen=True, gc=False):
    """A response gave objects away. rows: numbers of the rows in its order (as `chain.runs`); first, last: seq.

    classes: release classes that its reader saw at that moment (as `chain.runs`); body: seal over the bytes, "" where
    the ledger is not strict.
    """

    principal: int
    collection: int
    route: str
    rows: list[int]
    count: int
    first: int
    last: int
    classes: list[int]
    body: str


class Warned(msgspec.Struct, frozen=True):
    """A version of a warning was written; digest: seal over what it says."""

    warning: int
    version: int
    kind: str
    principal: int
    tlp: str
    digest: str


class Chosen(msgspec.Struct, frozen=True):
    """Who is to get a warning; principal: who chose."""

    warning: int
    principal: int
    recipients: list[int]


class Answered(msgspec.Struct, frozen=True):
    """A version of a warning was delivered to a recipient, or the recipient acknowledged it or acted."""

    warning: int
    version: int
    recipient: int
    state: str
    via: str


class Unsaid(msgspec.Struct, frozen=True):
    """A warning was erased; of what it said nothing is left."""

    warning: int
    reason: str


class Judged(msgspec.Struct, frozen=True, gc=False):
    """Somebody said that two objects are the same thing, or different, or took such a word back (`undone`).

    digest: seal over their ids and the reason.
    """

    principal: int
    collection: int
    uid: str
    verdict: str
    digest: str


class Released(msgspec.Struct, frozen=True, gc=False):
    """A reduced copy of an object was proposed, or somebody decided on it: `state` from then on.

    digest: seal over its source's id and version, its own bytes, the plan and the reason; "" where that was said.
    """

    principal: int
    collection: int
    uid: str
    state: str
    digest: str


class Filed(msgspec.Struct, frozen=True, gc=False):
    """A line was added to an incident, a situation or an assessment (`kind`); digest: seal over what it says."""

    dossier: int
    line: int
    kind: str
    principal: int
    digest: str


KINDS: Final = {
    "kept": Kept, "deleted": Deleted, "applied": Applied, "erased": Erased, "restated": Restated, "given": Given,
    "warned": Warned, "chosen": Chosen, "answered": Answered, "unsaid": Unsaid,
    "judged": Judged, "released": Released,
    "filed": Filed,
}  # fmt: skip
"""Kind of an entry -> what it says."""
Said = (
    Kept
    | Deleted
    | Applied
    | Erased
    | Restated
    | Given
    | Warned
    | Chosen
    | Answered
    | Unsaid
    | Judged
    | Released
    | Filed
)
DECODERS = {kind: msgspec.json.Decoder(struct) for kind, struct in KINDS.items()}


def read_entry(entry: Entry) -> Said | None:
    """Return what an entry says; None for a kind that this version does not know."""
    decoder = DECODERS.get(entry.kind)
    return None if decoder is None else decoder.decode(entry.content)
