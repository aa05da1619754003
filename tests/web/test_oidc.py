"""Logging in by an OpenID provider that is a process of its own; and what an attacker, or a bad provider, would try."""

from __future__ import annotations

import base64
import hashlib
import hmac
import importlib.util
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from tests.web.rest_world import API, OWNER, Client, client, detail, rest_hub, settings

from noroshi.desk.hub import Hub
from noroshi.desk.oidc import ALGORITHMS, LEEWAY_S, claims_of, provider_of
from noroshi.errors import InputError
from noroshi.wire.provider import ProviderFault, asked, safe

US = "noroshi-hub"
HUSH = "hush"
SUB = "taro@example.org"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider in a process of its own."""
    if importlib.util.find_spec("oidc_provider_mock") is None:
        pytest.skip("needs oidc-provider-mock: install noroshi[test]")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        url = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                httpx.get(url + "/jwks", timeout=5)
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                break
        yield url
        running.terminate()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made = rest_hub(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def ask(hub: Hub, tmp_path: Path, issuer: str) -> Iterator[Client]:
    with client(hub, tmp_path, oidc_issuer=issuer, oidc_client=US, oidc_secret=HUSH) as made:
        yield made


def declare(ask: Client, issuer: str, sub: str = SUB) -> None:
    """Have the owner declare what the provider calls the centre."""
    said = {"subject": f"{issuer} {sub}"}
    assert ask.patch(f"{API}/principals/duty", headers=OWNER, json=said).status_code == 200


def begun(ask: Client) -> tuple[str, dict[str, str]]:
    """Begin a log-in; return where the browser is sent, and what is asked there."""
    answer = ask.get(f"{API}/oidc", follow_redirects=False)
    assert answer.status_code == 302
    place = answer.headers["location"]
    return place, {name: values[0] for name, values in parse_qs(urlsplit(place).query).items()}


def agreed(place: str, sub: str = SUB) -> str:
    """Log in at the provider, as a browser does; return the address that it sends the browser back to."""
    answer = httpx.post(place, data={"sub": sub}, timeout=30)
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["location"])
    return f"{parts.path}?{parts.query}"


def test_who_is_declared_comes_in_and_the_session_is_as_any(ask: Client, issuer: str) -> None:
    declare(ask, issuer)
    place, query = begun(ask)
    assert (query["response_type"], query["code_challenge_method"], query["client_id"]) == ("code", "S256", US)
    back = ask.get(agreed(place))
    assert back.status_code == 200, back.text
    assert back.headers["cache-control"] == "private, no-store"
    cookies = [one.lower() for one in back.headers.get_list("set-cookie")]
    assert any(one.startswith("noroshi=") and "samesite=strict" in one for one in cookies)
    assert ask.get(f"{API}/me").json()["name"] == "duty"
    assert ask.delete(f"{API}/sessions").status_code == 403  # a change takes the token against forgery here too
    ask.patch(f"{API}/principals/duty", headers=OWNER, json={"subject": None})
    assert ask.get(f"{API}/me").status_code == 401


def test_the_proof_key_is_one_of_this_log_in(ask: Client, hub: Hub) -> None:
    seen = []
    for _ in range(2):
        _, query = begun(ask)
        seen.append((query["state"], query["nonce"], query["code_challenge"]))
    verifiers = [row[0] for row in hub.store.ask("SELECT verifier FROM login")]
    digests = {
        base64.urlsafe_b64encode(hashlib.sha256(one.encode()).digest()).decode().rstrip("=") for one in verifiers
    }
    assert digests == {challenge for _, _, challenge in seen}
    assert len({part for one in seen for part in one}) == 6
    assert all(43 <= len(one) <= 128 for one in verifiers)


def test_nobody_is_made_by_the_provider(ask: Client, issuer: str) -> None:
    for sub in (SUB, "duty", "boss"):
        answer = ask.get(agreed(begun(ask)[0], sub))
        assert (answer.status_code, "ask the centre" in detail(answer)) == (403, True)
    declare(ask, "http://127.0.0.1:1")  # the same name at another provider
    assert ask.get(agreed(begun(ask)[0])).status_code == 403
    declare(ask, issuer)
    assert ask.get(agreed(begun(ask)[0])).status_code == 200


def test_what_comes_back_counts_once_and_for_the_browser_that_began(ask: Client, hub: Hub, issuer: str,
                                                                   tmp_path: Path) -> None:  # fmt: skip
    declare(ask, issuer)
    back = agreed(begun(ask)[0])
    with client(hub, tmp_path, oidc_issuer=issuer, oidc_client=US) as other:
        assert other.get(back).status_code == 403  # no cookie of a log-in: somebody else's link
        begun(other)
        assert other.get(back).status_code == 403  # the cookie of another log-in
    kept = dict(ask.cookies)
    assert ask.get(back).status_code == 200
    ask.cookies.clear()
    ask.cookies.update(kept)
    assert ask.get(back).status_code == 403  # the state is used up


def test_a_code_given_twice_is_refused_by_the_provider_and_so_by_us(ask: Client, issuer: str) -> None:
    declare(ask, issuer)
    first = parse_qs(urlsplit(agreed(begun(ask)[0])).query)
    place, query = begun(ask)
    second = parse_qs(urlsplit(agreed(place)).query)
    ours = {"code": second["code"][0], "state": query["state"]}
    assert ask.get(f"{API}/oidc/callback", params=ours).status_code == 200
    _, query = begun(ask)
    again = {"code": ours["code"], "state": query["state"]}
    assert ask.get(f"{API}/oidc/callback", params=again).status_code == 403
    # a code of another log-in, injected into this one: its nonce is not ours
    _, query = begun(ask)
    injected = {"code": first["code"][0], "state": query["state"]}
    assert ask.get(f"{API}/oidc/callback", params=injected).status_code == 403


@pytest.mark.parametrize(
    "query", ["", "code=x", "state=x", "error=access_denied", "code=x&state=y", "code=x&code=y&state=z",
              "code=&state=", "code=" + "x" * 5000 + "&state=y"],
)  # fmt: skip
def test_what_was_not_begun_is_refused(ask: Client, query: str) -> None:
    answer = ask.get(f"{API}/oidc/callback?{query}")
    assert answer.status_code == 403
    assert "begin again" in detail(answer)


def test_another_issuer_in_the_answer_is_refused(ask: Client, issuer: str) -> None:
    declare(ask, issuer)
    back = agreed(begun(ask)[0])
    assert ask.get(f"{back}&iss=https://evil.example").status_code == 403
    back = agreed(begun(ask)[0])
    assert ask.get(f"{back}&iss={issuer}").status_code == 200


def test_a_stale_log_in_is_refused(ask: Client, hub: Hub, issuer: str) -> None:
    declare(ask, issuer)
    back = agreed(begun(ask)[0])
    hub.store.change(lambda wire: wire.execute("UPDATE login SET expires = 1")).result(10)
    assert ask.get(back).status_code == 403


def test_a_provider_that_calls_itself_otherwise_or_is_not_there_is_not_asked(hub: Hub, tmp_path: Path,
                                                                            issuer: str) -> None:  # fmt: skip
    for other in (issuer + "/", "http://127.0.0.1:1"):
        with client(hub, tmp_path, oidc_issuer=other, oidc_client=US) as ask:
            answer = ask.get(f"{API}/oidc", follow_redirects=False)
            assert (answer.status_code, detail(answer)[:12]) == (503, "the provider")
    assert ask.get(f"{API}/me", headers=OWNER).status_code == 200


def real_token(issuer: str, nonce: str) -> tuple[str, dict[str, Any]]:
    """Return an ID token that the provider has really signed, and its keys."""
    asked_for = {"response_type": "code", "client_id": US, "redirect_uri": "http://127.0.0.1/back", "scope": "openid",
                 "state": "s", "nonce": nonce}  # fmt: skip
    place = f"{issuer}/oauth2/authorize?{httpx.QueryParams(asked_for)}"
    code = parse_qs(urlsplit(httpx.post(place, data={"sub": SUB}, timeout=30).headers["location"]).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": asked_for["redirect_uri"]}
    answer = httpx.post(f"{issuer}/oauth2/token", data=form, auth=(US, HUSH), timeout=30).json()
    return answer["id_token"], asked(f"{issuer}/jwks")


def test_a_real_token_holds_for_its_own_log_in_client_issuer_and_time_alone(issuer: str) -> None:
    token, keys = real_token(issuer, "nonce-of-this-one")
    now = int(time.time())
    claims = claims_of(token, keys, issuer, US, "nonce-of-this-one", now)
    assert claims["sub"] == SUB
    for wrong in ((issuer, US, "another-nonce", now), (issuer, "another-client", "nonce-of-this-one", now),
                  ("https://evil.example", US, "nonce-of-this-one", now),
                  (issuer, US, "nonce-of-this-one", claims["exp"] + LEEWAY_S + 1),
                  (issuer, US, "nonce-of-this-one", claims["iat"] - LEEWAY_S - 5)):  # fmt: skip
        with pytest.raises(ProviderFault):
            claims_of(token, keys, *wrong)
    head, body, signature = token.split(".")
    for forged in (f"{head}.{body}.", f"{head}.{body}.{signature[:-4]}AAAA", "", "x", "a.b.c", f"{head}.{body}"):
        with pytest.raises(ProviderFault):
            claims_of(forged, keys, issuer, US, "nonce-of-this-one", now)


MINE = RSAKey.generate_key(2048, {"kid": "mine"}, auto_kid=False)
RIGHT: dict[str, Any] = {"iss": "https://idp.example", "aud": US, "sub": SUB, "nonce": "n", "exp": 2000, "iat": 1000}


def b64(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def by_secret() -> str:
    """A token signed with the public key as if that were a shared secret: the classic confusion of algorithms."""
    said = f"{b64({'alg': 'HS256', 'kid': 'mine'})}.{b64(RIGHT)}"
    made = hmac.digest(MINE.as_pem(private=False), said.encode(), "sha256")
    return f"{said}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"


FORGED: dict[str, Callable[[], str]] = {
    "no signature": lambda: f"{b64({'alg': 'none'})}.{b64(RIGHT)}.",
    "no signature, in capitals": lambda: f"{b64({'alg': 'NONE', 'kid': 'mine'})}.{b64(RIGHT)}.",
    "the public key as a secret": by_secret,
    "a key of its own": lambda: signed(RIGHT, RSAKey.generate_key(2048, {"kid": "mine"}, auto_kid=False)),
    "another kind of key": lambda: jwt.encode({"alg": "ES256", "kid": "mine"}, RIGHT, ECKey.generate_key("P-256")),
    "no audience": lambda: signed({name: value for name, value in RIGHT.items() if name != "aud"}),
    "no end": lambda: signed({name: value for name, value in RIGHT.items() if name != "exp"}),
    "no nonce": lambda: signed({name: value for name, value in RIGHT.items() if name != "nonce"}),
    "no subject": lambda: signed({name: value for name, value in RIGHT.items() if name != "sub"}),
    "no issuer": lambda: signed({name: value for name, value in RIGHT.items() if name != "iss"}),
    "an audience that begins alike": lambda: signed({**RIGHT, "aud": US + "-2"}),
    "several audiences and no party": lambda: signed({**RIGHT, "aud": [US, "other"]}),
    "another party": lambda: signed({**RIGHT, "aud": [US, "other"], "azp": "other"}),
    "an empty subject": lambda: signed({**RIGHT, "sub": ""}),
    "a subject that is no text": lambda: signed({**RIGHT, "sub": 7}),
    "an end that is no number": lambda: signed({**RIGHT, "exp": "never"}),
    "made in the future": lambda: signed({**RIGHT, "iat": 9_000, "exp": 10_000}),
}  # fmt: skip


def signed(claims: dict[str, Any], key: RSAKey = MINE) -> str:
    return jwt.encode({"alg": "RS256", "kid": "mine"}, claims, key)


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_token_is_refused(how: str) -> None:
    keys: dict[str, Any] = {**KeySet([MINE]).as_dict(private=False)}
    assert claims_of(signed(RIGHT), keys, RIGHT["iss"], US, "n", 1500)["sub"] == SUB
    with pytest.raises(ProviderFault):
        claims_of(FORGED[how](), keys, RIGHT["iss"], US, "n", 1500)


def test_no_signature_is_taken_that_a_secret_or_nothing_could_make() -> None:
    assert not any(name.startswith("HS") or name == "none" for name in ALGORITHMS)


@pytest.mark.parametrize(
    ("url", "may"), [("https://idp.example", True), ("http://127.0.0.1:9", True), ("http://idp.example", False),
                     ("file:///etc/passwd", False), ("", False), ("http://[", False), ("http://localhost.evil", False)],
)  # fmt: skip
def test_only_https_and_this_machine_are_asked(url: str, may: bool) -> None:
    assert safe(url) == may
    if not may:
        with pytest.raises(ProviderFault):
            asked(url)


def test_settings_that_cannot_be_are_said(tmp_path: Path) -> None:
    assert provider_of(settings(tmp_path), "http://127.0.0.1/") is None
    with pytest.raises(InputError) as caught:
        provider_of(settings(tmp_path, oidc_issuer="http://idp.example"), "http://127.0.0.1/")
    assert [fault.column for fault in caught.value.faults] == ["oidc_issuer", "oidc_client"]


def test_without_a_provider_there_is_no_such_address(hub: Hub, tmp_path: Path) -> None:
    with client(hub, tmp_path) as ask:
        assert ask.get(f"{API}/oidc").status_code == 404
