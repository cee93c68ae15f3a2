"""One visit to one resource: what should be -> applied, in order. What to do is decided elsewhere; here it is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bitcoincache_api.crd.status import Reason
from bitcoincache_api.names import Component
from bitcoincache_operator import assembly, rotation, storage
from bitcoincache_operator.apply import Applier
from bitcoincache_operator.builders import backend, prime
from bitcoincache_operator.builders.stack import DatabaseLogin, Stack
from bitcoincache_operator.cluster.client import Cluster
from bitcoincache_operator.credentials import settled_login, wanted_secrets
from bitcoincache_operator.directories import Policy
from bitcoincache_operator.jobs import retry_in
from bitcoincache_operator.kinds import (
    JOB,
    OWNED,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    Manifest,
    ObjectKey,
    key_of,
)
from bitcoincache_operator.storage import StoragePlan
from bitcoincache_operator.survey import Survey, surveyed
from bitcoincache_operator.sync import in_sync
from bitcoincache_operator.volumes import lay_storage
from bitcoincache_operator.world import belongs_to, controller_uid, is_deleting

_PRUNED: Final = tuple(kind for kind in OWNED if kind not in (PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM))
"""Never a volume or its claim: data are removed by deletion alone."""

_AFTER_PRIMING: Final = (Component.BACKEND, Component.FRONTEND)

_LOOK_AGAIN_SECONDS: Final = 30.0
"""For what isn't watched: nodes and storage classes."""


@dataclass(frozen=True)
class Visit:
    """The tools for one visit, at ``now`` in UTC.

    Its writes end up in ``applier.world``, what was refused in ``applier.problems``.
    """

    cluster: Cluster
    stack: Stack
    policy: Policy
    applier: Applier
    now: datetime
    _built: dict[tuple[DatabaseLogin, str], dict[Component, Manifest]] = field(
        default_factory=dict, init=False, repr=False
    )

    async def repair(self) -> None:
        """Brings the whole stack in line, as far as its order lets it.

        Raises SecretMissingError where there is a volume and nobody knows its password, and UnavailableError where the
        API server doesn't answer; what was done by then stands, and the next visit goes on from there.
        """
        login = await settled_login(self.cluster, self.stack, self.applier)
        if login is None:
            return
        await lay_storage(self.cluster, self.stack, self.applier, self.storage_plan())
        await self.applier.apply_all(self._foundation(login))
        await self._roll(login)
        await self._prune(login)
        for job in self._jobs(login):
            # Its end is news, which brings us back to make another.
            if retry_in(job, self.now) == 0 and not is_deleting(job):
                await self.cluster.delete(job)

    def look_again_in(self, login: DatabaseLogin) -> float | None:
        """Seconds until there may be something to do that nothing would tell of; None where everything would."""
        waits = [retry_in(job, self.now) for job in self._jobs(login)]
        waits.append(_LOOK_AGAIN_SECONDS if self.storage_plan().look_again else None)
        # A Job that is due by now was deleted, which is news once it is done; or a pause keeps it, whose end is news.
        return min((wait for wait in waits if wait), default=None)

    def differing(self, login: DatabaseLogin) -> list[ObjectKey]:
        """The objects that ``repair`` would write, as far as that can be told without writing any."""
        objects = self.applier.world.objects
        return [
            key
            for item in (*self.storage_plan().manifests, *self._wanted(login))
            if (key := key_of(item)).kind is not JOB and not (key in objects and in_sync(item, objects[key]))
        ]

    def survey(self, login: DatabaseLogin) -> Survey:
        """How far the stack has come by now."""
        return surveyed(self.applier.world, self.deployments(login))

    def deployments(self, login: DatabaseLogin) -> dict[Component, Manifest]:
        """The wanted Deployments, in the order in which they go. Built once: each step of a visit asks for them."""
        address = self.applier.world.backend_address
        if (login, address) not in self._built:
            self._built[login, address] = assembly.deployments(self.stack, login, address)
        return self._built[login, address]

    def storage_plan(self) -> StoragePlan:
        return storage.plan(self.applier.world, self.stack, self.policy)

    def _jobs(self, login: DatabaseLogin) -> list[Manifest]:
        """The Jobs that there are of the priming and the rotation that are wanted."""
        names, world = self.stack.names, self.applier.world
        wanted = ((names.prime, self.survey(login).priming.hash), (names.rotation, rotation.job_hash(world)))
        found = [world.child(JOB, name(its_hash)) for name, its_hash in wanted if its_hash is not None]
        return [job for job in found if job is not None]

    def _foundation(self, login: DatabaseLogin) -> list[Manifest]:
        return assembly.foundation(self.stack, opened=self.survey(login).opened)

    def _wanted(self, login: DatabaseLogin) -> list[Manifest]:
        """All that isn't the volume's and isn't a Job."""
        return [
            *wanted_secrets(self.stack, self.applier.world),
            *self._foundation(login),
            *self.deployments(login).values(),
            *assembly.schedules(self.stack, login),
        ]

    async def _roll(self, login: DatabaseLogin) -> None:
        deployments = self.deployments(login)
        for component in deployments:
            if component not in _AFTER_PRIMING:
                await self._step(deployments, component)
        await self._prime(login)
        for component in _AFTER_PRIMING:
            await self._step(deployments, component)
        seen = self.survey(login)
        if seen.opened:
            await self.applier.apply(backend.service(self.stack))
        if not seen.held[Component.BACKEND]:
            for manifest in assembly.schedules(self.stack, login):
                await self.applier.apply(manifest)

    async def _prime(self, login: DatabaseLogin) -> None:
        seen = self.survey(login)
        wanted = seen.priming.hash
        if wanted is None:
            return
        if seen.priming.reason is Reason.WAITING and not seen.held[Component.PRIME]:
            await self.applier.apply(prime.job(self.stack, login, wanted))

    async def _step(self, deployments: dict[Component, Manifest], component: Component) -> None:
        manifest = deployments[component]
        seen = surveyed(self.applier.world, deployments)
        # Pods of a new version would read what could not be written, and nothing would roll them again once it is.
        unwritten = self.applier.problems and component in seen.renewed
        if not seen.held[component] and not unwritten:
            await self.applier.apply(manifest)
            return
        live = self.applier.world.deployment(manifest["metadata"]["name"])
        replicas = manifest["spec"]["replicas"]
        if live is not None and live["spec"]["replicas"] != replicas:
            await self.applier.merge(key_of(live), {"spec": {"replicas": replicas}})

    async def _prune(self, login: DatabaseLogin) -> None:
        world, namespace, names = self.applier.world, self.stack.names.namespace, self.stack.names
        wanted = {key_of(item) for item in self._wanted(login)}
        rotation_hash = rotation.job_hash(world)
        if rotation_hash is not None:
            wanted.add(ObjectKey(JOB, namespace, names.rotation(rotation_hash)))
        priming_hash = self.survey(login).priming.hash
        if priming_hash is not None:
            wanted.add(ObjectKey(JOB, namespace, names.prime(priming_hash)))
        for kind in _PRUNED:
            for live in world.of_kind(kind):
                keeps = key_of(live) in wanted or is_deleting(live) or (kind is JOB and priming_hash is None)
                if not keeps and controller_uid(live) is not None and belongs_to(world.resource, live):
                    await self.cluster.delete(live)
