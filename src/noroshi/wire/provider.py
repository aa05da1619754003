"""What is asked of an OpenID provider: its description, its keys, what a code is worth. Answers are small and JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ProviderFault", "asked", "redeemed", "safe"]

LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
MOST = 1_000_000
SECONDS = 10.0
OK = 200


class ProviderFault(Exception):  # noqa: N818  what the provider did, not an error of ours
    """The provider cannot be asked, or its answer is not what it should be; the text is for the log alone."""


def safe(url: str) -> bool:
    """Say whether an address may be asked: https, or this machine (OpenID Connect Core, 16.17)."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
        )
    except ValueError:
        return False


def asked(url: str) -> dict[str, Any]:
    """Return the JSON object at an address; ProviderFault where there is none."""
    return answered("GET", url, None, None)


def redeemed(url: str, form: Mapping[str, str], login: tuple[str, str] | None) -> dict[str, Any]:
    """Return what a token endpoint answers to a form; login: client id and secret, None for a public client."""
    return answered("POST", url, form, login)


def answered(
    method: str, url: str, form: Mapping[str, str] | None, login: tuple[str, str] | None
) -> dict[str, Any]:  # fmt: skip
    """Return the JSON object that a request is answered with: no redirect is followed, no more than a megabyte read."""
    import httpx

    if not safe(url):
        raise ProviderFault(f"{url}: neither https nor this machine")
    local = urlsplit(url).hostname in LOCAL
    try:
        with httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=not local) as client:
            headers = {"Accept": "application/json"}
            with client.stream(method, url, data=form, auth=login, headers=headers) as answer:
                body = b""
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > MOST:
                        raise ProviderFault(f"{url}: more than {MOST} bytes")
                status = answer.status_code
        said = json.loads(body) if status == OK else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, RecursionError) as error:
        raise ProviderFault(f"{url}: {error}") from None
    if not isinstance(said, dict):
        raise ProviderFault(f"{url}: status {status}, no JSON object")
    return said
