"""The network between a replica and one server: it dawdles, stalls, breaks, and may lead elsewhere."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

_LOOPBACK: Final = "127.0.0.1"
_CLOSED: Final = None
"""In place of bytes: the sender closed the connection."""


class Network:
    """Passes connections to its ``port`` on to ``target`` of this machine.

    Whatever travels takes up to ``jitter`` seconds, mostly a small part of them, and never overtakes.
    """

    def __init__(self, chance: random.Random, target: int, jitter: float) -> None:
        self.port = 0
        self.target = target
        self._jitter = jitter
        self._chance = chance
        self._dawdling = 0.0
        self._holding = False
        self._refusing = False
        self._connections: set[_Connection] = set()

    @property
    def open_connections(self) -> int:
        return len(self._connections)

    def break_connections(self) -> None:
        """All that there are, as by a reset; what was under way is lost."""
        for connection in list(self._connections):
            connection.abort()

    def cut(self) -> None:
        """Until ``mend`` there are no connections."""
        self._refusing = True
        self.break_connections()

    def swallow(self) -> None:
        """Until ``mend`` nothing arrives; then all of it does, as TCP repeats what isn't acknowledged."""
        self._holding = True

    def dawdle(self, seconds: float) -> None:
        """Until ``mend`` everything takes about that much longer."""
        self._dawdling = seconds

    def mend(self) -> None:
        self._holding = self._refusing = False
        self._dawdling = 0.0
        for connection in list(self._connections):
            connection.deliver_all()

    def travel_time(self) -> float:
        # A few messages take long, and most take next to nothing: so one overtakes the other by several steps.
        return self._chance.random() ** 12 * self._jitter + (0.5 + self._chance.random()) * self._dawdling

    @property
    def holding(self) -> bool:
        return self._holding

    def accept(self) -> _End:
        connection = _Connection(self)
        if not self._refusing:
            self._connections.add(connection)
        return connection.client

    def admits(self, connection: _Connection) -> bool:
        return connection in self._connections

    def forget(self, connection: _Connection) -> None:
        self._connections.discard(connection)


class _Connection:
    """Two ends: the replica's, which is there first, and the server's."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.client, self.server = _End(self), _End(self)
        self.client.other, self.server.other = self.server, self.client
        self._connecting: asyncio.Task[None] | None = None

    def begin(self) -> None:
        if not self.network.admits(self):
            self.abort()
            return
        self._connecting = asyncio.get_running_loop().create_task(self._connect())

    def abort(self) -> None:
        self.network.forget(self)
        if self._connecting:
            self._connecting.cancel()
        for end in (self.client, self.server):
            if end.transport:
                end.transport.abort()

    def deliver_all(self) -> None:
        for end in (self.client, self.server):
            end.deliver_all()

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: self.server, _LOOPBACK, self.network.target)
        except OSError:
            self.abort()
            return
        self.server.deliver_all()


class _End(asyncio.Protocol):
    """One end of a connection, and what is on its way to it."""

    other: _End

    def __init__(self, connection: _Connection) -> None:
        self.transport: asyncio.Transport | None = None
        self._connection = connection
        self._coming: deque[bytes | None] = deque()
        self._latest = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self is self._connection.client:
            self._connection.begin()

    def data_received(self, data: bytes) -> None:
        self.other.send(data)

    def connection_lost(self, _error: Exception | None) -> None:
        self.other.send(_CLOSED)

    def send(self, data: bytes | None) -> None:
        """Has this arrive here after a while, and after all that was sent before."""
        loop = asyncio.get_running_loop()
        self._latest = max(self._latest, loop.time() + self._connection.network.travel_time())
        self._coming.append(data)
        loop.call_at(self._latest, self._deliver)

    def deliver_all(self) -> None:
        while self._deliver():
            pass

    def _deliver(self) -> bool:
        """The next one, if there is one and nothing holds it up."""
        if not self._coming or self.transport is None or self._connection.network.holding:
            return False
        data = self._coming.popleft()
        if data is _CLOSED:
            self.transport.close()
            self._connection.network.forget(self._connection)
        elif not self.transport.is_closing():
            self.transport.write(data)
        return True


@asynccontextmanager
async def network(chance: random.Random, target: int, jitter: float) -> AsyncIterator[Network]:
    """One that listens on a port of its own."""
    way = Network(chance, target, jitter)
    server = await asyncio.get_running_loop().create_server(way.accept, _LOOPBACK, 0, backlog=1024)
    way.port = server.sockets[0].getsockname()[1]
    try:
        yield way
    finally:
        server.close()
        way.cut()
        await server.wait_closed()
