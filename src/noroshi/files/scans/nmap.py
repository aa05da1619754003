"""Nmap XML (`nmap -oX`): open ports of hosts that are up, and the CPE names of what answers there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from noroshi.files.scans.cpe import product_of
from noroshi.files.scans.ports import CORE_NAMES, CORE_PORTS, MANAGEMENT_NAMES, MANAGEMENT_PORTS, MUST_ASK
from noroshi.files.scans.reading import parse_xml, refuse
from noroshi.rate.exploited import Product
from noroshi.rate.measured import Scan, Seen

__all__ = ["read_nmap"]

LAST_PORT = 65_535
OPEN = "open"
ANSWERS = ("open", "closed")
UNASKED = "user-set"
"""Why a host counts as up under -Pn: nobody looked. One of which no port answers may not be there at all."""


@dataclass(slots=True)
class _Host:
    """One host while it is read: mutable, since XML comes in pieces."""

    up: bool = False
    answered: bool = False
    address: str = ""
    seen: dict[tuple[str, str], None] = field(default_factory=dict)
    cpes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Run:
    """One file while it is read."""

    file: str
    version: str = ""
    moment: str = ""
    asked: set[int] = field(default_factory=set)
    hosts: list[_Host] = field(default_factory=list)
    root: str = ""
    port: tuple[str, int] | None = None
    open: bool = False
    in_cpe: bool = False
    finished: bool = False

    def opened(self, name: str, a: dict[str, str]) -> None:
        """Take an element's attributes."""
        if not self.root:
            self.root = name
            if name != "nmaprun":
                raise refuse(
                    self.file, "bad-scan", f"<{name}>", "<nmaprun>, as `nmap -oX` writes it", "give such a file"
                )
            self.version, self.moment = a.get("version", ""), a.get("start", "")
        elif name == "scaninfo" and a.get("protocol") == "tcp":
            self.asked |= ports(self.file, a.get("services", ""))
        elif name == "host":
            self.hosts.append(_Host())
        elif name == "finished":
            self.finished, self.moment = a.get("exit", "success") == "success", a.get("time", self.moment)
        elif self.hosts:
            self.of_host(self.hosts[-1], name, a)

    def of_host(self, host: _Host, name: str, a: dict[str, str]) -> None:
        """Take an element inside a host."""
        if name == "status":
            host.up, host.answered = a.get("state") == "up", a.get("reason") != UNASKED
        elif name == "address" and (a.get("addrtype") in ("ipv4", "ipv6") or not host.address):
            host.address = a.get("addr", "")
        elif name == "port":
            number = a.get("portid", "")
            if not number.isdecimal() or int(number) > LAST_PORT:
                raise refuse(self.file, "bad-scan", number, "a port from 0 to 65535", "give the tool's own output",
                             at="port.portid")  # fmt: skip
            self.port, self.open = (a.get("protocol", ""), int(number)), False
        elif name == "extraports":
            host.answered = host.answered or a.get("state") in ANSWERS
        elif name == "state" and self.port:
            self.open = a.get("state") == OPEN
            host.answered = host.answered or a.get("state") in ANSWERS
            sign = sign_of(self.port, "") if self.open else None
            if sign:
                host.seen[sign] = None
        elif name == "service" and self.port and self.open:
            sign = sign_of(self.port, a.get("name", ""))
            if sign:
                host.seen[sign] = None
        elif name == "cpe":
            self.in_cpe = True
            host.cpes.append("")

    def closed(self, name: str) -> None:
        """Leave an element."""
        if name == "port":
            self.port = None
        self.in_cpe = self.in_cpe and name != "cpe"

    def words(self, text: str) -> None:
        """Take text: only CPE names have any that counts."""
        if self.in_cpe and self.hosts and self.hosts[-1].cpes:
            self.hosts[-1].cpes[-1] += text


def read_nmap(file: str, text: str) -> tuple[Scan, tuple[Product, ...]]:
    """Return the scan in an Nmap XML file and the products it names; InputError if it is no whole one."""
    run = _Run(file)
    parse_xml(file, text, run.opened, run.closed, run.words)
    if not run.finished:
        raise refuse(
            file, "bad-scan", "a scan that did not end", '<finished exit="success"/>', "run the scan to its end"
        )
    up = [host for host in run.hosts if host.up and host.answered and host.address]
    seen = [Seen(host.address, sign, detail) for host in up for sign, detail in host.seen]
    left_out = [name for name, numbers in MUST_ASK if not run.asked.issuperset(numbers)]
    if left_out:
        seen += [Seen(host.address, "ports-left-out", "not scanned for: " + ", ".join(left_out)) for host in up]
    # a host that was only pinged was not looked at
    assets = tuple(dict.fromkeys(host.address for host in up)) if run.asked else ()
    scan = Scan("nmap", run.version or "?", moment(file, run.moment), file, ("exposed-services",), assets, tuple(seen))
    products = [product_of(file, host.address, cpe.strip(), None) for host in up for cpe in host.cpes]
    return scan, tuple(dict.fromkeys(products))


def sign_of(port: tuple[str, int], name: str) -> tuple[str, str] | None:
    """Return what an open port shows: a sign and the fact, or nothing. A service's name counts before its port."""
    said = f"{port[1]}/{port[0]} open"
    group = CORE_NAMES.get(name) or CORE_PORTS.get(port)
    if group:
        return "exposed-core", f"{said}, {group}"
    if name in MANAGEMENT_NAMES or port in MANAGEMENT_PORTS:
        return "management-open", f"{said}, management"
    return None


def ports(file: str, written: str) -> set[int]:
    """Return the ports of a list as Nmap writes it: 22,80-90."""
    found: set[int] = set()
    for piece in written.split(",") if written else []:
        first, _, last = piece.partition("-")
        if not first.isdecimal() or not (last or first).isdecimal() or int(last or first) > LAST_PORT:
            raise refuse(
                file, "bad-scan", piece, "ports as 22,80-90", "give the tool's own output", at="scaninfo.services"
            )
        found.update(range(int(first), int(last or first) + 1))
    return found


def moment(file: str, seconds: str) -> date | None:
    """Return the day of a time in seconds since 1970; None where there is none."""
    if not seconds:
        return None
    try:
        return datetime.fromtimestamp(int(seconds), UTC).date()
    except (ValueError, OverflowError, OSError):
        raise refuse(
            file, "bad-scan", seconds, "seconds since 1970", "give the tool's own output", at="finished.time"
        ) from None
