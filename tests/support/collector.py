"""Plays the garbage collector, which a bare API server lacks: what has lost all its owners is deleted."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from support.kubernetes import ApiError, Kubernetes

_MAY_OWN: Final = ("bitcoincaches",)


def collect(kubernetes: Kubernetes, plurals: Collection[str]) -> None:
    """One round over these kinds of one namespace: dependents of dependents take another."""
    there = {plural: kubernetes.list(plural) for plural in plurals}
    # Read last, and so an owner that is made meanwhile isn't missed.
    uids = {item["metadata"]["uid"] for plural in _MAY_OWN for item in kubernetes.list(plural)}
    uids |= {item["metadata"]["uid"] for items in there.values() for item in items}
    for plural, items in there.items():
        for item in items:
            owners = {owner["uid"] for owner in item["metadata"].get("ownerReferences", ())}
            if owners and owners.isdisjoint(uids) and "deletionTimestamp" not in item["metadata"]:
                try:
                    # As the real one does: whose owner was taken off meanwhile stays.
                    kubernetes.delete_as_it_is(plural, item)
                except ApiError as error:
                    if error.status not in (404, 409):
                        raise
