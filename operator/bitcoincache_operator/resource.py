"""The BitcoinCache resource as the API server gives it -> typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bitcoincache_api.crd.spec import BitcoinCacheSpec, DeletionPolicy
from bitcoincache_api.crd.status import BitcoinCacheStatus
from bitcoincache_api.names import FINALIZER, PRIME_ANNOTATION, Names
from bitcoincache_operator.builders.storage import Directory


@dataclass(frozen=True, order=True)
class ResourceKey:
    """Which resource."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True)
class Resource:
    """One BitcoinCache. ``spec`` holds the text of what is wrong with it where it can't be used.

    ``deletion_policy`` is known in that case too: what else is wrong with a spec must not cost anyone's data.
    ``directory`` is where its data are, noted on a resource that takes them along when it goes. ``priming_request`` is
    the text by which a person last asked for a priming.
    """

    key: ResourceKey
    uid: str
    generation: int
    version: str
    deleting: bool
    finalizers: tuple[str, ...]
    directory: Directory | None
    priming_request: str
    deletion_policy: DeletionPolicy
    spec: BitcoinCacheSpec | str
    status: BitcoinCacheStatus

    @property
    def names(self) -> Names:
        return Names(self.key.namespace, self.key.name)

    @property
    def paused(self) -> bool:
        return isinstance(self.spec, BitcoinCacheSpec) and self.spec.paused

    @property
    def holds_finalizer(self) -> bool:
        return FINALIZER in self.finalizers


def parsed(live: Mapping[str, Any]) -> Resource:
    """The resource. Never raises: what can't be used of spec or status is told, or left out."""
    metadata, spec = live["metadata"], live.get("spec") or {}
    return Resource(
        key=ResourceKey(metadata["namespace"], metadata["name"]),
        uid=metadata["uid"],
        generation=metadata["generation"],
        version=metadata["resourceVersion"],
        deleting="deletionTimestamp" in metadata,
        finalizers=tuple(metadata.get("finalizers") or ()),
        directory=Directory.noted(metadata.get("annotations")),
        priming_request=(metadata.get("annotations") or {}).get(PRIME_ANNOTATION, ""),
        deletion_policy=_deletion_policy(spec),
        spec=_spec(spec),
        status=_status(live.get("status") or {}),
    )


def _deletion_policy(content: Mapping[str, Any]) -> DeletionPolicy:
    """Data are removed where just that is asked for, and kept whatever else is written there."""
    asked = content.get("deletionPolicy") == DeletionPolicy.DELETE
    return DeletionPolicy.DELETE if asked else DeletionPolicy.RETAIN


def _spec(content: Any) -> BitcoinCacheSpec | str:
    try:
        return BitcoinCacheSpec.model_validate(content)
    except ValidationError as error:
        return "; ".join(
            f"{'.'.join(['spec', *map(str, problem['loc'])])}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_url=False, include_input=False)
        )


def _status(content: Any) -> BitcoinCacheStatus:
    """A status that another version wrote and this one can't read counts as none: it is written anew."""
    try:
        return BitcoinCacheStatus.model_validate(content)
    except ValidationError:
        return BitcoinCacheStatus()
