"""Names of duties and regimes: refused at entry where there is no such, and told apart from the rest in older lines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import pytest
from tests.desk.briefed import BEGAN, Case, case

from noroshi.desk import incidents
from noroshi.desk.case_brief import case_brief
from noroshi.desk.duty_names import unknown, unknown_of
from noroshi.desk.incident_duties import incident_duties
from noroshi.respond.incident import Corrected, Met, Remarked, Reported
from noroshi.share.taxii import Refused


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Case]:
    one = case(tmp_path)
    yield one
    one.hub.store.close()


def test_what_there_is_not_is_refused_with_what_is_near(told: Case) -> None:
    told.opened(1.0)
    uid = told.reported(1.5, Reported("tomariura-port", "malware", "x", BEGAN, "port"))
    wrong = (
        (Met("appi-preliminary"), "met: appi-preliminary", "appi-prompt"),
        (Corrected({"regimes": ["APPI", "NIS 2"]}), "regimes: NIS 2 ", "NIS2"),
        (Corrected({"regimes": ["zzz"]}), "regimes: zzz", "APPI"),
    )
    for said, found, near in wrong:
        with pytest.raises(Refused) as refused:
            told.said(2.0, uid, Remarked("with it"), said)
        assert refused.value.status == 422
        assert found in refused.value.description
        assert near in refused.value.description
    assert len(incidents.read(told.hub, told.who("duty"), uid).incident.lines) == 1
    told.said(2.0, uid, Corrected({"regimes": ["appi"]}), Met("appi-prompt"), Met("determination"))
    assert unknown(Corrected({"regimes": 7})) == []


def test_an_older_line_with_one_stops_nothing_else(told: Case) -> None:
    told.opened(1.0)
    uid = told.reported(1.5, Reported("tomariura-port", "malware", "x", BEGAN, "port"))
    with patch("noroshi.desk.incidents.unknown", return_value=[]):
        told.said(2.0, uid, Corrected({"regimes": ["FOO", "APPI"]}), Met("appi-preliminary"), Met("appi-prompt"))
    now = datetime.fromtimestamp(told.at(5.0) / 1e6, UTC)
    one, dues = incident_duties(told.hub, told.who("duty"), uid, (), "", "", now)
    assert {due.duty.regime for due in dues} == {"APPI"}
    assert [due.duty.id for due in dues if due.met is not None] == ["appi-prompt"]
    assert unknown_of(one.incident) == ("FOO", "appi-preliminary")
    shown = case_brief(told.hub, told.who("duty"), told.uid, told.at(5.0)).shown
    assert {duty.regime for duty in shown.duties} == {"APPI"}
    assert any("FOO, appi-preliminary" in one.what.en and "FOO" in one.what.ja for one in shown.not_known)
    with patch("noroshi.desk.incidents.unknown", return_value=[]):
        told.said(3.0, uid, Corrected({"regimes": ["FOO"]}))
    assert incident_duties(told.hub, told.who("duty"), uid, (), "", "", now)[1] == ()
