from __future__ import annotations

import pytest

from bitcoincache_api.contract import CONNECTIONS_TO_POSTGRES, Env
from bitcoincache_app.settings import PRIMING_LIMITS, Limits, Settings, SettingsError, load_settings


def test_the_variables_are_those_of_the_contract() -> None:
    assert {name.upper() for name in Settings.model_fields} == set(Env)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"POSTGRES_USER": "me", "POSTGRES_PASSWORD": "secret", "CACHE_TTL": "60", "LOG_LEVEL": "INFO"}
    for name, value in values.items():
        monkeypatch.setenv(name, value)

    settings = load_settings()

    assert (settings.postgres_user, settings.cache_ttl, settings.log_level, settings.port) == ("me", 60, "info", 3000)
    assert "secret" not in repr(settings)


def test_every_wrong_variable_is_named_and_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {"POSTGRES_USER": "me", "POSTGRES_PASSWORD": "secret", "PORT": "70000", "CACHE_TTL": "soon"}
    for name, value in values.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as caught:
        load_settings()

    message = str(caught.value)
    assert "PORT: " in message
    assert "CACHE_TTL: " in message
    assert not {"secret", "70000", "soon"} & set(message.replace(",", " ").split())


@pytest.mark.parametrize("limits", [Limits(), PRIMING_LIMITS])
def test_a_statement_is_given_up_before_its_answer_is(limits: Limits) -> None:
    assert limits.postgres_statement < limits.postgres_answer


def test_a_write_that_takes_its_time_is_not_taken_for_a_lingering_one() -> None:
    limits = Limits()
    assert limits.redis_write + limits.postgres_statement < limits.linger


def test_a_backend_makes_as_many_connections_as_are_set_aside_for_it() -> None:
    limits, judges = Limits(), 1
    assert limits.postgres_connections + limits.postgres_lanes + judges == CONNECTIONS_TO_POSTGRES
