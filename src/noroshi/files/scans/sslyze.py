"""SSLyze JSON (`sslyze --json_out`): which versions and ciphers a server accepts, its certificate, HSTS."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from noroshi.files.scans.reading import as_struct, day_of
from noroshi.rate.measured import Scan, Seen

__all__ = ["read_sslyze"]

DONE = "COMPLETED"
SOON = timedelta(days=14)
WEAK = ("_RC4_", "_3DES_", "_DES_", "_DES40_", "_NULL_", "_EXPORT_", "_anon_", "_RC2_", "_IDEA_", "_MD5")
VERSIONS = (("ssl_2_0", "tls-broken", "SSL 2"), ("ssl_3_0", "tls-broken", "SSL 3"), ("tls_1_0", "tls-old", "TLS 1.0"),
            ("tls_1_1", "tls-old", "TLS 1.1"), ("tls_1_2", "", "TLS 1.2"), ("tls_1_3", "", "TLS 1.3"))  # fmt: skip


class Suite(msgspec.Struct):
    """The name of a cipher suite."""

    name: str


class Accepted(msgspec.Struct):
    """A cipher suite that the server took."""

    cipher_suite: Suite


class Ciphers(msgspec.Struct):
    """What the server takes of one version."""

    accepted_cipher_suites: list[Accepted]


class CiphersTried(msgspec.Struct):
    """The trial of one version."""

    status: str
    result: Ciphers | None = None


class Certificate(msgspec.Struct):
    """A certificate's end."""

    not_valid_after: str


class Deployment(msgspec.Struct):
    """A chain of certificates, the server's own first."""

    received_certificate_chain: list[Certificate]


class Deployments(msgspec.Struct):
    """All chains that the server showed."""

    certificate_deployments: list[Deployment]


class CertificateTried(msgspec.Struct):
    """The look at the certificates."""

    status: str
    result: Deployments | None = None


class Headers(msgspec.Struct):
    """HTTP headers; of HSTS only whether it is there."""

    strict_transport_security_header: Any = None


class HeadersTried(msgspec.Struct):
    """The look at the headers; servers that are no web servers give an error."""

    status: str
    result: Headers | None = None


class Tried(msgspec.Struct):
    """All that was tried on a server, as far as it is used."""

    certificate_info: CertificateTried
    ssl_2_0_cipher_suites: CiphersTried
    ssl_3_0_cipher_suites: CiphersTried
    tls_1_0_cipher_suites: CiphersTried
    tls_1_1_cipher_suites: CiphersTried
    tls_1_2_cipher_suites: CiphersTried
    tls_1_3_cipher_suites: CiphersTried
    http_headers: HeadersTried | None = None


class Location(msgspec.Struct):
    """Where a server is."""

    hostname: str
    port: int


class Server(msgspec.Struct):
    """One server."""

    server_location: Location
    scan_status: str
    scan_result: Tried | None = None


class Report(msgspec.Struct):
    """One file."""

    server_scan_results: list[Server]
    sslyze_version: str = "?"
    date_scans_completed: str = ""
    date_scans_started: str = ""


def read_sslyze(file: str, value: Any) -> Scan:  # noqa: ANN401  as decoded
    """Return the scan in an SSLyze report; InputError with the place of what does not fit.

    A server that could not be reached is no asset: it has shown neither good nor bad.
    """
    report = as_struct(file, value, Report)
    when = report.date_scans_completed or report.date_scans_started
    day = day_of(file, when, "date_scans_completed") if when else None
    assets, seen = [], []
    for k, server in enumerate(report.server_scan_results):
        if server.scan_status != DONE or server.scan_result is None:
            continue
        name = f"{server.server_location.hostname}:{server.server_location.port}"
        assets.append(name)
        seen += [Seen(name, sign, said) for sign, said in ciphers(server.scan_result)]
        at = f"server_scan_results[{k}].scan_result.certificate_info"
        seen += [Seen(name, sign, said) for sign, said in certificates(file, server.scan_result, day, at)]
    return Scan("sslyze", report.sslyze_version, day, file, ("tls",), tuple(dict.fromkeys(assets)), tuple(seen))


def ciphers(tried: Tried) -> list[tuple[str, str]]:
    """Return the signs of versions, ciphers and headers, with the fact."""
    found: list[tuple[str, str]] = []
    for key, sign, name in VERSIONS:
        trial: CiphersTried = getattr(tried, f"{key}_cipher_suites")
        if trial.status != DONE or trial.result is None:
            found.append(("tls-not-asked", f"{name} not tested"))
            continue
        taken = [suite.cipher_suite.name for suite in trial.result.accepted_cipher_suites]
        if taken and sign:
            found.append((sign, f"accepts {name}"))
        weak = [suite for suite in taken if any(mark in suite + "_" for mark in WEAK)]
        if weak:
            found.append(("tls-weak", f"{name} with {weak[0]}"))
        if key == "tls_1_3" and not taken:
            found.append(("tls-not-best", "no TLS 1.3"))
    headers = tried.http_headers
    if headers and headers.status == DONE and headers.result and not headers.result.strict_transport_security_header:
        found.append(("tls-not-best", "no HSTS"))
    return found


def certificates(file: str, tried: Tried, day: date | None, at: str) -> list[tuple[str, str]]:
    """Return the signs of the server's own certificates, with the fact; their end counts against the scan's day."""
    info = tried.certificate_info
    shown = info.result.certificate_deployments if info.result else []
    own = [one.received_certificate_chain[0] for one in shown if one.received_certificate_chain]
    if info.status != DONE or not own:
        return [("tls-not-asked", "certificate not read")]
    found: list[tuple[str, str]] = []
    for certificate in own:
        ends = day_of(file, certificate.not_valid_after, f"{at}.not_valid_after")
        if day is not None and ends < day:
            found.append(("tls-broken", f"certificate expired {ends.isoformat()}"))
        elif day is not None and ends - day < SOON:
            found.append(("tls-not-best", f"certificate ends {ends.isoformat()}"))
    return found
