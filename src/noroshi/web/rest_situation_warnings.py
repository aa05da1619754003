"""The REST interface's warnings from a situation: written, proposed, and who depends and was not warned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from noroshi.desk import situation_warnings as desk
from noroshi.desk import situations
from noroshi.desk.permitting import must
from noroshi.desk.warnings_proposing import Lenses, proposed
from noroshi.errors import InputError, NotFoundError
from noroshi.files.estates import load
from noroshi.share.taxii import Refused
from noroshi.share.warnings import Audience, Severity, Words
from noroshi.web.rest_asking import asker_of, get
from noroshi.web.rest_shapes import CommunityName, Level
from noroshi.web.rest_values import fit, micros
from noroshi.web.rest_warning_shapes import KeptFrom, ProposalShown
from noroshi.web.rest_warnings import spoken, whys

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.estate.model import Estate
    from noroshi.settings import Settings

__all__ = ["handlers"]

Ask = Request[Any, Any, Any]


class NewCaseWarning(Struct, forbid_unknown_fields=True):
    """A warning from a situation; audience null: who depends on the victims; tlp null: marked as the situation is."""

    title: Words
    text: Words
    action: Words
    severity: Severity
    audience: Audience | None = None
    about: Annotated[tuple[str, ...], Meta(max_length=1000)] = ()
    tlp: Level | None = None
    communities: Annotated[tuple[CommunityName, ...], Meta(min_length=1, max_length=1000)] | None = None


class Barred(Struct):
    """A principal of an organisation that may not be told, and why."""

    principal: str
    kept_from: KeptFrom


class UnwarnedShown(Struct):
    """An organisation that depends on a victim and was not warned; reach: by whom it could be."""

    organisation: str
    name_en: str
    name_ja: str
    chain: str
    reach: list[str]
    barred: list[Barred]


class Unwarned(Struct):
    """Organisations that depend on a victim and were not warned."""

    unwarned: list[UnwarnedShown]


class CaseWarningMade(Struct):
    """The warning that was kept and signed, and whom it concerns; nobody is told yet."""

    warning: str
    exercise: bool
    proposed: list[ProposalShown]
    unwarned: list[UnwarnedShown]


def handlers(hub: Hub, settings: Settings) -> list[HTTPRouteHandler]:
    """Return what answers for warnings from a situation."""

    @post("/situations/{uid:str}/warnings", sync_to_thread=True, opt={"json": True},
          summary="Write a warning from a situation, and see whom it concerns; nobody is told yet")  # fmt: skip
    def write(request: Ask, uid: FromPath[str], data: JSONBody[NewCaseWarning]) -> Response[CaseWarningMade]:
        who = asker_of(request).principal
        must(who, "situations.manage")
        there = situations.read(hub, who, fit(uid, situations.ABSENT))
        estate = loaded(there.situation.estate)
        draft = desk.Draft(data.title, data.text, data.action, data.severity, data.audience, data.about,
                           data.tlp or "", data.communities)  # fmt: skip
        kept = desk.warn(hub, settings.data, who, uid, draft, micros(), estate)
        lang = spoken(request, settings)
        rows = [ProposalShown(each.principal, list(each.sectors), whys(each.reasons, lang), each.kept_from)  # type: ignore[arg-type]  # one of them
                for each in proposed(hub, who, kept.uid, Lenses(estate))]  # fmt: skip
        left = [] if estate is None else list(map(shown, desk.unwarned(hub, who, uid, estate)))
        made = CaseWarningMade(kept.uid, there.dossier.exercise, rows, left)
        return Response(made, status_code=201, headers={"Location": f"/api/v1/warnings/{kept.uid}"})

    @get("/situations/{uid:str}/unwarned", sync_to_thread=True,
         summary="Who depends on the victims of a situation and was not warned")  # fmt: skip
    def unwarned(request: Ask, uid: FromPath[str]) -> Unwarned:
        who = asker_of(request).principal
        must(who, "situations.manage")
        there = situations.read(hub, who, fit(uid, situations.ABSENT))
        estate = loaded(there.situation.estate)
        return Unwarned([] if estate is None else list(map(shown, desk.unwarned(hub, who, uid, estate))))

    return [write, unwarned]


def loaded(name: str) -> Estate | None:
    """Return the estate of a situation, None where it names none; Refused 422 where it cannot be read."""
    try:
        return load(name, "en") if name else None
    except (InputError, NotFoundError) as error:
        raise Refused(422, "Unprocessable", f"estate: {error}"[:500]) from None


def shown(one: desk.Unwarned) -> UnwarnedShown:
    """Return who was not warned as plain values."""
    barred = [Barred(name, why) for name, why in one.barred]  # type: ignore[arg-type]  # one of them
    return UnwarnedShown(one.organisation, one.name_en, one.name_ja, one.chain, list(one.reach), barred)
