"""What the operator promises a container and the container promises the operator."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

API_PREFIX: Final = "/api/v1"
LIVENESS_PATH: Final = "/livez"
READINESS_PATH: Final = "/readyz"
METRICS_PATH: Final = "/metrics"

SERVE_COMMAND: Final = ("python", "-m", "bitcoincache_app")
PRIME_COMMAND: Final = ("python", "-m", "bitcoincache_app.prime")
ROTATE_COMMAND: Final = ("python", "-m", "bitcoincache_app.rotate")

PASSWORD_REFUSED_EXIT_CODE: Final = 3
"""Of priming and rotating, where PostgreSQL takes no password that they have: trying again won't help."""

CONNECTIONS_TO_POSTGRES: Final = 6
"""That a backend makes when it starts, and keeps. PostgreSQL must let in as many for each of them."""

COIN_KEY_PREFIX: Final = "bitcoin:"
RANKING_KEY: Final = "bitcoin:rankings"
"""No symbol can collide with it: symbols are upper-case."""

STAMP_KEY: Final = "bitcoincache:stamp"
"""Set when a Redis is adopted, without a TTL: which epoch its data belong to. Without it no script does anything."""

PRIMED_KEY: Final = "bitcoincache:primed"
"""Set by priming, without a TTL: when, and how many keys. Its absence says that Redis lost its data."""

READS_KEY: Final = "bitcoincache:reads"
"""A hash, without a TTL: the hits and misses that all replicas have counted together."""

META_KEY_PREFIX: Final = "bitcoincache:meta:"
"""Bookkeeping of the cache protocol, one hash per value key. Never evicted: it has no TTL."""


def coin_key(symbol: str) -> str:
    """The Redis key of one coin's JSON."""
    return f"{COIN_KEY_PREFIX}{symbol}"


def meta_key(value_key: str) -> str:
    """The Redis key of what the cache protocol notes about ``value_key``."""
    return f"{META_KEY_PREFIX}{value_key}"


class Env(StrEnum):
    """The backend's environment, from the backend's ConfigMap and Secret."""

    PORT = "PORT"
    POSTGRES_HOST = "POSTGRES_HOST"
    POSTGRES_PORT = "POSTGRES_PORT"
    POSTGRES_DB = "POSTGRES_DB"
    POSTGRES_USER = "POSTGRES_USER"
    POSTGRES_PASSWORD = "POSTGRES_PASSWORD"  # noqa: S105 - the variable's name
    POSTGRES_NEXT_PASSWORD = "POSTGRES_NEXT_PASSWORD"  # noqa: S105 - the variable's name
    """What the password is being changed to; absent when nothing is."""
    REDIS_HOST = "REDIS_HOST"
    REDIS_PORT = "REDIS_PORT"
    CACHE_TTL = "CACHE_TTL"
    CACHE_CONTROLS = "CACHE_CONTROLS"
    """``true`` where keys may be evicted and primings begun over the API; no where it is absent."""
    LOG_LEVEL = "LOG_LEVEL"
    CORS_ORIGINS = "CORS_ORIGINS"
    """Origins whose scripts may use the API, separated by commas; none where it is absent, all where it is ``*``."""


class PrimingResult:
    """How a priming Job tells the operator what it did.

    The last line that ``python -m bitcoincache_app.prime`` writes to its container's termination message
    (``TERMINATION_PATH``) is a JSON object with these members.
    """

    TERMINATION_PATH: Final = "/dev/termination-log"
    KEYS: Final = "keys"
    ROWS: Final = "rows"
