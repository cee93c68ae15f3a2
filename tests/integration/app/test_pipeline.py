"""The shared connection on a real Redis that is slow, stops, crashes and comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest
import redis

from bitcoincache_app.clock import SystemClock
from bitcoincache_app.errors import CacheUnavailableError, RedisRefusedError
from bitcoincache_app.pipeline import Pipeline, open_pipeline
from bitcoincache_app.script import Script
from bitcoincache_app.settings import Limits
from support.servers import RedisServer
from support.waiting import eventually

ECHO = Script("return {KEYS[1], ARGV[1]}", patience=20.0)
PATIENT = Limits(redis=20.0, redis_write=20.0)
BRIEF = Limits(redis=0.05, redis_write=0.2)


@pytest.fixture
async def pipeline(redis_: RedisServer) -> AsyncIterator[Pipeline]:
    async with _pipeline(redis_, PATIENT) as pipeline:
        await _answered(pipeline)
        yield pipeline


@pytest.fixture
async def brief(redis_: RedisServer) -> AsyncIterator[Pipeline]:
    async with _pipeline(redis_, BRIEF) as pipeline:
        await _answered(pipeline)
        yield pipeline


def _pipeline(server: RedisServer, limits: Limits) -> AbstractAsyncContextManager[Pipeline]:
    return open_pipeline("127.0.0.1", server.port, (ECHO,), limits, SystemClock(), lambda: None)


async def _answered(pipeline: Pipeline) -> None:
    async def answers() -> bool:
        try:
            return bool(await pipeline.execute("PING") == b"PONG")
        except CacheUnavailableError:
            return False

    await eventually(answers)


async def _fails(pipeline: Pipeline) -> None:
    with pytest.raises(CacheUnavailableError):
        await pipeline.execute("PING")


async def test_what_is_stored_is_found(pipeline: Pipeline) -> None:
    value = bytes(range(256)) * 40_000
    await pipeline.execute("SET", "key", value)
    found = await asyncio.gather(*(pipeline.execute("GET", key) for key in ("key", "other")))
    assert found == [value, None]
    with pytest.raises(RedisRefusedError):
        await pipeline.execute("INCR", "key")


async def test_it_knows_the_process_that_it_leads_to(pipeline: Pipeline, redis_: RedisServer) -> None:
    with redis.Redis(port=redis_.port) as client:
        assert pipeline.process == client.info("server")["run_id"]


async def test_scripts_run_even_after_redis_forgot_them(pipeline: Pipeline, redis_: RedisServer) -> None:
    with redis.Redis(port=redis_.port) as client:
        assert client.script_exists(ECHO.digest) == [True]
        for _ in range(2):
            assert await pipeline.run_script(ECHO, ["key"], ["argument"]) == [b"key", b"argument"]
            client.script_flush()


async def test_a_redis_that_is_busy_for_a_moment_costs_the_moment_and_not_the_connection(pipeline: Pipeline) -> None:
    before = await pipeline.execute("CLIENT", "ID")
    slow = asyncio.create_task(pipeline.execute("DEBUG", "SLEEP", "0.2"))
    assert await pipeline.execute("PING") == b"PONG"
    assert await slow == b"OK"
    assert await pipeline.execute("CLIENT", "ID") == before


async def test_a_redis_that_is_busy_for_long_is_waited_for_no_longer_than_allowed(brief: Pipeline) -> None:
    with pytest.raises(CacheUnavailableError):
        await brief.execute("DEBUG", "SLEEP", "1")
    await _fails(brief)
    await _answered(brief)


async def test_a_connection_that_redis_closes_is_made_anew(pipeline: Pipeline, redis_: RedisServer) -> None:
    before = pipeline.process
    with redis.Redis(port=redis_.port) as client:
        client.execute_command("CLIENT", "KILL", "SKIPME", "yes")

        async def noticed() -> bool:
            return pipeline.process is None

        await eventually(noticed)
    await _answered(pipeline)
    assert pipeline.process == before


async def test_a_crash_fails_who_waits_and_a_restart_is_another_process(
    pipeline: Pipeline, redis_: RedisServer
) -> None:
    before = pipeline.process
    waiting = [asyncio.create_task(pipeline.execute("DEBUG", "SLEEP", "60")) for _ in range(3)]
    await asyncio.sleep(0)
    redis_.kill()
    for each in waiting:
        with pytest.raises(CacheUnavailableError):
            await each
    assert pipeline.process is None
    await _fails(pipeline)
    redis_.start()
    await _answered(pipeline)
    assert pipeline.process not in {None, before}


async def test_a_redis_that_stands_still_is_given_up_and_found_again(brief: Pipeline, redis_: RedisServer) -> None:
    before = brief.process
    with redis_.standing_still():
        asked = await asyncio.gather(*(brief.execute("PING") for _ in range(50)), return_exceptions=True)
        assert {type(answer) for answer in asked} == {CacheUnavailableError}

        async def given_up() -> bool:
            await _fails(brief)
            return brief.process is None

        await eventually(given_up)
    await _answered(brief)
    assert brief.process == before
