"""A whole cluster's controllers and kubelets, played by a process of its own: pods run, Jobs succeed, claims bind.

python -m bench.operator.controllers KUBECONFIG
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp

from bench.operator.api import Api, connected
from support.controllers import NOW
from support.kubernetes import Object

_PRIMED: Final = json.dumps({"keys": 7, "rows": 6})
_AT_ONCE: Final = 32


class Controllers:
    """What they do about each event. One at a time for an object."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._pods: defaultdict[str, set[str]] = defaultdict(set)
        self._rules: Final[dict[str, Callable[[str, Object], Awaitable[None]]]] = {
            "deployments": self._deployment,
            "jobs": self._job,
            "persistentvolumeclaims": self._claim,
        }

    async def run(self) -> None:
        """Until it is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for plural, rule in self._rules.items():
                tasks.create_task(self._follow(plural, rule, tasks))

    async def _follow(
        self, plural: str, rule: Callable[[str, Object], Awaitable[None]], tasks: asyncio.TaskGroup
    ) -> None:
        async for kind, live in self._api.watch(plural):
            tasks.create_task(self._handle(f"{plural}/{_owner(live)}", rule, kind, live))

    async def _handle(self, turn: str, rule: Callable[[str, Object], Awaitable[None]], kind: str, live: Object) -> None:
        async with self._turns[turn], self._slots:
            try:
                await rule(kind, live)
            except aiohttp.ClientResponseError as error:
                # Changed or deleted meanwhile: another event tells.
                if error.status not in (404, 409):
                    raise

    async def _deployment(self, kind: str, live: Object) -> None:
        replicas = 0 if kind == "DELETED" else live["spec"]["replicas"]
        names = [f"{live['metadata']['name']}-{number}" for number in range(replicas)]
        await self._have_pods(live, names, _running)
        counts = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), replicas)
        wanted = {"observedGeneration": live["metadata"]["generation"], **counts}
        status = live.get("status", {})
        if kind != "DELETED" and any(status.get(key, 0) != value for key, value in wanted.items()):
            conditions = [_condition("Available"), {**_condition("Progressing"), "reason": "NewReplicaSetAvailable"}]
            await self._patch_status("deployments", live, {**wanted, "conditions": conditions})
        if kind == "ADDED" and replicas:
            await self._api.create("endpointslices", live["metadata"]["namespace"], _endpoints(live["metadata"]))

    async def _job(self, kind: str, live: Object) -> None:
        if kind == "DELETED":
            await self._have_pods(live, [], _ended)
        elif not live.get("status", {}).get("conditions"):
            await self._have_pods(live, [f"{live['metadata']['name']}-0"], _ended)
            conditions = [_condition("SuccessCriteriaMet"), _condition("Complete")]
            ended = {"startTime": NOW, "completionTime": NOW, "succeeded": 1, "conditions": conditions}
            await self._patch_status("jobs", live, ended)

    async def _claim(self, kind: str, live: Object) -> None:
        if kind != "DELETED" and live["status"].get("phase") != "Bound":
            capacity = live["spec"]["resources"]["requests"]
            await self._patch_status("persistentvolumeclaims", live, {"phase": "Bound", "capacity": capacity})

    async def _patch_status(self, plural: str, live: Object, status: Object) -> None:
        await self._api.patch_status(plural, live["metadata"]["namespace"], live["metadata"]["name"], status)

    async def _have_pods(self, owner: Object, names: list[str], status_of: Callable[[Object], Object]) -> None:
        namespace, pods = owner["metadata"]["namespace"], self._pods[f"{owner['kind']}/{_owner(owner)}"]
        for name in pods - set(names):
            pods.remove(name)
            await self._api.delete("pods", namespace, name)
        for name in sorted(set(names) - pods):
            pods.add(name)
            pod = _pod(owner, name)
            await self._api.create("pods", namespace, pod)
            await self._api.patch_status("pods", namespace, name, status_of(pod))


def _endpoints(metadata: Object) -> Object:
    """Of the Service that has the Deployment's name and labels."""
    labels = {**metadata["labels"], "kubernetes.io/service-name": metadata["name"]}
    endpoints = [{"addresses": ["198.51.100.1"], "conditions": {"ready": True}}]
    head = {"name": metadata["name"], "labels": labels}
    body = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": head}
    return {**body, "addressType": "IPv4", "endpoints": endpoints}


def _owner(live: Object) -> str:
    return f"{live['metadata']['namespace']}/{live['metadata']['name']}"


def _pod(owner: Object, name: str) -> Object:
    template = owner["spec"]["template"]
    labels = dict(template["metadata"]["labels"])
    if owner["kind"] == "Job":
        labels["batch.kubernetes.io/job-name"] = owner["metadata"]["name"]
    annotations = template["metadata"].get("annotations")
    metadata = {"name": name, "labels": labels, "annotations": annotations}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


def _running(pod: Object) -> Object:
    types = ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")
    addresses = {"hostIP": "192.0.2.1", "podIP": "198.51.100.1", "startTime": NOW}
    container = _container(pod, {"running": {"startedAt": NOW}}, ready=True)
    return {
        "phase": "Running",
        "conditions": list(map(_condition, types)),
        "containerStatuses": [container],
        **addresses,
    }


def _ended(pod: Object) -> Object:
    terminated = {"exitCode": 0, "reason": "Completed", "message": _PRIMED, "startedAt": NOW, "finishedAt": NOW}
    container = _container(pod, {"terminated": terminated}, ready=False)
    return {"phase": "Succeeded", "containerStatuses": [container], "startTime": NOW}


def _container(pod: Object, state: Object, *, ready: bool) -> Object:
    wanted = pod["spec"]["containers"][0]
    image = {"image": wanted["image"], "imageID": f"docker.io/{wanted['image']}@sha256:{'0' * 64}"}
    known = {"name": wanted["name"], "containerID": f"containerd://{'0' * 64}", "restartCount": 0, **image}
    return {**known, "state": state, "ready": ready, "started": ready}


def _condition(kind: str) -> Object:
    return {"type": kind, "status": "True", "lastTransitionTime": NOW}


@asynccontextmanager
async def playing(kubeconfig: Path) -> AsyncIterator[None]:
    """A process of its own, so that what it costs isn't taken for the operator's."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, kubeconfig)
    try:
        yield
        assert process.returncode is None, "the controllers have ended"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _main(kubeconfig: Path) -> None:
    async with connected(kubeconfig) as api:
        await Controllers(api).run()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
