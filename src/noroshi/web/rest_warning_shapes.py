"""What the REST interface takes and gives of warnings, as its OpenAPI describes it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from noroshi.share.warnings import Audience, Severity, Words
from noroshi.web.rest_shapes import CommunityName, Level, Name, Uid

__all__ = [
    "CoverageShown",
    "FaultShown",
    "NewWarning",
    "ProposalShown",
    "Proposals",
    "ReceiptAsked",
    "ReceiptShown",
    "RecipientShown",
    "RetractionAsked",
    "SendingAsked",
    "StandingShown",
    "WarningMade",
    "WarningShown",
    "WarningSummary",
    "Warnings",
    "WhyShown",
]  # fmt: skip

State = Literal["chosen", "delivered", "acknowledged", "acted"]
Kind = Literal["warning", "correction", "retraction"]
Channel = Literal["page", "taxii", "mail", "hook"]
KeptFrom = Literal["", "tlp", "community", "exercise"]
Note = Annotated[str, Meta(max_length=2000, pattern="^[^\\x00-\\x08\\x0b-\\x1f\\x7f]*$")]
Count = Annotated[int, Meta(ge=0)]


class NewWarning(Struct, forbid_unknown_fields=True):
    """A warning as a person writes it, in both languages. communities: null = all whom the TLP admits."""

    title: Words
    text: Words
    action: Words
    severity: Severity
    tlp: Level
    communities: Annotated[tuple[CommunityName, ...], Meta(min_length=1, max_length=1000)] | None = None
    audience: Audience = Audience()
    about: Annotated[tuple[str, ...], Meta(max_length=1000)] = ()
    exercise: bool = False


class WarningMade(Struct):
    """Which version of which warning was kept and signed just now."""

    warning: str
    version: int


class WarningSummary(Struct):
    """A warning in a list; state: how far one is with its last version; to_me: whether it is for oneself.

    exercise: it is part of one, and nothing of it is real.
    """

    warning: str
    version: int
    kind: Kind
    at: str
    severity: Severity
    tlp: Level
    title: Words
    state: State
    to_me: bool
    exercise: bool


class Warnings(Struct):
    """Warnings that one may read, the newest first."""

    warnings: list[WarningSummary]


class WarningShown(WarningSummary):
    """The last version of a warning, with the Ed25519 signature over what `said` of the mail and the hook says."""

    by: str
    communities: list[str] | None
    text: Words
    action: Words
    about: list[str]
    key: str
    signature: str


class WhyShown(Struct):
    """A reason for which a warning concerns somebody, in words of the language asked for."""

    rule: str
    words: str


class ProposalShown(Struct):
    """Somebody whom a warning concerns; kept_from: why it may not be told, "" where it may."""

    principal: str
    sectors: list[str]
    reasons: list[WhyShown]
    kept_from: KeptFrom


class Proposals(Struct):
    """Everyone whom a warning concerns, by name."""

    exercise: bool
    proposed: list[ProposalShown]


class SendingAsked(Struct, forbid_unknown_fields=True):
    """Who is chosen: names, or everyone proposed who may be told; nothing: again to who has not got it.

    collection: where it is posted for TAXII too.
    """

    to: Annotated[list[Name], Meta(max_length=1000)] = []
    proposed: bool = False
    collection: Uid | None = None


class RetractionAsked(Struct, forbid_unknown_fields=True):
    """Why a warning is withdrawn, in both languages."""

    why: Words


class ReceiptAsked(Struct, forbid_unknown_fields=True):
    """How far one is with a warning, and what one did."""

    state: Literal["acknowledged", "acted"]
    note: Note = ""


class ReceiptShown(Struct):
    """How far one is with the last version of a warning now."""

    warning: str
    version: int
    state: State


class FaultShown(Struct):
    """A way that has not worked yet, and why."""

    channel: Channel
    reason: str
    words: str


class RecipientShown(Struct):
    """How a recipient stands with the last version; had: the last earlier version that it may have, 0 = none."""

    principal: str
    sectors: list[str]
    reasons: list[WhyShown]
    kept_from: KeptFrom
    chosen: bool
    state: State
    via: list[str]
    note: str
    had: int
    faults: list[FaultShown]


class CoverageShown(Struct):
    """How many of a sector; "" = of all. From `chosen` on each count is within the one before."""

    sector: str
    at_risk: Count
    kept_from: Count
    chosen: Count
    delivered: Count
    acknowledged: Count
    acted: Count


class StandingShown(Struct):
    """How everyone stands with a warning, and the counts by sector."""

    warning: str
    exercise: bool
    version: int
    kind: Kind
    recipients: list[RecipientShown]
    coverage: list[CoverageShown]
