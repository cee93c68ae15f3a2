"""What is told of bytes that can't become a request, and the sizes that a request may have."""

from __future__ import annotations

import re
from email.utils import formatdate
from http import HTTPStatus
from typing import Final, cast

from aiohttp import hdrs, web
from aiohttp.http import SERVER_SOFTWARE
from aiohttp.http_exceptions import BadHttpMessage, BadHttpMethod, LineTooLong

from bitcoincache_app.problems import RETRY_AFTER, Headers, allowed, problem

MAX_TARGET: Final = 8192
"""Bytes of a request's target; another number than MAX_HEADER, which is how the two refusals are told apart."""

MAX_HEADER: Final = 4096
"""Bytes of one header, its name included."""

MAX_HEADERS: Final = 64

METHODS: Final = ("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT")
"""All that some route takes."""

_NO_PATH: Final = "/"

# In aiohttp's message: the line that its parser stopped in, beginning with a token (RFC 9110, 5.6.2) and a space.
_LOOKS_LIKE_A_METHOD: Final = re.compile(r"\n  b['\"][!#$%&'*+.^_`|~0-9A-Za-z-]+ ")


def refusal(error: BaseException | None) -> web.Response:
    """The answer to bytes that aiohttp's parser refused with this error."""
    match error:
        case LineTooLong() if error.args[1] == MAX_TARGET:
            return problem(_NO_PATH, HTTPStatus.REQUEST_URI_TOO_LONG, f"The target has at most {MAX_TARGET} bytes.")
        case LineTooLong():
            detail = f"A header has at most {MAX_HEADER} bytes."
            return problem(_NO_PATH, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail)
        case BadHttpMethod() if _LOOKS_LIKE_A_METHOD.search(error.message):
            detail = "No path takes this method; the Allow header lists those that some take."
            return problem(_NO_PATH, HTTPStatus.METHOD_NOT_ALLOWED, detail, headers={hdrs.ALLOW: allowed(METHODS)})
        case BadHttpMessage() if error.message.startswith("Too many headers"):
            detail = f"A request has at most {MAX_HEADERS} headers."
            return problem(_NO_PATH, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, detail)
    return problem(_NO_PATH, HTTPStatus.BAD_REQUEST, "This is not a request that HTTP allows.")


def too_slow() -> web.Response:
    return problem(_NO_PATH, HTTPStatus.REQUEST_TIMEOUT, "The request's head took too long to come.")


def too_many() -> web.Response:
    headers: Headers = {hdrs.RETRY_AFTER: str(RETRY_AFTER)}
    detail = "There are too many connections; try again in a moment."
    return problem(_NO_PATH, HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=headers)


def raw(response: web.Response) -> bytes:
    """The response as it goes over the wire. Where the response says so, the connection ends with it."""
    body = cast("bytes", response.body)
    headers = {
        **response.headers,
        hdrs.CONTENT_LENGTH: str(len(body)),
        hdrs.DATE: formatdate(usegmt=True),
        hdrs.SERVER: SERVER_SOFTWARE,
    }
    if response.keep_alive is False:
        headers[hdrs.CONNECTION] = "close"
    lines = (f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {response.status} {response.reason}\r\n{''.join(lines)}\r\n".encode() + body
