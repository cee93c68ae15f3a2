"""``python -m bitcoincache_app.rotate``: make PostgreSQL take POSTGRES_NEXT_PASSWORD instead of POSTGRES_PASSWORD.

Exit codes: 0 it takes the next one; 1 PostgreSQL did not answer; 2 the environment is not usable; 3 it takes neither.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Final

import psycopg
from psycopg import sql
from pydantic import SecretStr

from bitcoincache_api.contract import PASSWORD_REFUSED_EXIT_CODE, Env
from bitcoincache_app.clock import SystemClock
from bitcoincache_app.errors import PasswordRefusedError, StoreUnavailableError, UnavailableError
from bitcoincache_app.logs import set_up_logs
from bitcoincache_app.postgres import conninfo, is_password_refused
from bitcoincache_app.settings import PRIMING_LIMITS, Settings, SettingsError, load_settings
from bitcoincache_app.startup import until_available

_log = logging.getLogger(__name__)

PATIENCE: Final = 60.0
"""Seconds to wait for PostgreSQL to answer at all."""


async def rotate(settings: Settings, next_password: SecretStr) -> None:
    """Change the password of the role that logs in, unless that was done before.

    Raises PasswordRefusedError where PostgreSQL takes neither, and StoreUnavailableError where it does not answer.
    """
    try:
        await _alter(settings.model_copy(update={"postgres_password": next_password}), None)
    except PasswordRefusedError:
        await _alter(settings, next_password)


async def _alter(login: Settings, next_password: SecretStr | None) -> None:
    """Log in, and then set the password, if there is one to set."""
    try:
        async with await psycopg.AsyncConnection.connect(conninfo(login, PRIMING_LIMITS)) as connection:
            if next_password is not None:
                # A verifier of our own making (RFC 5803): a password in the statement would end up in the server's log.
                plain, user = next_password.get_secret_value().encode(), login.postgres_user.encode()
                verifier = connection.pgconn.encrypt_password(plain, user, b"scram-sha-256").decode()
                await connection.execute(sql.SQL("ALTER ROLE CURRENT_USER PASSWORD {}").format(sql.Literal(verifier)))
    except psycopg.Error as error:
        if is_password_refused(error):
            raise PasswordRefusedError("PostgreSQL takes neither the present password nor the next one.") from error
        raise StoreUnavailableError("PostgreSQL does not answer.") from error


def main() -> int:
    try:
        settings = load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    next_password = settings.postgres_next_password
    if next_password is None:
        print(f"Set {Env.POSTGRES_NEXT_PASSWORD}: there is no password to change to.", file=sys.stderr)
        return 2
    set_up_logs(settings.log_level)
    try:
        asyncio.run(until_available(lambda: rotate(settings, next_password), SystemClock(), PATIENCE))
    except PasswordRefusedError as error:
        _log.error("%s", error)
        return PASSWORD_REFUSED_EXIT_CODE
    except UnavailableError as error:
        _log.error("the password could not be changed: %s", error, extra={"cause": str(error.__cause__)})
        return 1
    print("PostgreSQL takes the next password.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
