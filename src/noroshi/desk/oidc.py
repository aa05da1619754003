"""Logging in by an OpenID provider: authorization code with PKCE; only whom the centre has declared comes in.

OpenID Connect Core 1.0, 3.1 (checks of the ID token: 3.1.3.7), Discovery 1.0, 4.3; RFC 7636 (PKCE), RFC 9207 (issuer
in the answer), RFC 9700 (one log-in, one state). What a log-in hangs on is kept here until it comes back, once; the
browser that began it has a cookie that no other has.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import secrets
import threading
import time
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from noroshi.desk import sessions
from noroshi.errors import Fault, InputError
from noroshi.share.taxii import Refused
from noroshi.store import people
from noroshi.wire.provider import ProviderFault, asked, redeemed, safe

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.desk.sessions import Opened
    from noroshi.settings import Settings

__all__ = ["Begun", "Provider", "claims_of", "provider_of"]

ALGORITHMS = ("RS256", "PS256", "ES256", "ES384", "Ed25519", "EdDSA")
"""Signatures that an ID token may have: never none, and none that is made with the client's secret."""
STALE_S = 600
LEEWAY_S = 30
KEYS_S = 600.0
LONGEST = 4096
MICROS = 1_000_000
FAILED = Refused(403, "Forbidden", "the log-in did not come through; begin again")
AWAY = Refused(503, "Unavailable", "the provider cannot be asked now; try again, or log in with a password")
UNKNOWN = Refused(403, "Forbidden", "nobody here is known by that name to the provider; ask the centre")


class Begun(NamedTuple):
    """Where a browser is to go, and the secret that it alone shall have when it comes back."""

    url: str
    binder: str


def provider_of(settings: Settings, address: str) -> Provider | None:
    """Return the provider of the settings, None where there is none; InputError where it cannot be one."""
    if not settings.oidc_issuer:
        return None
    faults = []
    if not safe(settings.oidc_issuer):
        faults.append(Fault("bad-setting", column="oidc_issuer", found=settings.oidc_issuer,
                            expected="an https address, or one of this machine", remedy="correct it"))  # fmt: skip
    if not settings.oidc_client:
        faults.append(Fault("bad-setting", column="oidc_client", found="", expected="what the provider calls this hub",
                            remedy="set oidc_client, or take oidc_issuer away"))  # fmt: skip
    if faults:
        raise InputError(faults)
    redirect = f"{(settings.address or address).rstrip('/')}/api/v1/oidc/callback"
    return Provider(settings.oidc_issuer, settings.oidc_client, settings.oidc_secret, redirect)


class Provider:
    """One provider: a class, for what it says of itself is asked once in ten minutes."""

    def __init__(self, issuer: str, client: str, secret: str, redirect: str) -> None:
        """Take its issuer, what it calls us, our secret there ("" = none), and where it sends browsers back."""
        self.issuer, self.client, self.secret, self.redirect = issuer, client, secret, redirect
        self.lock = threading.Lock()
        self.known: tuple[float, dict[str, Any], dict[str, Any]] | None = None

    def begin(self, hub: Hub, now: int) -> Begun:
        """Begin a log-in; `now` in microseconds. Refused 503 where the provider cannot be asked."""
        place, _ = self._said()
        state, nonce, binder = (secrets.token_urlsafe(32) for _ in range(3))
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        times = (now, now + STALE_S * MICROS)
        hub.store.change(
            lambda wire: people.begin_login(wire, digest(state, binder), nonce, verifier, times)
        ).result()  # fmt: skip
        query = urlencode({
            "response_type": "code", "client_id": self.client, "redirect_uri": self.redirect, "scope": "openid",
            "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        })  # fmt: skip
        url = str(place["authorization_endpoint"])
        return Begun(f"{url}{'&' if '?' in url else '?'}{query}", binder)

    def finish(  # noqa: PLR0913  what came back, with whose cookie, for how long, when
        self, hub: Hub, code: str, state: str, binder: str, issuer: str | None, hours: int, now: int
    ) -> Opened:  # fmt: skip
        """Open a session for whom the provider vouches for. Refused 403 for what is not just as it was begun."""
        if not (0 < len(code) <= LONGEST and state and binder) or issuer not in (None, self.issuer):
            raise FAILED
        begun = hub.store.change(lambda wire: people.take_login(wire, digest(state, binder), now)).result()
        if begun is None:
            raise FAILED
        nonce, verifier = begun
        place, keys = self._said()
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.redirect,
                "client_id": self.client, "code_verifier": verifier}  # fmt: skip
        try:
            answer = redeemed(str(place["token_endpoint"]), form, (self.client, self.secret) if self.secret else None)
        except ProviderFault as fault:
            logged(fault)
            raise FAILED from None
        token = str(answer.get("id_token", ""))
        try:
            claims = claims_of(token, keys, self.issuer, self.client, nonce, now // MICROS)
        except ProviderFault as first:
            try:  # the provider may have new keys
                claims = claims_of(token, self._said(anew=True)[1], self.issuer, self.client, nonce, now // MICROS)
            except ProviderFault:
                logged(first)
                raise FAILED from None
        account = people.account(hub.store, subject=f"{self.issuer} {claims['sub']}")
        if account is None:
            raise UNKNOWN
        return sessions.opened(hub.store, account, sessions.bond_of_subject(account.subject), hours, now)

    def _said(self, *, anew: bool = False) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what the provider says of itself, and its keys."""
        now = time.monotonic()
        with self.lock:
            if self.known is not None and now - self.known[0] < (1.0 if anew else KEYS_S):
                return self.known[1:]
            try:
                place = asked(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
                if place.get("issuer") != self.issuer:
                    raise ProviderFault(f"it calls itself {place.get('issuer')!r}, not {self.issuer!r}")  # noqa: TRY301
                for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    if not safe(str(place.get(name, ""))):
                        raise ProviderFault(f"its {name} is no address that may be asked")  # noqa: TRY301
                keys = asked(str(place["jwks_uri"]))
            except ProviderFault as fault:
                logged(fault)
                raise AWAY from None
            self.known = (now, place, keys)
            return place, keys


def claims_of(  # noqa: PLR0913  a token and all that it must fit
    token: str, keys: dict[str, Any], issuer: str, client: str, nonce: str, now: int
) -> dict[str, Any]:  # fmt: skip
    """Return what an ID token says; ProviderFault unless it is signed, for us, of now and of this log-in (3.1.3.7)."""
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        found = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)  # type: ignore[arg-type]  # as it came
        rules = jwt.JWTClaimsRegistry(
            now=now, leeway=LEEWAY_S, iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client}, sub={"essential": True}, exp={"essential": True},
            iat={"essential": True}, nonce={"essential": True},
        )  # fmt: skip
        rules.validate(found.claims)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ProviderFault(f"its token: {error!r}") from None
    claims: dict[str, Any] = dict(found.claims)
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise ProviderFault("its token is of another log-in")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != client:
        raise ProviderFault("its token is for another party")
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:  # noqa: PLR2004  Core, 2
        raise ProviderFault("its token names nobody")
    return claims


def digest(state: str, binder: str) -> bytes:
    """Return under what a log-in is kept: the state that went to the provider, with the browser's own secret."""
    return hashlib.sha256(f"{state} {binder}".encode()).digest()


def logged(fault: ProviderFault) -> None:
    """Tell the log, and nobody else, what the provider did."""
    logging.getLogger("noroshi.desk").warning("log-in by the provider failed: %s", fault)
