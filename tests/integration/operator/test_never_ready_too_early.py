"""The spec is hammered while many wait for Ready: whoever is told so finds that generation running."""

from __future__ import annotations

import json
import random
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from integration.operator.playground import Playground
from support.apiserver import ApiServer
from support.kubernetes import ApiError, Object
from support.truth import claims_ready, untruths

CHANGES = 60


def test_ready_is_never_said_of_a_generation_that_does_not_run(playground: Playground, cluster: ApiServer) -> None:
    playground.make_ready()
    witness = Witness(playground)
    generator = random.Random(7)  # noqa: S311 - the same changes each time
    with repeated(playground.play), repeated(witness.look), repeated(lambda: witness.wait(cluster)):
        for _ in range(CHANGES):
            playground.change(**changed(generator))
            if generator.random() < 0.4:
                playground.until("ready", playground.is_ready)
        playground.until("ready", playground.is_ready)
        last = playground.resource["metadata"]["generation"]
        playground.until("it was seen", lambda: last in witness.seen and last in witness.waited)
    assert witness.lies == []
    assert len(witness.seen) > CHANGES // 5
    assert len(witness.waited) > CHANGES // 10
    assert len(set(witness.checksums.values())) == len(witness.checksums)


def changed(generator: random.Random) -> dict[str, Any]:
    """Some fields of the spec, of each kind: what rolls pods, what changes their number, what comes and goes."""
    choices: dict[str, Callable[[], Any]] = {
        "replicas": lambda: generator.randint(0, 4),
        "backend": lambda: {
            "image": f"example.com/backend:{generator.randint(1, 3)}",
            "logLevel": generator.choice(["DEBUG", "INFO"]),
        },
        "cache": lambda: {"ttl": f"{generator.randint(1, 3)}h"},
        "frontend": lambda: {"replicas": generator.randint(1, 3), "pollInterval": f"{generator.randint(1, 9)}s"},
        "redisInsight": lambda: {"enabled": generator.random() < 0.5},
    }
    return {name: choices[name]() for name in generator.sample(list(choices), k=generator.randint(1, 2))}


class Witness:
    """Whoever is told Ready, and what was there at that moment.

    ``seen`` and ``waited`` are the generations of which it was said. ``checksums`` has those of the backend's pods by
    what they read: other configuration, other checksum.
    """

    def __init__(self, playground: Playground) -> None:
        self._playground = playground
        self._api = playground.api
        self._looked_at = playground.resource["metadata"]["resourceVersion"]
        self.seen: set[int] = set()
        self.waited: set[int] = set()
        self.lies: list[str] = []
        self.checksums: dict[tuple[str, str], str] = {}

    def look(self) -> None:
        """At each state that the resource comes by."""
        for resource in self._api.changes("bitcoincaches", self._looked_at):
            self._looked_at = resource["metadata"]["resourceVersion"]
            self._hold_to_it(resource, self.seen)

    def wait(self, cluster: ApiServer) -> None:
        """As a user does."""
        command = [cluster.kubectl, "--kubeconfig", cluster.kubeconfig, "--namespace", self._api.namespace, "wait"]
        arguments = ["--for=condition=Ready", "bitcoincache/demo", "--timeout=60s", "--output=json"]
        answer = subprocess.run([*map(str, command), *arguments], check=True, stdout=subprocess.PIPE)
        self._hold_to_it(json.loads(answer.stdout), self.waited)

    def _hold_to_it(self, resource: Object, told: set[int]) -> None:
        if not claims_ready(resource):
            return
        metadata, spec = resource["metadata"], resource["spec"]
        deployments = self._api.listed_at("deployments", metadata["resourceVersion"])
        configuration = self._api.listed_at("configmaps", metadata["resourceVersion"])
        told.add(metadata["generation"])
        found = untruths(resource, deployments, configuration)
        self.lies += [f"generation {metadata['generation']}: {lie}" for lie in found]
        template = deployments["demo-backend"]["spec"]["template"]
        [checksum] = template["metadata"]["annotations"].values()
        read = spec["cache"]["ttl"], spec["backend"]["logLevel"]
        assert self.checksums.setdefault(read, checksum) == checksum


@contextmanager
def repeated(work: Callable[[], None]) -> Iterator[None]:
    """Does it over and over in a thread of its own; what it raises is raised at the end."""
    enough = threading.Event()

    def work_on() -> None:
        while not enough.is_set():
            try:
                work()
            except ApiError as error:
                # The operator changed the same object meanwhile: the next round sees it.
                if error.status not in (404, 409):
                    raise

    with ThreadPoolExecutor(1) as thread:
        future: Future[None] = thread.submit(work_on)
        try:
            yield
        finally:
            enough.set()
        future.result()
