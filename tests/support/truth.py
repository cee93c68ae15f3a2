"""Is a resource that says to be Ready what it says? Held against the cluster as it was at that very moment."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

Object = Mapping[str, Any]

_SECONDS: Final = {"h": 3600, "m": 60, "s": 1}
_COUNTS: Final = ("replicas", "updatedReplicas", "readyReplicas", "availableReplicas")


def claims_ready(resource: Object) -> bool:
    """As ``kubectl wait --for=condition=Ready`` takes it: for the generation that the resource has."""
    generation = resource["metadata"]["generation"]
    return any(
        found["type"] == "Ready" and found["status"] == "True" and found["observedGeneration"] == generation
        for found in resource.get("status", {}).get("conditions", ())
    )


def untruths(resource: Object, deployments: Mapping[str, Object], configuration: Mapping[str, Object]) -> Iterator[str]:
    """What differs from the resource's spec, or doesn't run, though the resource says to be Ready."""
    spec, name = resource["spec"], resource["metadata"]["name"]
    wanted = {
        "postgres": 1,
        "redis": 1,
        "backend": spec["replicas"],
        "frontend": spec["frontend"]["replicas"],
        **({"redisinsight": 1} if spec["redisInsight"]["enabled"] else {}),
    }
    if {f"{name}-{component}" for component in wanted} != deployments.keys():
        yield f"Deployments are {sorted(deployments)}"
    for component, replicas in wanted.items():
        deployment = deployments.get(f"{name}-{component}")
        if deployment is not None:
            yield from _unsettled(component, deployment, replicas)
    image = spec["backend"].get("image")
    running = deployments[f"{name}-backend"]["spec"]["template"]["spec"]["containers"][0]["image"]
    if image and running != image:
        yield f"the backend's image is {running}, not {image}"
    told = {
        "ttl": (int(configuration[f"{name}-backend-config"]["data"]["CACHE_TTL"]), seconds(spec["cache"]["ttl"])),
        "log level": (configuration[f"{name}-backend-config"]["data"]["LOG_LEVEL"], spec["backend"]["logLevel"]),
        "word on controls": (
            configuration[f"{name}-backend-config"]["data"].get("CACHE_CONTROLS"),
            "true" if spec["cache"]["controls"] else None,
        ),
        "poll interval": (
            json.loads(configuration[f"{name}-frontend-config"]["data"]["config.json"])["pollInterval"],
            seconds(spec["frontend"]["pollInterval"]) * 1000,
        ),
    }
    yield from (f"the {what} is {is_}, not {asked}" for what, (is_, asked) in told.items() if is_ != asked)


def _unsettled(component: str, deployment: Object, replicas: int) -> Iterator[str]:
    metadata, status = deployment["metadata"], deployment.get("status", {})
    if deployment["spec"]["replicas"] != replicas:
        yield f"{component} has {deployment['spec']['replicas']} replicas, not {replicas}"
    if status.get("observedGeneration") != metadata["generation"]:
        yield f"{component} is at generation {status.get('observedGeneration')} of {metadata['generation']}"
    counts = {count: status.get(count, 0) for count in _COUNTS}
    if set(counts.values()) != {replicas}:
        yield f"{component} has {counts}, not {replicas}"


def seconds(duration: str) -> int:
    """Of a duration such as 1h30m."""
    return sum(int(number) * _SECONDS[unit] for number, unit in re.findall(r"([0-9]+)([hms])", duration))
