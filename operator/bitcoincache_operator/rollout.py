"""What may go next. Pure.

PostgreSQL and Redis, then the priming Job, then the backend, then the frontend. The order holds for every new template:
what runs already goes on as it is, and only follows its replicas, until its turn has come. Where nothing runs yet there
is nothing to protect: pods start together, and the backend's Service lets no one in before the cache is primed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from bitcoincache_api.names import Component

_STORES: Final = {Component.POSTGRES: "PostgreSQL", Component.REDIS: "Redis"}


@dataclass(frozen=True)
class Progress:
    """What is true by now.

    ``existing`` holds the components that have a Deployment, ``started`` those of which a pod runs, ready or not, and
    ``settled`` those that run as the newest spec wants them.
    """

    claim_exists: bool
    primed: bool
    existing: Collection[Component]
    started: Collection[Component]
    settled: Collection[Component]


def waits_for(component: Component, progress: Progress) -> str:
    """Why a component's newest version has to wait; empty where it may go."""
    match component:
        case Component.POSTGRES:
            return "" if progress.claim_exists else "waits for its volume"
        case Component.PRIME:
            # A priming waits a while for servers that are only just starting, so it need not wait for them to be ready.
            there = {*progress.settled, *progress.started}
            missing = [name for store, name in _STORES.items() if store not in there]
            return f"waits for {' and '.join(missing)}" if missing else ""
        case Component.BACKEND if component in progress.existing:
            return "" if progress.primed else "waits for the cache to be primed"
        case Component.FRONTEND if component in progress.existing:
            return "" if Component.BACKEND in progress.settled else "waits for the backend"
        case _:
            return ""
