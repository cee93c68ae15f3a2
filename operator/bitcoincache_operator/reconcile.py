"""observe -> build -> apply -> prune -> status. Idempotent, and asks what is, never what happened."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Final

from bitcoincache_api.crd.spec import BitcoinCacheSpec, DeletionPolicy
from bitcoincache_api.crd.status import BitcoinCacheStatus, Endpoints, Reason
from bitcoincache_api.names import Component
from bitcoincache_operator import endpoints, rotation, status
from bitcoincache_operator.apply import Applier
from bitcoincache_operator.builders.postgres import LOGIN_USER
from bitcoincache_operator.builders.stack import DatabaseLogin, Images, Stack
from bitcoincache_operator.cluster.client import Cluster
from bitcoincache_operator.cluster.errors import ClusterError, NotFoundError, RefusedError
from bitcoincache_operator.conditions import transitions
from bitcoincache_operator.directories import Policy
from bitcoincache_operator.errors import OperatorError, RepairError, SecretMissingError
from bitcoincache_operator.events import event_of
from bitcoincache_operator.finalize import finalize, keep_data
from bitcoincache_operator.kinds import BITCOINCACHE, DEPLOYMENT, SERVICE, ObjectKey
from bitcoincache_operator.metrics import Metrics
from bitcoincache_operator.observe import observe
from bitcoincache_operator.resource import Resource, ResourceKey, parsed
from bitcoincache_operator.schedule import Outcome
from bitcoincache_operator.storage import StoragePlan, requested
from bitcoincache_operator.survey import Survey
from bitcoincache_operator.visit import Visit
from bitcoincache_operator.world import World

_log: Final = logging.getLogger(__name__)


class Reconciler:
    """Brings one resource at a time in line. Holds nothing between visits but what metrics need."""

    def __init__(
        self, cluster: Cluster, *, images: Images, policy: Policy, operator_namespace: str, metrics: Metrics
    ) -> None:
        self._cluster = cluster
        self._images = images
        self._policy = policy
        self._operator_namespace = operator_namespace
        self._metrics = metrics
        self._expected: dict[ResourceKey, frozenset[ObjectKey]] = {}

    async def reconcile(self, key: ResourceKey) -> Outcome:
        """One visit. Raises OperatorError where another one is due soon."""
        live = await self._cluster.find(ObjectKey(BITCOINCACHE, key.namespace, key.name))
        if live is None:
            self._metrics.forget(key)
            self._expected.pop(key, None)
            return Outcome(exists=False)
        resource = parsed(live)
        try:
            return Outcome(exists=True, again=await self._visit(resource))
        except NotFoundError:
            # Gone between two requests. The resource itself may be; for anything else there is a reason to come back.
            if await self._cluster.find(ObjectKey(BITCOINCACHE, key.namespace, key.name)) is not None:
                raise
        return Outcome(exists=False)

    async def _visit(self, resource: Resource) -> float | None:
        """Gives the seconds after which to look again, where nothing else would tell of a change."""
        if resource.deleting:
            if resource.holds_finalizer:
                await self._let_go(resource)
            return None
        if isinstance(resource.spec, str):
            await self._tell_failure(resource, Reason.INVALID_SPEC, resource.spec)
            return None
        try:
            return await self._bring_in_line(resource, resource.spec)
        except SecretMissingError as error:
            await self._tell_failure(resource, Reason.SECRET_MISSING, str(error))
            raise
        except RefusedError as error:
            await self._tell_failure(resource, Reason.RECONCILE_FAILED, str(error))
            raise

    async def _bring_in_line(self, resource: Resource, spec: BitcoinCacheSpec) -> float | None:
        world = await self._observe(resource)
        stack = Stack(resource.names, resource.uid, spec, self._images.chosen_by(spec))
        expected = self._expected.get(resource.key, frozenset())
        applier = Applier(self._cluster, world, expected, self._metrics.drift_repaired)
        visit = Visit(self._cluster, stack, self._policy, applier, datetime.now(UTC))
        if not resource.paused:
            await visit.repair()
            self._expected[resource.key] = frozenset(applier.world.objects)
        # Without a login nothing was applied, and this one only serves to measure by.
        login = rotation.in_force(applier.world) or DatabaseLogin(LOGIN_USER, "")
        seen, plan = visit.survey(login), visit.storage_plan()
        differing = visit.differing(login) if resource.paused else []
        await self._tell(resource, _status(visit, seen, plan, differing))
        if applier.failures:
            # Also where something was undone: that write's own event would bring us back at once, for ever.
            raise RepairError(str(applier.failures[0])) from applier.failures[0]
        return visit.look_again_in(login)

    async def _let_go(self, resource: Resource) -> None:
        world = await self._observe(resource)
        if resource.deletion_policy is DeletionPolicy.RETAIN:
            # The policy was changed and nobody has acted on it yet: the last word counts.
            await keep_data(self._cluster, world)
            return
        pending = await finalize(self._cluster, world, self._policy)
        if pending:
            await self._tell_failure(resource, Reason.DELETING, pending)

    async def _observe(self, resource: Resource) -> World:
        return await observe(self._cluster, resource, self._operator_namespace)

    async def _tell_failure(self, resource: Resource, reason: Reason, message: str) -> None:
        await self._tell(resource, status.of_failure(resource, reason, message, _now()))

    async def _tell(self, resource: Resource, new: BitcoinCacheStatus) -> None:
        """Writes the status where it changed, and an event for each condition that turned."""
        self._metrics.observe(resource.key, new, paused=resource.paused)
        if new == resource.status:
            return
        key = resource.key
        content = new.model_dump(mode="json", by_alias=True, exclude_none=True)
        await self._cluster.apply_status(key.namespace, key.name, resource.uid, content)
        for transition in transitions(resource.status, new):
            event = event_of(resource, transition, datetime.now(UTC))
            _log.info("%s", event["message"])
            try:
                await self._cluster.create(event)
            except ClusterError as error:
                _log.warning("an event is lost: %s", error)


def _status(visit: Visit, seen: Survey, plan: StoragePlan, differing: list[ObjectKey]) -> BitcoinCacheStatus:
    world = visit.applier.world
    names = world.resource.names
    backend = world.child(DEPLOYMENT, names.backend)
    observation = status.Observation(
        workloads=dict(seen.workloads),
        priming=seen.priming,
        storage=plan.trouble,
        storage_size=requested(world.claim) if world.claim else None,
        password=rotation.told(world),
        endpoints=Endpoints(
            frontend=endpoints.url(world.child(SERVICE, names.frontend), world.nodes),
            redis_insight=endpoints.url(world.child(SERVICE, names.redisinsight), world.nodes)
            if Component.REDISINSIGHT in seen.workloads
            else None,
        ),
        backend_pods=int(backend.get("status", {}).get("replicas", 0)) if backend else 0,
        problem=_problem(visit.applier.failures),
        differing=differing,
        loses_data=world.loses_data,
    )
    return status.of_stack(world.resource, observation, _now())


def _problem(failures: list[OperatorError]) -> tuple[Reason, str] | None:
    return (Reason.RECONCILE_FAILED, "; ".join(map(str, failures))) if failures else None


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
