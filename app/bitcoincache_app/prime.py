"""``python -m bitcoincache_app.prime``: bring the schema up to date, prime the cache, print the count, and end.

Exit codes: 0 done; 1 PostgreSQL or Redis did not answer; 2 the environment is not usable; 3 PostgreSQL refuses the
password.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from bitcoincache_api.contract import PASSWORD_REFUSED_EXIT_CODE, PrimingResult
from bitcoincache_app.caching import open_caching
from bitcoincache_app.clock import SystemClock
from bitcoincache_app.errors import PasswordRefusedError, UnavailableError
from bitcoincache_app.logs import set_up_logs
from bitcoincache_app.migrate import migrate
from bitcoincache_app.postgres import conninfo, open_store
from bitcoincache_app.priming import Priming, prime
from bitcoincache_app.settings import PRIMING_LIMITS, Settings, SettingsError, load_settings
from bitcoincache_app.startup import until_available

_log = logging.getLogger(__name__)

PATIENCE: Final = 60.0
"""Seconds to wait for PostgreSQL and for Redis to answer at all."""


async def run(settings: Settings, patience: float = PATIENCE) -> Priming:
    """Wait for both servers, migrate, prime. Raises PasswordRefusedError and UnavailableError."""
    clock, limits = SystemClock(), PRIMING_LIMITS
    await until_available(lambda: migrate(conninfo(settings, limits)), clock, patience)
    async with (
        open_store(settings, limits) as store,
        open_caching(settings, limits, clock) as caching,
    ):
        trusting = asyncio.create_task(caching.keep_trust())
        try:
            await until_available(caching.check, clock, patience, pause=0.1)
            return await prime(store, caching.records, clock)
        finally:
            trusting.cancel()


def report(priming: Priming, path: Path) -> None:
    """Leave the result where Kubernetes reads a container's termination message, if that can be written."""
    text = json.dumps({PrimingResult.KEYS: priming.keys, PrimingResult.ROWS: priming.rows})
    with suppress(OSError):
        path.write_text(text, "utf-8")


def main() -> int:
    try:
        settings = load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    set_up_logs(settings.log_level)
    try:
        priming = asyncio.run(run(settings))
    except PasswordRefusedError as error:
        _log.error("priming failed: %s", error)
        return PASSWORD_REFUSED_EXIT_CODE
    except UnavailableError as error:
        _log.error("priming failed: %s", error, extra={"cause": str(error.__cause__)})
        return 1
    report(priming, Path(PrimingResult.TERMINATION_PATH))
    print(f"Primed {priming.keys} keys from {priming.rows} rows.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
