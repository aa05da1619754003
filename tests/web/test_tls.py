"""The hub by https, as settings say, and what it writes of itself as JSON; what is wrong with a certificate."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from tests.web.taxii_world import BASE, DECLARED, DUTY, MEDIA, indicator, post
from tests.wire.certificates import certificate

from noroshi.desk.declaring import apply_file
from noroshi.errors import InputError
from noroshi.settings import load_settings
from noroshi.web.logs import AsJson
from noroshi.web.tls import tls_of


def test_by_https_alone_and_each_request_is_a_line_that_names_nobody(tmp_path: Path) -> None:
    public, private = certificate(tmp_path)
    (tmp_path / "hub.toml").write_text(DECLARED, encoding="utf-8")
    apply_file(load_settings({"data": str(tmp_path / "data")}, {}), tmp_path / "hub.toml")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, "NOROSHI_DATA": str(tmp_path / "data"), "NOROSHI_CACHE_DIR": str(tmp_path / "cache"),
               "NOROSHI_TLS_CERTIFICATE": str(public), "NOROSHI_TLS_KEY": str(private), "NOROSHI_LOG": "json",
               "PYTHONUNBUFFERED": "1"}  # fmt: skip
    command = [sys.executable, "-m", "noroshi", "serve", "--brief", "sorami", "--trials", "5", "--port", str(port)]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as hub:  # fmt: skip
        try:
            assert hub.stdout
            address = f"https://127.0.0.1:{port}"
            assert address in hub.stdout.readline()
            trusted = ssl.create_default_context(cafile=str(public))
            with httpx.Client(base_url=address, verify=trusted, headers={"Accept": MEDIA, **DUTY}) as duty:
                answers(duty)
                assert duty.get("/taxii2/").headers["strict-transport-security"].startswith("max-age=")
                assert post(duty, indicator(1, marking="GREEN")).status_code == 202
                assert len(duty.get(f"{BASE}/objects/").json()["objects"]) == 1
            with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
                httpx.get(address)
            with pytest.raises(httpx.TransportError):
                httpx.get(f"http://127.0.0.1:{port}/healthz")
            old = ssl.create_default_context(cafile=str(public))
            with pytest.warns(DeprecationWarning, match="TLSv1_1"):
                old.maximum_version = ssl.TLSVersion.TLSv1_1
            with pytest.raises(httpx.ConnectError):
                httpx.get(address, verify=old)
        finally:
            hub.send_signal(signal.SIGTERM)
            _, err = hub.communicate(timeout=30)
    lines = [json.loads(line) for line in err.splitlines()]
    asked = [one for one in lines if one["event"] == "request" and one["door"] == "taxii"]
    assert [(one["method"], one["status"]) for one in asked] == [("GET", 200), ("POST", 202), ("GET", 200)]
    assert all(one["bytes"] > 0 and one["seconds"] > 0 and one["level"] == "info" for one in asked)
    assert not any(secret in err for secret in ("duty", str(tmp_path), indicator(1)["id"], "127.0.0.1"))


def answers(client: httpx.Client) -> None:
    """Wait until the hub answers."""
    for _ in range(300):
        try:
            client.get("/healthz")
        except httpx.TransportError:  # also a handshake that waits for the hub's first seconds
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the hub did not answer")


def wrong(folder: Path) -> dict[str, tuple[object, object]]:
    """Return certificates and keys that cannot serve."""
    public, private = certificate(folder)
    (folder / "other").mkdir()
    other = certificate(folder / "other")[1]
    (folder / "locked").mkdir()
    locked = certificate(folder / "locked", b"a password")
    (folder / "text").write_text("nothing of the kind", encoding="utf-8")
    return {"name both": (public, ""), "only its own": (public, other), "not there": (folder / "none", private),
            "no PEM": (folder / "text", private), "password": locked}  # fmt: skip


@pytest.mark.parametrize("case", ["name both", "only its own", "not there", "no PEM", "password"])
def test_what_is_wrong_with_a_certificate_is_said_before_anything_listens(tmp_path: Path, case: str) -> None:
    one, other = wrong(tmp_path)[case]
    given = {"tls_certificate": str(one), **({"tls_key": str(other)} if other else {})}
    with pytest.raises(InputError) as caught:
        tls_of(load_settings(given, {}))
    (fault,) = caught.value.faults
    assert fault.code == "bad-setting"
    assert fault.column.startswith("tls_")
    assert fault.remedy


def test_without_one_there_is_no_tls() -> None:
    assert tls_of(load_settings({}, {})) is None


def test_an_error_is_one_line_with_its_traceback() -> None:
    try:
        os.environ["NOROSHI_NOT_THERE"]
    except KeyError:
        record = logging.LogRecord("noroshi.web", logging.ERROR, "", 0, "a %s failed", ("request",), sys.exc_info())
    line = AsJson().format(record)
    assert "\n" not in line
    said = json.loads(line)
    assert (said["event"], said["level"], said["logger"]) == ("a request failed", "error", "noroshi.web")
    assert "KeyError: 'NOROSHI_NOT_THERE'" in said["traceback"]
    assert said["time"].endswith("Z")
