"""RedisInsight: a look into the cache."""

from __future__ import annotations

from typing import Final

from bitcoincache_api.crd.services import ServiceType
from bitcoincache_api.names import Component, Port
from bitcoincache_operator.builders import pod
from bitcoincache_operator.builders.probes import http_check, probes
from bitcoincache_operator.builders.service import public_service
from bitcoincache_operator.builders.stack import Stack
from bitcoincache_operator.kinds import Manifest

USER: Final = pod.User(1000, 1000)
"""``node`` in the official image, which names it without a number."""


def foundation(stack: Stack) -> list[Manifest]:
    """All but the pod."""
    wanted = stack.spec.redis_insight.service
    service = public_service(stack, Component.REDISINSIGHT, stack.names.redisinsight, wanted)
    if wanted.type is ServiceType.LOAD_BALANCER:
        # Its clients' own addresses reach the pod, and so its NetworkPolicy holds at the Service's node port as well.
        service["spec"]["externalTrafficPolicy"] = "Local"
    return [pod.service_account(stack, Component.REDISINSIGHT), service]


def deployment(stack: Stack) -> Manifest:
    """The pod."""
    healthy = http_check("/api/health/", "http")
    container: Manifest = {
        "name": "redisinsight",
        "image": stack.images.redisinsight,
        "env": pod.environment(
            {
                "RI_REDIS_HOST": stack.names.redis,
                "RI_REDIS_PORT": str(Port.REDIS),
                "RI_REDIS_ALIAS": stack.names.name,
                "RI_ACCEPT_TERMS_AND_CONDITIONS": "true",
                "RI_FILES_LOGGER": "false",
                "RI_STDOUT_LOGGER": "true",
            }
        ),
        "ports": [{"name": "http", "containerPort": Port.REDISINSIGHT, "protocol": "TCP"}],
        "resources": pod.resources(stack.spec.redis_insight.resources),
        "volumeMounts": [
            pod.mount("data", "/data"),
            pod.mount("tmp", "/tmp"),  # noqa: S108 - the container's own
        ],
        **probes(alive=healthy, ready=healthy, startup_seconds=180, timeout_seconds=5),
    }
    template = pod.template(
        stack,
        Component.REDISINSIGHT,
        pod.Pod(
            user=USER,
            container=container,
            volumes=[pod.empty_dir("data", "256Mi"), pod.empty_dir("tmp", "128Mi")],
        ),
    )
    return pod.single(stack, Component.REDISINSIGHT, stack.names.redisinsight, template)
