"""What may go next. Pure.

PostgreSQL and Redis, then the priming Job, then the backend, then the frontend. The order holds for every new template:
what runs already goes on as it is, and only follows its replicas, until its turn has come.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bitcoincache_api.names import Component


@dataclass(frozen=True)
class Progress:
    """What is true by now. ``settled`` holds the components that run as the newest spec wants them."""

    claim_exists: bool
    primed: bool
    settled: Collection[Component]


def waits_for(component: Component, progress: Progress) -> str:
    """Why a component's newest version has to wait; empty where it may go."""
    match component:
        case Component.POSTGRES:
            return "" if progress.claim_exists else "waits for its volume"
        case Component.PRIME:
            stores = {Component.POSTGRES: "PostgreSQL", Component.REDIS: "Redis"}
            missing = [name for store, name in stores.items() if store not in progress.settled]
            return f"waits for {' and '.join(missing)}" if missing else ""
        case Component.BACKEND:
            return "" if progress.primed else "waits for the cache to be primed"
        case Component.FRONTEND:
            return "" if Component.BACKEND in progress.settled else "waits for the backend"
        case _:
            return ""
