from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientResponse
from yarl import URL

from .conftest import Client

COINS = "/api/v1/bitcoins"
JSON = {"Content-Type": "application/json"}

BODIES: dict[str, tuple[bytes, int]] = {
    "empty": (b"", 400),
    "cut off": (b'{"symbol":"BTC","price":', 400),
    "not UTF-8": (b'{"symbol":"\xff","price":1}', 400),
    "UTF-16": ('{"symbol":"BTC","price":1}'.encode("utf-16"), 400),
    "lone surrogate": (b'{"symbol":"\\ud800","price":1}', 400),
    "deeply nested": (b"[" * 8000 + b"]" * 8000, 400),
    "number of 5000 digits": (b'{"symbol":"BTC","price":' + b"9" * 5000 + b"}", 400),
    "null": (b"null", 422),
    "a list": (b"[]", 422),
    "no price": (b'{"symbol":"BTC"}', 422),
    "no symbol": (b'{"price":1}', 422),
    "unknown member": (b'{"symbol":"BTC","price":1,"version":9}', 422),
    "negative price": (b'{"symbol":"BTC","price":-1}', 422),
    "price above INTEGER": (b'{"symbol":"BTC","price":2147483648}', 422),
    "price of 300 digits": (b'{"symbol":"BTC","price":' + b"9" * 300 + b"}", 422),
    "price with a fraction": (b'{"symbol":"BTC","price":1.5}', 422),
    "price that is no number": (b'{"symbol":"BTC","price":NaN}', 422),
    "price as text": (b'{"symbol":"BTC","price":"1"}', 422),
    "price as bool": (b'{"symbol":"BTC","price":true}', 422),
    "symbol as number": (b'{"symbol":1,"price":1}', 422),
    "empty symbol": (b'{"symbol":"","price":1}', 422),
    "long symbol": (b'{"symbol":"ABCDEFGHIJK","price":1}', 422),
    "NUL in the symbol": (b'{"symbol":"B\\u0000C","price":1}', 422),
    "sharp s": ('{"symbol":"ß","price":1}'.encode(), 422),
    "Kelvin sign": ('{"symbol":"\u212a","price":1}'.encode(), 422),
}


async def _is_problem(answer: ClientResponse, status: int) -> None:
    assert answer.status == status
    assert answer.content_type == "application/problem+json"
    body = await answer.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]


@pytest.mark.parametrize("name", BODIES)
async def test_a_bad_body_is_refused_with_a_problem(client: Client, name: str) -> None:
    body, status = BODIES[name]
    await _is_problem(await client.post(COINS, data=body, headers=JSON), status)


@pytest.mark.parametrize(
    "symbol", ["%00", "B%00C", "%FF", "ABCDEFGHIJK", "B-C", "B%20C", "%C3%9F", "%E2%84%AA", "'%3B--", "B%2FC"]
)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_a_bad_symbol_is_refused_with_a_problem(client: Client, method: str, symbol: str) -> None:
    url = URL(f"{COINS}/{symbol}", encoded=True)
    body = b'{"price":1}' if method == "PUT" else None
    await _is_problem(await client.request(method, url, data=body, headers=JSON), 422)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=1001", "limit=ten", "limit=", "offset=-1", "offset=2147483648", "limit=1%00", "offset=1e9"],
)
async def test_a_bad_page_is_refused_with_the_field_that_is_wrong(client: Client, query: str) -> None:
    answer = await client.get(URL(f"{COINS}?{query}", encoded=True))

    await _is_problem(answer, 422)
    assert (await answer.json())["errors"][0]["field"] == query.partition("=")[0]


@pytest.mark.parametrize(
    "path", ["/", "/api", "/api/v1", "//api/v1/bitcoins", f"{COINS}/", f"{COINS}//", f"{COINS}/A/B"]
)
async def test_an_unknown_path_is_a_problem(client: Client, path: str) -> None:
    url = URL(f"http://{client.host}:{client.port}{path}", encoded=True)
    await _is_problem(await client.session.get(url), 404)


async def test_a_wrong_method_is_told_the_right_ones(client: Client) -> None:
    answer = await client.patch(COINS)

    await _is_problem(answer, 405)
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"
    await _is_problem(await client.request("PROPFIND", "/livez"), 405)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "application/json; charset=utf-16", "application/octet-stream"]
)
async def test_another_media_type_is_refused(client: Client, content_type: str) -> None:
    body = b'{"symbol":"BTC","price":1}'
    await _is_problem(await client.post(COINS, data=body, headers={"Content-Type": content_type}), 415)


async def test_a_long_body_is_refused_also_in_chunks_and_packed(client: Client) -> None:
    long = b'{"symbol":"BTC","price":1' + b" " * 20_000 + b"}"

    async def chunks() -> AsyncIterator[bytes]:
        yield long

    await _is_problem(await client.post(COINS, data=long, headers=JSON), 413)
    await _is_problem(await client.post(COINS, data=chunks(), headers=JSON), 413)
    packed = gzip.compress(b" " * 10_000_000)
    await _is_problem(await client.post(COINS, data=packed, headers={**JSON, "Content-Encoding": "gzip"}), 413)


async def test_a_body_that_is_not_packed_as_it_says_is_refused(client: Client) -> None:
    answer = await client.post(COINS, data=b"not gzip", headers={**JSON, "Content-Encoding": "gzip"})
    await _is_problem(answer, 400)


async def test_bytes_that_are_not_http_end_the_connection_and_nothing_else(client: Client) -> None:
    for noise in (
        b"\x00\xff\r\n\r\n",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ):
        reader, writer = await asyncio.open_connection(client.host, client.port)
        writer.write(noise)
        status_line = await reader.readline()
        writer.close()
        await writer.wait_closed()
        assert status_line.split()[1] in {b"400", b"404"}
    assert (await client.get("/livez")).status == 200


async def test_invalid_fields_are_named(client: Client) -> None:
    answer = await client.post(COINS, json={"symbol": "no spaces please", "price": -1})

    assert {error["field"] for error in (await answer.json())["errors"]} == {"symbol", "price"}
