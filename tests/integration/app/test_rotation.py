"""The database's password changes under backends that know the old one alone."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys

import psycopg
import pytest
from aiohttp.test_utils import TestClient, TestServer
from psycopg import sql
from pydantic import SecretStr

from bitcoincache_api.contract import (
    CONNECTIONS_TO_POSTGRES,
    PASSWORD_REFUSED_EXIT_CODE,
    PRIME_COMMAND,
    ROTATE_COMMAND,
    Env,
)
from bitcoincache_app.errors import PasswordRefusedError, StoreUnavailableError
from bitcoincache_app.main import create_app
from bitcoincache_app.migrate import migrate
from bitcoincache_app.postgres import conninfo, is_password_refused
from bitcoincache_app.rotate import rotate
from bitcoincache_app.settings import Settings
from support.servers import PostgresServer
from support.waiting import eventually

from .conftest import LIMITS

NEXT = SecretStr('it\'s "new" \\ and has a €')


@pytest.fixture
def login(settings: Settings, postgres: PostgresServer, in_postgres: psycopg.Connection) -> Settings:
    """A role of its own that owns the database and has to give its password."""
    role = f"role_{secrets.token_hex(4)}"
    name, database = sql.Identifier(role), sql.Identifier(settings.postgres_db)
    in_postgres.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'hunter2'").format(name))
    in_postgres.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(database, name))
    in_postgres.execute(sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(name))
    postgres.ask_password(role)
    return settings.model_copy(update={"postgres_user": role})


def with_password(login: Settings, password: SecretStr) -> Settings:
    return login.model_copy(update={"postgres_password": password})


async def is_let_in(login: Settings) -> bool:
    try:
        async with await psycopg.AsyncConnection.connect(conninfo(login, LIMITS)):
            return True
    except psycopg.OperationalError as error:
        return not is_password_refused(error)


async def run(command: tuple[str, ...], login: Settings, **more: str) -> tuple[int | None, str]:
    """Exit code, and all that was written."""
    environment = {
        Env.POSTGRES_HOST: login.postgres_host,
        Env.POSTGRES_PORT: str(login.postgres_port),
        Env.POSTGRES_DB: login.postgres_db,
        Env.POSTGRES_USER: login.postgres_user,
        Env.POSTGRES_PASSWORD: login.postgres_password.get_secret_value(),
        **more,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command[1:],
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode, output.decode()


async def test_the_next_password_is_taken_and_the_one_before_is_not(login: Settings) -> None:
    assert not await is_let_in(with_password(login, NEXT))
    await rotate(login, NEXT)
    assert await is_let_in(with_password(login, NEXT))
    assert not await is_let_in(login)


async def test_doing_it_again_does_nothing(login: Settings, in_postgres: psycopg.Connection) -> None:
    def verifier() -> object:
        query = "SELECT rolpassword FROM pg_authid WHERE rolname = %s"
        return in_postgres.execute(query, [login.postgres_user]).fetchone()

    await rotate(login, NEXT)
    before = verifier()
    await rotate(login, NEXT)
    assert verifier() == before


async def test_where_neither_is_taken_nothing_changes(login: Settings) -> None:
    wrong = with_password(login, SecretStr("mistyped"))
    with pytest.raises(PasswordRefusedError):
        await rotate(wrong, NEXT)
    with pytest.raises(PasswordRefusedError):
        await migrate(conninfo(wrong, LIMITS))
    assert await is_let_in(login)


async def test_a_database_that_is_away_refuses_nothing(login: Settings, postgres: PostgresServer) -> None:
    postgres.stop()
    try:
        with pytest.raises(StoreUnavailableError):
            await rotate(login, NEXT)
    finally:
        postgres.start()


async def test_the_jobs_tell_by_their_exit_code_and_keep_the_passwords_to_themselves(
    login: Settings,
) -> None:
    wrong = with_password(login, SecretStr("mistyped"))
    next_password = {Env.POSTGRES_NEXT_PASSWORD.value: "tigger7"}

    ended = await asyncio.gather(
        run(ROTATE_COMMAND, wrong, **next_password),
        run(PRIME_COMMAND, wrong),
        run(ROTATE_COMMAND, login),
        run(ROTATE_COMMAND, login, **next_password),
    )

    assert [code for code, _ in ended] == [PASSWORD_REFUSED_EXIT_CODE, PASSWORD_REFUSED_EXIT_CODE, 2, 0]
    told = " ".join(text for _, text in ended)
    assert not [word for word in ("mistyped", "tigger7", "hunter2") if word in told]


async def test_the_servers_log_never_has_the_password(
    login: Settings, postgres: PostgresServer, in_postgres: psycopg.Connection
) -> None:
    role = sql.Identifier(login.postgres_user)
    in_postgres.execute(sql.SQL("ALTER ROLE {} SET log_statement = 'all'").format(role))
    await rotate(login, SecretStr("tigger8"))
    assert "ALTER ROLE" in postgres.log
    assert "tigger8" not in postgres.log


async def test_a_backend_that_knows_the_old_password_serves_on(
    login: Settings, in_postgres: psycopg.Connection
) -> None:
    async with TestClient(TestServer(create_app(login, LIMITS))) as client:

        async def is_ready() -> bool:
            return (await client.get("/readyz")).status == 200

        async def has_all_its_connections() -> bool:
            count = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s"
            return in_postgres.execute(count, [login.postgres_user]).fetchone() == (CONNECTIONS_TO_POSTGRES,)

        await eventually(is_ready)
        await eventually(has_all_its_connections)
        await rotate(login, NEXT)
        assert not await is_let_in(login)

        for price in range(3):
            answers = await asyncio.gather(
                *(client.put(f"/api/v1/bitcoins/C{n}", json={"price": price}) for n in range(20)),
                *(client.get(f"/api/v1/bitcoins?limit={n}") for n in range(1, 21)),
            )
            assert {answer.status for answer in answers} <= {200, 201}
