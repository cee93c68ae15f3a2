"""The chart as helm renders it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
CHART: Final = ROOT / "charts/bitcoincache-operator"
Manifest = dict[str, Any]

_KUBERNETES: Final = "1.34.0"


class ChartError(Exception):
    """helm refused; the message is what it wrote."""


def client_tools() -> Path:
    """The folder that holds helm."""
    found = os.environ.get("BITCOINCACHE_CLIENT_BIN")
    if found is None:
        tools = subprocess.run([ROOT / "hack/tools.sh", "client"], check=True, stdout=subprocess.PIPE, text=True)
        found = tools.stdout.strip()
    return Path(found)


def rendered(
    helm: Path, values: Any = None, *, release: str = "release", namespace: str = "system", chart: Path = CHART
) -> list[Manifest]:
    """Every object, hooks too. Raises ChartError where helm refuses the values."""
    done = subprocess.run(
        [helm, "template", release, chart, "--namespace", namespace, "--kube-version", _KUBERNETES, "--values", "-"],
        input=json.dumps(values or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ChartError(done.stderr)
    # The loader in C: the definition alone takes the other one half a second.
    return [manifest for manifest in yaml.load_all(done.stdout, yaml.CSafeLoader) if manifest]


def one(manifests: list[Manifest], kind: str, suffix: str = "bitcoincache-operator") -> Manifest:
    """The only object of a kind whose name ends so."""
    [found] = [item for item in manifests if item["kind"] == kind and item["metadata"]["name"].endswith(suffix)]
    return found


def pods(manifests: list[Manifest]) -> Iterator[tuple[Manifest, Manifest]]:
    """Everything that runs pods, and the spec of these."""
    for item in manifests:
        if item["kind"] in ("Deployment", "Job"):
            yield item, item["spec"]["template"]["spec"]


def leaves(values: Any, path: str = "") -> Iterator[str]:
    """The path of every value, such as ``crds.keep``; what is empty counts as one."""
    if not isinstance(values, dict) or not values:
        yield path
        return
    for key, value in values.items():
        yield from leaves(value, f"{path}.{key}" if path else key)
