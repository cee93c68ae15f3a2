"""PostgreSQL: the source of truth. One pod, never two on one volume."""

from __future__ import annotations

import base64
from typing import Final

from bitcoincache_api.crd.spec import DeletionPolicy
from bitcoincache_api.names import Component, Port
from bitcoincache_operator.builders import pod
from bitcoincache_operator.builders.probes import command_check, probes
from bitcoincache_operator.builders.service import internal_service
from bitcoincache_operator.builders.stack import DatabaseLogin, Stack
from bitcoincache_operator.kinds import CONFIG_MAP, SECRET, Kind, Manifest

USER: Final = pod.User(70, 70)
"""Of the official Alpine image."""

LOGIN_USER: Final = "bitcoin"
USER_KEY: Final = "POSTGRES_USER"
PASSWORD_KEY: Final = "POSTGRES_PASSWORD"  # noqa: S105 - the key's name

_DATA: Final = "/var/lib/postgresql/data"
_CONFIG: Final = "/etc/postgresql"

_MAX_CONNECTIONS: Final = 750
"""Enough for as many backends as a spec may ask for, whatever it asks for now: another number restarts PostgreSQL. Over
the default of 100 that costs 21 MiB, and each connection that is made 2 MiB (measured with PostgreSQL 15)."""

_SCHEMA: Final = """\
CREATE TABLE bitcoins (
  symbol VARCHAR(10) PRIMARY KEY,
  price INTEGER NOT NULL,
  created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX idx_bitcoin_price ON bitcoins (price DESC);
"""


def secret(stack: Stack, login: DatabaseLogin) -> Manifest:
    """User and password. They stay with the volume: one is worth nothing without the other."""
    out = with_volumes_fate(stack, SECRET, stack.names.postgres_secret)
    out["type"] = "Opaque"
    out["data"] = login_data(login)
    return out


def with_volumes_fate(stack: Stack, kind: Kind, name: str) -> Manifest:
    """The head of a child that goes with the resource, or stays, as the deletion policy has it."""
    if stack.spec.deletion_policy is DeletionPolicy.DELETE:
        return stack.manifest(kind, name, Component.POSTGRES)
    return stack.lasting_manifest(kind, name, Component.POSTGRES)


def login_data(login: DatabaseLogin) -> dict[str, str]:
    """A Secret's data: user and password, in base64."""
    return {
        USER_KEY: base64.b64encode(login.user.encode()).decode(),
        PASSWORD_KEY: base64.b64encode(login.password.encode()).decode(),
    }


def foundation(stack: Stack) -> list[Manifest]:
    """All but the secret, the volume and the pods."""
    names = stack.names
    return [
        pod.service_account(stack, Component.POSTGRES),
        _config_map(stack, names.postgres_config, _configuration(stack)),
        _config_map(stack, names.postgres_init_script, _init_scripts()),
        internal_service(stack, Component.POSTGRES, names.postgres, "postgres", Port.POSTGRES),
    ]


def deployment(stack: Stack, login: DatabaseLogin) -> Manifest:
    """The pod."""
    names, wanted = stack.names, stack.spec.postgres
    # Over TCP: an image that still runs its init scripts listens on the socket alone.
    ready = command_check(
        "pg_isready",
        "--host=127.0.0.1",
        f"--port={Port.POSTGRES}",
        f"--username={login.user}",
        f"--dbname={wanted.database}",
    )
    container: Manifest = {
        "name": "postgres",
        "image": stack.images.postgres,
        "args": ["postgres", "-c", f"config_file={_CONFIG}/postgresql.conf"],
        "env": pod.environment(
            # A volume's own directory may hold lost+found, and must not be Postgres's.
            {"PGDATA": f"{_DATA}/pgdata", "POSTGRES_DB": wanted.database}
        ),
        "envFrom": [{"secretRef": {"name": names.postgres_secret}}],
        "ports": [{"name": "postgres", "containerPort": Port.POSTGRES, "protocol": "TCP"}],
        "resources": pod.resources(wanted.resources),
        "volumeMounts": [
            pod.mount("data", _DATA),
            pod.read_only_mount("config", _CONFIG),
            pod.read_only_mount("init-scripts", "/docker-entrypoint-initdb.d"),
            pod.mount("run", "/var/run/postgresql"),
            pod.mount("tmp", "/tmp"),  # noqa: S108 - the container's own
        ],
        # Recovery after a crash may take a while, and a restart would only begin it anew.
        **probes(alive=ready, ready=ready, startup_seconds=600, timeout_seconds=5),
    }
    template = pod.template(
        stack,
        Component.POSTGRES,
        pod.Pod(
            user=USER,
            container=container,
            volumes=[
                {"name": "data", "persistentVolumeClaim": {"claimName": names.postgres}},
                pod.config_volume("config", names.postgres_config),
                pod.config_volume("init-scripts", names.postgres_init_script),
                pod.empty_dir("run", "8Mi"),
                pod.empty_dir("tmp", "256Mi"),
            ],
            # Not the password: initdb alone reads it, and a restart would cost requests. The Job changes it in place.
            reads=[_configuration(stack)],
            # A fast shutdown writes a checkpoint.
            grace_seconds=60,
        ),
    )
    return pod.single(stack, Component.POSTGRES, names.postgres, template)


def _config_map(stack: Stack, name: str, data: dict[str, str]) -> Manifest:
    out = stack.manifest(CONFIG_MAP, name, Component.POSTGRES)
    out["data"] = data
    return out


def _configuration(stack: Stack) -> dict[str, str]:
    settings = {
        "listen_addresses": "*",
        "max_connections": str(_MAX_CONNECTIONS),
        "timezone": "UTC",
        "log_timezone": "UTC",
        **stack.spec.postgres.parameters,
    }
    lines = [f"{name} = {_quoted(value)}\n" for name, value in sorted(settings.items())]
    return {"postgresql.conf": "".join(lines)}


def _quoted(value: str) -> str:
    """A string of postgresql.conf (PostgreSQL's documentation, 20.1.2)."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def _init_scripts() -> dict[str, str]:
    return {"01-schema.sql": _SCHEMA}
