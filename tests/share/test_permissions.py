"""The table of permissions, cell by cell, against rules that are written here once more in another way."""

from __future__ import annotations

import itertools

import pytest

from noroshi.files import declarations
from noroshi.share.permissions import ACTIONS, KINDS, SCOPES, Leave, leave, reason

TAKES_PART = {"objects.send", "objects.delete", "submissions.read", "warnings.answer", "asks.answer"}
WARNING = {"warnings.write", "warnings.follow", "warnings.read"}
INCIDENT = {"incidents.report", "incidents.read", "situations.read"}
RUNS = {"principals.list", "principals.change", "grants.change", "communities.change"}


def oracle(action: str, kind: str, *, owner: bool) -> Leave:  # noqa: C901, PLR0911, PLR0912  one rule after the other
    """The rules in words: who runs the hub manages it, who audits it takes no part, all else is one's own."""
    if action in {"centres.change", "hub.keep"}:
        return Leave.ALLOWED if owner else Leave.NEVER
    if action == "journal.read":
        return Leave.ALLOWED if owner or kind in {"centre", "auditor"} else Leave.NEVER
    if action == "estates.change":
        if owner or kind == "centre":
            return Leave.ALLOWED
        return Leave.OWN if kind in {"ministry", "operator"} else Leave.NEVER
    if action in RUNS:
        return Leave.ALLOWED if owner or kind == "centre" else Leave.NEVER
    if action in WARNING:
        if owner or kind == "centre" or (kind == "auditor" and action != "warnings.write"):
            return Leave.ALLOWED
        return Leave.OWN if kind == "ministry" or action == "warnings.read" else Leave.NEVER
    if action == "situations.manage":
        return Leave.ALLOWED if owner or kind == "centre" else Leave.NEVER
    if action in INCIDENT:
        if owner or kind == "centre" or (kind == "auditor" and action.endswith(".read")):
            return Leave.ALLOWED
        out = {"incidents.report": {"partner", "auditor"}, "incidents.read": {"partner"}}.get(action, set())
        return Leave.NEVER if kind in out else Leave.OWN
    if action in {"releases.propose", "whatif.run"}:
        return Leave.OWN if owner or kind in {"centre", "ministry", "operator"} else Leave.NEVER
    if action in {"ratings.read", "assessments.read", "assessments.write"}:
        if kind in {"partner", "auditor"} and not owner:
            return Leave.NEVER
        everything = action.endswith(".read") and (owner or kind == "centre")
        return Leave.ALLOWED if everything else Leave.OWN
    if action in {"merges.judge", "releases.approve"}:
        if owner or kind == "centre":
            return Leave.ALLOWED
        return Leave.NEVER if kind == "auditor" else Leave.OWN
    if action == "sources.read":
        return Leave.ALLOWED if owner or kind in {"centre", "auditor"} else Leave.OWN
    if action in TAKES_PART and kind == "auditor" and not owner:
        return Leave.NEVER
    return Leave.OWN


@pytest.mark.parametrize(("action", "kind", "owner"), [*itertools.product(ACTIONS, KINDS, (False, True))])
def test_every_cell_is_as_the_rules_say_and_has_its_reason(action: str, kind: str, owner: bool) -> None:
    said = leave(action, kind, owner=owner)
    assert said is oracle(action, kind, owner=owner)
    assert reason(action, said)


@pytest.mark.parametrize(("action", "scope"), [*itertools.product(ACTIONS, SCOPES)])
def test_a_token_does_what_it_was_made_for_and_no_more(action: str, scope: str) -> None:
    with_it = leave(action, "centre", owner=True, scopes=frozenset({scope}))
    assert (with_it is Leave.NEVER) == (ACTIONS[action].scope != scope)
    assert leave(action, "centre", owner=True, scopes=frozenset()) is Leave.NEVER


@pytest.mark.parametrize(("action", "kind"), [("objects.burn", "centre"), ("", "centre"), ("self.read", "guest")])
def test_what_is_not_in_the_table_nobody_may(action: str, kind: str) -> None:
    assert leave(action, kind, owner=True) is Leave.NEVER


def test_the_kinds_are_those_that_can_be_declared() -> None:
    assert declarations.KINDS == KINDS


@pytest.mark.parametrize("action", ACTIONS)
def test_every_row_says_what_it_is_in_both_languages(action: str) -> None:
    row = ACTIONS[action]
    assert len(row.kinds) == len(KINDS)
    assert row.scope in SCOPES
    assert row.meaning.isascii()
    assert not row.meaning_ja.isascii()
    assert set(row.why) == {*row.kinds, row.owner}
