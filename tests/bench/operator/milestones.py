"""When what happened in a namespace, as watches tell it, to some milliseconds: times in objects are whole seconds."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from support.kubectl import Kubectl

Milestones = Mapping[str, float]
"""A step's name -> when it was first seen."""

_COMPONENT: Final = "app.kubernetes.io/component"
_WATCHED: Final = (
    "/api/v1/namespaces/{}/pods",
    "/apis/apps/v1/namespaces/{}/deployments",
    "/apis/batch/v1/namespaces/{}/jobs",
)

_WORDS: Final = {"Available": "available", "Complete": "complete", "PodScheduled": "scheduled", "Ready": "ready"}
"""Conditions that tell of a step."""


@contextmanager
def milestones(kubectl: Kubectl) -> Iterator[Milestones]:
    """Filled while the context lasts, by the monotonic clock."""
    seen: dict[str, float] = {}
    with ExitStack() as watches:
        for path in _WATCHED:
            watches.enter_context(_watch(kubectl, path.format(kubectl.namespace), seen))
        yield seen


@contextmanager
def _watch(kubectl: Kubectl, path: str, seen: dict[str, float]) -> Iterator[None]:
    process = subprocess.Popen(
        [kubectl.binary, "get", "--raw", f"{path}?watch=true"],
        env={**os.environ, "KUBECONFIG": str(kubectl.kubeconfig)},
        stdout=subprocess.PIPE,
    )
    reader = threading.Thread(target=_read, args=(process, seen))
    reader.start()
    try:
        yield
    finally:
        process.terminate()
        process.wait()
        reader.join()


def _read(process: subprocess.Popen[bytes], seen: dict[str, float]) -> None:
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            now = time.monotonic()
            for step in _steps(json.loads(line)["object"]):
                seen.setdefault(step, now)


def _steps(live: Mapping[str, Any]) -> Iterator[str]:
    """The steps that the object has behind it."""
    kind, metadata, status = live["kind"], live["metadata"], live.get("status", {})
    component = (metadata.get("labels") or {}).get(_COMPONENT, metadata["name"])
    conditions = {item["type"] for item in status.get("conditions") or () if item["status"] == "True"}
    yield f"{component}: {kind} is there"
    yield from (f"{component}: {kind} is {_WORDS[name]}" for name in conditions & set(_WORDS))
    if any(item.get("state", {}).get("running") for item in status.get("containerStatuses") or ()):
        yield f"{component}: container runs"
