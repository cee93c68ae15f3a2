"""Changing the database's password: the Job that tells PostgreSQL."""

from __future__ import annotations

from typing import Final

from bitcoincache_api import contract
from bitcoincache_api.names import Component
from bitcoincache_operator.builders import backend, prime
from bitcoincache_operator.builders.stack import DatabaseLogin, Stack
from bitcoincache_operator.kinds import JOB, Manifest

_TTL_SECONDS: Final = 300
"""A Job that failed is made anew once this has removed it: what kept it from its work may be gone by then."""

_DEADLINE_SECONDS: Final = 300


def job(stack: Stack, login: DatabaseLogin, rotation_hash: str) -> Manifest:
    """The Job that makes PostgreSQL take the next password. Both passwords are in the backend's Secret.

    It runs as priming does: it needs PostgreSQL as well, and nothing else.
    """
    container: Manifest = {
        **backend.base_container(stack, "rotate"),
        "command": list(contract.ROTATE_COMMAND),
        "terminationMessagePolicy": "FallbackToLogsOnError",
    }
    out = stack.manifest(JOB, stack.names.rotation(rotation_hash), Component.PRIME)
    spec = prime.job_spec(stack, login, container, _DEADLINE_SECONDS)
    out["spec"] = {**spec, "ttlSecondsAfterFinished": _TTL_SECONDS}
    return out
