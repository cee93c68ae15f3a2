"""The shared connection to Redis, against a server that does what each test tells it to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import hiredis
import pytest

from bitcoincache_app.clock import SystemClock
from bitcoincache_app.connection import pack
from bitcoincache_app.errors import CacheUnavailableError, RedisRefusedError
from bitcoincache_app.pipeline import Pipeline, open_pipeline
from bitcoincache_app.script import Script
from bitcoincache_app.settings import Limits
from support.fake_redis import FakeRedis, fake_redis
from support.waiting import eventually

PATIENT = Limits(redis=20.0, redis_write=20.0)
HASTY = Limits(redis=0.05, redis_write=60.0)
"""A command runs out of time, the connection does not."""
BRIEF = Limits(redis=0.05, redis_write=0.1)
GET = pack("GET", "x")

Replies = list[list[Any] | None]


@pytest.fixture
async def server() -> AsyncIterator[FakeRedis]:
    async with fake_redis() as server:
        yield server


def pipeline_to(
    server: FakeRedis,
    limits: Limits = PATIENT,
    scripts: tuple[Script, ...] = (),
    changed: Callable[[], None] = lambda: None,
) -> AbstractAsyncContextManager[Pipeline]:
    return open_pipeline("127.0.0.1", server.port, scripts, limits, SystemClock(), changed)


async def connected(pipeline: Pipeline) -> None:
    async def leads_somewhere() -> bool:
        return pipeline.process is not None

    await eventually(leads_somewhere)


async def parted(pipeline: Pipeline) -> None:
    async def leads_nowhere() -> bool:
        return pipeline.process is None

    await eventually(leads_nowhere)


async def has_received(server: FakeRedis, count: int) -> None:
    async def all_there() -> bool:
        return len(server.received) >= count

    await eventually(all_there)


async def all_told(told: Replies, count: int) -> None:
    async def all_there() -> bool:
        return len(told) >= count

    await eventually(all_there)


async def test_a_connection_is_used_once_it_is_known_where_it_leads(server: FakeRedis) -> None:
    server.greets = False
    async with pipeline_to(server) as pipeline:

        async def greeted() -> bool:
            return server.connections == 1

        await eventually(greeted)
        with pytest.raises(CacheUnavailableError):
            await pipeline.execute("GET", "x")
    assert server.received == []


async def test_the_process_at_the_other_end_is_told(server: FakeRedis, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    seen: list[str | None] = []
    async with pipeline_to(server, changed=lambda: seen.append(pipeline.process)) as pipeline:
        await connected(pipeline)
        server.run_id = "b" * 40
        server.cut()
        await parted(pipeline)
        await connected(pipeline)
    assert seen == ["a" * 40, None, "b" * 40, None]


async def test_commands_of_one_turn_leave_together_and_are_answered_in_order(server: FakeRedis) -> None:
    async with pipeline_to(server) as pipeline:
        await connected(pipeline)
        asked = [asyncio.create_task(pipeline.execute("GET", n)) for n in range(100)]
        await has_received(server, 100)
        await server.answer(b"".join(b":%d\r\n" % n for n in range(100)))
        assert await asyncio.gather(*asked) == list(range(100))
    assert 100 in server.bursts


async def test_replies_may_arrive_in_pieces(server: FakeRedis) -> None:
    answer = b"*2\r\n$5\r\nhe\r\nl\r\n:-1\r\n$-1\r\n"
    async with pipeline_to(server) as pipeline:
        await connected(pipeline)
        for cut in range(1, len(answer)):
            asked = [asyncio.create_task(pipeline.execute("GET", key)) for key in "ab"]
            await has_received(server, 2 * cut)
            await server.answer(answer[:cut], answer[cut:])
            assert await asyncio.gather(*asked) == [[b"he\r\nl", -1], None]


async def test_a_reply_may_be_large(server: FakeRedis) -> None:
    body = bytes(8 * 1024 * 1024)
    async with pipeline_to(server) as pipeline:
        await connected(pipeline)
        asked = asyncio.create_task(pipeline.execute("GET", "x"))
        await has_received(server, 1)
        await server.answer(b"$%d\r\n%s\r\n" % (len(body), body))
        assert await asked == body


async def test_several_replies_are_handed_over_together(server: FakeRedis) -> None:
    told: Replies = []
    async with pipeline_to(server) as pipeline:
        await connected(pipeline)
        pipeline.read(GET + GET, 2, told.append)
        pipeline.read(GET, 1, told.append)
        await has_received(server, 3)
        await server.answer(b"$1\r\nv\r\n")
        await server.answer(b":7\r\n-OOM full\r\n")
        await all_told(told, 2)
    assert told[0] == [b"v", 7]
    assert told[1] is not None
    assert isinstance(told[1][0], hiredis.ReplyError)


async def test_an_error_reply_is_raised_and_harms_nobody_else(server: FakeRedis) -> None:
    async with pipeline_to(server) as pipeline:
        await connected(pipeline)
        asked = [asyncio.create_task(pipeline.execute("GET", key)) for key in "ab"]
        await has_received(server, 2)
        await server.answer(b"-OOM command not allowed\r\n$1\r\nv\r\n")
        with pytest.raises(RedisRefusedError) as refusal:
            await asked[0]
        assert refusal.value.code == "OOM"
        assert await asked[1] == b"v"
    assert server.connections == 1


async def test_a_script_that_redis_forgot_is_sent_again(server: FakeRedis) -> None:
    script = Script("return 1", patience=20.0)
    async with pipeline_to(server, scripts=(script,)) as pipeline:
        await connected(pipeline)
        asked = asyncio.create_task(pipeline.run_script(script, ["key"], ["argument"]))
        await has_received(server, 1)
        await server.answer(b"-NOSCRIPT No matching script.\r\n")
        await has_received(server, 2)
        await server.answer(b":1\r\n")
        assert await asked == 1
    rest = [b"1", b"key", b"argument"]
    assert server.received == [[b"EVALSHA", script.digest.encode(), *rest], [b"EVAL", b"return 1", *rest]]


async def test_a_command_that_is_not_answered_fails_and_the_others_keep_their_replies(server: FakeRedis) -> None:
    script = Script("return 1", patience=20.0)
    async with pipeline_to(server, HASTY) as pipeline:
        await connected(pipeline)
        write = asyncio.create_task(pipeline.run_script(script, [], []))
        await has_received(server, 1)
        with pytest.raises(CacheUnavailableError):
            await pipeline.execute("GET", "late")
        with pytest.raises(CacheUnavailableError):
            await pipeline.execute("GET", "refused")
        await has_received(server, 2)
        await server.answer(b":1\r\n")
        assert await write == 1
        asked = asyncio.create_task(pipeline.execute("GET", "next"))
        await has_received(server, 3)
        await server.answer(b"$4\r\nlate\r\n$4\r\nnext\r\n")
        assert await asked == b"next"
    assert server.connections == 1
    assert [command[1] for command in server.received[1:]] == [b"late", b"next"]


async def test_a_connection_that_hangs_is_given_up_and_everyone_is_told(server: FakeRedis) -> None:
    told: Replies = []
    script = Script("return 1", patience=20.0)
    async with pipeline_to(server, BRIEF) as pipeline:
        await connected(pipeline)
        write = asyncio.create_task(pipeline.run_script(script, [], []))
        await has_received(server, 1)
        pipeline.read(GET, 1, told.append)
        with pytest.raises(CacheUnavailableError):
            await write
        assert told == [None]
        await connected(pipeline)
    assert server.connections == 2


async def test_nobody_is_told_before_the_process_is_known_to_be_lost(server: FakeRedis) -> None:
    seen: list[str | None] = []
    async with pipeline_to(server) as pipeline:
        await connected(pipeline)
        pipeline.read(GET, 1, lambda _replies: seen.append(pipeline.process))
        await has_received(server, 1)
        server.cut()
        await parted(pipeline)
        assert seen == [None]


async def test_this_process_standing_still_is_not_held_against_redis(server: FakeRedis) -> None:
    async with pipeline_to(server, BRIEF) as pipeline:
        await connected(pipeline)
        asked = asyncio.create_task(pipeline.execute("GET", "x"))
        await has_received(server, 1)
        await server.answer(b"$1\r\nv\r\n")
        time.sleep(0.3)  # noqa: ASYNC251 - the loop is to stand still
        assert await asked == b"v"
    assert server.connections == 1


async def test_a_disconnect_in_the_middle_of_a_reply_fails_it_and_a_new_connection_begins_anew(
    server: FakeRedis,
) -> None:
    async with pipeline_to(server) as pipeline:
        await connected(pipeline)
        asked = asyncio.create_task(pipeline.execute("GET", "x"))
        await has_received(server, 1)
        await server.answer(b"$5\r\nhel")
        server.cut()
        with pytest.raises(CacheUnavailableError):
            await asked
        await connected(pipeline)
        asked = asyncio.create_task(pipeline.execute("GET", "y"))
        await has_received(server, 2)
        await server.answer(b"$2\r\nlo\r\n")
        assert await asked == b"lo"


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b":1\r\n:2\r\n"])
async def test_a_server_that_answers_what_was_not_asked_is_left(server: FakeRedis, answer: bytes) -> None:
    told: Replies = []
    async with pipeline_to(server) as pipeline:
        await connected(pipeline)
        pipeline.read(GET, 1, told.append)
        await has_received(server, 1)
        await server.answer(answer)
        await parted(pipeline)
        await connected(pipeline)
    assert len(told) == 1
    assert server.connections == 2


async def test_it_connects_as_soon_as_there_is_a_server() -> None:
    server = FakeRedis()
    async with pipeline_to(server) as pipeline:
        with pytest.raises(CacheUnavailableError):
            await pipeline.execute("GET", "x")
        await server.start()
        await connected(pipeline)
    await server.stop()


async def test_it_goes_on_trying_where_the_greeting_is_not_answered(server: FakeRedis) -> None:
    server.greets = False
    async with pipeline_to(server, BRIEF) as pipeline:

        async def tried_often() -> bool:
            return server.connections > 2

        await eventually(tried_often)
        server.greets = True
        await connected(pipeline)


async def test_too_many_at_once_are_refused_at_once(server: FakeRedis) -> None:
    told: Replies = []
    async with pipeline_to(server, Limits(redis=20.0, redis_write=20.0, redis_pending=10)) as pipeline:
        await connected(pipeline)
        for _ in range(15):
            pipeline.read(GET, 1, told.append)
        assert told == [None] * 5
        await has_received(server, 10)
        await server.answer(b"$-1\r\n" * 10)
        await all_told(told, 15)
        assert told[5:] == [[None]] * 10


async def test_what_redis_does_not_take_is_not_piled_up(server: FakeRedis) -> None:
    told: Replies = []
    large = pack("SET", "x", bytes(16 * 1024 * 1024))
    async with pipeline_to(server) as pipeline:
        await connected(pipeline)
        pipeline.read(large, 1, lambda _replies: None)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        pipeline.read(GET, 1, told.append)
        assert told == [None]
        await has_received(server, 1)
        pipeline.read(GET, 1, told.append)
        await has_received(server, 2)


async def test_whoever_gave_up_waiting_takes_no_reply_from_others(server: FakeRedis) -> None:
    async with pipeline_to(server) as pipeline:
        await connected(pipeline)
        first, second = (asyncio.create_task(pipeline.execute("GET", key)) for key in "ab")
        await has_received(server, 2)
        first.cancel()
        await server.answer(b"$1\r\na\r\n$1\r\nb\r\n")
        assert await second == b"b"


async def test_a_caller_that_fails_costs_the_others_nothing(server: FakeRedis) -> None:
    reported: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _loop, context: reported.append(context))
    told: Replies = []

    def fails(_replies: object) -> None:
        raise ValueError("a fault")

    async with pipeline_to(server) as pipeline:
        await connected(pipeline)
        pipeline.read(GET, 1, fails)
        pipeline.read(GET, 1, told.append)
        await has_received(server, 2)
        await server.answer(b":1\r\n:2\r\n")
        await all_told(told, 1)
    assert told == [[2]]
    assert [str(context["exception"]) for context in reported] == ["a fault"]


async def test_closing_fails_whoever_waits(server: FakeRedis) -> None:
    told: Replies = []
    async with pipeline_to(server) as pipeline:
        await connected(pipeline)
        pipeline.read(GET, 1, told.append)
    assert told == [None]
    pipeline.read(GET, 1, told.append)
    assert told == [None, None]
