"""The operator as a process of its own, as in its image, on a test's API server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Final

from support.logs import whole_lines
from support.servers import free_port

NAMESPACE: Final = "bitcoincache-system"
IMAGES: Final = {
    "BACKEND": "example.com/backend:1",
    "FRONTEND": "example.com/frontend:1",
    "POSTGRES": "example.com/postgres:15",
    "REDIS": "example.com/redis:7",
    "REDISINSIGHT": "example.com/redisinsight:2",
}
AGENT: Final = "OpenAPI-Generator"
"""What the operator's user agent begins with, where it writes: the Kubernetes client's own."""

_PATIENCE: Final = 180.0


class OperatorProcess:
    """Starts and stops it. Its log is in ``log``. ``settings`` are its environment's, such as ``namespaces``."""

    def __init__(self, kubeconfig: Path, folder: Path, **settings: str) -> None:
        self.log = folder / "operator.log"
        self._port = free_port()
        self.environment = {
            **os.environ,
            "KUBECONFIG": str(kubeconfig),
            "BITCOINCACHE_OPERATOR_NAMESPACE": NAMESPACE,
            "BITCOINCACHE_STORAGE_HELPER_IMAGE": "example.com/operator:1",
            "BITCOINCACHE_HEALTH_PORT": str(self._port),
            **{f"BITCOINCACHE_IMAGE_{component}": image for component, image in IMAGES.items()},
            **{f"BITCOINCACHE_{name.upper()}": value for name, value in settings.items()},
        }
        self.told_at_work: list[str] = []
        """What its processes had logged when they were told to end: how kopf ends is another matter."""
        self._process: subprocess.Popen[bytes] | None = None
        self._begin = 0

    def start(self) -> None:
        """Returns once it answers."""
        self.launch()
        give_up = time.monotonic() + _PATIENCE
        while time.monotonic() < give_up:
            with suppress(OSError):
                if self._get("/healthz") == "ok\n":
                    return
            assert self.runs(), self.log.read_text("utf-8")[-3000:]
            time.sleep(0.05)
        raise AssertionError(f"the operator does not answer: {self.log.read_text('utf-8')[-3000:]}")

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def launch(self) -> None:
        """Begins a process, whether or not it comes to answer."""
        with self.log.open("ab") as log:
            self._begin = log.tell()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bitcoincache_operator"], env=self.environment, stdout=log, stderr=log
            )

    def runs(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def stop(self) -> int:
        """Its exit code, after SIGTERM."""
        assert self._process is not None
        self.told_at_work += whole_lines(self.log, self._begin)
        self._process.terminate()
        return self._process.wait(_PATIENCE)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def metric(self, name: str) -> float:
        """A sample's value, by its name with labels; 0 where there is none."""
        found = re.search(rf"^{re.escape(name)} (\S+)$", self._get("/metrics"), re.MULTILINE)
        return float(found[1]) if found else 0.0

    def _get(self, path: str) -> str:
        with urllib.request.urlopen(f"{self.url}{path}", timeout=30) as answer:  # noqa: S310
            text: str = answer.read().decode()
            return text
