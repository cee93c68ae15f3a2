"""Events are told when a condition turns, and at no other time."""

from __future__ import annotations

from collections import Counter
from functools import partial
from itertools import pairwise

from integration.operator.lane import Lane
from integration.operator.playground import Playground


def turns(playground: Playground) -> dict[str, list[str]]:
    """What each condition turned to, in order, by the events."""
    found: dict[str, list[str]] = {}
    for event in sorted(playground.api.list("events"), key=lambda event: event["metadata"]["name"].split(".")[1]):
        assert event["involvedObject"]["name"] == "demo"
        assert event["count"] == 1
        condition, _, rest = event["message"].partition(" is now ")
        found.setdefault(condition, []).append(rest.split(":")[0])
    return found


def test_every_event_is_a_turn_and_every_turn_an_event(field: Lane) -> None:
    created = turns(field)
    assert created["Ready"] == ["True"]
    assert all(before != after for statuses in created.values() for before, after in pairwise(statuses))
    # Each condition's last event is how it stands.
    stands = {found["type"]: found["status"] for found in field.status["conditions"]}
    assert {condition: statuses[-1] for condition, statuses in created.items()}.items() <= stands.items()

    # Repaired within one visit: nothing turned.
    field.visited(lambda: field.api.delete("configmaps", "demo-redis-config"))
    assert field.api.find("configmaps", "demo-redis-config")
    assert turns(field) == created

    # The pods of a Deployment have to come again: that turns, and turns back.
    field.api.delete("deployments", "demo-backend")
    field.until("not ready", lambda: field.condition("BackendReady").get("status") == "False")
    field.settle()
    drifted = {name: Counter(statuses) - Counter(created.get(name)) for name, statuses in turns(field).items()}
    assert {name: turned for name, turned in drifted.items() if turned} == {
        "Ready": {"True": 1, "False": 1},
        "BackendReady": {"True": 1, "False": 1},
        "Progressing": {"True": 1, "False": 1},
    }


def test_at_rest_no_event_is_told(field: Lane) -> None:
    before = turns(field)
    for value in ("first", "second", "third"):
        touched = {"metadata": {"annotations": {"touched": value}}}
        field.visited(partial(field.api.patch, "configmaps", "demo-redis-config", touched))
    assert turns(field) == before
