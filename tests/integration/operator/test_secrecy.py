"""The password is in Secrets, and nowhere else that anybody could read."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

from integration.operator.playground import Playground
from support.kubernetes import Object

PLURALS = [
    "bitcoincaches",
    "deployments",
    "services",
    "configmaps",
    "secrets",
    "serviceaccounts",
    "jobs",
    "cronjobs",
    "poddisruptionbudgets",
    "horizontalpodautoscalers",
    "networkpolicies",
    "persistentvolumeclaims",
    "persistentvolumes",
    "pods",
    "events",
]


def test_the_password_shows_in_no_log_event_status_or_annotation(playground: Playground) -> None:
    playground.make_ready(cache={"warming": {"schedule": "0 * * * *"}}, backend={"autoscaling": {}})
    [encoded] = {item["data"]["POSTGRES_PASSWORD"] for item in playground.api.list("secrets")}
    playground.api.delete("secrets", "demo-backend-secret")
    playground.until("the Secret is back", lambda: playground.api.find("secrets", "demo-backend-secret"))
    playground.until("ready", playground.is_ready, playground.play)

    seen = [json.dumps(item) for item in readable(playground)]
    assert len(seen) > 40
    told = "\n".join([playground.operator.log.read_text("utf-8"), *seen])
    password = base64.b64decode(encoded).decode()
    twice = base64.b64encode(encoded.encode()).decode()
    assert not [form for form in (password, encoded, twice.rstrip("=")) if form in told]


def readable(playground: Playground) -> Iterator[Object]:
    """All objects of the namespace, and volumes; of Secrets what those see who may only list them."""
    for plural in PLURALS:
        for item in playground.api.list(plural):
            if plural == "secrets":
                assert item.pop("data")
            yield item
