"""Events are told when a condition turns, and at no other time."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

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


def test_every_event_is_a_turn_and_every_turn_an_event(playground: Playground) -> None:
    playground.make_ready()
    created = turns(playground)
    assert created["Ready"] == ["True"]
    assert all(before != after for statuses in created.values() for before, after in pairwise(statuses))
    # Each condition's last event is how it stands.
    stands = {found["type"]: found["status"] for found in playground.status["conditions"]}
    assert {condition: statuses[-1] for condition, statuses in created.items()}.items() <= stands.items()

    # Repaired within one visit: nothing turned.
    playground.visited(lambda: playground.api.delete("configmaps", "demo-redis-config"))
    playground.until("it is back", lambda: playground.api.find("configmaps", "demo-redis-config"))
    assert turns(playground) == created

    # The pods of a Deployment have to come again: that turns, and turns back.
    playground.api.delete("deployments", "demo-backend")
    playground.until("not ready", lambda: playground.condition("BackendReady").get("status") == "False")
    playground.until("ready", playground.is_ready, playground.play)
    drifted = {name: Counter(statuses) - Counter(created.get(name)) for name, statuses in turns(playground).items()}
    assert {name: turned for name, turned in drifted.items() if turned} == {
        "Ready": {"True": 1, "False": 1},
        "BackendReady": {"True": 1, "False": 1},
        "Progressing": {"True": 1, "False": 1},
    }


def test_at_rest_no_event_is_told(playground: Playground) -> None:
    playground.make_ready()
    touched = {"metadata": {"annotations": {"touched": "settled"}}}
    playground.visited(lambda: playground.api.patch("configmaps", "demo-redis-config", touched))
    before = turns(playground)
    for value in ("first", "second", "third"):
        touched["metadata"]["annotations"]["touched"] = value
        playground.visited(lambda: playground.api.patch("configmaps", "demo-redis-config", touched))
    assert turns(playground) == before
