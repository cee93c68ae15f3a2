"""What `helm test` runs says whether an operator works, and what doesn't."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bitcoincache_operator import self_test as module
from bitcoincache_operator.cluster.connection import connected
from bitcoincache_operator.errors import SelfTestError
from integration.operator.playground import Playground
from support.apiserver import ApiServer


def self_test(cluster: ApiServer, url: str, namespace: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bitcoincache_operator.self_test", url, namespace],
        env={**os.environ, "KUBECONFIG": str(cluster.kubeconfig)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_an_operator_that_works_passes_and_nothing_stays(cluster: ApiServer, playground: Playground) -> None:
    done = self_test(cluster, playground.operator.url, playground.api.namespace)
    assert done.returncode == 0, done.stderr
    assert not playground.api.names("bitcoincaches")
    assert not playground.api.names("deployments")


def test_what_an_interrupted_test_left_does_not_matter(cluster: ApiServer, playground: Playground) -> None:
    body = {"apiVersion": "bitcoincache.dev/v1alpha1", "kind": "BitcoinCache", "spec": {"paused": True}}
    playground.api.create("bitcoincaches", {**body, "metadata": {"name": "bitcoincache-self-test"}})
    assert self_test(cluster, playground.operator.url, playground.api.namespace).returncode == 0


async def test_what_does_not_work_is_told(
    cluster: ApiServer, playground: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Read from the environment when it is imported.
    location = "kubernetes.aio.config.kube_config.KUBE_CONFIG_DEFAULT_LOCATION"
    monkeypatch.setattr(location, str(cluster.kubeconfig))
    monkeypatch.setattr(module, "_PATIENCE", 0.5)
    async with connected() as nobody_at_home:
        with pytest.raises(SelfTestError, match="the operator is healthy; see its log"):
            await module.self_test(nobody_at_home, "http://127.0.0.1:9", playground.api.namespace)
