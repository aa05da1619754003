"""What the answers on the scales of severity are called: the names of the tables that ship, by field and option."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from noroshi.files.severity import load_ladders, load_nciss

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["option_name", "scale_fact"]

Names = tuple[str, str]


def option_name(field: str, option: str, ja: int) -> str:
    """Return how people call an option of a field of an incident, such as `nciss.functional`; itself if unknown."""
    return named().get((field, option), (option, option))[ja]


def scale_fact(fact: Mapping[str, object], ja: int) -> dict[str, object]:
    """Return a fact that a severity follows from with the names of its category and its options."""
    field = f"{fact['scale']}.{fact['category']}"
    options = fact["options"]
    assert isinstance(options, list)  # noqa: S101  as the desk makes it
    return {
        "named": called().get(field, (field, field))[ja], "chosen": [option_name(field, one, ja) for one in options],
    }  # fmt: skip


@cache
def called() -> dict[str, Names]:
    """Return the names of all categories and axes, by their fields."""
    found = {f"nciss.{one.id}": (one.name, one.name_ja) for one in load_nciss().categories}
    for ladder in load_ladders():
        found |= {f"{ladder.id}.{axis}": (en, ja) for axis, en, ja in ladder.axes}
    return found


@cache
def named() -> dict[tuple[str, str], Names]:
    """Return the names of all options, by field and option."""
    found = {(f"nciss.{one.id}", option.id): (option.name, option.name_ja)
             for one in load_nciss().categories for option in one.options}  # fmt: skip
    for ladder in load_ladders():
        for one in ladder.statements:
            axis, _, grade = one.id.partition(":")
            found[f"{ladder.id}.{axis}", grade] = (one.name, one.name_ja)
    return found
