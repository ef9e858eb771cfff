"""Arrays as chips between brackets: the chosen row or column at full strength, the result as accent fill."""

from __future__ import annotations

import math

from bptui.explain.layout import Layout, Placed
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.palette import FULL, Palette

REST = 0.5  # of their colour, for what is not chosen


def draw_arrays(canvas: Canvas, x: int, y: int, layout: Layout) -> None:
    """The layout's arrays and operators, its first row at (x, y)."""
    for at, row, text in layout.operators:
        canvas.put(x + at, y + row, text, "text")
    for placed in layout.placed:
        _draw_heading(canvas, x + placed.x, y + placed.y, placed)
        for row in range(len(placed.rows)):
            _draw_row(canvas, x, y, placed, row)


def _draw_heading(canvas: Canvas, x: int, y: int, placed: Placed) -> None:
    matrix = placed.matrix
    beside = matrix.heading.removeprefix(matrix.name)
    if matrix.written:
        canvas.put(x, y, f" {matrix.name} ", "ink", "accent", bold=True)
        canvas.put(x + len(matrix.name) + 2, y, beside.lstrip(), "dim")
    else:
        canvas.put(x + 1, y, matrix.name, "text", bold=True)
        canvas.put(x + 1 + len(matrix.name), y, beside, "dim")


def _draw_row(canvas: Canvas, x: int, y: int, placed: Placed, row: int) -> None:
    left, right = placed.edges(row)
    at, last = y + placed.y + 1 + row, len(placed.columns) - 1
    canvas.put(x + placed.x, at, left, "dim")
    canvas.put(x + placed.cell_x(last) + placed.matrix.digits, at, right, "dim")
    for column in range(last + 1):
        _draw_cell(canvas, x + placed.cell_x(column), at, placed, row, column)


def _draw_cell(canvas: Canvas, x: int, y: int, placed: Placed, row: int, column: int) -> None:
    """A number on its colour, and a blank up to the next one."""
    matrix, palette = placed.matrix, canvas.palette
    value = float(matrix.values[placed.rows[row], placed.columns[column]])
    chosen = placed.is_chosen(row, column)
    if not math.isfinite(value) or (chosen and matrix.written):
        ground, ink = palette.accent, palette.ink
    else:
        ground, ink = _colours(palette, value, matrix.scale, chosen)
    text = placed.number(row, column)
    if column + 1 < len(placed.columns):
        canvas.put(x + matrix.digits, y, " ", ink, palette.bg if chosen else ground)
    canvas.put(x, y, text, ink, ground, bold=chosen)


def _colours(palette: Palette, value: float, scale: float, chosen: bool) -> tuple[str, str]:
    """Ground and ink of a number: its ramp colour; without colours a lifted ground for what is chosen."""
    if palette.colourless:
        return (palette.surface, palette.bright) if chosen else (palette.bg, palette.text)
    full = palette.ramp(value, scale, FULL)
    if chosen:
        return full, palette.ink_on(full)
    return palette.faded(full, REST), palette.faded(palette.text, 0.72)
