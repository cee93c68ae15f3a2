"""All that a stack consists of, from the builders. Pure."""

from __future__ import annotations

from bitcoincache_api.names import Component
from bitcoincache_operator.builders import backend, frontend, network, postgres, prime, redis, redisinsight
from bitcoincache_operator.builders.stack import DatabaseLogin, Stack
from bitcoincache_operator.kinds import Manifest


def foundation(stack: Stack, *, opened: bool) -> list[Manifest]:
    """What no pod of the stack can start without, and what waits for nothing itself; Secrets aside.

    The backend's Service lets traffic in only once it is ``opened``.
    """
    insight = redisinsight.foundation(stack) if stack.spec.redis_insight.enabled else []
    return [
        # Before the pods that they are about: a pod that starts finds them in force.
        *network.policies(stack),
        *postgres.foundation(stack),
        *redis.foundation(stack),
        *prime.foundation(stack),
        *backend.foundation(stack),
        backend.service(stack) if opened else backend.closed_service(stack),
        *frontend.foundation(stack),
        *insight,
    ]


def deployments(stack: Stack, login: DatabaseLogin, backend_address: str) -> dict[Component, Manifest]:
    """The Deployments, in the order in which they go."""
    out = {Component.POSTGRES: postgres.deployment(stack, login), Component.REDIS: redis.deployment(stack)}
    if stack.spec.redis_insight.enabled:
        out[Component.REDISINSIGHT] = redisinsight.deployment(stack)
    out[Component.BACKEND] = backend.deployment(stack, login)
    out[Component.FRONTEND] = frontend.deployment(stack, backend_address)
    return out


def schedules(stack: Stack, login: DatabaseLogin) -> list[Manifest]:
    """The CronJob, where a schedule is asked for."""
    warming = stack.spec.cache.warming
    return [prime.cron_job(stack, login, warming)] if warming is not None else []
