"""The checker itself: the same verdict as a search through all orders, and the textbook's anomalies by name."""

from __future__ import annotations

from collections import Counter

import pytest

from consistency.history import Change, Operation, Value
from consistency.linearizability import impossible_operation
from support.chance import chance_of
from support.histories import has_an_order, random_history


def test_verdicts_are_those_of_a_search_through_all_orders() -> None:
    chance = chance_of(5)
    verdicts = Counter[bool]()
    for _ in range(10_000):
        history = random_history(chance)
        right = has_an_order(history)
        assert (impossible_operation(history) is None) == right, history
        verdicts[right] += 1
    assert min(verdicts[True], verdicts[False]) > 1_000


def read(begin: int, end: int, value: Value, key: str = "A") -> Operation:
    return Operation(0, "read", begin, end, {key: value})


def put(begin: int, end: int | None, value: int, key: str = "A") -> Operation:
    return Operation(0, "PUT", begin, end, {}, Change(key, value))


def ranking(begin: int, end: int, **values: Value) -> Operation:
    return Operation(0, "ranking", begin, end, values)


@pytest.mark.parametrize(
    ("history", "possible"),
    [
        pytest.param([put(0, 1, 7), read(2, 3, None)], False, id="a write that a later read misses"),
        pytest.param([put(0, 9, 7), read(1, 2, 7), read(3, 4, None)], False, id="a value that vanishes again"),
        pytest.param([read(0, 1, 7), put(2, 3, 7)], False, id="a value from the future"),
        pytest.param([read(0, 1, 7), put(2, None, 7)], False, id="a value from the future of an unknown write"),
        pytest.param([read(0, 1, 7)], False, id="a value from nowhere"),
        pytest.param([put(0, None, 7), read(1, 2, None), read(50, 51, 7)], True, id="a lost answer, made late"),
        pytest.param([put(0, None, 7), read(1, 2, 7), read(50, 51, None)], False, id="a lost answer, unmade"),
        pytest.param(
            [put(0, 9, 1), put(0, 9, 2, "B"), ranking(1, 8, A=1, B=None), ranking(1, 8, A=None, B=2)],
            False,
            id="two rankings that disagree about the order of two writes",
        ),
        pytest.param(
            [put(0, 9, 1), put(0, 9, 2, "B"), read(1, 2, 1), read(3, 4, None, "B"), ranking(5, 6, A=None, B=2)],
            False,
            id="a ranking older than a read before it",
        ),
        pytest.param(
            [put(0, 9, 1), put(0, 9, 2, "B"), ranking(1, 8, A=1, B=None), read(1, 8, 2, "B")], True, id="overlaps"
        ),
    ],
)
def test_anomalies(history: list[Operation], possible: bool) -> None:
    assert (impossible_operation(history) is None) == possible


def test_a_long_history_of_many_clients_is_decided() -> None:
    """Twelve clients and lost answers everywhere, on two keys: no blind search through the orders gets through this."""
    chance = chance_of(7)
    state: dict[str, Value] = {"A": None, "B": None}
    history: list[Operation] = []
    for number in range(1, 4_001):
        key, begin, end = chance.choice("AB"), number * 10 - chance.randint(1, 60), number * 10 + chance.randint(1, 60)
        match chance.randrange(10):
            case 0 | 1 | 2:
                state[key] = number
                history.append(put(begin, None if chance.random() < 0.1 else end, number, key))
            case 3:
                lost = chance.random() < 0.1
                state[key] = state[key] if lost and chance.random() < 0.5 else None
                history.append(Operation(0, "DELETE", begin, None if lost else end, {}, Change(key, None)))
            case 4:
                history.append(ranking(begin, end, **state))
            case _:
                history.append(read(begin, end, state[key], key))
    assert impossible_operation(history) is None
    # The oldest value comes back in the end.
    stale = next(
        operation for operation in history if operation.change and operation.change.value and operation.returned
    )
    assert stale.change is not None
    history.append(read(50_000, 50_001, stale.change.value, stale.change.key))
    assert impossible_operation(history) is not None
