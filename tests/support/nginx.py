"""The page as a stack serves it: by nginx, with the operator's configuration of it, on this machine."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import Final

from support.http import Client
from support.servers import free_port

_OPERATORS: Final = resources.files("bitcoincache_operator.builders").joinpath("frontend.nginx.conf")
_PATIENCE: Final = 30.0
_NOBODY: Final = "127.0.0.1:9"
"""Where no backend listens."""

_MAIN: Final = """
daemon off;
pid {folder}/pid;
user {user};
error_log {folder}/error.log;
events {{}}
http {{
  include /etc/nginx/mime.types;
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {folder}/default.conf;
}}
"""


@contextmanager
def nginx(page: Path, backend: str = _NOBODY) -> Iterator[Client]:
    """A client of it. ``page`` is the folder of the built page, ``backend`` a host and a port."""
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program is not None, "nginx is missing: `make page` installs it (Debian package nginx-light)"
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="nginx-") as name:
        folder = Path(name)
        (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, user=pwd.getpwuid(os.getuid()).pw_name), "utf-8")
        (folder / "default.conf").write_text(_configuration(page, backend, port), "utf-8")
        process = subprocess.Popen(
            [program, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")], stderr=subprocess.DEVNULL
        )
        client = Client(f"http://127.0.0.1:{port}")
        try:
            _await_ready(client, process, folder / "error.log")
            yield client
        finally:
            process.terminate()
            process.wait(_PATIENCE)


def _configuration(page: Path, backend: str, port: int) -> str:
    """The operator's, but for what is elsewhere on this machine."""
    text = _OPERATORS.read_text(encoding="utf-8")
    for old, new in {
        "@BACKEND@": backend,
        "@PORT@": f"127.0.0.1:{port}",
        "/usr/share/nginx/html": str(page),
        "/etc/nginx/conf.d/config.json": str(page / "config.json"),
    }.items():
        assert old in text, f"the operator's configuration of nginx no longer says {old}"
        text = text.replace(old, new)
    return text


def _await_ready(client: Client, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up:
        assert process.poll() is None, f"nginx ended: {log.read_text('utf-8')}"
        with suppress(OSError):
            if client.get("/healthz").status == 200:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not answer")
