"""Redis: the cache. Its data outlives a container's restart, not its pod."""

from __future__ import annotations

from typing import Final

from bitcoincache_api.names import Component, Port
from bitcoincache_api.quantities import parse_quantity
from bitcoincache_operator.builders import pod
from bitcoincache_operator.builders.probes import command_check, probes
from bitcoincache_operator.builders.service import internal_service
from bitcoincache_operator.builders.stack import Stack
from bitcoincache_operator.kinds import CONFIG_MAP, Manifest

USER: Final = pod.User(999, 1000)
"""Of the official image."""

_CONFIG: Final = "/etc/redis"


def foundation(stack: Stack) -> list[Manifest]:
    """All but the pod."""
    config_map = stack.manifest(CONFIG_MAP, stack.names.redis_config, Component.REDIS)
    config_map["data"] = _configuration(stack)
    return [
        pod.service_account(stack, Component.REDIS),
        config_map,
        internal_service(stack, Component.REDIS, stack.names.redis, "redis", Port.REDIS),
    ]


def deployment(stack: Stack) -> Manifest:
    """The pod."""
    wanted = stack.spec.redis
    container: Manifest = {
        "name": "redis",
        "image": stack.images.redis,
        "args": ["redis-server", f"{_CONFIG}/redis.conf"],
        "ports": [{"name": "redis", "containerPort": Port.REDIS, "protocol": "TCP"}],
        "resources": pod.resources(wanted.resources),
        "volumeMounts": [pod.mount("data", "/data"), pod.read_only_mount("config", _CONFIG)],
        **probes(
            alive=command_check("redis-cli", "-h", "127.0.0.1", "ping"),
            # -e: while its data are still being loaded Redis answers with an error, and isn't ready.
            ready=command_check("redis-cli", "-e", "-h", "127.0.0.1", "ping"),
            startup_seconds=120,
        ),
    }
    template = pod.template(
        stack,
        Component.REDIS,
        pod.Pod(
            user=USER,
            container=container,
            volumes=[
                {"name": "data", "emptyDir": {}},
                pod.config_volume("config", stack.names.redis_config),
            ],
            reads=_configuration(stack),
        ),
    )
    return pod.single(stack, Component.REDIS, stack.names.redis, template)


def max_memory(stack: Stack) -> int:
    """Bytes for data. By default half of the limit: a rewrite of the append-only file may need the other."""
    wanted = stack.spec.redis
    if wanted.max_memory is not None:
        return int(parse_quantity(wanted.max_memory))
    return int(parse_quantity(wanted.resources.limits.memory)) // 2


def _configuration(stack: Stack) -> dict[str, str]:
    settings = {
        # Other hosts are the point, and the network's rules decide which.
        "protected-mode": "no",
        "port": str(Port.REDIS),
        "dir": "/data",
        # A restart must never bring back a value that was deleted, so every write is on disk before it is answered.
        "appendonly": "yes",
        "appendfsync": "always",
        "save": '""',
        "maxmemory": str(max_memory(stack)),
        # Values have a TTL and may go; what the cache protocol keeps about them has none and must stay.
        "maxmemory-policy": "volatile-lru",
    }
    return {"redis.conf": "".join(f"{name} {value}\n" for name, value in settings.items())}
