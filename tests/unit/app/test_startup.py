from __future__ import annotations

import pytest

from bitcoincache_app.errors import StoreUnavailableError
from bitcoincache_app.startup import until_available
from support.clock import FakeClock


class Starting:
    """Answers from the third time on."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self) -> str:
        self.asked += 1
        if self.asked < 3:
            raise StoreUnavailableError("starting")
        return "up"


async def test_it_is_asked_until_it_answers() -> None:
    assert await until_available(Starting(), FakeClock(), patience=10) == "up"


async def test_patience_ends() -> None:
    starting = Starting()

    with pytest.raises(StoreUnavailableError):
        await until_available(starting, FakeClock(), patience=1, pause=1)

    assert starting.asked == 2


async def test_another_error_is_not_waited_for() -> None:
    async def broken() -> None:
        raise ValueError("a fault of ours")

    with pytest.raises(ValueError, match="ours"):
        await until_available(broken, FakeClock(), patience=10)
