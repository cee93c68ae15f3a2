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
from bitcoincache_operator.builders.storage import Directory
from bitcoincache_operator.cluster.client import Cluster
from bitcoincache_operator.directories import directory_of
from bitcoincache_operator.errors import SecretMissingError
from bitcoincache_operator.kinds import PERSISTENT_VOLUME, PERSISTENT_VOLUME_CLAIM, SECRET, Manifest, ObjectKey, key_of
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
    known = applier.world.login()
    if known is not None:
        return known
    found = await _unlisted_secret(cluster, stack)
    if found is not None and belongs_to(applier.world.resource, found):
        # Its labels are put right with the rest of it.
        applier.world = applier.world.having([found])
        return applier.world.login()
    if await _volume_exists(cluster, stack):
        if found is None or controller_uid(found) is not None:
            raise SecretMissingError(_secret_missing(stack, directory_of(applier.world)))
        await applier.merge(key_of(found), {"metadata": {"labels": stack.names.labels(Component.POSTGRES)}})
        return applier.world.login()
    made = DatabaseLogin(postgres.LOGIN_USER, secrets.token_urlsafe(_PASSWORD_BYTES))
    await applier.apply(postgres.secret(stack, made))
    return applier.world.login()


async def _unlisted_secret(cluster: Cluster, stack: Stack) -> Manifest | None:
    """A secret with a login that isn't in the lists, for it lost its labels, or a person put it there without them."""
    found = await cluster.find(ObjectKey(SECRET, stack.names.namespace, stack.names.postgres_secret))
    return found if found is not None and login_of(found) is not None else None


async def _volume_exists(cluster: Cluster, stack: Stack) -> bool:
    """By name: a claim that lost its labels isn't in the lists, and still holds data."""
    claim = ObjectKey(PERSISTENT_VOLUME_CLAIM, stack.names.namespace, stack.names.postgres)
    volume = ObjectKey(PERSISTENT_VOLUME, "", stack.names.persistent_volume)
    return await cluster.find(claim) is not None or await cluster.find(volume) is not None


def _secret_missing(stack: Stack, directory: Directory | None) -> str:
    """What to do. A directory that stays is taken up by the next volume, and has the old password in it."""
    first = f"the directory {directory.path} on node {directory.hostname}, then " if directory else ""
    return (
        f"there is a volume, but no password for it: restore Secret {stack.names.postgres_secret} with the keys "
        f"{postgres.USER_KEY} and {postgres.PASSWORD_KEY}, or delete {first}the volume and its claim to begin anew"
    )
