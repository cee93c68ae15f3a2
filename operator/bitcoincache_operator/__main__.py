"""``python -m bitcoincache_operator``: runs the operator until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Final

from pydantic import ValidationError

from bitcoincache_operator import handlers, logs
from bitcoincache_operator.cluster.client import Cluster
from bitcoincache_operator.cluster.connection import connected
from bitcoincache_operator.cluster.errors import UnavailableError
from bitcoincache_operator.errors import OperatorError
from bitcoincache_operator.health import serving
from bitcoincache_operator.kinds import BITCOINCACHE
from bitcoincache_operator.metrics import Metrics
from bitcoincache_operator.queue import WorkQueue
from bitcoincache_operator.reconcile import Reconciler
from bitcoincache_operator.resource import ResourceKey
from bitcoincache_operator.schedule import Outcome, Pace
from bitcoincache_operator.settings import Settings

_CRD_SECONDS: Final = 2.0

_log: Final = logging.getLogger("bitcoincache_operator")


async def operate(settings: Settings) -> None:
    """Serves until SIGTERM or SIGINT. Raises OperatorError where there is no cluster to talk to."""
    metrics = Metrics()
    async with connected() as cluster:
        reconciler = Reconciler(
            cluster,
            images=settings.images(),
            policy=settings.storage_policy(),
            operator_namespace=settings.operator_namespace,
            metrics=metrics,
        )

        async def visit(key: ResourceKey) -> Outcome:
            logs.current_resource.set(key)
            with metrics.visit():
                return await reconciler.reconcile(key)

        queue = WorkQueue(visit, pace=Pace(resync=settings.resync_seconds))
        metrics.watch_queue(queue.depth)
        async with serving(settings.health_port, metrics.registry, queue.stalled_for):
            await _served(cluster)
            await _until_either_ends(queue, settings.served_namespaces())


async def _served(cluster: Cluster) -> None:
    """Returns once there is an API server, and it has something to serve."""
    while True:
        try:
            if await cluster.serves(BITCOINCACHE):
                return
            _log.warning("waits for the CustomResourceDefinition of %s: apply it", BITCOINCACHE.plural)
        except UnavailableError as error:
            _log.warning("waits for the API server: %s", error)
        await asyncio.sleep(_CRD_SECONDS)


async def _until_either_ends(queue: WorkQueue[ResourceKey], namespaces: tuple[str, ...]) -> None:
    """Kopf ends when a signal comes. Should the queue end, that is a bug: better none of them than one."""
    tasks = {
        asyncio.create_task(handlers.watch(queue, namespaces)),
        asyncio.create_task(queue.run()),
    }
    _log.info("serving %s", ", ".join(namespaces) or "all namespaces")
    done, running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for task in done:
        task.result()


def main() -> int:
    """The exit code: 0 after a signal, 1 where the operator could not run."""
    try:
        settings = Settings()
    except ValidationError as error:
        logs.configure("INFO")
        for problem in error.errors(include_url=False, include_input=False):
            name = "_".join(map(str, problem["loc"])).upper()
            _log.critical("BITCOINCACHE_%s: %s", name, problem["msg"])
        return 1
    logs.configure(settings.log_level)
    try:
        asyncio.run(operate(settings))
    except OperatorError as error:
        _log.critical("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
