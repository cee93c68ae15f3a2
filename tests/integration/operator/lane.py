"""A namespace with an operator of its own, behind a proxy that can fail: lanes run side by side."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any, Final

from bitcoincache_api.names import FIELD_MANAGER, NAMESPACE_LABEL
from bitcoincache_operator.kinds import IN_NAMESPACE, OWNED
from integration.operator.playground import PATIENCE, Playground
from support.apiserver import ApiServer
from support.collector import collect
from support.forked_operator import ForkedOperator
from support.kubernetes import Kubernetes, Object
from support.likeness import likeness
from support.proxy import Fault, Proxy, Request, passed, refused, then

EVERYTHING: Final[dict[str, Any]] = {
    "replicas": 2,
    "deletionPolicy": "Delete",
    "cache": {"warming": {"schedule": "0 * * * *"}},
    "backend": {"autoscaling": {"minReplicas": 2, "maxReplicas": 5}},
    "postgres": {"storage": {"storageClassName": "manual"}, "parameters": {"work_mem": "8MB"}},
    "networkPolicy": {"metricsFrom": {"purpose": "metrics"}},
}
"""A spec that switches on whatever there is, and so has an object of every kind."""

MANAGED_BY: Final = "app.kubernetes.io/managed-by"
_NUMBERS: Final = count()
_QUIET_LOOKS: Final = 6
"""In so many looks, 50 ms apart, nothing may move before the operator counts as being at rest."""


class Lane(Playground):
    """Tells the operator's fortune by ``proxy``. What dies is started again by ``revive``."""

    def __init__(self, cluster: ApiServer, operator: ForkedOperator, api: Kubernetes, proxy: Proxy) -> None:
        super().__init__(cluster, operator, api, _system_of(api.namespace))
        self.forked = operator
        self.proxy = proxy
        self.deaths = 0

    def interrupted(self, number: int, begin: Callable[[], Any], end: Callable[[], None]) -> bool:
        """Kills the operator once in a story, as soon as the API server has done its write of that ``number``.

        The answer is never heard. False where the story has no such write.
        """
        before = self.deaths
        self.strike(number, refused, self.forked.kill)
        begin()
        end()
        self.rest()
        self.proxy.meddle()
        return self.deaths > before

    def strike(self, number: int, fault: Fault, action: Callable[[], None]) -> None:
        """Has ``action`` follow the write of that ``number``, from now on, before the operator hears of it.

        Events don't count: they only tell of the write before them.
        """
        fate, numbers, lock = then(fault, action), count(1), Lock()

        def verdict(request: Request) -> Fault:
            with lock:
                counts = request.write and not request.path.endswith("/events")
                return fate if counts and next(numbers) == number else passed

        self.proxy.meddle(verdict)

    def revive(self) -> None:
        """One round in which all goes well, and an operator that died is started anew."""
        if not self.forked.runs():
            self.deaths += 1
            self.proxy.meddle()
            self.forked.start()
        self.play()

    def rest(self) -> None:
        """Returns once the operator has nothing more to do, nor anything under way. Starts it anew where it died."""
        quiet, before = 0, 0
        self.until("the operator runs", self.forked.runs, self.revive)
        give_up = time.monotonic() + PATIENCE
        while quiet < _QUIET_LOOKS:
            assert time.monotonic() < give_up, f"never at rest: {list(map(str, self.proxy.seen[-20:]))}"
            self.revive()
            time.sleep(0.05)
            now = len(self.proxy.seen)
            busy = self.proxy.pending or now != before or self.operator.metric("bitcoincache_queue_depth")
            quiet, before = 0 if busy else quiet + 1, now

    def visited(self, cause: Callable[[], Any]) -> None:
        """Waits until an operator that was at rest has visited because of ``cause``, and is at rest again."""
        before = self.operator.metric("bitcoincache_reconciles_total")
        cause()
        self.until("a visit", lambda: self.operator.metric("bitcoincache_reconciles_total") > before)
        self.rest()

    def settle(self) -> None:
        """Plays until the stack is ready and the operator at rest."""
        self.until("the stack is ready", self.is_ready, self.revive)
        self.rest()

    def owned(self, plural: str = "") -> list[Object]:
        """All that the operator made for the resource, or what of it is of one kind."""
        plurals = [plural] if plural else [kind.plural for kind in OWNED]
        found = [item for each in plurals for item in self.api.list(each)]
        if "jobs" in plurals:
            found += self.system.list("jobs")
        return [item for item in found if self._is_mine(item["metadata"].get("labels") or {})]

    def _is_mine(self, labels: Mapping[str, str]) -> bool:
        return labels.get(MANAGED_BY) == FIELD_MANAGER and labels.get(NAMESPACE_LABEL) == self.api.namespace

    def generations(self) -> dict[str, int]:
        """Of the Deployments: they count the changes."""
        return {item["metadata"]["name"]: item["metadata"]["generation"] for item in self.api.list("deployments")}

    def passwords(self, since: int = 0) -> set[str]:
        """All that were ever stored as the database's, from that request on. One that was refused was nobody's."""
        bodies = [
            json.loads(request.body)
            for request in self.proxy.granted
            if request.number > since and request.write and request.path.endswith("/demo-postgres-secret")
        ]
        return {json.dumps(body["data"], sort_keys=True) for body in bodies if "data" in body}

    def likeness(self) -> Mapping[str, Any]:
        return likeness(self.resource, self.owned())

    def remains(self) -> list[str]:
        """What is left of the operator's making, pods included."""
        pods = self.api.list("pods") + self.system.list("pods")
        return sorted(f"{item['kind']} {item['metadata']['name']}" for item in self.owned() + pods)

    def settle_gone(self, *kept: str) -> None:
        """Plays until the resource and all that was made for it are gone, but what is ``kept``."""
        self.until("the resource is gone", lambda: not self.api.find("bitcoincaches", "demo"), self.collect)
        try:
            self.until("nothing else is left", lambda: self.remains() == sorted(kept), self.collect)
        except AssertionError as error:
            raise AssertionError(f"left are {self.remains()}, and should be {kept}") from error

    def collect(self) -> None:
        """One round of all controllers, the garbage collector too."""
        self.revive()
        for field in (self.api, self.system):
            collect(field, [kind.plural for kind in IN_NAMESPACE])

    def writes(self) -> list[Request]:
        return [request for request in self.proxy.seen if request.write]


@contextmanager
def lane(cluster: ApiServer, folder: Path, **settings: str) -> Iterator[Lane]:
    """Two new namespaces, the resource's and the operator's own, and the operator at work."""
    namespace = f"lane{next(_NUMBERS)}"
    api = Kubernetes(cluster.kubeconfig, namespace)
    for name in (namespace, _system_of(namespace)):
        api.create("namespaces", {"metadata": {"name": name}})
    (folder / namespace).mkdir()
    with Proxy(cluster.kubeconfig).running() as proxy:
        kubeconfig = proxy.write_kubeconfig(folder / namespace / "kubeconfig")
        operator = ForkedOperator(
            kubeconfig,
            folder / namespace,
            namespaces=namespace,
            operator_namespace=_system_of(namespace),
            **settings,
        )
        operator.start()
        try:
            yield Lane(cluster, operator, api, proxy)
        finally:
            proxy.meddle()
            operator.stop()


def _system_of(namespace: str) -> str:
    return f"{namespace}-system"
