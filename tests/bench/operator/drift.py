"""Faults done to what the operator made, and how long they last: measured by a watch of the bench's own."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bench.operator.api import Api
from support.kubernetes import Object
from support.waiting import eventually

Key = tuple[str, str, str]
"""Plural, namespace, name."""

_MANAGER: Final = "app.kubernetes.io/managed-by"
_OURS: Final = "bitcoincache-operator"
_INSTANCE: Final = "app.kubernetes.io/instance"

_GIVEN: Final = frozenset({"clusterIP", "clusterIPs", "healthCheckNodePort", "volumeName"})
"""What the API server chooses anew for an object that is made anew."""

_PATIENCE: Final = 60.0


def _of_spec(**spec: Any) -> Callable[[Object], Object]:
    return lambda _: {"spec": spec}


def _other_image(live: Object) -> Object:
    container = live["spec"]["template"]["spec"]["containers"][0]
    return {"spec": {"template": {"spec": {"containers": [{**container, "image": "example.com/other:1"}]}}}}


def _other_data(live: Object) -> Object:
    return {"data": dict.fromkeys(live["data"], "edited")}


def _lost_labels(live: Object) -> Object:
    return {"metadata": {"labels": dict.fromkeys(live["metadata"]["labels"])}}


def _one_label(_: Object) -> Object:
    return {"metadata": {"labels": {"app.kubernetes.io/part-of": "other"}}}


EDITS: Final[Mapping[str, tuple[Callable[[Object], Object], ...]]] = {
    "deployments": (_other_image, _of_spec(replicas=3), _lost_labels),
    "services": (_of_spec(selector={"app": "other"}), _lost_labels),
    "configmaps": (_other_data, _lost_labels),
    "secrets": (_one_label, lambda _: {"data": {"FOREIGN": "eA=="}}),
    "serviceaccounts": (lambda _: {"automountServiceAccountToken": True}, _lost_labels),
    "networkpolicies": (_of_spec(podSelector={"matchLabels": {"app": "other"}}), _lost_labels),
    "poddisruptionbudgets": (_of_spec(maxUnavailable=2), _lost_labels),
    "persistentvolumeclaims": (_one_label,),
    "persistentvolumes": (_one_label,),
}
"""Merge patches that each kind is hurt by."""

_NEVER_DELETED: Final = frozenset({"persistentvolumeclaims", "persistentvolumes"})
"""Data: they hold themselves while they are in use."""


@dataclass(frozen=True)
class Sample:
    """``seconds`` from the request that did the harm until the object was as before."""

    fault: str
    plural: str
    seconds: float


class Watched:
    """The newest state of every object of the kinds in ``EDITS``, and who waits for which."""

    def __init__(self, api: Api) -> None:
        self.live: dict[Key, Object] = {}
        self._api = api
        self._waiting: dict[Key, _Wait] = {}

    async def run(self) -> None:
        """Follows them until it is cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for plural in EDITS:
                tasks.create_task(self._follow(plural))

    async def complete(self) -> None:
        """Returns once all is known that there was."""
        there = sum([len(await self._api.list(plural)) for plural in EDITS])

        async def known() -> bool:
            return len(self.live) >= there

        await eventually(known)

    def expect(self, key: Key) -> _Wait:
        self._waiting[key] = _Wait(essence(self.live[key]))
        return self._waiting[key]

    async def _follow(self, plural: str) -> None:
        async for kind, live in self._api.watch(plural):
            key = plural, live["metadata"].get("namespace", ""), live["metadata"]["name"]
            if kind == "DELETED":
                self.live.pop(key, None)
            else:
                self.live[key] = live
            if key in self._waiting and self._waiting[key].sees(kind, live):
                del self._waiting[key]


class _Wait:
    """Ends when the object, having been harmed, is as it was."""

    def __init__(self, wanted: Object) -> None:
        self._wanted = wanted
        self._seen: Object | None = None
        self._harmed = False
        self._over = asyncio.get_running_loop().create_future()

    def sees(self, kind: str, live: Object) -> bool:
        self._seen = None if kind == "DELETED" else essence(live)
        whole = self._seen == self._wanted
        self._harmed = self._harmed or not whole
        if self._harmed and whole and not self._over.done():
            self._over.set_result(time.monotonic())
        return self._over.done()

    async def over(self) -> float:
        """When it was. Raises AssertionError where it never is."""
        try:
            async with asyncio.timeout(_PATIENCE):
                return float(await self._over)
        except TimeoutError as error:
            raise AssertionError(f"never repaired:\n{self._wanted}\nis\n{self._seen}") from error


def essence(live: Object) -> Object:
    """The object without what changes by itself."""
    metadata = live["metadata"]
    annotations = metadata.get("annotations") or {}
    own = {key: value for key, value in annotations.items() if key.startswith("bitcoincache.dev/")}
    out = {key: value for key, value in live.items() if key not in ("metadata", "status")}
    out["metadata"] = {"labels": metadata.get("labels"), "annotations": own}
    out["metadata"]["owners"] = metadata.get("ownerReferences")
    if live["kind"] == "Service":
        out["spec"] = {key: value for key, value in live["spec"].items() if key not in _GIVEN}
        out["spec"]["ports"] = [{**port, "nodePort": None} for port in live["spec"]["ports"]]
    return out


async def harmed(api: Api, watched: Watched, dice: random.Random, count: int, at_once: int) -> list[Sample]:
    """Each harm is done to an object of a resource that nothing else is being done to."""
    samples: list[Sample] = []
    busy: set[str] = set()

    async def one_after_another() -> None:
        while len(samples) + len(busy) < count:
            key = _victim(watched, dice, busy)
            resource = watched.live[key]["metadata"]["labels"][_INSTANCE]
            busy.add(resource)
            sample = await _harm(api, watched, key, dice)
            busy.discard(resource)
            samples.append(sample)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(at_once):
            tasks.create_task(one_after_another())
    return samples


def _victim(watched: Watched, dice: random.Random, busy: set[str]) -> Key:
    """Any kind is as likely as another."""
    labels = {key: live["metadata"].get("labels") or {} for key, live in watched.live.items()}
    ours = [key for key, its in labels.items() if its.get(_MANAGER) == _OURS and its[_INSTANCE] not in busy]
    kind = dice.choice(sorted({plural for plural, _, _ in ours}))
    return dice.choice(sorted(key for key in ours if key[0] == kind))


async def _harm(api: Api, watched: Watched, key: Key, dice: random.Random) -> Sample:
    """Deletes or edits one object, and waits until it is repaired."""
    plural, namespace, name = key
    edit = dice.choice(EDITS[plural] if plural in _NEVER_DELETED else (None, *EDITS[plural]))
    wait = watched.expect(key)
    patch = edit(watched.live[key]) if edit else {}
    began = time.monotonic()
    if edit is None:
        await api.delete(plural, namespace, name)
    else:
        await api.patch(plural, namespace, name, patch)
    return Sample("edit" if edit else "delete", plural, await wait.over() - began)
