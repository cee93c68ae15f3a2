from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bitcoincache_app.errors import CacheUnavailableError
from bitcoincache_app.ports import Filler, Lease, Primed, Store
from bitcoincache_app.primer import open_primer
from bitcoincache_app.priming import GENTLE
from support.clock import FakeClock

BATCHES = 3


class Coins(Store):
    """So many that they make three gentle batches."""

    def __init__(self) -> None:
        self.symbols = [f"C{n:04}" for n in range(BATCHES * GENTLE.batch)]

    async def symbols_after(self, symbol: str, limit: int) -> list[str]:
        return [one for one in self.symbols if one > symbol][:limit]

    async def get_many(self, symbols: Sequence[str]) -> dict[str, bytes]:
        return dict.fromkeys(symbols, b"{}")

    async def ranking(self, limit: int, offset: int) -> bytes:
        return b"{}"

    async def get(self, symbol: str) -> bytes | None:
        raise NotImplementedError

    async def rank(self, symbol: str) -> bytes | None:
        raise NotImplementedError

    async def settle(self, tokens: Sequence[int]) -> None:
        raise NotImplementedError

    async def ping(self) -> None:
        raise NotImplementedError


class Held(Filler):
    """It grants leases once it is let go, and notes how many were asked for."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.asked: list[int] = []
        self.waiting = self.most_waiting = 0
        self.primed: Primed | None = None

    async def lease(self, keys: Sequence[str]) -> list[Lease | None]:
        self.asked.append(len(keys))
        self.waiting += 1
        self.most_waiting = max(self.waiting, self.most_waiting)
        try:
            await self.go.wait()
        finally:
            self.waiting -= 1
        return [Lease(key, "mine") for key in keys]

    async def fill_many(self, fills: Sequence[tuple[Lease, bytes | None]]) -> list[bool]:
        return [True for _ in fills]

    async def mark_primed(self, primed: Primed) -> None:
        self.primed = primed


class Deaf(Held):
    """A cancellation is lost on it, as on redis-py."""

    async def lease(self, keys: Sequence[str]) -> list[Lease | None]:
        try:
            return await super().lease(keys)
        except asyncio.CancelledError:
            self.go.set()
            return [None for _ in keys]


class Away(Held):
    async def lease(self, keys: Sequence[str]) -> list[Lease | None]:
        raise CacheUnavailableError("Redis does not answer.")


async def _turn() -> None:
    """Everyone who can go on does so."""
    for _ in range(50):
        await asyncio.sleep(0)


async def test_one_priming_is_under_way_at_a_time() -> None:
    filler = Held()
    async with open_primer(Coins(), filler, FakeClock()) as primer:
        assert primer.begin()
        await _turn()
        assert not primer.begin()

        filler.go.set()
        await _turn()

        assert filler.primed
        assert filler.primed.keys == BATCHES * GENTLE.batch
        assert primer.begin()


async def test_it_is_gentle() -> None:
    filler = Held()
    async with open_primer(Coins(), filler, FakeClock()) as primer:
        primer.begin()
        await _turn()
        assert filler.waiting == 1
        filler.go.set()
        await _turn()

    assert filler.most_waiting == 1
    assert max(filler.asked) == GENTLE.batch


async def test_none_goes_on_when_the_process_ends(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "bitcoincache_app.primer")
    filler = Held()
    async with open_primer(Coins(), filler, FakeClock()) as primer:
        primer.begin()
        await _turn()

    assert filler.waiting == 0
    assert filler.primed is None
    assert [record.message for record in caplog.records] == ["priming was given up"]


async def test_a_cancellation_that_is_lost_ends_it_after_its_batch() -> None:
    filler = Deaf()
    async with open_primer(Coins(), filler, FakeClock()) as primer:
        primer.begin()
        await _turn()

    assert filler.asked == [GENTLE.batch, GENTLE.batch]  # which is tried again
    assert filler.primed is None


async def test_a_failure_is_told_and_another_can_begin(caplog: pytest.LogCaptureFixture) -> None:
    async with open_primer(Coins(), Away(), FakeClock()) as primer:
        primer.begin()
        await _turn()

        [told] = caplog.records
        assert (told.levelname, told.message) == ("ERROR", "priming failed")
        assert told.exc_info
        assert primer.begin()
