"""The chosen element's equation on a canvas, and words over several rows."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from bptui.tui.drawing import curve as curves
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.curve import draw_curve

if TYPE_CHECKING:
    from bptui.explain.worked import WorkedOperation

_HAT = "\u0302"  # combining: it has no cell of its own


def in_cells(text: str) -> str:
    """`text` with one character a cell."""
    return text.replace(_HAT, "^")


def draw_chain(canvas: Canvas, y: int, made: WorkedOperation) -> None:
    """The chosen element's equation: captions, symbols, numbers, values, result; its curve at the right."""
    captions, *rows = made.chain.rows()
    canvas.put(0, y, in_cells(captions), "dim")
    for row, text in enumerate(rows, start=1):
        canvas.put(0, y + row, in_cells(text), "bright" if row == 1 else "text")
    start, result, goes_to = made.chain.result_row()
    x = canvas.put(0, y + 4, start)
    x = canvas.put(x, y + 4, result, "ink", "accent", bold=True)
    canvas.put(x, y + 4, goes_to, "dim")
    left = canvas.width - curves.WIDTH
    if made.curve is not None and made.chain.width + 2 <= left:
        draw_curve(canvas, left, y - 1, made.curve)


def draw_wrapped(canvas: Canvas, y: int, text: str, token: str, most: int) -> int:
    """Words over at most so many rows, the last cut with …; returns how many rows they took."""
    lines = wrap(in_cells(text), canvas.width) or [""]
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1][: canvas.width - 1]}…"]
    for row, line in enumerate(lines):
        canvas.put(0, y + row, line, token)
    return len(lines)
