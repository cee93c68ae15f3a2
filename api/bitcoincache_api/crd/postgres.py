"""PostgreSQL and its volume."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

from pydantic import Field, StringConstraints

from bitcoincache_api.crd.fields import ImageReference, Quantity
from bitcoincache_api.crd.resources import Resources
from bitcoincache_api.crd.rules import Rule, SpecModel
from bitcoincache_api.quantities import parse_quantity

MANUAL_STORAGE_CLASS: Final = "manual"
"""The class under which the operator makes the volume itself."""


class Storage(SpecModel):
    """PostgreSQL's volume."""

    size: Quantity = Field(
        "5Gi",
        description="Size of the volume; it can grow where the class allows it, never shrink. A volume that the "
        "operator makes itself has no limit but its node's disk, whatever the size says",
    )
    storage_class_name: (
        Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", max_length=253)] | None
    ) = Field(
        None,
        description="A storage class; the cluster's default one if left out. With 'manual', or where there is no "
        "default, the operator makes a volume on one node itself",
    )
    path: Annotated[str, StringConstraints(pattern=r"^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$", max_length=253)] | None = (
        Field(None, description="Directory on the node below which the operator makes the volume's own")
    )
    rules: ClassVar = (
        Rule(
            cel="quantity(string(self.size)).isGreaterThan(quantity('0'))",
            message="size must be above zero, such as 5Gi",
            holds=lambda storage: parse_quantity(storage.size) > 0,
        ),
        Rule(
            cel="!has(self.path) || !has(self.storageClassName) || self.storageClassName == 'manual'",
            message="path is for volumes that the operator makes: use storageClassName manual or remove path",
            holds=lambda storage: storage.path is None or storage.storage_class_name in (None, MANUAL_STORAGE_CLASS),
        ),
        Rule(
            cel="has(self.storageClassName) == has(oldSelf.storageClassName) && "
            "(!has(self.storageClassName) || self.storageClassName == oldSelf.storageClassName)",
            message="storageClassName can't change: make a new resource and copy the data",
        ),
        Rule(
            cel="has(self.path) == has(oldSelf.path) && (!has(self.path) || self.path == oldSelf.path)",
            message="path can't change, the data would be lost: make a new resource and copy the data",
        ),
    )


OPERATOR_PARAMETERS: Final = (
    "config_file",
    "data_directory",
    "external_pid_file",
    "hba_file",
    "ident_file",
    "listen_addresses",
    "password_encryption",
    "port",
    "unix_socket_directories",
)
"""Settings without which the stack would not find its database."""


class Postgres(SpecModel):
    """The source of truth."""

    image: ImageReference | None = Field(
        None, description="A PostgreSQL 15 image; the operator's own default if left out"
    )
    resources: Resources = Field(default_factory=Resources, description="Compute resources of the pod")
    database: Annotated[str, StringConstraints(pattern=r"^[a-z_][a-z0-9_]*$", max_length=63)] = Field(
        "bitcoin", description="Name of the database; it can't change"
    )
    parameters: Annotated[
        dict[str, Annotated[str, StringConstraints(max_length=256, pattern=r"^[^\x00-\x1f]*$")]],
        Field(max_length=64),
    ] = Field(default_factory=dict, description="Settings for postgresql.conf, such as max_connections")
    storage: Storage = Field(default_factory=Storage, description="The volume")
    rules: ClassVar = (
        Rule(
            cel="self.database == oldSelf.database",
            message="database can't change: make a new resource and copy the data",
        ),
        Rule(
            cel="!(self.database in ['template0', 'template1'])",
            message="PostgreSQL keeps template0 and template1 for itself: choose another database name",
            holds=lambda postgres: postgres.database not in ("template0", "template1"),
        ),
        Rule(
            cel="self.parameters.all(name, name.size() <= 63 && name.matches('^[a-z_][a-z0-9_.]*$'))",
            message="parameters must be named like PostgreSQL's settings: a-z, 0-9, dots and underscores",
            holds=lambda postgres: all(_is_parameter_name(name) for name in postgres.parameters),
        ),
        Rule(
            cel=f"!self.parameters.exists(name, name in {list(OPERATOR_PARAMETERS)!r})",
            message="the operator sets these parameters itself, remove them: " + ", ".join(OPERATOR_PARAMETERS),
            holds=lambda postgres: not set(postgres.parameters) & set(OPERATOR_PARAMETERS),
        ),
    )


def _is_parameter_name(name: str) -> bool:
    allowed = set("abcdefghijklmnopqrstuvwxyz_0123456789.")
    return 0 < len(name) <= 63 and set(name) <= allowed and name[0] not in "0123456789."
