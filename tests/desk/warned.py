"""A world in which warnings are sent: a hub, an SMTP server and a web hook that run on loopback, and their mail."""

from __future__ import annotations

import email
import email.policy
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from ssl import SSLContext
from typing import Any
from unittest.mock import patch

from aiosmtpd.controller import Controller

from noroshi.desk import credentials
from noroshi.desk.credentials import Credentials
from noroshi.desk.cursors import Cursors, hub_key
from noroshi.desk.declaring import apply_declaration
from noroshi.desk.hub import Hub
from noroshi.desk.seeing import Seeing
from noroshi.settings import Settings
from noroshi.share.warnings import Audience, Said, Words
from noroshi.store.contract import Principal
from noroshi.store.opening import open_store
from noroshi.wire.asking import Timing

COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"
SECRET = "a-secret-that-hook-and-hub-share"  # noqa: S105  of a world that lives for a test
START = 1_800_000_000.0
PEOPLE = {
    "duty": ("centre", "RED"), "energy": ("ministry", "AMBER"), "works": ("operator", "GREEN"),
    "grid": ("operator", "AMBER"), "gas": ("operator", "AMBER"), "check": ("auditor", "RED"),
}  # fmt: skip
SECTORS = {"works": "water", "grid": "electricity", "gas": "gas"}


@dataclass
class Inbox:
    """What an SMTP server took. refuse: address -> the answer to it instead, as often as it says."""

    mails: list[EmailMessage] = field(default_factory=list)
    refuse: dict[str, list[str]] = field(default_factory=dict)
    tls: list[bool] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: ARG002, N802  aiosmtpd's
        """Take an address, or not."""
        if self.refuse.get(address):
            return self.refuse[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802  aiosmtpd's
        """Take a mail."""
        found = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(found, EmailMessage)
        self.mails.append(found)
        self.tls.append(session.ssl is not None)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """Return the mail to an address."""
        return [one for one in self.mails if one["To"] == address]


@dataclass
class Hooked:
    """What a web hook got. answers: statuses to answer with first."""

    url: str = ""
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@contextmanager
def smtp(inbox: Inbox, tls: SSLContext | None = None) -> Iterator[int]:
    """Run an SMTP server on loopback; yield its port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    more: dict[str, Any] = {} if tls is None else {"tls_context": tls, "require_starttls": True}
    server = Controller(inbox, hostname="127.0.0.1", port=port, **more)
    server.start()
    try:
        yield port
    finally:
        server.stop()


@contextmanager
def hook(hooked: Hooked) -> Iterator[str]:
    """Run a web hook on loopback; yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            hooked.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(hooked.answers.pop(0) if hooked.answers else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook?a=1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def declaration(url: str) -> str:
    """Return who is who: each operator has a mail address, and `gas` a web hook besides."""
    lines = []
    for name, (kind, sees) in PEOPLE.items():
        token = f'token = "a-token-of-{name}-for-these-tests"'
        lines += ["[[principal]]", f'name = "{name}"', f'kind = "{kind}"', token, f'sees = "{sees}"']
    for name, sector in SECTORS.items():
        mail = f'mail = "{name}@example.jp"'
        lines += ["[[contact]]", f'principal = "{name}"', f'sector = "{sector}"', mail]
        if name == "gas":
            lines += [f'hook = "{url}"', f'secret = "{SECRET}"']
    lines += ["[[api_root]]", 'name = "trust"', "[[collection]]", 'api_root = "trust"', f'id = "{COLLECTION}"',
              'title = "Warnings"']  # fmt: skip
    for name in ("duty", "works", "grid"):
        lines += ["[[grant]]", f'principal = "{name}"', f'collection = "{COLLECTION}"', "read = true",
                  f"write = {str(name == 'duty').lower()}"]  # fmt: skip
    return "\n".join(lines)


@dataclass
class World:
    """A hub with what it sends to; now: seconds since 1970, which only tests move."""

    hub: Hub
    settings: Settings
    inbox: Inbox
    hooked: Hooked
    now: float = START
    slept: list[float] = field(default_factory=list)

    def who(self, name: str) -> Principal:
        """Return a principal as it is now."""
        found = self.hub.store.principal(name)
        assert found
        return found[0]

    @property
    def timing(self) -> Timing:
        """Clocks of the tests; waits are noted and take no time."""
        return Timing(lambda: self.now, lambda: 0.0, self.slept.append, Random(0))  # noqa: S311  waits alone hang on it

    @property
    def micros(self) -> int:
        """The time in microseconds."""
        return int(self.now * 1e6)

    def without_mail(self) -> Settings:
        """Return the settings with no mail server."""
        return replace(self.settings, smtp="")


@contextmanager
def world(
    folder: Path, database: str = "", declare: Callable[[str], str] = declaration
) -> Iterator[World]:  # fmt: skip
    """Yield a world of a test's own. declare: who is who, given the address of the web hook."""
    inbox, hooked = Inbox(), Hooked()
    with smtp(inbox) as port, hook(hooked) as url:
        hooked.url = url
        store = open_store(database, folder)
        declared = folder / "declared.toml"
        declared.write_text(declare(url), encoding="utf-8")
        with patch.multiple(credentials, PASSES=1, MEMORY_KIB=1024):
            apply_declaration(store, declared, hub_key(folder))
            hub = Hub(store, Credentials(store), Cursors(hub_key(folder)), Seeing(store))
        plain = Settings("127.0.0.1", 8600, "en", 0, folder, folder, database, request_rate=0)
        settings = replace(plain, smtp=f"smtp://127.0.0.1:{port}", mail_from="hub@example.go.jp")
        try:
            yield World(hub, settings, inbox, hooked)
        finally:
            store.close()


def said(tlp: str = "AMBER", **audience: Any) -> Said:
    """Return a warning to electricity and gas, unless told otherwise."""
    whom = audience or {"sectors": ("electricity", "gas")}
    return Said(
        Words("Attack on gateways", "ゲートウェイへの攻撃"), Words("A secret detail", "秘密の詳細"),
        Words("Update", "更新"), "high", tlp, None, Audience(**whom),
    )  # fmt: skip
