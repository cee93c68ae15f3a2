"""The Lua scripts of the cache protocol, each with what they share put before it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from bitcoincache_app.script import Script
from bitcoincache_app.settings import Limits


@dataclass(frozen=True, slots=True)
class Steps:
    """One for each step. What they take and give stands at their heads."""

    announce: Script
    publish: Script
    lookup: Script
    fill: Script
    forget: Script
    evict: Script
    empty: Script

    @property
    def all(self) -> tuple[Script, ...]:
        return (self.announce, self.publish, self.lookup, self.fill, self.forget, self.evict, self.empty)


def load_steps(limits: Limits) -> Steps:
    """Reads them. A reader's get less time, for it can ask PostgreSQL instead."""
    return Steps(
        announce=Script(script_text("announce"), limits.redis_write),
        publish=Script(script_text("publish"), limits.redis_write),
        lookup=Script(script_text("lookup"), limits.redis),
        fill=Script(script_text("fill"), limits.redis),
        forget=Script(script_text("forget"), limits.redis),
        evict=Script(script_text("evict"), limits.redis_write),
        empty=Script(_read("empty"), limits.redis_write),
    )


def script_text(name: str) -> str:
    """With the check of the stamp, and what the scripts know of a key's record, before it."""
    return f"{_read('_meta')}\n{_read(name)}"


def _read(name: str) -> str:
    return (resources.files("bitcoincache_app") / "scripts" / f"{name}.lua").read_text("utf-8")
