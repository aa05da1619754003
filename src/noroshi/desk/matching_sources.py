"""Where indicators come from: files, and TAXII collections of a hub, asked with the credentials of the environment."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from http.client import HTTPMessage, HTTPResponse
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import msgspec

from noroshi.errors import Fault, InputError
from noroshi.files.indicators import Item, read_indicators, read_objects, read_text
from noroshi.share.matching.indicators import Indicators

__all__ = ["fetched", "gathered"]

ACCEPT = "application/taxii+json;version=2.1"
TOKEN, USER, PASSWORD = "NOROSHI_TAXII_TOKEN", "NOROSHI_TAXII_USER", "NOROSHI_TAXII_PASSWORD"
PAUSE = 60
LARGEST_PAGE = 1 << 28
MOST_PAGES = 100_000


class Envelope(msgspec.Struct):
    """A page of a collection (TAXII 2.1, section 3.7)."""

    more: bool = False
    next: str | None = None
    objects: list[Item] = []


class Refuses(HTTPRedirectHandler):
    """Follows no redirection: credentials must not go where they were not meant to."""

    def redirect_request(  # noqa: PLR0913  urllib's own signature
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Return no new request."""


def gathered(sources: Sequence[str], environ: Mapping[str, str] | None = None) -> tuple[Indicators, list[Fault]]:
    """Return the indicators of all sources, and the faults of values that were left out.

    InputError with every source that cannot be read, or where there is nothing to look for.
    """
    into, faults, broken = Indicators(), [], []  # type: Indicators, list[Fault], list[Fault]
    for source in sources:
        try:
            if re.match(r"https?://", source):
                fetched(source, into, faults, os.environ if environ is None else environ)
            else:
                read_indicators(source, into, faults)
        except InputError as error:
            broken += error.faults
    if not broken and not len(into) and not into.patterns:
        broken.append(Fault("bad-indicator", file=", ".join(sources), found="nothing that can be looked for",
                            expected="at least one indicator", remedy="see docs/howto/match-logs.md"))  # fmt: skip
        broken += faults
    if broken:
        raise InputError(broken)
    return into, faults


def fetched(url: str, into: Indicators, faults: list[Fault], environ: Mapping[str, str]) -> None:
    """Add the indicators at a URL: a TAXII 2.1 collection's objects, all pages, or any file of indicators.

    NOROSHI_TAXII_TOKEN is sent as a bearer token, NOROSHI_TAXII_USER and NOROSHI_TAXII_PASSWORD as basic; over plain
    HTTP only to this machine. InputError for what is answered otherwise.
    """
    opener = build_opener(Refuses, *([ProxyHandler({})] if local(url) else []))
    page, next_ = url, None
    seen: set[str] = set()
    for _ in range(MOST_PAGES):
        if next_ is not None:
            page = f"{url}{'&' if '?' in url else '?'}next={quote(next_, safe='')}"
        request = Request(  # noqa: S310  the caller has seen that it is http or https
            page, headers={"Accept": f"{ACCEPT}, application/json;q=0.5, */*;q=0.1", **login(url, environ)}
        )
        try:
            with opener.open(request, timeout=PAUSE) as answer:
                data = body(answer)
                kind = answer.headers.get("Content-Type", "")
        except HTTPError as error:
            raise InputError([refusal(url, f"{error.code} {error.reason}")]) from None
        except (URLError, OSError, ValueError) as error:
            raise InputError([refusal(url, str(getattr(error, "reason", error)))]) from None
        if "taxii+json" not in kind:
            read_text(data, url, into, faults)
            return
        try:
            envelope = msgspec.json.decode(data, type=Envelope)
        except msgspec.DecodeError as error:
            raise InputError([refusal(url, str(error))]) from None
        read_objects(envelope.objects, url, into, faults)
        if not envelope.more or not envelope.next or envelope.next in seen:
            return
        next_ = envelope.next
        seen.add(next_)


def body(answer: HTTPResponse) -> bytes:
    """Return what was answered. ValueError if it is too long."""
    data = answer.read(LARGEST_PAGE + 1)
    if len(data) > LARGEST_PAGE:
        msg = f"more than {LARGEST_PAGE:,} bytes in one answer"
        raise ValueError(msg)
    return data


def local(url: str) -> bool:
    """Say whether a URL is of this machine."""
    return urlsplit(url).hostname in {"127.0.0.1", "::1", "localhost"}


def login(url: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the header that says who asks. InputError where it would go over an open line."""
    token, user = environ.get(TOKEN), environ.get(USER)
    if not token and not user:
        return {}
    if url.startswith("http:") and not local(url):
        raise InputError([refusal(url, "credentials over plain HTTP")])
    if token:
        return {"Authorization": f"Bearer {token}"}
    return {"Authorization": "Basic " + b64encode(f"{user}:{environ.get(PASSWORD, '')}".encode()).decode()}


def refusal(url: str, found: str) -> Fault:
    """Return the fault of a hub that does not answer as it should."""
    return Fault("bad-indicator", file=url, found=found, expected="a TAXII 2.1 collection's objects, over https",
                 remedy=f"check the address, and {TOKEN} or {USER} and {PASSWORD}")  # fmt: skip
