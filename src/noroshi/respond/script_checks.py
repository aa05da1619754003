"""What is wrong with a step of a script by itself: that of the lines which it becomes."""

from __future__ import annotations

from noroshi.respond import asks, incident, position_checks
from noroshi.respond.incident import Wrong
from noroshi.respond.script import Step
from noroshi.respond.script_lines import POSITIONS, of_incident, of_position, reported, request

__all__ = ["wrongs"]


def wrongs(step: Step) -> list[Wrong]:
    """Return everything that is wrong with a step; what its text is told with counts."""
    has = step.has
    match step.kind:
        case "report":
            return incident.wrongs(reported(step))
        case "update":
            return [wrong for line in of_incident(step) for wrong in incident.wrongs(line)]
        case "ask":
            return asks.wrongs(asks.Asked(step.key, has["to"], has.get("through", ""), request(step), has["deadline"]))
        case kind if kind in POSITIONS:
            return position_checks.wrongs(of_position(step))
        case _:
            return []
