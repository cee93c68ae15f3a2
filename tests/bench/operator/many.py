"""Two hundred resources on a bare API server: converging, at rest, and under harm. Bounds stand beside the figures.

python -m bench.operator.many [--resources 200] [--rest 120] [--samples 400] [--report FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench import usage
from bench.operator import controllers
from bench.operator.api import Api, connected
from bench.operator.drift import Watched, harmed
from bench.operator.findings import converged, drift_table, rest_table
from bench.operator.rest import VISITS, at_rest, quiet, writes
from bench.report import Report
from support.apiserver import ApiServer, api_server
from support.operator_process import OperatorProcess
from support.prepared import prepare

_CROWDED: Final = 10
"""Half of the resources share this many namespaces; the others have one each."""

_AT_ONCE: Final = 3
"""Objects harmed at the same time, of as many resources."""

_BURST: Final = 0.5
"""The part of the resources of which each has an object harmed, all at the same time."""


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
            report = asyncio.run(_bench(server, operator, options))
        finally:
            operator.stop()
    report.write(options.report)


async def _bench(server: ApiServer, operator: OperatorProcess, options: Options) -> Report:
    report = Report(f"The operator with {options.resources} resources on a bare API server")
    async with connected(server.kubeconfig) as api, controllers.playing(server.kubeconfig):
        keys = await _namespaces(api, options.resources)
        empty, cpu = usage.resident_mib(operator.pid), usage.cpu_seconds(operator.pid)
        _say(f"{options.resources} resources in {len({namespace for namespace, _ in keys})} namespaces are created")
        seconds = await _converge(api, keys)
        cpu = usage.cpu_seconds(operator.pid) - cpu
        converged(report, seconds, cpu, operator.metric(VISITS), writes(server))
        await quiet(operator)
        _say(f"all were Ready after {seconds:.0f} s; now at rest for {options.rest:.0f} s")
        rest_table(report, await at_rest(server, api, operator, options.rest), empty)
        await _drift(api, operator, options, report)
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    report.text(f"{os.cpu_count()} cores, load averages at the end {load}.")
    return report


async def _drift(api: Api, operator: OperatorProcess, options: Options, report: Report) -> None:
    watched, many = Watched(api), int(options.resources * _BURST)
    dice = random.Random(1)  # noqa: S311 - the same choices each time
    following = asyncio.create_task(watched.run())
    await watched.complete()
    _say(f"{options.samples} objects are harmed, {_AT_ONCE} at a time")
    few = await harmed(api, watched, dice, options.samples, _AT_ONCE)
    await quiet(operator)
    _say(f"{many} objects are harmed at once")
    burst = await harmed(api, watched, dice, many, many)
    following.cancel()
    drift_table(report, {f"{_AT_ONCE} at a time": few, f"{many} at once": burst})


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


if __name__ == "__main__":
    main()
