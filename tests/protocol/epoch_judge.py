"""The steps of the model of epochs that PostgreSQL is asked for: permits, and the epoch itself."""

from __future__ import annotations

from collections.abc import Iterator

from protocol.epoch_state import NONE, STRANGER, Read, Redis, Replica, Rule, State, Step, Write


def permit_steps(s: State, i: int, without: Rule | None) -> Iterator[Step]:
    r = s.replicas[i]
    if not r.row:
        yield f"replica {i} registers", s.replica(i, r._replace(row=True))
    if r.renewal == NONE and (r.row or without is Rule.REGISTERED):
        # One step, for the row is locked until the epoch has been read.
        yield f"replica {i} asks", s.replica(i, r._replace(renewal=s.current))
    if r.renewal != NONE:
        yield f"replica {i} renews", s.replica(i, _renewed(s, r, without))
        yield f"replica {i} gives its renewal up", s.replica(i, r._replace(renewal=NONE))
    if r.permit:
        yield f"the permit of replica {i} runs out", s.replica(i, r._replace(permit=False))
    yield from _removals(s, i, without)


def _renewed(s: State, r: Replica, without: Rule | None) -> Replica:
    """No permit is given where no process is trusted."""
    renewed = r._replace(known=r.renewal, permit=s.epochs[r.renewal] != NONE, renewal=NONE)
    if r.known != r.renewal and without is not Rule.SAME_EPOCH:
        return renewed._replace(read=Read.NOTHING)
    return renewed


def _removals(s: State, i: int, without: Rule | None) -> Iterator[Step]:
    r = s.replicas[i]
    if not r.row:
        return
    if (not r.permit or without is Rule.GIVEN_UP) and (r.renewal == NONE or without is Rule.ASKED):
        yield f"replica {i} hands its permit in", s.replica(i, r._replace(row=False))
    if r.doomed:
        yield f"the row of replica {i} is removed", s.replica(i, r._replace(row=False, doomed=False))
    elif not r.permit and r.renewal == NONE:
        # Nothing has come of its last renewal for ten seconds, and so nothing will.
        if without is Rule.BEAT:
            yield f"replica {i} stands still", s.replica(i, r._replace(doomed=True))
        else:
            yield f"replica {i} stands still, and its row is removed", s.replica(i, r._replace(row=False))


def epoch_steps(s: State, without: Rule | None) -> Iterator[Step]:
    if s.adopting != NONE:
        # The row of the epoch is locked: nobody else changes it.
        yield from _adopted(s)
    elif s.trusted != NONE:
        if s.suspended:
            suspended = s._replace(epochs=(*s.epochs, NONE), open=False, suspended=s.suspended - 1)
            yield "the epoch is suspended", suspended
    else:
        if not s.open and (not s.has_rows or without is Rule.OPEN_WAITS):
            yield "writes are opened", s._replace(open=True)
        if not s.has_rows or without is Rule.ADOPT_WAITS:
            yield from _adoptions(s, without)
    if s.trusted == NONE:
        yield from _clearing(s, without)


def _clearing(s: State, without: Rule | None) -> Iterator[Step]:
    """Ten seconds after a replica has learned of the epoch: what was asked for in an earlier one is over."""
    over = all(not r.permit and r.renewal in (NONE, s.current) for r in s.replicas)
    if not s.has_rows or not (over or without is Rule.CLEAR_WAITS):
        return
    if without is Rule.CLEAR_LOCKS:
        # The statement has found its rows and deletes them later, come what may.
        yield "clearing begins", s._replace(replicas=tuple(r._replace(doomed=r.row) for r in s.replicas))
    elif s.adopting == NONE:
        yield "rows are cleared", s._replace(replicas=tuple(r._replace(row=False) for r in s.replicas))


def _adoptions(s: State, without: Rule | None) -> Iterator[Step]:
    if without is not Rule.EXCLUSIVE and any(r.write is Write.STATEMENT for r in s.replicas):
        return
    stamp = s.current + 1
    for p, redis in enumerate(s.processes):
        if redis == STRANGER and redis in s.processes[:p]:
            continue  # strangers are alike
        if without is Rule.EMPTIES:
            emptied = s.redis(p, redis._replace(stamp=stamp))
        else:
            emptied = s.replaced(p, Redis(stamp=stamp))
        yield f"process {p} is emptied and stamped", emptied._replace(adopting=p)


def _adopted(s: State) -> Iterator[Step]:
    p = s.adopting
    yield f"process {p} is adopted", s._replace(epochs=(*s.epochs, p), open=True, adopting=NONE)
    unknown = s.redis(p, s.processes[p]._replace(stamp=NONE))
    yield f"the adoption of process {p} is rolled back", unknown._replace(adopting=NONE)
