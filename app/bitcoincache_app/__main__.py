"""``python -m bitcoincache_app``: serve until SIGTERM, part from each client after its next answer, and end.

Exit code 2 where the environment is not usable.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from contextlib import suppress
from typing import Final

from aiohttp import web

from bitcoincache_app.hot_path import make_handler
from bitcoincache_app.keys import LEAVING
from bitcoincache_app.logs import set_up_logs
from bitcoincache_app.main import create_app
from bitcoincache_app.server import LimitedRunner
from bitcoincache_app.settings import Limits, SettingsError, load_settings

FAREWELL: Final = 4.0
"""Seconds that open connections get to be used once more or closed by their clients, after SIGTERM.

Whoever closes a connection that its client is about to use loses a request. So clients close theirs: nginx, which is
the only one of weight, leaves none unused for longer than half of that (``keepalive_timeout`` in its configuration).
"""

DRAIN: Final = 15.0
"""Seconds that requests in flight get to end after that. With the pod's preStop hook it makes less than its grace."""

_BACKLOG: Final = 1024


def listen(port: int) -> socket.socket:
    """A socket on every address, of IPv6 too where there is such a thing."""
    try:
        return socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=_BACKLOG)
    except (OSError, ValueError):
        return socket.create_server(("0.0.0.0", port), backlog=_BACKLOG)  # noqa: S104 - a container's only door


async def serve(app: web.Application, door: socket.socket) -> None:
    """Serve at this socket until SIGTERM or SIGINT, and then no longer than FAREWELL and DRAIN."""
    leaving, loop = app[LEAVING], asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, leaving.set)
    runner = LimitedRunner(app, make_handler, access_log=None, shutdown_timeout=DRAIN)
    await runner.setup()
    try:
        await web.SockSite(runner, door, backlog=_BACKLOG).start()
        await leaving.wait()
        await _farewell(runner)
    finally:
        await runner.cleanup()


async def _farewell(runner: web.AppRunner) -> None:
    """Returns when the last connection is closed, or patience is at its end. New ones are welcome till then."""
    with suppress(TimeoutError):
        async with asyncio.timeout(FAREWELL):
            while runner.server is not None and runner.server.connections:  # noqa: ASYNC110 - aiohttp sets no event
                await asyncio.sleep(0.05)


def main() -> int:
    try:
        settings = load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    set_up_logs(settings.log_level)
    app = create_app(settings, Limits())
    asyncio.run(serve(app, listen(settings.port)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
