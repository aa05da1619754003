"""Time to impact: open incidents become a shock, and the engine says which services go below their floor, and when.

What an incident takes out follows from what is reported: the systems that it names, else every system of the
organisation, by a table from the kind of event to an effect. Both are assumptions and are shown beside the result.
The band is that of restoring and detecting: all times at their 10 %, 50 % and 90 % points together.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msgspec import Struct, to_builtins
from msgspec.structs import replace as replaced

from noroshi.desk import cases, situations
from noroshi.share.taxii import Refused, timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from noroshi.desk import incidents
    from noroshi.desk.hub import Hub
    from noroshi.estate.model import Estate
    from noroshi.store.contract import Principal
    from noroshi.stress.result import Result, ServiceResult
    from noroshi.stress.shock import Hit, Shock

__all__ = [
    "EFFECTS",
    "LEFT_OUT",
    "LONGEST_H",
    "OVER",
    "UNCOUNTED",
    "Band",
    "Below",
    "Impact",
    "Struck",
    "hits_of",
    "impact",
    "impact_at",
    "impact_of",
    "impact_shown",
    "verdict",
]

EFFECTS: dict[str, tuple[str, ...]] = {
    "unavailability": ("freeze",), "destruction": ("freeze", "data_loss"), "malware": ("freeze",),
    "code-execution": ("loss_of_control",), "leak": ("data_loss",), "other": ("freeze",),
    "intrusion": (), "near-miss": (),
}  # fmt: skip
"""Kind of event -> what it is taken to do to a system (docs/semantics.md); nothing where nothing is out yet."""
LEFT_OUT: dict[str, tuple[str, str]] = {
    "over": ("over: recovered or closed", "復旧済みまたは終結"),
    "no-effect": ("a kind of event that takes nothing out by itself", "それ自体は何も止めない種別"),
    "unknown-when": ("not known since when", "発生日時が不明"),
    "not-in-estate": ("neither its organisation nor its systems are in the estate", "組織・システムがエステートにない"),
    "not-told": ("its victim is not told here", "被害組織が非開示"),
}  # fmt: skip
"""Why an incident is left out -> in words."""
UNCOUNTED = frozenset({"unknown-when", "not-in-estate", "not-told"})
"""Of these those by which what an incident does is not computed; by the others it does nothing."""
OVER = frozenset({"recovered", "closed"})
POINTS = (0.1, 0.5, 0.9)
SEASONS = ("winter", "spring", "summer", "autumn")
LONGEST_H = 24.0 * 30
HOUR = 3_600_000_000


class Struck(Struct, frozen=True):
    """What is taken to be out, how, from which hour, by which incident.

    assumed: no system was named; elsewhere: some were, and none of them is in the estate.
    """

    target: str
    effect: str
    onset_h: float
    incident: str
    assumed: bool
    elsewhere: bool = False


class Band(Struct, frozen=True):
    """A figure with all times at their 10 %, 50 % and 90 % points; None: not at all."""

    fast: float | None
    median: float | None
    slow: float | None

    def least(self) -> float:
        """Return the least of the three, infinite where there is none."""
        return min((one for one in (self.fast, self.median, self.slow) if one is not None), default=math.inf)


class Below(Struct, frozen=True):
    """A service that goes below its floor: from which hour of the run, for how long, and whether that is too long.

    beyond: None where it is still below at the end of the hours looked at, which are no more than the tolerance. cut:
    whether it is, so that hours and person_hours are a least. organisation: who runs it; person_hours: people x hours
    below the floor.
    """

    id: str
    name_en: str
    name_ja: str
    sector: str
    people: int
    tolerance_h: float
    from_h: Band
    hours: Band
    beyond: tuple[bool | None, bool | None, bool | None]
    causes: tuple[str, ...]
    organisation: str
    person_hours: Band
    cut: tuple[bool, bool, bool]


class Impact(Struct, frozen=True):
    """What open incidents come to: since when (microseconds), over how many hours, what was taken to be out.

    victims: organisations whose systems are taken to be out; depends: organisation -> how it depends on one of them.
    exercise: whether the case that was asked about is one.
    """

    estate: str
    began: int | None
    horizon_h: float
    struck: tuple[Struck, ...]
    below: tuple[Below, ...]
    left_out: tuple[tuple[str, str], ...]
    depends: dict[str, str]
    victims: tuple[str, ...] = ()
    exercise: bool = False

    @property
    def computed(self) -> bool:
        """Say whether there was a run, or nothing to run; not where incidents are left out for what is not known."""
        return bool(self.struck) or not any(why in UNCOUNTED for _, why in self.left_out)


def impact(hub: Hub, asker: Principal, uid: str, estate: str, hours: float, lang: str = "en") -> Impact:  # noqa: PLR0913
    """Return what the open incidents of a situation, or one incident, do to an estate over so many hours.

    estate "": the situation's. Refused 404; NotFoundError, InputError for the estate.
    """
    found = cases.read(hub, asker, uid)
    if isinstance(found, situations.Shown):
        estate, there = estate or found.situation.estate, found.incidents
    else:
        there = (found,)
    if not estate:
        raise Refused(422, "Unprocessable", "estate: none is named (expected a sample's name or a folder)")
    return replaced(impact_at(there, estate, hours, lang), exercise=found.dossier.exercise)


def impact_at(there: Iterable[incidents.Shown], estate: str, hours: float, lang: str = "en") -> Impact:
    """Return what incidents do to an estate by its name; NotFoundError, InputError for the estate."""
    from noroshi.files.estates import load

    return impact_of(load(estate, lang), estate, there, hours)


def impact_of(loaded: Estate, name: str, there: Iterable[incidents.Shown], hours: float) -> Impact:
    """Return what incidents do to a loaded estate."""
    struck, left_out, began = hits_of(loaded, there)
    horizon = min(max(hours, 1.0), LONGEST_H)
    if began is None or not struck:
        return Impact(name, began, horizon, (), (), left_out, {})
    from noroshi import stress
    from noroshi.desk import kernels
    from noroshi.stress.shock import Shock

    kernels.warm()
    local = datetime.fromtimestamp(began // 1_000_000, UTC).astimezone(ZoneInfo("Asia/Tokyo"))
    plain = Shock("incidents", horizon, (), local.hour + local.minute / 60.0, SEASONS[local.month % 12 // 3])
    runs = tuple(stress.run(loaded, at_point(loaded, plain, struck, point)) for point in POINTS)
    return Impact(name, began, horizon, struck, below(loaded, runs), left_out, depending(loaded, struck),
                  victims(loaded, struck))  # fmt: skip


def impact_shown(found: Impact) -> dict[str, Any]:
    """Return an impact as plain values; when it began as RFC 3339, what is left out by its reason.

    below, depends: None where they are not computed.
    """
    values: dict[str, Any] = {"exercise": found.exercise} | to_builtins(found)
    values["began"] = None if found.began is None else timestamp(found.began)
    values["computed"] = found.computed
    values |= {} if found.computed else {"below": None, "depends": None}
    values["left_out"] = [{"incident": uid, "reason": why} for uid, why in found.left_out]
    return values


def hits_of(
    loaded: Estate, there: Iterable[incidents.Shown]
) -> tuple[tuple[Struck, ...], tuple[tuple[str, str], ...], int | None]:
    """Return what incidents take out, those that are left out with the reason, and when the first began."""
    systems = dict(loaded.frame("systems").select("id", "organisation").iter_rows())
    left: list[tuple[str, str]] = []
    open_: list[tuple[int, incidents.Shown, tuple[str, ...], bool, bool]] = []
    for one in there:
        known = one.incident
        named = tuple(name for name in known.value("systems") or () if name in systems)
        targets = named or tuple(name for name, of in systems.items() if of == known.organisation)
        since = known.value("since")
        why = reason(one, since, targets)
        if why:
            left.append((one.dossier.uid, why))
        else:
            open_.append((since, one, targets, not named, not named and bool(known.value("systems"))))
    began = min((since for since, *_ in open_), default=None)
    struck = [
        Struck(target, effect, (since - (began or 0)) / HOUR, one.dossier.uid, assumed, elsewhere)
        for since, one, targets, assumed, elsewhere in open_
        for target in targets
        for effect in EFFECTS[one.incident.value("what")]
    ]
    return tuple(dict.fromkeys(struck)), tuple(left), began


def reason(one: incidents.Shown, since: int | None, targets: tuple[str, ...]) -> str:
    """Return why an incident is left out, "" where it is not."""
    known = one.incident
    if known.hidden:
        return "not-told"
    if known.state in OVER:
        return "over"
    if not EFFECTS[known.value("what")]:
        return "no-effect"
    if since is None:
        return "unknown-when"
    return "" if targets else "not-in-estate"


def at_point(loaded: Estate, plain: Shock, struck: tuple[Struck, ...], point: float) -> Shock:
    """Return the shock with each system's times to detect and to restore at one point of their distributions."""
    from noroshi.stress.shock import Hit, Spread

    columns = ("id", "detect_p50_h", "detect_p90_h", "restore_p50_h", "restore_p90_h")
    times = {name: figures for name, *figures in loaded.frame("systems").select(columns).iter_rows()}

    def hit(one: Struck) -> Hit:
        detect, restore = (
            Spread(p50, p90).quantile(point) if p50 and p90 else None
            for p50, p90 in (times[one.target][:2], times[one.target][2:])
        )
        return Hit(one.target, one.effect, one.onset_h, restore, detect)

    return replace(plain, hits=tuple(map(hit, struck)))


def below(loaded: Estate, runs: tuple[Result, ...]) -> tuple[Below, ...]:
    """Return the services that go below their floor in any run, the soonest first."""
    runs_it = dict(loaded.frame("services").select("id", "organisation").iter_rows())
    found = []
    for three in zip(*(run.services for run in runs), strict=True):
        if any(one.hours_below_floor > 0.0 for one in three):
            first = three[0]
            cut = (ends_below(three[0]), ends_below(three[1]), ends_below(three[2]))
            found.append(Below(
                first.id, first.name_en, first.name_ja, first.sector, first.people, first.tolerance_h,
                Band(*map(falls, three)), Band(*(one.hours_below_floor for one in three)),
                (beyond(three[0]), beyond(three[1]), beyond(three[2])),
                tuple(dict.fromkeys(cause for one in three for cause in one.causes)),
                runs_it.get(first.id) or "", Band(*(one.person_hours_below_floor for one in three)), cut,
            ))  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.from_h.least(), one.id)))


def ends_below(one: ServiceResult) -> bool:
    """Return whether a service that goes below its floor is still below it when the run ends."""
    return one.hours_below_floor > 0.0 and bool(one.served) and one.served[-1][1] < one.floor


def beyond(one: ServiceResult) -> bool | None:
    """Return whether a service is below its floor for too long; None where the run ends before that is known."""
    return None if ends_below(one) and not one.beyond_tolerance else one.beyond_tolerance


def verdict(three: Iterable[bool | None]) -> str:
    """Return whether it is too long over three runs: yes, maybe (in the worse cases), unknown, or no."""
    found = set(three)
    return "yes" if found == {True} else "maybe" if True in found else "unknown" if None in found else "no"


def falls(one: ServiceResult) -> float | None:
    """Return the hour at which a service first goes below its floor, None where it does not because of the shock."""
    if one.hours_below_floor <= 0.0:
        return None
    return next((hour for hour, share in one.served if share < one.floor), None)


def victims(loaded: Estate, struck: tuple[Struck, ...]) -> tuple[str, ...]:
    """Return the organisations whose systems are taken to be out."""
    systems = dict(loaded.frame("systems").select("id", "organisation").iter_rows())
    return tuple(dict.fromkeys(systems[one.target] for one in struck))


def depending(loaded: Estate, struck: tuple[Struck, ...]) -> dict[str, str]:
    """Return organisation -> the shortest chain by which it depends on one whose systems are out."""
    from noroshi.desk.warnings_estate import dependants

    hit = victims(loaded, struck)
    return {name: why.what for name, why in dependants(loaded, hit).items() if name not in hit}
