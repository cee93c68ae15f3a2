"""The operator's settings, from environment variables ``BITCOINCACHE_...``."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bitcoincache_operator.builders.stack import Images
from bitcoincache_operator.builders.storage import Helper
from bitcoincache_operator.directories import Policy


class Settings(BaseSettings):
    """All that an operator is told. Raises pydantic's ValidationError, which names what is missing."""

    model_config = SettingsConfigDict(env_prefix="BITCOINCACHE_", frozen=True)

    image_backend: str
    image_frontend: str
    image_postgres: str
    image_redis: str
    image_redisinsight: str
    namespaces: str = ""
    """Served namespaces, by commas; all if empty."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    operator_namespace: str
    storage_directory_jobs: bool = True
    storage_helper_image: str = ""
    storage_helper_pull_secrets: str = ""
    """Secrets in the operator's namespace by which that image is pulled, by commas."""

    storage_root: str = Field("/var/lib/bitcoincache", pattern=r"^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$")
    health_port: int = 8080
    resync_seconds: float = Field(600, gt=0)
    """A resource that nobody touches is visited this often, more or less, in case that some news were lost."""

    @model_validator(mode="after")
    def _helper_is_known(self) -> Self:
        if self.storage_directory_jobs and not self.storage_helper_image:
            raise ValueError("storage_helper_image: name the operator's image, or turn storage_directory_jobs off")
        return self

    def served_namespaces(self) -> tuple[str, ...]:
        """Empty for all. The operator's own is always among them: Jobs of its own run there."""
        chosen = _listed(self.namespaces)
        return tuple(sorted({*chosen, self.operator_namespace})) if chosen else ()

    def images(self) -> Images:
        return Images(
            backend=self.image_backend,
            frontend=self.image_frontend,
            postgres=self.image_postgres,
            redis=self.image_redis,
            redisinsight=self.image_redisinsight,
        )

    def storage_policy(self) -> Policy:
        pull_secrets = _listed(self.storage_helper_pull_secrets)
        helper = Helper(self.operator_namespace, self.storage_helper_image, pull_secrets)
        return Policy(self.storage_root, helper if self.storage_directory_jobs else None)


def _listed(text: str) -> tuple[str, ...]:
    """What stands between commas."""
    return tuple(filter(None, (name.strip() for name in text.split(","))))
