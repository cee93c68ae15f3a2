from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from bitcoincache_app.changes import Change, Changed, Create, Delete, Put, Update
from bitcoincache_app.epochs import Epoch
from bitcoincache_app.errors import (
    AlreadyExistsError,
    BackendError,
    CacheUnavailableError,
    EpochPassedError,
    OutcomeUnknownError,
    StoreUnavailableError,
    WritesPausedError,
)
from bitcoincache_app.ports import Cache, Hit, Lease, Miss, Token
from bitcoincache_app.writes import BATCH, QUEUE, Writes
from support.clock import FakeClock

EPOCH = Epoch(1, "process", "stamp", open=True)


class Told(Cache):
    """A cache that notes what it is told."""

    def __init__(self) -> None:
        self.announced: list[list[str]] = []
        self.published: list[tuple[int, list[bytes | None]]] = []
        self.doubts = 0
        self.deaf = 0

    async def announce(self, symbols: Sequence[str]) -> Token:
        if self.deaf:
            self.deaf -= 1
            raise CacheUnavailableError("away")
        self.announced.append(list(symbols))
        return Token(len(self.announced), EPOCH, tuple(symbols), announced=True)

    async def publish(self, token: Token, values: Sequence[bytes | None]) -> None:
        self.published.append((token.id, list(values)))

    def doubt(self) -> None:
        self.doubts += 1

    async def get(self, key: str) -> Hit | None:
        raise NotImplementedError

    async def lookup(self, key: str) -> Hit | Miss:
        raise NotImplementedError

    async def fill(self, lease: Lease, value: bytes | None) -> bool:
        raise NotImplementedError

    async def forget(self, key: str, tokens: Sequence[int]) -> None:
        raise NotImplementedError

    async def evict(self, key: str) -> bool:
        raise NotImplementedError


class Slow(Told):
    """It publishes when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()

    async def publish(self, token: Token, values: Sequence[bytes | None]) -> None:
        await self.go.wait()
        await super().publish(token, values)


class Statements:
    """A lane that notes what it is to write, and waits to be let go. ``errors`` come first."""

    def __init__(self, *errors: BackendError) -> None:
        self.written: list[list[Change]] = []
        self.go = asyncio.Event()
        self._errors = list(errors)

    async def connect(self) -> None:
        pass

    async def write(self, token: Token, changes: Sequence[Change]) -> Sequence[Changed | BackendError]:
        self.written.append(list(changes))
        await self.go.wait()
        if self._errors:
            raise self._errors.pop(0)
        return [
            AlreadyExistsError(change.symbol) if isinstance(change, Create) else Changed(change.symbol.encode())
            for change in changes
        ]


@asynccontextmanager
async def carried_out(writes: Writes, *lanes: Statements) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(writes.carry_out(lane)) for lane in lanes]
    await _turn()
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _turn() -> None:
    """Everyone who can go on does so."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_what_waits_while_a_write_is_under_way_is_written_together() -> None:
    cache, lane = Told(), Statements()
    writes = Writes(cache, FakeClock())
    async with carried_out(writes, lane):
        first = asyncio.create_task(writes.write(Put("A", 1)))
        await _turn()
        others = [asyncio.create_task(writes.write(Put(symbol, 2))) for symbol in "DBC"]
        await _turn()
        lane.go.set()
        await asyncio.gather(first, *others)

    assert lane.written == [[Put("A", 1)], [Put("B", 2), Put("C", 2), Put("D", 2)]]
    assert cache.announced == [["A"], ["B", "C", "D"]]
    assert cache.published == [(1, [b"A"]), (2, [b"B", b"C", b"D"])]


async def test_only_past_a_batch_that_is_held_up_another_goes_its_way(monkeypatch: pytest.MonkeyPatch) -> None:
    lanes = first, second = Statements(), Statements()
    writes = Writes(Told(), FakeClock())
    monkeypatch.setattr("bitcoincache_app.writes.HELD_UP", 0.0)
    async with carried_out(writes, *lanes):
        asking = [asyncio.create_task(writes.write(Put("A", 1)))]
        await _turn()
        monkeypatch.setattr("bitcoincache_app.writes.HELD_UP", 3600.0)
        asking.append(asyncio.create_task(writes.write(Put("B", 1))))
        await _turn()
        assert [lane.written for lane in lanes] == [[[Put("A", 1)]], [[Put("B", 1)]]]

        # The end of the one that was held up lets none go past the other.
        first.go.set()
        asking.append(asyncio.create_task(writes.write(Put("C", 1))))
        await _turn()
        assert asking[0].done()
        assert first.written == [[Put("A", 1)]]

        second.go.set()
        await asyncio.gather(*asking)


async def test_a_write_is_told_before_it_is_published_and_what_is_published_can_be_waited_for() -> None:
    cache, lane = Slow(), Statements()
    lane.go.set()
    writes = Writes(cache, FakeClock())
    async with carried_out(writes, lane):
        assert await writes.write(Put("A", 1)) == Changed(b"A")
        assert cache.published == []

        cache.go.set()
        await writes.published()
        assert cache.published == [(1, [b"A"])]


async def test_each_gets_its_own_outcome() -> None:
    writes, lane = Writes(Told(), FakeClock()), Statements()
    lane.go.set()
    async with carried_out(writes, lane):
        assert await writes.write(Put("A", 1)) == Changed(b"A")
        with pytest.raises(AlreadyExistsError):
            await writes.write(Create("A", 1))


async def test_changes_of_one_coin_keep_their_order_and_never_overlap() -> None:
    lanes = [Statements(), Statements()]
    writes = Writes(Told(), FakeClock())
    async with carried_out(writes, *lanes):
        asking = [asyncio.create_task(writes.write(Put("A", price))) for price in range(3)]
        await _turn()
        assert [len(lane.written) for lane in lanes] in ([1, 0], [0, 1])
        for lane in lanes:
            lane.go.set()
        await asyncio.gather(*asking)
    written = [batch for lane in lanes for batch in lane.written]
    assert sorted(written, key=str) == [[Put("A", price)] for price in range(3)]


async def test_conditions_and_deletions_are_written_alone() -> None:
    writes, lane = Writes(Told(), FakeClock()), Statements()
    changes: list[Change] = [Update("A", 1, (1,)), Update("B", 1, None), Delete("C", None), Put("D", 1), Put("E", 1)]
    async with carried_out(writes, lane):
        asking = [asyncio.create_task(writes.write(change)) for change in changes]
        await _turn()
        lane.go.set()
        await asyncio.gather(*asking)
    assert lane.written == [[changes[0]], [changes[1]], [changes[2]], changes[3:]]


async def test_a_batch_has_an_end_and_so_has_the_queue() -> None:
    writes, lane = Writes(Told(), FakeClock()), Statements()
    async with carried_out(writes, lane):
        asking = [asyncio.create_task(writes.write(Put("FIRST", 1)))]
        await _turn()
        asking += [asyncio.create_task(writes.write(Put(f"C{n}", 1))) for n in range(QUEUE)]
        await _turn()
        with pytest.raises(StoreUnavailableError, match="Too many"):
            await writes.write(Put("LATE", 1))
        lane.go.set()
        await asyncio.gather(*asking)
    assert max(len(batch) for batch in lane.written) == BATCH


async def test_a_refused_write_gives_its_token_back_and_an_unknown_one_leaves_it() -> None:
    cache = Told()
    lane = Statements(StoreUnavailableError("refused"), OutcomeUnknownError("lost"))
    lane.go.set()
    writes = Writes(cache, FakeClock())
    async with carried_out(writes, lane):
        with pytest.raises(StoreUnavailableError, match="refused"):
            await writes.write(Put("A", 1))
        with pytest.raises(OutcomeUnknownError):
            await writes.write(Put("A", 1))
        assert cache.published == [(1, [None])]
        assert await writes.write(Put("A", 1)) == Changed(b"A")


async def test_a_write_of_an_epoch_that_has_passed_is_announced_again() -> None:
    cache, lane = Told(), Statements(EpochPassedError("passed"))
    lane.go.set()
    writes = Writes(cache, FakeClock())
    async with carried_out(writes, lane):
        assert await writes.write(Put("A", 1)) == Changed(b"A")
    assert cache.announced == [["A"], ["A"]]
    assert cache.doubts == 1


async def test_a_write_waits_for_a_cache_and_not_for_ever() -> None:
    cache, lane = Told(), Statements()
    lane.go.set()
    writes = Writes(cache, FakeClock())
    async with carried_out(writes, lane):
        cache.deaf = 3
        assert await writes.write(Put("A", 1)) == Changed(b"A")
        cache.deaf = 1_000_000
        with pytest.raises(WritesPausedError):
            await writes.write(Put("A", 1))
    assert lane.written == [[Put("A", 1)]]


async def test_who_waits_when_the_backend_ends_is_told_that_nothing_is_known() -> None:
    writes, lane = Writes(Told(), FakeClock()), Statements()
    async with carried_out(writes, lane):
        asking = asyncio.create_task(writes.write(Put("A", 1)))
        await _turn()
    with pytest.raises(OutcomeUnknownError):
        await asking
