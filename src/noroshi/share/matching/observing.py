"""A line of a log as STIX observables: the table of field names, and the objects that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from noroshi.share.matching.values import HASHES, guessed

__all__ = ["FIELDS", "Place", "observables"]


class Place(NamedTuple):
    """Where the value of a field goes: which object of the line, its type, the steps in it; whether it is a number."""

    object: str
    type: str
    path: tuple[str, ...]
    number: bool = False


TRAFFIC = "network-traffic"
HTTP = ("extensions", "http-request-ext")
ADDRESS = "address"
"""Type of an object that is an IPv4 or IPv6 address, as the value has it."""

ROWS: tuple[tuple[str, Place], ...] = (
    (
        "id.orig_h src_ip source.ip src srcip c-ip client_ip client.ip tx_hosts source_ip",
        Place("src", ADDRESS, ("value",)),
    ),
    (
        "id.resp_h dst_ip destination.ip dst dstip s-ip r-ip server.ip dest_ip rx_hosts destination_ip",
        Place("dst", ADDRESS, ("value",)),
    ),
    ("ip host.ip answers dns.resolved_ip related.ip remote_addr", Place("address*", ADDRESS, ("value",))),
    ("id.orig_p src_port source.port sport spt c-port", Place("traffic", TRAFFIC, ("src_port",), number=True)),
    (
        "id.resp_p dst_port destination.port dport dpt s-port dest_port",
        Place("traffic", TRAFFIC, ("dst_port",), number=True),
    ),
    ("proto network.transport protocol transport", Place("traffic", TRAFFIC, ("protocols",))),
    ("orig_bytes source.bytes bytes_out cs-bytes", Place("traffic", TRAFFIC, ("src_byte_count",), number=True)),
    ("resp_bytes destination.bytes bytes_in sc-bytes", Place("traffic", TRAFFIC, ("dst_byte_count",), number=True)),
    ("method http.request.method cs-method", Place("traffic", TRAFFIC, (*HTTP, "request_method"))),
    ("uri url.original cs-uri cs-uri-stem request_uri", Place("traffic", TRAFFIC, (*HTTP, "request_value"))),
    (
        "user_agent user_agent.original cs(user-agent) useragent http_user_agent",
        Place("traffic", TRAFFIC, (*HTTP, "request_header", "User-Agent")),
    ),
    (
        "query host server_name dns.question.name url.domain domain destination.domain http.host cs-host",
        Place("domain*", "domain-name", ("value",)),
    ),
    ("url url.full uri_full request_url", Place("url*", "url", ("value",))),
    ("filename file.name file_name fname", Place("file", "file", ("name",))),
    ("md5 file.hash.md5 hash.md5", Place("file", "file", ("hashes", "MD5"))),
    ("sha1 file.hash.sha1 hash.sha1", Place("file", "file", ("hashes", "SHA-1"))),
    ("sha256 file.hash.sha256 hash.sha256", Place("file", "file", ("hashes", "SHA-256"))),
    ("sha512 file.hash.sha512 hash.sha512", Place("file", "file", ("hashes", "SHA-512"))),
    ("mime_type file.mime_type", Place("file", "file", ("mime_type",))),
    ("file.size total_bytes", Place("file", "file", ("size",), number=True)),
    ("process.command_line commandline command_line cmdline", Place("process", "process", ("command_line",))),
    ("process.pid pid processid", Place("process", "process", ("pid",), number=True)),
    ("user.name username user account", Place("account", "user-account", ("user_id",))),
    ("mailfrom email.from.address sender from", Place("mail*", "email-addr", ("value",))),
    ("subject email.subject", Place("message", "email-message", ("subject",))),
    ("registry.path targetobject", Place("registry", "windows-registry-key", ("key",))),
    ("mac orig_l2_addr source.mac host.mac", Place("mac*", "mac-addr", ("value",))),
    (
        "asn as.number source.as.number destination.as.number",
        Place("as*", "autonomous-system", ("number",), number=True),
    ),
)
"""Names of fields (Zeek, ECS, common CSV; in lower case) and where their values go; `*`: an object for each value."""

FIELDS = {name: place for names, place in ROWS for name in names.split()}


def observables(fields: Sequence[tuple[str, str]]) -> dict[str, dict[str, Any]]:
    """Return the STIX objects that the fields of a line tell of, by id.

    Source and destination are those of a network-traffic object; a line without known fields gives none.
    """
    made: dict[str, dict[str, Any]] = {}
    for name, text in fields:
        place = FIELDS.get(name.lower())
        value = None if place is None else of_place(place, text)
        if place is None or value is None:
            continue
        key = place.object.replace("*", str(len(made)))
        kind = place.type
        if kind == ADDRESS:
            told = guessed(text)
            if told is None or told[0] not in {"ipv4", "ipv6"}:
                continue
            kind, value = f"{told[0]}-addr", told[1]
        put(made.setdefault(key, {"type": kind, "id": key}), place.path, value)
    ends = [end for end in ("src", "dst") if end in made]
    if ends:
        traffic = made.setdefault("traffic", {"type": TRAFFIC, "id": "traffic"})
        traffic.update({f"{end}_ref": end for end in ends})
    return made


def of_place(place: Place, text: str) -> Any:  # noqa: ANN401  a text, a number or a list
    """Return the value of a field in its type; None for a number that is none."""
    if place.number:
        return int(text) if text.isdecimal() else None
    if place.path == ("protocols",):
        return [text.lower()]
    if place.path[0] == "hashes" and len(text) in HASHES:
        return text.lower()
    return text


def put(one: dict[str, Any], path: tuple[str, ...], value: Any) -> None:  # noqa: ANN401  as above
    """Put a value at a path of an object; the first one stays."""
    for step in path[:-1]:
        one = one.setdefault(step, {})
    one.setdefault(path[-1], value)
