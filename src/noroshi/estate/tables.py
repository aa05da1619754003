"""Every table of an estate, in the order in which files, docs and reports show them."""

from __future__ import annotations

from noroshi.estate.networks import NETWORKS_AND_SERVICES, UNIT_TABLES
from noroshi.estate.society import SOCIETY

TABLES = {table.name: table for table in (*SOCIETY, *NETWORKS_AND_SERVICES)}
"""Name -> description of every table."""

__all__ = ["TABLES", "UNIT_TABLES"]
