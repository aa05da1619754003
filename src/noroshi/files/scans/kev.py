"""The catalogue of known exploited vulnerabilities (KEV) as CISA publishes it in JSON."""

from __future__ import annotations

from typing import Any

import msgspec

from noroshi.files.scans.reading import as_struct, day_of
from noroshi.rate.exploited import Exploited, Kev

__all__ = ["read_kev"]


class Row(msgspec.Struct, rename="camel"):
    """One vulnerability, as far as it is used."""

    cve: str = msgspec.field(name="cveID")
    vendor_project: str
    product: str
    date_added: str


class Catalogue(msgspec.Struct, rename="camel"):
    """One file."""

    catalog_version: str
    date_released: str
    vulnerabilities: list[Row]


def read_kev(file: str, value: Any) -> Kev:  # noqa: ANN401  as decoded
    """Return the catalogue; InputError with the place of what does not fit."""
    found = as_struct(file, value, Catalogue)
    rows = tuple(
        Exploited(row.cve.upper(), row.vendor_project, row.product,
                  day_of(file, row.date_added, f"vulnerabilities[{k}].dateAdded"))
        for k, row in enumerate(found.vulnerabilities)
    )  # fmt: skip
    return Kev(found.catalog_version, day_of(file, found.date_released, "dateReleased"), file, rows)
