"""The API server takes a spec if, and only if, the operator's models do: what is admitted is never an InvalidSpec."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from pydantic import ValidationError

from bitcoincache_api.crd.spec import BitcoinCacheSpec
from support.kubernetes import Kubernetes
from support.near_misses import near_misses
from support.specs import CONTENTS

SETTINGS = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@settings(SETTINGS, max_examples=800)
@given(spec=near_misses)
def test_api_server_and_models_take_the_same_specs(api: Kubernetes, spec: dict[str, Any]) -> None:
    assert (refusal_by_server(api, spec) == "") == (refusal_by_models(spec) == "")


@settings(SETTINGS, max_examples=200)
@given(spec=CONTENTS)
def test_both_take_what_is_valid(api: Kubernetes, spec: dict[str, Any]) -> None:
    assert refusal_by_server(api, spec) == refusal_by_models(spec) == ""


def refusal_by_server(api: Kubernetes, spec: dict[str, Any]) -> str:
    head = {"apiVersion": "bitcoincache.dev/v1alpha1", "kind": "BitcoinCache", "metadata": {"name": "demo"}}
    return api.refusal("bitcoincaches", {**head, "spec": spec})


def refusal_by_models(spec: dict[str, Any]) -> str:
    try:
        BitcoinCacheSpec.model_validate(spec)
    except ValidationError as error:
        return str(error)
    return ""
