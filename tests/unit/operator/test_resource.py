"""What the API server gives is read as far as it makes sense, and what doesn't is told by its field."""

from __future__ import annotations

from typing import Any

import pytest

from bitcoincache_api.crd.spec import BitcoinCacheSpec, DeletionPolicy
from bitcoincache_api.crd.status import BitcoinCacheStatus
from bitcoincache_operator.builders.storage import Directory
from bitcoincache_operator.resource import parsed


def live(spec: Any = None, status: Any = None, **metadata: Any) -> dict[str, Any]:
    head = {"namespace": "ns", "name": "demo", "uid": "u", "generation": 3, "resourceVersion": "9"}
    return {"metadata": {**head, **metadata}, "spec": spec, "status": status}


def test_a_spec_that_makes_no_sense_is_told_by_field() -> None:
    wrong = {"replicas": -1, "redis": {"maxMemory": "1Ti"}}
    told = parsed(live(wrong)).spec
    assert isinstance(told, str)
    assert "spec.replicas:" in told
    assert "spec.redis: maxMemory must be between" in told


@pytest.mark.parametrize("wrong", [{}, {"replicas": -1}], ids=["usable", "unusable"])
@pytest.mark.parametrize(
    ("said", "policy"),
    [
        ({}, DeletionPolicy.RETAIN),
        ({"deletionPolicy": "Retain"}, DeletionPolicy.RETAIN),
        ({"deletionPolicy": "Delete"}, DeletionPolicy.DELETE),
        ({"deletionPolicy": "delete"}, DeletionPolicy.RETAIN),
        ({"deletionPolicy": None}, DeletionPolicy.RETAIN),
    ],
)
def test_data_are_removed_where_just_that_is_said_whatever_else_is_wrong(
    said: dict[str, Any], policy: DeletionPolicy, wrong: dict[str, Any]
) -> None:
    assert parsed(live({**said, **wrong})).deletion_policy is policy


def test_nothing_said_is_the_default() -> None:
    resource = parsed(live())
    assert resource.spec == BitcoinCacheSpec()
    assert (resource.paused, resource.deleting, resource.holds_finalizer) == (False, False, False)


def test_a_status_of_another_version_counts_as_none() -> None:
    assert parsed(live(status={"conditions": [{"type": "Unheard"}]})).status == BitcoinCacheStatus()


def test_deletion_finalizer_and_directory_are_read() -> None:
    noted = {"bitcoincache.dev/directory": "worker:/srv/data"}
    resource = parsed(live(deletionTimestamp="t", finalizers=["bitcoincache.dev/finalizer"], annotations=noted))
    assert (resource.deleting, resource.holds_finalizer) == (True, True)
    assert resource.directory == Directory("worker", "/srv/data")
    assert parsed(live(annotations={"bitcoincache.dev/directory": "nonsense"})).directory is None
