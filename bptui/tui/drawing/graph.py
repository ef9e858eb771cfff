"""Pictures with two axes of numbers: one input's curve with its data, and predicted against true."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.explain.numbers import count
from bptui.tui.drawing.answers import Answers, pretty
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.plot import DOTS_X, DOTS_Y, braille, stamp
from bptui.tui.drawing.ticks import spread

Array = NDArray[Any]

GUTTER = 7
MOST_MARKED = 2000  # points a click finds: to mark more takes longer than to draw them
_NOWHERE = -(10**9)  # the dot row of what is not a number


class Axes:
    """A rectangle of cells and the values at its edges."""

    def __init__(self, x: int, y: int, width: int, height: int, xlim: Array, ylim: Array) -> None:
        self.x, self.y, self.width, self.height = x, y, max(width, 1), max(height, 1)
        self.xlim, self.ylim = xlim, ylim

    def dots(self, xs: Array, ys: Array) -> tuple[Array, Array]:
        """Values -> dot columns, dot rows from the top; what lies outside is outside there too."""
        with np.errstate(invalid="ignore", over="ignore"):
            column = (xs - self.xlim[0]) / (self.xlim[1] - self.xlim[0]) * (DOTS_X * self.width - 1)
            row = (self.ylim[1] - ys) / (self.ylim[1] - self.ylim[0]) * (DOTS_Y * self.height - 1)
        return _whole(column), _whole(row)

    def inside(self, column: Array, row: Array) -> NDArray[np.bool_]:
        """Which dots are on the picture."""
        across = (column >= 0) & (column < DOTS_X * self.width)
        return np.asarray(across & (row >= 0) & (row < DOTS_Y * self.height))


def draw_curve(canvas: Canvas, answers: Answers, y: int, height: int) -> None:
    """One input, one output: the data as circles, the answer as a line, cut where it leaves the picture;
    the data alone where the weights are not finite."""
    axes = _curve_axes(canvas, answers, y, height)
    _draw_ticks(canvas, axes, pretty(answers.out.input_names[0], 14))
    crowded = answers.count > 0.4 * axes.width
    if crowded:
        _draw_data(canvas, axes, answers)
    if answers.out.finite:
        stamp(canvas, axes.x, axes.y, _answer(axes, answers), "bright")
    _draw_data(canvas, axes, answers, only_marked=crowded)


def _answer(axes: Axes, answers: Answers) -> tuple[str, ...]:
    """What the network says to each dot column's input, as a line."""
    inputs = np.linspace(axes.xlim[0], axes.xlim[1], DOTS_X * axes.width)
    with np.errstate(invalid="ignore", over="ignore"):
        predictions = answers.sided(answers.out.evaluate(inputs[:, None]))
    return lines(axes, np.arange(len(inputs)), axes.dots(inputs, predictions)[1])


def draw_scatter(canvas: Canvas, answers: Answers, x: int, y: int, width: int, height: int) -> None:
    """Predicted (up) against true (right) for one output; on the diagonal they agree."""
    truth = answers.sided(answers.out.targets)
    predicted = answers.sided(answers.out.predictions)
    limits = widened(truth, 0.08)
    axes = Axes(x + GUTTER, y, width - GUTTER, height - 1, limits, limits)
    _draw_ticks(canvas, axes, "true")
    diagonal = np.linspace(limits[0], limits[1], DOTS_X * axes.width)
    stamp(
        canvas,
        axes.x,
        axes.y,
        lines(axes, np.arange(len(diagonal)), axes.dots(diagonal, diagonal)[1]),
        "faint",
    )
    columns, rows = axes.dots(truth, predicted)
    inside = axes.inside(columns, rows)
    stamp(canvas, axes.x, axes.y, braille(columns[inside], rows[inside], axes.width, axes.height), "bright")
    for example in np.flatnonzero(inside).tolist()[:MOST_MARKED]:
        canvas.mark(
            axes.x + int(columns[example]) // DOTS_X, axes.y + int(rows[example]) // DOTS_Y, 1, example
        )
    if not inside.all():
        canvas.put(axes.x + 1, axes.y, f"{count(int((~inside).sum()))} outside", "accent_glyph")
    if answers.chosen is not None and inside[answers.chosen]:
        place = (int(columns[answers.chosen]) // DOTS_X, int(rows[answers.chosen]) // DOTS_Y)
        canvas.put(axes.x + place[0], axes.y + place[1], "○", "bright")
        canvas.put(axes.x + place[0] - 1, axes.y + place[1], "▸", "accent_glyph", bold=True)


def _curve_axes(canvas: Canvas, answers: Answers, y: int, height: int) -> Axes:
    inputs = answers.out.raw_inputs[:, 0]
    extent = np.array([answers.out.low[0], answers.out.high[0]], float)
    xlim = widened(extent if len(inputs) else np.array([0.0, 1.0]), 0.05)
    truth = np.array([0.0, 1.0]) if answers.out.classes else answers.sided(answers.out.targets)
    return Axes(GUTTER, y, canvas.width - GUTTER - 1, height - 1, xlim, widened(truth, 0.15))


def widened(values: Array, share: float) -> Array:
    """Their extent with a margin on both sides; never empty."""
    finite = values[np.isfinite(values)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    margin = (high - low) * share or max(abs(high), 1.0) * share
    return np.array([low - margin, high + margin])


def _draw_ticks(canvas: Canvas, axes: Axes, name: str) -> None:
    ylim, xlim = axes.ylim.tolist(), axes.xlim.tolist()
    for value, label in spread(ylim[0], ylim[1], max(axes.height // 3, 2)):
        _, row = axes.dots(np.array([xlim[0]]), np.array([value]))
        canvas.right(axes.x - 1, axes.y + int(row[0]) // DOTS_Y, label, "dim")
    under, free = axes.y + axes.height, 0
    end = axes.x + axes.width - len(name)
    for value, label in spread(xlim[0], xlim[1], max(axes.width // 12, 2)):
        column, _ = axes.dots(np.array([value]), np.array([ylim[0]]))
        at = axes.x + int(column[0]) // DOTS_X - (len(label) - 1) // 2
        if at >= free and at + len(label) < end:
            free = canvas.put(at, under, label, "dim") + 1
    canvas.put(end, under, name, "dim")


def _draw_data(canvas: Canvas, axes: Axes, answers: Answers, only_marked: bool = False) -> None:
    """only_marked: the wrong ones and the chosen one, which stand before the curve."""
    columns, rows = axes.dots(answers.out.raw_inputs[:, 0], answers.sided(answers.out.targets))
    inside = axes.inside(columns, rows)
    marked = ~answers.right
    if answers.chosen is not None:
        marked[answers.chosen] = True
    glyphs = answers.glyphs() if answers.out.classes else ["○"] * answers.count
    for example in np.flatnonzero(inside & (marked | (not only_marked))).tolist():
        x, y = axes.x + int(columns[example]) // DOTS_X, axes.y + int(rows[example]) // DOTS_Y
        canvas.mark(x, y, 1, example)
        if answers.right[example]:
            canvas.put(x, y, glyphs[example], "bright" if example == answers.chosen else "dim")
        else:
            canvas.put(x, y, glyphs[example], "ink", "accent")
        if example == answers.chosen:
            canvas.put(x - 1, y, "▸", "accent_glyph", bold=True)


def lines(axes: Axes, columns: Array, rows: Array) -> tuple[str, ...]:
    """A braille line through one dot row a dot column, each joined to the next half way."""
    top, bottom = -1, DOTS_Y * axes.height
    clipped = np.clip(rows, top, bottom)
    here, there = clipped[:-1], clipped[1:]
    middle = (here + there) // 2
    after = np.append(np.where(here > there, np.minimum(middle + 1, here), middle), clipped[-1])
    before = np.insert(np.where(here < there, np.minimum(middle + 1, there), middle), 0, clipped[0])
    low = np.minimum(np.minimum(before, after), clipped)
    high = np.maximum(np.maximum(before, after), clipped)
    dot = np.arange(DOTS_Y * axes.height)[:, None]
    on = (dot >= low) & (dot <= high) & (rows != _NOWHERE)
    which, where = np.nonzero(on)
    return braille(columns[where], which, axes.width, axes.height)


def _whole(dots: Array) -> Array:
    """To the nearest dot; what is not a number lies nowhere."""
    near = np.where(np.isnan(dots), float(_NOWHERE), np.clip(dots, -1e6, 1e6))
    return np.rint(near).astype(int)
