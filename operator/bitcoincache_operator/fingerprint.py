"""Telling one secret from another without telling it."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Final

_SCRYPT: Final = {"n": 2**12, "r": 8, "p": 1}
"""RFC 7914: 4 MiB and about ten milliseconds a guess."""


_KEPT: Final = 4096
"""Three for each resource, which every visit asks for: of a thousand resources, none is made twice."""


@lru_cache(maxsize=_KEPT)
def fingerprint(salt: str, *secrets: str) -> str:
    """Sixteen hexadecimal digits, other ones for other secrets.

    Annotations are read by many who may not read Secrets. A fast hash there would be a quick way to try passwords.
    """
    content = "\0".join(secrets).encode()
    return hashlib.scrypt(content, salt=salt.encode(), n=_SCRYPT["n"], r=_SCRYPT["r"], p=_SCRYPT["p"], dklen=8).hex()
