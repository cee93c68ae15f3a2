"""Brings the database's schema up to date: numbered SQL files, each applied once, by one process at a time."""

from __future__ import annotations

import logging
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

import psycopg

from bitcoincache_app.errors import PasswordRefusedError, StoreUnavailableError
from bitcoincache_app.postgres import is_password_refused

_log = logging.getLogger(__name__)

_LOCK: Final = 0x62746363  # "btcc": any number will do that no one else locks
_LEDGER: Final = """
CREATE TABLE IF NOT EXISTS bitcoincache_migrations (
  name TEXT PRIMARY KEY,
  applied_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP
)"""


async def migrate(conninfo: str) -> list[str]:
    """Apply what is missing, in one transaction, and return its names. Others that migrate meanwhile wait.

    Raises PasswordRefusedError, and StoreUnavailableError where the database does not answer or refuses otherwise.
    """
    try:
        async with (
            await psycopg.AsyncConnection.connect(conninfo) as connection,
            connection.transaction(),
        ):
            await connection.execute("SET LOCAL statement_timeout = 0")
            await connection.execute("SET LOCAL enable_seqscan = on")
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
            await connection.execute(_LEDGER)
            cursor = await connection.execute("SELECT name FROM bitcoincache_migrations")
            done = {str(row[0]) for row in await cursor.fetchall()}
            missing = [file for file in _files() if file.name not in done]
            for file in missing:
                await connection.execute(file.read_text("utf-8"))
                await connection.execute("INSERT INTO bitcoincache_migrations (name) VALUES (%s)", [file.name])
    except psycopg.Error as error:
        if is_password_refused(error):
            raise PasswordRefusedError("PostgreSQL refuses the password.") from error
        raise StoreUnavailableError(f"The schema can't be brought up to date: {type(error).__name__}.") from error
    names = [file.name for file in missing]
    _log.info("schema is up to date", extra={"applied": names})
    return names


def _files() -> list[Traversable]:
    folder = resources.files("bitcoincache_app") / "migrations"
    return sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
