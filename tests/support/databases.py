"""Databases for tests, each of which gets one that is empty."""

from __future__ import annotations

from itertools import count

import psycopg

from support.servers import PostgresServer

_NUMBERS = count()


def new_database(postgres: PostgresServer) -> str:
    """The name of one that is empty."""
    name = f"test_{next(_NUMBERS)}"
    with psycopg.connect(host="127.0.0.1", port=postgres.port, user="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return name
