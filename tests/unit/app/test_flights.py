from __future__ import annotations

import asyncio

import pytest

from bitcoincache_app.flights import Flights


class Loads:
    """Each load waits until it is let go, and gives its number."""

    def __init__(self) -> None:
        self.begun = 0
        self._go = [asyncio.Event() for _ in range(9)]

    async def __call__(self) -> int:
        self.begun += 1
        number = self.begun
        await self._go[number].wait()
        return number

    def let_go(self, number: int) -> None:
        self._go[number].set()


async def _turn() -> None:
    """Everyone who can go on does so."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_those_who_ask_together_share_one_load() -> None:
    flights, loads = Flights[int](), Loads()
    asking = [asyncio.create_task(flights.share("key", loads)) for _ in range(100)]
    await _turn()
    loads.let_go(1)

    assert await asyncio.gather(*asking) == [1] * 100


async def test_who_asks_while_a_load_is_under_way_gets_the_next_one() -> None:
    flights, loads = Flights[int](), Loads()
    first = asyncio.create_task(flights.share("key", loads))
    await _turn()
    late = [asyncio.create_task(flights.share("key", loads)) for _ in range(3)]
    await _turn()
    assert loads.begun == 1

    loads.let_go(1)
    loads.let_go(2)
    assert await first == 1
    assert await asyncio.gather(*late) == [2] * 3


async def test_keys_dont_wait_for_each_other() -> None:
    flights, loads = Flights[int](), Loads()
    asking = [asyncio.create_task(flights.share(key, loads)) for key in ("one", "other")]
    await _turn()
    assert loads.begun == 2
    loads.let_go(1)
    loads.let_go(2)
    assert sorted(await asyncio.gather(*asking)) == [1, 2]


async def test_an_error_is_everyones_and_the_next_load_is_made() -> None:
    flights, loads = Flights[int](), Loads()

    async def fails() -> int:
        raise LookupError

    asking = [asyncio.create_task(flights.share("key", fails)) for _ in range(2)]
    for ask in asking:
        with pytest.raises(LookupError):
            await ask
    loads.let_go(1)
    assert await flights.share("key", loads) == 1


async def test_who_leaves_takes_nobodys_answer_along() -> None:
    flights, loads = Flights[int](), Loads()
    first, other = (asyncio.create_task(flights.share("key", loads)) for _ in range(2))
    await _turn()
    first.cancel()
    await _turn()
    loads.let_go(1)
    assert await other == 1
