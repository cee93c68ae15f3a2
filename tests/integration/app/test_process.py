"""The backend as the process that a container runs."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from aiohttp import ClientError, ClientSession

from bitcoincache_api.contract import SERVE_COMMAND, Env
from bitcoincache_app.settings import Settings
from support.backend import environment_of
from support.servers import free_port
from support.waiting import eventually


class Backend:
    def __init__(self, process: asyncio.subprocess.Process, port: int, log: Path) -> None:
        self.process = process
        self.log = log
        self.address = f"http://127.0.0.1:{port}"
        self.port = port

    async def says_goodbye(self) -> bool:
        async with ClientSession() as session, session.get(f"{self.address}/livez") as answer:
            assert answer.status == 200
            return answer.headers.get("Connection") == "close"

    async def ended(self) -> tuple[int | None, str]:
        """Exit code and everything it logged."""
        return await self.process.wait(), self.log.read_text("utf-8")


@pytest.fixture
async def backend(settings: Settings, tmp_path: Path) -> AsyncIterator[Backend]:
    port = free_port()
    log = tmp_path / "log"  # a file: a pipe that nobody reads would fill up and stop the process
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *SERVE_COMMAND[1:],
            env={**os.environ, **environment_of(settings, port), Env.LOG_LEVEL: "debug"},
            stdout=output,
            stderr=output,
        )
    backend = Backend(process, port, log)

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
        await process.wait()


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


async def test_each_request_is_one_line_of_json_without_secrets(backend: Backend) -> None:
    answers: list[tuple[str, int, str | None]] = []
    trace, span = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
    headers = {"X-Request-Id": "mine", "traceparent": f"00-{trace}-{span}-01"}
    async with ClientSession(headers=headers) as session:

        async def get(path: str) -> str | None:
            async with session.get(f"{backend.address}{path}") as answer:
                cache = answer.headers.get("Cache-Status")
                answers.append((path, answer.status, cache))
                return cache

        async def hits() -> bool:
            return (await get("/api/v1/bitcoins") or "").startswith("redis; hit")

        await eventually(hits)
        await get("/nowhere")
    backend.process.send_signal(signal.SIGTERM)

    _, output = await backend.ended()

    lines = [json.loads(line) for line in output.splitlines()]
    mine = [line for line in lines if line.get("request_id") == "mine"]
    requests = [line for line in mine if line["message"] == "request"]
    assert [(line["path"], line["status"], line["cache"]) for line in requests] == answers
    assert {(line["trace_id"], line["span_id"]) for line in mine} == {(trace, span)}
    assert answers[-1] == ("/nowhere", 404, None)
    assert "hunter2" not in output
