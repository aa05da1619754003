"""checkdmarc JSON (`checkdmarc -f json`): SPF and DMARC of domains, as everybody can look them up. It names no date."""

from __future__ import annotations

from typing import Any

import msgspec

from noroshi.files.scans.reading import as_struct
from noroshi.rate.measured import Scan, Seen

__all__ = ["read_checkdmarc"]

ENFORCED = ("quarantine", "reject")
WHOLE = 100
UNANSWERED = ("timed out", "lifetime expired", "servfail", "failed to answer", "the domain does not exist")
"""Errors that tell of the name servers, or of a name that nobody has, and not of a missing record."""


class Tag(msgspec.Struct):
    """One tag of a DMARC record."""

    value: Any = None


class Spf(msgspec.Struct):
    """A domain's SPF."""

    valid: bool = False
    error: str | None = None


class Dmarc(msgspec.Struct):
    """A domain's DMARC."""

    valid: bool = False
    error: str | None = None
    tags: dict[str, Tag] | None = None


class Domain(msgspec.Struct):
    """One domain, as far as it is used."""

    domain: str
    spf: Spf
    dmarc: Dmarc


def read_checkdmarc(file: str, values: list[Any]) -> Scan:
    """Return the scan in checkdmarc's results; InputError with the place of what does not fit.

    Every domain is taken for one that sends mail: what is not to send says so by SPF and DMARC too. One whose name
    servers gave no answer is no asset.
    """
    read = [as_struct(file, value, Domain, f"[{k}]") for k, value in enumerate(values)]
    domains = [domain for domain in read if answered(domain)]
    seen = [Seen(d.domain, sign, said) for d in domains for sign, said in signs(d)]
    assets = tuple(dict.fromkeys(d.domain for d in domains))
    return Scan("checkdmarc", "?", None, file, ("email-authentication",), assets, tuple(seen))


def answered(domain: Domain) -> bool:
    """Say whether both records were looked up, found or not."""
    errors = " ".join(str(part.error).lower() for part in (domain.spf, domain.dmarc))
    return not any(mark in errors for mark in UNANSWERED)


def signs(domain: Domain) -> list[tuple[str, str]]:
    """Return what a domain's records show, with the fact."""
    missing = [name for name, valid in (("SPF", domain.spf.valid), ("DMARC", domain.dmarc.valid)) if not valid]
    if missing:
        return [("mail-open", f"no valid {' and '.join(missing)}")]
    tags = {key: tag.value for key, tag in (domain.dmarc.tags or {}).items()}
    policy, below = str(tags.get("p", "none")).lower(), str(tags.get("sp", tags.get("p", "none"))).lower()
    found: list[tuple[str, str]] = []
    if not tags.get("rua"):
        found.append(("mail-unread", "no address for reports (rua)"))
    whole = tags.get("pct", WHOLE) in (WHOLE, str(WHOLE)) and str(tags.get("t", "n")).lower() != "y"
    if policy not in ENFORCED or not whole:
        found.append(("mail-none", f"p={policy}" + ("" if whole else ", not for all mail")))
    elif policy != "reject" or below != "reject":
        found.append(("mail-partly", f"p={policy}, sp={below}"))
    return found
