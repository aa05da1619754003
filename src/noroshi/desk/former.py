"""Answers with those of former ratings beside them, so that a finding of others can be superseded but not withdrawn."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from noroshi.errors import Fault, InputError
from noroshi.files.answers import load_answers
from noroshi.rate.former import NOT_THERE, carried, carried_sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from noroshi.files.rounds import Round
    from noroshi.rate.catalogue import Catalogue
    from noroshi.rate.evidence import Answer, Sheet

__all__ = ["answers_with", "rounds_with"]


def answers_with(
    where: str | Path, former: Sequence[str | Path], catalogue: Catalogue
) -> tuple[Sheet, tuple[Answer, ...]]:
    """Return the answers in a file with the findings of others that former files of theirs hold and it does not.

    Also which those are. InputError with every fault of the files, and for former answers of another organisation or
    of a later day.
    """
    faults: list[Fault] = []
    sheets = []
    for path in (where, *former):
        try:
            sheets.append((str(path), load_answers(path, catalogue)))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    (_, now), *before = sheets
    for path, sheet in before:
        if sheet.organisation != now.organisation:
            faults.append(Fault("bad-answers", file=path, column="organisation", found=sheet.organisation,
                                expected=f"{now.organisation}, as in {where}",
                                remedy="give the former answers of the same organisation"))  # fmt: skip
        elif sheet.as_of > now.as_of:
            faults.append(Fault("bad-answers", file=path, column="as_of", found=sheet.as_of.isoformat(),
                                expected=f"{now.as_of.isoformat()} or before, the day of {where}",
                                remedy="give them the other way round"))  # fmt: skip
    if faults:
        raise InputError(faults)
    in_turn = [*sorted((sheet for _, sheet in before), key=lambda sheet: sheet.as_of), now]
    whole = in_turn[0]
    for sheet in in_turn[1:]:
        whole = carried_sheet(catalogue, whole, sheet)
    own = Counter(now.answers)
    return whole, tuple((Counter(whole.answers) - own).elements())


def rounds_with(rounds: Sequence[Round]) -> list[Round]:
    """Return rounds, oldest first, each with the findings of others that an earlier one holds and it does not.

    Each organisation's are those of the last round in which it was rated: sitting one out withdraws nothing.
    """
    done: list[Round] = []
    for one in sorted(rounds, key=lambda one: one.as_of):
        now, at = one, {name: k for k, name in enumerate(one.organisation.tolist())}
        open_ = np.ones(len(at), np.bool_)
        for former in reversed(done):
            place = np.array([at.get(name, NOT_THERE) for name in former.organisation.tolist()], dtype=np.int64)
            there = place != NOT_THERE
            there[there] = open_[place[there]]
            place[~there] = NOT_THERE
            elapsed = np.zeros(len(place), np.int64)
            elapsed[there] = now.day[place[there]] - former.day[there]
            now = replace(now, answers=carried(former.answers, now.answers, place, elapsed))
            open_[place[there]] = False
        done.append(now)
    return done
