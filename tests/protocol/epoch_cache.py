"""The steps of the model of epochs that Redis is asked for, and what may happen to it."""

from __future__ import annotations

from collections.abc import Iterator

from protocol.epoch_state import DECIDED, NONE, STRANGER, Read, Redis, Rule, State, Step, Value, Write, without_token


def read_steps(s: State, i: int, without: Rule | None) -> Iterator[Step]:
    r = s.replicas[i]
    p = s.epochs[r.known]
    if r.read is Read.OLD:
        yield f"replica {i} drops what it read", s.replica(i, r._replace(read=Read.NOTHING))
        if r.permit or without is Rule.PERMIT:
            yield f"replica {i} serves what it read", s.replica(i, r._replace(read=Read.STALE))
    elif without is Rule.PERMIT and r.read is Read.NOTHING:
        if r.permit:
            yield f"replica {i} asks for the value", s.replica(i, r._replace(read=Read.ASKED))
    elif p != NONE and (s.processes[p].value is Value.OLD or without is Rule.TRUSTED_HIT):
        yield f"replica {i} reads an old value", s.replica(i, r._replace(read=Read.OLD))
    if p != NONE:
        yield from _lease(s, r.known, p, without)


def _lease(s: State, known: int, p: int, without: Rule | None) -> Iterator[Step]:
    redis = s.processes[p]
    is_stamped = redis.stamp == known or without is Rule.STAMP_LEASE
    if is_stamped and redis.lease is Value.ABSENT and not _has_tokens(s, p):
        yield f"process {p} grants the lease", s.redis(p, redis._replace(lease=Value.FRESH))


def write_steps(s: State, i: int, without: Rule | None) -> Iterator[Step]:
    r = s.replicas[i]
    if r.write is Write.IDLE:
        yield from _beginnings(s, i, without)
    elif r.write is Write.ANNOUNCED:
        if _passes_fence(s, r.claimed, without):
            yield f"replica {i} begins what it announced", _begun(s, i, without)
        failed = r._replace(write=Write.FAILED if r.token != NONE else Write.IDLE, claimed=NONE)
        yield f"replica {i} gives its write up", s.replica(i, failed)
    elif r.write is Write.PASSED and s.adopting == NONE:
        yield f"replica {i} shares the lock", s.replica(i, r._replace(write=Write.STATEMENT))
    elif r.write is Write.STATEMENT:
        failed = r._replace(write=Write.FAILED if r.token != NONE else Write.IDLE)
        yield f"replica {i} rolls back", s.replica(i, failed)
        yield f"replica {i} commits", _committed(s, i)
    elif r.write in DECIDED:
        yield from _endings(s, i)


def _beginnings(s: State, i: int, without: Rule | None) -> Iterator[Step]:
    """Where no process is trusted, writes are made without announcing them: the fence tells whether they may."""
    r = s.replicas[i]
    p = s.epochs[r.known]
    if p == NONE:
        if _passes_fence(s, r.known, without):
            yield f"replica {i} begins unannounced", _begun(s, i, without)
        return
    announced = r._replace(write=Write.ANNOUNCED, claimed=r.known)
    if without is Rule.ANNOUNCED_THERE:
        yield f"replica {i} announces itself elsewhere", s.replica(i, announced)
    redis = s.processes[p]
    if redis.stamp == r.known or without is Rule.STAMP_ANNOUNCE:
        told = redis._replace(value=Value.ABSENT, lease=Value.ABSENT, overlap=_has_tokens(s, p))
        yield f"replica {i} announces itself", s.replica(i, announced._replace(token=p)).redis(p, told)


def _passes_fence(s: State, claimed: int, without: Rule | None) -> bool:
    """While a process is being adopted nobody gets the lock."""
    if s.adopting != NONE and without not in (Rule.EXCLUSIVE, Rule.FENCE_LOCKS):
        return False
    return (claimed == s.current or without is Rule.FENCE_EPOCH) and (s.open or without is Rule.FENCE_OPEN)


def _begun(s: State, i: int, without: Rule | None) -> State:
    begun = Write.PASSED if without is Rule.FENCE_LOCKS else Write.STATEMENT
    return s.replica(i, s.replicas[i]._replace(write=begun, claimed=NONE))


def _committed(s: State, i: int) -> State:
    """Whatever was fresh is old now."""
    replicas = tuple(r._replace(write=Write.OUTDATED) if r.write is Write.NEWEST else r for r in s.replicas)
    processes = tuple(redis._replace(value=_aged(redis.value), lease=_aged(redis.lease)) for redis in s.processes)
    r = s.replicas[i]
    now = r._replace(write=Write.NEWEST if r.token != NONE else Write.IDLE)
    return s._replace(replicas=replicas, processes=processes).replica(i, now)


def _aged(value: Value) -> Value:
    return Value.OLD if value is Value.FRESH else value


def _endings(s: State, i: int) -> Iterator[Step]:
    r = s.replicas[i]
    p = r.token
    ended = s.replica(i, without_token(r))
    others = _has_tokens(ended, p)
    redis = s.processes[p]._replace(overlap=s.processes[p].overlap and others)
    yield f"the token of replica {i} is removed", ended.redis(p, redis)
    if r.write is not Write.FAILED:
        own = Value.FRESH if r.write is Write.NEWEST else Value.OLD
        value = Value.ABSENT if others or s.processes[p].overlap else own
        yield f"replica {i} publishes", ended.redis(p, redis._replace(value=value, lease=Value.ABSENT))


def _has_tokens(s: State, p: int) -> bool:
    return any(r.token == p for r in s.replicas)


def redis_steps(s: State, p: int, without: Rule | None) -> Iterator[Step]:
    redis = s.processes[p]
    if redis == STRANGER:
        return
    if redis.lease is not Value.ABSENT:
        unleased = redis._replace(lease=Value.ABSENT)
        yield f"process {p} is filled", s.redis(p, unleased._replace(value=redis.lease))
        yield f"the lease of process {p} lapses", s.redis(p, unleased)
    if redis.value is not Value.ABSENT:
        yield f"process {p} evicts the value", s.redis(p, redis._replace(value=Value.ABSENT))
    if s.emptied:
        # By someone's FLUSHALL, or by an attempt to adopt that was given up and arrives late.
        stamp = redis.stamp if without is Rule.NEW_STAMP else NONE
        yield f"process {p} is emptied", s.replaced(p, Redis(stamp=stamp))._replace(emptied=s.emptied - 1)
