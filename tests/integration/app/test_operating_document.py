"""docs/operating.md says of every metric of the backend what it tells, and of none that isn't there."""

from __future__ import annotations

import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from .conftest import Client

DOCUMENT = Path(__file__).parents[3] / "docs/operating.md"


async def test_every_metric_is_explained(client: Client) -> None:
    text = await (await client.get("/metrics")).text()
    there = {
        {"counter": f"{family.name}_total", "info": f"{family.name}_info"}.get(family.type, family.name)
        for family in text_string_to_metric_families(text)
        if family.name.startswith("bitcoincache_") and not family.name.endswith("_created")
    }
    [_, backend] = DOCUMENT.read_text("utf-8").split("### Of the backend")
    assert set(re.findall(r"^\| `(bitcoincache_\w+)` \|", backend, re.MULTILINE)) == there


async def test_queries_and_connections_are_measured(client: Client) -> None:
    await client.put("/api/v1/bitcoins/BTC", json={"price": 1})
    await client.get("/api/v1/bitcoins", params={"limit": "1"})

    text = await (await client.get("/metrics")).text()

    for statement in ("put", "first_page"):
        labels = f'{{statement="{statement}"}}'
        assert re.search(rf"^bitcoincache_postgres_query_duration_seconds_count{labels} [1-9]", text, re.MULTILINE)
    assert "bitcoincache_redis_up 1.0" in text
    assert "bitcoincache_postgres_waiting 0.0" in text
    assert "bitcoincache_http_connections 1.0" in text
