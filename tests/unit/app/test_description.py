"""The description by itself; tests/integration/app/test_schemathesis.py holds it against the service."""

from __future__ import annotations

import json
from typing import Any

from bitcoincache_app.description import EVERYWHERE, EXAMPLES
from bitcoincache_app.openapi import document
from bitcoincache_app.refusals import METHODS

DESCRIBED: Any = json.loads(document())
OPERATIONS: list[tuple[str, str, Any]] = [
    (path, method, operation)
    for path, operations in DESCRIBED["paths"].items()
    for method, operation in operations.items()
    if method != "parameters"
]


def test_examples_are_what_they_are_examples_of() -> None:
    for model, example in EXAMPLES.items():
        assert model.model_validate_json(json.dumps(example)).model_dump(mode="json") == example


def test_operations_have_ids_of_their_own() -> None:
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]

    assert len(set(ids)) == len(ids)


def test_every_path_has_options_and_head_where_it_has_get() -> None:
    for path, operations in DESCRIBED["paths"].items():
        assert "options" in operations, path
        assert ("head" in operations) == ("get" in operations), path


def test_every_operation_tells_what_any_request_may_meet() -> None:
    for path, method, operation in OPERATIONS:
        assert operation["responses"].keys() >= {str(status) for status in EVERYWHERE}, (path, method)


def test_every_method_that_some_path_takes_is_told_where_no_path_is_known() -> None:
    assert {method.upper() for _, method, _ in OPERATIONS} == set(METHODS)


def test_nothing_is_referred_to_that_is_not_there() -> None:
    def references(part: Any) -> list[str]:
        if isinstance(part, dict):
            own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            return own + [reference for value in part.values() for reference in references(value)]
        return [reference for value in part for reference in references(value)] if isinstance(part, list) else []

    for reference in references(DESCRIBED):
        place = DESCRIBED
        for name in reference.removeprefix("#/").split("/"):
            place = place[name]
        assert place
