"""The operation in hand where there is no room for arrays: what it reads and writes, a line each."""

from __future__ import annotations

from textwrap import wrap
from typing import NamedTuple

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
    _draw_title(canvas, made, focused)
    canvas.put(0, 1, _fitting(in_cells(made.equation), canvas.width), "bright")
    plan = _plan(canvas, made)
    row = 2
    if plan.words:
        row += draw_wrapped(canvas, row, made.sentence, "text", most=plan.words)
    row += plan.blank
    if plan.arrays:
        row = _draw_lines(canvas, made, row)
    row = min(row, max(canvas.height - CHAIN_ROWS, 2))
    draw_chain(canvas, row, made)
    row += CHAIN_ROWS
    if row < canvas.height:
        draw_wrapped(canvas, row, made.last, "text", most=canvas.height - row)


def _draw_title(canvas: Canvas, made: WorkedOperation, focused: bool) -> None:
    title = made.title if len(made.title) + len(made.short_at) + 4 <= canvas.width else made.short_title
    canvas.rule(0, title, made.short_at, focused)
    if len(title) > canvas.width:
        canvas.put(canvas.width - 1, 0, "…", "dim")


def _fitting(equation: str, room: int) -> str:
    """Of two equations the first alone where both have no room."""
    return equation if len(equation) <= room else equation.split("     ")[0]


class _Plan(NamedTuple):
    """Rows of the sentence in words, a blank before what follows, and whether the arrays have lines."""

    words: int
    blank: int
    arrays: bool


def _plan(canvas: Canvas, made: WorkedOperation) -> _Plan:
    """The arrays have a line each, all of them or none; else the sentences have their place, the last one
    before the one in words."""
    spare = canvas.height - 2 - CHAIN_ROWS
    words, last = (len(wrap(in_cells(text), canvas.width)) for text in (made.sentence, made.last))
    if spare >= words + 1 + len(made.arrays) + 1:
        return _Plan(words, 1, True)
    if spare < words + last:
        return _Plan(0, 1 if spare > last else 0, False)
    return _Plan(words, 1 if spare > words + last else 0, False)


def _draw_lines(canvas: Canvas, made: WorkedOperation, row: int) -> int:
    """A line for each of the arrays; returns the row after them and a blank."""
    label = max(len(m.name) for m in made.arrays) + len("writes ") + 2
    for matrix in made.arrays:
        _draw_line(canvas, row, label, matrix)
        row += 1
    return row + 1


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
