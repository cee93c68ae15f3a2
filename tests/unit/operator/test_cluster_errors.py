"""Errors say what was asked and what was answered, and never pass on what they don't understand."""

from __future__ import annotations

import json

import pytest

from bitcoincache_operator.cluster.errors import (
    ClusterError,
    ConflictError,
    NotFoundError,
    RefusedError,
    UnavailableError,
    from_answer,
)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (403, RefusedError),
        (404, NotFoundError),
        (409, ConflictError),
        (422, RefusedError),
        (429, UnavailableError),
        (500, UnavailableError),
        (503, UnavailableError),
        (0, UnavailableError),
    ],
)
def test_an_answer_is_the_error_that_says_whether_to_try_again(status: int, kind: type[ClusterError]) -> None:
    error = from_answer("apply Secret ns/demo", status, json.dumps({"message": "no way"}))
    assert type(error) is kind
    assert str(error) == f"could not apply Secret ns/demo: {status} no way"


def test_a_long_message_is_cut() -> None:
    assert len(str(from_answer("ask", 422, json.dumps({"message": "x" * 5000})))) < 300


@pytest.mark.parametrize(
    "body", [None, b"password: hunter2", "password: hunter2", "[]", '{"data": "hunter2"}', b"\xff"]
)
def test_an_unknown_body_is_kept_to_itself(body: object) -> None:
    assert str(from_answer("ask", 500, body)) == "could not ask: 500"
