"""Kernels: repair crews, their jobs, travel and shifts (docs/semantics.md, Crews)."""

from __future__ import annotations

import math

from noroshi.flow.kernel import bare
from noroshi.stress.draw import Draw
from noroshi.stress.kernel_units import tell
from noroshi.stress.model import NONE
from noroshi.stress.outcome import (
    REPAIR,
    SELF,
)  # fmt: skip
from noroshi.stress.rules import KM_PER_DEG, TICK
from noroshi.stress.scene import (
    Plan,
    Scene,
)  # fmt: skip


@bare
def distance(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Return kilometres in a straight line on a local plane; 0 where a position is not known."""
    if math.isnan(lat) or math.isnan(lat2):
        return 0.0
    x = (lon2 - lon) * math.cos(math.radians(0.5 * (lat + lat2)))
    return KM_PER_DEG * math.sqrt(x * x + (lat2 - lat) * (lat2 - lat))


@bare
def shift_end(m: Plan, d: Draw, s: Scene, crew: int, work: float) -> float:
    """Return the hour at which `work` hours are done from now on, counting only the crew's shift."""
    now = s.now[0]
    length = m.crews.shift_hours[crew]
    if length >= 24.0 - TICK:
        return now + work
    into = (now + d.clock - m.crews.shift_start[crew]) % 24.0
    begins = now if into < length else now + (24.0 - into)
    first_day = length - into if into < length else length
    if work <= first_day:
        return begins + work
    rest = work - first_day
    days = math.floor(rest / length)
    rest -= days * length
    return begins + first_day + (24.0 - length) + days * 24.0 + rest


@bare
def assign_crews(m: Plan, d: Draw, s: Scene) -> None:
    """Give free teams the oldest jobs (ties: unit order); a job's end is known once it is taken."""
    unit = d.unit
    u_crew = m.units.crew
    hit_end = s.hit_end
    team_at = s.team_at
    m_team = m.team
    team_lat = s.team_lat
    team_lon = s.team_lon
    lat = m.units.lat
    lon = m.units.lon
    work = d.work
    end = d.end
    seen = d.seen
    now = s.now
    speed = m.crews.speed
    passed = s.passed
    passed[:] = False
    while True:
        job = NONE
        for k in range(d.unit.size):
            waits = math.isnan(end[k]) and hit_end[k] == math.inf and seen[k] <= now[0] + TICK
            if not waits or passed[k]:
                continue
            older = job == NONE or seen[k] < seen[job]
            if older or (seen[k] == seen[job] and unit[k] < unit[job]):
                job = k
        if job == NONE:
            return
        passed[job] = True
        u = unit[job]
        crew = u_crew[u]
        team = NONE
        for t in range(m_team[crew], m_team[crew + 1]):
            if team_at[t] <= now[0] + TICK:
                team = t
                break
        if team == NONE:
            continue
        km = distance(team_lat[team], team_lon[team], lat[u], lon[u])
        hit_end[job] = shift_end(m, d, s, crew, km / speed[crew] + work[job])
        team_at[team] = hit_end[job]
        if not math.isnan(lat[u]):
            team_lat[team] = lat[u]
            team_lon[team] = lon[u]
        tell(s, REPAIR, u, SELF)
