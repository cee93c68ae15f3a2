"""The API server takes a spec if, and only if, the operator's models do: what is admitted is never an InvalidSpec."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import ValidationError

from bitcoincache_api.crd.spec import BitcoinCacheSpec
from support.admission import Admission, admission
from support.apiserver import ApiServer
from support.near_misses import near_misses
from support.specs import CONTENTS


@pytest.fixture(scope="module")
def judge(cluster: ApiServer) -> Iterator[Admission]:
    with admission(cluster.kubeconfig) as asked:
        yield asked


@settings(max_examples=800, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spec=near_misses)
def test_api_server_and_models_take_the_same_specs(judge: Admission, spec: dict[str, Any]) -> None:
    assert (judge.refusal(spec) == "") == (refusal_by_models(spec) == "")


@settings(max_examples=200, deadline=None)
@given(spec=CONTENTS)
def test_both_take_what_is_valid(judge: Admission, spec: dict[str, Any]) -> None:
    assert judge.refusal(spec) == refusal_by_models(spec) == ""


def refusal_by_models(spec: dict[str, Any]) -> str:
    try:
        BitcoinCacheSpec.model_validate(spec)
    except ValidationError as error:
        return str(error)
    return ""
