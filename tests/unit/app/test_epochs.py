from __future__ import annotations

from dataclasses import replace

import pytest

from bitcoincache_app.epochs import AWAY, PERMIT, PERMITS_OVER, Action, Beats, Epoch, View, decide

TRUSTED = Epoch(7, "process", "stamp", open=True)
SUSPENDED = Epoch(8, None, "", open=False)
OPENED = Epoch(8, None, "", open=True)
SERVING = View(TRUSTED, registered=True, others=True, reached="process", stamped=True, away=0.0, waited=60.0)
AWAY_FROM_IT = replace(SERVING, reached=None, stamped=False, away=AWAY)
NOBODY_LEFT = View(SUSPENDED, registered=False, others=False, reached=None, stamped=False, away=9.0, waited=0.0)


def test_who_reaches_the_trusted_redis_gets_a_permit_first_and_serves_then() -> None:
    assert decide(replace(SERVING, registered=False)) is Action.REGISTER
    assert decide(SERVING) is Action.SERVE


def test_a_short_break_changes_nothing() -> None:
    assert decide(replace(AWAY_FROM_IT, away=AWAY / 2)) is Action.WAIT


@pytest.mark.parametrize("reached", [None, "another"])
def test_who_cant_reach_it_hands_its_permit_in_and_leaves_it_to_those_who_can(reached: str | None) -> None:
    away = replace(AWAY_FROM_IT, reached=reached)
    assert decide(away) is Action.HAND_IN
    assert decide(replace(away, registered=False)) is Action.WAIT


@pytest.mark.parametrize("reached", [None, "another"])
def test_when_nobody_can_the_epoch_is_suspended(reached: str | None) -> None:
    assert decide(replace(AWAY_FROM_IT, reached=reached, registered=False, others=False)) is Action.SUSPEND


def test_an_emptied_redis_is_of_no_use_to_anyone() -> None:
    assert decide(replace(SERVING, stamped=False)) is Action.SUSPEND


@pytest.mark.parametrize("epoch", [SUSPENDED, OPENED])
def test_without_a_trusted_redis_permits_are_handed_in(epoch: Epoch) -> None:
    assert decide(replace(SERVING, epoch=epoch)) is Action.HAND_IN


def test_nothing_is_opened_or_adopted_before_the_others_permits_are_over() -> None:
    waiting = replace(NOBODY_LEFT, others=True, reached="process", waited=PERMITS_OVER / 2)
    assert decide(waiting) is Action.WAIT
    assert decide(replace(waiting, waited=PERMITS_OVER)) is Action.CLEAR


def test_writes_go_past_redis_only_where_there_is_none_to_be_had() -> None:
    assert decide(NOBODY_LEFT) is Action.OPEN
    assert decide(replace(NOBODY_LEFT, reached="another")) is Action.ADOPT
    assert decide(replace(NOBODY_LEFT, epoch=OPENED)) is Action.WAIT
    assert decide(replace(NOBODY_LEFT, epoch=OPENED, reached="another")) is Action.ADOPT


def test_a_permit_runs_out_before_others_take_it_for_over() -> None:
    assert PERMIT < PERMITS_OVER


def test_a_replica_whose_beat_stands_still_for_a_permits_life_is_dead() -> None:
    beats = Beats()
    assert beats.dead({"one": 1, "other": 1}, now=0.0) == {}
    assert beats.dead({"one": 1, "other": 2}, now=PERMITS_OVER / 2) == {}
    assert beats.dead({"one": 1, "other": 2}, now=PERMITS_OVER) == {"one": 1}


def test_a_beat_that_goes_back_is_a_sign_of_life() -> None:
    """As after a crash of PostgreSQL, or of a replica that has come again."""
    beats = Beats()
    beats.dead({"one": 5}, now=0.0)
    beats.dead({"one": 4}, now=PERMITS_OVER / 2)
    assert beats.dead({"one": 4}, now=PERMITS_OVER) == {}
    assert beats.dead({}, now=PERMITS_OVER) == {}
    assert beats.dead({"one": 4}, now=3 * PERMITS_OVER) == {}
