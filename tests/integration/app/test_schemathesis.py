"""The description held against the process that serves it, by all of schemathesis' checks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

import pytest
import schemathesis
from hypothesis import settings as hypothesis_settings
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig

from bitcoincache_app.openapi import document
from integration.conftest import new_database
from support.backend import backend_process
from support.http import Client
from support.servers import PostgresServer, RedisServer

from .conftest import settings_of

EXAMPLES: Final = 20
"""Of each operation, beside those that are at the edges of what is described."""


def _config() -> SchemathesisConfig:
    # The same examples each time, as tests/conftest.py has it.
    same = hypothesis_settings.get_current_profile_name() == "same"
    generation = GenerationConfig(max_examples=EXAMPLES, deterministic=same)
    return SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=generation)))


described = schemathesis.openapi.from_dict(json.loads(document()), config=_config())


@pytest.fixture(scope="module")
def backend(postgres: PostgresServer, _redis_process: RedisServer) -> Iterator[Client]:
    with backend_process(settings_of(postgres, new_database(postgres), _redis_process)) as client:
        client.put_price("BTC", 43000)
        yield client


@described.parametrize()
def test_every_operation_does_as_it_is_described(case: schemathesis.Case, backend: Client) -> None:
    case.call_and_validate(base_url=backend.address)


def test_chains_of_operations_do_as_they_are_described(backend: Client) -> None:
    served = schemathesis.openapi.from_url(f"{backend.address}/openapi.json", config=_config())
    served.as_state_machine().run()
