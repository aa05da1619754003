"""A bad link: a proxy on loopback that delays, and cuts connections in the middle of requests and answers."""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

__all__ = ["Weather", "link"]

PIECE = 4096


@dataclass(slots=True)
class Weather:
    """How bad it is: chances that a connection is refused, that one is cut, the longest delay of a piece in seconds.

    cut_after: the most bytes that pass one way before a cut. seen: connections, and how many of them were cut.
    """

    refused: float = 0.15
    cut: float = 0.8
    delay: float = 0.003
    cut_after: int = 15_000
    seen: list[int] = field(default_factory=lambda: [0, 0])


@contextmanager
def link(port: int, weather: Weather, seed: int) -> Iterator[int]:
    """Run the proxy to a port of loopback in a thread of its own; yield its own port."""
    loop = asyncio.new_event_loop()
    found: Future[int] = Future()
    task = loop.create_task(serve(port, weather, random.Random(seed), found))  # noqa: S311  a test's weather

    def run() -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(task)
        for one in asyncio.all_tasks(loop):
            one.cancel()
        loop.run_until_complete(asyncio.sleep(0.05))
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield found.result(10)
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)


async def serve(port: int, weather: Weather, chance: random.Random, found: Future[int]) -> None:
    """Take connections until cancelled, each passed on to a port; `found` is given our own."""

    async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        weather.seen[0] += 1
        if chance.random() < weather.refused:
            weather.seen[1] += 1
            writer.transport.abort()
            return
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            writer.transport.abort()
            return
        ways = ((reader, there_writer), (there_reader, writer))
        cuts = [chance.randrange(1, weather.cut_after) if chance.random() < weather.cut else None for _ in ways]
        try:
            async with asyncio.TaskGroup() as group:
                for (source, target), cut in zip(ways, cuts, strict=True):
                    group.create_task(pour(source, target, cut, weather, chance))
        except* ConnectionAbortedError:
            weather.seen[1] += 1
        except* OSError:
            pass
        finally:
            writer.transport.abort()
            there_writer.transport.abort()

    server = await asyncio.start_server(taken, "127.0.0.1", 0)
    found.set_result(server.sockets[0].getsockname()[1])
    try:
        await asyncio.Event().wait()
    finally:
        server.close()


async def pour(
    source: asyncio.StreamReader, target: asyncio.StreamWriter, cut: int | None, weather: Weather, chance: random.Random
) -> None:
    """Pass on what comes, piece by piece, until it ends or is cut: then ConnectionError."""
    passed = 0
    while piece := await source.read(PIECE):
        if weather.delay:
            await asyncio.sleep(chance.random() * weather.delay)
        if cut is not None and passed + len(piece) >= cut:
            target.write(piece[: cut - passed])
            await target.drain()
            raise ConnectionAbortedError
        passed += len(piece)
        target.write(piece)
        await target.drain()
    raise ConnectionResetError
