"""What the operator tells: conditions after the Kubernetes API conventions, no phase."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel


class ConditionType(StrEnum):
    """What a condition is about. A component's is named after it."""

    READY = "Ready"
    PROGRESSING = "Progressing"
    POSTGRES_READY = "PostgresReady"
    REDIS_READY = "RedisReady"
    CACHE_PRIMED = "CachePrimed"
    BACKEND_READY = "BackendReady"
    FRONTEND_READY = "FrontendReady"
    REDISINSIGHT_READY = "RedisInsightReady"
    PAUSED = "Paused"


class Reason(StrEnum):
    """Why a condition is as it is: the only words that a condition's reason may be."""

    AVAILABLE = "Available"
    CRASH_LOOP = "CrashLoop"
    DELETING = "Deleting"
    DISABLED = "Disabled"
    IMAGE_PULL_FAILED = "ImagePullFailed"
    INVALID_SPEC = "InvalidSpec"
    NOT_PAUSED = "NotPaused"
    OUT_OF_MEMORY = "OutOfMemory"
    PASSWORD_REFUSED = "PasswordRefused"  # noqa: S105 - a reason, not a secret
    PAUSED = "Paused"
    PRIMED = "Primed"
    PRIMING = "Priming"
    PRIMING_FAILED = "PrimingFailed"
    RECONCILE_FAILED = "ReconcileFailed"
    RECONCILED = "Reconciled"
    ROLLING_OUT = "RollingOut"
    ROTATING = "Rotating"
    ROTATION_FAILED = "RotationFailed"
    SCALED_TO_ZERO = "ScaledToZero"
    SECRET_MISSING = "SecretMissing"  # noqa: S105 - a reason, not a secret
    STORAGE_CANNOT_GROW = "StorageCannotGrow"
    STORAGE_DELETING = "StorageDeleting"
    STORAGE_GROWING = "StorageGrowing"
    STORAGE_LOST = "StorageLost"
    STORAGE_PENDING = "StoragePending"
    UNAVAILABLE = "Unavailable"
    UNSCHEDULABLE = "Unschedulable"
    WAITING = "Waiting"


class StatusModel(BaseModel):
    """Base of everything under ``status``."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, frozen=True)


class Condition(StatusModel):
    """One aspect of the stack's state (Kubernetes API conventions, "Typical status properties")."""

    type: ConditionType = Field(description="What this is about")
    status: Literal["True", "False", "Unknown"] = Field(description="Whether it holds")
    reason: Reason = Field(description="Why, in one word for machines")
    message: str = Field("", description="Why, and what to do, for people")
    last_transition_time: str = Field(description="When status last changed", json_schema_extra={"format": "date-time"})
    observed_generation: int = Field(description="The generation of the spec that this was judged by")


class ComponentStatus(StatusModel):
    """How a component stands."""

    ready: str = Field(description="Ready pods of wanted pods, such as 1/1")
    image: str = Field(description="The image that it runs")


class PrimingStatus(StatusModel):
    """The last priming that came to its end."""

    hash: str = Field(
        description="What was primed for: the backend's pod template, the Redis pod, and the last request by annotation"
    )
    job: str = Field(description="The Job that did it")
    keys: int | None = Field(None, description="Keys in the cache afterwards, where its pod lived to tell")
    completed_at: str = Field(description="When it ended", json_schema_extra={"format": "date-time"})


class Endpoints(StatusModel):
    """Where the stack is reached."""

    frontend: str | None = Field(None, description="The page")
    redis_insight: str | None = Field(None, description="RedisInsight")


class BitcoinCacheStatus(StatusModel):
    """The state of the stack, as the operator last saw it."""

    observed_generation: int = Field(-1, description="The generation of the spec that this status is about")
    replicas: int | None = Field(None, description="Number of backend pods")
    selector: str | None = Field(None, description="Label selector of the backend pods, for autoscalers")
    conditions: list[Condition] | None = Field(
        None,
        description="The stack's conditions",
        json_schema_extra={"x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["type"]},
    )
    components: dict[str, ComponentStatus] | None = Field(None, description="How each component stands")
    priming: PrimingStatus | None = Field(None, description="The last priming that came to its end")
    storage: str | None = Field(None, description="Size of PostgreSQL's volume, as its claim asks for it")
    endpoints: Endpoints | None = Field(None, description="Where the stack is reached")
