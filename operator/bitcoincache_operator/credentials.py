"""The database's login: made once, restored where a person put it back, and changed step by step."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Final

from bitcoincache_api.names import Component
from bitcoincache_operator import rotation
from bitcoincache_operator.apply import Applier
from bitcoincache_operator.builders import backend, postgres, rotate
from bitcoincache_operator.builders.stack import DatabaseLogin, Stack
from bitcoincache_operator.cluster.client import Cluster
from bitcoincache_operator.errors import SecretMissingError
from bitcoincache_operator.kinds import PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, SECRET, Manifest, ObjectKey
from bitcoincache_operator.world import World, belongs_to, controller_uid, login_of

_PASSWORD_BYTES: Final = 24


async def settled_login(cluster: Cluster, stack: Stack, applier: Applier) -> DatabaseLogin | None:
    """Keeps both Secrets, and takes a change of the password one step on. Gives the login that PostgreSQL takes by now.

    None where the Secret could not be written. Raises SecretMissingError where there is a volume and nobody knows its
    password, and ClusterError.
    """
    wanted = await _wanted_login(cluster, stack, applier)
    if wanted is None:
        return None
    for secret in wanted_secrets(stack, applier.world):
        await applier.apply(secret)
    # By what is there now, also where the write was refused.
    login = rotation.in_force(applier.world) or wanted
    job_hash = rotation.job_hash(applier.world)
    if job_hash is not None:
        await applier.apply(rotate.job(stack, login, job_hash))
    return login


def wanted_secrets(stack: Stack, world: World) -> list[Manifest]:
    """What the two Secrets should say by now; none where nobody knows a password."""
    wanted = world.login()
    if wanted is None:
        return []
    step = rotation.next_step(world, wanted)
    return [
        postgres.secret(stack, replace(wanted, user=step.login.user)),
        backend.secret(stack, step.login, step.next_password),
    ]


async def _wanted_login(cluster: Cluster, stack: Stack, applier: Applier) -> DatabaseLogin | None:
    """Made once: a new password for a volume that exists would lock everyone out."""
    names = stack.names
    known = applier.world.login()
    if known is not None:
        return known
    if await _volume_exists(cluster, stack):
        restored = await _restored_login(cluster, stack, applier)
        if restored is not None:
            return restored
        raise SecretMissingError(
            f"there is a volume, but no password for it: restore Secret {names.postgres_secret} with the keys "
            f"{postgres.USER_KEY} and {postgres.PASSWORD_KEY}, or delete the volume and its claim to begin anew"
        )
    made = DatabaseLogin(postgres.LOGIN_USER, secrets.token_urlsafe(_PASSWORD_BYTES))
    await applier.apply(postgres.secret(stack, made))
    return applier.world.login()


async def _volume_exists(cluster: Cluster, stack: Stack) -> bool:
    """By name: a claim that lost its labels isn't in the lists, and still holds data."""
    claim = ObjectKey(PERSISTENT_VOLUME_CLAIM, stack.names.namespace, stack.names.postgres)
    volume = ObjectKey(PERSISTENT_VOLUME, "", stack.names.persistent_volume)
    return await cluster.find(claim) is not None or await cluster.find(volume) is not None


async def _restored_login(cluster: Cluster, stack: Stack, applier: Applier) -> DatabaseLogin | None:
    """The login of a secret that lost its labels, or that a person put back, who gave it none."""
    key = ObjectKey(SECRET, stack.names.namespace, stack.names.postgres_secret)
    found = await cluster.find(key)
    if found is None or login_of(found) is None:
        return None
    if belongs_to(applier.world.resource, found):
        # Its labels are put right with the rest of it.
        applier.world = applier.world.having([found])
    elif controller_uid(found) is None:
        await applier.merge(key, {"metadata": {"labels": stack.names.labels(Component.POSTGRES)}})
    return applier.world.login()
