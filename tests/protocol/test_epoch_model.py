from __future__ import annotations

import pytest

from protocol.epoch_model import visit
from protocol.epoch_state import Rule


def test_no_fault_makes_a_read_stale() -> None:
    search = visit()
    assert search.trace is None, search.told()


@pytest.mark.parametrize("rule", Rule, ids=lambda rule: rule.name.lower())
def test_no_rule_can_be_left_out(rule: Rule) -> None:
    assert visit(without=rule).trace is not None
