"""How a container is asked whether it is well."""

from __future__ import annotations

from bitcoincache_operator.kinds import Manifest


def http_check(path: str, port: str) -> Manifest:
    """A probe by GET."""
    return {"httpGet": {"path": path, "port": port}}


def command_check(*command: str) -> Manifest:
    """A probe by a command, without a shell."""
    return {"exec": {"command": list(command)}}


def probes(*, alive: Manifest, ready: Manifest, startup_seconds: int, timeout_seconds: int = 3) -> dict[str, Manifest]:
    """The three probes. Nothing else is asked of a pod until it is ``alive``, for which it has ``startup_seconds``.

    Not until it is ready: a pod that waits for another one is well, and must not be killed for it.
    """
    return {
        "startupProbe": {
            **alive,
            "periodSeconds": 1,
            "timeoutSeconds": timeout_seconds,
            "failureThreshold": startup_seconds,
        },
        "readinessProbe": {
            **ready,
            "periodSeconds": 2,
            "timeoutSeconds": timeout_seconds,
            "failureThreshold": 3,
        },
        "livenessProbe": {
            **alive,
            "periodSeconds": 10,
            "timeoutSeconds": timeout_seconds,
            "failureThreshold": 6,
        },
    }
