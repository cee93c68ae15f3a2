"""Redis's configuration, on a real one: nothing outlives a restart, and nobody takes the values' place."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as NotConnectedError

from bitcoincache_operator.builders import redis as builder
from support.servers import free_port
from support.specs import stack
from support.waiting import eventually

VALUES = 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a stack's Redis finds: its configuration."""
    [config] = [item for item in builder.foundation(stack()) if item["kind"] == "ConfigMap"]
    (tmp_path / "redis.conf").write_text(config["data"]["redis.conf"], "utf-8")
    return tmp_path


async def test_a_restarted_redis_is_empty_and_leaves_nothing_on_disk(folder: Path) -> None:
    async with started(folder, free_port()) as client:
        await client.set("bitcoin:BTC", "{}")
    async with started(folder, free_port()) as client:
        assert await client.dbsize() == 0
    assert files(folder) == ["redis.conf"]


async def test_a_client_that_does_not_read_is_left_before_it_takes_the_values_place(folder: Path) -> None:
    port = free_port()
    async with started(folder, port) as client:
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect(("127.0.0.1", port))
            deaf.sendall(b"MONITOR\r\n")

            async def is_left() -> bool:
                writes = client.pipeline(transaction=False)
                for number in range(VALUES):
                    writes.set(f"bitcoin:{number}", "x" * 10_000)
                await writes.execute()
                return len(await client.client_list()) == 1

            await eventually(is_left)
        assert await client.dbsize() == VALUES
        assert (await client.info("stats"))["evicted_keys"] == 0


def files(folder: Path) -> list[str]:
    return [item.name for item in folder.iterdir()]


@asynccontextmanager
async def started(folder: Path, port: int) -> AsyncIterator[Redis]:
    """A Redis as the stack's pod starts it, on this machine's loopback."""
    command = ["redis-server", str(folder / "redis.conf"), "--port", str(port), "--bind", "127.0.0.1"]
    process = await asyncio.create_subprocess_exec(*command, cwd=folder, stdout=asyncio.subprocess.DEVNULL)
    try:
        async with Redis(port=port) as client:

            async def answers() -> bool:
                try:
                    return bool(await client.ping())
                except NotConnectedError:
                    return False

            await eventually(answers)
            yield client
    finally:
        process.terminate()
        await process.wait()
