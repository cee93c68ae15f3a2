"""Whatever is deleted or edited is as it was again; and where nothing is, nothing is written."""

from __future__ import annotations

from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from integration.operator.lane import Lane, lane
from integration.operator.playground import Playground
from support.apiserver import ApiServer
from support.kubernetes import Kubernetes
from support.operator_process import OperatorProcess
from support.webhook import changing

DELETED = [
    ("deployments", "demo-postgres"),
    ("deployments", "demo-redis"),
    ("deployments", "demo-redisinsight"),
    ("deployments", "demo-backend"),
    ("deployments", "demo-frontend"),
    ("services", "demo-backend"),
    ("services", "demo-frontend"),
    ("configmaps", "demo-postgres-config"),
    ("configmaps", "demo-frontend-config"),
    ("secrets", "demo-postgres-secret"),
    ("secrets", "demo-backend-secret"),
    ("serviceaccounts", "demo-prime"),
    ("cronjobs", "demo-warm"),
    ("poddisruptionbudgets", "demo-frontend"),
    ("horizontalpodautoscalers", "demo-backend"),
    ("networkpolicies", "demo-redis"),
    ("persistentvolumeclaims", "demo-postgres"),
]

EDITED: list[tuple[str, str, dict[str, Any]]] = [
    ("deployments", "demo-frontend", {"spec": {"replicas": 0}}),
    (
        "deployments",
        "demo-backend",
        {"spec": {"template": {"metadata": {"annotations": {"bitcoincache.dev/checksum": "x"}}}}},
    ),
    ("services", "demo-backend", {"spec": {"selector": {"a-label": "more"}}}),
    ("services", "demo-frontend", {"spec": {"type": "ClusterIP"}}),
    ("configmaps", "demo-redis-config", {"data": {"redis.conf": "maxmemory 1"}}),
    ("configmaps", "demo-frontend-config", {"data": {"another.conf": "server {}"}}),
    ("secrets", "demo-backend-secret", {"data": {"POSTGRES_PASSWORD": "eA=="}}),
    ("serviceaccounts", "demo-redis", {"automountServiceAccountToken": True}),
    ("cronjobs", "demo-warm", {"spec": {"schedule": "* * * * *"}}),
    ("poddisruptionbudgets", "demo-backend", {"spec": {"maxUnavailable": 0}}),
    ("poddisruptionbudgets", "demo-backend", {"spec": {"selector": {"matchLabels": {"a-label": "more"}}}}),
    ("horizontalpodautoscalers", "demo-backend", {"spec": {"maxReplicas": 99}}),
    ("horizontalpodautoscalers", "demo-backend", {"spec": {"scaleTargetRef": {"kind": "Deployment"}}}),
    ("networkpolicies", "demo-postgres", {"spec": {"podSelector": {"matchLabels": {"a-label": "more"}}}}),
    ("networkpolicies", "demo-postgres", {"spec": {"ingress": None}}),
    ("networkpolicies", "demo-postgres", {"spec": {"egress": [{}]}}),
    ("networkpolicies", "demo-postgres", {"spec": {"policyTypes": ["Egress"]}}),
    ("persistentvolumes", "VOLUME", {"metadata": {"labels": {"app.kubernetes.io/component": "other"}}}),
]


@pytest.fixture
def ready(playground: Playground) -> Playground:
    playground.make_ready(cache={"warming": {"schedule": "0 * * * *"}}, backend={"autoscaling": {}})
    return playground


def test_every_deleted_child_is_back(ready: Playground) -> None:
    for plural, name in DELETED:
        before = ready.api.get(plural, name)["metadata"]["uid"]
        drift = ready.operator.metric(drift_of(plural))
        ready.api.delete(plural, name)
        ready.until(f"{plural} {name} is back", partial(is_another, ready, plural, name, before), ready.play)
        ready.until("ready again", ready.is_ready, ready.play)
        assert ready.operator.metric(drift_of(plural)) == drift + 1


def test_every_edited_child_is_as_it_was(ready: Playground) -> None:
    for plural, child, edit in EDITED:
        name = child.replace("VOLUME", ready.volume_name)
        before = essence(ready.api.get(plural, name))
        edited = ready.api.patch(plural, name, edit)
        assert essence(edited) != before
        ready.until(f"{plural} {name} is as it was", partial(is_as, ready, plural, name, before), ready.play)
        ready.until("ready again", ready.is_ready, ready.play)


def test_a_variable_added_to_a_container_is_taken_away(ready: Playground) -> None:
    [container] = ready.api.get("deployments", "demo-backend")["spec"]["template"]["spec"]["containers"]
    added = {**container, "env": [{"name": "LOG_LEVEL", "value": "DEBUG"}]}
    ready.api.patch("deployments", "demo-backend", {"spec": {"template": {"spec": {"containers": [added]}}}})
    ready.until(
        "the variable is gone",
        lambda: "env" not in ready.api.get("deployments", "demo-backend")["spec"]["template"]["spec"]["containers"][0],
    )


def test_a_policy_lets_in_nobody_whom_somebody_added(ready: Playground) -> None:
    policy = ("networkpolicies", "demo-redis")
    before = essence(ready.api.get(*policy))
    [first, *others] = ready.api.get(*policy)["spec"]["ingress"]
    [peer] = first["from"]
    everywhere: dict[str, Any] = {"namespaceSelector": {}}
    for added in (
        [first, *others, {}],
        [{**first, "from": [peer, everywhere]}, *others],
        [{**first, "from": [{**peer, **everywhere}]}, *others],
        [{**first, "ports": None}, *others],
    ):
        edited = ready.api.patch(*policy, {"spec": {"ingress": added}})
        assert essence(edited) != before
        ready.until("it is as it was", partial(is_as, ready, *policy, before))


def test_what_lost_its_labels_gets_them_back(ready: Playground) -> None:
    metadata = ready.api.get("services", "demo-redis")["metadata"]
    gone = dict.fromkeys(metadata["labels"])
    ready.api.patch("services", "demo-redis", {"metadata": {"labels": gone}})
    ready.until(
        "labels", lambda: ready.api.get("services", "demo-redis")["metadata"].get("labels") == metadata["labels"]
    )
    assert ready.api.get("services", "demo-redis")["metadata"]["uid"] == metadata["uid"]


def test_at_rest_nothing_is_written(field: Lane) -> None:
    before = field.operator_writes()
    for value in ("first", "second"):
        field.visited(partial(touch, field, value))
    assert field.operator_writes() == before


def test_a_restart_changes_nothing(field: Lane) -> None:
    before = field.operator_writes()
    assert field.forked.stop() == 0
    field.forked.start()
    field.until("a visit", lambda: field.operator.metric('bitcoincache_resources{ready="True"}') >= 1)
    field.rest()
    field.visited(lambda: touch(field, "restarted"))
    assert field.operator_writes() == before


def test_unusual_quantities_are_written_once(faulty_cluster: ApiServer, tmp_path: Path) -> None:
    odd = {"requests": {"cpu": "0.1", "memory": "1024Ki"}, "limits": {"cpu": "1000m", "memory": "1.5Gi"}}
    with lane(faulty_cluster, tmp_path) as field:
        field.create(backend={"resources": odd}, redis={"resources": odd, "maxMemory": "1.5Mi"})
        field.settle()
        before = field.operator_writes()
        field.visited(lambda: touch(field, "again"))
        assert field.operator_writes() == before


def test_what_belongs_to_somebody_else_is_left_alone(playground: Playground) -> None:
    foreign = playground.api.create("configmaps", {"metadata": {"name": "demo-redis-config"}, "data": {"mine": "yes"}})
    playground.create()
    told = playground.until(
        "the problem is told",
        lambda: (found := playground.condition()).get("reason") == "ReconcileFailed" and found["message"],
        playground.play,
    )
    assert "ConfigMap" in told
    assert "demo-redis-config" in told
    assert playground.api.get("configmaps", "demo-redis-config") == foreign
    playground.until(
        "the others are made", lambda: "demo-backend-config" in playground.api.names("configmaps"), playground.play
    )
    playground.api.delete("configmaps", "demo-redis-config")
    # Nobody watches what isn't the operator's: the next visit would come with the backoff.
    playground.api.patch("bitcoincaches", "demo", {"metadata": {"annotations": {"look": "again"}}})
    playground.until("ready", playground.is_ready, playground.play)


def test_what_a_webhook_undoes_is_told_and_holds_up_nothing_else(ready: Playground, tmp_path: Path) -> None:
    meddling = [{"op": "add", "path": "/data/redis.conf", "value": "save 1 1"}]
    with changing(ready.api, tmp_path, "configmaps", "redis", meddling):

        def meddled() -> bool:
            # The API server takes a while to hear of a webhook.
            touch(ready, "again")
            touch(ready, "and again")
            return bool(ready.api.get("configmaps", "demo-redis-config")["data"]["redis.conf"] == "save 1 1")

        ready.until("the webhook is at work", meddled)
        ready.until("it is told", lambda: ready.condition().get("reason") == "ReconcileFailed", ready.play)
        assert "demo-redis-config" in ready.condition()["message"]
        assert "a webhook?" in ready.condition()["message"]
        ready.change(frontend={"image": "example.com/page:2"})
        ready.until("the page rolls", lambda: image_of(ready, "demo-frontend") == "example.com/page:2", ready.play)
        ready.until("it is still told", lambda: ready.condition().get("reason") == "ReconcileFailed")

    def look_again() -> None:
        # Nobody hears that a webhook is gone.
        ready.api.patch("bitcoincaches", "demo", {"metadata": {"annotations": {"look": str(next(looks))}}})
        ready.play()

    looks = count()
    ready.until("ready", ready.is_ready, look_again)


def image_of(playground: Playground, deployment: str) -> str:
    [container] = playground.api.get("deployments", deployment)["spec"]["template"]["spec"]["containers"]
    return str(container["image"])


def test_two_resources_with_likely_names_stay_apart(
    cluster: ApiServer, operator: OperatorProcess, api: Kubernetes, playground: Playground
) -> None:
    playground.make_ready()
    other = Kubernetes(cluster.kubeconfig, f"{api.namespace}-demo")
    other.create("namespaces", {"metadata": {"name": other.namespace}})
    second = Playground(cluster, operator, other)
    second.make_ready()
    assert playground.volume_name in playground.api.names("persistentvolumes")
    volumes = [
        item for item in other.list("persistentvolumes") if item["spec"]["claimRef"]["namespace"] == other.namespace
    ]
    assert len(volumes) == 1
    second.clear()
    assert playground.is_ready()


def touch(playground: Playground, value: str) -> None:
    playground.api.patch("configmaps", "demo-redis-config", {"metadata": {"annotations": {"touched": value}}})


def drift_of(plural: str) -> str:
    kinds = {
        "deployments": "Deployment",
        "services": "Service",
        "configmaps": "ConfigMap",
        "secrets": "Secret",
        "serviceaccounts": "ServiceAccount",
        "cronjobs": "CronJob",
        "poddisruptionbudgets": "PodDisruptionBudget",
        "horizontalpodautoscalers": "HorizontalPodAutoscaler",
        "networkpolicies": "NetworkPolicy",
        "persistentvolumeclaims": "PersistentVolumeClaim",
    }
    return f'bitcoincache_drift_repaired_total{{kind="{kinds[plural]}"}}'


def is_another(playground: Playground, plural: str, name: str, uid: str) -> bool:
    live = playground.api.find(plural, name)
    return live is not None and live["metadata"]["uid"] != uid


def is_as(playground: Playground, plural: str, name: str, before: Any) -> bool:
    return bool(essence(playground.api.get(plural, name)) == before)


def essence(live: dict[str, Any]) -> Any:
    """What people wrote and can edit."""
    spec = {key: value for key, value in live.get("spec", {}).items() if key != "claimRef"}
    if live.get("spec", {}).get("ports"):
        spec["ports"] = [{key: value for key, value in port.items() if key != "nodePort"} for port in spec["ports"]]
    rest = {key: value for key, value in live.items() if key in ("data", "automountServiceAccountToken")}
    return spec, rest, live["metadata"].get("labels")
