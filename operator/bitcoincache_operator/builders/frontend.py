"""The frontend: nginx, which serves the page and passes /api on to the backend."""

from __future__ import annotations

import json
from importlib import resources
from typing import Final

from bitcoincache_api.names import Component, Port
from bitcoincache_api.quantities import parse_duration
from bitcoincache_operator.builders import availability, pod
from bitcoincache_operator.builders.probes import http_check, probes
from bitcoincache_operator.builders.service import public_service
from bitcoincache_operator.builders.stack import Stack
from bitcoincache_operator.kinds import CONFIG_MAP, Manifest

USER: Final = pod.User(101, 101)
"""Of nginx-unprivileged."""

_CONFIG: Final = "/etc/nginx/conf.d"
_SERVER: Final = resources.files(__package__).joinpath("frontend.nginx.conf").read_text(encoding="utf-8")


def foundation(stack: Stack) -> list[Manifest]:
    """All but the pods."""
    config_map = stack.manifest(CONFIG_MAP, stack.names.frontend_config, Component.FRONTEND)
    config_map["data"] = _configuration(stack)
    return [
        pod.service_account(stack, Component.FRONTEND),
        config_map,
        public_service(stack, Component.FRONTEND, stack.names.frontend, stack.spec.frontend.service),
        *availability.of_frontend(stack),
    ]


def deployment(stack: Stack, backend_address: str) -> Manifest:
    """The pods. nginx looks the backend's address up once, when it starts, so a new address rolls them."""
    wanted = stack.spec.frontend
    healthy = http_check("/healthz", "http")
    container: Manifest = {
        "name": "frontend",
        "image": stack.images.frontend,
        "ports": [{"name": "http", "containerPort": Port.FRONTEND, "protocol": "TCP"}],
        "resources": pod.resources(wanted.resources),
        "volumeMounts": [
            pod.read_only_mount("config", _CONFIG),
            pod.mount("tmp", "/tmp"),  # noqa: S108 - the container's own
        ],
        "lifecycle": pod.DRAIN,
        **probes(alive=healthy, ready=healthy, startup_seconds=60),
    }
    template = pod.template(
        stack,
        Component.FRONTEND,
        pod.Pod(
            user=USER,
            container=container,
            volumes=[pod.config_volume("config", stack.names.frontend_config), pod.empty_dir("tmp", "128Mi")],
            reads=[_configuration(stack), backend_address],
        ),
    )
    return pod.rolling(stack, Component.FRONTEND, stack.names.frontend, wanted.replicas, template)


def _configuration(stack: Stack) -> dict[str, str]:
    placeholders = {
        "@BACKEND@": f"{stack.names.backend}:{Port.BACKEND}",
        "@PORT@": str(Port.FRONTEND),
    }
    server = _SERVER
    for placeholder, value in placeholders.items():
        server = server.replace(placeholder, value)
    milliseconds = parse_duration(stack.spec.frontend.poll_interval) * 1000
    return {"default.conf": server, "config.json": json.dumps({"pollInterval": milliseconds}) + "\n"}
