"""Events: what ``kubectl describe`` tells of a resource's history, one for each turn of a condition.

And one for what a deletion had to leave behind.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bitcoincache_api.crd.status import ConditionType
from bitcoincache_api.names import FIELD_MANAGER
from bitcoincache_operator.conditions import Transition
from bitcoincache_operator.kinds import BITCOINCACHE, EVENT, Manifest
from bitcoincache_operator.resource import Resource

_LONGEST: Final = 1024
"""The API server's limit for an event's message."""

_NEUTRAL: Final = frozenset({ConditionType.PROGRESSING, ConditionType.PAUSED})
"""Conditions of which neither status is bad news."""


def event_of(resource: Resource, transition: Transition, now: datetime) -> Manifest:
    """The event for a condition's turn, at ``now`` in UTC."""
    condition = transition.after
    bad = condition.type not in _NEUTRAL and condition.status == "False"
    message = f"{condition.type.value} is now {condition.status}: {condition.message}"
    out = _event(resource, condition.type.value, message, now)
    return {**out, "type": "Warning" if bad else "Normal", "reason": condition.reason.value}


def left_behind(resource: Resource, message: str, now: datetime) -> Manifest:
    """The event for what a deleted resource leaves on a node, at ``now`` in UTC: there will be no status to tell it."""
    return {**_event(resource, "left-behind", message, now), "type": "Warning", "reason": "DirectoryLeftBehind"}


def _event(resource: Resource, about: str, message: str, now: datetime) -> Manifest:
    time = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    nanoseconds = int(now.timestamp() * 1_000_000) * 1000
    return {
        "apiVersion": EVENT.api_version,
        "kind": EVENT.kind,
        "metadata": {
            # client-go's way to name events: unique enough, and sorted by time.
            "name": f"{resource.key.name}.{nanoseconds:x}.{about.lower()}",
            "namespace": resource.key.namespace,
        },
        "involvedObject": {
            "apiVersion": BITCOINCACHE.api_version,
            "kind": BITCOINCACHE.kind,
            "namespace": resource.key.namespace,
            "name": resource.key.name,
            "uid": resource.uid,
        },
        "message": message[:_LONGEST],
        "source": {"component": FIELD_MANAGER},
        "reportingComponent": FIELD_MANAGER,
        "firstTimestamp": time,
        "lastTimestamp": time,
        "count": 1,
    }
