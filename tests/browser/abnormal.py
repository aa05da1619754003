"""A day on which much is abnormal: incidents, duties, requests, warnings without answers; and an exercise."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from noroshi.desk import asks, incidents, situations, warnings
from noroshi.desk.dossiers import Filing
from noroshi.desk.warnings_sending import Wanted, real_timing, send
from noroshi.respond.incident import Corrected, Moved, Reported
from noroshi.respond.situation import Gathered, Opened, Words
from noroshi.share.warnings import Audience, Said
from noroshi.share.warnings import Words as Text

if TYPE_CHECKING:
    from tests.browser.site import Site

__all__ = ["HOUR", "drilled", "reported", "troubled", "warned"]

HOUR = 3_600_000_000


def now() -> int:
    return time.time_ns() // 1000


def reported(
    site: Site, organisation: str, sector: str, *, by: str = "duty", what: str = "code-execution", ago_h: float = 5.0,
    regimes: tuple[str, ...] = ("NIS2",), exercise: bool = False,
) -> str:  # fmt: skip
    """Report an incident, which has gone on for some hours; return its id."""
    who, at = site.who(by), now()
    since = at - int(ago_h * HOUR)
    said = Reported(organisation, what, "Screens are black; work goes on by telephone.", since, sector, "named")
    uid = incidents.report(site.hub, who, said, at, Filing(exercise=exercise))
    more: list[Corrected | Moved] = [
        Corrected({"detected": since, **({"regimes": list(regimes)} if regimes else {})}),
        Moved("confirmed"),
    ]
    incidents.say(site.hub, who, uid, more, at, at)
    return uid


def warned(site: Site, title: str, *, exercise: bool = False) -> str:
    """Write a warning and send it to those of the power sector; return its id."""
    said = Said(
        Text(title, f"{title}(警告)"), Text("What is known of it.", "判明している内容。"),
        Text("Look at once.", "直ちに確認。"),
        "high", "AMBER", None, Audience(sectors=("power", "gas")), exercise=exercise,
    )  # fmt: skip
    who = site.who("duty")
    made = warnings.write(site.hub, site.settings.data, who, said, now())
    send(site.hub, site.settings, who, made.uid, Wanted(proposed=True), real_timing())
    return made.uid


def troubled(site: Site) -> dict[str, str]:
    """Bring about a bad day; return the ids of what there is by name."""
    duty, at = site.who("duty"), now()
    found = {
        "grid": reported(site, "asanagi-grid", "power", ago_h=70.0, regimes=("NIS2", "CIRCIA")),
        "rail": reported(site, "yunagi-rail", "railway", ago_h=1.0),
        "telecom": reported(site, "sorami-telecom", "telecom", ago_h=4.0, regimes=()),
        "port": reported(site, "tomariura-port", "port", ago_h=40.0, regimes=("NIS2",)),
    }
    uid = situations.open_(
        site.hub, duty, Opened(Words("Intrusions at operators of Sorami", "空海国の事業者への侵入"), "sorami"), at
    )
    situations.say(site.hub, duty, uid, [Gathered(found["grid"]), Gathered(found["telecom"])], at, at)
    what = Words("Say whether remote access is closed", "遠隔接続を閉じたか回答すること")
    found["ask"] = asks.ask(site.hub, duty, uid, "grid", "energy-ministry", what, at + 40 * 60_000_000, at)
    found["situation"] = uid
    found["warning"] = warned(site, "Remote access tools are being abused")
    return found


def drilled(site: Site) -> dict[str, str]:
    """Open an exercise with an incident in it."""
    duty, at = site.who("duty"), now()
    uid = situations.open_(
        site.hub, duty, Opened(Words("Exercise Beacon", "演習「烽火」"), "sorami"), at, Filing(exercise=True)
    )
    one = reported(site, "asanagi-gas", "gas", ago_h=2.0, exercise=True)
    situations.say(site.hub, duty, uid, [Gathered(one)], at, at)
    return {"situation": uid, "gas": one}
