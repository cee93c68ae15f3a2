"""Asking the cache without waiting, for the hot path."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hiredis

from bitcoincache_app.pipeline import Pipeline
from bitcoincache_app.ports import Hit


class PipelinePeek:
    """Implements hot_path.Peek: GET and PTTL together."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._send = pipeline.send

    def peek(self, key: str, done: Callable[[Hit | None], None]) -> None:
        def found(replies: list[Any] | None) -> None:
            if replies is None or replies[0] is None or isinstance(replies[0], hiredis.ReplyError):
                done(None)
            else:
                done(Hit(replies[0], max(replies[1], 0) // 1000))

        length = len(key)
        command = f"*2\r\n$3\r\nGET\r\n${length}\r\n{key}\r\n*2\r\n$4\r\nPTTL\r\n${length}\r\n{key}\r\n"
        self._send(command.encode(), 2, found)
