"""Two inputs: the answer over their plane, as a coloured square, with the examples on it."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.tui.drawing import heat
from bptui.tui.drawing.answers import FEW, Answers, class_letters, pretty
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.ticks import fixed, spread

Array = NDArray[Any]

ALIKE = 1e-3  # a plane whose answers differ by less is one answer


class Plane(NamedTuple):
    """Where the square stands on a canvas, and what part of the data it shows. One cell is one grid
    point wide and two high."""

    x: int
    y: int
    width: int
    height: int
    low: tuple[float, float]
    high: tuple[float, float]

    def halves(self, raw: Array) -> tuple[Array, Array]:
        """Raw inputs (m, 2) -> columns and half rows from the top, clipped to the square."""
        counts = np.array([self.width, 2 * self.height])
        with np.errstate(invalid="ignore", over="ignore"):
            shares = (raw - self.low) / np.subtract(self.high, self.low)
            # fmax and fmin let no NaN through
            places = np.fmin(np.fmax(shares * counts, 0), counts - 1).astype(int)
        return places[:, 0], counts[1] - 1 - places[:, 1]

    def middles(self, axis: int, count: int) -> Array:
        """Raw inputs in the middle of each of `count` parts of a side."""
        share = (np.arange(count) + 0.5) / count
        return np.asarray(self.low[axis] + share * (self.high[axis] - self.low[axis]))


@lru_cache(maxsize=4)
def grid(plane: Plane) -> Array:
    """(2·height·width, 2) raw inputs at the middle of each half cell, the top row first; read-only."""
    xs = plane.middles(0, plane.width)
    ys = plane.middles(1, 2 * plane.height)[::-1]
    points = np.stack([np.tile(xs, len(ys)), np.repeat(ys, len(xs))], axis=1)
    points.flags.writeable = False
    return points


def place_plane(answers: Answers, x: int, y: int, width: int, height: int) -> Plane:
    """The data's extent with a margin: half of it around a handful of points, a tenth around many."""
    low, high = answers.out.low.astype(float), answers.out.high.astype(float)
    extent = np.where(high > low, high - low, np.maximum(np.abs(high), 1.0))
    margin = extent * (0.58 if answers.count <= FEW else 0.1)
    (left, bottom), (right, top) = (low - margin).tolist(), (high + margin).tolist()
    return Plane(x, y, width, height, (left, bottom), (right, top))


def draw_plane(canvas: Canvas, plane: Plane, answers: Answers) -> tuple[float, float] | None:
    """The square with its points; returns the extent of the answer where it is one number."""
    predictions = answers.out.evaluate(grid(plane))
    if answers.two_sided:
        field = heat.levels(answers.signed(predictions), 1.0).reshape(2 * plane.height, plane.width)
        heat.draw_field(canvas, plane.x, plane.y, field)
        draw_points(canvas, plane, answers, field)
        told = answers.sided(predictions)
        return float(told.min()), float(told.max())
    field = _draw_winners(canvas, plane, answers, predictions)
    draw_points(canvas, plane, answers, field)
    return None


def _draw_winners(canvas: Canvas, plane: Plane, answers: Answers, predictions: Array) -> heat.Levels:
    """Several classes: in each cell the winner's letter, on a ground as strong as its lead."""
    cells = predictions.reshape(plane.height, 2, plane.width, -1).mean(axis=1)
    ordered = np.partition(cells, -2, axis=-1)
    lead = heat.levels(ordered[..., -1] - ordered[..., -2], 1.0, full=5)
    winner = cells.argmax(axis=-1)
    letters = class_letters(answers.out.classes or answers.out.output_names)
    ramp = heat.colours(canvas.palette)
    for row in range(plane.height):
        changes = np.flatnonzero((np.diff(winner[row]) != 0) | (np.diff(lead[row]) != 0)) + 1
        starts = [0, *changes.tolist()]
        for start, end in zip(starts, [*starts[1:], plane.width], strict=True):
            letter = letters[int(winner[row, start])]
            level = int(lead[row, start])
            ink = "dim" if level < 3 else ramp[min(level + 3, 8)]
            back = heat.ground(canvas, level)
            canvas.put(plane.x + start, plane.y + row, letter * (end - start), ink, back, bold=False)
    return np.repeat(lead, 2, axis=0)


def draw_points(canvas: Canvas, plane: Plane, answers: Answers, field: heat.Levels) -> None:
    """One example a cell: a wrong one before a right one, and the chosen one before all."""
    columns, halves = plane.halves(answers.out.raw_inputs)
    rank = np.where(answers.right, 0, 1)
    if answers.chosen is not None:
        rank[answers.chosen] = 2
    cells = (halves // 2) * plane.width + columns
    by_rank = np.argsort(-rank, kind="stable")
    shown = by_rank[np.unique(cells[by_rank], return_index=True)[1]]
    glyphs, right = answers.glyphs(), answers.right.tolist()
    for example, x, half in zip(shown.tolist(), columns[shown].tolist(), halves[shown].tolist(), strict=True):
        _draw_point(canvas, plane, answers, field, glyphs[example], right[example], x, half)
        canvas.mark(plane.x + x, plane.y + half // 2, 1, example)
        if example == answers.chosen and x > 0:
            _draw_pointer(canvas, plane, field, x - 1, half)


def _draw_point(
    canvas: Canvas,
    plane: Plane,
    answers: Answers,
    field: heat.Levels,
    glyph: str,
    right: bool,
    column: int,
    half: int,
) -> None:
    x, y = plane.x + column, plane.y + half // 2
    if not right:
        canvas.put(x, y, glyph, "ink", "accent", bold=True)
        return
    back = heat.ground(canvas, int(field[half, column]))
    ink = "bright" if not answers.two_sided or canvas.palette.colourless else canvas.palette.ink_on(back)
    canvas.put(x, y, glyph, ink, back, bold=True)


def _draw_pointer(canvas: Canvas, plane: Plane, field: heat.Levels, column: int, half: int) -> None:
    back = heat.ground(canvas, int(field[half, column]))
    ink = "accent_glyph" if canvas.palette.colourless else canvas.palette.ink_on(back)
    canvas.put(plane.x + column, plane.y + half // 2, "▸", ink, back, bold=True)


def gutter(answers: Answers) -> int:
    """Cells left of the square: the data's ticks, and the second input's name if it is short."""
    ticks = data_ticks(answers, 1)
    return max(4, 2 + max(len(label) for _, label in ticks))


def draw_axes(canvas: Canvas, plane: Plane, answers: Answers) -> None:
    """Ticks left of and under the square, the inputs' names at their ends."""
    first, second = (pretty(name, 14) for name in answers.out.input_names[:2])
    if len(second) < plane.x:
        canvas.put(plane.x - 1 - max(len(second), 3), plane.y, second, "dim")
    across, up = data_ticks(answers, 0), data_ticks(answers, 1)
    columns, _ = plane.halves(np.array([(value, plane.low[1]) for value, _ in across]).reshape(-1, 2))
    _, halves = plane.halves(np.array([(plane.low[0], value) for value, _ in up]).reshape(-1, 2))
    for half, (_, label) in zip(halves.tolist(), up, strict=True):
        canvas.right(plane.x - 1, plane.y + half // 2, label, "dim")
    under, free = plane.y + plane.height, 0
    for column, (_, label) in zip(columns.tolist(), across, strict=True):
        at = plane.x + column - (len(label) - 1) // 2
        if at >= free:
            free = canvas.put(at, under, label, "dim") + 1
    at = max(plane.x + plane.width - len(first), free + 1)
    if at + len(first) <= plane.x + plane.width + 1:
        canvas.put(at, under, first, "dim")


def data_ticks(answers: Answers, axis: int) -> list[tuple[float, str]]:
    """The values themselves where there are two or three, else 1-2-5 within the data's extent."""
    values = answers.out.raw_inputs[:, axis]
    few = tuple(values.tolist()) if len(values) <= FEW else ()
    return _ticks(float(answers.out.low[axis]), float(answers.out.high[axis]), few)


@lru_cache(maxsize=16)
def _ticks(low: float, high: float, few: tuple[float, ...]) -> list[tuple[float, str]]:
    own = sorted({value for value in few if math.isfinite(value)})
    if 0 < len(own) <= 3:
        step = min((b - a for a, b in pairwise(own)), default=max(abs(own[0]), 1.0))
        return [(value, fixed(value, min(step, 1.0))) for value in own]
    return spread(low, high, 4)
