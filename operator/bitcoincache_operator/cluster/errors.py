"""What the API server, or the way to it, answered instead of a result."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from bitcoincache_operator.errors import OperatorError, TransientError

_LONGEST: Final = 256
"""Characters of a server's message that are passed on: enough to say what's wrong, too few for a leaked object."""


class ClusterError(OperatorError):
    """Base of all errors of this package."""


class NotFoundError(ClusterError):
    """There is no such object."""


class ConflictError(ClusterError, TransientError):
    """The object is another one, or a newer one, than the request was meant for."""


class RefusedError(ClusterError):
    """The API server will not do this, now or later: invalid, forbidden, or against a policy."""


class UnavailableError(ClusterError, TransientError):
    """No answer, or one that may be another next time."""


_BY_STATUS: Final[Mapping[int, type[ClusterError]]] = {
    HTTPStatus.BAD_REQUEST: RefusedError,
    HTTPStatus.FORBIDDEN: RefusedError,
    HTTPStatus.NOT_FOUND: NotFoundError,
    HTTPStatus.METHOD_NOT_ALLOWED: RefusedError,
    HTTPStatus.CONFLICT: ConflictError,
    HTTPStatus.GONE: NotFoundError,
    HTTPStatus.UNPROCESSABLE_ENTITY: RefusedError,
}


def from_answer(what: str, status: int, body: Any) -> ClusterError:
    """The error for an answer that isn't a success. ``what`` was asked, such as ``apply Secret ns/demo``."""
    kind = _BY_STATUS.get(status, UnavailableError)
    return kind(f"could not {what}: {status} {_message(body)}".rstrip())


def _message(body: Any) -> str:
    """The message of a Status object. Any other body is kept to itself: nobody knows what is in it."""
    try:
        message = str(json.loads(body)["message"])
    except (TypeError, ValueError, KeyError):
        return ""
    return message if len(message) <= _LONGEST else message[: _LONGEST - 1] + "…"
