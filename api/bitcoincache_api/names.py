"""Names, labels and ports of everything that a resource becomes: derived here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

GROUP: Final = "bitcoincache.dev"
VERSION: Final = "v1alpha1"
API_VERSION: Final = f"{GROUP}/{VERSION}"
KIND: Final = "BitcoinCache"
PLURAL: Final = "bitcoincaches"
FINALIZER: Final = f"{GROUP}/finalizer"
FIELD_MANAGER: Final = "bitcoincache-operator"

MAX_RESOURCE_NAME: Final = 40
"""The longest child adds 21 characters, and a Service's name has at most 63 (RFC 1035)."""

NAMESPACE_LABEL: Final = f"{GROUP}/namespace"
"""The owner's namespace, on objects that live outside it."""

PRIME_ANNOTATION: Final = f"{GROUP}/prime"
"""On a resource: any text. Another one than before asks for another priming."""

CHECKSUM_ANNOTATION: Final = f"{GROUP}/checksum"
"""On a pod template: the hash of the config and secrets that the pod reads."""


class Component(StrEnum):
    """A part of the stack; the value of the component label."""

    POSTGRES = "postgres"
    REDIS = "redis"
    REDISINSIGHT = "redisinsight"
    PRIME = "prime"
    BACKEND = "backend"
    FRONTEND = "frontend"
    STORAGE = "storage"


class Label:
    """Keys of the recommended labels (kubernetes.io, "Recommended Labels")."""

    NAME: Final = "app.kubernetes.io/name"
    INSTANCE: Final = "app.kubernetes.io/instance"
    COMPONENT: Final = "app.kubernetes.io/component"
    PART_OF: Final = "app.kubernetes.io/part-of"
    MANAGED_BY: Final = "app.kubernetes.io/managed-by"


APPLICATION: Final = "bitcoincache"
MANAGED_BY_SELECTOR: Final = f"{Label.MANAGED_BY}={FIELD_MANAGER}"


class Port:
    """Ports that the containers listen on. The two public Services' own ports are in the spec."""

    POSTGRES: Final = 5432
    REDIS: Final = 6379
    REDISINSIGHT: Final = 5540
    BACKEND: Final = 3000
    FRONTEND: Final = 8080


@dataclass(frozen=True)
class Names:
    """The names of one resource's children."""

    namespace: str
    name: str

    @property
    def postgres(self) -> str:
        """Deployment, Service and PVC."""
        return f"{self.name}-postgres"

    @property
    def postgres_config(self) -> str:
        return f"{self.name}-postgres-config"

    @property
    def postgres_init_script(self) -> str:
        return f"{self.name}-postgres-init-script"

    @property
    def postgres_secret(self) -> str:
        return f"{self.name}-postgres-secret"

    @property
    def persistent_volume(self) -> str:
        """``NAMESPACE-NAME-postgres``, with a hash where a dash in the namespace would make that ambiguous.

        ``a-b/c`` and ``a/b-c`` must not share a volume.
        """
        readable = f"{self.namespace}-{self.name}-postgres"
        if "-" not in self.namespace and len(readable) <= 63:
            return readable
        return f"{readable[:54].rstrip('-')}-{sha256(f'{self.namespace}/{self.name}'.encode()).hexdigest()[:8]}"

    @property
    def storage_job(self) -> str:
        """The Job in the operator's namespace that makes the volume's directory."""
        return self.persistent_volume

    @property
    def redis(self) -> str:
        return f"{self.name}-redis"

    @property
    def redis_config(self) -> str:
        return f"{self.name}-redis-config"

    @property
    def redisinsight(self) -> str:
        return f"{self.name}-redisinsight"

    @property
    def backend(self) -> str:
        return f"{self.name}-backend"

    @property
    def backend_config(self) -> str:
        return f"{self.name}-backend-config"

    @property
    def backend_secret(self) -> str:
        return f"{self.name}-backend-secret"

    @property
    def frontend(self) -> str:
        return f"{self.name}-frontend"

    @property
    def frontend_config(self) -> str:
        return f"{self.name}-frontend-config"

    @property
    def warm(self) -> str:
        """The CronJob."""
        return f"{self.name}-warm"

    def service_account(self, component: Component) -> str:
        return f"{self.name}-{component}"

    def network_policy(self, component: Component) -> str:
        return f"{self.name}-{component}"

    def prime(self, priming_hash: str) -> str:
        """The priming Job of one hash."""
        return f"{self.name}-prime-{priming_hash}"

    def rotation(self, rotation_hash: str) -> str:
        """The Job that changes the database's password, of one such change."""
        return f"{self.name}-rotate-{rotation_hash}"

    def selector(self, component: Component) -> dict[str, str]:
        """What selects a component's pods. Immutable in a Deployment, so it holds nothing that could change."""
        return {Label.NAME: APPLICATION, Label.INSTANCE: self.name, Label.COMPONENT: component}

    def labels(self, component: Component) -> dict[str, str]:
        """What every child carries."""
        return {
            **self.selector(component),
            Label.PART_OF: APPLICATION,
            Label.MANAGED_BY: FIELD_MANAGER,
            NAMESPACE_LABEL: self.namespace,
        }
