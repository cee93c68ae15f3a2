"""Plays the controllers and kubelets that a bare API server lacks, one round at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from support.kubernetes import ApiError, Kubernetes, Object

NOW: Final = "2026-01-01T00:00:00Z"
COMPONENT: Final = "app.kubernetes.io/component"


class Controllers:
    """What they do to what is there. ``primed_keys`` is what a priming Job reports."""

    def __init__(self, kubernetes: Kubernetes, primed_keys: int = 7) -> None:
        self._kubernetes = kubernetes
        self._primed_keys = primed_keys

    def play(self) -> None:
        """Everything comes to a good end: pods run, Jobs succeed, claims are bound."""
        for deployment in self._kubernetes.list("deployments"):
            with _unless_gone():
                self.run(deployment)
        for job in self._kubernetes.list("jobs"):
            with _unless_gone():
                self.finish(job)
        self.release()

    def release(self) -> None:
        """Claims and volumes that are being deleted are let go, as nobody uses them."""
        for plural in ("persistentvolumeclaims", "persistentvolumes"):
            for item in self._kubernetes.list(plural):
                if "deletionTimestamp" in item["metadata"]:
                    with _unless_gone():
                        self._kubernetes.patch(plural, item["metadata"]["name"], {"metadata": {"finalizers": None}})

    def run(self, deployment: Object) -> None:
        """All pods of a Deployment, ready."""
        metadata, replicas = deployment["metadata"], deployment["spec"]["replicas"]
        if deployment["metadata"].get("labels", {}).get(COMPONENT) == "redis":
            self._one_pod(deployment, f"{metadata['name']}-0", wanted=replicas > 0)
        counts = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), replicas)
        status = {"observedGeneration": metadata["generation"], **counts}
        self._status("deployments", deployment, status)
        self._lead_to_pods(metadata, ready=replicas > 0)

    def make_pod(self, owner: Object, name: str, labels: Any = None) -> Object:
        """A pod of that owner, which has yet to start."""
        template = owner["spec"]["template"]
        reference = {key: owner[key] for key in ("apiVersion", "kind")}
        reference |= {key: owner["metadata"][key] for key in ("name", "uid")}
        metadata = {
            "name": name,
            "labels": {**template["metadata"]["labels"], **(labels or {})},
            "ownerReferences": [{**reference, "controller": True}],
        }
        body = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}
        return self._kubernetes.create("pods", body)

    def run_container(self, pod: str, container_id: str) -> None:
        """The pod's container runs, under that ID: another one is another start."""
        self._kubernetes.patch("pods", pod, {"status": {"phase": "Running"}}, "status")
        self.have_container(pod, {"running": {"startedAt": NOW}}, containerID=container_id, ready=True)

    def have_container(self, pod: str, state: Object, **status: Any) -> None:
        """The pod's container is in that state."""
        [container] = self._kubernetes.get("pods", pod)["spec"]["containers"]
        known = {"name": container["name"], "image": container["image"], "imageID": "", "ready": False}
        found = {**known, "restartCount": 0, "state": state, **status}
        self._kubernetes.patch("pods", pod, {"status": {"containerStatuses": [found]}}, "status")

    def finish(self, job: Object) -> None:
        """A Job that succeeds."""
        words = json.dumps({"keys": self._primed_keys, "rows": self._primed_keys - 1})
        self._end(job, "Complete", {"exitCode": 0, "message": words}, {"completionTime": NOW, "succeeded": 1})

    def fail(self, job: Object, words: str, reason: str = "BackoffLimitExceeded", time: datetime | None = None) -> None:
        """A Job that fails for good, now or at that time, with its pod's last words."""
        ended = (time or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
        condition = {"reason": reason, "lastTransitionTime": ended}
        self._end(job, "Failed", {"exitCode": 1, "message": words}, {"failed": 1}, condition)

    def _end(self, job: Object, kind: str, terminated: Object, extra: Object, condition: Object | None = None) -> None:
        name = job["metadata"]["name"]
        if _ended(job):
            return
        self._one_pod(job, f"{name}-0", wanted=True, labels={"batch.kubernetes.io/job-name": name})
        state = {"terminated": {"startedAt": NOW, "finishedAt": NOW, "reason": "Ended", **terminated}}
        self.have_container(f"{name}-0", state)
        conditions = [{"type": f"{kind}", "status": "True", "lastTransitionTime": NOW, **(condition or {})}]
        if kind == "Complete":
            conditions.insert(0, {**conditions[0], "type": "SuccessCriteriaMet"})
        else:
            conditions.insert(0, {**conditions[0], "type": "FailureTarget"})
        self._kubernetes.patch(
            "jobs", name, {"status": {"startTime": NOW, "conditions": conditions, **extra}}, "status"
        )

    def _one_pod(self, owner: Object, name: str, *, wanted: bool, labels: Any = None) -> None:
        there = self._kubernetes.find("pods", name)
        if there is not None and not wanted:
            self._kubernetes.delete("pods", name)
        if there is None and wanted:
            pod = self.make_pod(owner, name, labels)
            self.run_container(name, f"containerd://{pod['metadata']['uid']}")

    def _lead_to_pods(self, metadata: Object, *, ready: bool) -> None:
        """The endpoints of the Service that has the Deployment's name."""
        name = metadata["name"]
        service, there = self._kubernetes.find("services", name), self._kubernetes.find("endpointslices", name)
        wanted = ready and service is not None and bool(service["spec"].get("selector"))
        if there is None and wanted and service is not None:
            owner = {"apiVersion": "v1", "kind": "Service", "name": name, "uid": service["metadata"]["uid"]}
            labels = {**service["metadata"].get("labels", {}), "kubernetes.io/service-name": name}
            endpoints = [{"addresses": ["198.51.100.1"], "conditions": {"ready": True}}]
            head = {"name": name, "labels": labels, "ownerReferences": [owner]}
            body = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": head}
            self._kubernetes.create("endpointslices", {**body, "addressType": "IPv4", "endpoints": endpoints})
        if there is not None and not wanted:
            self._kubernetes.delete("endpointslices", name)

    def _status(self, plural: str, live: Object, status: Object) -> None:
        if any(live.get("status", {}).get(key) != value for key, value in status.items()):
            self._kubernetes.patch(plural, live["metadata"]["name"], {"status": status}, "status")


@contextmanager
def _unless_gone() -> Iterator[None]:
    """The operator may have deleted an object since it was listed."""
    try:
        yield
    except ApiError as error:
        if error.status != 404:
            raise


def _ended(job: Object) -> bool:
    conditions = job.get("status", {}).get("conditions") or ()
    return any(found["type"] in ("Complete", "Failed") for found in conditions)
