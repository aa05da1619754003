"""The hub's certificate: looked at before anything listens, so that what is wrong with it is said with a remedy."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from noroshi.errors import Fault, InputError

if TYPE_CHECKING:
    from noroshi.settings import Settings

__all__ = ["STRICT", "Tls", "tls_of"]

STRICT = ("Strict-Transport-Security", "max-age=31536000")
"""Header of every answer over TLS: browsers that have seen it ask no more without (RFC 6797)."""


class Tls(NamedTuple):
    """Files in PEM: the certificate with those between it and its authority, and its key."""

    certificate: str
    key: str


def tls_of(settings: Settings) -> Tls | None:
    """Return the files of the hub's certificate, None where it has none; InputError where they cannot serve."""
    named = {"tls_certificate": settings.tls_certificate, "tls_key": settings.tls_key}
    if not any(named.values()):
        return None
    for name, value in named.items():
        if not value:
            raise InputError([_fault(name, "nothing", "name both files, or neither")])
    found = Tls(*named.values())
    _look(found)
    return found


def _look(found: Tls) -> None:
    """Raise InputError where the files are not there, are no PEM, do not belong together or want a password."""
    for name, path in zip(("tls_certificate", "tls_key"), found, strict=True):
        try:
            with open(path, "rb") as file:  # noqa: PTH123  a path as a setting has it
                file.read(1)
        except OSError as error:
            text = f"{path}: {error.strerror}"
            raise InputError([_fault(name, text, "name a file in PEM that the hub may read")]) from error
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*found, password=_locked)
    except ssl.SSLError as error:
        told = error.reason or str(error)
        remedy = "give the certificate with its own key, both in PEM"
        raise InputError([_fault("tls_key", f"{found.certificate}, {found.key}: {told}", remedy)]) from error


def _locked() -> NoReturn:
    """Refuse a key that wants a password: a hub starts by itself."""
    remedy = "take the password off the key, and let only the hub's user read it"
    raise InputError([_fault("tls_key", "a key that wants a password", remedy)])


def _fault(setting: str, found: str, remedy: str) -> Fault:
    """Return the fault of a setting."""
    return Fault("bad-setting", column=setting, found=found, expected="a certificate and its key", remedy=remedy)
