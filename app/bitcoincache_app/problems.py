"""Errors as problem details (RFC 9457)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web
from pydantic import ValidationError

from bitcoincache_api.http import OUTCOME_UNKNOWN, PROBLEM_CONTENT_TYPE, FieldError, Problem
from bitcoincache_app.errors import (
    AlreadyExistsError,
    BackendError,
    NotFoundError,
    OutcomeUnknownError,
    UnavailableError,
    VersionMismatchError,
)
from bitcoincache_app.headers import CACHE_STATUS, cache_status

MAX_BODY: Final = 16 * 1024
"""Bytes of a request's body."""

RETRY_AFTER: Final = 1
"""Seconds that a client is asked to wait after a 503."""

Headers = Mapping[str, str]

_STATUS: Final[Mapping[type[BackendError], HTTPStatus]] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    AlreadyExistsError: HTTPStatus.CONFLICT,
    VersionMismatchError: HTTPStatus.PRECONDITION_FAILED,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
}
_DETAIL: Final[Mapping[int, str]] = {
    404: "There is nothing at this path; /docs lists what there is.",
    405: "This path does not take this method; the Allow header lists those that it takes.",
    417: "The only expectation that is met here is 100-continue.",
    413: f"The body is longer than {MAX_BODY} bytes.",
}


class RequestError(Exception):
    """A request that can't be understood, with the status that says so and what to change."""

    def __init__(self, status: HTTPStatus, detail: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.errors = list(errors)


def invalid(error: ValidationError, field: str = "") -> RequestError:
    """400 where the JSON itself is broken, 422 where a field is wrong. ``field`` names a value that has no path."""
    if any(e["type"] == "json_invalid" for e in error.errors(include_input=False, include_url=False)):
        return RequestError(HTTPStatus.BAD_REQUEST, "The body is not JSON.")
    errors = [
        FieldError(field=".".join(str(part) for part in e["loc"]) or field, message=e["msg"])
        for e in error.errors(include_input=False, include_url=False)
    ]
    return RequestError(HTTPStatus.UNPROCESSABLE_ENTITY, "The request has invalid values.", errors)


def problem(
    instance: str,
    status: int,
    detail: str,
    errors: list[FieldError] | None = None,
    headers: Headers | None = None,
) -> web.Response:
    """A response that tells what is wrong, and that nobody may keep: it may be right the next moment.

    ``instance`` is the request's path.
    """
    body = Problem(
        title=HTTPStatus(status).phrase, status=status, detail=detail, instance=instance, errors=errors or None
    )
    return _response(body, headers or {})


def _response(body: Problem, headers: Headers) -> web.Response:
    return web.Response(
        status=body.status,
        body=body.model_dump_json(exclude_none=True).encode(),
        content_type=PROBLEM_CONTENT_TYPE,
        headers={hdrs.CACHE_CONTROL: "no-store", **headers},
    )


def of_request(error: RequestError, instance: str) -> web.Response:
    response = problem(instance, error.status, str(error), error.errors)
    if error.status is HTTPStatus.REQUEST_TIMEOUT:  # what is still to come of the body would pass for a request
        response.force_close()
    return response


def of_backend(error: BackendError, instance: str) -> web.Response:
    status = next(status for kind, status in _STATUS.items() if isinstance(error, kind))
    headers: dict[str, str] = {}
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        headers[hdrs.RETRY_AFTER] = str(RETRY_AFTER)
    if isinstance(error, OutcomeUnknownError):
        title, detail = "Outcome unknown", str(error)
        body = Problem(type=OUTCOME_UNKNOWN, title=title, status=status, detail=detail, instance=instance)
        return _response(body, headers)
    if isinstance(error, NotFoundError) and error.outcome is not None:
        headers[CACHE_STATUS] = cache_status(error.outcome)
    return problem(instance, status, str(error), headers=headers)


def unforeseen(instance: str) -> web.Response:
    """Tells nothing of what went wrong: that is for the log."""
    detail = "Something went wrong here. The log has it under this request's X-Request-Id."
    return problem(instance, HTTPStatus.INTERNAL_SERVER_ERROR, detail)


def allowed(methods: Iterable[str]) -> str:
    """An Allow header's value."""
    return ", ".join(sorted(methods))


def of_aiohttp(error: web.HTTPException, instance: str) -> web.Response:
    """Refusals of aiohttp's own: no such route, no such method, a body too long."""
    headers: Headers = {}
    if isinstance(error, web.HTTPMethodNotAllowed):
        headers = {hdrs.ALLOW: allowed(error.allowed_methods)}
    return problem(instance, error.status, _DETAIL.get(error.status, error.reason), headers=headers)
