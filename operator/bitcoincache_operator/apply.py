"""Brings single objects in line with what is wanted, and writes only where they aren't."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from typing import Final

from bitcoincache_api.names import FIELD_MANAGER, Label
from bitcoincache_operator.cluster.client import Cluster
from bitcoincache_operator.cluster.errors import RefusedError
from bitcoincache_operator.errors import ForeignObjectError, OperatorError, UndoneError
from bitcoincache_operator.kinds import JOB, Kind, Manifest, ObjectKey, key_of
from bitcoincache_operator.sync import anew, in_sync, stamped, surplus, was_applied
from bitcoincache_operator.world import World, belongs_to, is_deleting

_log: Final = logging.getLogger(__name__)


class Applier:
    """The writes of one reconcile.

    ``world`` is kept up to date with them. What the API server refuses is kept in ``problems``, so that one object
    never keeps the others from being repaired. ``on_drift`` is told the kind of each object that others changed, or
    deleted though it was ``expected``.
    """

    def __init__(
        self, cluster: Cluster, world: World, expected: Collection[ObjectKey], on_drift: Callable[[Kind], None]
    ) -> None:
        self.world = world
        self.problems: list[OperatorError] = []
        self._undone: list[OperatorError] = []
        self._cluster = cluster
        self._expected = expected
        self._on_drift = on_drift

    @property
    def failures(self) -> list[OperatorError]:
        """Why the stack isn't as it should be: the problems, and what is undone, which holds up no rollout."""
        return [*self.problems, *self._undone]

    async def apply(self, manifest: Manifest) -> None:
        """Makes the object be as the manifest says.

        Raises UnavailableError where the API server doesn't answer, ConflictError where somebody was quicker.
        """
        try:
            live = await self._applied(manifest)
        except (ForeignObjectError, RefusedError) as error:
            self.problems.append(error)
        else:
            self.world = self.world.having([live])

    async def apply_all(self, manifests: Iterable[Manifest]) -> None:
        """All at once. Where some raise, so does this, once none is under way any more."""
        outcomes = await asyncio.gather(*map(self.apply, manifests), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def merge(self, key: ObjectKey, patch: Manifest) -> None:
        """A merge patch of an object that is there."""
        self.world = self.world.having([await self._cluster.merge(key, patch)])

    async def _applied(self, manifest: Manifest) -> Manifest:
        key = key_of(manifest)
        live = self.world.objects.get(key)
        if live is None:
            # By name: what lost its labels, or never had them, isn't in the lists.
            live = await self._cluster.find(key)
            if live is None and key in self._expected:
                self._drifted(key, "deleted")
        if live is not None:
            if not belongs_to(self.world.resource, live):
                raise ForeignObjectError(
                    f"{key} is not the operator's: rename it, or hand it over by the label "
                    f"{Label.MANAGED_BY}={FIELD_MANAGER}"
                )
            # What is on its way out is made anew once it is gone. A Job is never changed: its pods may have run.
            if is_deleting(live) or key.kind is JOB or in_sync(manifest, live):
                return live
            if was_applied(manifest, live):
                self._drifted(key, "changed")
        applied = await self._written(manifest, live)
        excess = surplus(manifest, applied)
        settled = await self._cluster.merge(key, excess) if excess else applied
        if not in_sync(manifest, settled):
            told = f"{key} is changed by something else whenever it is written: a webhook?"
            self._undone.append(UndoneError(told))
        return settled

    async def _written(self, manifest: Manifest, live: Manifest | None) -> Manifest:
        try:
            return await self._cluster.apply(stamped(manifest))
        except RefusedError:
            patch = anew(manifest, live) if live is not None else {}
            if not patch:
                raise
            await self._cluster.merge(key_of(manifest), patch)
            return await self._cluster.apply(stamped(manifest))

    def _drifted(self, key: ObjectKey, how: str) -> None:
        _log.info("%s was %s by others: it is put right", key, how)
        self._on_drift(key.kind)
