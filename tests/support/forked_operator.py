"""The operator as a process that is quick to start: forked from one that has read all its modules.

A test that kills it a hundred times would otherwise wait for imports most of its time.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from pathlib import Path
from typing import Final

from support.operator_process import OperatorProcess

_SERVER: Final = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["__main__", "bitcoincache_operator.__main__"])


class ForkedOperator(OperatorProcess):
    """Like its parent class, and can be killed."""

    _child: multiprocessing.context.ForkServerProcess | None = None

    def launch(self) -> None:
        self._child = _SERVER.Process(target=_run, args=(self.environment, self.log), daemon=True)
        self._child.start()

    @property
    def pid(self) -> int | None:
        return self._child.pid if self._child is not None else None

    def runs(self) -> bool:
        return self._child is not None and self._child.is_alive()

    def kill(self) -> None:
        """At once, with no chance to end anything. Does nothing where it is dead. May be called from any thread."""
        if self._child is not None and self._child.pid is not None:
            os.kill(self._child.pid, signal.SIGKILL)

    def stop(self) -> int:
        assert self._child is not None
        self._child.terminate()
        self._child.join()
        return self._child.exitcode or 0


def _run(environment: dict[str, str], log: Path) -> None:
    from kubernetes.aio.config import kube_config

    from bitcoincache_operator.__main__ import main

    os.environ.clear()
    os.environ.update(environment)
    # Read from the environment when the module was, which is too early here.
    kube_config.KUBE_CONFIG_DEFAULT_LOCATION = environment["KUBECONFIG"]
    with log.open("ab") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    sys.exit(main())
