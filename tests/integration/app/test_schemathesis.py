"""The description held against the process that serves it, by all of schemathesis' checks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import settings as hypothesis_settings
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.generation.stateful.state_machine import APIStateMachine

from bitcoincache_app.openapi import document
from bitcoincache_app.views import BITCOINS as COINS
from support.backend import backend_process
from support.databases import new_database
from support.http import Client
from support.servers import PostgresServer, RedisServer

from .conftest import settings_of

EXAMPLES: Final = 20
"""Of each operation, beside those that are at the edges of what is described."""


ACCEPTED: Final = ("2xx", "3xx", "401", "403", "404", "409", "429", "5xx")
"""What schemathesis takes for an answer to valid data by itself."""


CHAINS: Final = hypothesis_settings(max_examples=20, stateful_step_count=8)
"""How many, and how long."""


def _config() -> SchemathesisConfig:
    # The same examples each time, as tests/conftest.py has it.
    same = hypothesis_settings.get_current_profile_name() == "same"
    generation = GenerationConfig(max_examples=EXAMPLES, deterministic=same)
    # A precondition is right or wrong by what is there, as is 404: none of its values is wrong by itself.
    checks = ChecksConfig(positive_data_acceptance=PositiveDataAcceptanceConfig(expected_statuses=[*ACCEPTED, "412"]))
    return SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=generation, checks=checks)))


described = schemathesis.openapi.from_dict(json.loads(document()), config=_config())


@pytest.fixture(scope="module")
def backend(postgres: PostgresServer, _redis_process: RedisServer) -> Iterator[Client]:
    settings = settings_of(postgres, new_database(postgres), _redis_process)
    with backend_process(settings.model_copy(update={"cache_controls": True})) as client:
        client.put_price("BTC", 43000)
        yield client


@described.parametrize()
def test_every_operation_does_as_it_is_described(case: schemathesis.Case[Any], backend: Client) -> None:
    case.call_and_validate(base_url=backend.address)


def test_chains_of_operations_do_as_they_are_described(backend: Client) -> None:
    served = schemathesis.openapi.from_url(f"{backend.address}/openapi.json", config=_config())
    # A coin that was deleted has a path as before, to which PUT adds it again: OPTIONS tells so, not 404.
    chains = served.exclude(method="OPTIONS").as_state_machine()

    def from_nothing(_chain: APIStateMachine) -> None:
        for coin in backend.ranking():
            assert backend.request("DELETE", f"{COINS}/{coin['symbol']}").status == 204

    # Hypothesis goes back to how a chain began: the answers must be the same then.
    type("Chains", (chains,), {"setup": from_nothing}).run(settings=CHAINS)  # type: ignore[attr-defined]
