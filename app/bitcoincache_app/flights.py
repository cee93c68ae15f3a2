"""One load for all who want the same thing, without giving anyone an answer that is older than the question."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from bitcoincache_app.patience import keep

_T = TypeVar("_T")


class Flights(Generic[_T]):
    """At most one load of a key is under way. Who comes meanwhile waits for the next.

    That one begins after the question, and so its answer can't be stale.
    """

    def __init__(self) -> None:
        self._boarding: dict[Hashable, asyncio.Future[_T]] = {}
        self._under_way: dict[Hashable, asyncio.Future[_T]] = {}

    async def share(self, key: Hashable, load: Callable[[], Awaitable[_T]]) -> _T:
        """What ``load`` gives, called after this was; for everyone who boards, the first one's is called."""
        flight = self._boarding.get(key)
        if flight is None:
            flight = asyncio.get_running_loop().create_future()
            self._boarding[key] = flight
            # In a task of its own: whoever boarded must not lose the answer to another's disconnect.
            keep(self._fly(key, flight, load))
        return await asyncio.shield(flight)

    async def _fly(self, key: Hashable, flight: asyncio.Future[_T], load: Callable[[], Awaitable[_T]]) -> None:
        while (previous := self._under_way.get(key)) is not None:
            await asyncio.wait({previous})
        del self._boarding[key]
        self._under_way[key] = flight
        try:
            flight.set_result(await load())
        except asyncio.CancelledError:
            flight.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - it is everyone's who boarded
            flight.set_exception(error)
            flight.exception()  # looked at, should nobody wait any more
        finally:
            del self._under_way[key]
