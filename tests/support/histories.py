"""Small random histories, right and wrong ones, and a search through all their orders to tell them apart."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from consistency.history import Change, Operation, Value

KEYS = ("A", "B")


def random_history(chance: random.Random, most: int = 7) -> list[Operation]:
    """Made by doing operations in some order at some time between invocation and return, then perhaps spoilt."""
    state: dict[str, Value] = dict.fromkeys(KEYS)
    history: list[Operation] = []
    overlap = chance.choice([6, 15, 40])
    for number in range(chance.randint(2, most)):
        done = number * 10
        invoked, returned = done - chance.randint(1, overlap), done + chance.randint(1, overlap)
        operation = _operation(chance, state, number + 1, invoked, returned)
        if operation.change is None:
            history.append(operation)
            continue
        unknown = chance.random() < 0.3
        if not unknown or chance.random() < 0.5:
            state[operation.change.key] = operation.change.value
        history.append(_changed(operation, returned=None) if unknown else operation)
    if chance.random() < 0.8:
        spoil(chance, history)
    return history


def spoil(chance: random.Random, history: list[Operation]) -> None:
    """Has one operation see another value than it saw, which may be right all the same."""
    seeing = [number for number, operation in enumerate(history) if operation.expects]
    if not seeing:
        return
    number = chance.choice(seeing)
    operation = history[number]
    key = chance.choice(list(operation.expects))
    written = {
        other.change.value for other in history if other.change and other.change.key == key and other != operation
    }
    others = sorted({None, *written} - {operation.expects[key]}, key=str)
    if others:
        history[number] = _changed(operation, expects={**operation.expects, key: chance.choice(others)})


def has_an_order(history: Sequence[Operation], state: Mapping[str, Value] | None = None) -> bool:
    """Whether some order explains the history: tries every one."""
    state = state or dict.fromkeys(KEYS)
    if all(operation.returned is None for operation in history):
        return True
    first_return = min(operation.returned for operation in history if operation.returned is not None)
    for operation in history:
        if operation.invoked > first_return or any(state[key] != value for key, value in operation.expects.items()):
            continue
        after = {**state, operation.change.key: operation.change.value} if operation.change else state
        if has_an_order([other for other in history if other is not operation], after):
            return True
    return any(
        operation.returned is None
        and operation.invoked <= first_return
        and has_an_order([other for other in history if other is not operation], state)
        for operation in history
    )


def _operation(
    chance: random.Random, state: Mapping[str, Value], number: int, invoked: int, returned: int
) -> Operation:
    key = chance.choice(KEYS)
    kind = chance.choice(["read", "ranking", "put", "put", "update", "delete"])
    expects: dict[str, Value] = {"read": {key: state[key]}, "ranking": dict(state), "update": {key: state[key]}}.get(
        kind, {}
    )
    change = {"put": Change(key, number), "update": Change(key, number), "delete": Change(key, None)}.get(kind)
    return Operation(number, kind, invoked, returned, expects, change)


def _changed(operation: Operation, **fields: object) -> Operation:
    known = {name: getattr(operation, name) for name in Operation.__dataclass_fields__}
    return Operation(**{**known, **fields})
