"""What must be reported of an incident: the duties of its regimes, from the moments that are known of it.

Detection is what the field says. Becoming aware is what its own field says, else detection, else the time at which the
incident was first entered here. Duties run from when the one before was met, where they say so.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from noroshi.desk import incidents
from noroshi.desk.due_dates import Asked, due_dates
from noroshi.desk.duty_names import met_known, regimes_known
from noroshi.share.taxii import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.desk.hub import Hub
    from noroshi.respond.clock import Due
    from noroshi.respond.incident import Incident
    from noroshi.store.contract import Principal

__all__ = ["dated", "incident_duties", "moments"]

HIDDEN = Refused(403, "Forbidden", "what a victim must report is for the victim, its ministry and the centre")


def incident_duties(  # noqa: PLR0913  whose, which, under what, with which clocks, when
    hub: Hub, asker: Principal, uid: str, regimes: Sequence[str], zone: str, holidays: str, now: datetime
) -> tuple[incidents.Shown, tuple[Due, ...]]:  # fmt: skip
    """Return an incident and what must be reported of it under regimes, by default those that it names.

    With none named, every duty that there is; what it names and there is not is left out (`duty_names.unknown_of`).
    Refused 403, 404; NotFoundError for a regime asked for, a zone or a calendar that there is not.
    """
    one = incidents.read(hub, asker, uid)
    if one.incident.hidden:
        raise HIDDEN
    return one, dated(one.incident, now, regimes, zone, holidays)


def dated(
    one: Incident, now: datetime, regimes: Sequence[str] = (), zone: str = "", holidays: str = ""
) -> tuple[Due, ...]:
    """Return when what must be reported of an incident is due; as `incident_duties`."""
    named = tuple(regimes) or regimes_known(one)
    if not named and one.value("regimes"):
        return ()
    return due_dates(Asked(moments=moments(one), zone=zone, holidays=holidays, regimes=named), now)


def moments(one: Incident) -> dict[str, str]:
    """Return the moments from which duties run that are known of an incident, and when each duty was met."""
    detected = one.value("detected")
    aware = one.value("awareness")
    if aware is None:
        aware = one.lines[0].entered if detected is None else detected
    found = {"awareness": aware, **({} if detected is None else {"detection": detected}), **met_known(one)}
    return {name: datetime.fromtimestamp(at / 1e6, UTC).isoformat() for name, at in found.items()}
