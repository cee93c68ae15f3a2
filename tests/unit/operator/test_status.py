"""Ready is true only if all of it runs, and otherwise says what keeps it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitcoincache_api.crd.status import BitcoinCacheStatus, Condition, ConditionType, Endpoints, Reason
from bitcoincache_api.names import Component
from bitcoincache_operator.conditions import transitions
from bitcoincache_operator.kinds import CONFIG_MAP, ObjectKey
from bitcoincache_operator.priming import Priming
from bitcoincache_operator.status import Observation, of_failure, of_stack
from bitcoincache_operator.storage import Trouble
from bitcoincache_operator.workloads import Workload
from support.worlds import PRIMED, resource

COMPONENTS = [
    Component.POSTGRES,
    Component.REDIS,
    Component.REDISINSIGHT,
    Component.BACKEND,
    Component.FRONTEND,
]
BEFORE, NOW = "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"


def workload(component: Component, reason: Reason = Reason.AVAILABLE) -> Workload:
    return Workload(f"demo-{component}", 1, 1, "image", reason is Reason.AVAILABLE, reason, f"{component} says")


def observation(primed: Reason = Reason.PRIMED, **changes: Any) -> Observation:
    reasons = changes.pop("reasons", {})
    whole: dict[str, Any] = {
        "workloads": {item: workload(item, reasons.get(item, Reason.AVAILABLE)) for item in COMPONENTS},
        "priming": Priming("00000000", PRIMED, primed, "priming says"),
        "storage": None,
        "storage_size": "5Gi",
        "password": None,
        "endpoints": Endpoints(frontend="http://192.0.2.1", redis_insight=None),
        "backend_pods": 2,
        "problem": None,
    }
    return Observation(**{**whole, **changes})


def conditions(status: BitcoinCacheStatus) -> dict[ConditionType, Condition]:
    return {item.type: item for item in status.conditions or ()}


def ready(status: BitcoinCacheStatus) -> Condition:
    return conditions(status)[ConditionType.READY]


def test_a_stack_that_runs_is_ready() -> None:
    status = of_stack(resource(), observation(), NOW)
    assert (ready(status).status, ready(status).reason) == ("True", Reason.AVAILABLE)
    assert conditions(status)[ConditionType.PROGRESSING].status == "False"
    assert status.observed_generation == 5
    assert {item.observed_generation for item in status.conditions or ()} == {5}
    assert status.replicas == 2


def test_every_condition_is_always_there() -> None:
    for seen in (
        observation(),
        observation(primed=Reason.PRIMING),
        observation(problem=(Reason.RECONCILE_FAILED, "x")),
    ):
        assert set(conditions(of_stack(resource(), seen, NOW))) == set(ConditionType)


@given(st.sampled_from(COMPONENTS), st.sampled_from([Reason.ROLLING_OUT, Reason.CRASH_LOOP, Reason.WAITING]))
def test_one_part_that_does_not_run_keeps_the_stack_from_being_ready(part: Component, reason: Reason) -> None:
    status = of_stack(resource(), observation(reasons={part: reason}), NOW)
    assert (ready(status).status, ready(status).reason) == ("False", reason)
    assert f"{part} says" in ready(status).message


def test_a_cache_that_is_not_primed_keeps_it_from_being_ready() -> None:
    assert ready(of_stack(resource(), observation(primed=Reason.PRIMING), NOW)).reason is Reason.PRIMING


def test_trouble_is_told_before_what_merely_waits_for_it() -> None:
    reasons = {Component.POSTGRES: Reason.ROLLING_OUT, Component.FRONTEND: Reason.IMAGE_PULL_FAILED}
    status = of_stack(resource(), observation(reasons=reasons), NOW)
    assert ready(status).reason is Reason.IMAGE_PULL_FAILED
    assert conditions(status)[ConditionType.PROGRESSING].status == "False"


def test_what_goes_away_by_itself_is_progress() -> None:
    status = of_stack(resource(), observation(reasons={Component.BACKEND: Reason.ROLLING_OUT}), NOW)
    assert conditions(status)[ConditionType.PROGRESSING].status == "True"


def test_a_disabled_part_is_not_missed() -> None:
    workloads = {item: workload(item) for item in COMPONENTS if item is not Component.REDISINSIGHT}
    status = of_stack(resource(), observation(workloads=workloads), NOW)
    assert ready(status).status == "True"
    assert conditions(status)[ConditionType.REDISINSIGHT_READY].reason is Reason.DISABLED


def test_a_problem_comes_before_everything() -> None:
    status = of_stack(resource(), observation(problem=(Reason.RECONCILE_FAILED, "is not mine")), NOW)
    assert (ready(status).status, ready(status).message) == ("False", "is not mine")


def test_a_volume_that_is_waited_for_is_what_postgres_lacks() -> None:
    trouble = Trouble(Reason.STORAGE_PENDING, "create /srv/data")
    seen = observation(reasons={Component.POSTGRES: Reason.WAITING}, storage=trouble)
    status = of_stack(resource(), seen, NOW)
    assert (ready(status).reason, ready(status).message) == (Reason.STORAGE_PENDING, "PostgresReady: create /srv/data")
    assert ready(of_stack(resource(), observation(storage=trouble), NOW)).status == "True"


def test_a_volume_that_is_not_as_the_spec_asks_keeps_the_stack_but_not_postgres_from_being_ready() -> None:
    for reason, progressing in ((Reason.STORAGE_CANNOT_GROW, "False"), (Reason.STORAGE_GROWING, "True")):
        status = of_stack(resource(), observation(storage=Trouble(reason, "too small")), NOW)
        assert (ready(status).status, ready(status).reason) == ("False", reason)
        assert conditions(status)[ConditionType.POSTGRES_READY].status == "True"
        assert conditions(status)[ConditionType.PROGRESSING].status == progressing


def test_what_a_pause_keeps_from_being_repaired_is_named() -> None:
    keys = [ObjectKey(CONFIG_MAP, "ns", f"demo-{number}") for number in range(4)]
    status = of_stack(resource(paused=True), observation(differing=keys), NOW)
    assert (ready(status).status, ready(status).reason) == ("False", Reason.PAUSED)
    assert "4 objects" in ready(status).message
    assert "ConfigMap demo-0" in ready(status).message


def test_a_condition_keeps_its_time_while_its_status_stays() -> None:
    first = of_stack(resource(), observation(primed=Reason.PRIMING), BEFORE)
    second = of_stack(resource(first), observation(primed=Reason.PRIMING_FAILED), NOW)
    third = of_stack(resource(second), observation(), NOW)
    assert conditions(second)[ConditionType.CACHE_PRIMED].last_transition_time == BEFORE
    assert conditions(second)[ConditionType.CACHE_PRIMED].reason is Reason.PRIMING_FAILED
    assert conditions(third)[ConditionType.CACHE_PRIMED].last_transition_time == NOW


def test_nothing_new_makes_the_same_status() -> None:
    first = of_stack(resource(), observation(), BEFORE)
    assert of_stack(resource(first), observation(), NOW) == first


def test_a_status_survives_its_way_through_the_api_server() -> None:
    status = of_stack(resource(), observation(), NOW)
    content = status.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert BitcoinCacheStatus.model_validate(content) == status


def test_only_turns_are_transitions() -> None:
    first = of_stack(resource(), observation(primed=Reason.PRIMING), BEFORE)
    second = of_stack(resource(first), observation(primed=Reason.PRIMING_FAILED), NOW)
    third = of_stack(resource(second), observation(), NOW)
    assert [turn.after.type for turn in transitions(first, second)] == [ConditionType.PROGRESSING]
    assert ConditionType.READY in [turn.after.type for turn in transitions(second, third)]
    assert not list(transitions(BitcoinCacheStatus(), first))


def test_a_failure_keeps_what_was_known_of_the_components() -> None:
    known = of_stack(resource(), observation(), BEFORE)
    status = of_failure(resource(known, paused=True), Reason.SECRET_MISSING, "restore it", NOW)
    assert (ready(status).status, ready(status).reason) == ("False", Reason.SECRET_MISSING)
    assert conditions(status)[ConditionType.REDIS_READY] == conditions(known)[ConditionType.REDIS_READY]
    assert conditions(status)[ConditionType.PAUSED].status == "True"
    assert status.priming == PRIMED


@pytest.mark.parametrize("paused", [True, False])
def test_paused_says_so(paused: bool) -> None:
    status = of_stack(resource(paused=paused), observation(), NOW)
    assert conditions(status)[ConditionType.PAUSED].status == str(paused)
    assert ready(status).status == "True"


def test_a_pause_that_keeps_retain_from_being_in_force_says_so() -> None:
    for loses_data in (True, False):
        status = of_stack(resource(paused=True), observation(loses_data=loses_data), NOW)
        told = conditions(status)[ConditionType.PAUSED].message
        assert ("deleting it removes its data" in told) == loses_data


def test_a_password_that_is_being_changed_is_on_its_way_and_one_that_is_refused_is_not() -> None:
    rotating = of_stack(resource(), observation(password=(Reason.ROTATING, "it is told")), NOW)
    assert ready(rotating).reason is Reason.ROTATING
    assert conditions(rotating)[ConditionType.PROGRESSING].status == "True"
    refused = of_stack(resource(), observation(password=(Reason.PASSWORD_REFUSED, "mend it")), NOW)
    assert conditions(refused)[ConditionType.POSTGRES_READY].message == "mend it"
    assert conditions(refused)[ConditionType.PROGRESSING].status == "False"
