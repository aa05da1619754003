"""Kinds of atomic indicators, and each value in the one form in which values are compared."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address, NetmaskValueError, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["HASHES", "KINDS", "MISP_TYPES", "STIX_PATHS", "canonical", "folded", "guessed", "refanged", "url_rest"]

HASHES = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
"""Number of hexadecimal digits -> kind."""

KINDS = {
    "ipv4": ("IPv4 address", "IPv4アドレス"),
    "ipv6": ("IPv6 address", "IPv6アドレス"),
    "net": ("network in CIDR notation", "CIDR表記のネットワーク"),
    "domain": ("domain name", "ドメイン名"),
    "idn": ("domain name in its own script", "国際化ドメイン名(表示形)"),
    "url": ("URL; the scheme is not compared", "URL(スキームは比べない)"),
    "email": ("mail address", "メールアドレス"),
    "md5": ("MD5 of a file", "MD5"),
    "sha1": ("SHA-1 of a file", "SHA-1"),
    "sha256": ("SHA-256 of a file", "SHA-256"),
    "sha512": ("SHA-512 of a file", "SHA-512"),
    "mac": ("hardware (MAC) address", "MACアドレス"),
    "asn": ("number of an autonomous system", "AS番号"),
    "file-name": ("name of a file, upper and lower case alike", "ファイル名(大文字小文字は区別しない)"),
    "user-agent": ("what a program calls itself, upper and lower case alike", "ユーザーエージェント"),
    "text": ("any other text, found where it stands alone", "その他の文字列"),
}
"""Kind -> what it is, in English and Japanese."""

STIX_PATHS = {
    "ipv4-addr:value": "ipv4",
    "ipv6-addr:value": "ipv6",
    "domain-name:value": "domain",
    "url:value": "url",
    "email-addr:value": "email",
    "mac-addr:value": "mac",
    "autonomous-system:number": "asn",
    "file:name": "file-name",
    "file:hashes.MD5": "md5",
    "file:hashes.'MD5'": "md5",
    "file:hashes.'SHA-1'": "sha1",
    "file:hashes.SHA1": "sha1",
    "file:hashes.'SHA-256'": "sha256",
    "file:hashes.SHA256": "sha256",
    "file:hashes.'SHA-512'": "sha512",
    "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'": "user-agent",
    "network-traffic:src_ref.value": "ipv4",
    "network-traffic:dst_ref.value": "ipv4",
}
"""Object path whose equality with a text is an atomic indicator (STIX 2.1, section 9.6) -> kind."""

MISP_TYPES = {
    "ip-src": "ipv4", "ip-dst": "ipv4", "ip": "ipv4", "domain": "domain", "hostname": "domain", "url": "url",
    "uri": "url", "link": "url", "email": "email", "email-src": "email", "email-dst": "email", "md5": "md5",
    "sha1": "sha1", "sha256": "sha256", "sha512": "sha512", "mac-address": "mac", "AS": "asn",
    "filename": "file-name", "user-agent": "user-agent", "ip-src|port": "ipv4", "ip-dst|port": "ipv4",
    "domain|ip": "domain", "hostname|port": "domain", "filename|md5": "file-name", "filename|sha1": "file-name",
    "filename|sha256": "file-name", "filename|sha512": "file-name",
}  # fmt: skip
"""Type of a MISP attribute -> kind; of a composite, that of its first part (the second one is told by its content)."""

DEFANGED = (
    (re.compile(r"^h(?:xx|\*\*|XX)p(s?)(?=\[?:)", re.IGNORECASE), r"http\1"),
    (re.compile(r"^fxp(?=\[?:)", re.IGNORECASE), "ftp"),
    (re.compile(r"\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)|\[d\]", re.IGNORECASE), "."),
    (re.compile(r"\[@\]|\(@\)|\[at\]|\(at\)", re.IGNORECASE), "@"),
    (re.compile(r"\[://\]|\[:\]//"), "://"),
    (re.compile(r"\[:\]"), ":"),
)
LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
DOMAIN = re.compile(rf"(?:{LABEL}\.)+(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?\Z")
EMAIL = re.compile(r"[a-z0-9._%+-]+@[a-z0-9_-][a-z0-9._-]*[a-z0-9]\Z")
IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])(?:\.|\Z)){4}(?<!\.)\Z")
HEX = re.compile(r"[0-9a-f]+\Z")
MAC = re.compile(r"(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\Z|(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}\Z")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
ASN = re.compile(r"(?:as)?\s?([0-9]{1,10})\Z")
DEFAULT_PORT = re.compile(r":(?:80|443)\Z")
LARGEST_ASN = 2**32 - 1
LONGEST = 4096
UPPER = {code: code + 32 for code in range(65, 91)}
DOMAIN_LONGEST = 253


def folded(text: str) -> str:
    """Return `text` with A-Z in lower case and nothing else changed."""
    return text.lower() if text.isascii() else text.translate(UPPER)


def refanged(text: str) -> str:
    """Return `text` as it was before it was made harmless for mails: hxxp://evil[.]example -> http://evil.example."""
    text = text.strip()
    if "[" in text or "(" in text or "{" in text or text[:1] in "hHfF":
        for pattern, real in DEFANGED:
            text = pattern.sub(real, text)
    return text


def canonical(kind: str, value: str) -> tuple[str, str] | None:
    """Return the kind and value as they are compared; None if the value is not of that kind.

    An IPv4 address may come out as a network or IPv6 and the other way round, as senders mix them up.
    """
    value = refanged(value)
    if not value or len(value) > LONGEST or "\n" in value:
        return None
    return MAKERS[kind](value)


def guessed(value: str) -> tuple[str, str] | None:
    """Return the kind that the value's form tells, and the value as it is compared; None where no kind fits."""
    value = refanged(value)
    if SCHEME.match(value):
        return url(value)
    for maker in (address, hashed, mac, email):
        found = maker(value)
        if found:
            return found
    if value[:2].lower() == "as" and value[2:].isdecimal():
        return asn(value)
    host, slash, _ = value.partition("/")
    if slash and (domain(host) or address(host)):
        return url("http://" + value)
    return domain(value)


def address(value: str) -> tuple[str, str] | None:
    """Return an address or a network."""
    if IPV4.match(value):
        return "ipv4", value
    if ":" not in value and "/" not in value:
        return None
    try:
        if "/" in value:
            net = ip_network(value, strict=False)
            if net.prefixlen == net.max_prefixlen:
                return address(str(net.network_address))
            return "net", str(net)
        number = IPv6Address(value.strip("[]").partition("%")[0])
    except (AddressValueError, NetmaskValueError, ValueError):
        return None
    mapped: IPv4Address | None = number.ipv4_mapped
    return ("ipv4", str(mapped)) if mapped else ("ipv6", str(number))


def domain(value: str) -> tuple[str, str] | None:
    """Return a domain name in lower case and ASCII (RFC 5890's A-labels), without the root's dot."""
    name = folded(value.rstrip("."))
    if not name.isascii():
        try:
            name = folded(name.encode("idna").decode("ascii"))
        except UnicodeError:
            return None
    name = name.removeprefix("*.").removeprefix(".")
    return ("domain", name) if len(name) <= DOMAIN_LONGEST and DOMAIN.match(name) else None


def url_rest(value: str) -> str:
    """Return a URL from its host on: without scheme, user and default ports, host in lower case, never without a path.

    RFC 3986, section 6.2: only what is safe without knowing the scheme.
    """
    rest = SCHEME.sub("", value, count=1)
    end = next((k for k, sign in enumerate(rest) if sign in "/?#"), len(rest))
    host, path = folded(rest[:end]).rpartition("@")[2], rest[end:]
    return DEFAULT_PORT.sub("", host.rstrip(".")) + (path or "/")


def url(value: str) -> tuple[str, str] | None:
    """Return a URL as `url_rest` has it."""
    rest = url_rest(value)
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    plain = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    if any(sign.isspace() or sign in '"<>' for sign in rest) or not plain or "/" in plain:
        return None
    return "url", rest


def email(value: str) -> tuple[str, str] | None:
    """Return a mail address in lower case."""
    text = folded(value)
    return ("email", text) if EMAIL.match(text) else None


def hashed(value: str) -> tuple[str, str] | None:
    """Return a hash in lower case; its length tells which."""
    text = folded(value)
    kind = HASHES.get(len(text))
    return (kind, text) if kind and HEX.match(text) else None


def mac(value: str) -> tuple[str, str] | None:
    """Return a hardware address as aa:bb:cc:dd:ee:ff."""
    text = folded(value)
    if not MAC.match(text):
        return None
    digits = re.sub(r"[:.-]", "", text)
    return "mac", ":".join(digits[k : k + 2] for k in range(0, 12, 2))


def asn(value: str) -> tuple[str, str] | None:
    """Return the number of an autonomous system as AS64500."""
    found = ASN.match(folded(value))
    return ("asn", f"AS{int(found[1])}") if found and int(found[1]) <= LARGEST_ASN else None


def text_of(kind: str) -> Callable[[str], tuple[str, str] | None]:
    """Return the maker of a kind of text that is compared in lower case."""

    def made(value: str) -> tuple[str, str] | None:
        return (kind, folded(value)) if any(sign.isalnum() for sign in value) else None

    return made


def first(*makers: Callable[[str], tuple[str, str] | None]) -> Callable[[str], tuple[str, str] | None]:
    """Return a maker that takes the first kind that fits."""
    return lambda value: next((found for maker in makers if (found := maker(value))), None)


MAKERS: dict[str, Callable[[str], tuple[str, str] | None]] = {
    "ipv4": address,
    "ipv6": address,
    "net": address,
    "domain": first(address, domain),
    "idn": text_of("idn"),
    "url": url,
    "email": email,
    **dict.fromkeys(HASHES.values(), hashed),
    "mac": mac,
    "asn": asn,
    "file-name": text_of("file-name"),
    "user-agent": text_of("user-agent"),
    "text": text_of("text"),
}
