"""A resource that an older definition let in, and today's would not."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from integration.operator.playground import Playground
from support.kubernetes import ApiError, Kubernetes

DEFINITION = "bitcoincaches.bitcoincache.dev"


def test_what_slipped_past_the_schema_is_told_by_field_and_left_alone(playground: Playground) -> None:
    with without_a_limit_of_pages(playground.api):
        playground.until("the older definition lets it in", lambda: is_let_in(playground))
    playground.until("it is told", lambda: playground.condition().get("reason") == "InvalidSpec")
    assert "spec.frontend.replicas: Input should be less than or equal to 100" in playground.condition()["message"]
    assert playground.condition()["status"] == playground.condition("Progressing")["status"] == "False"
    assert not playground.api.names("deployments")

    playground.change(frontend={"replicas": 1})
    playground.until("ready", playground.is_ready, playground.play)


def test_an_invalid_resource_that_says_retain_goes_without_its_data(playground: Playground) -> None:
    playground.make_ready(deletionPolicy="Delete", postgres={"storage": {"storageClassName": "manual"}})
    playground.until("a finalizer", lambda: playground.resource["metadata"].get("finalizers"))
    with without_a_limit_of_pages(playground.api):
        playground.until("the older definition lets it in", lambda: is_changed(playground))
    playground.until("it is told", lambda: playground.condition().get("reason") == "InvalidSpec")
    playground.change(deletionPolicy="Retain")
    playground.api.delete("bitcoincaches", "demo")
    playground.until("the resource is gone", lambda: not playground.api.find("bitcoincaches", "demo"), playground.play)
    for plural, name in (("persistentvolumeclaims", "demo-postgres"), ("secrets", "demo-postgres-secret")):
        assert not {"deletionTimestamp", "ownerReferences"} & playground.api.get(plural, name)["metadata"].keys()
    assert "deletionTimestamp" not in playground.api.get("persistentvolumes", playground.volume_name)["metadata"]
    job = playground.system.find("jobs", playground.volume_name)
    assert job is None or job["metadata"]["labels"]["bitcoincache.dev/purpose"] != "remove-directory"


def is_changed(playground: Playground) -> bool:
    return let_in(lambda: playground.change(frontend={"replicas": 101}))


def is_let_in(playground: Playground) -> bool:
    return let_in(lambda: playground.create(frontend={"replicas": 101}))


def let_in(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except ApiError as error:
        if error.status != 422:
            raise
        return False
    return True


@contextmanager
def without_a_limit_of_pages(api: Kubernetes) -> Iterator[None]:
    """The definition as it might have been once."""
    versions = api.get("customresourcedefinitions", DEFINITION)["spec"]["versions"]
    older = copy.deepcopy(versions)
    spec = older[0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    del spec["properties"]["frontend"]["properties"]["replicas"]["maximum"]
    api.patch("customresourcedefinitions", DEFINITION, {"spec": {"versions": older}})
    try:
        yield
    finally:
        api.patch("customresourcedefinitions", DEFINITION, {"spec": {"versions": versions}})
