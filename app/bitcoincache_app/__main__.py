"""``python -m bitcoincache_app``: serve until SIGTERM, then finish what is in flight and end.

Exit code 2 where the environment is not usable.
"""

from __future__ import annotations

import socket
import sys
from typing import Final

from aiohttp import web

from bitcoincache_app.logs import set_up_logs
from bitcoincache_app.main import create_app
from bitcoincache_app.settings import Limits, SettingsError, load_settings

DRAIN: Final = 20.0
"""Seconds that requests in flight get to end after SIGTERM."""


def listen(port: int) -> socket.socket:
    """A socket on every address, of IPv6 too where there is such a thing."""
    try:
        return socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=1024)
    except (OSError, ValueError):
        return socket.create_server(("0.0.0.0", port), backlog=1024)  # noqa: S104 - a container's only door


def main() -> int:
    try:
        settings = load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    set_up_logs(settings.log_level)
    app = create_app(settings, Limits())
    web.run_app(app, sock=listen(settings.port), access_log=None, shutdown_timeout=DRAIN, print=None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
