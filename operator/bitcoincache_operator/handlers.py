"""kopf: what happens in the cluster wakes the resource that it is about, and nothing else.

Only ``on.event``: handlers of other sorts would write annotations or finalizers into what they watch.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import kopf

from bitcoincache_api.names import MANAGED_BY_SELECTOR, NAMESPACE_LABEL, Label
from bitcoincache_operator.cluster.connection import credentials
from bitcoincache_operator.kinds import BITCOINCACHE, WATCHED
from bitcoincache_operator.queue import WorkQueue
from bitcoincache_operator.resource import ResourceKey
from bitcoincache_operator.sync import digest

_ASKED: Final = ("uid", "generation", "labels", "annotations", "finalizers", "deletionTimestamp")
"""The metadata that change with what is asked of the operator."""

registry: Final = kopf.OperatorRegistry()


@kopf.on.login(registry=registry)
async def login(**_: Any) -> kopf.ConnectionInfo:
    found = await credentials()
    return kopf.ConnectionInfo(
        server=found.server,
        ca_path=found.ca_path,
        token=found.token,
        certificate_path=found.certificate_path,
        private_key_path=found.private_key_path,
        insecure=found.insecure,
    )


@kopf.on.event(BITCOINCACHE.group, BITCOINCACHE.version, BITCOINCACHE.plural, registry=registry)
async def resource_changed(memo: kopf.Memo, event: kopf.RawEvent, meta: kopf.Meta, **_: Any) -> None:
    """A change of what is asked for is worked on at once; one of the status, such as our own, is news like any."""
    key = ResourceKey(meta["namespace"], meta["name"])
    asked = digest({name: meta.get(name) for name in _ASKED})
    if event["type"] == "DELETED" or memo.get("asked") != asked:
        memo["asked"] = asked
        _queue(memo).hasten(key)
    else:
        _queue(memo).wake(key)


async def child_changed(memo: kopf.Memo, labels: Mapping[str, str], **_: Any) -> None:
    namespace, name = labels.get(NAMESPACE_LABEL), labels.get(Label.INSTANCE)
    # Volumes are watched in the whole cluster: those of namespaces that aren't served are another operator's.
    if namespace and name and (namespace in memo.namespaces or not memo.namespaces):
        _queue(memo).wake(ResourceKey(namespace, name))


for _kind in WATCHED:
    kopf.on.event(_kind.group, _kind.version, _kind.plural, registry=registry)(child_changed)


def _queue(memo: kopf.Memo) -> WorkQueue[ResourceKey]:
    queue: WorkQueue[ResourceKey] = memo.queue
    return queue


class _Forever:
    """Seconds between tries, without an end: an operator that gave up would look alive and watch nothing."""

    def __iter__(self) -> Iterator[float]:
        return itertools.chain((1, 1, 2, 3, 5, 8, 13, 21), itertools.repeat(30))


class _NothingCompared(kopf.DiffBaseStorage):
    """For handlers of changes, of which there are none here, kopf copies every object several times an event."""

    def build(self, **_: Any) -> kopf.BodyEssence:
        return {}

    def fetch(self, **_: Any) -> None:
        return None

    def store(self, **_: Any) -> None:
        return None


class _NothingRemembered(kopf.ProgressStorage):
    """Nor is there progress of such handlers."""

    def fetch(self, **_: Any) -> None:
        return None

    def store(self, **_: Any) -> None:
        return None

    def purge(self, **_: Any) -> None:
        return None

    def touch(self, **_: Any) -> None:
        return None

    def clear(self, *, essence: kopf.BodyEssence) -> kopf.BodyEssence:
        return essence


async def watch(queue: WorkQueue[ResourceKey], namespaces: Collection[str]) -> None:
    """Wakes the queue's keys until the process is told to stop. Serves all namespaces if none are given.

    The API server must serve the resource by now: kopf looks for it once.
    """
    await kopf.operator(
        registry=registry,
        settings=_settings(),
        memo=kopf.Memo(queue=queue, namespaces=namespaces),
        standalone=True,
        clusterwide=not namespaces,
        namespaces=namespaces,
    )


def _settings() -> kopf.OperatorSettings:
    """Kopf as this operator needs it: watches that never go silent, and nothing written."""
    settings = kopf.OperatorSettings()
    # Both are known from the start, and so the operator needs no rights to look for them.
    settings.scanning.disabled = True
    settings.posting.enabled = False
    settings.persistence.diffbase_storage = _NothingCompared()
    settings.persistence.progress_storage = _NothingRemembered()
    settings.watching.server_timeout = 300
    settings.watching.client_timeout = 330
    settings.networking.request_timeout = 30
    settings.networking.error_backoffs = _Forever()
    for kind in WATCHED:
        settings.watching.label_selectors[kind.group, kind.version, kind.plural] = MANAGED_BY_SELECTOR
    return settings
