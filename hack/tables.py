"""Tables in Markdown, for the documents that are generated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence


def table(*head: str, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Its lines. A bar within a cell would end it, even in code."""
    yield _row(head)
    yield _row(["---"] * len(head))
    for row in rows:
        yield _row([cell.replace("|", "\\|") for cell in row])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
