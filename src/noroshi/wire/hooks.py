"""Web hooks: a POST of JSON, signed with HMAC-SHA-256 over its time and body, tried again with growing waits."""

from __future__ import annotations

import hmac
from dataclasses import replace
from typing import TYPE_CHECKING

from noroshi.wire.asking import Asker, Request, checked
from noroshi.wire.trying import Patience

if TYPE_CHECKING:
    from noroshi.wire.asking import Timing

__all__ = ["SIGNATURE", "post_hook", "signed"]

SIGNATURE = "X-Noroshi-Signature"
TAKEN = (200, 201, 202, 204)
PATIENCE = Patience(tries=3, first=0.5, longest=5.0, longest_asked=10.0)
MOST_ANSWER = 65_536
SILENCE_S = ANSWER_S = 20.0


def signed(secret: str, at: int, body: bytes) -> str:
    """Return the signature of a body sent at a moment (seconds since 1970): HMAC-SHA-256 over `AT.BODY`."""
    return "sha256=" + hmac.digest(secret.encode(), b"%d.%b" % (at, body), "sha256").hex()


def post_hook(url: str, secret: str, key: str, body: bytes, timing: Timing) -> None:
    """Return once a hook has answered 200, 201, 202 or 204; PeerFault where it has not, after some tries.

    key: the same for each try of the same message, so that the other side can tell.
    """
    at = int(timing.wall())
    headers = {
        SIGNATURE: signed(secret, at, body), "X-Noroshi-Timestamp": str(at), "X-Noroshi-Delivery": key,
    }  # fmt: skip
    patient = replace(timing, patience=PATIENCE, silence_s=SILENCE_S, answer_s=ANSWER_S)
    asker = Asker(url, headers, patient)
    try:
        checked(asker.ask(Request("POST", "", MOST_ANSWER, body=body, content_type="application/json")), *TAKEN)
    finally:
        asker.close()
