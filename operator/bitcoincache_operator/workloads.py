"""How a Deployment stands, and where it doesn't stand well, what its pods say about it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bitcoincache_api.crd.status import Reason
from bitcoincache_operator.kinds import Manifest

_PULL_FAILURES: Final = frozenset(
    {"ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable"}
)
_NO_NODE: Final = frozenset({"Unschedulable", "SchedulerError"})
OUT_OF_MEMORY: Final = "OOMKilled"
"""A container's reason for having ended, in the kubelet's words."""

_CONFIG_FAILURES: Final = frozenset({"CreateContainerConfigError", "CreateContainerError", "RunContainerError"})


@dataclass(frozen=True)
class Workload:
    """``settled``: exactly the wanted pods run, in the wanted version, and are available."""

    name: str
    wanted: int
    ready: int
    image: str
    settled: bool
    reason: Reason
    message: str


def judged(name: str, deployment: Manifest | None, wanted: int, pods: Sequence[Manifest], held: str) -> Workload:
    """The state of a Deployment that should have ``wanted`` pods.

    ``held`` says why its newest template has not been applied yet; it is empty where it has been.
    """
    if deployment is None:
        reason, message = (Reason.WAITING, held) if held else (Reason.ROLLING_OUT, f"{name} is being created")
        return Workload(name, wanted, 0, "", settled=False, reason=reason, message=message)
    status = deployment.get("status", {})
    ready = int(status.get("readyReplicas", 0))
    image = str(deployment["spec"]["template"]["spec"]["containers"][0]["image"])
    rolled_out = _rolled_out(deployment, wanted)
    if rolled_out and not held:
        reason = Reason.AVAILABLE if wanted else Reason.SCALED_TO_ZERO
        message = f"{ready} of {wanted} pods are ready" if wanted else f"{name} has no pods, as the spec asks"
        return Workload(name, wanted, ready, image, settled=True, reason=reason, message=message)
    reason, message = _trouble(deployment, wanted, pods, held)
    return Workload(name, wanted, ready, image, settled=False, reason=reason, message=message)


def _rolled_out(deployment: Manifest, wanted: int) -> bool:
    """Deployment controller's own words, for this generation (``kubectl rollout status`` reads the same)."""
    status = deployment.get("status", {})
    counts = (status.get(name, 0) for name in ("replicas", "updatedReplicas", "availableReplicas", "readyReplicas"))
    current = status.get("observedGeneration", 0) >= deployment["metadata"]["generation"]
    return current and deployment["spec"]["replicas"] == wanted and all(count == wanted for count in counts)


def _trouble(deployment: Manifest, wanted: int, pods: Sequence[Manifest], held: str) -> tuple[Reason, str]:
    name = deployment["metadata"]["name"]
    if deployment["spec"]["replicas"] == 0 and wanted > 0:
        return Reason.SCALED_TO_ZERO, f"{name} was scaled to zero: scale it to {wanted}"
    for reason, message in (*complaints(pods), *_replica_failures(deployment)):
        return reason, message
    if held:
        return Reason.WAITING, held
    ready = f"{deployment.get('status', {}).get('readyReplicas', 0)} of {wanted} pods are ready"
    if _progressing(deployment) or any(map(_is_starting, pods)):
        return Reason.ROLLING_OUT, ready
    for pod in filter(_says_no, pods):
        named = pod["metadata"]["name"]
        return Reason.UNAVAILABLE, f"{ready}: pod {named} runs and says that it isn't, see kubectl logs {named}"
    return Reason.UNAVAILABLE, f"{ready}: see kubectl describe deployment {name}"


def _progressing(deployment: Mapping[str, Any]) -> bool:
    """Whether a rollout is under way, and not past its deadline."""
    status = deployment.get("status", {})
    if status.get("observedGeneration", 0) < deployment["metadata"]["generation"]:
        return True
    for condition in status.get("conditions") or ():
        if condition["type"] == "Progressing":
            # NewReplicaSetAvailable: the rollout has ended, and what is missing now has been lost since.
            return bool(condition["status"] == "True" and condition.get("reason") != "NewReplicaSetAvailable")
    return True


def _is_starting(pod: Mapping[str, Any]) -> bool:
    """Whether a pod has yet to come up: after scaling there are such pods, and no rollout is under way."""
    status = pod.get("status", {})
    containers = status.get("containerStatuses") or ()
    return bool(status.get("phase") == "Pending") or any(item.get("started") is False for item in containers)


def _says_no(pod: Mapping[str, Any]) -> bool:
    """Whether a pod runs and its readiness probe fails: only its own words tell why."""
    containers = pod.get("status", {}).get("containerStatuses") or ()
    return any("running" in (item.get("state") or {}) and item.get("ready") is False for item in containers)


def _replica_failures(deployment: Mapping[str, Any]) -> Iterator[tuple[Reason, str]]:
    for condition in deployment.get("status", {}).get("conditions") or ():
        if condition["type"] == "ReplicaFailure" and condition["status"] == "True":
            yield Reason.UNAVAILABLE, f"pods can't be created: {condition.get('message', '')}"


def complaints(pods: Sequence[Manifest]) -> Iterator[tuple[Reason, str]]:
    """What keeps pods from running, and what to do about it; those that run, end or are on their way say nothing."""
    for pod in sorted(pods, key=lambda item: str(item["metadata"]["name"])):
        name, status = pod["metadata"]["name"], pod.get("status", {})
        for condition in status.get("conditions") or ():
            if condition["type"] == "PodScheduled" and condition.get("reason") in _NO_NODE:
                yield Reason.UNSCHEDULABLE, f"no node takes pod {name}: {condition.get('message', '')}"
        for container in (*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())):
            yield from _container_complaints(name, container)


def _container_complaints(pod: str, container: Mapping[str, Any]) -> Iterator[tuple[Reason, str]]:
    waiting = (container.get("state") or {}).get("waiting") or {}
    reason = waiting.get("reason", "")
    if reason in _PULL_FAILURES:
        yield (
            Reason.IMAGE_PULL_FAILED,
            f"pod {pod} can't get image {container['image']}: check its name, and that the node can reach its registry",
        )
    elif reason == "CrashLoopBackOff":
        yield _crash(pod, (container.get("lastState") or {}).get("terminated") or {})
    elif reason in _CONFIG_FAILURES:
        yield Reason.UNAVAILABLE, f"pod {pod} can't start: {waiting.get('message', reason)}"


def _crash(pod: str, last: Mapping[str, Any]) -> tuple[Reason, str]:
    if last.get("reason") == OUT_OF_MEMORY:
        return (
            Reason.OUT_OF_MEMORY,
            f"pod {pod} keeps being killed, as it needs more memory than it may have: raise its limits.memory",
        )
    return (
        Reason.CRASH_LOOP,
        f"pod {pod} keeps ending, last with code {last.get('exitCode', 'unknown')}: see kubectl logs -p {pod}",
    )
