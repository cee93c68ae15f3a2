"""HTTP as a client of the stack sees it, with nothing but the standard library between."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """A response; ``headers`` has lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def cache(self) -> str:
        return self.headers.get("cache-status", "")


@dataclass(frozen=True)
class Client:
    """Requests below one address, such as http://127.0.0.1:8080."""

    address: str

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer, whatever its status. Raises OSError where nobody answers."""
        request = urllib.request.Request(  # noqa: S310 - the address is the stack's own
            self.address + path,
            data=body,
            method=method,
            headers={"Content-Type": "application/json", **(headers or {})},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
                return Answer(response.status, _lower(response.headers), response.read())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, _lower(error.headers), error.read())

    def get(self, path: str) -> Answer:
        return self.request("GET", path)

    def put_price(self, symbol: str, price: int) -> Answer:
        return self.request("PUT", f"/api/v1/bitcoins/{symbol}", json.dumps({"price": price}).encode())

    def coin(self, symbol: str) -> Answer:
        return self.get(f"/api/v1/bitcoins/{symbol}")

    def ranking(self) -> list[Mapping[str, Any]]:
        items: list[Mapping[str, Any]] = self.get("/api/v1/bitcoins").json["items"]
        return items


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
