"""Whatever a status may say is explained."""

from __future__ import annotations

from bitcoincache_api.crd.meanings import CONDITIONS, REASONS
from bitcoincache_api.crd.status import ConditionType, Reason


def test_every_condition_and_every_reason_has_a_meaning() -> None:
    assert CONDITIONS.keys() == set(ConditionType)
    assert REASONS.keys() == set(Reason)


def test_meanings_are_told_in_words() -> None:
    assert all(CONDITIONS.values())
    assert all(meaning.tells for meaning in REASONS.values())
