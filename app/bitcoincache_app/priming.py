"""Priming: every coin into the cache, by the protocol's own rule for filling."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bitcoincache_api.contract import RANKING_KEY, coin_key
from bitcoincache_api.http import DEFAULT_LIMIT
from bitcoincache_app.encoding import coin_json, ranking_json
from bitcoincache_app.ports import Clock, Filler, Primed, Store

_log = logging.getLogger(__name__)

BATCH: Final = 500
"""Coins in memory at once; small enough that its lease does not lapse meanwhile."""

PATIENCE: Final = 12.0
"""Seconds to go on trying a batch's coins that are being written: longer than a write takes, or a lease lasts."""

_PAUSE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Priming:
    """How many coins there were, and how many of them are cached now. Fewer keys: they are written without pause."""

    rows: int
    keys: int


async def prime(store: Store, filler: Filler, clock: Clock) -> Priming:
    """Read every coin and the ranking afresh and cache them; never older than what a writer has stored.

    Goes through the table in batches, so memory does not grow with it. A coin whose lease can't be had, because it is
    being written or filled, is tried again. Raises UnavailableError.
    """
    rows = keys = 0
    last = ""
    while symbols := await store.symbols_after(last, BATCH):
        done = await _prime_coins(symbols, store, filler, clock)
        rows, keys, last = rows + done.rows, keys + done.keys, symbols[-1]
        _log.info("priming", extra={"rows": rows, "keys": keys})
    await _prime_ranking(store, filler, clock)
    await filler.mark_primed(Primed(clock.now(), keys))
    return Priming(rows, keys)


async def _prime_coins(symbols: Sequence[str], store: Store, filler: Filler, clock: Clock) -> Priming:
    keys = gone = 0
    left = list(symbols)
    give_up = clock.monotonic() + PATIENCE
    while True:
        leases = await filler.lease([coin_key(symbol) for symbol in left])
        leased = {symbol: lease for symbol, lease in zip(left, leases, strict=True) if lease}
        values = {coin.symbol: coin_json(coin) for coin in await store.get_many(list(leased))}
        kept = await filler.fill_many([(lease, values.get(symbol)) for symbol, lease in leased.items()])
        done = {symbol for symbol, stored in zip(leased, kept, strict=True) if stored}
        keys += len(done & values.keys())
        gone += len(done - values.keys())
        left = [symbol for symbol in left if symbol not in done]
        if not left or clock.monotonic() > give_up:
            return Priming(len(symbols) - gone, keys)
        await clock.sleep(_PAUSE)


async def _prime_ranking(store: Store, filler: Filler, clock: Clock) -> None:
    give_up = clock.monotonic() + PATIENCE
    while clock.monotonic() <= give_up:
        [lease] = await filler.lease([RANKING_KEY])
        if lease:
            [stored] = await filler.fill_many([(lease, ranking_json(await store.ranking(DEFAULT_LIMIT, 0)))])
            if stored:
                return
        await clock.sleep(_PAUSE)
    _log.warning("the ranking is written without pause: its first reader will cache it")
