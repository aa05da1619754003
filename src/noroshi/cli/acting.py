"""What commands have in common that act at the hub's desk: who acts, and what the desk refuses as an error here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from noroshi.errors import Fault, InputError, NotFoundError

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.settings import Settings
    from noroshi.store.contract import Principal

__all__ = ["AS", "at_desk", "at_hub", "micros"]

AS = click.option("--as", "principal", required=True, metavar="NAME", help="Who does it. 実行する主体。")
NOT_FOUND, UNFIT = 404, 422
REMEDY = "see docs/reference/permissions.md for who may do what"


def micros() -> int:
    """Return the time in microseconds."""
    return time.time_ns() // 1000


@contextmanager
def at_desk(settings: Settings, principal: str) -> Iterator[tuple[Hub, Principal]]:
    """Yield the hub and who acts; what the desk refuses becomes an error of the command line."""
    with at_hub(settings) as hub:
        found = hub.store.principal(principal)
        if found is None:
            raise NotFoundError(f"no principal {principal!r}; declare it with `noroshi admin apply`")
        yield hub, found[0]


@contextmanager
def at_hub(settings: Settings) -> Iterator[Hub]:
    """Yield the hub to the machine's owner; what the desk refuses becomes an error of the command line."""
    from noroshi.desk.hub import open_hub
    from noroshi.share.taxii import Refused

    hub = open_hub(settings)
    try:
        yield hub
    except Refused as refused:
        if refused.status == NOT_FOUND:
            raise NotFoundError(refused.description) from None
        if refused.status == UNFIT:
            raise InputError([Fault("not-accepted", found=refused.description, expected="what is said beside each",
                                    remedy="correct it and try again; nothing of it was kept")]) from None  # fmt: skip
        raise InputError([Fault("refused", found=refused.description, expected="what the table of permissions and the"
                                " marking allow", remedy=REMEDY)]) from None  # fmt: skip
    finally:
        hub.close()
