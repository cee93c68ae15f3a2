"""Worlds for pure code: what a cluster might hold of one resource."""

from __future__ import annotations

from typing import Any

from bitcoincache_api.crd.spec import BitcoinCacheSpec
from bitcoincache_api.crd.status import BitcoinCacheStatus, PrimingStatus
from bitcoincache_api.names import Component, Names
from bitcoincache_operator.kinds import Manifest, key_of
from bitcoincache_operator.resource import Resource, ResourceKey
from bitcoincache_operator.world import World

NAMES = Names("ns", "demo")
PRIMED = PrimingStatus(hash="0" * 8, job="demo-prime-00000000", keys=3, completed_at="2026-01-01T00:00:00Z")


def resource(status: BitcoinCacheStatus | None = None, **spec: Any) -> Resource:
    wanted = BitcoinCacheSpec.model_validate(spec)
    return Resource(
        key=ResourceKey("ns", "demo"),
        uid="uid-1",
        generation=5,
        version="1",
        deleting=False,
        finalizers=(),
        directory=None,
        priming_request="",
        deletion_policy=wanted.deletion_policy,
        spec=wanted,
        status=status or BitcoinCacheStatus(),
    )


def world(*objects: Manifest, about: Resource | None = None, **cluster: Any) -> World:
    return World(about or resource(), {key_of(item): item for item in objects}, **cluster)


def redis_pod(name: str = "demo-redis-a", container: str = "containerd://1", **state: Any) -> Manifest:
    """Redis's pod, whose container runs, or is in another ``state``."""
    status = {"name": "redis", "containerID": container, "state": state or {"running": {}}}
    return pod(Component.REDIS, name, containerStatuses=[status])


def pod(component: Component, name: str, phase: str = "Running", **status: Any) -> Manifest:
    metadata = {"name": name, "namespace": "ns", "uid": f"uid-of-{name}", "labels": NAMES.labels(component)}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "status": {"phase": phase, **status}}


def ended_job(name: str, condition: str, namespace: str = "ns", reason: str = "", **labels: str) -> Manifest:
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "status": {
            "completionTime": "2026-01-02T00:00:00Z",
            "conditions": [
                {"type": condition, "status": "True", "reason": reason, "lastTransitionTime": "2026-01-02T00:00:00Z"}
            ],
        },
    }


def job_pod(job: str, words: str) -> Manifest:
    terminated = {"state": {"terminated": {"message": words}}}
    out = pod(Component.PRIME, f"{job}-x", "Succeeded", containerStatuses=[terminated])
    out["metadata"]["labels"]["batch.kubernetes.io/job-name"] = job
    return out


def running(manifest: Manifest, **status: Any) -> Manifest:
    """A Deployment as it is once its controller has done all that it asks for; ``status`` says otherwise."""
    replicas = manifest["spec"]["replicas"]
    counts = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), replicas)
    metadata = {**manifest["metadata"], "generation": 2, "uid": "uid-2"}
    return {**manifest, "metadata": metadata, "status": {"observedGeneration": 2, **counts, **status}}


def node(hostname: str, *, ready: bool = True, **spec: Any) -> Manifest:
    conditions = [{"type": "Ready", "status": "True" if ready else "Unknown"}]
    addresses = [{"type": "InternalIP", "address": "192.0.2.7"}]
    return {
        "metadata": {"name": f"node-{hostname}", "labels": {"kubernetes.io/hostname": hostname}},
        "spec": spec,
        "status": {"conditions": conditions, "addresses": addresses},
    }


def endpoints(service: str, *, ready: bool = True) -> Manifest:
    """Where a Service leads to: one pod."""
    labels = {"kubernetes.io/service-name": service}
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": f"{service}-a", "namespace": "ns", "labels": labels},
        "endpoints": [{"addresses": ["192.0.2.8"], "conditions": {"ready": ready}}],
    }
