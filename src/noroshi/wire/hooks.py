"""Web hooks: a POST of JSON, signed with HMAC-SHA-256 over its time and body, tried again with growing waits."""

from __future__ import annotations

import hmac
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from noroshi.wire.asking import Asker, PeerFault, Request, checked
from noroshi.wire.trying import Patience

if TYPE_CHECKING:
    from noroshi.wire.asking import Timing

__all__ = ["SIGNATURE", "Hook", "post_hook", "signed"]

SIGNATURE = "X-Noroshi-Signature"
TAKEN = (200, 201, 202, 204)
PATIENCE = Patience(tries=3, first=0.5, longest=5.0, longest_asked=10.0)
MOST_ANSWER = 65_536
SILENCE_S = ANSWER_S = 20.0


def signed(secret: str, at: int, body: bytes) -> str:
    """Return the signature of a body sent at a moment (seconds since 1970): HMAC-SHA-256 over `AT.BODY`."""
    return "sha256=" + hmac.digest(secret.encode(), b"%d.%b" % (at, body), "sha256").hex()


class Hook(NamedTuple):
    """A hook: its address, the secret that signs, and whether it is there for exercises alone."""

    url: str
    secret: str
    to_drills: bool


def post_hook(hook: Hook, key: str, body: bytes, timing: Timing, *, exercise: bool) -> None:
    """Return once a hook has answered 200, 201, 202 or 204; PeerFault where it has not, after some tries.

    key: the same for each try of the same message, so that the other side can tell. exercise: whether it is part of
    one: such goes to hooks of exercises alone, and nothing else goes to those.
    """
    if exercise != hook.to_drills:
        raise PeerFault("crosses-exercise")
    at = int(timing.wall())
    headers = {
        SIGNATURE: signed(hook.secret, at, body), "X-Noroshi-Timestamp": str(at), "X-Noroshi-Delivery": key,
        **({"X-Noroshi-Exercise": "yes"} if exercise else {}),
    }  # fmt: skip
    patient = replace(timing, patience=PATIENCE, silence_s=SILENCE_S, answer_s=ANSWER_S)
    asker = Asker(hook.url, headers, patient)
    try:
        checked(asker.ask(Request("POST", "", MOST_ANSWER, body=body, content_type="application/json")), *TAKEN)
    finally:
        asker.close()
