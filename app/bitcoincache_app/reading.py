"""How much a connection reads at once."""

from __future__ import annotations

import asyncio
from typing import Any, Final, cast

_AT_ONCE: Final = 65536


def read_moderately(transport: asyncio.BaseTransport) -> None:
    """64 KiB, where asyncio has room for 256 made for each read.

    So much malloc fetches from the kernel and gives back each time, unless the process happens to have freed as much
    before: that costs several times what the read itself does.
    """
    cast("Any", transport).max_size = _AT_ONCE
