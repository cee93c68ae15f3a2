"""Everything that may go wrong around the cache, by name."""

from __future__ import annotations

import random
from typing import Final

from consistency.faults import postgres, redis_network, redis_process, replicas, values
from consistency.faults.kinds import Kind

FAULTS: Final = {
    kind.name: kind
    for module in (values, redis_process, redis_network, replicas, postgres)
    for kind in vars(module).values()
    if isinstance(kind, Kind)
}


def mixed(chance: random.Random) -> list[Kind]:
    """Two or three faults, each of another part."""
    parts = chance.sample(sorted({kind.part for kind in FAULTS.values()}), chance.choice([2, 2, 3]))
    return [chance.choice([kind for kind in FAULTS.values() if kind.part == part]) for part in parts]
