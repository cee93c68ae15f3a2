"""What the chart installs: names, rights, pods, hooks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from bitcoincache_api.crd.schema import custom_resource_definition
from bitcoincache_operator.settings import Settings
from support.chart import CHART, Manifest, one, pods, rendered
from unit.chart.conftest import Render

HOOK = "helm.sh/hook"
LONGEST_RELEASE = "r" * 53
"""Helm allows no longer one."""

RELEASES = ["release", "bitcoincache-operator", LONGEST_RELEASE, f"{'r' * 30}-bitcoincache-operator"]


@pytest.fixture(scope="module", params=RELEASES)
def objects(render: Render, request: pytest.FixtureRequest) -> list[Manifest]:
    return render(release=request.param)


def test_names_are_unique_and_fit(objects: list[Manifest]) -> None:
    named = Counter((item["kind"], item["metadata"].get("namespace"), item["metadata"]["name"]) for item in objects)
    assert max(named.values()) == 1
    for kind, _, name in named:
        assert len(name) <= 63, (kind, name)
        assert name == name.strip("-")


def test_everything_has_a_place_and_the_release_in_its_labels(objects: list[Manifest]) -> None:
    for item in objects:
        if item["kind"] == "CustomResourceDefinition":
            continue
        assert item["metadata"]["labels"]["app.kubernetes.io/instance"]
        if not item["kind"].startswith("Cluster"):
            assert item["metadata"]["namespace"] == "system", item["metadata"]["name"]


def test_every_pod_is_restricted(default: list[Manifest]) -> None:
    found = list(pods(default))
    assert len(found) == 3
    for owner, pod in found:
        name = owner["metadata"]["name"]
        context = pod["securityContext"]
        assert context["runAsNonRoot"] is True, name
        assert context["runAsUser"] > 0
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
        assert all(volume.keys() <= {"name", "emptyDir"} for volume in pod.get("volumes", ()))
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["resources"].keys() == {"requests", "limits"}


def test_no_right_is_a_wildcard_and_no_account_an_administrator(default: list[Manifest]) -> None:
    roles = [item for item in default if item["kind"] in ("Role", "ClusterRole")]
    for role in roles:
        for rule in role["rules"]:
            assert "*" not in [*rule["apiGroups"], *rule["resources"], *rule["verbs"]], rule
            assert not {"escalate", "bind", "impersonate"} & set(rule["verbs"])
    names = {role["metadata"]["name"] for role in roles}
    bindings = [item for item in default if item["kind"] in ("RoleBinding", "ClusterRoleBinding")]
    assert bindings
    assert {item["roleRef"]["name"] for item in bindings} <= names


def test_hooks_have_no_more_rights_than_they_need(default: list[Manifest]) -> None:
    hooks = [item for item in default if HOOK in item["metadata"].get("annotations", {})]
    rights = {
        (item["metadata"]["name"].removeprefix("release-bitcoincache-operator-"), *rule["resources"], *rule["verbs"])
        for item in hooks
        for rule in item.get("rules", ())
    }
    assert rights == {
        ("let-go", "bitcoincaches", "list", "patch"),
        ("self-test", "bitcoincaches", "create"),
        ("self-test", "bitcoincaches", "get", "delete"),
    }


def test_an_operator_of_some_namespaces_has_rights_in_these_and_in_its_own(
    render: Render, default: list[Manifest]
) -> None:
    limited = render({"watchNamespaces": ["b", "a"]})
    [everywhere] = [item for item in limited if item["kind"] == "ClusterRole"]
    assert {resource for rule in everywhere["rules"] for resource in rule["resources"]} == {
        "persistentvolumes",
        "nodes",
        "storageclasses",
    }
    for suffix in ("", "-let-go"):
        name = f"release-bitcoincache-operator{suffix}"
        roles = [item for item in limited if item["kind"] == "Role" and item["metadata"]["name"] == name]
        assert [role["metadata"]["namespace"] for role in roles] == ["a", "b", "system"]
        [clusterwide] = [item for item in default if item["kind"] == "ClusterRole" and item["metadata"]["name"] == name]
        rights = everywhere["rules"] if not suffix else []
        assert all([*rights, *role["rules"]] == clusterwide["rules"] for role in roles)
        bound = [item for item in limited if item["kind"] == "RoleBinding" and item["metadata"]["name"] == name]
        assert [item["metadata"]["namespace"] for item in bound] == ["a", "b", "system"]
        assert {subject["namespace"] for item in bound for subject in item["subjects"]} == {"system"}
    [container] = one(limited, "Job", "let-go")["spec"]["template"]["spec"]["containers"]
    assert container["command"][-4:] == ["bitcoincache_operator.let_go", "a", "b", "system"]


def test_operators_of_some_namespaces_have_no_object_in_common_also_under_the_same_name(helm: Path) -> None:
    found: Counter[tuple[str, str, str]] = Counter()
    for team in ("a", "b"):
        values = {"watchNamespaces": [f"team-{team}"], "crds": {"enabled": False}}
        for item in rendered(helm, values, release="bitcoincache-operator", namespace=f"system-{team}"):
            found[item["kind"], item["metadata"].get("namespace", ""), item["metadata"]["name"]] += 1
    assert max(found.values()) == 1


def test_every_account_that_a_pod_uses_is_made_before_it(default: list[Manifest]) -> None:
    for owner, pod in pods(default):
        account = one(default, "ServiceAccount", pod["serviceAccountName"])
        mine, its = (item["metadata"].get("annotations", {}) for item in (owner, account))
        assert mine.get(HOOK) == its.get(HOOK)
        if HOOK in mine:
            assert int(its["helm.sh/hook-weight"]) < int(mine["helm.sh/hook-weight"])


def test_the_service_finds_the_operator_and_no_hook(default: list[Manifest]) -> None:
    selector = one(default, "Service")["spec"]["selector"].items()
    assert selector <= one(default, "Deployment")["spec"]["template"]["metadata"]["labels"].items()
    for hook in ("let-go", "self-test"):
        # A hook's pod that counted as the operator's would get its scrapes.
        assert not selector <= one(default, "Job", hook)["spec"]["template"]["metadata"]["labels"].items()


@pytest.mark.parametrize("hook", ["let-go", "self-test"])
def test_a_hook_ends_before_helm_loses_patience(default: list[Manifest], hook: str) -> None:
    assert one(default, "Job", hook)["spec"]["activeDeadlineSeconds"] < 300


def test_the_definition_is_the_generated_one_and_stays(default: list[Manifest]) -> None:
    generated = custom_resource_definition()
    kept = {"annotations": {"helm.sh/resource-policy": "keep"}, **generated["metadata"]}
    assert one(default, "CustomResourceDefinition", "") == {**generated, "metadata": kept}


def test_the_operator_starts_with_what_the_chart_tells_it(
    default: list[Manifest], monkeypatch: pytest.MonkeyPatch
) -> None:
    [container] = one(default, "Deployment")["spec"]["template"]["spec"]["containers"]
    known = {f"BITCOINCACHE_{name.upper()}" for name in Settings.model_fields}
    for variable in container["env"]:
        assert variable["name"] in known
        monkeypatch.setenv(variable["name"], variable.get("value", "system"))
    settings = Settings.model_validate({})
    values = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
    assert settings.images().postgres == values["images"]["postgres"]
    policy = settings.storage_policy()
    assert policy.helper is not None
    assert policy.helper.image == values["images"]["operator"]
