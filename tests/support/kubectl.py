"""kubectl, as a user runs it: the only way in which end-to-end tests see the cluster."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Manifest = Mapping[str, Any]


class KubectlError(Exception):
    """kubectl ended with an error; the message is what it wrote."""


@dataclass(frozen=True)
class Kubectl:
    """kubectl for one namespace of one cluster."""

    binary: Path
    kubeconfig: Path
    namespace: str

    def run(self, *arguments: str, stdin: str | None = None) -> str:
        """What kubectl prints. Raises KubectlError with what it complains about."""
        completed = subprocess.run(
            [str(self.binary), "--namespace", self.namespace, *arguments],
            env={**os.environ, "KUBECONFIG": str(self.kubeconfig)},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        if completed.returncode:
            raise KubectlError(completed.stderr or completed.stdout)
        return completed.stdout

    def apply(self, *manifests: Manifest) -> None:
        self.run("apply", "--filename", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": manifests}))

    def get(self, *arguments: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.run("get", *arguments, "--output", "json"))
        return answer

    def items(self, kind: str, *arguments: str) -> list[dict[str, Any]]:
        answer: list[dict[str, Any]] = self.get(kind, *arguments)["items"]
        return answer

    def names(self, kind: str, *arguments: str) -> set[str]:
        return {item["metadata"]["name"] for item in self.items(kind, *arguments)}

    def patch(self, target: str, change: Manifest) -> None:
        self.run("patch", target, "--type", "merge", "--patch", json.dumps(change))

    def wait(self, target: str, condition: str, seconds: int = 300, *arguments: str) -> None:
        self.run("wait", f"--for={condition}", target, f"--timeout={seconds}s", *arguments)

    def listed_at(self, path: str, version: str) -> dict[str, dict[str, Any]]:
        """All objects below an API path by name, as they were at a resourceVersion of any object of the cluster."""
        exactly = f"{path}?resourceVersion={version}&resourceVersionMatch=Exact"
        items = json.loads(self.run("get", "--raw", exactly))["items"]
        return {item["metadata"]["name"]: item for item in items}


def eventually(what: str, check: Callable[[], Any], seconds: float = 120) -> Any:
    """Waits until ``check`` gives something true, and gives it. An error of kubectl or the network counts as not yet.

    Raises AssertionError that names ``what``, with the last thing seen.
    """
    deadline = time.monotonic() + seconds
    while True:
        seen: Any
        try:
            seen = check()
        except (KubectlError, OSError) as error:
            seen = error
        if seen and not isinstance(seen, (KubectlError, OSError)):
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}; last seen: {seen}")
        time.sleep(0.25)


def condition(resource: Manifest, kind: str) -> Manifest:
    """The condition of that type; empty where there is none yet."""
    conditions: Sequence[Manifest] = resource.get("status", {}).get("conditions", ())
    return next((found for found in conditions if found["type"] == kind), {})
