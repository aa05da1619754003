"""Listening for real: a process of its own answers, stops on Ctrl-C without a word, and says when a port is taken."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from noroshi.cli.serve import command
from noroshi.errors import InputError, NotFoundError
from noroshi.settings import Settings, load_settings
from noroshi.web.serve import address, bind

HUB = """
import sys
from pathlib import Path
from noroshi.desk.hub import open_hub
from noroshi.settings import Settings, load_settings
from noroshi.web.app import create_app
from noroshi.web.doors import Doors
from noroshi.web.serve import bind, run
from noroshi.web.source import BriefSource
from tests.report.made_brief import made_brief

source = BriefSource(lambda progress: made_brief())
listening = bind("127.0.0.1", 0)
settings = Settings("127.0.0.1", 8600, "en", 0, Path(sys.argv[1]), Path(sys.argv[1]), "")
hub = open_hub(settings)
app = Doors(create_app(settings, source), hub)
source.start()
print(listening.getsockname()[1], flush=True)
try:
    run(app, listening)
except KeyboardInterrupt:
    sys.exit(130)
finally:
    source.stop()
    hub.store.close()
"""


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_and_stops_without_a_word(root: Path, tmp_path: Path, stop: signal.Signals) -> None:
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)])}
    with subprocess.Popen(
        [sys.executable, "-c", HUB, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=root,
        env=environ,
    ) as hub:
        try:
            assert hub.stdout is not None
            port = int(hub.stdout.readline())
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
                answer = client.get("/")
                assert answer.status_code == 200
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert "server" not in answer.headers
                assert client.get("/healthz").json()["status"] == "ok"
                # The connection is kept open: stopping must not wait for the reader.
                hub.send_signal(stop)
                _, err = hub.communicate(timeout=30)
        finally:
            hub.kill()
    assert err == ""
    assert hub.returncode == (130 if stop is signal.SIGINT else -signal.SIGTERM)


def taken() -> socket.socket:
    other = socket.socket()
    other.bind(("127.0.0.1", 0))
    other.listen()
    return other


def test_a_port_in_use_is_said_with_a_remedy() -> None:
    with taken() as other, pytest.raises(InputError) as caught:
        bind("127.0.0.1", other.getsockname()[1])
    (fault,) = caught.value.faults
    assert "in use" in fault.found
    assert "--port" in fault.remedy


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host.invalid"])
def test_an_address_that_cannot_be_had_is_said(host: str) -> None:
    with pytest.raises(InputError) as caught:
        bind(host, 0)
    assert host in str(caught.value)


def test_addresses_read_as_a_browser_wants_them() -> None:
    assert address(load_settings({}, {})) == "http://127.0.0.1:8600/"
    assert address(load_settings({"host": "::1", "port": 80}, {})) == "http://[::1]:80/"
    assert address(load_settings({"tls_certificate": "a", "tls_key": "b"}, {})) == "https://127.0.0.1:8600/"


def served(*arguments: str) -> None:
    """Run the command in this process, errors and all."""
    settings = Settings("127.0.0.1", 8600, "en", 0, Path("/nowhere"), Path("/nowhere"), "")
    command.main(list(arguments), obj=settings, standalone_mode=False)


def test_the_command_says_at_once_that_a_port_is_in_use() -> None:
    with taken() as other, pytest.raises(InputError, match="in use"):
        served("--port", str(other.getsockname()[1]))


def test_the_command_refuses_an_estate_that_is_not_there() -> None:
    with taken() as other:
        port = other.getsockname()[1]
    with pytest.raises(NotFoundError, match="nowhere-at-all"):
        served("--brief", "nowhere-at-all", "--port", str(port))
    with bind("127.0.0.1", port) as again:  # the port was given back
        assert again.getsockname()[1] == port


def test_the_command_refuses_a_port_that_is_none() -> None:
    with pytest.raises(InputError, match="port"):
        served("--port", "99999")
