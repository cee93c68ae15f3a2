"""The operator on a real API server, without kubelets: tests play the controllers. A namespace for each test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from integration.operator.lane import EVERYTHING, Lane, lane
from integration.operator.playground import Playground
from support.apiserver import ApiServer, api_server
from support.installed import Installed
from support.kubernetes import Kubernetes
from support.operator_process import NAMESPACE, OperatorProcess
from support.prepared import prepare

_NUMBERS = count()


@pytest.fixture(scope="session")
def cluster() -> Iterator[ApiServer]:
    with _furnished() as server:
        yield server


@pytest.fixture(scope="session")
def faulty_cluster() -> Iterator[ApiServer]:
    """Another one, which the operator of most tests doesn't serve: tests start operators of their own, and end them."""
    with _furnished() as server:
        yield server


@contextmanager
def _furnished() -> Iterator[ApiServer]:
    """With the resource's definition, a namespace for the operator, a node for volumes and one that takes none."""
    with api_server() as server:
        prepare(server)
        yield server


@pytest.fixture(scope="session")
def operator(cluster: ApiServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OperatorProcess]:
    """One for all tests, which also shows that resources don't get into each other's way. It has the chart's rights."""
    release = Installed(cluster, NAMESPACE)
    process = OperatorProcess(release.kubeconfig, tmp_path_factory.mktemp("operator"))
    process.start()
    yield process
    code = process.stop()
    assert code == 0, process.log.read_text("utf-8")[-3000:]
    assert not [line for line in map(json.loads, process.told_at_work) if "Traceback" in line.get("error", "")]


@pytest.fixture
def api(cluster: ApiServer) -> Kubernetes:
    """A new, empty namespace."""
    namespace = f"test{next(_NUMBERS)}"
    kubernetes = Kubernetes(cluster.kubeconfig, namespace)
    kubernetes.create("namespaces", {"metadata": {"name": namespace}})
    return kubernetes


@pytest.fixture
def playground(cluster: ApiServer, operator: OperatorProcess, api: Kubernetes) -> Iterator[Playground]:
    """A namespace that the operator serves. Its resource is gone afterwards, so that nothing of it moves any more."""
    ground = Playground(cluster, operator, api)
    yield ground
    ground.clear()


@pytest.fixture
def field(faulty_cluster: ApiServer, tmp_path: Path) -> Iterator[Lane]:
    """A stack that has all there is, and an operator of its own, at rest."""
    with lane(faulty_cluster, tmp_path) as made:
        made.create(**EVERYTHING)
        made.settle()
        yield made
