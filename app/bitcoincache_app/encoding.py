"""Coins and rankings as the bytes that are cached and sent, and the entity tags of those bytes."""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import lru_cache
from typing import Final

_VERSION_TAG: Final = re.compile(r"v([0-9]{1,18})", re.ASCII)


def coin_json(members: bytes) -> bytes:
    """The JSON of http.Bitcoin. ``members`` is what the store holds ready, of which the version is the last."""
    return b"{%b}" % members


def ranking_json(items: bytes, total: int, limit: int, offset: int) -> bytes:
    """The JSON of http.Ranking. ``items`` are those of http.RankedBitcoin, with commas between them."""
    rest = b'{"items":[%b],"total":%d,"limit":%d,"offset":%d' % (items, total, limit, offset)
    return b'%b,"revision":"%b"}' % (rest, digest(rest).encode())


def digest(body: bytes) -> str:
    """The entity tag of what has no version: sixteen hexadecimal digits."""
    return hashlib.blake2b(body, digest_size=8).hexdigest()


def coin_tag(body: bytes) -> str:
    """The entity tag of what ``coin_json`` made, read off its last member without parsing the rest."""
    return f"v{body[body.rindex(b':') + 1 : -1].decode()}"


def ranking_tag(body: bytes) -> str:
    """The entity tag of what ``ranking_json`` made: its revision, read off its end."""
    return body[-18:-2].decode()


def version_of(tag: str) -> int | None:
    """The version in a coin's entity tag; None where it is none of ours."""
    match = _VERSION_TAG.fullmatch(tag)
    return int(match[1]) if match else None


@lru_cache(maxsize=16)
def packed(body: bytes) -> bytes:
    """A list by gzip. The pages that are asked for again and again are packed once for each change of them."""
    return gzip.compress(body, compresslevel=1, mtime=0)
