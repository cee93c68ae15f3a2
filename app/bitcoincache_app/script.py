"""Lua scripts as Redis knows them: by the digest of their text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Script:
    """``patience``: the seconds that Redis gets to run it and answer."""

    text: str
    patience: float
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        # SHA-1 is what EVALSHA asks for.
        object.__setattr__(self, "digest", hashlib.sha1(self.text.encode(), usedforsecurity=False).hexdigest())
