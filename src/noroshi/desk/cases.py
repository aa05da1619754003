"""What an id stands for: a situation or an incident, whichever it is that one may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from noroshi.desk import incidents, situations
from noroshi.share.taxii import Refused

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Principal

__all__ = ["read"]

ABSENT = Refused(404, "Not found", "there is no such situation or incident, or it is not for you")


def read(hub: Hub, asker: Principal, uid: str) -> situations.Shown | incidents.Shown:
    """Return a situation, or else an incident; Refused 404 where one may see neither."""
    try:
        return situations.read(hub, asker, uid)
    except Refused as refused:
        if refused is not situations.ABSENT:
            raise
    try:
        return incidents.read(hub, asker, uid)
    except Refused as refused:
        if refused is not incidents.ABSENT:
            raise
        raise ABSENT from None
