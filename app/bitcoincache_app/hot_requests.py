"""Which requests the hot path takes: those whose bytes leave no question open."""

from __future__ import annotations

import re
from typing import Final, NamedTuple, TypeVar

from bitcoincache_api.contract import API_PREFIX
from bitcoincache_api.http import MAX_PRICE

_T = TypeVar("_T")

_MAX_LENGTH: Final = 4096
_MAX_KNOWN: Final = 256
_MAX_READS: Final = 4096
_MAX_KEPT: Final = 512
"""Bytes of each."""

_LINE: Final = re.compile(rf"(GET|PUT) {API_PREFIX}/bitcoins(?:/([A-Z0-9]{{1,10}}))? HTTP/1\.1\r\n".encode())
_SPACE: Final = rb"[ \t\r\n]*"
_PRICE: Final = re.compile(_SPACE.join([b"", rb"\{", b'"price"', b":", b"(0|[1-9][0-9]{0,9})", rb"\}", b""]))
_FIELDS: Final = re.compile(rb"(?:[A-Za-z0-9-]+:[\t\x20-\x7e]*\r\n)+\r\n")
_SANE_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_LENGTH: Final = re.compile(rb"[1-9][0-9]{0,3}")
_SANE_HOST: Final = re.compile(rb"[A-Za-z0-9.:\[\]_-]+")

_WITHOUT_EFFECT: Final = frozenset(
    b"accept accept-encoding accept-language cache-control connection cookie dnt forwarded host pragma priority referer"
    b" sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user"
    b" upgrade-insecure-requests user-agent x-forwarded-for x-forwarded-host x-forwarded-proto x-real-ip"
    b" x-request-id".split()
)
"""Fields that change nothing in the answer; the few that may, by their value, are looked at."""


class _Fields(NamedTuple):
    accepts_coding: bool
    request_id: str | None
    length: int | None
    """Of the body, which is JSON; None where there is none."""


class HotRequest(NamedTuple):
    """A read of one coin, or of the ranking's first page where ``symbol`` is None; ``request_id`` as it was given."""

    symbol: str | None
    request_id: str | None


class HotWrite(NamedTuple):
    """A PUT of one coin's price, without conditions."""

    symbol: str
    price: int
    request_id: str | None


_known: Final[dict[bytes, _Fields]] = {}
"""What was found about plain fields seen before: a client sends the same ones with each request."""


_reads: Final[dict[bytes, HotRequest]] = {}
"""Reads that came before, to the byte."""


def recognise(data: bytes) -> HotRequest | HotWrite | None:
    """What these bytes ask for, where they are one whole request of the plainest kind; None for all else.

    None is always safe: it says that aiohttp is to look at them.
    """
    read = _reads.get(data)
    return read if read is not None else _recognise(data)


def _recognise(data: bytes) -> HotRequest | HotWrite | None:
    line = _LINE.match(data)
    if line is None or len(data) > _MAX_LENGTH:
        return None
    if line[1] == b"PUT":
        return _recognise_write(line, data)
    fields = _fields(data[line.end() :])
    if fields is None or fields.length is not None:
        return None
    symbol = line[2]
    if symbol is None and fields.accepts_coding:
        return None  # a list may have to be compressed
    read = HotRequest(None if symbol is None else symbol.decode(), fields.request_id)
    if fields.request_id is None and len(data) <= _MAX_KEPT:  # an id is never seen again
        _keep(_reads, data, read, _MAX_READS)
    return read


def _recognise_write(line: re.Match[bytes], data: bytes) -> HotWrite | None:
    head = data.find(b"\r\n\r\n", line.end()) + 4
    body = _PRICE.fullmatch(data, head)
    if line[2] is None or head < 4 or body is None:
        return None
    fields = _fields(data[line.end() : head])
    price = int(body[1])
    if fields is None or fields.length != len(data) - head or price > MAX_PRICE:
        return None
    return HotWrite(line[2].decode(), price, fields.request_id)


def _fields(block: bytes) -> _Fields | None:
    try:
        return _known[block]
    except KeyError:
        return _note(block)


def _note(block: bytes) -> _Fields | None:
    fields = _read(block)
    if fields is not None and fields.request_id is None:
        _keep(_known, block, fields, _MAX_KNOWN)
    return fields


def _keep(known: dict[bytes, _T], data: bytes, found: _T, limit: int) -> None:
    if len(known) >= limit:
        known.clear()
    known[data] = found


def _read(block: bytes) -> _Fields | None:
    if not _FIELDS.fullmatch(block):
        return None
    lines = block[:-4].split(b"\r\n")
    values = {name.lower(): value.strip(b"\t ") for name, _, value in (line.partition(b":") for line in lines)}
    length = values.pop(b"content-length", None)
    content_type = values.pop(b"content-type", None)
    plain = (
        len(values) + (length is not None) + (content_type is not None) == len(lines)
        and (length is None) == (content_type is None)
        and (length is None or (_LENGTH.fullmatch(length) and content_type == b"application/json"))
        and values.keys() <= _WITHOUT_EFFECT
        and _SANE_HOST.fullmatch(values.get(b"host", b""))
        and values.get(b"connection", b"keep-alive").lower() in (b"", b"keep-alive")
    )
    if not plain:
        return None
    given = values.get(b"x-request-id", b"")
    request_id = given.decode() if _SANE_ID.fullmatch(given) else None
    return _Fields(b"accept-encoding" in values, request_id, None if length is None else int(length))
