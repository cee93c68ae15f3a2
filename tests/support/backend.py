"""The backend as the process that a container runs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from bitcoincache_api.contract import READINESS_PATH, SERVE_COMMAND, Env
from bitcoincache_app.settings import Settings
from support.http import Client
from support.servers import free_port

_PATIENCE: Final = 30.0


@contextmanager
def backend_process(settings: Settings, **environment: str) -> Iterator[Client]:
    """A client of it, once it is ready. ``environment`` is set besides what ``settings`` says."""
    port = free_port()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            [sys.executable, *SERVE_COMMAND[1:]],
            env={**os.environ, **environment_of(settings, port), **environment},
            stdout=log,
            stderr=log,
        )
        client = Client(f"http://127.0.0.1:{port}")
        try:
            _await_ready(client, process)
            yield client
        finally:
            process.kill()
            process.wait(_PATIENCE)


def environment_of(settings: Settings, port: int) -> dict[str, str]:
    values = {
        Env.PORT: port,
        Env.POSTGRES_HOST: settings.postgres_host,
        Env.POSTGRES_PORT: settings.postgres_port,
        Env.POSTGRES_DB: settings.postgres_db,
        Env.POSTGRES_USER: settings.postgres_user,
        Env.POSTGRES_PASSWORD: settings.postgres_password.get_secret_value(),
        Env.REDIS_HOST: settings.redis_host,
        Env.REDIS_PORT: settings.redis_port,
        Env.CACHE_CONTROLS: settings.cache_controls,
    }
    return {name.value: str(value) for name, value in values.items()}


def _await_ready(client: Client, process: subprocess.Popen[bytes]) -> None:
    give_up = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up:
        assert process.poll() is None, "the backend ended before it served"
        with suppress(OSError):
            if client.get(READINESS_PATH).status == 200:
                return
        time.sleep(0.05)
    raise AssertionError("the backend is not ready")
