"""What rounds came to: a table to read and JSON to keep."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter

from consistency.rounds import Round

_ROUNDS: Final = TypeAdapter(list[Round])
_HEAD: Final = f"{'round':44} {'seed':>6} {'seconds':>7} {'ops':>8} {'hits':>8} {'failed':>7} {'unknown':>7}  verdict"


class Report:
    """Prints each round as it is added."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.rounds: list[Round] = []

    @property
    def operations(self) -> int:
        return sum(done.operations for done in self.rounds)

    @property
    def violations(self) -> int:
        return sum(len(done.violations) for done in self.rounds)

    @property
    def passes(self) -> bool:
        return bool(self.rounds) and all(done.passes for done in self.rounds)

    def add(self, done: Round) -> None:
        if not self.rounds:
            print(f"{self.subject}\n{_HEAD}")
        self.rounds.append(done)
        print(describe(done), flush=True)

    def summary(self) -> str:
        hits = sum(done.hits for done in self.rounds)
        verdict = "passes" if self.passes else "FAILS"
        return f"{self.subject}: {self.operations} operations, {hits} hits, {self.violations} violations: {verdict}"


def describe(done: Round) -> str:
    """One line, and what was wrong below it."""
    verdict = "right" if done.passes else f"{len(done.violations)} VIOLATIONS" if done.violations else "SHOWS NOTHING"
    failed, unknown = done.outcomes["failed"], done.outcomes["unknown"]
    counted = f"{done.seconds:7.1f} {done.operations:8} {done.hits:8} {failed:7} {unknown:7}"
    line = f"{done.name:44} {done.seed:6} {counted}  {verdict}"
    return "\n".join([line, *done.problems, *done.violations])


def write(file: Path, reports: Sequence[Report]) -> None:
    """All that was played so far, as JSON: at every moment the file is whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    content = [
        {
            "subject": report.subject,
            "summary": report.summary(),
            "rounds": _ROUNDS.dump_python(report.rounds, mode="json"),
        }
        for report in reports
        if report.rounds
    ]
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(content, indent=1), "utf-8")
    unfinished.replace(file)
