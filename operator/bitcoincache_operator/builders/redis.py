"""Redis: the cache. It keeps nothing on disk: a container that is restarted begins empty."""

from __future__ import annotations

from decimal import Decimal
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

CONTAINER: Final = "redis"
"""The container whose memory is the cache."""

_CONFIG: Final = "/etc/redis"

_SHARE_FOR_DATA: Final = Decimal("0.75")
"""Of the memory limit. Clients' buffers count as data; fragmentation, Lua and Redis itself don't. With as many values
as fit, written over and evicted all the time, 1.07 times the data was resident (measured with Redis 7.0)."""

_UNREAD_REPLIES: Final = "normal 32mb 8mb 10"
"""Where a client that doesn't read is left: at 32 MiB of replies, or after 10 seconds above 8. RedisInsight's MONITOR
on a slow line would otherwise take the values' place (measured: 37 MiB in 50,000 writes of 700 bytes)."""


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
        "name": CONTAINER,
        "image": stack.images.redis,
        "args": ["redis-server", f"{_CONFIG}/redis.conf"],
        "ports": [{"name": "redis", "containerPort": Port.REDIS, "protocol": "TCP"}],
        "resources": pod.resources(wanted.resources),
        "volumeMounts": [pod.read_only_mount("config", _CONFIG)],
        **probes(
            alive=command_check("redis-cli", "-h", "127.0.0.1", "ping"),
            # -e: while a script holds it up Redis answers with an error, and isn't ready.
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
            volumes=[pod.config_volume("config", stack.names.redis_config)],
            reads=_configuration(stack),
        ),
    )
    return pod.single(stack, Component.REDIS, stack.names.redis, template)


def max_memory(stack: Stack) -> int:
    """Bytes for data, clients' buffers included: what the spec asks for, or else three quarters of the limit."""
    wanted = stack.spec.redis
    if wanted.max_memory is not None:
        return int(parse_quantity(wanted.max_memory))
    return int(parse_quantity(wanted.resources.limits.memory) * _SHARE_FOR_DATA)


def _configuration(stack: Stack) -> dict[str, str]:
    settings = {
        # Other hosts are the point, and the network's rules decide which.
        "protected-mode": "no",
        "port": str(Port.REDIS),
        # Whoever restarts is emptied before it is used (docs/adr/0013-epochs.md), so nothing is worth keeping.
        "appendonly": "no",
        "save": '""',
        "maxmemory": str(max_memory(stack)),
        # Values have a TTL and may go; what the cache protocol keeps about them has none and must stay.
        "maxmemory-policy": "volatile-lru",
        "client-output-buffer-limit": _UNREAD_REPLIES,
    }
    return {"redis.conf": "".join(f"{name} {value}\n" for name, value in settings.items())}
