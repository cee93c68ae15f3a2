"""The backend: the API in front of cache and database."""

from __future__ import annotations

import base64
from typing import Final

from bitcoincache_api import contract
from bitcoincache_api.contract import Env
from bitcoincache_api.names import GROUP, Component, Port
from bitcoincache_api.quantities import parse_duration
from bitcoincache_operator.builders import availability, pod
from bitcoincache_operator.builders.postgres import login_data
from bitcoincache_operator.builders.probes import http_check, probes
from bitcoincache_operator.builders.service import internal_service
from bitcoincache_operator.builders.stack import DatabaseLogin, Stack
from bitcoincache_operator.fingerprint import fingerprint
from bitcoincache_operator.kinds import CONFIG_MAP, SECRET, Manifest

USER: Final = pod.User(10001, 10001)
"""Of the backend's own image."""


LOGIN_ANNOTATION: Final = f"{GROUP}/login"
"""On the backend's Secret: the fingerprint of its data, by which what the operator wrote is told from an edit."""


def secret(stack: Stack, login: DatabaseLogin, next_password: str | None = None) -> Manifest:
    """User and password that PostgreSQL takes, for all who read it, and the password that it is about to take."""
    out = stack.manifest(SECRET, stack.names.backend_secret, Component.BACKEND)
    out["metadata"]["annotations"] = {LOGIN_ANNOTATION: login_fingerprint(stack.uid, login, next_password)}
    out["type"] = "Opaque"
    out["data"] = login_data(login)
    if next_password is not None:
        out["data"][Env.POSTGRES_NEXT_PASSWORD.value] = base64.b64encode(next_password.encode()).decode()
    return out


def login_fingerprint(uid: str, login: DatabaseLogin, next_password: str | None = None) -> str:
    """Of what the backend's Secret holds; ``uid`` is the resource's."""
    return fingerprint(uid, login.user, login.password, *filter(None, [next_password]))


def foundation(stack: Stack) -> list[Manifest]:
    """All but the secret, the Service and the pods."""
    config_map = stack.manifest(CONFIG_MAP, stack.names.backend_config, Component.BACKEND)
    config_map["data"] = _configuration(stack)
    return [
        pod.service_account(stack, Component.BACKEND),
        config_map,
        *availability.of_backend(stack),
    ]


def service(stack: Stack) -> Manifest:
    """What the page talks to."""
    return internal_service(stack, Component.BACKEND, stack.names.backend, "http", Port.BACKEND)


def closed_service(stack: Stack) -> Manifest:
    """The same, with its address, and without a pod behind it: nobody gets in."""
    out = service(stack)
    del out["spec"]["selector"]
    return out


def deployment(stack: Stack, login: DatabaseLogin) -> Manifest:
    """The pods."""
    container: Manifest = {
        **base_container(stack, "backend"),
        "command": list(contract.SERVE_COMMAND),
        "ports": [{"name": "http", "containerPort": Port.BACKEND, "protocol": "TCP"}],
        "lifecycle": pod.DRAIN,
        **probes(
            alive=http_check(contract.LIVENESS_PATH, "http"),
            ready=http_check(contract.READINESS_PATH, "http"),
            startup_seconds=120,
        ),
    }
    pod_template = template(stack, login, Component.BACKEND, container)
    return pod.rolling(stack, Component.BACKEND, stack.names.backend, stack.spec.replicas, pod_template)


def base_container(stack: Stack, name: str) -> Manifest:
    """What serving and priming share: image, environment, resources."""
    return {
        "name": name,
        "image": stack.images.backend,
        "envFrom": [
            {"configMapRef": {"name": stack.names.backend_config}},
            {"secretRef": {"name": stack.names.backend_secret}},
        ],
        "resources": pod.resources(stack.spec.backend.resources),
        "volumeMounts": [pod.mount("tmp", "/tmp")],  # noqa: S108 - the container's own
    }


def template(stack: Stack, login: DatabaseLogin, component: Component, container: Manifest) -> Manifest:
    """A pod of the backend's image, with what it reads."""
    return pod.template(
        stack,
        component,
        pod.Pod(
            user=USER,
            container=container,
            volumes=[pod.empty_dir("tmp", "64Mi")],
            reads=[_configuration(stack), login_fingerprint(stack.uid, login)],
        ),
    )


def _configuration(stack: Stack) -> dict[str, str]:
    spec, names = stack.spec, stack.names
    # Not told where it is off, which it is by itself: a stack that knew nothing of it need not roll.
    controls = {Env.CACHE_CONTROLS.value: "true"} if spec.cache.controls else {}
    return {
        Env.PORT.value: str(Port.BACKEND),
        Env.POSTGRES_HOST.value: names.postgres,
        Env.POSTGRES_PORT.value: str(Port.POSTGRES),
        Env.POSTGRES_DB.value: spec.postgres.database,
        Env.REDIS_HOST.value: names.redis,
        Env.REDIS_PORT.value: str(Port.REDIS),
        Env.CACHE_TTL.value: str(parse_duration(spec.cache.ttl)),
        Env.LOG_LEVEL.value: spec.backend.log_level.value,
        **controls,
    }
