"""From one resource to the whole stack, in its order."""

from __future__ import annotations

from typing import Any

from integration.operator.playground import Playground

NAMES = {
    "deployments": {"demo-postgres", "demo-redis", "demo-redisinsight", "demo-backend", "demo-frontend"},
    "services": {"demo-postgres", "demo-redis", "demo-redisinsight", "demo-backend", "demo-frontend"},
    "persistentvolumeclaims": {"demo-postgres"},
    "configmaps": {
        "demo-postgres-config",
        "demo-postgres-init-script",
        "demo-redis-config",
        "demo-backend-config",
        "demo-frontend-config",
    },
    "secrets": {"demo-postgres-secret", "demo-backend-secret"},
    "cronjobs": {"demo-warm"},
    "poddisruptionbudgets": {"demo-backend", "demo-frontend"},
    "horizontalpodautoscalers": {"demo-backend"},
    "networkpolicies": {
        "demo-postgres",
        "demo-redis",
        "demo-redisinsight",
        "demo-prime",
        "demo-backend",
        "demo-frontend",
    },
    "serviceaccounts": {
        "demo-postgres",
        "demo-redis",
        "demo-redisinsight",
        "demo-prime",
        "demo-backend",
        "demo-frontend",
    },
}


def test_one_resource_becomes_the_whole_stack(playground: Playground) -> None:
    playground.make_ready(cache={"warming": {"schedule": "0 * * * *"}}, backend={"autoscaling": {}})
    for plural, names in NAMES.items():
        assert playground.api.names(plural) - {"default", "kube-root-ca.crt"} == names
    [job] = playground.api.names("jobs")
    assert job == playground.status["priming"]["job"]
    assert playground.volume_name in playground.api.names("persistentvolumes")


def test_every_child_is_labelled_and_owned(playground: Playground) -> None:
    playground.make_ready()
    uid = playground.resource["metadata"]["uid"]
    lasting = {("persistentvolumeclaims", "demo-postgres"), ("secrets", "demo-postgres-secret")}
    for plural, names in NAMES.items():
        for name in names & playground.api.names(plural):
            metadata = playground.api.get(plural, name)["metadata"]
            assert metadata["labels"]["app.kubernetes.io/managed-by"] == "bitcoincache-operator"
            owners = [owner["uid"] for owner in metadata.get("ownerReferences", ())]
            assert owners == ([] if (plural, name) in lasting else [uid]), name


def test_pods_start_together_and_traffic_waits_for_the_priming(playground: Playground) -> None:
    playground.create()
    playground.until("Redis's Deployment", lambda: "demo-redis" in deployments(playground))
    assert "demo-postgres" not in deployments(playground)
    playground.until("all Deployments", lambda: len(deployments(playground)) == 5, playground.nodes.play)
    assert not playground.api.names("jobs")
    address = playground.api.get("services", "demo-backend")["spec"]["clusterIP"]

    playground.until("a Job", lambda: playground.api.names("jobs"), lambda: run(playground, "postgres", "redis"))
    run(playground, "backend", "frontend", "redisinsight")
    playground.until("it is told", lambda: playground.condition().get("reason") == "Priming")
    assert "selector" not in playground.api.get("services", "demo-backend")["spec"]

    [job] = playground.api.list("jobs")
    playground.controllers.finish(job)
    playground.until("it opens", lambda: "selector" in playground.api.get("services", "demo-backend")["spec"])
    assert not playground.is_ready()
    playground.until("ready", playground.is_ready, lambda: run(playground, "backend"))
    opened = playground.api.get("services", "demo-backend")["spec"]
    assert opened["selector"]["app.kubernetes.io/component"] == "backend"
    assert opened["clusterIP"] == address


def test_once_open_the_backend_stays_open(playground: Playground) -> None:
    playground.make_ready()
    playground.api.patch("bitcoincaches", "demo", {"status": {"priming": None}}, "status")
    playground.api.delete("pods", "demo-redis-0")
    playground.until("it is told", lambda: playground.condition("CachePrimed").get("status") == "False")
    assert playground.api.get("services", "demo-backend")["spec"]["selector"]


def test_status_tells_replicas_selector_priming_and_endpoints(playground: Playground) -> None:
    # Among the first of the range, which the API server gives to nobody by itself.
    playground.make_ready(frontend={"service": {"type": "NodePort", "nodePort": 30042}})
    status = playground.status
    assert status["observedGeneration"] == playground.resource["metadata"]["generation"]
    assert status["replicas"] == 2
    assert "app.kubernetes.io/component=backend" in status["selector"]
    assert status["priming"]["keys"] == 7
    assert status["endpoints"]["frontend"] == "http://192.0.2.1:30042"
    assert status["components"]["postgres"] == {"ready": "1/1", "image": "example.com/postgres:15"}


def test_password_is_random_and_shared_with_the_backend(playground: Playground) -> None:
    playground.make_ready()
    secret = playground.api.get("secrets", "demo-postgres-secret")
    assert len(secret["data"]["POSTGRES_PASSWORD"]) > 30
    assert playground.api.get("secrets", "demo-backend-secret")["data"] == secret["data"]


def deployments(playground: Playground) -> set[str]:
    return playground.api.names("deployments")


def run(playground: Playground, *components: str) -> None:
    for component in components:
        live: Any = playground.api.find("deployments", f"demo-{component}")
        if live:
            playground.controllers.run(live)
