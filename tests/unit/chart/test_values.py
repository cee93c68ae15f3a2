"""Every value has an effect, where it is meant to have one; and nonsense is refused in words that help."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from support.chart import CHART, ChartError, Manifest, leaves, one, pods
from unit.chart.conftest import Render

VALUES = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))


def definitions(manifests: list[Manifest]) -> list[Manifest]:
    return [item for item in manifests if item["kind"] == "CustomResourceDefinition"]


def environment(manifests: list[Manifest]) -> dict[str, str]:
    [container] = one(manifests, "Deployment")["spec"]["template"]["spec"]["containers"]
    return {item["name"]: item.get("value", "") for item in container["env"]}


def in_every_pod(field: str, value: Any) -> Callable[[list[Manifest]], bool]:
    return lambda manifests: all(pod.get(field) == value for _, pod in pods(manifests))


def in_every_container(field: str, value: Any) -> Callable[[list[Manifest]], bool]:
    return lambda manifests: all(pod["containers"][0].get(field) == value for _, pod in pods(manifests))


def in_environment(name: str, value: str) -> Callable[[list[Manifest]], bool]:
    return lambda manifests: environment(manifests).get(name) == value


def images_begin_with(prefix: str) -> Callable[[list[Manifest]], bool]:
    def check(manifests: list[Manifest]) -> bool:
        named = [value for name, value in environment(manifests).items() if "IMAGE" in name]
        run = [pod["containers"][0]["image"] for _, pod in pods(manifests)]
        return len(named) == 6 and all(image.startswith(prefix) for image in named + run)

    return check


SELECTOR = {"disk": "fast"}
TOLERATIONS = [{"key": "dedicated", "operator": "Exists"}]
AFFINITY: Any = {"podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": []}}
RESOURCES = {"requests": {"cpu": "1m", "memory": "2Mi"}, "limits": {"cpu": "3m", "memory": "4Mi"}}

EFFECTS: dict[str, tuple[Any, Callable[[list[Manifest]], bool]]] = {
    "global.imageRegistry": ("registry.example.com/mirror", images_begin_with("registry.example.com/mirror/")),
    "images.operator": ("o:1", in_every_container("image", "o:1")),
    **{
        f"images.{name}": (f"{name}:1", in_environment(f"BITCOINCACHE_IMAGE_{name.upper()}", f"{name}:1"))
        for name in ("backend", "frontend", "postgres", "redis", "redisinsight")
    },
    "imagePullPolicy": ("Never", in_every_container("imagePullPolicy", "Never")),
    "imagePullSecrets": ([{"name": "login"}], in_every_pod("imagePullSecrets", [{"name": "login"}])),
    "crds.enabled": (False, lambda manifests: not definitions(manifests)),
    "crds.keep": (False, lambda manifests: "annotations" not in definitions(manifests)[0]["metadata"]),
    "storage.directoryJobs": (False, in_environment("BITCOINCACHE_STORAGE_DIRECTORY_JOBS", "false")),
    "storage.root": ("/data", in_environment("BITCOINCACHE_STORAGE_ROOT", "/data")),
    "watchNamespaces": (["a", "b"], in_environment("BITCOINCACHE_NAMESPACES", "a,b")),
    "logLevel": ("DEBUG", in_environment("BITCOINCACHE_LOG_LEVEL", "DEBUG")),
    "resources.requests.cpu": ("1m", lambda manifests: requested(manifests, "requests", "cpu") == "1m"),
    "resources.requests.memory": ("1Mi", lambda manifests: requested(manifests, "requests", "memory") == "1Mi"),
    "resources.limits.cpu": ("2", lambda manifests: requested(manifests, "limits", "cpu") == "2"),
    "resources.limits.memory": ("1Gi", lambda manifests: requested(manifests, "limits", "memory") == "1Gi"),
    "nodeSelector": (SELECTOR, in_every_pod("nodeSelector", SELECTOR)),
    "tolerations": (TOLERATIONS, in_every_pod("tolerations", TOLERATIONS)),
    "affinity": (AFFINITY, in_every_pod("affinity", AFFINITY)),
    "podAnnotations": ({"team": "a"}, lambda manifests: annotations_of(manifests) == {"team": "a"}),
    "priorityClassName": ("high", in_every_pod("priorityClassName", "high")),
}


def requested(manifests: list[Manifest], kind: str, amount: str) -> Any:
    return one(manifests, "Deployment")["spec"]["template"]["spec"]["containers"][0]["resources"][kind][amount]


def annotations_of(manifests: list[Manifest]) -> Any:
    return one(manifests, "Deployment")["spec"]["template"]["metadata"].get("annotations")


def nested(path: str, value: Any) -> Any:
    for key in reversed(path.split(".")):
        value = {key: value}
    return value


def test_jobs_that_make_directories_pull_by_the_same_secrets(render: Render) -> None:
    told = environment(render({"imagePullSecrets": [{"name": "login"}, {"name": "another"}]}))
    assert told["BITCOINCACHE_STORAGE_HELPER_PULL_SECRETS"] == "login,another"


def test_the_table_of_effects_holds_every_value() -> None:
    assert set(leaves(VALUES)) == EFFECTS.keys()


@pytest.mark.parametrize("path", EFFECTS)
def test_a_value_has_its_effect(render: Render, default: list[Manifest], path: str) -> None:
    value, holds = EFFECTS[path]
    assert not holds(default)
    assert holds(render(nested(path, value)))


NONSENSE: list[tuple[Any, str]] = [
    ({"image": {"tag": "1"}}, "image"),
    ({"images": {"backend": ""}}, "backend"),
    ({"images": {"backend": "has a space"}}, "backend"),
    ({"images": {"mysql": "mysql:8"}}, "mysql"),
    ({"global": {"imageRegistry": "https://registry.example.com/"}}, "imageRegistry"),
    ({"imagePullPolicy": "Sometimes"}, "imagePullPolicy"),
    ({"imagePullSecrets": ["login"]}, "imagePullSecrets"),
    ({"crds": {"keep": "yes"}}, "keep"),
    ({"crds": {"install": True}}, "install"),
    ({"storage": {"root": "relative/path"}}, "root"),
    ({"storage": {"root": "/a/../b"}}, "root"),
    ({"storage": {"directoryJobs": 1}}, "directoryJobs"),
    ({"watchNamespaces": "a,b"}, "watchNamespaces"),
    ({"watchNamespaces": ["a", "a"]}, "watchNamespaces"),
    ({"watchNamespaces": ["a.b"]}, "watchNamespaces"),
    ({"logLevel": "info"}, "logLevel"),
    ({"resources": {"limit": {"cpu": 1}}}, "limit"),
    ({"resources": {"limits": {"cpu": True}}}, "cpu"),
    ({"nodeSelector": {"disk": 1}}, "disk"),
    ({"tolerations": {"key": "x"}}, "tolerations"),
    ({"affinity": []}, "affinity"),
    ({"podAnnotations": {"a": 1}}, "podAnnotations"),
    ({"priorityClassName": 1000}, "priorityClassName"),
]


@pytest.mark.parametrize(("values", "named"), NONSENSE, ids=[json.dumps(values) for values, _ in NONSENSE])
def test_nonsense_is_refused_by_name(render: Render, values: Any, named: str) -> None:
    with pytest.raises(ChartError, match=rf"(?s)don't meet the specifications of the schema.*{named}"):
        render(values)
