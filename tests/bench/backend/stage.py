"""Where it happens: one PostgreSQL, a Redis for each service, and the services themselves."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import psycopg

from bench.backend.figures import OURS, THEIRS
from bench.backend.services import Place, Service, backend_command, running, yardstick_command
from support.servers import PostgresServer, RedisServer

_POSTGRES: Final = {"max_connections": "500", "timezone": "UTC", "fsync": "on"}
"""As in the operator's postgresql.conf."""

_SCHEMA: Final = Path(__file__).parents[1] / "gin/schema.sql"


class Stage:
    """Makes places on one PostgreSQL, whose data is below ``data``, as is that of every Redis."""

    def __init__(self, postgres: PostgresServer, data: Path) -> None:
        self._postgres = postgres
        self._data = data

    @contextmanager
    def place(self, database: str) -> Iterator[Place]:
        """An empty database and an empty Redis."""
        with tempfile.TemporaryDirectory(dir=self._data, prefix="redis-") as folder:
            redis = RedisServer(Path(folder))
            redis.start()
            try:
                place = Place(self._postgres, redis, database)
                _execute(Place(self._postgres, redis, "postgres"), f"CREATE DATABASE {database}")
                yield place
            finally:
                redis.stop()

    @contextmanager
    def services(self, backend: Path, yardstick: Path) -> Iterator[tuple[Service, Service]]:
        """The backend and the yardstick, started."""
        with ExitStack() as stack:
            ours, theirs = (stack.enter_context(self.place(name)) for name in (OURS, THEIRS))
            _execute(theirs, _SCHEMA.read_text("utf-8"))
            yield (
                stack.enter_context(running(OURS, backend_command(backend), ours)),
                stack.enter_context(running(THEIRS, yardstick_command(yardstick), theirs)),
            )


@contextmanager
def open_stage(data: Path) -> Iterator[Stage]:
    with tempfile.TemporaryDirectory(dir=data, prefix="postgres-") as folder:
        postgres = PostgresServer(Path(folder), _POSTGRES)
        postgres.start()
        try:
            yield Stage(postgres, data)
        finally:
            postgres.stop()


def _execute(place: Place, statements: str) -> None:
    with psycopg.connect(place.conninfo, autocommit=True) as connection:
        connection.execute(statements)
