"""One namespace with the operator at work, and what tests do and ask there."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from support.apiserver import ApiServer
from support.controllers import Controllers
from support.kubernetes import Kubernetes, Object
from support.operator_process import AGENT, NAMESPACE, OperatorProcess

PATIENCE: Final = 180.0
"""Seconds. Some tests run many operators side by side, and some machines are slow."""


class Playground:
    """``api`` is the namespace of the test, ``system`` the operator's own."""

    def __init__(self, cluster: ApiServer, operator: OperatorProcess, api: Kubernetes, system: str = NAMESPACE) -> None:
        self.api = api
        self.system = Kubernetes(cluster.kubeconfig, system)
        self.operator = operator
        self.controllers = Controllers(api)
        self.nodes = Controllers(self.system)
        self._cluster = cluster

    @property
    def volume_name(self) -> str:
        return f"{self.api.namespace}-demo-postgres"

    def create(self, **spec: Any) -> Object:
        body = {"apiVersion": "bitcoincache.dev/v1alpha1", "kind": "BitcoinCache"}
        return self.api.create("bitcoincaches", {**body, "metadata": {"name": "demo"}, "spec": spec})

    def change(self, **spec: Any) -> Object:
        return self.api.patch("bitcoincaches", "demo", {"spec": spec})

    @property
    def resource(self) -> Object:
        return self.api.get("bitcoincaches", "demo")

    @property
    def status(self) -> Object:
        found: Object = self.resource.get("status", {})
        return found

    def condition(self, kind: str = "Ready") -> Object:
        """The condition, where it is about the newest generation; empty until then."""
        resource = self.api.find("bitcoincaches", "demo") or {}
        for found in resource.get("status", {}).get("conditions", ()):
            if found["type"] == kind and found["observedGeneration"] == resource["metadata"]["generation"]:
                return dict(found)
        return {}

    def is_ready(self) -> bool:
        return self.condition().get("status") == "True"

    def play(self) -> None:
        """One round in which all goes well."""
        self.nodes.play()
        self.controllers.play()

    def make_ready(self, **spec: Any) -> None:
        """A stack that is up."""
        self.create(**spec)
        self.until("the stack is ready", self.is_ready, self.play)

    def until(
        self,
        what: str,
        check: Callable[[], Any],
        meanwhile: Callable[[], None] = lambda: None,
        patience: float = PATIENCE,
    ) -> Any:
        """Plays until ``check`` gives something true, and gives it. Raises AssertionError that names ``what``."""
        give_up = time.monotonic() + patience
        while True:
            meanwhile()
            seen = check()
            if seen:
                return seen
            if time.monotonic() > give_up:
                log = self.operator.log.read_text("utf-8")[-2000:]
                resource = self.api.find("bitcoincaches", "demo") or {}
                raise AssertionError(f"never: {what}; last seen: {seen}; {resource.get('status')}\n{log}")
            time.sleep(0.02)

    def operator_writes(self) -> list[Object]:
        """All that the operator asked to be changed in this namespace so far."""
        return [
            request
            for request in self._cluster.writes(AGENT)
            if request["objectRef"].get("namespace") == self.api.namespace
        ]

    def clear(self) -> None:
        if self.api.find("bitcoincaches", "demo"):
            self.api.delete("bitcoincaches", "demo")
            self.until("the resource is gone", lambda: not self.api.find("bitcoincaches", "demo"), self.play)
