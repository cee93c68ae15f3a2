"""Whatever a valid spec says, what is built of it fits together and is allowed everywhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given

from bitcoincache_api.contract import Env
from bitcoincache_api.names import CHECKSUM_ANNOTATION, Component, Label
from bitcoincache_operator import assembly
from bitcoincache_operator.builders import backend, frontend, postgres, prime, redis, rotate, storage
from bitcoincache_operator.builders.stack import DatabaseLogin, Stack
from bitcoincache_operator.builders.storage import Directory, Helper
from bitcoincache_operator.kinds import Manifest, key_of
from support.specs import LOGIN, stack, stacks

DIRECTORY = Directory("worker", "/srv/data")
HELPER = Helper("system", "operator:1")
BUDGET = "PodDisruptionBudget"


def everything(wanted: Stack) -> list[Manifest]:
    return [
        postgres.secret(wanted, LOGIN),
        backend.secret(wanted, LOGIN, "another"),
        *assembly.foundation(wanted, opened=True),
        *assembly.deployments(wanted, LOGIN, "10.96.0.9").values(),
        *assembly.schedules(wanted, LOGIN),
        prime.job(wanted, LOGIN, "0a1b2c3d"),
        rotate.job(wanted, LOGIN, "0a1b2c3d"),
        storage.volume(wanted.names, "1Gi", DIRECTORY),
        storage.manual_claim(wanted, "1Gi", DIRECTORY),
        storage.make_directory_job(wanted.names, HELPER, DIRECTORY),
    ]


def templates(manifests: list[Manifest]) -> Iterator[Manifest]:
    for manifest in manifests:
        spec = manifest.get("spec", {})
        if manifest["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        if "template" in spec and manifest["metadata"].get("namespace") != HELPER.namespace:
            yield spec["template"]


@given(stacks)
def test_building_is_deterministic_and_plain_json(wanted: Stack) -> None:
    built = everything(wanted)
    assert json.loads(json.dumps(built)) == everything(wanted)


@given(stacks)
def test_names_are_unique_and_short_enough(wanted: Stack) -> None:
    keys = [key_of(manifest) for manifest in everything(wanted)]
    assert len(keys) == len(set(keys))
    assert all(len(key.name) <= 63 for key in keys)


@given(stacks)
def test_every_label_is_one(wanted: Stack) -> None:
    for manifest in everything(wanted):
        assert manifest["metadata"]["labels"][Label.INSTANCE] == wanted.names.name
        assert all(len(value) <= 63 for value in manifest["metadata"]["labels"].values())


@given(stacks)
def test_selectors_find_the_pods_that_they_are_for(wanted: Stack) -> None:
    deployments = assembly.deployments(wanted, LOGIN, "")
    for component, manifest in deployments.items():
        selector = manifest["spec"]["selector"]["matchLabels"]
        assert selector.items() <= manifest["spec"]["template"]["metadata"]["labels"].items()
        for other, another in deployments.items():
            labels = another["spec"]["template"]["metadata"]["labels"]
            assert (selector.items() <= labels.items()) == (component is other)


@given(stacks)
def test_every_service_finds_a_pod_and_a_port_of_it(wanted: Stack) -> None:
    pods = [item["spec"]["template"] for item in assembly.deployments(wanted, LOGIN, "").values()]
    for service in everything(wanted):
        if service["kind"] != "Service":
            continue
        selector, [port] = service["spec"]["selector"], service["spec"]["ports"]
        [found] = [pod for pod in pods if selector.items() <= pod["metadata"]["labels"].items()]
        [container] = found["spec"]["containers"]
        assert port["targetPort"] in {item["name"] for item in container["ports"]}


@given(stacks)
def test_every_pod_is_restricted(wanted: Stack) -> None:
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted, and a read-only root."""
    for template in templates(everything(wanted)):
        pod = template["spec"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["securityContext"]["runAsUser"] > 0
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
        for volume in pod["volumes"]:
            assert volume.keys() - {"name"} <= {"emptyDir", "configMap", "persistentVolumeClaim"}
        for container in pod["initContainers"] + pod["containers"]:
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False
            assert context["capabilities"] == {"drop": ["ALL"]}
            assert context["readOnlyRootFilesystem"] is True
            assert "hostPort" not in json.dumps(container)


@given(stacks)
def test_every_mount_has_its_volume_and_every_reference_its_object(wanted: Stack) -> None:
    built = everything(wanted)
    there = {(manifest["kind"], manifest["metadata"]["name"]) for manifest in built}
    for template in templates(built):
        pod = template["spec"]
        [container] = pod["containers"]
        assert [mount["name"] for mount in container["volumeMounts"]] == [volume["name"] for volume in pod["volumes"]]
        assert ("ServiceAccount", pod["serviceAccountName"]) in there
        for reference in container["envFrom"]:
            [(kind, target)] = reference.items()
            assert ({"configMapRef": "ConfigMap", "secretRef": "Secret"}[kind], target["name"]) in there
        for volume in pod["volumes"]:
            if "configMap" in volume:
                assert ("ConfigMap", volume["configMap"]["name"]) in there


@given(stacks)
def test_no_secret_shows_outside_of_secrets(wanted: Stack) -> None:
    login = DatabaseLogin("bitcoin", "hunter2-hunter2")
    built = (
        backend.secret(wanted, login, "hunter2"),
        *assembly.foundation(wanted, opened=True),
        *assembly.deployments(wanted, login, "").values(),
    )
    for manifest in built:
        if manifest["kind"] != "Secret":
            assert "hunter2" not in json.dumps(manifest)
    assert "hunter2" not in repr(login)


@given(stacks)
def test_a_budget_lets_pods_go_one_by_one_and_an_only_pod_has_none(wanted: Stack) -> None:
    budgets = {item["metadata"]["name"]: item["spec"] for item in everything(wanted) if item["kind"] == BUDGET}
    deployments = assembly.deployments(wanted, LOGIN, "")
    autoscaling = wanted.spec.backend.autoscaling
    most = autoscaling.max_replicas if autoscaling else wanted.spec.replicas
    expected = {Component.BACKEND: most, Component.FRONTEND: wanted.spec.frontend.replicas}
    assert budgets.keys() == {f"{wanted.names.name}-{component}" for component, pods in expected.items() if pods > 1}
    for component in expected:
        budget = budgets.get(f"{wanted.names.name}-{component}")
        if budget:
            assert budget["maxUnavailable"] == 1
            assert budget["selector"] == deployments[component]["spec"]["selector"]


@given(stacks)
def test_pods_that_there_are_several_of_spread_over_the_nodes(wanted: Stack) -> None:
    for component, manifest in assembly.deployments(wanted, LOGIN, "").items():
        pod = manifest["spec"]["template"]["spec"]
        if component not in (Component.BACKEND, Component.FRONTEND):
            assert "topologySpreadConstraints" not in pod
            continue
        [spread] = pod["topologySpreadConstraints"]
        assert spread["labelSelector"] == manifest["spec"]["selector"]
        assert (spread["topologyKey"], spread["whenUnsatisfiable"]) == ("kubernetes.io/hostname", "ScheduleAnyway")


def test_the_autoscaler_scales_the_resource_itself() -> None:
    autoscaling = {"minReplicas": 3, "maxReplicas": 7, "targetCPUUtilization": 60}
    built = everything(stack(backend={"autoscaling": autoscaling}))
    spec = named(built, "HorizontalPodAutoscaler", "demo-backend")["spec"]
    assert spec["scaleTargetRef"] == {"apiVersion": "bitcoincache.dev/v1alpha1", "kind": "BitcoinCache", "name": "demo"}
    assert (spec["minReplicas"], spec["maxReplicas"]) == (3, 7)
    assert spec["metrics"][0]["resource"]["target"]["averageUtilization"] == 60


def checksum(manifest: Manifest) -> Any:
    return manifest["spec"]["template"]["metadata"]["annotations"][CHECKSUM_ANNOTATION]


def test_a_changed_setting_changes_the_checksum_of_those_who_read_it() -> None:
    plain, changed = stack(), stack(cache={"ttl": "5m"}, postgres={"parameters": {"work_mem": "8MB"}})
    assert checksum(backend.deployment(plain, LOGIN)) != checksum(backend.deployment(changed, LOGIN))
    assert checksum(postgres.deployment(plain, LOGIN)) != checksum(postgres.deployment(changed, LOGIN))
    assert checksum(redis.deployment(plain)) == checksum(redis.deployment(changed))
    assert checksum(frontend.deployment(plain, "")) == checksum(frontend.deployment(changed, ""))


def test_the_backend_hears_of_controls_only_where_there_are_some() -> None:
    """It knows by itself that there are none: a stack that was made before them does not roll."""

    def told(wanted: Stack) -> dict[str, str]:
        data: dict[str, str] = named(everything(wanted), "ConfigMap", "demo-backend-config")["data"]
        return data

    on = stack(cache={"controls": True})
    assert told(on) == {**told(stack()), Env.CACHE_CONTROLS.value: "true"}
    assert told(stack(cache={"controls": False})) == told(stack())
    assert Env.CACHE_CONTROLS not in told(stack())
    assert checksum(backend.deployment(on, LOGIN)) != checksum(backend.deployment(stack(), LOGIN))


def test_a_changed_password_changes_the_checksum_of_the_backend_alone() -> None:
    other = DatabaseLogin("bitcoin", "another")
    built = assembly.deployments(stack(), LOGIN, "").items()
    changed = assembly.deployments(stack(), other, "")
    rolled = {component for component, manifest in built if checksum(manifest) != checksum(changed[component])}
    assert rolled == {Component.BACKEND}


def test_a_parameter_can_not_leave_its_quotes() -> None:
    wanted = stack(postgres={"parameters": {"application_name": r"a'b\c"}})
    [config] = [item for item in postgres.foundation(wanted) if item["metadata"]["name"] == "demo-postgres-config"]
    assert r"application_name = 'a''b\\c'" in config["data"]["postgresql.conf"].splitlines()


def test_redis_gets_three_quarters_of_its_limit_unless_told_otherwise() -> None:
    assert redis.max_memory(stack()) == 384 * 1024**2
    assert redis.max_memory(stack(redis={"maxMemory": "100M"})) == 100_000_000


def named(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    [found] = [item for item in manifests if (item["kind"], item["metadata"]["name"]) == (kind, name)]
    return found


@given(stacks)
def test_every_pod_has_one_policy_for_both_ways_unless_they_are_switched_off(wanted: Stack) -> None:
    built = everything(wanted)
    policies = [item["spec"] for item in built if item["kind"] == "NetworkPolicy"]
    assert bool(policies) == wanted.spec.network_policy.enabled
    assert all(policy["policyTypes"] == ["Ingress", "Egress"] for policy in policies)
    for template in templates(built) if policies else ():
        labels = template["metadata"]["labels"].items()
        assert len([policy for policy in policies if policy["podSelector"]["matchLabels"].items() <= labels]) == 1


@given(stacks)
def test_each_way_out_of_a_pod_is_a_way_into_another(wanted: Stack) -> None:
    policies = [item["spec"] for item in everything(wanted) if item["kind"] == "NetworkPolicy"]
    into = {
        (json.dumps(peer["podSelector"]), json.dumps(policy["podSelector"]), rule["ports"][0]["port"])
        for policy in policies
        for rule in policy["ingress"]
        for peer in rule.get("from", ())
        if "podSelector" in peer
    }
    out = {
        (json.dumps(policy["podSelector"]), json.dumps(peer["podSelector"]), rule["ports"][0]["port"])
        for policy in policies
        for rule in policy["egress"]
        for peer in rule["to"]
        if "podSelector" in peer and "namespaceSelector" not in peer
    }
    assert into == out


def test_the_services_source_ranges_are_those_of_the_policy() -> None:
    ranges = {"loadBalancerSourceRanges": ["203.0.113.7/24"]}
    narrow = everything(stack(redisInsight={"service": ranges}))
    policy = named(narrow, "NetworkPolicy", "demo-redisinsight")
    assert policy["spec"]["ingress"][0]["from"] == [{"ipBlock": {"cidr": "203.0.113.0/24"}}]
    open_to_all = everything(stack(redisInsight={"service": {"loadBalancerSourceRanges": []}}))
    assert "from" not in named(open_to_all, "NetworkPolicy", "demo-redisinsight")["spec"]["ingress"][0]


def test_a_load_balancer_of_redisinsight_passes_its_clients_addresses_on_to_the_policy() -> None:
    assert named(everything(stack()), "Service", "demo-redisinsight")["spec"]["externalTrafficPolicy"] == "Local"
    elsewhere = everything(stack(redisInsight={"service": {"type": "NodePort"}}))
    assert "externalTrafficPolicy" not in named(elsewhere, "Service", "demo-redisinsight")["spec"]


def test_metrics_are_scraped_from_the_namespaces_that_are_named_and_from_no_others() -> None:
    assert len(named(everything(stack()), "NetworkPolicy", "demo-backend")["spec"]["ingress"]) == 1
    built = everything(stack(networkPolicy={"metricsFrom": {"team": "monitoring"}}))
    [_, scrapes] = named(built, "NetworkPolicy", "demo-backend")["spec"]["ingress"]
    assert scrapes["from"] == [{"namespaceSelector": {"matchLabels": {"team": "monitoring"}}}]


@given(stacks)
def test_every_image_is_pulled_by_the_secrets_that_are_named(wanted: Stack) -> None:
    for template in templates(everything(wanted)):
        assert [secret["name"] for secret in template["spec"]["imagePullSecrets"]] == wanted.spec.image_pull_secrets


def test_a_load_balancer_of_redisinsight_lets_private_addresses_in_alone() -> None:
    service = named(everything(stack()), "Service", "demo-redisinsight")
    assert "10.0.0.0/8" in service["spec"]["loadBalancerSourceRanges"]
    assert "0.0.0.0/0" not in service["spec"]["loadBalancerSourceRanges"]


def test_the_page_is_told_how_often_to_poll_in_milliseconds() -> None:
    [config] = [
        item for item in frontend.foundation(stack(frontend={"pollInterval": "1m30s"})) if item["kind"] == "ConfigMap"
    ]
    assert json.loads(config["data"]["config.json"]) == {"pollInterval": 90_000}
    assert "@" not in config["data"]["default.conf"]
    assert "server demo-backend:3000;" in config["data"]["default.conf"]


def test_a_helpers_pod_sees_the_parent_of_the_directory_alone() -> None:
    job = storage.make_directory_job(stack().names, HELPER, Directory("worker", "/var/lib/stacks/demo"))
    pod = job["spec"]["template"]["spec"]
    assert [volume["hostPath"]["path"] for volume in pod["volumes"]] == ["/var/lib/stacks"]
    assert pod["containers"][0]["command"][-3:] == ["/host/demo", "70", "70"]


def test_data_go_with_the_resource_only_if_it_says_so() -> None:
    kept, taken = stack(), stack(deletionPolicy="Delete")
    for manifest in (postgres.secret(kept, LOGIN), storage.claim(kept, "1Gi", None)):
        assert "ownerReferences" not in manifest["metadata"]
    for manifest in (postgres.secret(taken, LOGIN), storage.claim(taken, "1Gi", None)):
        [owner] = manifest["metadata"]["ownerReferences"]
        assert (owner["uid"], owner["controller"]) == ("uid-1", True)
