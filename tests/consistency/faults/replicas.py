"""What happens to the service, and priming beside it."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Mapping

from bitcoincache_api.contract import PRIME_COMMAND
from consistency.cluster import Cluster
from consistency.faults.kinds import Keys, Traces, happened, last, to


@to("replica")
async def replica_killed(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    replica = chance.choice(cluster.replicas)
    replica.kill()
    await asyncio.sleep(chance.random())
    await replica.start()
    return "a replica killed and restarted"


@to("replica")
async def replica_paused(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    """For longer than any promise in the protocol lasts."""
    replica = chance.choice(cluster.replicas)
    await last(replica.freeze, 13.0, replica.thaw)
    return "a replica paused for 13 s"


@to("replica")
async def replica_paused_in_turn(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    for _ in range(4):
        replica = chance.choice(cluster.replicas)
        await last(replica.freeze, chance.random() * 2, replica.thaw)
        await asyncio.sleep(0.3)
    return "replicas paused, 4 times"


@to("priming")
async def primed(cluster: Cluster, _keys: Keys, chance: random.Random) -> str:
    """By several processes at once, each of them started and ended somewhere in the middle of what clients write.

    Again, where none came to its end: another fault may have stopped each.
    """
    primings = Traces()
    for _ in primings.for_seconds(0.0):
        environments = [chance.choice(cluster.replicas).environment for _ in range(3)]
        ended = await asyncio.gather(*(_prime(environment, chance.random() * 3) for environment in environments))
        primings.count += sum(ended)
    return happened(primings.count, "primings")


async def _prime(environment: Mapping[str, str], wait: float) -> bool:
    """Whether it came to its end."""
    await asyncio.sleep(wait)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *PRIME_COMMAND[1:],
        env=environment,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(40.0):
            return await process.wait() == 0
    except TimeoutError:
        process.kill()
        await process.wait()
        return False
