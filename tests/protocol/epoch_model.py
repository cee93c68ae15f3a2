"""An exhaustive model of epochs: which Redis is trusted, by whom, and what becomes of writes meanwhile.

Visits every interleaving of two replicas, each of which reads, writes and renews its permit, of what becomes of the
epoch, and of the faults: Redis emptied, gone, or replaced by one with old data; two of them at once; replicas cut off,
standing still or killed; answers lost and commands that arrive late. docs/adr/0013-epochs.md has the protocol,
``epoch_state`` what the model is made of, ``cache_model`` the protocol within one epoch.

``python -m protocol.epoch_model --emptied 2 --suspended 2`` looks further than the tests do.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Final, NamedTuple

from protocol.epoch_cache import read_steps, redis_steps, write_steps
from protocol.epoch_judge import epoch_steps, permit_steps
from protocol.epoch_state import STRANGER, Read, Replica, Rule, State, Step, in_order, without_unknown
from protocol.explore import Search, explore


class Faults(NamedTuple):
    """How often a process may be emptied behind everyone's back, and an epoch be suspended, rightly or wrongly."""

    emptied: int
    suspended: int


_STAMPS = (Rule.NEW_STAMP, Rule.STAMP_LEASE, Rule.STAMP_ANNOUNCE)

TELLING: Final = {rule: Faults(1, 0) if rule in _STAMPS else Faults(0, 1) for rule in Rule}
"""The fewest faults that show what each rule is for."""


def visit(faults: Faults, *, without: Rule | None = None) -> Search[State]:
    """Looks for a stale read, from what the migration leaves on. ``without`` leaves one rule out."""
    start = State((Replica(),) * 2, (STRANGER,) * 2, emptied=faults.emptied, suspended=faults.suspended)
    return explore(start, lambda state: _steps(state, without), _is_stale)


def _is_stale(s: State) -> bool:
    return any(r.read is Read.STALE for r in s.replicas)


def _steps(s: State, without: Rule | None) -> Iterator[Step]:
    for step, following in _judge_steps(s, without):
        yield step, in_order(without_unknown(following))
    for step, following in _cache_steps(s, without):
        yield step, in_order(following)


def _judge_steps(s: State, without: Rule | None) -> Iterator[Step]:
    for i in range(len(s.replicas)):
        yield from permit_steps(s, i, without)
    yield from epoch_steps(s, without)


def _cache_steps(s: State, without: Rule | None) -> Iterator[Step]:
    for i in range(len(s.replicas)):
        yield from read_steps(s, i, without)
        yield from write_steps(s, i, without)
    for p in range(len(s.processes)):
        yield from redis_steps(s, p, without)


def main() -> int:
    """Exit code 1 where there is a stale read, or a rule can be left out."""
    parser = argparse.ArgumentParser(description="Looks for a stale read, with all rules and without each of them.")
    parser.add_argument("--emptied", type=int, default=1, help="how often a Redis may be emptied")
    parser.add_argument("--suspended", type=int, default=1, help="how often an epoch may be suspended")
    faults = Faults(**vars(parser.parse_args()))
    full = visit(faults)
    print(f"all rules: {full.told()}", flush=True)
    wrong = full.trace is not None
    for rule in Rule:
        search = visit(TELLING[rule], without=rule)
        print(f"without {rule.name.lower()}: {search.told()}", flush=True)
        wrong |= search.trace is None
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
