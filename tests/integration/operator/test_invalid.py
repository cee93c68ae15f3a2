"""A resource that an older definition let in, and today's would not."""

from __future__ import annotations

import copy
from collections.abc import Iterator
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


def is_let_in(playground: Playground) -> bool:
    try:
        playground.create(frontend={"replicas": 101})
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
