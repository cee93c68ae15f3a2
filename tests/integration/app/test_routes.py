from __future__ import annotations

import re
from typing import Any

import pytest
import redis

from bitcoincache_api.contract import RANKING_KEY, coin_key

from .conftest import Client

COINS = "/api/v1/bitcoins"


async def _put(client: Client, symbol: str, price: int, **headers: str) -> tuple[int, dict[str, Any]]:
    answer = await client.put(f"{COINS}/{symbol}", json={"price": price}, headers=headers)
    return answer.status, await answer.json()


async def test_a_created_coin_is_read_back(client: Client) -> None:
    created = await client.post(COINS, json={"symbol": " btc ", "price": 43000})

    assert created.status == 201
    assert created.headers["Location"] == f"{COINS}/BTC"
    assert created.headers["ETag"] == '"v1"'
    body = await created.json()
    assert body["symbol"] == "BTC"
    assert body["price"] == 43000
    assert body["version"] == 1
    assert body["created_at"].endswith("Z")
    read = await client.get(created.headers["Location"])
    assert read.status == 200
    assert await read.json() == body


async def test_a_coin_that_exists_is_not_created_again(client: Client) -> None:
    await _put(client, "BTC", 1)

    answer = await client.post(COINS, json={"symbol": "BTC", "price": 2})

    assert answer.status == 409
    assert answer.content_type == "application/problem+json"
    assert (await (await client.get(f"{COINS}/BTC")).json())["price"] == 1


async def test_put_creates_then_replaces_and_counts_versions(client: Client) -> None:
    assert (await _put(client, "btc", 1))[0] == 201
    status, body = await _put(client, "BTC", 2)

    assert status == 200
    assert body["price"] == 2
    assert body["version"] == 2
    assert body["updated_at"] > body["created_at"]


async def test_if_none_match_lets_only_a_new_coin_be_put(client: Client) -> None:
    assert (await _put(client, "BTC", 1, **{"If-None-Match": "*"}))[0] == 201
    assert (await _put(client, "BTC", 2, **{"If-None-Match": "*"}))[0] == 412
    assert (await _put(client, "ETH", 2, **{"If-None-Match": "*", "If-Match": "*"}))[0] == 412
    assert (await client.delete(f"{COINS}/BTC", headers={"If-None-Match": "*"})).status == 412
    for condition in ('"v1"', "", '*, "v1"'):
        status, told = await _put(client, "BTC", 2, **{"If-None-Match": condition})
        assert (status, told["errors"][0]["field"]) == (422, "If-None-Match")

    assert (await (await client.get(f"{COINS}/BTC")).json())["price"] == 1
    assert (await client.get(f"{COINS}/ETH")).status == 404


async def test_if_match_lets_only_the_current_version_be_written(client: Client) -> None:
    await _put(client, "BTC", 1)
    assert (await _put(client, "BTC", 2, **{"If-Match": '"v1"'}))[0] == 200

    for stale in ('"v1"', 'W/"v2"', '"other"', "v2", '"v99999999999999999999999"'):
        assert (await _put(client, "BTC", 3, **{"If-Match": stale}))[0] == 412
    assert (await client.delete(f"{COINS}/BTC", headers={"If-Match": '"v1"'})).status == 412

    assert (await _put(client, "BTC", 4, **{"If-Match": '"v1", "v2"'}))[0] == 200
    assert (await _put(client, "BTC", 5, **{"If-Match": "*"}))[0] == 200
    assert (await _put(client, "ETH", 5, **{"If-Match": "*"}))[0] == 412


async def test_a_deleted_coin_is_gone(client: Client) -> None:
    await _put(client, "BTC", 1)

    assert (await client.delete(f"{COINS}/BTC")).status == 204

    assert (await client.get(f"{COINS}/BTC")).status == 404
    assert (await client.delete(f"{COINS}/BTC")).status == 404
    assert (await (await client.get(COINS)).json())["items"] == []


async def test_no_version_comes_twice_when_a_coin_is_made_anew(client: Client) -> None:
    await _put(client, "BTC", 1)
    await _put(client, "BTC", 2)
    await client.delete(f"{COINS}/BTC")

    assert (await _put(client, "BTC", 3))[1]["version"] == 3
    await client.delete(f"{COINS}/BTC")
    assert (await (await client.post(COINS, json={"symbol": "BTC", "price": 4})).json())["version"] == 4


async def test_the_ranking_is_by_price_and_ties_by_symbol(client: Client) -> None:
    for symbol, price in {"AAA": 5, "ZZZ": 9, "CCC": 7, "BBB": 7, "1INCH": 7}.items():
        await _put(client, symbol, price)

    body = await (await client.get(COINS)).json()

    assert [(item["rank"], item["symbol"]) for item in body["items"]] == [
        (1, "ZZZ"),
        (2, "1INCH"),
        (3, "BBB"),
        (4, "CCC"),
        (5, "AAA"),
    ]
    assert (body["total"], body["limit"], body["offset"]) == (5, 100, 0)


async def test_pages_go_on_where_the_last_ended(client: Client) -> None:
    for price in range(5):
        await _put(client, f"C{price}", price)

    answer = await client.get(COINS, params={"limit": "2", "offset": "2"})
    beyond = await (await client.get(COINS, params={"offset": "9"})).json()

    assert answer.headers["Cache-Status"] == "redis; fwd=bypass"
    body = await answer.json()
    assert [(item["rank"], item["symbol"]) for item in body["items"]] == [(3, "C2"), (4, "C1")]
    assert (beyond["items"], beyond["total"]) == ([], 5)


async def test_a_deleted_key_is_a_miss_and_then_a_hit(client: Client, in_redis: redis.Redis) -> None:
    await _put(client, "BTC", 1)
    for path, key in ((f"{COINS}/BTC", coin_key("BTC")), (COINS, RANKING_KEY)):
        await client.get(path)
        assert in_redis.delete(key) == 1

        miss, hit = await client.get(path), await client.get(path)

        assert miss.headers["Cache-Status"] == "redis; fwd=uri-miss; stored"
        assert hit.headers["Cache-Status"].startswith("redis; hit; ttl=")
        assert 3590 <= int(hit.headers["Cache-Status"].rpartition("=")[2]) <= 3600
        assert await hit.read() == await miss.read() == in_redis.get(key)
        assert hit.headers["ETag"] == miss.headers["ETag"]


async def test_a_write_goes_through_to_the_cache(client: Client) -> None:
    await _put(client, "BTC", 1)
    await client.get(f"{COINS}/BTC")
    await _put(client, "BTC", 2)

    answer = await client.get(f"{COINS}/BTC")

    assert answer.headers["Cache-Status"].startswith("redis; hit")
    assert answer.headers["ETag"] == '"v2"'
    assert (await answer.json())["price"] == 2


async def test_protocol_leaves_no_records_behind(client: Client, in_redis: redis.Redis) -> None:
    await _put(client, "BTC", 1)
    await client.post(COINS, json={"symbol": "BTC", "price": 2})
    await client.get(f"{COINS}/NONE")
    await client.get(f"{COINS}/BTC")
    await client.get(COINS)
    await client.delete(f"{COINS}/BTC")

    assert in_redis.keys("bitcoincache:meta:*") == []


async def test_a_current_etag_is_answered_by_304(client: Client) -> None:
    await _put(client, "BTC", 1)
    for path in (f"{COINS}/BTC", COINS):
        tag = (await client.get(path)).headers["ETag"]

        same = await client.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
        await _put(client, "BTC", 2 if path == COINS else 3)
        changed = await client.get(path, headers={"If-None-Match": tag})

        assert same.status == 304
        assert await same.read() == b""
        assert same.headers["ETag"] == tag
        assert changed.status == 200


async def test_a_read_that_names_another_version_is_refused(client: Client) -> None:
    await _put(client, "BTC", 1)
    for path in (f"{COINS}/BTC", COINS):
        tag = (await client.get(path)).headers["ETag"]

        for stale in ('"v9"', f"W/{tag}", "v1"):
            assert (await client.get(path, headers={"If-Match": stale})).status == 412
        for current in (tag, f'"v9", {tag}', "*"):
            assert (await client.get(path, headers={"If-Match": current})).status == 200
        assert (await client.get(path, headers={"If-Match": tag, "If-None-Match": tag})).status == 304


async def test_head_answers_as_get_without_a_body(client: Client) -> None:
    await _put(client, "BTC", 1)
    await client.get(COINS)
    changing = {"Date", "X-Request-Id", "Server-Timing", "Cache-Status"}
    for path in (f"{COINS}/BTC", COINS, "/livez", "/readyz", "/openapi.json", "/docs", f"{COINS}/NONE", "/nowhere"):
        whole, head = await client.get(path), await client.head(path)

        assert head.status == whole.status, path
        assert await head.read() == b""
        assert int(head.headers["Content-Length"]) > 0
        for name in whole.headers.keys() - changing:
            assert head.headers[name] == whole.headers[name], (path, name)
        assert changing & head.headers.keys() == changing & whole.headers.keys()


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        (COINS, "GET, HEAD, OPTIONS, POST"),
        (f"{COINS}/BTC", "DELETE, GET, HEAD, OPTIONS, PUT"),
        ("/livez", "GET, HEAD, OPTIONS"),
        ("/docs/assets/page.css", "GET, HEAD, OPTIONS"),
    ],
)
async def test_every_path_tells_its_methods(client: Client, path: str, methods: str) -> None:
    told, refused = await client.options(path), await client.request("TRACE", path)

    assert (told.status, await told.read(), told.headers["Allow"]) == (204, b"", methods)
    assert (refused.status, refused.headers["Allow"]) == (405, methods)
    assert (await client.options("/nowhere")).status == 404


async def test_a_missing_coin_tells_how_the_cache_took_part(client: Client) -> None:
    answer = await client.get(f"{COINS}/NONE")

    assert answer.status == 404
    assert answer.headers["Cache-Status"] == "redis; fwd=uri-miss"


async def test_a_long_list_is_packed_for_those_who_take_gzip(client: Client) -> None:
    await _put(client, "C0", 0)
    short = await client.get(COINS, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in short.headers
    assert short.headers["Vary"] == "Accept-Encoding"
    for price in range(20):
        await _put(client, f"C{price}", price)

    plain = await client.get(COINS, headers={"Accept-Encoding": "identity"})
    packed = await client.get(COINS, headers={"Accept-Encoding": "gzip"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) < int(plain.headers["Content-Length"])
    assert await packed.read() == await plain.read()
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    # Two representations, so two strong tags; each is current for those who would get its own.
    tags = {"identity": plain.headers["ETag"], "gzip": packed.headers["ETag"]}
    assert tags["gzip"] == tags["identity"].removesuffix('"') + '-gzip"'
    for coding, tag in tags.items():
        same = await client.get(COINS, headers={"Accept-Encoding": coding, "If-None-Match": tag})
        assert (same.status, same.headers["ETag"], same.headers["Vary"]) == (304, tag, "Accept-Encoding")
        assert "Content-Encoding" not in same.headers
    other = await client.get(COINS, headers={"Accept-Encoding": "gzip", "If-None-Match": tags["identity"]})
    assert other.status == 200


async def test_reads_tell_where_their_time_went(client: Client) -> None:
    await _put(client, "BTC", 1)

    hit = (await client.get(f"{COINS}/BTC")).headers["Server-Timing"]
    page = (await client.get(COINS, params={"limit": "1"})).headers["Server-Timing"]

    assert [part.partition(";")[0] for part in hit.split(", ")] == ["redis", "total"]
    assert [part.partition(";")[0] for part in page.split(", ")] == ["postgres", "total"]


async def test_a_sane_request_id_is_kept_and_another_replaced(client: Client) -> None:
    kept = await client.get("/livez", headers={"X-Request-Id": "abc-123"})
    replaced = await client.get("/livez", headers={"X-Request-Id": "a b" * 50})

    assert kept.headers["X-Request-Id"] == "abc-123"
    assert re.fullmatch("[0-9a-f]{32}", replaced.headers["X-Request-Id"])


async def test_the_cache_report_counts_reads_and_keys(client: Client) -> None:
    empty = await (await client.get("/api/v1/cache")).json()
    await _put(client, "BTC", 1)
    await client.get(f"{COINS}/BTC")
    await client.get(f"{COINS}/BTC")
    await client.get(f"{COINS}/BTC")
    await client.get(COINS)

    report = await (await client.get("/api/v1/cache")).json()

    assert (empty["hit_rate"], empty["keys"], empty["last_primed_at"]) == (None, 0, None)
    assert (report["hits"], report["misses"], report["hit_rate"]) == (3, 1, 0.75)
    assert (report["status"], report["keys"]) == ("available", 1)


async def test_metrics_count_requests_and_cache_outcomes(client: Client) -> None:
    await _put(client, "BTC", 1)
    await client.get(f"{COINS}/BTC")
    await client.get("/no/such/route")

    text = await (await client.get("/metrics")).text()

    route = f'route="{COINS}/{{symbol}}"'
    assert f'bitcoincache_http_requests_total{{method="GET",{route},status="200"}} 1.0' in text
    assert 'bitcoincache_http_requests_total{method="GET",route="unknown",status="404"} 1.0' in text
    assert 'bitcoincache_cache_reads_total{layer="coin",outcome="hit"} 1.0' in text
    assert 'bitcoincache_dependency_duration_seconds_count{dependency="redis"}' in text


async def test_the_description_covers_every_route(controlled: Client) -> None:
    described = await (await controlled.get("/openapi.json")).json()
    page = await controlled.get("/docs")

    routes = {
        (route.resource.canonical, route.method.lower()) for route in controlled.app.router.routes() if route.resource
    }
    told = {
        (path, method)
        for path, operations in described["paths"].items()
        for method in operations
        if method != "parameters"
    }
    assert described["openapi"].startswith("3.1")
    assert told == {(path, method) for path, method in routes if not path.startswith(("/docs", "/openapi"))}
    assert page.content_type == "text/html"
    assert "https://" not in await page.text()
