"""What each unit of a hidden layer says over the inputs: a small plane a unit, or a curve where there is one
input."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.explain.names import unit_name
from bptui.explain.numbers import count, precise
from bptui.tui.drawing import graph, heat
from bptui.tui.drawing.answers import FEW, Answers
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.plane import Plane, draw_points, grid, place_plane
from bptui.tui.drawing.plot import DOTS_X, stamp
from bptui.tui.drawing.scales import largest

Array = NDArray[Any]

GAP = 2  # columns between tiles
LEAST = (6, 2)  # cells of a picture, its title apart
FLAT = 3  # columns a row of a curve's tile
LARGEST_TILE = 40  # columns


class Tiles(NamedTuple):
    """A picture a unit: `across` × `down` of them, each `width` × `height` cells under its title."""

    across: int
    down: int
    width: int
    height: int

    @property
    def all(self) -> int:
        return self.across * self.down

    def at(self, number: int) -> tuple[int, int]:
        """The column and row of a tile's title."""
        return number % self.across * (self.width + GAP), number // self.across * (self.height + 1)


def tiles_for(units: int, width: int, height: int, shape: int) -> Tiles:
    """The largest tiles of `shape` columns a row with which all units are shown; where not even the smallest
    do, as many of those as fit."""
    best = Tiles(1, 1, 0, 0)
    for across in range(1, units + 1):
        down = -(-units // across)
        wide, high = (width + GAP) // across - GAP, height // down - 1
        high = min(high, wide // shape, LARGEST_TILE // shape)
        if high > best.height:
            best = Tiles(across, down, min(wide, shape * high), high)
    if best.height >= LEAST[1] and best.width >= LEAST[0]:
        return best
    across = max((width + GAP) // (LEAST[0] + GAP), 1)
    return Tiles(across, max(height // (LEAST[1] + 1), 1), *LEAST)


def hidden_layer(sizes: tuple[int, ...], choice: Choice) -> int:
    """The chosen layer, or the one below the output."""
    return max(min(choice.layer, len(sizes) - 2), 1)


def draw_hidden(
    canvas: Canvas, answers: Answers, sizes: tuple[int, ...], choice: Choice, y: int, height: int
) -> None:
    """Tiles from row y on; under them the scale in words."""
    layer = hidden_layer(sizes, choice)
    units, two = sizes[layer], answers.out.raw_inputs.shape[1] == 2
    tiles = tiles_for(units, canvas.width, height - 1, 2 if two else FLAT)
    chosen = choice.unit if choice.layer == layer else 0
    first = 0 if tiles.all >= units else max(0, min(chosen - tiles.all // 2, units - tiles.all))
    shown = range(first, min(first + tiles.all, units))
    if tiles.height < 1 or tiles.width < 2 or height < 3:
        return
    if two:
        told = _draw_planes(canvas, answers, layer, tiles, shown, y)
    else:
        told = _draw_curves(canvas, answers, layer, tiles, shown, y)
    values, scales = told
    for number, unit in enumerate(shown):
        x, row = tiles.at(number)
        name = unit_name(sizes, layer, unit)
        marked = (layer, unit) == (choice.layer, choice.unit)
        _draw_title(canvas, x, y + row, tiles.width, name, values[:, unit], marked)
    left = f"… {count(units - len(shown))} more units · " if len(shown) < units else ""
    words = next((s for s in scales if len(left + s) <= canvas.width), scales[-1])
    under = min(-(-len(shown) // tiles.across) * (tiles.height + 1) + 1, height - 1)
    canvas.put(0, y + under, f"{left}{words}"[: canvas.width], "dim")


def _draw_planes(
    canvas: Canvas, answers: Answers, layer: int, tiles: Tiles, shown: range, y: int
) -> tuple[Array, list[str]]:
    """All units from one evaluation, on one scale. Returns the activations and the scale in words, the
    longest first."""
    plane = place_plane(answers, 0, 0, tiles.width, tiles.height)
    values = _activations(answers, grid(plane), layer)
    scale = largest(values, 1.0)
    for number, unit in enumerate(shown):
        x, row = tiles.at(number)
        field = heat.levels(values[:, unit], scale).reshape(2 * plane.height, plane.width)
        heat.draw_field(canvas, x, y + row + 1, field)
        here = plane._replace(x=x, y=y + row + 1)
        if answers.count <= FEW:
            draw_points(canvas, here, answers, field)
        else:
            _draw_chosen(canvas, answers, here)
    positive, negative = ("▓", "=") if canvas.palette.colourless else ("blue", "orange")
    full, signs = precise(scale, 2), f"{positive} a > 0 · {negative} a < 0"
    return values, [f"{signs} · full colour at {full}", f"{signs} · full at {full}", f"full at {full}"]


def _draw_chosen(canvas: Canvas, answers: Answers, plane: Plane) -> None:
    """Where the chosen example lies."""
    if answers.chosen is None:
        return
    columns, halves = plane.halves(answers.out.raw_inputs[answers.chosen : answers.chosen + 1])
    canvas.put(plane.x + int(columns[0]), plane.y + int(halves[0]) // 2, "▸", "ink", "accent", bold=True)


def _draw_curves(
    canvas: Canvas, answers: Answers, layer: int, tiles: Tiles, shown: range, y: int
) -> tuple[Array, list[str]]:
    """Each unit over the input, from its smallest to its largest answer."""
    low, high = float(answers.out.low[0]), float(answers.out.high[0])
    xlim = graph.widened(np.array([low, high]), 0.05)
    inputs = np.linspace(xlim[0], xlim[1], DOTS_X * tiles.width)
    values = _activations(answers, inputs[:, None], layer)
    for number, unit in enumerate(shown):
        x, row = tiles.at(number)
        ylim = graph.widened(values[:, unit], 0.02)
        axes = graph.Axes(x, y + row + 1, tiles.width, tiles.height, xlim, ylim)
        dots = axes.dots(inputs, values[:, unit])[1]
        stamp(canvas, x, y + row + 1, graph.lines(axes, np.arange(len(inputs)), dots), "bright")
    over = f"over {precise(xlim[0], 3)} … {precise(xlim[1], 3)}"
    return values, [f"{over}, each from its least to its most", over]


def _activations(answers: Answers, raw: Array, layer: int) -> Array:
    assert answers.out.hidden is not None
    return answers.out.hidden(raw, layer)


def _draw_title(canvas: Canvas, x: int, y: int, room: int, name: str, values: Array, marked: bool) -> None:
    """The unit's name, and its range where there is room."""
    after = canvas.put(
        x, y, f"{'▸' if marked else ''}{name}", "accent_glyph" if marked else "bright", bold=True
    )
    low, high = float(values.min()), float(values.max())
    for told in (f"{low:.2f} … {high:.2f}", f"{low:.1f}…{high:.1f}"):
        told = told.replace("-", "−")
        if after + 1 + len(told) <= x + room:
            canvas.put(after + 1, y, told, "dim")
            return
