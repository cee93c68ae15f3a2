"""A minute of what ``make soak`` does for long: clients, faults and a verdict on everything that the clients saw."""

from __future__ import annotations

from typing import Final

from consistency.cluster import cluster
from consistency.faults import FAULTS
from consistency.report import describe
from consistency.rounds import Stage
from consistency.subjects import ours, textbook, textbook_uncached
from support.chance import chance_of

OPERATIONS: Final = 1_000
SEED: Final = 5

MIXTURES: Final = (
    (),
    ("values-deleted", "postgres-connections-broken"),
    ("redis-restarted-with-old-data", "sessions-terminated"),
    ("redis-replaced", "values-evicted"),
    ("redis-swallowed-in-turn", "replica-killed", "primed"),
)


async def test_no_read_is_stale_whatever_goes_wrong() -> None:
    async with cluster(ours(), chance_of(SEED)) as whole:
        stage = Stage(whole)
        for seed, names in enumerate(MIXTURES, SEED):
            faults = [FAULTS[name].fault for name in names]
            done = await stage.play(" + ".join(names), faults, OPERATIONS, seed)
            assert done.passes, describe(done)
            assert done.hits
            assert len(done.happened) == len(names)


async def test_the_textbook_is_caught() -> None:
    """Without any fault. Rounds are short, for the first may do."""
    async with cluster(textbook(), chance_of(SEED)) as whole:
        stage = Stage(whole)
        for seed in range(SEED, SEED + 8):
            if (await stage.play("no fault", [], 3_000, seed)).violations:
                return
    raise AssertionError("a cache that is stale under concurrent load was found right")


async def test_the_textbook_is_found_right_where_it_reads_past_its_cache() -> None:
    async with cluster(textbook_uncached(), chance_of(SEED)) as whole:
        done = await Stage(whole).play("no fault", [], 3_000, SEED)
        assert done.passes, describe(done)
