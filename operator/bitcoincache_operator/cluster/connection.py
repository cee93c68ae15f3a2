"""The way to the API server: from inside a pod by its service account, else by the kubeconfig."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from kubernetes.aio import client, config
from kubernetes.aio.config import ConfigException

from bitcoincache_operator.cluster.client import Cluster
from bitcoincache_operator.cluster.errors import UnavailableError

_CONNECTIONS: Final = 32
_loaders: Final[Any] = config
"""The client has no types."""


@dataclass(frozen=True)
class Credentials:
    """Where the API server is and who asks, for a client that isn't this package's."""

    server: str
    ca_path: str | None
    token: str | None = field(repr=False)
    certificate_path: str | None
    private_key_path: str | None
    insecure: bool


async def configuration() -> client.Configuration:
    """Where the API server is and who asks. Raises UnavailableError where there is neither account nor kubeconfig."""
    loaded = client.Configuration(connection_pool_maxsize=_CONNECTIONS, client_session_kwargs={"trust_env": False})
    try:
        _loaders.load_incluster_config(client_configuration=loaded)
    except ConfigException:
        try:
            await _loaders.load_kube_config(client_configuration=loaded)
        except ConfigException as error:
            raise UnavailableError("no cluster to talk to: set KUBECONFIG or run in a pod") from error
    return loaded


async def credentials() -> Credentials:
    """Fresh credentials: a service account's token is replaced while the process runs."""
    loaded = await configuration()
    header = await loaded.get_api_key_with_prefix("BearerToken", alias="authorization")
    return Credentials(
        server=loaded.host,
        ca_path=loaded.ssl_ca_cert,
        token=header.split()[-1] if header else None,
        certificate_path=loaded.cert_file,
        private_key_path=loaded.key_file,
        insecure=not loaded.verify_ssl,
    )


@asynccontextmanager
async def connected() -> AsyncIterator[Cluster]:
    """A cluster to work with, for as long as the context lasts."""
    async with client.ApiClient(await configuration()) as api:
        yield Cluster(api)
