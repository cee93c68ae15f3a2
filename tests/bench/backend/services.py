"""The backend and the yardstick as processes on one core, each with a database and a Redis of its own."""

from __future__ import annotations

import collections
import os
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from redis import Redis

from support.servers import PostgresServer, RedisServer, free_port

SERVICE_CORE: Final = 0
OTHER_CORE: Final = 1
"""Of PostgreSQL, Redis, wrk and this program itself."""

_USER: Final = "postgres"
_PATIENCE: Final = 30.0
_PIPE: Final = 2**16
_ROOT: Final = Path(__file__).parents[3]
_PACKAGES: Final = f"{_ROOT / 'api'}:{_ROOT / 'app'}"


@dataclass(frozen=True, slots=True)
class Place:
    """What a service works on."""

    postgres: PostgresServer
    redis: RedisServer
    database: str

    @property
    def conninfo(self) -> str:
        return f"host=127.0.0.1 port={self.postgres.port} dbname={self.database} user={_USER}"

    def client(self) -> Redis:
        """A client of the bench's own."""
        return Redis(port=self.redis.port)

    def environment(self, port: int) -> Mapping[str, str]:
        """The variables that the operator sets: yardstick and backend go by the same."""
        return {
            "PORT": str(port),
            "POSTGRES_HOST": "127.0.0.1",
            "POSTGRES_PORT": str(self.postgres.port),
            "POSTGRES_DB": self.database,
            "POSTGRES_USER": _USER,
            "POSTGRES_PASSWORD": "unused",
            "REDIS_HOST": "127.0.0.1",
            "REDIS_PORT": str(self.redis.port),
            "LOG_LEVEL": "info",
            "PYTHONPATH": _PACKAGES,
        }


@dataclass(frozen=True, slots=True)
class Service:
    """One that runs."""

    name: str
    pid: int
    port: int
    place: Place

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1/bitcoins"


def backend_command(python: Path, module: str = "bitcoincache_app") -> Sequence[str]:
    return _on_service_core(str(python), "-m", module)


@contextmanager
def running(name: str, command: Sequence[str], place: Place) -> Iterator[Service]:
    """Ends it in the end. What it logs is read and thrown away on the other core, as a container's runtime would."""
    port = free_port()
    environment = {**os.environ, **place.environment(port)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    last_words: collections.deque[bytes] = collections.deque(maxlen=1)
    reader = threading.Thread(target=_drain, args=(process, last_words))
    reader.start()
    try:
        yield Service(name, process.pid, port, place)
        assert process.poll() is None, f"{name} has ended: {b''.join(last_words)[-2000:].decode(errors='replace')}"
    finally:
        process.terminate()
        process.wait(_PATIENCE)
        reader.join()


def yardstick_command(program: Path) -> Sequence[str]:
    return _on_service_core(str(program))


def _on_service_core(*command: str) -> Sequence[str]:
    # Before it starts: Go runs as many threads as it finds cores then.
    return ("taskset", "--cpu-list", str(SERVICE_CORE), *command)


def _drain(process: subprocess.Popen[bytes], last_words: collections.deque[bytes]) -> None:
    assert process.stdout is not None
    with process.stdout:
        while said := os.read(process.stdout.fileno(), _PIPE):
            last_words.append(said)
