"""Every line of the log is JSON, and one about a resource names it."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from integration.operator.playground import Playground
from support.apiserver import ApiServer
from support.kubernetes import Kubernetes, Object
from support.logs import whole_lines
from support.operator_process import OperatorProcess

VISITING = ("apply", "finalize", "queue", "reconcile")
"""Modules that log during a visit, and only then."""


def lines(log: Path) -> list[Object]:
    """Raises JSONDecodeError where one of them is something else."""
    return [json.loads(line) for line in whole_lines(log)]


def test_what_a_visit_tells_names_its_resource(playground: Playground) -> None:
    playground.api.create("configmaps", {"metadata": {"name": "demo-redis-config"}, "data": {"mine": "yes"}})
    playground.create()
    playground.until(
        "a visit fails", lambda: playground.condition().get("reason") == "ReconcileFailed", playground.play
    )
    playground.api.delete("configmaps", "demo-redis-config")
    # Nobody watches what isn't the operator's: the next visit would come with the backoff.
    playground.api.patch("bitcoincaches", "demo", {"metadata": {"annotations": {"look": "again"}}})
    playground.until("ready", playground.is_ready, playground.play)
    playground.api.delete("services", "demo-redis")
    playground.until("it is back", lambda: playground.api.find("services", "demo-redis"))

    told = lines(playground.operator.log)
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in told)
    of_visits = [line for line in told if line["logger"].rsplit(".", 1)[-1] in VISITING]
    assert all({"namespace", "name"} <= line.keys() for line in of_visits)
    mine = [line["message"] for line in of_visits if line["namespace"] == playground.api.namespace]
    for part in ("trying again in", "Ready is now True", "demo-redis was deleted by others"):
        assert any(part in message for message in mine), part


def test_kopfs_own_lines_are_json_and_name_the_resource_too(
    cluster: ApiServer, api: Kubernetes, tmp_path: Path
) -> None:
    body = {"apiVersion": "bitcoincache.dev/v1alpha1", "kind": "BitcoinCache", "metadata": {"name": "demo"}}
    api.create("bitcoincaches", {**body, "spec": {"paused": True}})
    talkative = OperatorProcess(cluster.kubeconfig, tmp_path, log_level="DEBUG", namespaces=api.namespace)
    try:
        talkative.start()
        Playground(cluster, talkative, api).until("kopf tells of the resource", partial(kopf_tells, talkative.log))
    finally:
        code = talkative.stop()
    assert code == 0
    told = lines(talkative.log)
    assert {line["logger"].split(".")[0] for line in told} >= {"bitcoincache_operator", "kopf", "asyncio"}
    assert all(line["namespace"] == api.namespace for line in told if line.get("name") == "demo")
    api.delete("bitcoincaches", "demo")


def kopf_tells(log: Path) -> bool:
    return any(line["logger"] == "kopf.objects" and line.get("name") == "demo" for line in lines(log))
