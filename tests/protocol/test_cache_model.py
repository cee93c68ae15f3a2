from __future__ import annotations

import pytest

from protocol.cache_model import Rule, visit


def test_no_interleaving_reads_a_stale_value() -> None:
    search = visit(readers=2)
    assert search.trace is None, search.told()


@pytest.mark.parametrize("rule", Rule, ids=lambda rule: rule.name.lower())
def test_no_rule_can_be_left_out(rule: Rule) -> None:
    assert visit(readers=2, without=rule).trace is not None
