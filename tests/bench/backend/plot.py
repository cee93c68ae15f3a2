"""The ratios as a picture: an SVG in colours that can be read on white and on black."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

from bench.backend.figures import Spread
from bench.backend.workloads import Workload

_WIDTH: Final = 760
_LEFT: Final = 170
_RIGHT: Final = 70
_TOP: Final = 64
_ROW: Final = 44
_BAR: Final = 18

_TEXT: Final = "#7d8590"
_KEPT: Final = "#2f81f7"
_MISSED: Final = "#d1242f"
_BOUND: Final = "#bf8700"


def plot(ratios: Mapping[Workload, Spread]) -> str:
    """A bar for each workload, as long as the median of its ratios; whiskers from the least to the greatest.

    A bar that falls short of its bound is red.
    """
    longest = max(1.0, *(max(ratio.greatest, workload.bound) for workload, ratio in ratios.items()))
    scale = (_WIDTH - _LEFT - _RIGHT) / longest
    height = _TOP + _ROW * len(ratios) + 12
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        'font-family="system-ui, sans-serif" font-size="14">'
    )
    lines = [
        head,
        _words(_LEFT, 20, "Requests per second of the backend, as a multiple of the yardstick's", "start"),
        _words(_LEFT, 40, "one core each; whiskers: all rounds; dashed: the bound; grey: as fast as Go", "start"),
        _line(_LEFT + scale, _TOP - 8, _LEFT + scale, height - 12, _TEXT),
    ]
    for row, (workload, ratio) in enumerate(ratios.items()):
        lines += _row(_TOP + _ROW * row + _ROW / 2, scale, workload, ratio)
    return "\n".join([*lines, "</svg>", ""])


def _row(middle: float, scale: float, workload: Workload, ratio: Spread) -> list[str]:
    colour = _KEPT if ratio.median >= workload.bound else _MISSED
    least, greatest, bound = (_LEFT + scale * value for value in (ratio.least, ratio.greatest, workload.bound))
    bar = (
        f'<rect x="{_LEFT}" y="{middle - _BAR / 2:.1f}" width="{scale * ratio.median:.1f}" height="{_BAR}" '
        f'rx="2" fill="{colour}"/>'
    )
    return [
        _words(_LEFT - 10, middle + 5, workload.name, "end"),
        bar,
        _line(least, middle, greatest, middle, _TEXT),
        *(_line(end, middle - 4, end, middle + 4, _TEXT) for end in (least, greatest)),
        _line(bound, middle - 15, bound, middle + 15, _BOUND, dashes=True),
        _words(max(greatest, bound) + 8, middle + 5, f"{ratio.median:.2f}", "start"),
    ]


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, *, dashes: bool = False) -> str:
    style = ' stroke-dasharray="4 3"' if dashes else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="1.5"{style}/>'
    )


def _words(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{_TEXT}">{escape(text)}</text>'
