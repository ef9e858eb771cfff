"""The operation in hand where there is no room for arrays: what it reads and writes, a line each."""

from __future__ import annotations

import numpy as np

from bptui.explain.numbers import s6
from bptui.explain.point import Matrix
from bptui.explain.update import Array
from bptui.explain.worked import WorkedOperation
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.chain import draw_chain, draw_wrapped, in_cells

CELL = 8  # a number and its two blanks
CHAIN_ROWS = 5


def draw_listing(canvas: Canvas, made: WorkedOperation, focused: bool) -> None:
    """Title, equation, words, the lines, the chosen element; what has no room falls away, words first."""
    title = made.title if len(made.title) + len(made.short_at) + 4 <= canvas.width else made.short_title
    canvas.rule(0, title, made.short_at, focused)
    canvas.put(0, 1, in_cells(made.equation), "bright")
    spare = canvas.height - 2 - CHAIN_ROWS
    row = 2
    if spare > 4:
        row += draw_wrapped(canvas, row, made.sentence, "text", most=2) + 1
    row = _draw_lines(canvas, made, row)
    row = min(row, max(canvas.height - CHAIN_ROWS, 2))
    draw_chain(canvas, row, made)
    row += CHAIN_ROWS
    if row < canvas.height:
        draw_wrapped(canvas, row, made.last, "text", most=canvas.height - row)


def _draw_lines(canvas: Canvas, made: WorkedOperation, row: int) -> int:
    """As many of the arrays as fit above the equation; returns the row after them and a blank."""
    arrays = made.arrays
    room = canvas.height - row - CHAIN_ROWS
    lines = arrays[: max(room - 1, 0)] if room > 1 else ()
    label = max((len(m.name) for m in lines), default=0) + len("writes ") + 2
    for matrix in lines:
        _draw_line(canvas, row, label, matrix)
        row += 1
    return row + (1 if lines and canvas.height - row > CHAIN_ROWS else 0)


def _draw_line(canvas: Canvas, row: int, x: int, matrix: Matrix) -> None:
    canvas.put(0, row, "writes" if matrix.written else " reads", "dim")
    canvas.put(7, row, matrix.name, "text", bold=True)
    values, chosen = _line(matrix)
    room = max((canvas.width - x - 2) // CELL, 1)
    first = max(0, min((chosen or 0) - room // 2, len(values) - room))
    for i, value in enumerate(values[first : first + room]):
        is_result = matrix.written and first + i == chosen
        ink = "ink" if is_result else canvas.palette.signed(float(value))
        ground = "accent" if is_result else "bg"
        at = x + i * CELL
        if is_result:
            canvas.put(at - 1, row, " " * CELL, ink, ground)
        canvas.put(at, row, s6(float(value)), ink, ground, bold=first + i == chosen)
    if first + room < len(values):
        canvas.put(x + room * CELL, row, "…", "dim")
    if first > 0:
        canvas.put(x - 1, row, "…", "dim")


def _line(matrix: Matrix) -> tuple[Array, int | None]:
    """The chosen row, or the column where only one is chosen; and the chosen number in it."""
    if matrix.row is None and matrix.column is not None and matrix.values.shape[0] > 1:
        return matrix.values[:, matrix.column], None
    return np.asarray(matrix.values[matrix.row or 0]), matrix.column
