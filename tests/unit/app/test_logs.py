from __future__ import annotations

import json
import logging
import sys

from hypothesis import given
from hypothesis import strategies as st

from bitcoincache_app.logs import JsonFormatter


def _record(message: str) -> logging.LogRecord:
    return logging.LogRecord("name", logging.WARNING, __file__, 1, message, (), None)


@given(st.text())
def test_any_message_is_one_line_of_json(message: str) -> None:
    text = JsonFormatter().format(_record(message))

    assert len(text.splitlines()) == 1
    assert json.loads(text)["message"] == message
    assert json.loads(text)["level"] == "warning"


def test_what_extra_held_stands_beside_the_message() -> None:
    record = _record("request")
    record.status = 200

    line = json.loads(JsonFormatter().format(record))

    assert line["status"] == 200
    assert set(line) == {"time", "level", "logger", "message", "status"}


def test_an_error_brings_its_traceback() -> None:
    record = _record("failed")
    try:
        raise ValueError("why")  # noqa: TRY301
    except ValueError:
        record.exc_info = sys.exc_info()

    assert "ValueError: why" in json.loads(JsonFormatter().format(record))["exception"]
