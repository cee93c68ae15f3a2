"""Real servers and replicas, each replica with networks of its own to PostgreSQL and to Redis."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

import psycopg
import redis.asyncio

from consistency.clients import COINS
from consistency.connection import Connection, LostError, NotSentError
from consistency.subjects import Subject, environment
from consistency.tcp import Network, network
from support.servers import PostgresServer, RedisServer, free_port, postgres_server, redis_server
from support.waiting import eventually

JITTER: Final = 0.05
"""Seconds, each way, at most; a thirteenth of that on average."""


class Replica:
    """One process of the service. ``log_file`` takes its output."""

    def __init__(self, subject: Subject, postgres: Network, redis: Network, log_file: Path) -> None:
        self.port = free_port()
        self.postgres = postgres
        self.redis = redis
        self.environment = environment(subject, self.port, postgres.port, redis.port)
        self.log_file = log_file
        self._command = subject.command
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Returns when it serves. Raises AssertionError with the end of its log where it doesn't come to that."""
        self._spawn()
        try:
            await eventually(self._serves)
        except TimeoutError as error:
            raise AssertionError(f"it does not serve: {self._end_of_log()}") from error

    def _spawn(self) -> None:
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(self._command, env=self.environment, stdout=log, stderr=log)

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
        self._process = None

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    async def _serves(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, f"it ended: {self._end_of_log()}"
        connection = Connection(self.port)
        try:
            return (await connection.request("GET", COINS)).status == 200
        except (NotSentError, LostError):
            return False
        finally:
            connection.close()

    def _end_of_log(self) -> str:
        return self.log_file.read_text("utf-8")[-3000:]

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)


class Cluster:
    """``redis`` is the one to which new connections lead."""

    def __init__(self, subject: Subject, postgres: PostgresServer, redis: RedisServer, stack: AsyncExitStack) -> None:
        self.subject = subject
        self.postgres = postgres
        self.redis = redis
        self.replicas: list[Replica] = []
        self._stack = stack

    def replace_redis(self) -> RedisServer:
        """A new and empty one behind the same addresses; connections to the old one, which is returned, live on."""
        old, self.redis = self.redis, self._stack.enter_context(redis_server())
        for replica in self.replicas:
            replica.redis.target = self.redis.port
        return old

    def redis_client(self) -> redis.asyncio.Redis:
        """Of the test's own, past the networks."""
        return redis.asyncio.Redis(port=self.redis.port, socket_timeout=5.0)

    async def sql(self) -> psycopg.AsyncConnection:
        """Of the test's own, past the networks; commits each statement."""
        return await psycopg.AsyncConnection.connect(
            host="127.0.0.1", port=self.postgres.port, user="postgres", application_name="consistency", autocommit=True
        )


@asynccontextmanager
async def cluster(
    subject: Subject, chance: random.Random, replicas: int = 2, jitter: float = JITTER, **settings: str
) -> AsyncIterator[Cluster]:
    """Replicas that serve. ``settings`` are PostgreSQL's."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="consistency-")))
        whole = Cluster(
            subject, stack.enter_context(postgres_server(**settings)), stack.enter_context(redis_server()), stack
        )
        if subject.schema:
            async with await whole.sql() as connection:
                await connection.execute(subject.schema)
        for number in range(replicas):
            to_postgres = await stack.enter_async_context(network(chance, whole.postgres.port, jitter))
            to_redis = await stack.enter_async_context(network(chance, whole.redis.port, jitter))
            replica = Replica(subject, to_postgres, to_redis, folder / f"replica-{number}.log")
            stack.callback(replica.kill)
            whole.replicas.append(replica)
        await asyncio.gather(*(replica.start() for replica in whole.replicas))
        yield whole
