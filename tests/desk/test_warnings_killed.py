"""`noroshi warn send` killed (kill -9) while it sends: nobody is lost, and who was in doubt gets the same again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.desk import warned
from tests.desk.warned import said, world

from noroshi.desk.warnings import write
from noroshi.desk.warnings_proposing import follow
from noroshi.desk.warnings_sending import Wanted, send

MANY, KILLS = 40, 4


@pytest.mark.slow
def test_a_sender_that_is_killed_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"op{k:02d}" for k in range(MANY)]
    for name in names:
        monkeypatch.setitem(warned.PEOPLE, name, ("operator", "AMBER"))
        monkeypatch.setitem(warned.SECTORS, name, "rail")
    with world(tmp_path) as here:
        here.now = time.time()
        uid = write(here.hub, here.settings.data, here.who("duty"), said(sectors=("rail",)), here.micros).uid
        took = here.inbox.handle_DATA

        async def slowly(*what: Any) -> str:
            import asyncio

            await asyncio.sleep(0.05)
            return await took(*what)

        monkeypatch.setattr(here.inbox, "handle_DATA", slowly)
        environ = {**os.environ, "NOROSHI_DATA": str(tmp_path), "NOROSHI_SMTP": here.settings.smtp,
                   "NOROSHI_MAIL_FROM": here.settings.mail_from}  # fmt: skip
        line = [sys.executable, "-m", "noroshi", "warn", "send", uid, "--as", "duty"]
        for turn in range(KILLS):
            before = len(here.inbox.mails)
            process = subprocess.Popen([*line, *(["--proposed"] if turn == 0 else [])], env=environ,
                                       stdout=subprocess.DEVNULL)  # fmt: skip
            until = time.monotonic() + 60
            while len(here.inbox.mails) < before + 5 and process.poll() is None and time.monotonic() < until:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            process.wait(30)
        assert KILLS * 5 <= len(here.inbox.mails) < MANY
        here.now = time.time() + 301
        send(here.hub, here.settings, here.who("duty"), uid, Wanted(), here.timing)
        got = Counter(str(mail["To"]) for mail in here.inbox.mails)
        assert set(got) == {f"{name}@example.jp" for name in names}
        assert max(got.values()) <= 2
        assert sum(got.values()) <= MANY + KILLS
        for address in got:
            assert len({mail.as_bytes() for mail in here.inbox.to(address)}) == 1
        assert follow(here.hub, here.who("duty"), uid).coverage[0].delivered == MANY
