"""What the API server says of a resource, without storing it: thousands of them in seconds, over one connection."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

_PATH: Final = "/apis/bitcoincache.dev/v1alpha1/namespaces/default/bitcoincaches?dryRun=All"


class Admission:
    """Asks as a kubeconfig's only user."""

    def __init__(self, connection: HTTPSConnection, token: str) -> None:
        self._connection = connection
        self._headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}

    def refusal(self, spec: Any, name: str = "demo") -> str:
        """The API server's reason; empty where it takes the resource."""
        head = {"apiVersion": "bitcoincache.dev/v1alpha1", "kind": "BitcoinCache", "metadata": {"name": name}}
        self._connection.request("POST", _PATH, json.dumps({**head, "spec": spec}), self._headers)
        answer = self._connection.getresponse()
        body = json.loads(answer.read())
        assert answer.status in (201, 422), body
        return "" if answer.status == 201 else str(body["message"])


@contextmanager
def admission(kubeconfig: Path) -> Iterator[Admission]:
    """For as long as the context lasts."""
    parsed = json.loads(kubeconfig.read_text("utf-8"))
    server = parsed["clusters"][0]["cluster"]
    trust = ssl.create_default_context(cafile=server["certificate-authority"])
    connection = HTTPSConnection(urlsplit(server["server"]).netloc, context=trust, timeout=30)
    try:
        yield Admission(connection, parsed["users"][0]["user"]["token"])
    finally:
        connection.close()
