"""What the operator uses and asks for while there is nothing to do."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from dataclasses import dataclass
from typing import Final

from bench import usage
from bench.operator.api import Api
from support.apiserver import ApiServer
from support.operator_process import AGENT, OperatorProcess
from support.waiting import eventually

VISITS: Final = "bitcoincache_reconciles_total"

_AGENTS: Final = (AGENT, "kopf")
"""Of the operator: the Kubernetes client's, and that of what watches for it."""

_REQUESTS: Final = re.compile(r'^apiserver_request_total\{.*resource="(\w+)".*verb="(\w+)"\} (\S+)$', re.MULTILINE)
_ITS_KINDS: Final = frozenset(
    {
        *("bitcoincaches", "configmaps", "cronjobs", "deployments", "horizontalpodautoscalers", "jobs"),
        *("networkpolicies", "nodes", "persistentvolumeclaims", "persistentvolumes", "poddisruptionbudgets", "pods"),
        *("secrets", "serviceaccounts", "services", "storageclasses"),
    }
)
_QUIET_SECONDS: Final = 5.0
_PATIENCE: Final = 900.0


@dataclass(frozen=True)
class Rest:
    """Over ``seconds``: CPU in seconds, visits, and requests to the API server. Memory in MiB, as it was at the end."""

    seconds: float
    cpu: float
    visits: float
    reads: int
    watches: int
    writes: int
    resident: float
    peak: float


async def quiet(operator: OperatorProcess) -> None:
    """Returns once there has been next to nothing to do for some seconds; a resync may have been due."""
    since, visits = time.monotonic(), -10.0

    async def is_quiet() -> bool:
        nonlocal since, visits
        now = operator.metric(VISITS)
        if now > visits + 3 or operator.metric("bitcoincache_queue_depth"):
            since, visits = time.monotonic(), now
        await asyncio.sleep(0.5)
        return time.monotonic() - since > _QUIET_SECONDS

    await eventually(is_quiet, _PATIENCE)


def writes(server: ApiServer) -> int:
    """All that the operator asked to be changed so far."""
    return sum(len(server.writes(agent)) for agent in _AGENTS)


async def at_rest(server: ApiServer, api: Api, operator: OperatorProcess, seconds: float) -> Rest:
    """Looks on for that long."""
    written, requests = writes(server), await _requests(api)
    visits, cpu, began = operator.metric(VISITS), usage.cpu_seconds(operator.pid), time.monotonic()
    await asyncio.sleep(seconds)
    took = time.monotonic() - began
    asked = await _requests(api) - requests
    return Rest(
        seconds=took,
        cpu=usage.cpu_seconds(operator.pid) - cpu,
        visits=operator.metric(VISITS) - visits,
        reads=asked["GET"] + asked["LIST"],
        watches=asked["WATCH"],
        writes=writes(server) - written,
        resident=usage.resident_mib(operator.pid),
        peak=usage.peak_mib(operator.pid),
    )


async def _requests(api: Api) -> Counter[str]:
    """What was asked so far about the kinds that the operator deals with, by verb: nobody else asks at rest."""
    counted: Counter[str] = Counter()
    for resource, verb, value in _REQUESTS.findall(await api.text("/metrics")):
        if resource in _ITS_KINDS:
            counted[verb] += int(float(value))
    return counted
