"""Load by wrk: some connections, each of which sends a request as soon as it has the answer to the last."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

CONNECTIONS: Final = 32

_SCRIPTS: Final = Path(__file__).parent
_PATIENCE: Final = 60.0
"""Seconds that wrk may take longer than it was told."""


class Load(BaseModel):
    """What wrk counted. Latencies in microseconds; ``errors`` are answers of 400 and more, and what wasn't answered.

    wrk waits for slow answers and would forget the requests that it could have sent meanwhile (coordinated omission);
    it makes up for that by counting, for each latency above the mean interval of a connection's requests, those too.
    """

    model_config = ConfigDict(frozen=True)

    requests: int
    seconds: float
    bytes: int
    errors: int
    p50: int
    p99: int
    longest: int

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds


def load(port: int, script: str, coins: int, run: int, seconds: int) -> Load:
    """One script of this folder, against a service with that many coins. The same ``run`` sends the same requests."""
    program = shutil.which("wrk")
    assert program, "wrk is missing: `make bench-backend` installs it (Debian package wrk)"
    size = (f"--connections={CONNECTIONS}", "--threads=1", f"--duration={seconds}s", "--timeout=5s")
    address = f"http://127.0.0.1:{port}/"
    command = (program, *size, f"--script={script}.lua", address, "--", str(coins), str(run))
    done = subprocess.run(
        command, cwd=_SCRIPTS, capture_output=True, text=True, timeout=seconds + _PATIENCE, check=False
    )
    assert done.returncode == 0, f"wrk failed: {done.stderr}{done.stdout}"
    return Load.model_validate_json(done.stdout.splitlines()[-1])
