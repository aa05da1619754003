"""What is a hit: indicators against the fields of one line, plainly, as `tokens` reads them."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from noroshi.share.matching.tokens import stands_alone, tokens, url_starts, urls
from noroshi.share.matching.values import url_rest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from noroshi.share.matching.indicators import Indicators

__all__ = ["ASN_FIELDS", "HOST_FIELDS", "PATH_FIELDS", "Seen", "seen_in", "valid_at"]

HOST_FIELDS = ("host", "http.host", "http.hostname", "url.domain", "cs-host", "cs_host", "request.host", "hostname")
PATH_FIELDS = ("uri", "http.uri", "http.url", "cs-uri", "cs_uri", "request_uri", "url.path", "cs-uri-stem", "path")
"""Fields that hold the host and the rest of a URL apart, the first that is there counts; compared in lower case."""
ASN_FIELDS = ("asn", "as_number", "as.number", "source.as.number", "destination.as.number", "src_asn", "dst_asn")
"""Fields whose plain number is that of an autonomous system."""
Network = IPv4Network | IPv6Network
FREE = ("file-name", "user-agent", "text", "idn")


@dataclass(frozen=True, slots=True)
class Seen:
    """One row of the indicators seen in a field, and the value as it stood there."""

    row: int
    field: str
    value: str


def seen_in(  # noqa: C901, PLR0912  one branch per group of kinds
    indicators: Indicators, rows: Iterable[int], fields: Sequence[tuple[str, str]], *, parents: bool
) -> list[Seen]:
    """Return which of `rows` are in the fields (name, text) of a line, each at the first place of each field.

    `parents`: a domain is also seen in each name under it. A URL is also seen where host and path are two fields.
    """
    exact: dict[tuple[str, str], list[int]] = {}
    nets: list[tuple[Network, int]] = []
    links: list[tuple[str, int]] = []
    free: list[tuple[str, int]] = []
    for row in sorted(rows):
        kind, value = indicators.kinds[row], indicators.values[row]
        if kind == "net":
            nets.append((ip_network(value), row))
        elif kind == "url":
            links.append((value, row))
        elif kind in FREE:
            free.append((value, row))
        else:
            exact.setdefault((kind, value), []).append(row)
    found: dict[tuple[int, str], Seen] = {}
    for name, text in fields:
        for kind, value, as_is in (*tokens(text), *number_of(name, text)):
            for row in of_token(kind, value, exact, nets, parents=parents):
                found.setdefault((row, name), Seen(row, name, as_is))
        for value, row in free:
            if stands_alone(text, value):
                found.setdefault((row, name), Seen(row, name, value))
        if links:
            for rest in urls(text):
                seen_links(rest, name, links, found)
    if links:
        for name, rest in in_two_fields(fields):
            seen_links(rest, name, links, found)
    return list(found.values())


def of_token(
    kind: str, value: str, exact: dict[tuple[str, str], list[int]], nets: list[tuple[Network, int]], *, parents: bool
) -> Iterator[int]:
    """Yield the rows of a token: its own, those of its parents, those of the networks around it."""
    yield from exact.get((kind, value), ())
    if kind == "domain" and parents and exact:
        dot = value.find(".")
        while dot >= 0:
            yield from exact.get((kind, value[dot + 1 :]), ())
            dot = value.find(".", dot + 1)
    elif nets and kind in {"ipv4", "ipv6"}:
        number = ip_address(value)
        for net, row in nets:
            if number in net:
                yield row


def number_of(name: str, text: str) -> Iterator[tuple[str, str, str]]:
    """Yield the number of an autonomous system where the field says that it is one."""
    if text.isdecimal() and name.lower() in ASN_FIELDS:
        yield "asn", f"AS{int(text)}", text


def seen_links(rest: str, name: str, links: list[tuple[str, int]], found: dict[tuple[int, str], Seen]) -> None:
    """Note the URLs that begin `rest`."""
    for value, row in links:
        if url_starts(rest, value):
            found.setdefault((row, name), Seen(row, name, rest))


def in_two_fields(fields: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the URL whose host and path are in two fields, under both names."""
    known: dict[str, tuple[str, str]] = {}
    for name, text in fields:
        known.setdefault(name.lower(), (name, text))
    host = next((known[name] for name in HOST_FIELDS if name in known), None)
    path = next((known[name] for name in PATH_FIELDS if name in known), None)
    if host and path and host[1] and path[1][:1] in {"/", "", "?"} and not set(host[1]) & set("/?# \t"):
        yield f"{host[0]}+{path[0]}", url_rest("http://" + host[1] + path[1].split(" ")[0])


def valid_at(indicators: Indicators, row: int, time: int | None) -> bool:
    """Say whether an indicator is valid at a time (microseconds since 1970); unknown times count as valid."""
    about = indicators.about[row]
    return time is None or about.since <= time < about.until
