"""What every builder is given."""

from __future__ import annotations

from dataclasses import dataclass, field

from bitcoincache_api.crd.spec import BitcoinCacheSpec
from bitcoincache_api.names import Component, Names
from bitcoincache_operator.kinds import BITCOINCACHE, Kind, Manifest


@dataclass(frozen=True)
class Images:
    """The image of each component that runs one: the resource's own, or the operator's default."""

    backend: str
    frontend: str
    postgres: str
    redis: str
    redisinsight: str

    def chosen_by(self, spec: BitcoinCacheSpec) -> Images:
        """These as defaults, with the spec's own in their place."""
        return Images(
            backend=spec.backend.image or self.backend,
            frontend=spec.frontend.image or self.frontend,
            postgres=spec.postgres.image or self.postgres,
            redis=spec.redis.image or self.redis,
            redisinsight=spec.redis_insight.image or self.redisinsight,
        )


@dataclass(frozen=True)
class DatabaseLogin:
    """User and password of the database."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Stack:
    """One resource: what its children are made from."""

    names: Names
    uid: str
    spec: BitcoinCacheSpec
    images: Images

    def manifest(self, kind: Kind, name: str, component: Component) -> Manifest:
        """The head of a child that goes with the resource."""
        out = self.lasting_manifest(kind, name, component)
        out["metadata"]["ownerReferences"] = [self._owner_reference()]
        return out

    def lasting_manifest(self, kind: Kind, name: str, component: Component) -> Manifest:
        """The head of a child in the resource's namespace that stays when the resource goes."""
        return {
            "apiVersion": kind.api_version,
            "kind": kind.kind,
            "metadata": {
                "name": name,
                "namespace": self.names.namespace,
                "labels": self.names.labels(component),
            },
        }

    def _owner_reference(self) -> Manifest:
        return {
            "apiVersion": BITCOINCACHE.api_version,
            "kind": BITCOINCACHE.kind,
            "name": self.names.name,
            "uid": self.uid,
            "controller": True,
            "blockOwnerDeletion": True,
        }
