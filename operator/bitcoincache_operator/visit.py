"""One visit to one resource: what should be -> applied, in order. What to do is decided elsewhere; here it is done."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bitcoincache_api.crd.spec import DeletionPolicy
from bitcoincache_api.crd.status import Reason
from bitcoincache_api.names import FINALIZER, Component
from bitcoincache_operator import assembly, rotation, storage
from bitcoincache_operator.apply import Applier
from bitcoincache_operator.builders import backend, postgres, prime, rotate
from bitcoincache_operator.builders.stack import DatabaseLogin, Stack
from bitcoincache_operator.builders.storage import DIRECTORY_ANNOTATION, Directory
from bitcoincache_operator.cluster.client import Cluster
from bitcoincache_operator.directories import Policy
from bitcoincache_operator.errors import SecretMissingError
from bitcoincache_operator.jobs import retry_in
from bitcoincache_operator.kinds import (
    BITCOINCACHE,
    CONFIG_MAP,
    CRON_JOB,
    DEPLOYMENT,
    HORIZONTAL_POD_AUTOSCALER,
    JOB,
    NETWORK_POLICY,
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    POD_DISRUPTION_BUDGET,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    Manifest,
    ObjectKey,
    key_of,
)
from bitcoincache_operator.storage import StoragePlan
from bitcoincache_operator.survey import Survey, surveyed
from bitcoincache_operator.sync import in_sync
from bitcoincache_operator.world import belongs_to, controller_uid, is_deleting, login_of

_PRUNED: Final = (
    DEPLOYMENT,
    SERVICE,
    CONFIG_MAP,
    SECRET,
    SERVICE_ACCOUNT,
    JOB,
    CRON_JOB,
    POD_DISRUPTION_BUDGET,
    HORIZONTAL_POD_AUTOSCALER,
    NETWORK_POLICY,
)
"""Never a volume or its claim: data are removed by deletion alone."""

_AFTER_PRIMING: Final = (Component.BACKEND, Component.FRONTEND)

_PASSWORD_BYTES: Final = 24

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

    async def repair(self) -> None:
        """Brings the whole stack in line, as far as its order lets it.

        Raises SecretMissingError where there is a volume and nobody knows its password, and UnavailableError where the
        API server doesn't answer; what was done by then stands, and the next visit goes on from there.
        """
        wanted = await self._login()
        if wanted is None:
            return
        login = await self._rotate(wanted)
        await self._lay_storage(self.storage_plan())
        await asyncio.gather(*map(self.applier.apply, self._foundation(login)))
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
        return min((wait for wait in waits if wait is not None), default=None)

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
        """The wanted Deployments, in the order in which they go."""
        return assembly.deployments(self.stack, login, self.applier.world.backend_address)

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
        deployments = self.deployments(login).values()
        return [*self._foundation(login), *deployments, *assembly.schedules(self.stack, login)]

    async def _login(self) -> DatabaseLogin | None:
        """The database's login. Made once: a new password for a volume that exists would lock everyone out."""
        names = self.stack.names
        known = self.applier.world.login()
        if known is not None:
            return known
        if await self._volume_exists():
            restored = await self._restored_login()
            if restored is not None:
                return restored
            raise SecretMissingError(
                f"there is a volume, but no password for it: restore Secret {names.postgres_secret} with the keys "
                f"{postgres.USER_KEY} and {postgres.PASSWORD_KEY}, or delete the volume and its claim to begin anew"
            )
        made = DatabaseLogin(postgres.LOGIN_USER, secrets.token_urlsafe(_PASSWORD_BYTES))
        await self.applier.apply(postgres.secret(self.stack, made))
        return self.applier.world.login()

    async def _rotate(self, wanted: DatabaseLogin) -> DatabaseLogin:
        """Takes a change of the password one step on. Gives the login that PostgreSQL takes by now."""
        step = rotation.next_step(self.applier.world, wanted)
        await self.applier.apply(postgres.secret(self.stack, replace(wanted, user=step.login.user)))
        await self.applier.apply(backend.secret(self.stack, step.login, step.next_password))
        # By what is there now, also where the write was refused.
        login = rotation.in_force(self.applier.world) or wanted
        job_hash = rotation.job_hash(self.applier.world)
        if job_hash is not None:
            await self.applier.apply(rotate.job(self.stack, login, job_hash))
        return login

    async def _volume_exists(self) -> bool:
        """By name: a claim that lost its labels isn't in the lists, and still holds data."""
        names = self.stack.names
        claim = ObjectKey(PERSISTENT_VOLUME_CLAIM, names.namespace, names.postgres)
        volume = ObjectKey(PERSISTENT_VOLUME, "", names.persistent_volume)
        return await self.cluster.find(claim) is not None or await self.cluster.find(volume) is not None

    async def _restored_login(self) -> DatabaseLogin | None:
        """The login of a secret that a person put back; the operator's labels are put on it."""
        key = ObjectKey(SECRET, self.stack.names.namespace, self.stack.names.postgres_secret)
        found = await self.cluster.find(key)
        if found is None or controller_uid(found) is not None or login_of(found) is None:
            return None
        await self.applier.merge(key, {"metadata": {"labels": self.stack.names.labels(Component.POSTGRES)}})
        return self.applier.world.login()

    async def _lay_storage(self, plan: StoragePlan) -> None:
        await self._hold_finalizer(plan.directory)
        if storage.lost_claim(self.applier.world):
            volume = ObjectKey(PERSISTENT_VOLUME, "", self.stack.names.persistent_volume)
            await self.applier.merge(volume, {"spec": {"claimRef": {"uid": None, "resourceVersion": None}}})
        for manifest in plan.manifests:
            await self.applier.apply(manifest)

    async def _hold_finalizer(self, directory: Directory | None) -> None:
        """A finalizer only where there is something that owner references can't collect."""
        resource = self.applier.world.resource
        wanted = directory if self.stack.spec.deletion_policy is DeletionPolicy.DELETE else None
        if (wanted is not None) == resource.holds_finalizer and wanted == resource.directory:
            return
        others = [name for name in resource.finalizers if name != FINALIZER]
        metadata = {
            "resourceVersion": resource.version,
            "finalizers": [*others, FINALIZER] if wanted else others,
            "annotations": {DIRECTORY_ANNOTATION: str(wanted) if wanted else None},
        }
        key = ObjectKey(BITCOINCACHE, resource.key.namespace, resource.key.name)
        await self.cluster.merge(key, {"metadata": metadata})

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
        if not surveyed(self.applier.world, deployments).held[component]:
            await self.applier.apply(manifest)
            return
        live = self.applier.world.deployment(manifest["metadata"]["name"])
        replicas = manifest["spec"]["replicas"]
        if live is not None and live["spec"]["replicas"] != replicas:
            await self.applier.merge(key_of(live), {"spec": {"replicas": replicas}})

    async def _prune(self, login: DatabaseLogin) -> None:
        world, namespace, names = self.applier.world, self.stack.names.namespace, self.stack.names
        wanted = {key_of(item) for item in self._wanted(login)}
        wanted |= {ObjectKey(SECRET, namespace, name) for name in (names.postgres_secret, names.backend_secret)}
        rotation_hash = rotation.job_hash(world)
        if rotation_hash is not None:
            wanted.add(ObjectKey(JOB, namespace, names.rotation(rotation_hash)))
        priming_hash = self.survey(login).priming.hash
        if priming_hash is not None:
            wanted.add(ObjectKey(JOB, self.stack.names.namespace, self.stack.names.prime(priming_hash)))
        for kind in _PRUNED:
            for live in world.of_kind(kind):
                keeps = key_of(live) in wanted or is_deleting(live) or (kind is JOB and priming_hash is None)
                if not keeps and controller_uid(live) is not None and belongs_to(world.resource, live):
                    await self.cluster.delete(live)
