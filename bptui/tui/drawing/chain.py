"""The chosen element's equation on a canvas, and words over several rows."""

from __future__ import annotations

from re import sub
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
    """The chosen element's equation: captions, symbols, numbers, values, result; its curve at the right.
    Where it is narrow its name, which stands in the title, goes first; what is cut ends in …."""
    captions, *rows = (in_cells(text) for text in made.chain.rows())
    lead = made.chain.lead
    gone = min(max(max(map(len, rows)) - canvas.width, 0), lead - len("= "))
    if gone:
        rows[0] = f"{'= ':>{lead}}{rows[0][lead:]}"
    canvas.put(0, y, captions[gone:], "dim")
    for row, text in enumerate(rows, start=1):
        canvas.put(0, y + row, text[gone:], "bright" if row == 1 else "text")
        if len(text) - gone > canvas.width:
            canvas.put(canvas.width - 1, y + row, "…", "dim")
    start, result, goes_to = made.chain.result_row()
    x = canvas.put(0, y + 4, start[gone:])
    x = canvas.put(x, y + 4, result, "ink", "accent", bold=True)
    shorter = (goes_to, sub(r" \([^)]*\)", "", goes_to), "")
    canvas.put(x, y + 4, next(text for text in shorter if x + len(text) <= canvas.width or not text), "dim")
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
