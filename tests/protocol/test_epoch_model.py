from __future__ import annotations

import pytest

from protocol.epoch_model import TELLING, Faults, visit
from protocol.epoch_state import Rule


def test_no_fault_makes_a_read_stale() -> None:
    search = visit(Faults(emptied=1, suspended=1))
    assert search.trace is None, search.told()


@pytest.mark.parametrize("rule", Rule, ids=lambda rule: rule.name.lower())
def test_no_rule_can_be_left_out(rule: Rule) -> None:
    assert visit(TELLING[rule], without=rule).trace is not None
