"""Edges in braille: curves from unit to unit, the strongest on top."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.palette import Palette

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # braille bits by row, column
SHADES = 6  # a colour's steps: few styles keep the terminal's filter cache warm
BLANK = 0x2800

Edge = tuple[float, float, float, float]  # row of its start, row of its end, weight, share of its colour


def draw_edges(canvas: Canvas, x: int, width: int, edges: Iterable[Edge], scale: float) -> None:
    """Curves over columns x … x + width - 1. Drawn weakest first; a crossing keeps the stronger colour.

    Rows may be halves. `scale` is the |weight| at full strength.
    """
    cells: dict[tuple[int, int], int] = {}
    colours: dict[tuple[int, int], str] = {}
    for start, end, weight, share in sorted(edges, key=lambda edge: (edge[3], abs(edge[2]))):
        colour = edge_colour(canvas.palette, weight, scale, share)
        for cell, bits in _curve(width, round(start * 4), round(end * 4)):
            cells[cell] = cells.get(cell, 0) | bits
            colours[cell] = colour
    for (column, row), bits in cells.items():
        canvas.put(x + column, row, chr(BLANK | bits), colours[column, row], bold=False)


def edge_colour(palette: Palette, weight: float, scale: float, share: float) -> str:
    """Brighter with |weight|, in few steps."""
    if weight != weight or weight == 0:
        return palette.faint
    strength = min(abs(weight) / scale, 1.0) if 0 < scale < float("inf") else 1.0
    shade = round((0.35 + 0.65 * strength) * share * SHADES * 2) / (SHADES * 2)
    return palette.faded(palette.neg if weight < 0 else palette.pos, shade)


@lru_cache(maxsize=4096)
def _curve(width: int, start: int, end: int) -> tuple[tuple[tuple[int, int], int], ...]:
    """Cells and their bits for a curve between two dot rows; no gaps however steep it is."""
    cells: dict[tuple[int, int], int] = {}
    columns = width * 2
    before = start + 2
    for column in range(columns):
        t = column / max(columns - 1, 1)
        eased = 0.4 * t + 0.6 * t * t * (3 - 2 * t)
        dot = round(start + 2 + (end - start) * eased)
        step = 1 if dot >= before else -1
        rows = range(before + step, dot + step, step) if dot != before else (dot,)
        for y in rows:
            cell = (column // 2, y // 4)
            cells[cell] = cells.get(cell, 0) | _DOTS[y % 4][column % 2]
        before = dot
    return tuple(cells.items())
