"""Deep towers: a cell a unit, so that one sees the blame fade from layer to layer."""

from __future__ import annotations

import math

import numpy as np

from bptui.explain.names import is_off
from bptui.explain.numbers import compact as small
from bptui.explain.update import Array
from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.edges import Edge, draw_edges
from bptui.tui.drawing.heat import MISSING, colours, glyph, levels
from bptui.tui.drawing.palette import FULL, STEPS, Palette
from bptui.tui.drawing.parameters import WEIGHTS, full_colour, parameters_of, passing
from bptui.tui.drawing.scales import largest
from bptui.tui.drawing.stacks import OFF

CELL = 3  # columns a unit
DECADES = 6  # of the scale of δ
STRONGEST = 2  # edges into a unit
MOST_LAYERS, MOST_UNITS, LEAST_LAYERS = 16, 8, 5
LEGEND = "unit: a above, δ below (shade of δ: log, 1e−6 … 1 of the largest) · edges: 2 strongest a unit"


def is_deep(sizes: tuple[int, ...], width: int, height: int) -> bool:
    """Whether this drawing is for such a net and fits."""
    layers = min(len(sizes) - 1, MOST_LAYERS)
    if len(sizes) - 1 <= LEAST_LAYERS or max(sizes) > MOST_UNITS:
        return False
    return width >= (layers + 1) * (CELL + 1) and height > 2 * max(sizes)


def draw_deep(
    frame: Frame, width: int, height: int, palette: Palette, choice: Choice, what: str = WEIGHTS
) -> Canvas:
    """Columns of units; over 16 layers a window around the choice; `what` is on the edges."""
    canvas = Canvas(width, height, palette)
    depth = len(frame.sizes) - 1
    first = min(max(choice.layer - MOST_LAYERS // 2, 0), max(depth - MOST_LAYERS, 0))
    last = min(first + MOST_LAYERS, depth)
    margin = 7 if depth > MOST_LAYERS else 0
    step = (width - 2 * margin - CELL - 1) / (last - first)
    columns = {l: margin + round((l - first) * step) for l in range(first, last + 1)}
    rows = {l: _rows(frame.sizes[l], height - 1) for l in columns}
    _edges(canvas, frame, columns, rows, what)
    top = max((largest(layer.delta) for layer in frame.update.layers), default=0.0)
    for l, x in columns.items():
        _layer(canvas, frame, choice, l, x, rows[l], top)
    if first > 0:
        canvas.put(0, height // 2, f"… {first}", "dim")
    if last < depth:
        canvas.right(width, height // 2, f"… {depth - last} more"[:6], "dim")
    if height > 2 * max(frame.sizes) + 2 and width >= len(LEGEND):
        canvas.put(0, height - 1, LEGEND, "dim")
    return canvas


def _rows(units: int, height: int) -> list[int]:
    top = 1 + (height - 1 - 2 * units) // 2
    return [top + 2 * u for u in range(units)]


def _layer(canvas: Canvas, frame: Frame, choice: Choice, l: int, x: int, rows: list[int], top: float) -> None:
    """Head and cells of one layer."""
    depth = len(frame.sizes) - 1
    name = "in" if l == 0 else "ŷ" if l == depth else f"h{small(l)}"
    canvas.put(x, 0, name, "accent_glyph" if l == choice.layer else "bright", bold=True)
    layer = frame.update.layers[l - 1] if l else None
    values = frame.update.inputs if layer is None else layer.a
    deltas = None if layer is None else layer.delta
    scale = max(largest(values), 1.0)
    for unit, row in enumerate(rows):
        _cell(canvas, x, row, _at(values, choice, unit), _at(deltas, choice, unit), scale, top)
        if is_off(frame.update, l, unit):
            canvas.put(x, row, f"{OFF:^{CELL}}", "dim")
        if l == choice.layer and unit == choice.unit and x:
            canvas.put(x - 1, row, "▸", "accent_glyph")


def _cell(
    canvas: Canvas, x: int, row: int, a: float | None, delta: float | None, scale: float, top: float
) -> None:
    """a as a whole cell, δ as the half row below it; without colours as a row of glyphs each."""
    palette = canvas.palette
    if a is None:
        canvas.put(x, row, f"{'·':^{CELL}}", "faint")
    elif palette.colourless:
        canvas.put(x, row, glyph(int(levels(np.array([a]), scale, FULL)[0])) * CELL)
    else:
        canvas.put(x, row, " " * CELL, "text", palette.ramp(a, scale, FULL))
    if delta is None:
        return
    level = _log_level(delta, top)
    if palette.colourless:
        canvas.put(x, row + 1, glyph(level) * CELL)
    elif delta == 0 or top <= 0:
        canvas.put(x, row + 1, "▀" * CELL, "bg")
    else:
        canvas.put(x, row + 1, "▀" * CELL, colours(palette)[level])


def _log_level(delta: float, top: float) -> int:
    """Six decades on one scale for all layers."""
    if not math.isfinite(delta):
        return MISSING
    if delta == 0 or top <= 0:
        return 0
    share = 1 + math.log10(abs(delta) / top) / DECADES
    return round(min(max(share, 0.0), 1.0) * (STEPS - 1)) + (STEPS if delta < 0 else 0)


def _edges(
    canvas: Canvas, frame: Frame, columns: dict[int, int], rows: dict[int, list[int]], what: str
) -> None:
    scale = full_colour(frame, what)
    for l in list(columns)[1:]:
        weights = parameters_of(frame.update.layers[l - 1], what).weights
        if weights is None:
            continue
        weights = passing(frame.update.layers, l, weights)
        x = columns[l - 1] + CELL
        edges: list[Edge] = []
        for unit, row in enumerate(np.abs(weights)):
            for source in np.argsort(-row)[:STRONGEST]:
                start, end = rows[l - 1][int(source)], rows[l][unit]
                edges.append((start, end, float(weights[unit, source]), 0.8))
        draw_edges(canvas, x, columns[l] - x, edges, largest(weights) if scale is None else scale)


def _at(array: Array | None, choice: Choice, unit: int) -> float | None:
    return None if array is None else float(array[choice.example, unit])
