"""Which requests the hot path takes: those whose bytes leave no question open."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from bitcoincache_api.contract import API_PREFIX

_MAX_LENGTH: Final = 4096
_MAX_KNOWN: Final = 256

_LINE: Final = re.compile(rf"GET {API_PREFIX}/bitcoins(?:/([A-Z0-9]{{1,10}}))? HTTP/1\.1\r\n".encode())
_FIELDS: Final = re.compile(rb"(?:[A-Za-z0-9-]+:[\t\x20-\x7e]*\r\n)+\r\n")
_SANE_ID: Final = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_SANE_HOST: Final = re.compile(rb"[A-Za-z0-9.:\[\]_-]+")

_WITHOUT_EFFECT: Final = frozenset(
    b"accept accept-encoding accept-language cache-control connection cookie dnt forwarded host pragma priority referer"
    b" sec-ch-ua sec-ch-ua-mobile sec-ch-ua-platform sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user"
    b" upgrade-insecure-requests user-agent x-forwarded-for x-forwarded-host x-forwarded-proto x-real-ip"
    b" x-request-id".split()
)
"""Fields that change nothing in the answer to a read of one coin; the few that may, by their value, are looked at."""


class _Fields(NamedTuple):
    accepts_coding: bool
    request_id: str | None


class HotRequest(NamedTuple):
    """A read of one coin, or of the ranking's first page where ``symbol`` is None; ``request_id`` as it was given."""

    symbol: str | None
    request_id: str | None


_known: Final[dict[bytes, _Fields | None]] = {}
"""What was found about fields seen before: a client sends the same ones with each request."""


def recognise(data: bytes) -> HotRequest | None:
    """What these bytes ask for, where they are one whole request of the plainest kind; None for all else.

    None is always safe: it says that aiohttp is to look at them.
    """
    line = _LINE.match(data)
    if line is None or len(data) > _MAX_LENGTH:
        return None
    block = data[line.end() :]
    try:
        fields = _known[block]
    except KeyError:
        fields = _note(block)
    if fields is None:
        return None
    symbol = line[1]
    if symbol is not None:
        return HotRequest(symbol.decode(), fields.request_id)
    # A list may have to be compressed.
    return None if fields.accepts_coding else HotRequest(None, fields.request_id)


def _note(block: bytes) -> _Fields | None:
    fields = _read(block)
    if fields is None or fields.request_id is None:  # an id is never seen again
        if len(_known) >= _MAX_KNOWN:
            _known.clear()
        _known[block] = fields
    return fields


def _read(block: bytes) -> _Fields | None:
    if not _FIELDS.fullmatch(block):
        return None
    lines = block[:-4].split(b"\r\n")
    values = {name.lower(): value.strip(b"\t ") for name, _, value in (line.partition(b":") for line in lines)}
    plain = (
        len(values) == len(lines)
        and values.keys() <= _WITHOUT_EFFECT
        and _SANE_HOST.fullmatch(values.get(b"host", b""))
        and values.get(b"connection", b"keep-alive").lower() in (b"", b"keep-alive")
    )
    if not plain:
        return None
    given = values.get(b"x-request-id", b"")
    return _Fields(b"accept-encoding" in values, given.decode() if _SANE_ID.fullmatch(given) else None)
