"""What an import of scans did, in the terminal: 80 columns and up, either language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from noroshi.rate.measured import CAPS, SIGNS, end
from noroshi.report import tables
from noroshi.report.terminal import section, text_table
from noroshi.report.words import pick, said

if TYPE_CHECKING:
    from rich.console import Console

    from noroshi.desk.importing import Imported
    from noroshi.rate.measured import Silent

__all__ = ["print_import"]

CHANGES = {"added": "import_added", "lowered": "import_lowered", "known": "import_known"}
REASONS = {"no-asset": "import_no_asset", "not-asked": "import_not_asked", "inside": "import_inside"}


def print_import(done: Imported, lang: str, console: Console) -> None:
    """Print the answers that scans gave with what they rest on, where they gave none and why, and what was written."""
    from rich.text import Text

    console.print(Text(said("import_title", lang, scans=len(done.scans), path=done.into), style="bold"))
    if done.changes:
        columns = (
            tables.Column(said("item", lang), "name"), tables.Column(said("import_level", lang), "num"),
            tables.Column(said("import_date", lang), "num"), tables.Column(said("import_change", lang)),
        )  # fmt: skip
        rows = tuple(
            (tables.Cell(a.item), tables.Cell(level(a.level, end(a), lang)), tables.Cell(a.date.isoformat()),
             tables.Cell(said(CHANGES[change.does], lang)))
            for change in done.changes for a in (change.answer,)
        )  # fmt: skip
        section(console, "import_answers", lang)
        console.print(text_table(tables.Table(said("import_answers", lang), columns, rows), "import", console.width))
        for change in done.changes:
            console.print(Text(f"  {change.answer.item}: {change.answer.source}", style="dim"))
            cap = CAPS[change.answer.item, change.answer.source.partition(" ")[0]]
            console.print(Text("    " + said("import_unseen", lang, what=pick(cap.en, cap.ja, lang)), style="dim"))
    if done.silent:
        section(console, "import_silent", lang)
        for one in done.silent:
            console.print(Text(f"  {one.item} ({one.tool}, {', '.join(one.files)}): {reason(one, lang)}"))
    if done.as_of_before is not None:
        console.print(Text(said("import_as_of", lang, before=done.as_of_before, now=done.as_of)))
    wrote = "import_written" if done.written else "import_not_written"
    console.print(Text("\n" + said(wrote, lang, path=done.into)))
    if done.kept:
        console.print(Text(said("import_undo", lang, kept=done.kept, path=done.into), style="dim"))


def level(low: float, high: float, lang: str) -> str:
    """Return a level, or the range that is left."""
    return f"{low:g}" if low == high else f"{low:g}{tables.RANGES[lang]}{high:g}"


def reason(one: Silent, lang: str) -> str:
    """Return why a scan gives no answer on an item."""
    if one.why in REASONS:
        return said(REASONS[one.why], lang)
    if one.why in SIGNS:
        return pick(SIGNS[one.why].en, SIGNS[one.why].ja, lang)
    cap = CAPS[one.item, one.tool]
    return said("import_clean", lang, what=pick(cap.en, cap.ja, lang))
