from __future__ import annotations

from bitcoincache_app.breaker import Breaker
from support.clock import FakeClock


def _broken(clock: FakeClock) -> Breaker:
    breaker = Breaker(clock, failures=3, pause=1.0)
    for _ in range(3):
        assert breaker.admits()
        clock.time += 0.1
        breaker.failed()
    return breaker


def test_failures_in_a_row_open_it() -> None:
    assert not _broken(FakeClock()).admits()


def test_a_success_between_failures_keeps_it_closed() -> None:
    clock = FakeClock()
    breaker = Breaker(clock, failures=2)
    for _ in range(5):
        clock.time += 0.1
        breaker.failed()
        breaker.succeeded()

    assert breaker.admits()


def test_failures_at_the_same_moment_are_one() -> None:
    breaker = Breaker(FakeClock(), failures=2)
    for _ in range(5):
        breaker.failed()

    assert breaker.admits()


def test_after_the_pause_one_call_tries_and_the_others_wait() -> None:
    clock = FakeClock()
    breaker = _broken(clock)
    clock.time += 1.0

    assert [breaker.admits() for _ in range(3)] == [True, False, False]


def test_a_try_that_fails_opens_it_for_another_pause() -> None:
    clock = FakeClock()
    breaker = _broken(clock)
    clock.time += 1.0
    breaker.admits()
    breaker.failed()
    clock.time += 0.9

    assert not breaker.admits()


def test_a_try_that_succeeds_closes_it() -> None:
    clock = FakeClock()
    breaker = _broken(clock)
    clock.time += 1.0
    breaker.admits()
    breaker.succeeded()

    assert all(breaker.admits() for _ in range(3))
