"""The backend as the process that a container runs."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator

import psycopg
import pytest
from aiohttp import ClientError, ClientSession

from bitcoincache_api.contract import SERVE_COMMAND, Env
from bitcoincache_app.settings import Settings
from support.servers import free_port
from support.waiting import eventually


class Backend:
    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process = process
        self.address = f"http://127.0.0.1:{port}"
        self.port = port

    async def says_goodbye(self) -> bool:
        async with ClientSession() as session, session.get(f"{self.address}/livez") as answer:
            assert answer.status == 200
            return answer.headers.get("Connection") == "close"

    async def ended(self) -> tuple[int | None, str]:
        """Exit code and everything it logged."""
        output, _ = await self.process.communicate()
        return self.process.returncode, output.decode()


@pytest.fixture
async def backend(settings: Settings) -> AsyncIterator[Backend]:
    port = free_port()
    environment = {
        Env.PORT: port,
        Env.POSTGRES_HOST: settings.postgres_host,
        Env.POSTGRES_PORT: settings.postgres_port,
        Env.POSTGRES_DB: settings.postgres_db,
        Env.POSTGRES_USER: settings.postgres_user,
        Env.POSTGRES_PASSWORD: settings.postgres_password.get_secret_value(),
        Env.REDIS_HOST: settings.redis_host,
        Env.REDIS_PORT: settings.redis_port,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *SERVE_COMMAND[1:],
        env={**os.environ, **{name.value: str(value) for name, value in environment.items()}},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    backend = Backend(process, port)

    async def is_ready() -> bool:
        assert process.returncode is None, "it ended before it served"
        try:
            async with ClientSession() as session, session.get(f"{backend.address}/readyz") as answer:
                return answer.status == 200
        except ClientError:
            return False

    await eventually(is_ready)
    yield backend
    if process.returncode is None:
        process.kill()
        await process.communicate()


async def test_sigterm_lets_requests_in_flight_end(backend: Backend, in_postgres: psycopg.Connection) -> None:
    async with ClientSession() as session:
        coin = f"{backend.address}/api/v1/bitcoins/BTC"

        async def is_written() -> bool:
            # The process has little patience with Redis, and may refuse while the machine is busy.
            async with session.put(coin, json={"price": 1}) as answer:
                assert answer.status in {200, 201, 503}
                return answer.status != 503

        await eventually(is_written)
        with in_postgres.transaction():
            in_postgres.execute("SELECT 1 FROM bitcoins FOR UPDATE")
            writing = asyncio.create_task(session.put(coin, json={"price": 2}))

            async def waits() -> bool:
                blocked = "SELECT 1 FROM pg_locks WHERE NOT granted"
                return in_postgres.execute(blocked).fetchone() is not None

            await eventually(waits)
            backend.process.send_signal(signal.SIGTERM)
            await eventually(backend.says_goodbye)

        assert (await writing).status == 200
    code, _ = await backend.ended()
    assert code == 0


async def test_after_sigterm_each_connection_is_served_once_more_and_then_let_go(backend: Backend) -> None:
    """Else a client's request could meet a connection that is just being closed, and be lost."""
    reader, writer = await asyncio.open_connection("127.0.0.1", backend.port)
    assert not await backend.says_goodbye()
    backend.process.send_signal(signal.SIGTERM)
    await eventually(backend.says_goodbye)
    # While the idle connection is there, new ones are let in as well.
    assert await backend.says_goodbye()
    writer.write(b"GET /livez HTTP/1.1\r\nHost: test\r\n\r\n")
    answer = (await reader.read()).decode()
    assert answer.startswith("HTTP/1.1 200 ")
    assert "Connection: close" in answer
    writer.close()
    code, _ = await backend.ended()
    assert code == 0


async def test_each_request_but_a_hit_is_one_line_of_json_without_secrets(backend: Backend) -> None:
    answers: list[tuple[str, int, str | None]] = []
    async with ClientSession(headers={"X-Request-Id": "mine"}) as session:

        async def get(path: str) -> str | None:
            async with session.get(f"{backend.address}{path}") as answer:
                cache = answer.headers.get("Cache-Status")
                answers.append((path, answer.status, cache))
                return cache

        async def hits() -> bool:
            return (await get("/api/v1/bitcoins") or "").startswith("redis; hit")

        await eventually(hits)
        await get("/nowhere")
        async with session.get(f"{backend.address}/livez") as unlogged:
            assert unlogged.status == 200
    backend.process.send_signal(signal.SIGTERM)

    _, output = await backend.ended()

    lines = [json.loads(line) for line in output.splitlines()]
    requests = [line for line in lines if line["message"] == "request" and line["request_id"] == "mine"]
    told = [answer for answer in answers if not (answer[2] or "").startswith("redis; hit")]
    assert [(line["path"], line["status"], line["cache"]) for line in requests] == told
    assert len(told) < len(answers)
    assert answers[-1] == ("/nowhere", 404, None)
    assert "hunter2" not in output
