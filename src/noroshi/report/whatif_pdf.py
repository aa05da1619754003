"""A what-if as PDF on A4 paper, set by typst: what is lost, the map at its worst, tables, causes; texts are data."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from noroshi.report.memo_pdf import font_folders

__all__ = ["whatif_pdf"]

TEMPLATE = Path(__file__).parent / "templates" / "whatif.typ"


def whatif_pdf(content: dict[str, Any], made: int) -> bytes:
    """Return the report as PDF; content: what its template asks for, with maps as SVG.

    made: when the run was made, microseconds since 1970: the same run gives the same bytes.
    """
    import typst

    folders: list[Any] = list(font_folders())  # typst's types ask for bytes wherever its template is given as such
    found: bytes = typst.compile(
        TEMPLATE.read_bytes(), format="pdf", font_paths=folders, ignore_system_fonts=True,
        sys_inputs={"run": msgspec.json.encode(content).decode()},
        timestamp=datetime.fromtimestamp(made // 1_000_000, UTC),
    )  # fmt: skip
    return found
