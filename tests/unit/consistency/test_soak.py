"""What the soak plays: nothing is left out, whatever its length."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from consistency.clients import MIXED, READING
from consistency.faults import FAULTS
from consistency.soak import alone, mixtures
from support.chance import chance_of


def test_each_fault_strikes_alone_for_clients_that_are_alike_and_for_a_replica_that_is_only_read_from() -> None:
    plans = alone(replicas=3)
    for mixes in ([MIXED], [READING, MIXED, MIXED]):
        played = [[kind.name for kind in plan.kinds] for plan in plans if plan.mixes == mixes]
        assert played == [[], *([name] for name in FAULTS)]


def test_mixtures_strike_both_ways_without_end() -> None:
    plans = list(islice(mixtures(chance_of(1), replicas=2), 200))
    assert Counter(len(plan.mixes) for plan in plans) == {1: 100, 2: 100}
    assert all(len(plan.kinds) in {2, 3} for plan in plans)
    assert {kind.name for plan in plans for kind in plan.kinds} == set(FAULTS)
