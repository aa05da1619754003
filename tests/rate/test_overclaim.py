"""Over-claim from audited pairs: found in simulated rounds, drawn towards nothing where pairs are few."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.rate.made import TODAY, catalogue

from noroshi.rate.evidence import Answer, Sheet, columns
from noroshi.rate.overclaim import PRIOR_SD, overclaim


def audited(organisations: int, over: float, seed: int = 1) -> list[Sheet]:
    """Return sheets with a claim on every item, and a third party's finding on every second one."""
    rng = np.random.default_rng(seed)
    asked = catalogue()
    sheets = []
    for k in range(organisations):
        own = over + rng.normal(0.0, 0.05)
        answers = []
        for i, item in enumerate(asked.items):
            truth = float(rng.uniform(0.2, 0.7))
            answers.append(Answer(item.id, float(np.clip(truth + own, 0.0, 1.0)), "self", TODAY))
            if i % 2:
                answers.append(Answer(item.id, truth, "third_party", TODAY - timedelta(days=30)))
        sheets.append(Sheet(f"o{k}", "s", TODAY, tuple(answers)))
    return sheets


@pytest.mark.parametrize("over", [0.0, 0.08, 0.15])
def test_what_was_put_in_is_found(over: float) -> None:
    asked = catalogue()
    found = overclaim(asked, columns(asked, audited(60, over)))
    assert found.organisations == 60
    assert found.pairs == 60 * (len(asked.items) // 2)
    assert abs(found.mean - over) < 3.0 * found.sd
    assert found.sd < 0.02


def test_few_pairs_say_little() -> None:
    asked = catalogue()
    one = overclaim(asked, columns(asked, audited(1, 0.2)))
    many = overclaim(asked, columns(asked, audited(40, 0.2)))
    assert 0.0 < one.mean < many.mean
    assert many.sd < one.sd < PRIOR_SD


def test_without_pairs_nothing_is_taken_off() -> None:
    asked = catalogue()
    claims = [Sheet("o", "s", TODAY, tuple(Answer(i.id, 1.0, "self", TODAY) for i in asked.items))]
    found = overclaim(asked, columns(asked, claims))
    assert (found.mean, found.sd, found.pairs, found.organisations) == (0.0, PRIOR_SD, 0, 0)


def test_a_document_is_no_check() -> None:
    asked = catalogue()
    item = asked.items[0].id
    both = (Answer(item, 1.0, "self", TODAY), Answer(item, 0.0, "document", TODAY))
    assert overclaim(asked, columns(asked, [Sheet("o", "s", TODAY, both)])).pairs == 0
