"""First apply to Ready, and what the operator adds to it.

By turns on one cluster: a resource is applied and waited for; then the same objects, as the operator made them, are
applied at once by kubectl in another namespace and waited for. Images are on the nodes by the time that counts: the
first pair of rounds warms up and isn't counted.

    python -m bench.operator.first_apply --kubectl BINARY --kubeconfig FILE [--rounds 5] [--report FILE]
"""

from __future__ import annotations

import argparse
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.operator.milestones import Milestones, milestones
from bench.report import Report
from support.kubectl import Kubectl, Manifest

_PATIENCE: Final = 300
_SMALL: Final[Manifest] = {"resources": {"requests": {"cpu": "10m", "memory": "64Mi"}}}
"""Asks little of a small machine's nodes; the limits are the defaults."""

_SPEC: Final[Manifest] = dict.fromkeys(("backend", "frontend", "postgres", "redis", "redisInsight"), _SMALL)
_OURS: Final = "bitcoincache.dev/test=bench"
_KINDS: Final = (
    "serviceaccounts,secrets,configmaps,services,persistentvolumeclaims,deployments,jobs,"
    "networkpolicies,poddisruptionbudgets,horizontalpodautoscalers"
)
_BOUND: Final = 1.15


@dataclass(frozen=True)
class Round:
    """Seconds since the apply began: until all was up, and until each step on the way there."""

    seconds: float
    steps: Milestones


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kubectl", type=Path, required=True)
    parser.add_argument("--kubeconfig", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--report", type=Path)
    options = parser.parse_args()
    anywhere = Kubectl(options.kubectl, options.kubeconfig, "default")
    by_operator, by_kubectl = [], []
    for number in range(options.rounds + 1):
        with_operator, manifests = _operator_round(anywhere)
        at_once = _kubectl_round(anywhere, manifests)
        print(f"round {number}: operator {with_operator.seconds:.1f} s, kubectl {at_once.seconds:.1f} s", flush=True)
        if number:
            by_operator.append(with_operator)
            by_kubectl.append(at_once)
    _reported(by_operator, by_kubectl).write(options.report)


def _operator_round(anywhere: Kubectl) -> tuple[Round, str]:
    """The time, and the objects that the operator made, as text in which the namespace's name can be replaced."""
    kubectl = _fresh_namespace(anywhere)
    resource = {
        "apiVersion": "bitcoincache.dev/v1alpha1",
        "kind": "BitcoinCache",
        "metadata": {"name": "demo"},
        "spec": _SPEC,
    }
    try:
        timed = _timed(
            kubectl,
            lambda: kubectl.apply(resource),
            lambda: kubectl.wait("bitcoincache/demo", "condition=Ready", _PATIENCE),
        )
        owned = kubectl.items(_KINDS, "--selector", "app.kubernetes.io/managed-by=bitcoincache-operator")
        return timed, json.dumps({"from": kubectl.namespace, "items": list(map(_bare, owned))})
    finally:
        _remove(kubectl)


def _kubectl_round(anywhere: Kubectl, manifests: str) -> Round:
    kubectl = _fresh_namespace(anywhere)
    items = json.loads(manifests.replace(json.loads(manifests)["from"], kubectl.namespace))["items"]

    def all_up() -> None:
        kubectl.wait("jobs", "condition=Complete", _PATIENCE, "--all")
        kubectl.wait("deployments", "condition=Available", _PATIENCE, "--all")

    try:
        return _timed(kubectl, lambda: kubectl.apply(*items), all_up)
    finally:
        _remove(kubectl)


def _timed(kubectl: Kubectl, apply: Callable[[], None], wait: Callable[[], None]) -> Round:
    with milestones(kubectl) as steps:
        began = time.monotonic()
        apply()
        applied = time.monotonic() - began
        wait()
        seconds = time.monotonic() - began
    since = {step: at - began for step, at in steps.items()}
    return Round(seconds, {"kubectl apply returned": applied, **since})


def _fresh_namespace(anywhere: Kubectl) -> Kubectl:
    name = f"bench-first-{secrets.token_hex(3)}"
    labels = {"pod-security.kubernetes.io/enforce": "restricted", **dict([_OURS.split("=")])}
    anywhere.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}})
    return replace(anywhere, namespace=name)


def _remove(kubectl: Kubectl) -> None:
    """Returns once it is gone with all its pods: they would slow the next round down."""
    kubectl.run("delete", "namespace", kubectl.namespace, f"--timeout={_PATIENCE}s")


def _bare(live: Mapping[str, Any]) -> dict[str, Any]:
    """What a person would have written: without what the API server, controllers and the operator added."""
    metadata, spec = live["metadata"], dict(live.get("spec") or {})
    annotations = {
        key: value for key, value in (metadata.get("annotations") or {}).items() if key.startswith("bitcoincache.dev/")
    }
    kept = {key: metadata[key] for key in ("name", "namespace", "labels") if key in metadata}
    out = {key: value for key, value in live.items() if key not in ("status", "spec", "metadata")}
    out["metadata"] = {**kept, "annotations": annotations}
    match live["kind"]:
        case "Service":
            for key in ("clusterIP", "clusterIPs", "healthCheckNodePort"):
                spec.pop(key, None)
            spec["ports"] = [{key: port[key] for key in port if key != "nodePort"} for port in spec["ports"]]
        case "PersistentVolumeClaim":
            spec.pop("volumeName", None)
        case "Job":
            spec.pop("selector", None)
            labels = spec["template"]["metadata"]["labels"]
            given = {
                key: value for key, value in labels.items() if "controller-uid" not in key and "job-name" not in key
            }
            spec["template"]["metadata"]["labels"] = given
    return {**out, "spec": spec} if spec else out


def _reported(by_operator: list[Round], by_kubectl: list[Round]) -> Report:
    ours, theirs = (median(each.seconds for each in rounds) for rounds in (by_operator, by_kubectl))
    report = Report("First apply to Ready, on kind, images present")
    report.table(
        ("", "median", "of"),
        [
            ("operator: until the resource is Ready", f"{ours:.1f} s", _all(by_operator)),
            ("kubectl: until Deployments are available and the Job is complete", f"{theirs:.1f} s", _all(by_kubectl)),
            ("ratio", f"{ours / theirs:.2f}", f"at most {_BOUND}"),
        ],
    )
    names = sorted(_medians(by_operator).items() | _medians(by_kubectl).items(), key=lambda step: step[1])
    ordered = list(dict.fromkeys(name for name, _ in names))
    left, right = _medians(by_operator), _medians(by_kubectl)
    report.table(
        ("step, seconds since the apply began (medians)", "operator", "kubectl"),
        [(name, _seconds(left.get(name)), _seconds(right.get(name))) for name in ordered],
    )
    return report


def _medians(rounds: list[Round]) -> dict[str, float]:
    steps = {step for each in rounds for step in each.steps}
    return {step: median(each.steps[step] for each in rounds if step in each.steps) for step in steps}


def _all(rounds: list[Round]) -> str:
    return ", ".join(f"{each.seconds:.1f}" for each in rounds)


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    main()
