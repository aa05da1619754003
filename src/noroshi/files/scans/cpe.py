"""CPE names (2.3 as `cpe:2.3:a:vendor:product:version:…`, 2.2 as `cpe:/a:vendor:product:version`), one or a list."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import unquote

from noroshi.files.scans.reading import refuse
from noroshi.rate.exploited import Product

__all__ = ["is_cpe_list", "product_of", "read_cpes"]

COLON = re.compile(r"(?<!\\):")
PARTS_23 = 13
MOST = 200_000


def product_of(file: str, asset: str, name: str, row: int | None) -> Product:
    """Return the product that a CPE name tells of; InputError for what is none."""
    parts: list[str] = []
    if name.startswith("cpe:2.3:"):
        parts = [re.sub(r"\\(.)", r"\1", part) for part in COLON.split(name)][2:]
        whole = len(parts) == PARTS_23 - 2
    else:
        parts = [unquote(part) for part in name.removeprefix("cpe:/").split(":")]
        whole = name.startswith("cpe:/") and len(parts) > 1
    parts += [""] * 4
    if not whole or parts[0] not in ("a", "o", "h") or not parts[1]:
        expected = "cpe:2.3:a:vendor:product:version:… in 13 parts, or cpe:/a:vendor:product"
        raise refuse(file, "bad-scan", name, expected, "correct the name", row=row)
    return Product(asset, parts[0], parts[1].lower(), parts[2].lower(), parts[3])


def is_cpe_list(text: str) -> bool:
    """Say whether a text looks like a list of CPE names: its first line that is no comment has one, or says `cpe`."""
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            return "cpe:" in line or "cpe" in [cell.strip().lower() for cell in line.split(",")]
    return False


def read_cpes(file: str, text: str) -> tuple[Product, ...]:
    """Return the products of a list: one name a line, or CSV with a column `cpe` and, if wanted, `asset`.

    Where no asset is named, all are on one. InputError with the line of what is no CPE name.
    """
    rows = [(number, row) for number, row in enumerate(csv.reader(io.StringIO(text)), 1)
            if row and "".join(row).strip() and not row[0].lstrip().startswith("#")]  # fmt: skip
    if len(rows) > MOST:
        raise refuse(file, "too-many", f"{len(rows):,} lines", f"at most {MOST:,}", "split the list")
    head = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    at, asset_at = 0, -1
    if "cpe" in head:
        at, asset_at = head.index("cpe"), head.index("asset") if "asset" in head else -1
        rows = rows[1:]
    found = []
    for number, row in rows:
        name = row[at].strip() if at < len(row) else ""
        asset = row[asset_at].strip() if 0 <= asset_at < len(row) else ""
        found.append(product_of(file, asset or "all", name, number))
    if not found:
        raise refuse(file, "bad-scan", "no CPE name", "one CPE name a line", "add the products")
    return tuple(dict.fromkeys(found))
