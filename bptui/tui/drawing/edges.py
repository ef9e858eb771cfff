"""Edges in braille: curves from unit to unit, the strongest on top."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rich.style import Style

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.palette import Palette

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # braille bits by row, column
SHADES = 6  # a colour's steps: few styles keep the terminal's filter cache warm
BLANK = 0x2800

Cell = tuple[int, int]  # column, row
Edge = tuple[float, float, float, float]  # row of its start, row of its end, weight, share of its colour


def draw_edges(canvas: Canvas, x: int, width: int, edges: Iterable[Edge], scale: float) -> None:
    """Curves over columns x … x + width - 1. Drawn weakest first; a crossing keeps the stronger colour.

    Rows may be halves. `scale` is the |weight| at full strength.
    """
    weakest_first = sorted(edges, key=lambda edge: (edge[3], abs(edge[2])))
    styles: dict[Cell, Style] = {}
    for start, end, weight, share in weakest_first:
        colour = edge_colour(canvas.palette, weight, scale, share)
        curve = _curve(width, round(start * 4), round(end * 4))
        styles.update(dict.fromkeys(curve, canvas.style(colour, "bg")))
    ends = tuple(sorted({(round(start * 4), round(end * 4)) for start, end, _, _ in weakest_first}))
    for (column, row), character in _characters(width, ends):
        canvas.put_one(x + column, row, character, styles[column, row])


def edge_colour(palette: Palette, weight: float, scale: float, share: float) -> str:
    """Brighter with |weight|, in few steps."""
    if weight != weight or weight == 0:
        return palette.faint
    strength = min(abs(weight) / scale, 1.0) if 0 < scale < float("inf") else 1.0
    shade = round((0.35 + 0.65 * strength) * share * SHADES * 2) / (SHADES * 2)
    return palette.faded(palette.neg if weight < 0 else palette.pos, shade)


@lru_cache(maxsize=64)
def _characters(width: int, ends: tuple[tuple[int, int], ...]) -> tuple[tuple[Cell, str], ...]:
    """What stands in the cells where curves between these dot rows lie one over another."""
    cells: dict[Cell, int] = {}
    for start, end in ends:
        for cell, bits in _curve(width, start, end).items():
            cells[cell] = cells.get(cell, 0) | bits
    return tuple((cell, chr(BLANK | bits)) for cell, bits in cells.items())


@lru_cache(maxsize=4096)
def _curve(width: int, start: int, end: int) -> dict[Cell, int]:
    """Cells and their bits for a curve between two dot rows; no gaps however steep it is."""
    cells: dict[Cell, int] = {}
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
    return cells
