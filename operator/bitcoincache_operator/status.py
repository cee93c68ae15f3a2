"""Observed -> status. Pure, and the one place where a status is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bitcoincache_api.crd.status import (
    BitcoinCacheStatus,
    ComponentStatus,
    ConditionType,
    Endpoints,
    Reason,
)
from bitcoincache_api.names import Component, Names
from bitcoincache_operator.conditions import Verdict, dated
from bitcoincache_operator.kinds import ObjectKey
from bitcoincache_operator.priming import Priming
from bitcoincache_operator.resource import Resource
from bitcoincache_operator.storage import Trouble
from bitcoincache_operator.workloads import Workload

_CONDITIONS: Final = {
    Component.POSTGRES: ConditionType.POSTGRES_READY,
    Component.REDIS: ConditionType.REDIS_READY,
    Component.BACKEND: ConditionType.BACKEND_READY,
    Component.FRONTEND: ConditionType.FRONTEND_READY,
    Component.REDISINSIGHT: ConditionType.REDISINSIGHT_READY,
}

_ON_THE_WAY: Final = frozenset(
    {
        Reason.ROLLING_OUT,
        Reason.WAITING,
        Reason.PRIMING,
        Reason.ROTATING,
        Reason.STORAGE_PENDING,
        Reason.STORAGE_GROWING,
    }
)
"""Reasons that go away by themselves."""

_DATA_GO: Final = "; until then deletionPolicy Retain is not in force: deleting it removes its data"


@dataclass(frozen=True)
class Observation:
    """What a status is made from. RedisInsight has no workload where it is disabled.

    ``password`` says why PostgreSQL doesn't take the wanted one yet, ``problem`` what kept the operator from its work.
    ``differing`` are the objects that a pause keeps from being as the spec asks. ``loses_data``: by a
    deletion now they would go with the resource, though its spec says Retain.
    """

    workloads: dict[Component, Workload]
    priming: Priming
    storage: Trouble | None
    storage_size: str | None
    password: tuple[Reason, str] | None
    endpoints: Endpoints
    backend_pods: int
    problem: tuple[Reason, str] | None
    differing: Sequence[ObjectKey] = ()
    loses_data: bool = False


def of_stack(resource: Resource, seen: Observation, now: str) -> BitcoinCacheStatus:
    """The status of a stack. Ready is true only if all of it runs as this generation of the spec wants it."""
    parts = _parts(seen)
    paused = _paused(resource, _DATA_GO if seen.loses_data else "")
    verdicts = [_ready(parts, seen), _progressing(parts, seen), *parts, paused]
    return BitcoinCacheStatus(
        observed_generation=resource.generation,
        replicas=seen.backend_pods,
        selector=selector(resource.names),
        conditions=dated(verdicts, resource.status.conditions or (), resource.generation, now),
        components={
            component.value: ComponentStatus(ready=f"{work.ready}/{work.wanted}", image=work.image)
            for component, work in seen.workloads.items()
        },
        priming=seen.priming.record,
        storage=seen.storage_size,
        endpoints=seen.endpoints,
    )


def of_failure(resource: Resource, reason: Reason, message: str, now: str) -> BitcoinCacheStatus:
    """The status where the stack could not be kept. What was known of its components before stays."""
    before = resource.status
    verdicts = [
        Verdict(ConditionType.READY, holds=False, reason=reason, message=message),
        Verdict(ConditionType.PROGRESSING, holds=False, reason=reason, message=message),
        _paused(resource),
    ]
    replaced = {verdict.type for verdict in verdicts}
    kept = [condition for condition in before.conditions or () if condition.type not in replaced]
    new = dated(verdicts, before.conditions or (), resource.generation, now)
    return before.model_copy(
        update={
            "observed_generation": resource.generation,
            "selector": selector(resource.names),
            "conditions": [*new, *kept],
        }
    )


def selector(names: Names) -> str:
    """The backend's pods, as autoscalers ask for them."""
    return ",".join(f"{key}={value}" for key, value in sorted(names.selector(Component.BACKEND).items()))


def _parts(seen: Observation) -> list[Verdict]:
    """One verdict a component, in the order of the rollout."""
    postgres = _of_workload(Component.POSTGRES, seen)
    if seen.storage is not None and not postgres.holds:
        postgres = Verdict(postgres.type, holds=False, reason=seen.storage.reason, message=seen.storage.message)
    elif seen.password is not None and postgres.holds:
        reason, message = seen.password
        postgres = Verdict(postgres.type, holds=False, reason=reason, message=message)
    primed = Verdict(
        ConditionType.CACHE_PRIMED,
        holds=seen.priming.done,
        reason=seen.priming.reason,
        message=seen.priming.message,
    )
    return [
        postgres,
        _of_workload(Component.REDIS, seen),
        primed,
        _of_workload(Component.BACKEND, seen),
        _of_workload(Component.FRONTEND, seen),
        _of_workload(Component.REDISINSIGHT, seen),
    ]


def _of_workload(component: Component, seen: Observation) -> Verdict:
    condition = _CONDITIONS[component]
    work = seen.workloads.get(component)
    if work is None:
        return Verdict(condition, holds=False, reason=Reason.DISABLED, message="switched off by the spec")
    return Verdict(condition, holds=work.settled, reason=work.reason, message=work.message)


def _obstacle(parts: list[Verdict], seen: Observation) -> tuple[Reason, str] | None:
    """What keeps the stack from being ready, what won't go away by itself first; None where nothing does."""
    if seen.problem is not None:
        return seen.problem
    missing = [part for part in parts if not part.holds and part.reason is not Reason.DISABLED]
    if missing:
        worst = min(missing, key=lambda part: part.reason in _ON_THE_WAY)
        return worst.reason, f"{worst.type.value}: {worst.message}"
    # What PostgreSQL waited for it has, if it runs.
    if seen.storage is not None and seen.storage.reason is not Reason.STORAGE_PENDING:
        return seen.storage.reason, seen.storage.message
    if seen.differing:
        return Reason.PAUSED, f"paused with {len(seen.differing)} objects not as the spec asks: {_some(seen.differing)}"
    return None


def _some(keys: Sequence[ObjectKey]) -> str:
    named = ", ".join(f"{key.kind} {key.name}" for key in keys[:3])
    return f"{named} and others" if len(keys) > 3 else named


def _ready(parts: list[Verdict], seen: Observation) -> Verdict:
    obstacle = _obstacle(parts, seen)
    if obstacle is None:
        return Verdict(ConditionType.READY, holds=True, reason=Reason.AVAILABLE, message="the whole stack runs")
    return Verdict(ConditionType.READY, holds=False, reason=obstacle[0], message=obstacle[1])


def _progressing(parts: list[Verdict], seen: Observation) -> Verdict:
    obstacle = _obstacle(parts, seen)
    if obstacle is None:
        settled = "everything is as the spec asks"
        return Verdict(ConditionType.PROGRESSING, holds=False, reason=Reason.RECONCILED, message=settled)
    reason, message = obstacle
    return Verdict(ConditionType.PROGRESSING, holds=reason in _ON_THE_WAY, reason=reason, message=message)


def _paused(resource: Resource, caution: str = "") -> Verdict:
    if resource.paused:
        message = f"hands off: set spec.paused of {resource.key.name} to false to have the stack kept again{caution}"
        return Verdict(ConditionType.PAUSED, holds=True, reason=Reason.PAUSED, message=message)
    return Verdict(ConditionType.PAUSED, holds=False, reason=Reason.NOT_PAUSED, message="the stack is kept")
