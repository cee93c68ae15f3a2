"""The backend's configuration: its environment, and the limits that keep it responsive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bitcoincache_api.contract import CONNECTIONS_TO_POSTGRES

Port = Annotated[int, Field(ge=1, le=65535)]


class SettingsError(Exception):
    """The environment is not usable. Its message names variables and never their values."""


def _members(text: object) -> object:
    """Of a list with commas."""
    return [member.strip() for member in text.split(",") if member.strip()] if isinstance(text, str) else text


class Settings(BaseSettings):
    """Fields are the variables of contract.Env. ``cache_ttl`` is in seconds.

    ``cache_controls``: whether keys may be evicted and primings begun over the API.
    """

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True)

    port: Port = 3000
    postgres_host: str = "localhost"
    postgres_port: Port = 5432
    postgres_db: str = "bitcoin"
    postgres_user: str
    postgres_password: SecretStr
    postgres_next_password: SecretStr | None = None
    redis_host: str = "localhost"
    redis_port: Port = 6379
    cache_ttl: Annotated[int, Field(ge=1)] = 3600
    cache_controls: bool = False
    cors_origins: Annotated[frozenset[str], NoDecode, BeforeValidator(_members)] = frozenset()
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(str.lower)] = "info"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, in seconds, and how many. ``linger``: how long a write may be pending before it is looked into.

    Of HTTP: ``connections`` at a time, each ``idle`` so long at most; ``head`` and ``body`` of a request may take so
    long to come, and a client may leave its answer ``unread``.
    """

    redis: float = 0.1
    redis_write: float = 0.5
    redis_records: float = 0.5
    redis_connections: int = 4
    redis_pending: int = 4096
    postgres_pool: float = 2.0
    postgres_statement: float = 2.0
    postgres_answer: float = 3.0
    postgres_connections: int = CONNECTIONS_TO_POSTGRES - 3
    """For reads. Two more are lanes of writes, and one is the judge's."""
    postgres_queue: int = 64
    postgres_lanes: int = 2
    linger: float = 5.0
    lease: float = 2.0
    connections: int = 1024
    idle: float = 75.0
    head: float = 10.0
    body: float = 10.0
    unread: float = 30.0


PRIMING_LIMITS = Limits(
    redis_records=5.0,
    postgres_pool=10.0,
    postgres_statement=30.0,
    postgres_answer=40.0,
    postgres_connections=1,
)
"""Priming works in batches and nobody waits for it."""


def load_settings() -> Settings:
    """Read the environment. Raises SettingsError with every variable that is missing or wrong."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [f"{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors(include_input=False)]
        raise SettingsError("Set these environment variables right: " + "; ".join(wrong)) from None
