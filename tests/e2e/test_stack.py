"""From one resource to a stack that serves, scales, heals and primes; each test goes on from the one before."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest

from e2e.conftest import IN_A_ROW, Stack
from support.kubectl import condition, eventually
from support.truth import untruths

COINS = {f"COIN{number}": 1000 + number for number in range(20)}


@pytest.fixture(scope="module")
def running(stack: Stack) -> Stack:
    stack.apply()
    stack.wait_ready()
    for symbol, price in COINS.items():
        assert stack.http.put_price(symbol, price).status in (200, 201)
    return stack


def test_kubectl_tells_how_it_stands(running: Stack) -> None:
    columns, values = (line.split() for line in running.kubectl.run("get", "btcc").splitlines())
    row = dict(zip(columns, values, strict=True))
    assert {key: row[key] for key in ("NAME", "READY", "REPLICAS", "PRIMED")} == {
        "NAME": "demo",
        "READY": "True",
        "REPLICAS": "2",
        "PRIMED": "0",
    }
    described = running.kubectl.run("describe", "bitcoincache/demo")
    for told in ("PostgresReady", "RedisReady", "CachePrimed", "BackendReady", "FrontendReady"):
        assert told in described


def test_status_is_about_the_generation_that_runs(running: Stack) -> None:
    resource = running.resource
    generation = resource["metadata"]["generation"]
    assert resource["status"]["observedGeneration"] == generation
    assert {found["observedGeneration"] for found in resource["status"]["conditions"]} == {generation}


def test_every_pod_runs_in_a_restricted_namespace(running: Stack) -> None:
    pods = running.kubectl.items("pods")
    components = {pod["metadata"]["labels"]["app.kubernetes.io/component"] for pod in pods}
    assert components >= {"postgres", "redis", "redisinsight", "backend", "frontend", "prime"}
    assert all(pod["spec"]["automountServiceAccountToken"] is False for pod in pods)


def test_traffic_met_the_backends_after_priming(running: Stack) -> None:
    completed = running.resource["status"]["priming"]["completedAt"]
    service = running.kubectl.get("service/demo-backend", "--show-managed-fields")
    fields = service["metadata"]["managedFields"]
    opened = [entry["time"] for entry in fields if "f:selector" in entry["fieldsV1"].get("f:spec", {})]
    assert opened
    assert min(opened) >= completed


def test_scale_follows_kubectl(running: Stack) -> None:
    running.kubectl.run("scale", "btcc/demo", "--replicas=4")
    eventually("four ready backends", lambda: running.ready_backends == 4)
    eventually("status.replicas 4", lambda: running.resource["status"]["replicas"] == 4)
    running.wait_ready()
    running.kubectl.run("scale", "btcc/demo", "--replicas=2")
    eventually("two backends", lambda: running.resource["status"]["replicas"] == 2)


def test_a_changed_image_primes_first_and_then_every_read_hits(running: Stack) -> None:
    before = running.resource["status"]["priming"]
    running.kubectl.patch("btcc/demo", {"spec": {"backend": {"image": os.environ["BITCOINCACHE_NEXT_BACKEND"]}}})
    priming = eventually(
        "another priming",
        lambda: (now := running.resource["status"]["priming"])["hash"] != before["hash"] and now,
    )
    assert priming["keys"] == len(COINS)
    assert priming["job"] in running.kubectl.names("jobs")
    running.wait_ready()
    for symbol in COINS:
        answer = running.through_cache(symbol)
        assert (answer.status, answer.cache.split(";")[1].strip()) == (200, "hit"), answer


def test_a_lost_key_is_a_miss_and_then_a_hit(running: Stack) -> None:
    assert running.redis("DEL", "bitcoin:COIN1") == "1"
    assert "fwd=uri-miss" in running.through_cache("COIN1").cache
    assert "hit" in running.through_cache("COIN1").cache


def test_a_write_is_read_at_once(running: Stack) -> None:
    for price in (5, 6, 7):
        assert running.http.put_price("COIN2", price).status == 200
        assert running.http.coin("COIN2").json["price"] == price
        assert any(item["price"] == price for item in running.http.ranking() if item["symbol"] == "COIN2")


@pytest.mark.parametrize(
    "child",
    [
        "deployment/demo-postgres",
        "deployment/demo-backend",
        "deployment/demo-frontend",
        "service/demo-backend",
        "service/demo-frontend",
        "configmap/demo-backend-config",
        "configmap/demo-frontend-config",
        "secret/demo-backend-secret",
        "serviceaccount/demo-backend",
    ],
)
def test_a_deleted_child_is_back(running: Stack, child: str) -> None:
    uid = running.kubectl.get(child)["metadata"]["uid"]
    running.kubectl.run("delete", child)
    eventually(f"{child} is back", lambda: running.kubectl.get(child)["metadata"]["uid"] != uid)


def test_an_edited_child_is_as_it_was(running: Stack) -> None:
    running.kubectl.patch("deployment/demo-frontend", {"spec": {"replicas": 0}})
    eventually("two pages again", lambda: running.kubectl.get("deployment/demo-frontend")["spec"]["replicas"] == 2)
    running.wait_ready()


def test_without_redis_reads_go_on_and_the_status_says_so(running: Stack) -> None:
    running.wait_ready()
    running.kubectl.patch("btcc/demo", {"spec": {"paused": True}})
    eventually("paused", lambda: condition(running.resource, "Paused").get("status") == "True")
    running.kubectl.run("scale", "deployment/demo-redis", "--replicas=0")
    eventually("RedisReady is False", lambda: condition(running.resource, "RedisReady").get("status") == "False")
    eventually("the backend says degraded", lambda: "degraded" in running.readyz())
    assert condition(running.resource, "Ready")["status"] == "False"
    for symbol in COINS:
        answer = running.http.coin(symbol)
        assert answer.status == 200
        assert "hit" not in answer.cache


def test_without_redis_writes_go_on_past_it(running: Stack) -> None:
    eventually("writes are made again", lambda: running.http.put_price("COIN3", 30).status == 200, seconds=15)
    assert running.http.put_price("MEANWHILE", 31).status == 201
    assert running.http.request("DELETE", "/api/v1/bitcoins/COIN4").status == 204
    assert seen_by_all(running, "COIN3") == {(200, 30)}
    assert seen_by_all(running, "COIN4") == {(404, None)}


def test_redis_back_again_is_primed_and_hits_have_what_was_written_meanwhile(running: Stack) -> None:
    primed = running.resource["status"]["priming"]["hash"]
    running.kubectl.patch("btcc/demo", {"spec": {"paused": False}})
    eventually("primed anew", lambda: running.resource["status"]["priming"]["hash"] != primed)
    running.wait_ready()
    eventually("hits again", lambda: "hit" in running.http.coin("COIN3").cache)
    assert seen_by_all(running, "COIN3") == {(200, 30)}
    assert seen_by_all(running, "MEANWHILE") == {(200, 31)}
    assert seen_by_all(running, "COIN4") == {(404, None)}


def seen_by_all(stack: Stack, symbol: str) -> set[tuple[int, int | None]]:
    """Every status and price that a coin is read with, by so many connections that each backend is asked."""
    answers = [stack.http.coin(symbol) for _ in range(IN_A_ROW)]
    return {(answer.status, answer.json.get("price")) for answer in answers}


HAMMER: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"replicas": 1}, {"replicas": 3}),
    ({"backend": {"logLevel": "WARNING"}}, {"replicas": 2}),
    ({"frontend": {"pollInterval": "7s"}}, {"cache": {"ttl": "2h"}, "frontend": {"replicas": 1}}),
    ({"redisInsight": {"enabled": False}}, {"frontend": {"replicas": 2}}),
]
"""Pairs of changes, one on the other's heels."""


@pytest.mark.parametrize("changes", HAMMER)
def test_whoever_is_told_ready_finds_that_spec_running(
    running: Stack, changes: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    running.wait_ready()
    for change in changes:
        running.kubectl.patch("btcc/demo", {"spec": change})
    told = json.loads(
        running.kubectl.run("wait", "--for=condition=Ready", "btcc/demo", "--timeout=300s", "--output=json")
    )
    namespace, version = running.kubectl.namespace, told["metadata"]["resourceVersion"]
    deployments = running.kubectl.listed_at(f"/apis/apps/v1/namespaces/{namespace}/deployments", version)
    configuration = running.kubectl.listed_at(f"/api/v1/namespaces/{namespace}/configmaps", version)
    assert list(untruths(told, deployments, configuration)) == []
    assert told["spec"] == running.resource["spec"]


BAD_REQUESTS: list[tuple[str, str, bytes | None, int]] = [
    ("POST", "/api/v1/bitcoins", b'{"symbol": "BTC", "price":', 400),
    ("POST", "/api/v1/bitcoins", b'{"symbol": "BTC!", "price": 1}', 422),
    ("POST", "/api/v1/bitcoins", b'{"symbol": "BTC", "price": -1}', 422),
    ("PUT", "/api/v1/bitcoins/BTC", b'{"price": 2147483648}', 422),
    ("PUT", "/api/v1/bitcoins/BTC", b'{"price": 1.5}', 422),
    ("PUT", "/api/v1/bitcoins/BTC", b'{"price": true}', 422),
    ("GET", "/api/v1/bitcoins/TOOLONGSYMBOL", None, 422),
    ("GET", "/api/v1/bitcoins/%00", None, 400),
    ("GET", "/api/v1/bitcoins/NOSUCH", None, 404),
    ("GET", "/api/v1/bitcoins?limit=0", None, 422),
    ("GET", "/api/v1/nothing", None, 404),
    ("PATCH", "/api/v1/bitcoins", b"{}", 405),
    ("POST", "/api/v1/bitcoins", b'{"symbol": "' + b"A" * 200_000 + b'"}', 413),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), BAD_REQUESTS)
def test_a_bad_request_gets_a_problem(running: Stack, method: str, path: str, body: Any, status: int) -> None:
    answer = running.http.request(method, path, body)
    assert answer.status == status
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json["status"] == status
