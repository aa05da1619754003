"""Reads the output of scanners: which tool wrote a file is told by what is in it. One module per format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from noroshi.files.scans.checkdmarc import read_checkdmarc
from noroshi.files.scans.cpe import is_cpe_list, read_cpes
from noroshi.files.scans.kev import read_kev
from noroshi.files.scans.nmap import read_nmap
from noroshi.files.scans.nuclei import read_nuclei
from noroshi.files.scans.reading import decode_json, plain, read_text, refuse
from noroshi.files.scans.scorecard import read_scorecard
from noroshi.files.scans.sslyze import read_sslyze
from noroshi.files.scans.trivy import read_trivy
from noroshi.rate.exploited import Kev, Product
from noroshi.rate.measured import Scan, Seen

__all__ = ["KINDS", "Read", "read_scan"]


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: a scan, products that CPE names tell of, or the catalogue of what is exploited."""

    kind: str
    file: str
    scan: Scan | None = None
    products: tuple[Product, ...] = ()
    kev: Kev | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """A JSON format: the keys by which its objects are known, whether many of them make a file, and its reader."""

    keys: frozenset[str]
    read: Callable[[str, Any], Scan | Kev]
    many: bool = False


FORMATS: dict[str, Format] = {
    "sslyze": Format(frozenset({"server_scan_results"}), read_sslyze),
    "trivy": Format(frozenset({"SchemaVersion", "ArtifactName"}), read_trivy),
    "nuclei": Format(frozenset({"template-id", "info"}), read_nuclei, many=True),
    "checkdmarc": Format(frozenset({"domain", "spf", "dmarc"}), read_checkdmarc, many=True),
    "scorecard": Format(frozenset({"scorecard", "checks"}), read_scorecard, many=True),
    "kev": Format(frozenset({"catalogVersion", "vulnerabilities"}), read_kev),
}  # fmt: skip
KINDS = ("nmap", *FORMATS, "cpe")
"""What --kind may say."""
MOST = 200_000
FORMS = (".xlsx", ".xlsm")


def read_scan(where: str | Path, kind: str | None = None) -> Read:
    """Return what is in a file that a scanner wrote; `kind` where its content does not tell which.

    InputError: not there, empty, too large, no UTF-8, not whole, of no known tool, or not as that tool writes it.
    """
    path, file = str(where), Path(where).name
    if Path(where).suffix.lower() in FORMS:
        remedy = "a filled-in form needs no import: every command reads it, `noroshi rate export FORM --to a.json` too"
        raise refuse(path, "bad-scan", Path(where).suffix, "output of " + ", ".join(KINDS), remedy)
    text = read_text(path)
    first = text.lstrip()[:1]
    if kind == "nmap" or (kind is None and first == "<"):
        scan, products = read_nmap(path, text)
        return Read("nmap", file, named(scan, file), shown(products))
    if kind == "cpe" or (kind is None and first not in ("{", "[") and is_cpe_list(text)):
        return Read("cpe", file, products=shown(read_cpes(path, text)))
    if first not in ("{", "["):
        raise refuse(
            path, "bad-scan", text.strip()[:40], "output of " + ", ".join(KINDS), "let the tool write XML or JSON"
        )
    values, whole = objects(path, text)
    told = next((name for name, form in FORMATS.items() if values and form.keys <= values[0].keys()), None)
    if kind is not None and told not in (None, kind):
        raise refuse(path, "bad-scan", f"output of {told}", f"output of {kind}", "correct --kind, or leave it out")
    chosen = kind or told
    if chosen is None:
        raise refuse(path, "bad-scan", ", ".join(values[0])[:60] if values else "no object",
                     "output of " + ", ".join(KINDS), "say which with --kind, or leave the file out")  # fmt: skip
    form = FORMATS[chosen]
    if not form.many and (len(values) != 1 or whole):
        raise refuse(path, "bad-scan", "a list", "one object", "give the tool's own output")
    found = form.read(path, values if form.many else values[0])
    if isinstance(found, Kev):
        return Read(chosen, file, kev=found)
    return Read(chosen, file, named(found, file))


def named(scan: Scan, file: str) -> Scan:
    """Return a scan under its file's name, since where that lay is its owner's business; with texts fit to be shown.

    A scanned host chooses what stands in a scan: what would steer a terminal is taken out, what has no end is cut.
    """
    return replace(
        scan, file=plain(file), version=plain(scan.version), assets=tuple(dict.fromkeys(map(plain, scan.assets))),
        seen=tuple(Seen(plain(s.asset), s.sign, plain(s.detail)) for s in scan.seen),
        cves=tuple((plain(asset), plain(cve)) for asset, cve in scan.cves),
    )  # fmt: skip


def shown(products: tuple[Product, ...]) -> tuple[Product, ...]:
    """Return products with texts fit to be shown."""
    return tuple(Product(plain(p.asset), p.part, plain(p.vendor), plain(p.product), plain(p.version)) for p in products)


def objects(file: str, text: str) -> tuple[list[dict[str, Any]], bool]:
    """Return the JSON objects of a file: one, a list of them, or one a line; and whether it was a list.

    InputError where it is not whole JSON or holds something else.
    """
    lines = text.splitlines()
    rows = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    by_line = len(rows) > 1 and rows[0][1].rstrip().endswith("}") and rows[0][1].startswith("{")
    value = [decode_json(file, line, number) for number, line in rows] if by_line else decode_json(file, text)
    values = value if isinstance(value, list) else [value]
    if len(values) > MOST:
        raise refuse(file, "too-many", f"{len(values):,} results", f"at most {MOST:,}", "split the scan")
    for k, one in enumerate(values):
        if not isinstance(one, dict):
            place = f"[{k}]" if isinstance(value, list) else ""
            raise refuse(file, "bad-scan", type(one).__name__, "an object", "give the tool's own output", at=place)
    return values, isinstance(value, list) and not by_line
