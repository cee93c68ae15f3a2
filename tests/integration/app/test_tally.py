from __future__ import annotations

from bitcoincache_app.ports import Reads
from bitcoincache_app.tally import Tally
from integration.app.conftest import Parts
from support.servers import RedisServer
from support.waiting import eventually


async def test_replicas_count_their_reads_together(parts: Parts) -> None:
    one, other = parts.service, parts.service
    await one.put("BTC", 1)
    mine, others = Tally(parts.caching.records, one.outcomes), Tally(parts.caching.records, other.outcomes)
    await one.coin("BTC")
    await other.coin("BTC")
    await other.ranking(100, 0)

    assert (await mine.report())[1] == Reads(1, 0)
    await others.share()
    await others.share()

    assert (await mine.report())[1] == Reads(2, 1)
    await mine.share()
    assert (await mine.report())[1] == (await others.report())[1] == Reads(2, 1)


async def test_what_could_not_be_shared_is_not_lost(parts: Parts, redis_: RedisServer) -> None:
    service = parts.service
    await service.put("BTC", 1)
    await service.coin("BTC")
    tally = Tally(parts.caching.records, service.outcomes)

    redis_.stop()
    await tally.share()
    assert await tally.report() == (None, Reads(1, 0))

    redis_.start()

    async def shared() -> bool:
        await tally.share()
        return (await Tally(parts.caching.records, {}).report())[1] == Reads(1, 0)

    await eventually(shared)
