"""The REST interface's warnings: written, proposed, sent, read, answered, followed, corrected and withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from noroshi.desk.warnings import ABSENT, answer, correct, listed, must_find, read, retract, write
from noroshi.desk.warnings_proposing import follow, proposed
from noroshi.desk.warnings_sending import Wanted, real_timing, resend
from noroshi.desk.warnings_sending import send as deliver
from noroshi.share.warnings import Said
from noroshi.share.warnings_words import FAULTS, reason
from noroshi.web import rest_warning_shapes as shapes
from noroshi.web.headers import language
from noroshi.web.rest_asking import asker_of, get
from noroshi.web.rest_values import fit, micros

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.desk.warnings import Mine
    from noroshi.desk.warnings_proposing import Followed
    from noroshi.settings import Settings
    from noroshi.share.warnings import Why
    from noroshi.store.contract import Principal

__all__ = ["handlers"]

Ask = Request[Any, Any, Any]


def handlers(hub: Hub, settings: Settings) -> list[HTTPRouteHandler]:
    """Return what answers for warnings."""

    @get("/warnings", sync_to_thread=True, summary="Warnings that I may read")
    def every(request: Ask) -> shapes.Warnings:
        found = listed(hub, asker_of(request).principal)
        return shapes.Warnings([shapes.WarningSummary(**summary(one)) for one in found])

    @post("/warnings", sync_to_thread=True, opt={"json": True},
          summary="Write a warning in English and Japanese; nobody is told yet")  # fmt: skip
    def make(request: Ask, data: JSONBody[shapes.NewWarning]) -> Response[shapes.WarningMade]:
        there = write(hub, settings.data, asker_of(request).principal, said_of(data), micros())
        place = f"/api/v1/warnings/{there.uid}"
        return Response(shapes.WarningMade(there.uid, 1), headers={"Location": place})

    @get("/warnings/{uid:str}", sync_to_thread=True,
         summary="One warning; where it is for me it counts as delivered by that")  # fmt: skip
    def one(request: Ask, uid: FromPath[str]) -> shapes.WarningShown:
        who = asker_of(request).principal
        if request.method == "HEAD":  # nothing is read by that
            found = next((each for each in listed(hub, who) if each.kept.uid == uid), None)
            if found is None:
                raise ABSENT
            return shown(found)
        return shown(read(hub, who, fit(uid, ABSENT), micros()))

    @post("/warnings/{uid:str}/receipt", sync_to_thread=True, opt={"json": True}, status_code=200,
          summary="Acknowledge the last version of a warning that is for me, or say that I acted")  # fmt: skip
    def receipt(request: Ask, uid: FromPath[str], data: JSONBody[shapes.ReceiptAsked]) -> shapes.ReceiptShown:
        found = answer(hub, asker_of(request).principal, fit(uid, ABSENT), data.state, data.note, micros())
        return shapes.ReceiptShown(uid, found.kept.last.said.version, found.state)  # type: ignore[arg-type]  # one of them

    @get("/warnings/{uid:str}/proposals", sync_to_thread=True, summary="Whom a warning concerns, and why")
    def proposals(request: Ask, uid: FromPath[str]) -> shapes.Proposals:
        place, lang = fit(uid, ABSENT), spoken(request, settings)
        found = proposed(hub, asker_of(request).principal, place)
        return shapes.Proposals(must_find(hub, place).last.said.exercise, [
            shapes.ProposalShown(each.principal, list(each.sectors), whys(each.reasons, lang), each.kept_from)  # type: ignore[arg-type]
            for each in found
        ])  # fmt: skip

    @post("/warnings/{uid:str}/sending", sync_to_thread=True, opt={"json": True}, status_code=200,
          summary="Send a warning to those who are chosen, or again to who has not got it")  # fmt: skip
    def send(request: Ask, uid: FromPath[str], data: JSONBody[shapes.SendingAsked]) -> shapes.StandingShown:
        who = asker_of(request).principal
        wanted = Wanted(tuple(data.to), data.proposed, data.collection or "")
        deliver(hub, settings, who, fit(uid, ABSENT), wanted, real_timing())
        return standing(follow(hub, who, uid), spoken(request, settings))

    @get(
        "/warnings/{uid:str}/coverage",
        sync_to_thread=True,
        summary="Who got a warning, who answered, who did not, and why",
    )
    def coverage(request: Ask, uid: FromPath[str]) -> shapes.StandingShown:
        return standing(follow(hub, asker_of(request).principal, fit(uid, ABSENT)), spoken(request, settings))

    @post("/warnings/{uid:str}/correction", sync_to_thread=True, opt={"json": True}, status_code=200,
          summary="Correct a warning, and tell everyone who had it")  # fmt: skip
    def correction(request: Ask, uid: FromPath[str], data: JSONBody[shapes.NewWarning]) -> shapes.StandingShown:
        who = asker_of(request).principal
        correct(hub, settings.data, who, fit(uid, ABSENT), said_of(data), micros())
        return told_anew(hub, settings, who, uid, spoken(request, settings))

    @post("/warnings/{uid:str}/retraction", sync_to_thread=True, opt={"json": True}, status_code=200,
          summary="Withdraw a warning, and tell everyone who had it")  # fmt: skip
    def retraction(request: Ask, uid: FromPath[str], data: JSONBody[shapes.RetractionAsked]) -> shapes.StandingShown:
        who = asker_of(request).principal
        retract(hub, settings.data, who, fit(uid, ABSENT), data.why, micros())
        return told_anew(hub, settings, who, uid, spoken(request, settings))

    return [every, make, one, receipt, proposals, send, coverage, correction, retraction]


def told_anew(hub: Hub, settings: Settings, who: Principal, uid: str, lang: str) -> shapes.StandingShown:
    """Send a new version to everyone who is to have it, and return how they stand."""
    resend(hub, settings, who, uid, real_timing())
    return standing(follow(hub, who, uid), lang)


def spoken(request: Ask, settings: Settings) -> str:
    """Return the language asked for."""
    return language(None, request.headers.get("accept-language", ""), settings.lang)


def said_of(data: JSONBody[shapes.NewWarning]) -> Said:
    """Return what a person wrote; the desk checks it."""
    communities = None if data.communities is None else tuple(dict.fromkeys(data.communities))
    return Said(data.title, data.text, data.action, data.severity, data.tlp, communities, data.audience, data.about,
                data.exercise)  # fmt: skip


def summary(one: Mine) -> dict[str, Any]:
    """Return what a list tells of a warning."""
    said = one.kept.last.said
    return {
        "warning": said.warning, "version": said.version, "kind": said.kind, "at": said.at, "severity": said.severity,
        "tlp": said.tlp, "title": said.title, "state": one.state, "to_me": one.to_me,
        "exercise": said.exercise,
    }  # fmt: skip


def shown(one: Mine) -> shapes.WarningShown:
    """Return a warning whole."""
    said, last = one.kept.last.said, one.kept.last
    return shapes.WarningShown(
        **summary(one), by=said.by, communities=None if said.communities is None else list(said.communities),
        text=said.text, action=said.action, about=list(said.about), key=last.key, signature=last.signature,
    )  # fmt: skip


def whys(reasons: tuple[Why, ...], lang: str) -> list[shapes.WhyShown]:
    """Return reasons in words."""
    return [shapes.WhyShown(each.rule, reason(each, lang)) for each in reasons]


def standing(found: Followed, lang: str) -> shapes.StandingShown:
    """Return how everyone stands with a warning."""
    said = found.kept.last.said
    rows = []
    for row in found.rows:
        faults = [shapes.FaultShown(channel, code, in_words(code, lang)) for channel, code in row.faults]  # type: ignore[arg-type]
        plain = {**row._asdict(), "reasons": whys(row.reasons, lang), "faults": faults}
        rows.append(shapes.RecipientShown(**plain))
    counts = [shapes.CoverageShown(**msgspec.structs.asdict(one)) for one in found.coverage]
    return shapes.StandingShown(said.warning, said.exercise, said.version, said.kind, rows, counts)


def in_words(code: str, lang: str) -> str:
    """Return in words why one way has not worked."""
    name, _, more = code.partition(": ")
    words = FAULTS.get(name, (code, code))[int(lang == "ja")]
    return f"{words} ({more})" if more else words
