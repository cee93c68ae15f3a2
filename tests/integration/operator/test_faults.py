"""What the API server, or the way to it, may do to the operator: it comes back to its work by itself."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from bitcoincache_operator.kinds import JOB, OWNED, WATCHED
from integration.operator.lane import EVERYTHING, Lane, lane
from support.apiserver import ApiServer
from support.kubernetes import Object
from support.likeness import difference
from support.proxy import Fault, Request, answered, cut_short, ended, hung, passed, refused, told_in_the_stream, unheard

_OUTAGE_SECONDS: Final = 30.0
_PATIENCE: Final = 300.0
"""Seconds. Both kopf and the queue may wait for half a minute after an outage."""

_SHARE: Final = 1 / 8
"""Of the writes that fail; a visit has many more reads, all of which must succeed before it writes."""

_SHARE_OF_READS: Final = 1 / 40
_FAULTS: Final = 12
_LABEL: Final = "app.kubernetes.io/part-of"

REPAIRED: Final = [kind for kind in OWNED if kind is not JOB]
"""Jobs run once as they are, and pods aren't the operator's."""

FAULTS: Final[dict[str, Fault]] = {
    "409": answered(409),
    "429": answered(429, Retry_After="1"),
    "500": answered(500),
    "503": answered(503),
    "refused": refused,
    "unheard": unheard,
    "cut short": cut_short,
}


def test_after_each_sort_of_outage_the_stack_is_as_if_nothing_had_happened(
    field: Lane, faulty_cluster: ApiServer, tmp_path: Path
) -> None:
    """Side by side, for most of the time is spent waiting."""
    wanted = field.likeness()
    outages = [gone, silent, *(partial(faulty, fault) for fault in FAULTS.values())]

    def suffer(outage: Callable[[Lane], None]) -> list[str]:
        with lane(faulty_cluster, tmp_path) as sufferer:
            process = sufferer.forked.pid
            outage(sufferer)
            sufferer.until("ready", sufferer.is_ready, sufferer.play, _PATIENCE)
            sufferer.rest()
            assert sufferer.forked.pid == process
            assert len(sufferer.passwords()) == 1
            return difference(wanted, sufferer.likeness())

    with ThreadPoolExecutor(len(outages)) as threads:
        assert [differs for differs in threads.map(suffer, outages) if differs] == []


def gone(field: Lane) -> None:
    """There is no API server for half a minute."""
    field.create(**EVERYTHING)
    field.settle()
    field.proxy.go_away()
    drift(field)
    # How long it lasts is what this is about.
    time.sleep(_OUTAGE_SECONDS)
    field.proxy.come_back()
    repaired(field)


def silent(field: Lane) -> None:
    """The API server takes every request, and answers none of them, ever."""
    field.create(**EVERYTHING)
    field.settle()
    field.proxy.meddle(lambda _: hung)
    before = len(field.proxy.seen)
    field.proxy.cut_all()
    drift(field)
    field.until("it asks in vain", lambda: len(field.proxy.seen) >= before + len(WATCHED))
    field.proxy.meddle()
    repaired(field)


def faulty(fault: Fault, field: Lane) -> None:
    """Of the creation's requests, those of watches included, some fail. No server answers a read by 409."""
    chance, struck = random.Random(4), list[Request]()  # noqa: S311

    def verdict(request: Request) -> Fault:
        possible = request.write or fault is not FAULTS["409"]
        if possible and len(struck) < _FAULTS and chance.random() < (_SHARE if request.write else _SHARE_OF_READS):
            struck.append(request)
            return fault
        return passed

    field.proxy.meddle(verdict)
    field.create(**EVERYTHING)
    field.until("faults come to pass", lambda: any(request.write for request in struck), field.play)


def test_a_read_that_fails_is_never_taken_for_an_empty_one(field: Lane) -> None:
    before, generations = field.writes(), field.generations()
    faults = itertools.cycle(FAULTS[name] for name in ("500", "503", "refused", "cut short"))
    field.proxy.meddle(lambda request: passed if request.write or request.watches else next(faults))
    field.api.patch("configmaps", "demo-redis-config", {"metadata": {"annotations": {"touched": "yes"}}})
    field.until("visits fail", lambda: field.operator.metric("bitcoincache_reconcile_errors_total") >= 3)
    field.proxy.meddle()
    visits = field.operator.metric("bitcoincache_reconciles_total")
    field.until("another visit", lambda: field.operator.metric("bitcoincache_reconciles_total") > visits)
    field.rest()
    assert field.writes() == before
    assert field.generations() == generations


@pytest.mark.parametrize("way", ["cut", "expired", "ended"])
def test_watches_go_on_for_every_kind(field: Lane, way: str) -> None:
    process, before = field.forked.pid, field.proxy.seen
    if way != "cut":
        once = set[str]()

        def verdict(request: Request) -> Fault:
            if not request.watches or request.path in once:
                return passed
            once.add(request.path)
            return told_in_the_stream(410) if way == "expired" else ended

        field.proxy.meddle(verdict)
    field.proxy.cut_all()
    field.until("all are watched again", lambda: watched(before) <= watched(field.proxy.seen[len(before) :]))
    for kind in REPAIRED:
        notices(field, kind.plural)
    assert field.forked.pid == process


def test_an_operator_that_lost_a_watch_for_good_ends_and_begins_anew(field: Lane) -> None:
    field.proxy.meddle(lambda request: told_in_the_stream(500) if request.watches else passed)
    field.proxy.cut_all()
    field.until("it gives up", lambda: not field.forked.runs())
    # As the kubelet does.
    field.revive()
    for kind in REPAIRED:
        notices(field, kind.plural)


def test_it_waits_for_an_api_server_that_is_not_there_yet(field: Lane) -> None:
    field.forked.stop()
    field.proxy.go_away()
    drift(field)
    field.forked.start()
    process = field.forked.pid
    field.until("it waits", lambda: "waits for the API server" in field.operator.log.read_text("utf-8"))
    field.proxy.come_back()
    repaired(field)
    assert field.forked.pid == process


def drift(field: Lane) -> None:
    field.api.delete("services", "demo-redis")
    field.api.patch("configmaps", "demo-redis-config", {"data": {"redis.conf": "maxmemory 1"}})


def repaired(field: Lane) -> None:
    def check() -> bool:
        edited = field.api.get("configmaps", "demo-redis-config")["data"]["redis.conf"]
        return edited != "maxmemory 1" and field.api.find("services", "demo-redis") is not None

    field.until("the drift is repaired", check, field.play, _PATIENCE)


def watched(requests: list[Request]) -> set[str]:
    """What they watch, by its path."""
    return {request.path for request in requests if request.watches}


def notices(field: Lane, plural: str) -> None:
    """One object of that kind loses a label, and gets it back: nothing else happens that would wake the operator."""
    field.rest()
    for item in field.owned(plural)[:1]:
        name = item["metadata"]["name"]
        field.api.patch(plural, name, {"metadata": {"labels": {_LABEL: "another"}}})
        field.until(f"the label of {plural} {name} is back", partial(is_labelled, field, plural, name))


def is_labelled(field: Lane, plural: str, name: str) -> bool:
    found: Object = field.api.get(plural, name)["metadata"]["labels"]
    return bool(found[_LABEL] == "bitcoincache")
