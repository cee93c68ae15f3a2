"""What a bench found out: tables in Markdown, to be read on a terminal and kept in a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class Report:
    """Tables below a title."""

    def __init__(self, title: str) -> None:
        self._parts = [f"## {title}"]

    def text(self, paragraph: str) -> None:
        self._parts.append(paragraph)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
        lines = [head, ["-" * width for width in widths], *rows]
        self._parts.append(
            "\n".join(
                "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
                for line in lines
            )
        )

    def write(self, file: Path | None) -> None:
        """On the terminal, and into a file if one is given."""
        text = "\n\n".join(self._parts) + "\n"
        print(text)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
