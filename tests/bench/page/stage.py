"""Where it happens: the built page on nginx, the backend, PostgreSQL and Redis, and the coins."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from bitcoincache_app.settings import Settings
from support.backend import backend_process
from support.databases import new_database
from support.nginx import nginx
from support.page_build import built
from support.servers import postgres_server, redis_server

_USER: Final = "postgres"
_ADD: Final = """INSERT INTO bitcoins (symbol, price)
  SELECT 'C' || lpad(number::text, 6, '0'), number * 7919::bigint %% 1000003 FROM generate_series(1, %s) AS number"""


@dataclass(frozen=True, slots=True)
class Stage:
    """``address`` is where the page is served, ``bundle`` the folder that it is served from."""

    address: str
    bundle: Path


@contextmanager
def open_stage(coins: int) -> Iterator[Stage]:
    """The whole stack but Kubernetes, with so many coins."""
    with (
        tempfile.TemporaryDirectory(prefix="page-") as folder,
        postgres_server(fsync="on") as postgres,
        redis_server() as redis,
    ):
        database = new_database(postgres)
        settings = Settings(
            postgres_host="127.0.0.1",
            postgres_port=postgres.port,
            postgres_db=database,
            postgres_user=_USER,
            postgres_password="unused",
            redis_host="127.0.0.1",
            redis_port=redis.port,
        )
        with backend_process(settings) as backend:
            # It has made the table; nothing of it is in the cache yet.
            with psycopg.connect(host="127.0.0.1", port=postgres.port, user=_USER, dbname=database) as connection:
                connection.execute(_ADD, [coins])
            bundle = built(Path(folder))
            with nginx(bundle, backend.address.removeprefix("http://")) as page:
                yield Stage(page.address, bundle)
