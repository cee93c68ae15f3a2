"""What conditions and their reasons mean, for people: docs/reference.md is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bitcoincache_api.crd.status import ConditionType, Reason


@dataclass(frozen=True)
class Meaning:
    """``tells``: what is the case; ``to_do``: what a person does about it, empty where there is nothing to do."""

    tells: str
    to_do: str = ""


CONDITIONS: Final[Mapping[ConditionType, str]] = {
    ConditionType.READY: "The whole stack runs as this generation of the spec asks: the one to wait for",
    ConditionType.PROGRESSING: "The stack is on its way there and needs nobody; False when it has arrived or is stuck",
    ConditionType.POSTGRES_READY: "PostgreSQL and its volume",
    ConditionType.REDIS_READY: "Redis",
    ConditionType.CACHE_PRIMED: "The cache was filled for the backend's newest version and for the Redis that runs",
    ConditionType.BACKEND_READY: "The API",
    ConditionType.FRONTEND_READY: "The page",
    ConditionType.REDISINSIGHT_READY: "RedisInsight; False with reason Disabled where it is switched off, which does "
    "not keep the stack from being ready",
    ConditionType.PAUSED: "The operator was told to leave the stack as it is",
}

REASONS: Final[Mapping[Reason, Meaning]] = {
    Reason.AVAILABLE: Meaning("All wanted pods run in the wanted version"),
    Reason.CRASH_LOOP: Meaning(
        "A pod ends again and again", "Read its last log: `kubectl logs -p POD`; the message names it"
    ),
    Reason.DELETING: Meaning("The resource is being deleted, with its data", "Wait; the message says for what"),
    Reason.DISABLED: Meaning("The spec switches this component off"),
    Reason.IMAGE_PULL_FAILED: Meaning(
        "A node can't get an image", "Check the image's name, and that the node reaches its registry and may pull"
    ),
    Reason.INVALID_SPEC: Meaning(
        "The spec holds what the API server would refuse today", "Change the fields that the message names"
    ),
    Reason.NOT_PAUSED: Meaning("The operator keeps the stack"),
    Reason.OUT_OF_MEMORY: Meaning(
        "A pod is killed again and again, for it needs more memory than it may have",
        "Raise `resources.limits.memory` of its component",
    ),
    Reason.PASSWORD_REFUSED: Meaning(
        "PostgreSQL takes neither the Secret's password nor the one that its readers use",
        "Put the password that it takes into `POSTGRES_PASSWORD` of the Secret that the message names; where nobody "
        "knows it any more, [give PostgreSQL another one](operating.md#a-password-that-nobody-knows)",
    ),
    Reason.PAUSED: Meaning(
        "The operator leaves the stack as it is", "Set `spec.paused` to false to have it kept again"
    ),
    Reason.PRIMED: Meaning("The cache was filled"),
    Reason.PRIMING: Meaning("A Job fills the cache"),
    Reason.PRIMING_FAILED: Meaning(
        "The Job that fills the cache failed; the backend's former version goes on serving",
        "Mend what the message quotes; the Job runs again by itself, or at once when it is deleted",
    ),
    Reason.RECONCILE_FAILED: Meaning("Something can't be brought in line", "The message says which object, and why"),
    Reason.RECONCILED: Meaning("Everything is as the spec asks"),
    Reason.ROLLING_OUT: Meaning("Pods are being made or replaced"),
    Reason.ROTATING: Meaning("PostgreSQL is given the password that its Secret holds; its readers roll after that"),
    Reason.ROTATION_FAILED: Meaning(
        "The Job that gives PostgreSQL its new password failed; the readers go on with the old one",
        "Mend what the message quotes; the Job runs again by itself",
    ),
    Reason.SCALED_TO_ZERO: Meaning(
        "There are no pods", "Raise `replicas`, unless that is what you want; the message says who scaled"
    ),
    Reason.SECRET_MISSING: Meaning(
        "There is a volume, and no password for it",
        "Restore the Secret that the message names, from your backup; or delete the data as it says, to begin anew",
    ),
    Reason.STORAGE_CANNOT_GROW: Meaning(
        "The volume's class does not allow it to grow", "Allow it in the class, or set the size back"
    ),
    Reason.STORAGE_DELETING: Meaning(
        "Somebody deletes the claim: the data go with it as soon as PostgreSQL's pod ends", "Save the data now"
    ),
    Reason.STORAGE_GROWING: Meaning("The volume is being made larger"),
    Reason.STORAGE_LOST: Meaning(
        "The claim's volume is gone, and with it what PostgreSQL would start from",
        "Save the data while PostgreSQL runs, delete the claim, and restore them",
    ),
    Reason.STORAGE_PENDING: Meaning(
        "The volume isn't there yet", "Where the message asks for something (a node, a directory), do it"
    ),
    Reason.UNAVAILABLE: Meaning(
        "Fewer pods are ready than wanted, and no rollout is under way",
        "Read what the message names: a pod that runs and isn't ready says why in its log",
    ),
    Reason.UNSCHEDULABLE: Meaning(
        "No node takes a pod", "Make room, or ask for less under `resources`; the message is the scheduler's own"
    ),
    Reason.WAITING: Meaning("Something else has to be ready first; the message says what"),
}
