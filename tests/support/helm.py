"""helm, as a user runs it, for the release that the end-to-end tests share."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CHART: Final = Path(__file__).parents[2] / "charts/bitcoincache-operator"


class HelmError(Exception):
    """helm ended with an error; the message is what it wrote."""


@dataclass(frozen=True)
class Helm:
    """One release. ``values`` is the file that names the images of the cluster."""

    kubeconfig: Path
    values: Path
    namespace: str = "bitcoincache-system"
    release: str = "bitcoincache-operator"

    def upgrade(self, *arguments: str, chart: Path = CHART) -> None:
        """Installs or upgrades, and waits until the operator is ready."""
        values = ("--values", str(self.values))
        self.run(
            "upgrade", "--install", self.release, str(chart), "--create-namespace", *values, *_PATIENCE, *arguments
        )

    def rollback(self) -> None:
        self.run("rollback", self.release, *_PATIENCE)

    def test(self) -> str:
        """What the chart's test logs."""
        return self.run("test", self.release, "--timeout", "2m")

    def uninstall(self) -> str:
        """What helm tells, the hook's log included."""
        return self.run("uninstall", self.release, "--timeout", "3m")

    def run(self, *arguments: str) -> str:
        """What helm prints. Raises HelmError with what it complains about."""
        done = subprocess.run(
            ["helm", "--namespace", self.namespace, *arguments],
            env={**os.environ, "KUBECONFIG": str(self.kubeconfig)},
            stdout=subprocess.PIPE,
            # Where helm puts its hooks' logs.
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise HelmError(done.stdout)
        return done.stdout


_PATIENCE: Final = ("--wait", "--timeout", "3m")
