"""A store without room: who sends is told so and loses nothing, who reads goes on reading, and it goes on by itself."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from tests.web.taxii_world import BASE, DUTY, answering, asking, indicator, make_hub, post

from noroshi.store.sqlite import SqliteStore


def test_without_room_it_says_507_keeps_nothing_of_it_and_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    hub = make_hub(tmp_path)
    store = hub.store
    assert isinstance(store, SqliteStore)

    def room(pages: int) -> None:
        store.submit(lambda connection: connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()).result(10)

    with answering(hub) as address, asking(address, DUTY) as duty:
        assert post(duty, indicator(1, marking="GREEN")).status_code == 202
        room(1)  # no less than there are: not one page more
        many = [indicator(k, marking="GREEN", description="x" * 2000) for k in range(2, 200)]
        with caplog.at_level(logging.ERROR):
            answer = post(duty, *many)
        assert (answer.status_code, answer.json()["title"]) == (507, "No room")
        assert "no room" in caplog.text
        assert len(duty.get(f"{BASE}/objects/").json()["objects"]) == 1
        room(1_000_000)
        assert post(duty, *many).status_code == 202
        assert len(duty.get(f"{BASE}/objects/", params={"limit": 1000}).json()["objects"]) == 199
