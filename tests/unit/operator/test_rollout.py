"""PostgreSQL and Redis, then priming, then the backend, then the frontend."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bitcoincache_api.names import Component
from bitcoincache_operator.rollout import Progress, waits_for

progresses = st.builds(
    Progress,
    claim_exists=st.booleans(),
    primed=st.booleans(),
    existing=st.frozensets(st.sampled_from(list(Component))),
    started=st.frozensets(st.sampled_from(list(Component))),
    settled=st.frozensets(st.sampled_from(list(Component))),
)


@given(progresses)
def test_each_step_waits_for_exactly_the_one_before(progress: Progress) -> None:
    may_go = {component for component in Component if not waits_for(component, progress)}
    assert (Component.POSTGRES in may_go) == progress.claim_exists
    assert (Component.PRIME in may_go) == (
        {Component.POSTGRES, Component.REDIS} <= {*progress.settled, *progress.started}
    )
    assert (Component.BACKEND in may_go) == (progress.primed or Component.BACKEND not in progress.existing)
    assert (Component.FRONTEND in may_go) == (
        Component.BACKEND in progress.settled or Component.FRONTEND not in progress.existing
    )
    assert {Component.REDIS, Component.REDISINSIGHT} <= may_go


def test_it_says_what_it_waits_for() -> None:
    nothing = Progress(claim_exists=True, primed=False, existing=(), started=(), settled=())
    assert waits_for(Component.PRIME, nothing) == "waits for PostgreSQL and Redis"
    one = Progress(claim_exists=True, primed=False, existing=(), started=(), settled=(Component.REDIS,))
    assert waits_for(Component.PRIME, one) == "waits for PostgreSQL"
