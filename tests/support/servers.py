"""A PostgreSQL and a Redis of this machine, on free ports, that tests may stop and start."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_POSTGRES_BIN: Final = Path("/usr/lib/postgresql/15/bin")
_HINT: Final = "`make test` installs it (Debian packages postgresql and redis-server)"
_PATIENCE: Final = 30.0
_HASTY: Final[Mapping[str, str]] = {"fsync": "off"}
"""What tests can do without: their data need not outlive the machine."""


class PostgresServer:
    """PostgreSQL 15 in a folder of its own. Everyone on this machine may log in as ``postgres``."""

    def __init__(self, folder: Path, settings: Mapping[str, str] = _HASTY) -> None:
        self.port = free_port()
        self._settings = settings
        self._data = folder / "data"
        self._log_file = folder / "log"
        # PostgreSQL refuses to run as root.
        self._as_user = (
            ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        )
        if self._as_user:
            shutil.chown(folder, "postgres", "postgres")
        # A locale of the environment need not be installed.
        encoding = ("--encoding", "UTF8", "--locale", "C.UTF-8")
        self._run("initdb", "--username", "postgres", "--auth", "trust", "--no-sync", *encoding)

    def start(self) -> None:
        settings = "".join(f" -c {name}={value}" for name, value in self._settings.items())
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''{settings}"
        self._run("pg_ctl", "start", "--wait", "--log", str(self._log_file), "--options", options)

    def freeze(self) -> None:
        """Stops every process as it stands, until ``thaw``: connections stay open, and nothing answers."""
        main = self._main_process()
        # The main one first: it makes no more of them then.
        for process in (main, *_children(main)):
            _signal(process, signal.SIGSTOP)

    def thaw(self) -> None:
        main = self._main_process()
        for process in (*_children(main), main):
            _signal(process, signal.SIGCONT)

    @property
    def log(self) -> str:
        return self._log_file.read_text("utf-8")

    def ask_password(self, role: str) -> None:
        """Lets this role in by its password alone, as the operator's PostgreSQL does."""
        rules = self._data / "pg_hba.conf"
        rules.write_text(f"host all {role} 127.0.0.1/32 scram-sha-256\n{rules.read_text('utf-8')}", "utf-8")
        self._run("pg_ctl", "reload")

    def stop(self) -> None:
        """At once, as in a crash: what was committed is there again after ``start``."""
        self._run("pg_ctl", "stop", "--wait", "--mode", "immediate")

    def _main_process(self) -> int:
        return int((self._data / "postmaster.pid").read_text("utf-8").splitlines()[0])

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_user, _found(_POSTGRES_BIN / program), *arguments, "--pgdata", str(self._data)]
        _finish(command, cwd=self._data.parent)


class RedisServer:
    """Redis 7, configured as the operator does: values may be evicted, and nothing is kept on disk."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        program = shutil.which("redis-server")
        if program is None:
            raise AssertionError(f"redis-server is missing: {_HINT}")
        options = ["--appendonly", "no", "--save", "", "--maxmemory-policy", "volatile-lru"]
        options += ["--enable-debug-command", "local"]
        place = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen([program, *place, *options], stdout=log, stderr=log)
        self._await_pong()

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(_PATIENCE)
        self._process = None

    def kill(self) -> None:
        """As by ``kill -9``."""
        if self._process:
            self._process.kill()
            self._process.wait(_PATIENCE)
        self._process = None

    def freeze(self) -> None:
        """Stops it as it stands, until ``thaw``: connections stay open, and nothing answers."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Meanwhile it takes connections and bytes, as its kernel does that for it, and answers nothing."""
        self.freeze()
        try:
            yield
        finally:
            self.thaw()

    def save_data(self) -> None:
        """On disk, from where every later start loads what is there now: no configuration of ours does that."""
        with socket.create_connection(("127.0.0.1", self.port), _PATIENCE) as connection:
            connection.sendall(b"SAVE\r\n")
            assert connection.recv(16).startswith(b"+OK")

    def lose_data(self) -> None:
        """Later starts are empty again."""
        (self._folder / "dump.rdb").unlink(missing_ok=True)

    def _await_pong(self) -> None:
        give_up = time.monotonic() + _PATIENCE
        while time.monotonic() < give_up:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(b"PING\r\n")
                if connection.recv(16).startswith(b"+PONG"):
                    return
            time.sleep(0.02)
        raise AssertionError(f"Redis did not start: {(self._folder / 'log').read_text('utf-8')[-2000:]}")


@contextmanager
def postgres_server(**settings: str) -> Iterator[PostgresServer]:
    """With these settings beside the tests' own."""
    with tempfile.TemporaryDirectory(prefix="postgres-") as folder:
        server = PostgresServer(Path(folder), {**_HASTY, **settings})
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def redis_server() -> Iterator[RedisServer]:
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        server = RedisServer(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()]


def _signal(process: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, number)


def free_port() -> int:
    """One for a server of the caller's: nobody else on this machine is given it while this process lives."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        # Servers ask for this, too, and so may listen beside who holds the port; to any other it is taken.
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port: int = holder.getsockname()[1]
        holder.detach()  # stays open
    return port


def _found(program: Path) -> str:
    if not program.exists():
        raise AssertionError(f"{program} is missing: {_HINT}")
    return str(program)


def _finish(command: Sequence[str], cwd: Path) -> None:
    # Into a file: the server inherits a pipe and would keep it open.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, cwd=cwd, stdout=output, stderr=subprocess.STDOUT, check=False, timeout=60)
        output.seek(0)
        assert done.returncode == 0, f"{' '.join(command)}: {output.read().decode(errors='replace')[-2000:]}"
