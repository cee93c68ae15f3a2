"""Conditions after the Kubernetes API conventions. Pure: the time is handed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bitcoincache_api.crd.status import BitcoinCacheStatus, Condition, ConditionType, Reason


@dataclass(frozen=True)
class Verdict:
    """What a condition says, without the times that only its history knows. ``holds`` is None where nobody knows."""

    type: ConditionType
    holds: bool | None
    reason: Reason
    message: str


@dataclass(frozen=True)
class Transition:
    """A condition whose status changed."""

    before: Condition
    after: Condition


def dated(verdicts: Sequence[Verdict], previous: Iterable[Condition], generation: int, now: str) -> list[Condition]:
    """The verdicts as conditions: one whose status is as before keeps its time."""
    known = {condition.type: condition for condition in previous}
    return [_dated(verdict, known.get(verdict.type), generation, now) for verdict in verdicts]


def transitions(before: BitcoinCacheStatus, after: BitcoinCacheStatus) -> Iterator[Transition]:
    """The conditions that both have and whose status changed, in the order of ``after``."""
    known = {condition.type: condition for condition in before.conditions or ()}
    for condition in after.conditions or ():
        old = known.get(condition.type)
        if old is not None and old.status != condition.status:
            yield Transition(old, condition)


def _dated(verdict: Verdict, previous: Condition | None, generation: int, now: str) -> Condition:
    status = {True: "True", False: "False", None: "Unknown"}[verdict.holds]
    unchanged = previous is not None and previous.status == status
    return Condition.model_validate(
        {
            "type": verdict.type,
            "status": status,
            "reason": verdict.reason,
            "message": verdict.message,
            "last_transition_time": previous.last_transition_time if previous and unchanged else now,
            "observed_generation": generation,
        }
    )
