"""Braille curves, by plotext. This file alone imports it, at the first curve: it costs 60 ms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.tui.drawing.canvas import Canvas

Array = NDArray[Any]
Limits = tuple[float, float]

DOTS_X, DOTS_Y = 2, 4  # braille dots a cell
DASH = 3  # cells of a broken curve from one gap to the next
LONG = 100  # dots: plotext takes 5 to 10 µs for each, and over 1 ms for any curve
# the bit of each dot of a braille cell, by row and column
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])
_LEFT = 0x47  # the left column of dots
_SPARSE = {0x2800 + bits: 0x2800 + (bits & _LEFT) for bits in range(256) if bits & _LEFT}
_TINY = 1e-9  # so that 2.9999999 is 3


def curve(
    xs: Sequence[float], ys: Sequence[float], width: int, height: int, xlim: Limits, ylim: Limits
) -> tuple[str, ...]:
    """`height` rows of `width` characters: the points joined by straight lines.

    The limits lie on the outermost dots. Values must be finite; what lies outside is set on the edge.
    """
    if width < 1 or height < 1 or not xs:
        return (" " * max(width, 0),) * max(height, 0)
    columns = tuple(dot(x, xlim, DOTS_X * width) for x in xs)
    rows = tuple(dot(y, ylim, DOTS_Y * height) for y in ys)
    return _rendered(columns, rows, width, height)


def dot(value: float, limits: Limits, count: int) -> int:
    """The number of the dot, of `count`, that a value lies on; the lower limit is dot 0."""
    low, high = limits
    share = (value - low) / (high - low) if high > low else 0.5
    return round(min(max(share, 0.0), 1.0) * (count - 1))


def cell(value: float, limits: Limits, width: int) -> int:
    """The column of cells that a value lies in."""
    return dot(value, limits, DOTS_X * width) // DOTS_X


def row(value: float, limits: Limits, height: int) -> int:
    """The row of cells that a value lies in; the upper limit is in row 0."""
    return height - 1 - dot(value, limits, DOTS_Y * height) // DOTS_Y


def broken(rows: Sequence[str]) -> tuple[str, ...]:
    """A curve in dashes, two cells of three; where it stands out from its neighbours nothing is missing."""
    columns = ["".join(column) for column in zip(*rows, strict=True)]
    extents = {x: _extent(column) for x, column in enumerate(columns) if not column.isspace()}
    kept, passed = [list(row) for row in rows], 0
    for x in list(extents)[1:-1]:
        near = [extents[n] for n in (x - 1, x + 1) if n in extents]
        for y in (y for y, cell in enumerate(columns[x]) if cell != " "):
            passed += 1
            if passed % DASH == 0 and not _stands_out(y, extents[x], near):
                kept[y][x] = " "
    return tuple("".join(row) for row in kept)


def _stands_out(y: int, extent: tuple[int, int], near: Sequence[tuple[int, int]]) -> bool:
    """An end of its column that no neighbour, or one by far not, reaches."""
    tops, bottoms = [top for top, _ in near], [bottom for _, bottom in near]
    above = all(y < top for top in tops) or any(y < top - 1 for top in tops)
    below = all(y > bottom for bottom in bottoms) or any(y > bottom + 1 for bottom in bottoms)
    return (y == extent[0] and above) or (y == extent[1] and below)


def _extent(column: str) -> tuple[int, int]:
    """First and last row that is drawn in."""
    return len(column) - len(column.lstrip()), len(column.rstrip()) - 1


def dotted(rows: Sequence[str]) -> tuple[str, ...]:
    """A curve with the left dots of each cell, where there are any: nothing steep is lost."""
    return tuple(line.translate(_SPARSE) for line in rows)


def is_braille(character: str) -> bool:
    """Of a curve."""
    return 0x2800 <= ord(character) < 0x2900


def stamp(canvas: Canvas, x: int, y: int, rows: Sequence[str], fg: str) -> None:
    """Put rows on a canvas; a blank leaves what is there."""
    for number, line in enumerate(rows):
        start = 0
        for word in line.split(" "):
            if word:
                canvas.put(x + start, y + number, word, fg, bold=False)
            start += len(word) + 1


def braille(columns: Array, rows: Array, width: int, height: int) -> tuple[str, ...]:
    """Dots (columns from the left, rows from the top) as characters, blank where there is none."""
    cells = np.zeros((height, width), int)
    np.bitwise_or.at(cells, (rows // DOTS_Y, columns // DOTS_X), _BITS[rows % DOTS_Y, columns % DOTS_X])
    return tuple("".join(chr(0x2800 + bits) if bits else " " for bits in line) for line in cells.tolist())


@lru_cache(maxsize=12)
def _rendered(columns: tuple[int, ...], rows: tuple[int, ...], width: int, height: int) -> tuple[str, ...]:
    """A paused screen asks for the same curve again and again."""
    across, up = np.asarray(columns), np.asarray(rows)
    strokes = np.maximum(np.abs(np.diff(across)), np.abs(np.diff(up)))
    if strokes.sum() > LONG:
        return _quickly(across, up, strokes, width, height)
    return _by_plotext(*_without_repeats(columns, rows), width, height)


def _quickly(across: Array, up: Array, strokes: Array, width: int, height: int) -> tuple[str, ...]:
    """The same dots as plotext's: on each stroke one a step, cut down to whole numbers."""
    stroke = np.repeat(np.arange(len(strokes)), strokes)
    step = np.arange(len(stroke)) - np.repeat(np.cumsum(strokes) - strokes, strokes)
    taken = step / strokes[stroke]
    xs = np.append((across[stroke] + taken * np.diff(across)[stroke] + _TINY).astype(int), across[-1])
    ys = np.append((up[stroke] + taken * np.diff(up)[stroke] + _TINY).astype(int), up[-1])
    return braille(xs, DOTS_Y * height - 1 - ys, width, height)


def _by_plotext(columns: list[int], rows: list[int], width: int, height: int) -> tuple[str, ...]:
    import plotext

    plotext.clear_figure()  # the figure is global
    plotext.limit_size(False, False)
    plotext.plot_size(width, height)
    plotext.theme("clear")
    plotext.frame(False)
    plotext.xfrequency(0)
    plotext.yfrequency(0)
    plotext.xlim(0, DOTS_X * width - 1)
    plotext.ylim(0, DOTS_Y * height - 1)
    plotext.plot(columns, rows, marker="braille")
    drawn = plotext.uncolorize(plotext.build()).split("\n")[:height]
    return tuple(line[:width].ljust(width) for line in drawn)


def _without_repeats(columns: tuple[int, ...], rows: tuple[int, ...]) -> tuple[list[int], list[int]]:
    """Neighbours on one dot are one point; and a lone point is drawn as a line of no length."""
    kept = [0, *(i for i in range(1, len(rows)) if (columns[i], rows[i]) != (columns[i - 1], rows[i - 1]))]
    if len(kept) == 1:
        kept = [0, 0]
    return [columns[i] for i in kept], [rows[i] for i in kept]
