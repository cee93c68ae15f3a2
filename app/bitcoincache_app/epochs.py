"""What a replica does about the epoch: pure decisions over what it sees. docs/adr/0013-epochs.md gives the reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

PERMIT: Final = 9.0
"""Seconds that a permit is good for, from when it was asked for."""

PERMITS_OVER: Final = 10.0
"""Seconds after which every permit is over, by whatever clock: a tenth more than ``PERMIT``, should clocks differ."""

AWAY: Final = 0.5
"""Seconds without a connection after which Redis counts as gone. A shorter break costs nothing."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """As PostgreSQL has it. ``process`` is the run_id of the Redis that is trusted, or None.

    Without a process: writes go past Redis where it is ``open``, and wait where it is not.
    """

    number: int
    process: str | None
    stamp: str
    open: bool


@dataclass(frozen=True, slots=True)
class View:
    """What one replica sees. ``reached``: the process that it is connected to; ``stamped``: whether that has the stamp.

    ``away``: seconds since it first missed the trusted process. ``others``: whether other replicas hold permits, and
    ``waited``: seconds for which it has known of this epoch.
    """

    epoch: Epoch
    registered: bool
    others: bool
    reached: str | None
    stamped: bool
    away: float
    waited: float


class Action(Enum):
    """One step towards a cache that can be used."""

    REGISTER = auto()  # for a permit, which the next renewal gives
    SERVE = auto()
    HAND_IN = auto()
    SUSPEND = auto()
    CLEAR = auto()  # the permits of those who can't hand them in
    OPEN = auto()
    ADOPT = auto()
    WAIT = auto()


def decide(view: View) -> Action:
    """The next step. Each is safe at any time, for PostgreSQL refuses what comes too late; this one is useful."""
    if view.epoch.process is not None:
        return _about_trusted(view, view.epoch.process)
    if view.registered:
        return Action.HAND_IN
    if view.others:
        return Action.CLEAR if view.waited >= PERMITS_OVER else Action.WAIT
    if view.reached is not None:
        return Action.ADOPT
    return Action.WAIT if view.epoch.open else Action.OPEN


def _about_trusted(view: View, trusted: str) -> Action:
    if view.reached == trusted:
        if not view.stamped:
            return Action.SUSPEND  # it was emptied: nobody can use it
        return Action.SERVE if view.registered else Action.REGISTER
    if view.away < AWAY:
        return Action.WAIT
    if view.registered:
        return Action.HAND_IN
    return Action.WAIT if view.others else Action.SUSPEND


class Beats:
    """Who is alive: those whose count of renewals still grows."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, float]] = {}

    def dead(self, beats: Mapping[str, int], now: float) -> dict[str, int]:
        """Those of these replicas, and their beats, that have stood still for as long as a permit can last."""
        self._seen = {
            replica: seen if (seen := self._seen.get(replica)) is not None and seen[0] == beat else (beat, now)
            for replica, beat in beats.items()
        }
        return {replica: beat for replica, (beat, since) in self._seen.items() if now - since >= PERMITS_OVER}
