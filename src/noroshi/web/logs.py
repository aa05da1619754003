"""What the hub writes on standard error: lines for people, or one JSON object a line for programs that gather logs.

No name, id, path or address of anybody: of a request the door, method, status, time and bytes.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime

import msgspec

__all__ = ["ACCESS", "AsJson", "begin"]

ACCESS = logging.getLogger("noroshi.access")
"""One line a request, where lines are JSON."""
OF_EVERY_RECORD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "color_message"}


class AsJson(logging.Formatter):
    """A line of JSON: time (UTC), level, logger, process, event, and what the record has besides."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line."""
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace(
                "+00:00", "Z"),
            "level": record.levelname.lower(), "logger": record.name, "process": record.process,
            "event": record.getMessage(),
        }  # fmt: skip
        said |= {name: value for name, value in record.__dict__.items() if name not in OF_EVERY_RECORD}
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return msgspec.json.encode(said, enc_hook=str).decode()


def begin(form: str) -> None:
    """Write records so from now on: "text" what is amiss as lines, "json" that and every request as JSON.

    Other packages are heard where something is amiss only: what they tell besides may name addresses.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AsJson() if form == "json" else logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("noroshi").setLevel(logging.INFO if form == "json" else logging.WARNING)
