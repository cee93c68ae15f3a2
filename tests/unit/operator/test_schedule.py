"""One visit at a time, none forgotten, and those that fail wait longer."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bitcoincache_operator.schedule import Pace, Schedule

PACE = Pace(base=1, longest=300, resync=600)
KEYS = st.sampled_from("abc")


class AnyHistory(RuleBasedStateMachine):
    """Whatever happens in whatever order."""

    def __init__(self) -> None:
        super().__init__()
        self.schedule: Schedule[str] = Schedule(PACE, lambda: 1.0)
        self.now = 0.0
        self.working: set[str] = set()
        self.owed: set[str] = set()
        """Keys that changed since their last visit began."""

    @rule(seconds=st.floats(0, 700))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(key=KEYS)
    def change(self, key: str) -> None:
        self.schedule.hasten(key, self.now)
        self.owed.add(key)

    @rule(key=KEYS)
    def child_changes(self, key: str) -> None:
        self.schedule.wake(key, self.now)

    @rule()
    def take(self) -> None:
        key = self.schedule.take(self.now)
        if key is not None:
            assert key not in self.working
            self.working.add(key)
            self.owed.discard(key)

    @precondition(lambda self: self.working)
    @rule(data=st.data())
    def end_well(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.working)))
        self.schedule.succeeded(key, self.now)
        self.working.discard(key)

    @precondition(lambda self: self.working)
    @rule(data=st.data())
    def find_it_gone(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.working)))
        self.schedule.gone(key, self.now)
        self.working.discard(key)

    @precondition(lambda self: self.working)
    @rule(data=st.data())
    def fail(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(sorted(self.working)))
        assert 0 <= self.schedule.failed(key, self.now) <= PACE.longest
        self.working.discard(key)

    @invariant()
    def nothing_is_forgotten(self) -> None:
        due = self.schedule.next_due()
        waiting = self.owed - self.working
        assert not waiting or (due is not None and due <= self.now + PACE.base)


TestAnyHistory = AnyHistory.TestCase


def schedule() -> Schedule[str]:
    return Schedule(PACE, lambda: 1.0)


def test_a_key_that_changes_while_it_is_visited_is_visited_again() -> None:
    work = schedule()
    work.hasten("a", 0)
    assert work.take(0) == "a"
    work.wake("a", 1)
    assert work.take(1) is None
    work.succeeded("a", 2)
    assert work.take(2 + PACE.breath) == "a"


@given(st.lists(st.floats(0, PACE.breath / 2), min_size=1), st.booleans())
def test_what_a_visit_changed_is_answered_by_one_more_visit(echoes: list[float], fails: bool) -> None:
    work = schedule()
    work.hasten("a", 0)
    work.take(0)
    end = work.failed if fails else work.succeeded
    end("a", 10)
    for echo in echoes:
        work.hasten("a", 10 + echo)
        assert work.take(10 + echo) is None
    assert work.take(10 + PACE.breath) == "a"


def test_a_key_that_has_rested_is_visited_at_once() -> None:
    work = schedule()
    work.hasten("a", 0)
    work.take(0)
    work.succeeded("a", 0)
    work.wake("a", 1)
    assert work.take(1) == "a"


def test_a_failing_key_waits_twice_as_long_each_time() -> None:
    work = schedule()
    work.hasten("a", 0)
    now, waits = 0.0, []
    for _ in range(12):
        assert work.take(now) == "a"
        waits.append(work.failed("a", now))
        now += waits[-1]
    assert waits[:5] == [1, 2, 4, 8, 16]
    assert waits[-1] == 300


def test_news_of_children_shortens_a_backoff_to_a_while_and_the_resources_own_to_nothing() -> None:
    work = schedule()
    for _ in range(8):
        work.hasten("a", 0)
        work.take(0)
        work.failed("a", 0)
    assert work.next_due() == min(PACE.longest, PACE.base * 2**7)
    work.wake("a", 1)
    assert work.next_due() == 1 + PACE.news
    work.wake("a", 2)
    assert work.next_due() == 1 + PACE.news
    work.hasten("a", 3)
    assert work.next_due() == 3


def test_news_during_a_visit_after_a_failure_counts_if_the_visit_ends_well() -> None:
    for ends_well, due in ((True, 5), (False, 7)):
        work = schedule()
        work.hasten("a", 0)
        work.take(0)
        work.failed("a", 0)
        assert work.take(5) == "a"
        work.wake("a", 5)
        if ends_well:
            work.succeeded("a", 5)
        else:
            work.failed("a", 5)
        next_due = work.next_due()
        assert next_due is not None
        assert due <= next_due < due + 1


def test_success_ends_the_backoff() -> None:
    work = schedule()
    work.hasten("a", 0)
    work.take(0)
    work.failed("a", 0)
    assert work.take(1) == "a"
    work.succeeded("a", 1)
    work.wake("a", 2)
    assert work.take(2) == "a"
    assert work.failed("a", 2) == 1


def test_a_quiet_key_is_visited_again_after_a_while() -> None:
    work = schedule()
    work.hasten("a", 0)
    work.take(0)
    work.succeeded("a", 0)
    assert work.take(599) is None
    assert work.take(600) == "a"


def test_a_key_that_asks_to_be_looked_at_again_is_never_later_than_the_resync() -> None:
    for again, due in ((30.0, 30.0), (1e9, PACE.resync)):
        work = schedule()
        work.hasten("a", 0)
        work.take(0)
        work.succeeded("a", 0, again)
        assert work.next_due() == due


def test_a_key_that_asks_to_be_looked_at_again_at_once_takes_breath_all_the_same() -> None:
    work = schedule()
    work.hasten("a", 0)
    work.take(0)
    work.succeeded("a", 10, 0.0)
    assert work.next_due() == 10 + PACE.breath


def test_a_key_that_is_gone_is_not_visited_any_more() -> None:
    work = schedule()
    work.hasten("a", 0)
    work.take(0)
    work.gone("a", 0)
    assert work.next_due() is None


def test_a_key_that_came_back_while_it_was_found_gone_is_visited_again() -> None:
    work = schedule()
    work.hasten("a", 0)
    work.take(0)
    work.hasten("a", 1)
    work.gone("a", 2)
    assert work.take(2) == "a"


def test_depth_and_wait_tell_of_what_is_due() -> None:
    work = schedule()
    work.hasten("a", 0)
    work.hasten("b", 5)
    assert (work.depth(7), work.longest_wait(7)) == (2, 7)
    work.take(7)
    assert (work.depth(7), work.longest_wait(7)) == (1, 2)
    work.take(7)
    assert (work.depth(7), work.longest_wait(7)) == (0, 0)


@given(st.integers(1, 10_000))
def test_no_backoff_is_longer_than_the_longest(failures: int) -> None:
    assert PACE.after_failures(failures, PACE.longest) <= PACE.longest


def test_what_may_be_over_any_moment_is_waited_for_less_long() -> None:
    work = schedule()
    waits = []
    for _ in range(9):
        work.hasten("a", 0)
        work.take(0)
        waits.append(work.failed_for_now("a", 0))
    assert waits == [1, 2, 4, 8, 16, *[PACE.transient] * 4]
