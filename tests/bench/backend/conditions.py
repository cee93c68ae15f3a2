"""How it was measured, in words."""

from __future__ import annotations

from pathlib import Path

from bench.backend.load import CONNECTIONS
from bench.report import Report


def head(report: Report, rounds: int, seconds: int, data: Path, void: int) -> None:
    """``void`` counts the pairs of figures that are left out."""
    report.text(
        "The yardstick is the same service as the textbook has it, in Go with Gin (`tests/bench/gin`): it may serve "
        "stale values. Both ran on one core, by turns, the other being idle meanwhile; PostgreSQL, Redis and wrk "
        f"shared a second. {CONNECTIONS} connections, {rounds} rounds, {seconds} s for each figure of "
        f"a round; {void} pairs of figures are left out, for a request failed or missed the cache where none may. "
        f"The servers' data was below `{data}`."
    )


def alike(report: Report, python: str) -> None:
    """Why the comparison is fair, and where it isn't. ``python`` is what runs the backend."""
    report.text("What is alike, and what is not:")
    report.text(
        f"- The backend is run by {python}, the distribution's where there is one, as in its image.\n"
        "- PostgreSQL is one server with a database for each; Redis is a server for each, for their keys are the same. "
        "Both are configured as the operator does, fsync included.\n"
        "- Before each figure the table holds exactly the coins of its workload, freshly packed; the first hundred are "
        "written through the service and are in its cache. Then it is warmed up.\n"
        "- Both get the same requests in the same order. Both create by PUT, for the yardstick has no POST, and both "
        "list the 100 coins of highest price, however many there are.\n"
        "- The backend's table has its triggers and versions, the yardstick's has neither. The backend logs each "
        "request, into a pipe that is read on the other core, and measures it; the yardstick does neither.\n"
        "- Each connection sends a request as soon as it has the last answer, so latencies are those of a full service."
    )
