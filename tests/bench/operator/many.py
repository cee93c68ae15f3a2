"""Two hundred resources on a bare API server: converging, at rest, and under harm. Bounds stand beside the figures.

python -m bench.operator.many [--resources 200] [--rest 120] [--samples 400] [--report FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.operator import controllers, usage
from bench.operator.api import Api, connected
from bench.operator.drift import Key, Sample, Watched, harm
from bench.operator.findings import drift_table, rest_table
from bench.operator.report import Report
from support.apiserver import ApiServer, api_server
from support.operator_process import OperatorProcess
from support.prepared import prepare
from support.waiting import eventually

_MANAGED: Final = ("app.kubernetes.io/managed-by", "bitcoincache-operator")
_CROWDED: Final = 10
"""Half of the resources share this many namespaces; the others have one each."""

_AT_ONCE: Final = 3
"""Objects harmed at the same time, of as many resources."""

_BURST: Final = 0.5
"""The part of the resources of which each has an object harmed, all at the same time."""
_QUIET_SECONDS: Final = 5.0
_REQUESTS: Final = re.compile(r'^apiserver_request_total\{.*resource="(\w+)".*verb="(\w+)"\} (\S+)$', re.MULTILINE)
_READ: Final = frozenset(
    "bitcoincaches configmaps cronjobs deployments jobs nodes persistentvolumeclaims persistentvolumes pods secrets "
    "serviceaccounts services storageclasses networkpolicies poddisruptionbudgets horizontalpodautoscalers".split()
)


@dataclass(frozen=True)
class Options:
    resources: int
    rest: float
    samples: int
    report: Path | None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, default=200)
    parser.add_argument("--rest", type=float, default=120)
    parser.add_argument("--samples", type=int, default=400)
    parser.add_argument("--report", type=Path)
    options = Options(**vars(parser.parse_args()))
    with api_server() as server, tempfile.TemporaryDirectory() as folder:
        prepare(server)
        operator = OperatorProcess(server.kubeconfig, Path(folder))
        operator.start()
        try:
            asyncio.run(_bench(server, operator, options)).write(options.report)
        finally:
            operator.stop()


async def _bench(server: ApiServer, operator: OperatorProcess, options: Options) -> Report:
    report = Report(f"The operator with {options.resources} resources on a bare API server")
    async with connected(server.kubeconfig) as api, controllers.playing(server.kubeconfig):
        keys = await _namespaces(api, options.resources)
        _say(f"{options.resources} resources in {len({namespace for namespace, _ in keys})} namespaces are created")
        at_start, cpu = usage.resident_mib(operator.pid), usage.cpu_seconds(operator.pid)
        seconds = await _converge(api, keys)
        cpu = usage.cpu_seconds(operator.pid) - cpu
        report.text(
            f"Created at once, all were Ready after {seconds:.0f} s, for which the operator took {cpu:.0f} s of one core; "
            f"API server, etcd and the played controllers share the machine with it."
        )
        await _quiet(operator)
        _say(f"all are Ready after {seconds:.0f} s; at rest for {options.rest:.0f} s")
        rest_table(report, await _rest(server, api, operator, options.rest), at_start)
        watched = Watched(api)
        following = asyncio.create_task(watched.run())
        await watched.complete()
        dice = random.Random(1)
        _say(f"{options.samples} objects are harmed, {_AT_ONCE} at a time")
        few = await _harmed(api, watched, dice, options.samples, _AT_ONCE)
        await _quiet(operator)
        many = int(options.resources * _BURST)
        _say(f"{many} objects are harmed at once")
        burst = await _harmed(api, watched, dice, many, many)
        following.cancel()
        drift_table(report, {f"{_AT_ONCE} at a time": few, f"{many} at once": burst})
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    report.text(
        f"{os.cpu_count()} cores; load averages at the end: {load}. Peak resident: {usage.peak_mib(operator.pid):.0f} MiB."
    )
    return report


def _say(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


async def _namespaces(api: Api, resources: int) -> list[tuple[str, str]]:
    """Namespace and name of each resource that is to be; the namespaces are made."""
    keys = [
        (f"crowd{number % _CROWDED}" if number < resources // 2 else f"single{number}", f"demo{number}")
        for number in range(resources)
    ]
    for namespace in sorted({namespace for namespace, _ in keys}):
        await api.create("namespaces", "", {"metadata": {"name": namespace}})
    return keys


async def _converge(api: Api, keys: list[tuple[str, str]]) -> float:
    """Seconds from the first creation until the last is Ready."""
    body = {"apiVersion": "bitcoincache.dev/v1alpha1", "kind": "BitcoinCache", "spec": {}}
    began = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for namespace, name in keys:
            tasks.create_task(api.create("bitcoincaches", namespace, {**body, "metadata": {"name": name}}))
    waiting = set(keys)
    async for _, live in api.watch("bitcoincaches"):
        metadata, conditions = live["metadata"], live.get("status", {}).get("conditions") or ()
        if any(item["type"] == "Ready" and item["status"] == "True" for item in conditions):
            waiting.discard((metadata["namespace"], metadata["name"]))
        if not waiting:
            break
    return time.monotonic() - began


async def _quiet(operator: OperatorProcess) -> None:
    """Returns once no visit has ended for some seconds and none is due. A visit of the resync may be among them."""
    state = (time.monotonic(), -1.0)

    async def is_quiet() -> bool:
        nonlocal state
        visits = operator.metric("bitcoincache_reconciles_total")
        if visits > state[1] + 3 or operator.metric("bitcoincache_queue_depth"):
            state = (time.monotonic(), visits)
        await asyncio.sleep(0.5)
        return time.monotonic() - state[0] > _QUIET_SECONDS

    await eventually(is_quiet, 600)


async def _requests(api: Api) -> Counter[str]:
    """What was asked of the API server so far about the kinds that the operator deals with, by verb."""
    counted: Counter[str] = Counter()
    for resource, verb, value in _REQUESTS.findall(await api.text("/metrics")):
        if resource in _READ:
            counted[verb] += int(float(value))
    return counted


async def _rest(server: ApiServer, api: Api, operator: OperatorProcess, seconds: float) -> dict[str, float]:
    writes, requests = len(server.writes()), await _requests(api)
    visits, cpu = operator.metric("bitcoincache_reconciles_total"), usage.cpu_seconds(operator.pid)
    began = time.monotonic()
    await asyncio.sleep(seconds)
    took = time.monotonic() - began
    asked = await _requests(api) - requests
    return {
        "seconds": took,
        "cpu": usage.cpu_seconds(operator.pid) - cpu,
        "visits": operator.metric("bitcoincache_reconciles_total") - visits,
        "reads": asked["GET"] + asked["LIST"],
        "watches": asked["WATCH"],
        "writes": len(server.writes()) - writes,
        "resident": usage.resident_mib(operator.pid),
        "peak": usage.peak_mib(operator.pid),
    }


async def _harmed(api: Api, watched: Watched, dice: random.Random, count: int, at_once: int) -> list[Sample]:
    """Each harm is done to an object of a resource that nothing else is being done to."""
    samples: list[Sample] = []
    busy: set[str] = set()

    async def one_after_another() -> None:
        while len(samples) + len(busy) < count:
            key = _victim(watched, dice, busy)
            resource = watched.live[key]["metadata"]["labels"]["app.kubernetes.io/instance"]
            busy.add(resource)
            sample = await harm(api, watched, key, dice)
            busy.discard(resource)
            samples.append(sample)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(at_once):
            tasks.create_task(one_after_another())
    return samples


def _victim(watched: Watched, dice: random.Random, busy: set[str]) -> Key:
    name, manager = _MANAGED
    ours = {
        key: live["metadata"]["labels"]
        for key, live in watched.live.items()
        if (live["metadata"].get("labels") or {}).get(name) == manager
    }
    kind = dice.choice(sorted({plural for plural, _, _ in ours}))
    return dice.choice(
        sorted(
            key for key, labels in ours.items() if key[0] == kind and labels["app.kubernetes.io/instance"] not in busy
        )
    )


if __name__ == "__main__":
    main()
