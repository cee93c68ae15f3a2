"""The hot path beside aiohttp's own: whatever is sent, in whatever pieces, both send the very same bytes."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import redis
from aiohttp import ClientSession, web
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bitcoincache_api.contract import RANKING_KEY, coin_key
from bitcoincache_app.__main__ import listen
from bitcoincache_app.hot_answers import HotAnswers
from bitcoincache_app.hot_path import make_handler
from bitcoincache_app.keys import LEAVING, METRICS, SERVICE
from bitcoincache_app.logs import JsonFormatter
from bitcoincache_app.main import create_app
from bitcoincache_app.server import LimitedRunner
from bitcoincache_app.settings import Settings
from support.servers import RedisServer
from support.waiting import eventually

from .conftest import LIMITS
from .conversations import COIN, LIST, conversations, get
from .wire import Connection, converse


@dataclass
class Ways:
    """Two replicas that share everything but the way to answer. ``taken`` counts what the hot path answered."""

    hot_app: web.Application
    cold_app: web.Application
    runner: LimitedRunner
    hot: web.Server
    cold: web.Server
    taken: int = 0

    async def agree(self, pieces: Sequence[bytes], *, patient: bool = True) -> bytes:
        hot = await converse(self.hot, pieces, patient=patient)
        cold = await converse(self.cold, pieces, patient=patient)
        assert hot[0].split(b"\r\n") == cold[0].split(b"\r\n")
        assert hot[1] == cold[1]
        return hot[0]

    async def agree_hot(self, pieces: Sequence[bytes], hits: int) -> bytes:
        """As ``agree``, where that many of the answers come from the hot path."""
        before = self.taken
        answers = await self.agree(pieces)
        assert self.taken - before == hits
        return answers


@pytest.fixture
async def ways(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ways]:
    runners = (
        LimitedRunner(create_app(settings, LIMITS), make_handler, access_log=None),
        LimitedRunner(create_app(settings, LIMITS), access_log=None),
    )
    for runner in runners:
        await runner.setup()
    hot, cold = (runner.server for runner in runners)
    assert hot is not None
    assert cold is not None
    ways = Ways(runners[0].app, runners[1].app, runners[0], hot, cold)
    answer = HotAnswers.hit

    def counted(self: HotAnswers, *arguments: Any) -> bytes | None:
        ways.taken += 1
        return answer(self, *arguments)

    monkeypatch.setattr(HotAnswers, "hit", counted)
    service = ways.cold_app[SERVICE]

    async def both_hit() -> bool:
        await converse(ways.hot, [get(), get(LIST)], patient=True)
        return ways.taken >= 2

    async def migrated() -> bool:
        await service.put("BTC", 43000)
        await service.put("ETH", 4300)
        return True

    await _until_done(migrated)
    await eventually(both_hit)
    yield ways
    for runner in runners:
        await runner.cleanup()


async def _until_done(condition: Any) -> None:
    async def done() -> bool:
        try:
            return bool(await condition())
        except Exception:  # noqa: BLE001 - the schema is made in the background
            return False

    await eventually(done)


PLAIN = [
    get(),
    get(b"/api/v1/bitcoins/ETH"),
    get(LIST),
    get(COIN, b"User-Agent: a browser", b"Accept-Encoding: gzip", b"Cookie: a=b"),
    get(COIN, b"X-Request-Id: mine"),
    get(COIN, b"X-Request-Id: <insane>"),
    get(COIN, b"connection: Keep-Alive"),
    get(COIN, b"Connection:"),
    get(COIN, b"Accept:   spaced\t ", host=b"hOST:[::1]:80"),
]


async def test_plain_requests_take_the_hot_path(ways: Ways) -> None:
    for request in PLAIN:
        answers = await ways.agree_hot([request, request], hits=2)
        assert answers.count(b"HTTP/1.1 200 OK\r\n") == 2
        assert answers.count(b"Cache-Status: redis; hit; ttl=0\r\n") == 2


OTHER = [
    b"",
    b"\r\n",
    b"\r\n" + get(),
    b"nonsense\r\n\r\n",
    b"\x16\x03\x01",
    get() + get(),
    get() + get(LIST) + b"GET",
    get(b"/api/v1/bitcoins/btc"),
    get(b"/api/v1/bitcoins/%42TC"),
    get(b"/api/v1/bitcoins/TOOLONGTOBE"),
    get(b"/api/v1/bitcoins/NONE"),
    get(b"/api/v1/bitcoins/BTC/"),
    get(b"/api/v1/bitcoins/BTC?"),
    get(b"/api/v1/bitcoins/"),
    get(b"/api/v1/bitcoins?limit=1"),
    get(b"/api/v1//bitcoins"),
    get(b"/nowhere"),
    get(b"http://test/api/v1/bitcoins/BTC"),
    get(b"/livez"),
    get(COIN, b'If-None-Match: "v1"'),
    get(COIN, b"Expect: 100-continue"),
    get(COIN, b"Connection: close"),
    get(COIN, b"Connection: keep-alive, close"),
    get(COIN, b"Connection: Upgrade", b"Upgrade: websocket"),
    get(COIN, b"Connection: Upgrade, HTTP2-Settings", b"Upgrade: h2c", b"HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"),
    get(COIN, b"Content-Length: 0"),
    get(COIN, b"Content-Length: 4") + b"body",
    get(COIN, b"Content-Length: 4", b"Content-Length: 4") + b"body",
    get(COIN, b"Transfer-Encoding: chunked") + b"0\r\n\r\n",
    get(COIN, b"Transfer-Encoding: chunked", b"Content-Length: 4") + b"0\r\n\r\n",
    get(COIN, b"X-Request-Id: one", b"X-Request-Id: two"),
    get(COIN, b"Host: other"),
    get(COIN, b"Accept: a\r\n b"),
    get(COIN, b"Accept : a"),
    get(COIN, b"No colon"),
    get(COIN, b"Accept: \xff"),
    get(COIN, b"Accept: \x00"),
    get(COIN, b"Accept: " + b"a" * 9000),
    get(COIN, *(b"X-%d: a" % n for n in range(200))),
    get(COIN, host=b"Host:"),
    get(COIN, host=b"Accept: no host"),
    get().replace(b"\r\n", b"\n"),
    get().replace(b"HTTP/1.1", b"HTTP/1.0"),
    get(COIN, b"Connection: keep-alive").replace(b"HTTP/1.1", b"HTTP/1.0"),
    get().replace(b"HTTP/1.1", b"HTTP/2.0"),
    get().replace(b"HTTP/1.1", b"HTTP/1.1 "),
    get().replace(b"GET ", b"GET  "),
    get().replace(b"GET", b"get"),
    get().replace(b"GET", b"HEAD"),
    get().replace(b"GET", b"OPTIONS"),
    get().replace(b"GET", b"DELETE").replace(b"BTC", b"NONE"),
]


async def test_everything_else_is_left_to_aiohttp(ways: Ways) -> None:
    for request in OTHER:
        await ways.agree_hot([request], hits=0)
        # And whatever became of it, what comes after it is understood alike.
        await ways.agree([request, get(), get(LIST)])


@pytest.mark.parametrize("request_", [get(), get(COIN, b"X-Request-Id: mine", b"Connection: keep-alive")])
async def test_a_request_may_be_split_anywhere(ways: Ways, request_: bytes) -> None:
    for cut in range(1, len(request_)):
        await ways.agree([request_[:cut], request_[cut:], get()])
        await ways.agree([get(), request_[:cut], request_[cut:] + get()], patient=False)


async def test_a_request_may_come_byte_by_byte(ways: Ways) -> None:
    await ways.agree([bytes([byte]) for byte in get()])


async def test_requests_that_do_not_wait_for_answers_are_answered_in_order(ways: Ways) -> None:
    pieces = [get(COIN, b"X-Request-Id: %d" % n) for n in range(20)]
    answers = await ways.agree(pieces, patient=False)
    assert re.findall(rb"X-Request-Id: (\d+)", answers) == [b"%d" % n for n in range(20)]


WRITE = b"POST /api/v1/bitcoins HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 26\r\n\r\n"
BODY = b'{"symbol":"ETH","price":1}'


@pytest.mark.parametrize("pieces", [[WRITE + BODY], [WRITE, BODY], [WRITE, BODY[:3], BODY[3:]]])
async def test_after_a_write_on_the_same_connection_reads_are_hot_again(ways: Ways, pieces: list[bytes]) -> None:
    before = ways.taken
    answers, _ = await converse(ways.hot, [get(), *pieces, get(), get()], patient=True)
    assert ways.taken - before == 3
    assert re.findall(rb"HTTP/1.1 (\d+) ", answers) == [b"200", b"409", b"200", b"200"]


async def test_what_follows_a_write_within_its_bytes_is_left_to_aiohttp(ways: Ways) -> None:
    await ways.agree([get(), WRITE + BODY + get(), get()])


def put(body: bytes, *fields: bytes, path: bytes = COIN) -> bytes:
    head = [
        b"PUT %b HTTP/1.1" % path,
        b"Host: test",
        b"Content-Type: application/json",
        b"Content-Length: %d" % len(body),
    ]
    return b"\r\n".join([*head, *fields, b"", body])


PUTS = [
    put(b'{"price":1}'),
    put(b'{"price":1}', b"X-Request-Id: mine", b"Accept-Encoding: gzip"),
    put(b' {\t"price" :\r\n2147483647 } '),
    put(b'{"price":0}', path=b"/api/v1/bitcoins/NEW"),
]
ODD_PUTS = [
    put(b'{"price":2147483648}'),
    put(b'{"price":01}'),
    put(b'{"price":-1}'),
    put(b'{"price":1.0}'),
    put(b'{"price":1e1}'),
    put(b'{"price":"1"}'),
    put(b'{"price":1,"price":2}'),
    put(b'{"price":1,"more":2}'),
    put(b'{"price":\x0b1}'),
    put(b"{}"),
    put(b""),
    put(b"nonsense"),
    put(b'{"price":1}') + get(),
    put(b'{"price":1}', b'If-Match: "v0"'),
    put(b'{"price":1}', b"If-None-Match: *"),
    put(b'{"price":1}', b"Content-Type: application/json"),
    put(b'{"price":1}', b"Expect: 100-continue"),
    put(b'{"price":1}', b"Transfer-Encoding: chunked"),
    put(b'{"price":1}').replace(b"application/json", b"application/json; charset=utf-8"),
    put(b'{"price":1}').replace(b"application/json", b"text/plain"),
    put(b'{"price":1}').replace(b"Content-Length: 11", b"Content-Length: 10"),
    put(b'{"price":1}').replace(b"Content-Length: 11", b"Content-Length: +11"),
    put(b'{"price":1}', path=LIST),
    put(b'{"price":1}', path=b"/api/v1/bitcoins/btc"),
]


def same_state(answers: bytes) -> bytes:
    """As if both had written the same version at the same time."""
    answers = re.sub(rb'"(created|updated)_at":"[^"]*"', rb'"\1_at":""', answers)
    answers = re.sub(rb"Content-Length: \d+", b"Content-Length: 0", answers)
    return re.sub(rb'"v\d+"|"version":\d+', b"VERSION", answers)


@pytest.fixture
def hot_puts(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The symbols that were written on the hot way."""
    taken: list[bytes] = []
    write = HotAnswers.write

    def noted(self: HotAnswers, *arguments: Any) -> bytes:
        taken.append(arguments[0].symbol.encode())
        return write(self, *arguments)

    monkeypatch.setattr(HotAnswers, "write", noted)
    return taken


async def test_plain_puts_take_the_hot_path_and_are_answered_alike(ways: Ways, hot_puts: list[bytes]) -> None:
    await ways.hot_app[SERVICE].put("NEW", 1)
    for request in PUTS:
        hot, cold = [await converse(way, [request, get()], patient=True) for way in (ways.hot, ways.cold)]
        assert same_state(hot[0]).split(b"\r\n") == same_state(cold[0]).split(b"\r\n")
        assert hot[0].count(b"HTTP/1.1 200 OK") == 2
    assert hot_puts == [b"BTC", b"BTC", b"BTC", b"NEW"]


async def test_a_put_that_makes_a_coin_is_answered_alike(ways: Ways, hot_puts: list[bytes]) -> None:
    new = {
        way: put(b'{"price":1}', path=b"/api/v1/bitcoins/" + symbol)
        for way, symbol in ((ways.hot, b"MADE1"), (ways.cold, b"MADE2"))
    }
    hot, cold = [await converse(way, [request], patient=True) for way, request in new.items()]
    assert same_state(hot[0]) == same_state(cold[0]).replace(b"MADE2", b"MADE1")
    assert hot[0].startswith(b"HTTP/1.1 201 Created")
    assert hot_puts == [b"MADE1"]


async def test_every_other_put_is_left_to_aiohttp(ways: Ways, hot_puts: list[bytes]) -> None:
    for request in ODD_PUTS:
        hot, cold = [await converse(way, [request], patient=True) for way in (ways.hot, ways.cold)]
        assert same_state(hot[0]) == same_state(cold[0])
        assert hot[1] == cold[1]
    assert hot_puts == []


@pytest.mark.parametrize("cut", range(1, len(PUTS[0]), 7))
async def test_a_put_may_be_split_anywhere(ways: Ways, cut: int) -> None:
    hot, cold = [
        await converse(way, [PUTS[0][:cut], PUTS[0][cut:], get()], patient=True) for way in (ways.hot, ways.cold)
    ]
    assert same_state(hot[0]) == same_state(cold[0])


async def test_a_miss_is_read_through_and_hits_follow(ways: Ways, in_redis: redis.Redis) -> None:
    in_redis.delete(coin_key("BTC"))
    before = ways.taken
    answers, _ = await converse(ways.hot, [get(), get(), get()], patient=True)
    assert ways.taken - before == 2
    assert re.findall(rb"Cache-Status: ([^\r]+)", answers) == [
        b"redis; fwd=uri-miss; stored",
        b"redis; hit; ttl=0",
        b"redis; hit; ttl=0",
    ]


async def test_a_value_that_is_none_of_ours_is_an_error_alike(ways: Ways, in_redis: redis.Redis) -> None:
    in_redis.set(coin_key("BTC"), "nonsense")
    assert b" 500 " in await ways.agree([get(), get(LIST)])


async def test_a_key_of_another_kind_is_left_to_aiohttp(ways: Ways, in_redis: redis.Redis) -> None:
    in_redis.delete(RANKING_KEY)
    in_redis.lpush(RANKING_KEY, "x")
    assert b"Cache-Status: redis; fwd=bypass" in await ways.agree([get(LIST)])


@hypothesis_settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=conversations(), patient=st.booleans())
async def test_both_ways_answer_alike_whatever_they_are_sent(ways: Ways, pieces: list[bytes], *, patient: bool) -> None:
    await ways.agree(pieces, patient=patient)
    await ways.agree_hot([get()], hits=1)


async def test_both_ways_count_alike(ways: Ways) -> None:
    def counted(app: web.Application) -> dict[str, float]:
        lines = [line.rsplit(" ", 1) for line in app[METRICS].exposition().decode().splitlines() if line[0] != "#"]
        return {
            name: float(value)
            for name, value in lines
            if name.startswith("bitcoincache_") and "_bucket" not in name and "_sum" not in name
        }

    apps = ways.hot_app, ways.cold_app
    before = [counted(app) for app in apps]
    await ways.agree_hot([get(), get(LIST), get(), get(b"/api/v1/bitcoins/btc")], hits=3)

    hot, cold = (
        {name: value - was.get(name, 0) for name, value in counted(app).items() if value != was.get(name, 0)}
        for app, was in zip(apps, before, strict=True)
    )
    assert hot == cold
    assert hot['bitcoincache_cache_reads_total{layer="coin",outcome="hit"}'] == 3
    assert hot['bitcoincache_cache_reads_total{layer="ranking",outcome="hit"}'] == 1
    assert hot['bitcoincache_dependency_duration_seconds_count{dependency="redis"}'] == 4


@pytest.fixture
def debugged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Each request leaves a line. Asked for before the applications are made, which look at the level then."""
    caplog.set_level(logging.DEBUG, "bitcoincache_app.access")
    caplog.handler.setFormatter(JsonFormatter())
    return caplog


async def test_both_ways_log_alike(debugged: pytest.LogCaptureFixture, ways: Ways) -> None:
    async def logged(server: web.Server) -> list[dict[str, Any]]:
        debugged.clear()
        await converse(server, [get(COIN, b"X-Request-Id: mine"), get(LIST, b"X-Request-Id: mine")], patient=True)
        lines = [json.loads(line) for line in debugged.text.splitlines()]
        same = {"time": "", "duration_ms": 0}
        return [line | same | {"cache": re.sub(r"\d+", "0", line["cache"])} for line in lines]

    hot, cold = await logged(ways.hot), await logged(ways.cold)
    assert hot == cold
    assert len(hot) == 2
    assert {(line["level"], line["request_id"]) for line in hot} == {("debug", "mine")}


async def test_a_client_that_does_not_read_its_answers_is_not_read_either(ways: Ways) -> None:
    connection = Connection(ways.hot)
    await connection.opened()
    connection.handler.pause_writing()
    await connection.deliver(get())
    await connection.at_rest()
    assert (connection.answered, connection.wire.reads) == (0, False)

    connection.handler.resume_writing()
    await connection.deliver(get())
    await connection.at_rest()
    assert (connection.answered, connection.wire.reads) == (2, True)
    connection.hang_up()


async def test_a_client_that_hangs_up_while_its_answer_is_looked_for_is_forgotten(ways: Ways) -> None:
    connection = Connection(ways.hot)
    await connection.opened()
    before = ways.taken
    await connection.deliver(get())
    connection.hang_up()

    async def looked_up() -> bool:
        return ways.taken == before + 1

    await eventually(looked_up)
    assert connection.answered == 0


async def test_shutting_down_waits_for_the_answer_that_is_looked_for(ways: Ways) -> None:
    connection = Connection(ways.hot)
    await connection.opened()
    await connection.deliver(get())
    connection.handler.close()
    await connection.handler.shutdown(LIMITS.redis)
    assert connection.answered == 1
    assert connection.wire.closed
    connection.hang_up()


async def test_a_request_puts_off_the_end_of_an_idle_connection(ways: Ways) -> None:
    connection = Connection(ways.hot)
    await connection.opened()
    before = connection.handler._next_keepalive_close_time
    await connection.deliver(get())
    await connection.at_rest()
    assert connection.handler._next_keepalive_close_time > before
    connection.hang_up()


async def test_when_the_process_is_leaving_each_client_is_asked_to_go(ways: Ways) -> None:
    for app in (ways.hot_app, ways.cold_app):
        app[LEAVING].set()
    answers = await ways.agree_hot([get(), get()], hits=0)
    assert answers.count(b"\r\nConnection: close\r\n") == 1


async def test_without_redis_both_ways_ask_postgresql(ways: Ways, redis_: RedisServer) -> None:
    redis_.stop()
    answers = await ways.agree_hot([get(), get(LIST)], hits=0)
    assert answers.count(b"Cache-Status: redis; fwd=bypass\r\n") == 2


async def test_a_real_client_gets_hits_from_the_hot_path(ways: Ways) -> None:
    site = web.SockSite(ways.runner, door := listen(0))
    await site.start()
    before = ways.taken
    async with ClientSession() as session:
        url = f"http://127.0.0.1:{door.getsockname()[1]}{COIN.decode()}"
        for _ in range(3):
            async with session.get(url) as answer:
                assert (await answer.json())["symbol"] == "BTC"
                assert answer.headers["Cache-Status"].startswith("redis; hit")
    assert ways.taken - before == 3
