"""What a user asks for. ``spec: {}`` is a whole stack."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from bitcoincache_api.crd.autoscaling import Autoscaling
from bitcoincache_api.crd.fields import (
    CacheTtl,
    CronSchedule,
    ImageReference,
    PollInterval,
    Quantity,
    SecretName,
    WholeNumber,
)
from bitcoincache_api.crd.network import NetworkPolicy
from bitcoincache_api.crd.postgres import Postgres
from bitcoincache_api.crd.resources import Resources
from bitcoincache_api.crd.rules import Rule, SpecModel
from bitcoincache_api.crd.services import FrontendService, RedisInsightService
from bitcoincache_api.quantities import parse_quantity


class DeletionPolicy(StrEnum):
    """What becomes of the data when the resource is deleted."""

    RETAIN = "Retain"
    DELETE = "Delete"


class LogLevel(StrEnum):
    """Least severity that the backend logs."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class Warming(SpecModel):
    """Priming on a schedule, beside the priming that every rollout does."""

    schedule: CronSchedule = Field(description='When to prime, in cron\'s five fields, such as "0 * * * *"')


class Cache(SpecModel):
    """The cache's behaviour."""

    ttl: CacheTtl = Field("1h", description="How long a cached value may live, 1s to 24h")
    warming: Warming | None = Field(None, description="Primes the cache on a schedule as well")
    controls: bool = Field(
        False,
        strict=True,
        description="Whether the API and the page let anyone evict a key and prime anew. For learning",
    )


class Backend(SpecModel):
    """The API. How many pods of it there are is spec.replicas."""

    image: ImageReference | None = Field(
        None, description="The backend's image; the operator's own default if left out"
    )
    resources: Resources = Field(default_factory=Resources, description="Compute resources of each pod")
    log_level: LogLevel = Field(LogLevel.INFO, description="Least severity that is logged")
    autoscaling: Autoscaling | None = Field(
        None,
        description="Lets load decide how many pods there are, by changing spec.replicas. Leave spec.replicas out of "
        "what you kubectl apply, or each apply sets it back until the next measurement; 0 stops pods and autoscaling",
    )
    rules: ClassVar = (
        Rule(
            cel="!has(self.autoscaling) || quantity(string(self.resources.requests.cpu)).isGreaterThan(quantity('0'))",
            message="autoscaling measures by resources.requests.cpu: set it above zero or remove autoscaling",
            holds=lambda backend: backend.autoscaling is None or parse_quantity(backend.resources.requests.cpu) > 0,
        ),
    )


class Frontend(SpecModel):
    """The page."""

    replicas: WholeNumber = Field(2, strict=True, ge=0, le=100, description="Number of pods")
    image: ImageReference | None = Field(None, description="The page's image; the operator's own default if left out")
    resources: Resources = Field(default_factory=Resources, description="Compute resources of each pod")
    poll_interval: PollInterval = Field("5s", description="How often the page asks for news, 1s to 1h")
    service: FrontendService = Field(default_factory=FrontendService, description="How the page is reached")


class Redis(SpecModel):
    """The cache."""

    image: ImageReference | None = Field(None, description="A Redis 7 image; the operator's own default if left out")
    resources: Resources = Field(default_factory=Resources, description="Compute resources of the pod")
    max_memory: Quantity | None = Field(
        None, description="Memory for data before values are evicted; three quarters of the memory limit if left out"
    )
    rules: ClassVar = (
        Rule(
            cel="!has(self.maxMemory) || (quantity(string(self.maxMemory)).compareTo(quantity('1Mi')) >= 0 && "
            "quantity(string(self.maxMemory)).compareTo(quantity(string(self.resources.limits.memory))) <= 0)",
            message="maxMemory must be between 1Mi and resources.limits.memory",
            holds=lambda redis: (
                redis.max_memory is None
                or parse_quantity("1Mi")
                <= parse_quantity(redis.max_memory)
                <= parse_quantity(redis.resources.limits.memory)
            ),
        ),
    )


class RedisInsight(SpecModel):
    """A look into the cache."""

    enabled: bool = Field(True, strict=True, description="Whether RedisInsight runs")
    image: ImageReference | None = Field(
        None, description="RedisInsight's image; the operator's own default if left out"
    )
    resources: Resources = Field(default_factory=Resources, description="Compute resources of the pod")
    service: RedisInsightService = Field(default_factory=RedisInsightService, description="How it is reached")


class BitcoinCacheSpec(SpecModel):
    """The stack that the operator makes and keeps."""

    # No WholeNumber: the scale subresource reads it, and takes 2.0 for none.
    replicas: int = Field(
        2,
        strict=True,
        ge=0,
        le=100,
        description="Number of backend pods; what kubectl scale changes, and backend.autoscaling where it is set",
    )
    paused: bool = Field(False, strict=True, description="Leaves everything as it is, whatever else changes")
    deletion_policy: DeletionPolicy = Field(
        DeletionPolicy.RETAIN,
        description="What becomes of volume and password when the resource is deleted: Retain keeps them for a "
        "resource of the same name, Delete removes them. A change counts once the operator has acted on it, as Ready "
        "tells: not while the operator is away or the resource paused",
    )
    cache: Cache = Field(default_factory=Cache, description="The cache's behaviour")
    backend: Backend = Field(default_factory=Backend, description="The API")
    frontend: Frontend = Field(default_factory=Frontend, description="The page")
    postgres: Postgres = Field(default_factory=Postgres, description="PostgreSQL, the source of truth")
    redis: Redis = Field(default_factory=Redis, description="Redis, the cache")
    redis_insight: RedisInsight = Field(default_factory=RedisInsight, description="RedisInsight, a look into the cache")
    network_policy: NetworkPolicy = Field(default_factory=NetworkPolicy, description="Who may talk to the stack's pods")
    image_pull_secrets: Annotated[list[SecretName], Field(max_length=16)] = Field(
        default_factory=list,
        description="Names of Secrets in the resource's namespace by which all of its images are pulled",
    )
    rules: ClassVar = (
        Rule(
            # The API server holds the rule against the spec's own default as well, which is empty.
            cel="!has(self.imagePullSecrets) || "
            "self.imagePullSecrets.all(name, self.imagePullSecrets.exists_one(other, other == name))",
            message="imagePullSecrets names a Secret twice: remove one of the two",
            holds=lambda spec: len(set(spec.image_pull_secrets)) == len(spec.image_pull_secrets),
        ),
    )
