"""An activation as a small curve with the point in question and its tangent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bptui.explain.update import Array
from bptui.tui.drawing.canvas import Canvas

if TYPE_CHECKING:
    from bptui.explain.point import Curve

WIDTH, HEIGHT = 27, 5
_HALF_RANGES = {"tanh": 3.5, "sigmoid": 4.5, "sin": 4.0}  # of z, where the chosen point is not farther out
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # of a braille cell, by row and column


def draw_curve(canvas: Canvas, x: int, y: int, curve: Curve) -> None:
    """Its name at (x, y), the curve in the five rows below."""
    called = curve.name if len(curve.symbol) == 1 else curve.symbol
    canvas.put(x, y, f"{called}(z)", "dim")
    frame = _Frame(curve)
    lines = (("faint", frame.axis()), ("dim", frame.curve()), ("accent_glyph", frame.tangent()))
    taken = {frame.cell(curve.z, curve.a)}
    for token, line in lines:
        cells = _cells(frame, line)
        for (column, row), bits in cells.items():
            canvas.put(x + column, y + 1 + row, chr(0x2800 + bits), token)
        if token != "faint":
            taken |= set(cells)
    _draw_slope(canvas, x, y + 1, curve.slope, taken)
    column, row = frame.cell(curve.z, curve.a)
    canvas.put(x + column, y + 1 + row, "●", "bright")


def _draw_slope(canvas: Canvas, x: int, y: int, slope: float, taken: set[tuple[int, int]]) -> None:
    """In the first corner where it covers nothing."""
    text = f"slope {slope:.3f}".replace("-", "−")
    right = WIDTH - len(text) - 1
    for at, row in ((right, HEIGHT - 1), (1, 0), (1, HEIGHT - 1), (right, 0)):
        if all((at + i, row) not in taken for i in range(-1, len(text) + 1)):
            canvas.put(x + at, y + row, text, "text")
            return


class _Frame:
    """Maps z and a to dots, 2 x 4 of them a cell."""

    def __init__(self, curve: Curve) -> None:
        self.made = curve
        self.half = max(_HALF_RANGES.get(curve.name, 3.0), 1.1 * abs(curve.z))
        self.z = np.linspace(-self.half, self.half, 2 * WIDTH)
        self.a = curve.value(self.z)
        self.low, self.high = float(min(self.a.min(), curve.a)), float(max(self.a.max(), curve.a))
        self.rise = self.high - self.low or 1.0

    def curve(self) -> tuple[Array, Array]:
        """Dots of the curve, without gaps where it is steep."""
        z = np.linspace(-self.half, self.half, 40 * WIDTH)
        return z, self.made.value(z)

    def axis(self) -> tuple[Array, Array]:
        """The line a = 0, every third dot; or none."""
        inside = self.low < 0 < self.high
        z = self.z[1::3] if inside else self.z[:0]
        return z, np.zeros_like(z)

    def tangent(self) -> tuple[Array, Array]:
        """About a fifth of the width, on both sides of the point."""
        z = np.linspace(-1, 1, 80) * self.half * 0.28 + self.made.z
        return z, self.made.a + self.made.slope * (z - self.made.z)

    def dots(self, z: Array, a: Array) -> tuple[Array, Array]:
        """Columns and rows of dots, from the top left."""
        columns = np.rint((z + self.half) / (2 * self.half) * (2 * WIDTH - 1))
        rows = np.rint((self.high - a) / self.rise * (4 * HEIGHT - 1))
        return columns, rows

    def cell(self, z: float, a: float) -> tuple[int, int]:
        columns, rows = self.dots(np.array([z]), np.array([a]))
        return int(columns[0]) // 2, int(rows[0]) // 4


def _cells(frame: _Frame, line: tuple[Array, Array]) -> dict[tuple[int, int], int]:
    """Braille bits of a line, by cell; what lies outside is left out."""
    cells: dict[tuple[int, int], int] = {}
    columns, rows = frame.dots(*line)
    inside = (columns >= 0) & (columns < 2 * WIDTH) & (rows >= 0) & (rows < 4 * HEIGHT)
    for column, row in zip(
        columns[inside].astype(int).tolist(), rows[inside].astype(int).tolist(), strict=True
    ):
        place = (column // 2, row // 4)
        cells[place] = cells.get(place, 0) | _DOTS[row % 4][column % 2]
    return cells
