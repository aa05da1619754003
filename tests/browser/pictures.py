"""Pictures of pages: taken as a person sees them, made small and soft, kept as PNG, and compared with tolerance."""

from __future__ import annotations

import base64
import struct
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from playwright.sync_api import Browser

    Small = NDArray[np.uint8]

__all__ = ["DIFFERS", "HELD_S", "MOST_HEIGHT", "apart", "clock_held", "difference", "read_png", "small", "written_png"]

BLOCK = 8
"""Points of the screen to each side of a block, whose mean is one point of the small picture."""
LEVELS = 16
MOST_HEIGHT = 1536
"""Points of the screen that are compared; what is below them says the same again on most pages."""
DIFFERS = 26
"""Of 255: by how much a point of the soft picture differs in some colour to count as another one."""
HELD_S = 1_795_143_600
"""When it is in pictures: 20 November 2026, 12:00 in Japan, a Friday."""
SCALED = """async ([data, width, most, block]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes]));
  const height = Math.min(most, Math.round(bitmap.height * width / bitmap.width));
  const canvas = new OffscreenCanvas(width, height), pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, width, bitmap.height * width / bitmap.width);
  const from = pen.getImageData(0, 0, width, height).data;
  const across = Math.ceil(width / block), down = Math.ceil(height / block);
  const sums = new Float64Array(across * down * 3), counts = new Float64Array(across * down);
  for (let y = 0, k = 0; y < height; y++) {
    for (let x = 0; x < width; x++, k += 4) {
      const at = Math.floor(y / block) * across + Math.floor(x / block);
      counts[at]++;
      for (let c = 0; c < 3; c++) sums[at * 3 + c] += from[k + c];
    }
  }
  return [across, down, [...sums].map((sum, at) => Math.round(sum / counts[Math.floor(at / 3)]))];
}"""


@contextmanager
def clock_held() -> Iterator[None]:
    """Hold the hub's clock still at one moment, but for a millisecond a look, so that any two events have an order."""
    looks = iter(range(10**9))

    def held() -> int:
        return HELD_S * 10**9 + next(looks) * 10**6

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(time, "time_ns", held)
        yield


def small(browser: Browser, png: bytes, width: int, block: int = BLOCK, levels: int = LEVELS) -> Small:
    """Return a picture that was `width` points wide on the screen as means of blocks: rows, columns, colours.

    block: points to each side; levels: how many there are of each colour.
    """
    context = browser.new_context()
    try:
        page = context.new_page()  # an empty page, whose policy lets a script read what it draws
        across, down, means = page.evaluate(SCALED, [base64.b64encode(png).decode(), width, MOST_HEIGHT, block])
    finally:
        context.close()
    step = 255 / (levels - 1)
    return np.asarray(np.round(np.round(np.array(means) / step) * step), np.uint8).reshape(down, across, 3)


def soft(picture: Small, height: int) -> NDArray[np.float64]:
    """Return a picture, on paper of a height, each of whose points is the mean of nine."""
    paper = np.full((height, *picture.shape[1:]), -255.0)
    paper[: len(picture)] = picture
    edged = np.pad(paper, ((1, 1), (1, 1), (0, 0)), mode="edge")
    down, across = paper.shape[:2]
    return np.asarray(sum(edged[y : y + down, x : x + across] for y in range(3) for x in range(3))) / 9.0


def difference(one: Small, other: Small) -> NDArray[np.bool_]:
    """Return where two pictures of one width differ; a part that one of them lacks does."""
    height = max(len(one), len(other))
    return np.asarray(np.abs(soft(one, height) - soft(other, height)).max(axis=2) > DIFFERS)


def apart(one: Small, other: Small) -> float:
    """Return the share of points in which two pictures differ: 0 to 1."""
    return 1.0 if one.shape[1] != other.shape[1] else float(difference(one, other).mean())


# ---- PNG, of the one kind that is needed: eight bits a colour, no transparency, every row as it is


def written_png(picture: Small) -> bytes:
    """Return a picture as a PNG."""
    height, width, _ = picture.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), picture.reshape(height, width * 3)], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def read_png(data: bytes) -> Small:
    """Return the picture of a PNG that was written above."""
    at, body, shape = 8, b"", (0, 0)
    while at < len(data):
        size = struct.unpack(">I", data[at : at + 4])[0]
        kind, inside = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        if kind == b"IHDR":
            width, height = struct.unpack(">II", inside[:8])
            shape = (height, width)
        body += inside if kind == b"IDAT" else b""
        at += size + 12
    rows = np.frombuffer(zlib.decompress(body), np.uint8).reshape(shape[0], shape[1] * 3 + 1)
    assert not rows[:, 0].any(), "a row is filtered: not written by written_png"
    return rows[:, 1:].reshape(*shape, 3)
