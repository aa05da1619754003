"""The hub: the brief as a page, as JSON, its schema, its style, and whether all is well."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from litestar import HttpMethod, Litestar, MediaType, Request, Response, route
from litestar.config.compression import CompressionConfig
from litestar.datastructures import MutableScopeHeaders, State
from litestar.exceptions import HTTPException

from noroshi.desk.brief_schema import Brief, schema
from noroshi.report.html import brief_page, plain_page, style
from noroshi.report.words import LANGUAGES, said
from noroshi.settings import Settings
from noroshi.share.learning import learn_all
from noroshi.web.estates import Estates
from noroshi.web.headers import SECURITY, language
from noroshi.web.screen.pages import screen_of
from noroshi.web.source import BriefSource, Standing

if TYPE_CHECKING:
    from litestar.types import Message, Scope

    from noroshi.desk.hub import Hub

__all__ = ["create_app"]

REFRESH_S = 2
SHORTEST_ZIPPED = 1000
LOOPBACK = ("127.0.0.1", "::1", "localhost")
METHODS = [HttpMethod.GET, HttpMethod.HEAD]

Ask = Request[Any, Any, Any]


def create_app(
    settings: Settings, source: BriefSource, hub: Hub | None = None, estates: Estates | None = None
) -> Litestar:
    """Return the pages over the brief of `source`: where there is a hub those of the screen, else the brief alone.

    settings: the host that is listened on, the default language, and what the screen needs to know; estates: what the
    screen can show, by default what `source` computes and the samples.
    """
    learn_all()
    sheet = style().encode()
    stylesheet = f"/static/{hashlib.sha256(sheet).hexdigest()[:16]}.css"
    schema_json = schema()
    shown = estates or Estates(source, settings)

    pages: dict[tuple[str, str], bytes] = {}

    def page_of(standing: Standing, brief: Brief, lang: str) -> bytes:
        # Two languages of one brief: made once each, since making one takes a tenth of a second.
        key = (standing.digest, lang)
        if key not in pages:
            pages[key] = brief_page(brief, lang, _frame(stylesheet, lang)).encode()
        return pages[key]

    @route("/", http_method=METHODS, sync_to_thread=True)
    def front(request: Ask) -> Response[bytes]:
        lang = _language(request, settings.lang)
        standing = source.standing()
        if standing.brief is not None:
            page = page_of(standing, standing.brief, lang)
            return _tagged(request, page, "text/html", lang)
        headers = {"Cache-Control": "no-store", **_varies(lang)}
        return Response(
            _waiting(standing, lang, _frame(stylesheet, lang)).encode(), media_type=MediaType.HTML, headers=headers
        )

    @route("/brief.json", http_method=METHODS, sync_to_thread=False)
    def brief_json(request: Ask) -> Response[Any]:
        asked = "" if hub is None else request.query_params.get("estate", "")
        standing = shown.standing(shown.chosen(asked))
        if standing.brief is not None:
            return _tagged(request, standing.data, "application/json")
        said_now = {"state": standing.state, "step": standing.step, "share": standing.share, "fault": standing.fault[0]}
        headers = {"Cache-Control": "no-store", "Retry-After": str(REFRESH_S)}
        return Response(said_now, status_code=503, media_type=MediaType.JSON, headers=headers)

    @route("/brief.schema.json", http_method=METHODS, sync_to_thread=False)
    def brief_schema(request: Ask) -> Response[Any]:
        return _tagged(request, schema_json, "application/schema+json")

    @route(stylesheet, http_method=METHODS, sync_to_thread=False)
    def static_style() -> Response[bytes]:
        # Its address changes with its content, so it may be kept for ever.
        kept = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(sheet, media_type="text/css", headers=kept)

    @route("/healthz", http_method=METHODS, sync_to_thread=False)
    def healthz() -> Response[dict[str, str]]:
        headers = {"Cache-Control": "no-store"}
        return Response({"status": "ok", "brief": source.standing().state}, headers=headers)

    screen = None if hub is None else screen_of(hub, settings, shown)
    return Litestar(
        [brief_json, brief_schema, static_style, healthz, *([front] if screen is None else screen.handlers)],
        before_request=_only_loopback if settings.host in LOOPBACK else None,
        before_send=[_secure],
        compression_config=CompressionConfig(
            backend="gzip", gzip_compress_level=6, minimum_size=SHORTEST_ZIPPED, exclude="^/live$"
        ),
        exception_handlers={Exception: screen.failed}
        if screen
        else {HTTPException: partial(_refused, stylesheet, settings.lang)},
        openapi_config=None,
        logging_config=None,
        state=State({} if screen is None else {"end": screen.end}),
    )


def _only_loopback(request: Ask) -> Response[str] | None:
    """Refuse any other name: a page elsewhere could make its name resolve to this machine and read the hub by it."""
    try:
        name = urlsplit("//" + request.headers.get("host", "")).hostname
    except ValueError:
        name = None
    if name in LOOPBACK:
        return None
    return Response("400 The hub does not answer to this host name.\n", status_code=400, media_type=MediaType.TEXT)


def _frame(stylesheet: str, lang: str) -> dict[str, Any]:
    """Return what stands about every page of the hub."""
    other = next(known for known in LANGUAGES if known != lang)
    links = [(said("as_json", lang), "/brief.json"), (said("as_schema", lang), "/brief.schema.json")]
    return {"stylesheet": stylesheet, "toggle": f"/?lang={other}", "links": links}


def _refused(stylesheet: str, default: str, request: Ask, error: HTTPException) -> Response[Any]:
    """Return the answer to what cannot be answered: a page for "not found", one line of text for the rest."""
    if error.status_code != 404:  # noqa: PLR2004  Not Found
        line = f"{error.status_code} {error.detail}\n"
        return Response(line, status_code=error.status_code, media_type=MediaType.TEXT, headers=error.headers)
    lang = _language(request, default)
    shown = {**_frame(stylesheet, lang), "back": f"/?lang={lang}"}
    page = plain_page(lang, said("not_found", lang), said("not_found_lead", lang), shown)
    return Response(page.encode(), status_code=404, media_type=MediaType.HTML, headers=_varies(lang))


async def _secure(message: Message, scope: Scope) -> None:  # noqa: ARG001  litestar's signature
    """Put the security headers on every answer that has none of its own."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders(message)
        for name, value in SECURITY.items():
            headers.setdefault(name, value)


def _language(request: Ask, default: str) -> str:
    """Return the language that a request asks for."""
    return language(request.query_params.get("lang"), request.headers.get("accept-language", ""), default)


def _varies(lang: str) -> dict[str, str]:
    """Return the headers of a page that is there in two languages."""
    return {"Content-Language": lang, "Vary": "Accept-Language"}


def _tagged(request: Ask, body: bytes, media_type: str, lang: str = "") -> Response[Any]:
    """Return `body` with its entity tag, or 304 if the reader has it (RFC 9110, 13.1.2)."""
    tag = f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", **(_varies(lang) if lang else {})}
    had = {part.strip() for part in request.headers.get("if-none-match", "").split(",")}
    if tag in had or "*" in had:
        return Response(None, status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _waiting(standing: Standing, lang: str, frame: dict[str, Any]) -> str:
    """Return the page that stands in for the brief: it is being computed, or it could not be."""
    if standing.state == "failed":
        fault = standing.fault[LANGUAGES.index(lang)]
        return plain_page(lang, said("failed", lang), said("failed_lead", lang), {**frame, "detail": fault})
    now = {"step": standing.step or said("starting", lang), "progress": round(standing.share, 3), "refresh": REFRESH_S}
    return plain_page(lang, said("computing", lang), said("computing_lead", lang), {**frame, **now})
