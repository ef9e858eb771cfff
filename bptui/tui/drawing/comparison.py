"""Two branches compared: their curves in one plot, what separates them, how far apart their weights are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from textwrap import wrap

from bptui.explain.numbers import count, u7
from bptui.session.compare import Apart, Comparison, Side
from bptui.session.marks import Mark
from bptui.session.tree import BranchView
from bptui.tui.drawing import plot
from bptui.tui.drawing.answers import narrow
from bptui.tui.drawing.bars import bar
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.loss import GUTTER, draw_labels, usual_scale
from bptui.tui.drawing.marks import draw_marks
from bptui.tui.drawing.palette import Palette
from bptui.tui.drawing.ticks import Ticks
from bptui.tui.drawing.trace import CUT, Trace, trace_of

TOP = 4  # rows before the plot: title, legend, what it shows
LEAST_PLOT, MOST_PLOT = 5, 12  # rows
TWO_COLUMNS = 70  # cells from which the changes stand beside each other
FIGURE = 12  # cells of a column of figures
LAYER = 14  # cells of a layer's name
LEAST_BAR = 8
ALL_FIGURES = LAYER + 5 * FIGURE  # cells from which every figure is there


def draw_comparison(found: Comparison, width: int, height: int, palette: Palette) -> Canvas:
    """As high as it must be; of `height` rows the plot takes what the rest leaves."""
    changes, weights = _changes(found, width, palette), _weights(found, width, palette)
    below = 1 + changes.height + 1 + weights.height
    rows = min(max(height - TOP - 1 - below, LEAST_PLOT), MOST_PLOT)
    canvas = Canvas(width, TOP + rows + 1 + below, palette)
    one, other = found.one.branch, found.other.branch
    parted = "began differently" if found.parted is None else f"parted at step {count(found.parted)}"
    canvas.rule(0, f"Branches {one.number} and {other.number}", parted, focused=True)
    _draw_legend(canvas, 1, "─", one, "bright")
    _draw_legend(canvas, 2, "⠂", other, "dim")
    _draw_plot(canvas, TOP, found, rows)
    y = TOP + rows + 2
    canvas.paste(changes, 0, y)
    canvas.paste(weights, 0, y + changes.height + 1)
    return canvas


def _draw_legend(canvas: Canvas, y: int, line: str, branch: BranchView, token: str) -> None:
    """How its curve looks, and how it stands."""
    x = canvas.put(0, y, f"{line * 3} ", token) + 1
    name = narrow(f"branch {branch.number} {branch.name}".rstrip(), max(canvas.width - x - 34, 9))
    canvas.put(x, y, name, token)
    x = max(canvas.width - 34, x + len(name) + 1) if canvas.width < TWO_COLUMNS else 42
    x = canvas.put(x, y, "at step ", "dim")
    canvas.right(x + 9, y, count(branch.step), "text")
    x = canvas.put(x + 11, y, "loss ", "dim")
    loss = "–" if branch.loss is None else u7(branch.loss)
    x = canvas.put(x, y, loss.rjust(7), "text")
    if branch.diverged:
        canvas.put(x + 1, y, "✕", "accent_glyph")


# ---------------------------------------------------------------- the curves


def _draw_plot(canvas: Canvas, y: int, found: Comparison, rows: int) -> None:
    columns = canvas.width - GUTTER
    finite = [value for side in (found.one, found.other) for value in _extents(side)]
    ends = (0, max(found.one.branch.step, found.other.branch.step))
    if not finite or columns < 1:
        canvas.put(GUTTER, y, "No update yet.")
        return
    ceiling = min(max(finite), CUT * (abs(finite[0]) or 1.0))
    traces = [trace_of(side.losses, ceiling) for side in (found.one, found.other)]
    scale = usual_scale([value for trace in traces for value in trace.ys], rows)
    one, other = (_curve(trace, ends, scale, columns, rows) for trace in traces)
    other = plot.dotted(other)
    canvas.put(0, y - 1, f"loss of each update · {'log' if scale.log else 'linear'} scale", "dim")
    draw_labels(canvas, scale, rows, y)
    if found.parted:
        draw_marks(canvas, GUTTER, y, [Mark(found.parted, "parted")], ends, [one, other])
    plot.stamp(canvas, GUTTER, y, other, "dim")
    plot.stamp(canvas, GUTTER, y, one, "bright")
    for trace, token in zip(traces, ("accent_glyph", "dim"), strict=True):
        if trace.broken and trace.xs:
            at = plot.row(scale.place(trace.ys[-1]), scale.limits, rows)
            canvas.put(GUTTER + plot.cell(trace.xs[-1], ends, columns), y + at, "✕", token, bold=True)
    canvas.put(GUTTER, y + rows, "0", "dim")
    canvas.right(canvas.width, y + rows, count(ends[1]), "dim")


def _extents(side: Side) -> list[float]:
    return [value for column in side.losses for value in (column.low, column.high) if math.isfinite(value)]


def _curve(trace: Trace, ends: tuple[int, int], scale: Ticks, columns: int, rows: int) -> tuple[str, ...]:
    return plot.curve(trace.xs, [scale.place(y) for y in trace.ys], columns, rows, ends, scale.limits)


# ---------------------------------------------------------------- what separates them


def _changes(found: Comparison, width: int, palette: Palette) -> Canvas:
    """Side by side where there is room."""
    two = width >= TWO_COLUMNS
    room = (width - 3) // 2 if two else width
    blocks = [_list(side, found.parted, room, palette) for side in (found.one, found.other)]
    began = wrap(f"They began differently: {narrow(found.beginning)}", width) if found.beginning else []
    rows = max(b.height for b in blocks) if two else sum(b.height for b in blocks)
    canvas = Canvas(width, 1 + len(began) + rows, palette)
    canvas.rule(0, "What separates them")
    for y, line in enumerate(began, start=1):
        canvas.put(0, y, line)
    y = 1 + len(began)
    canvas.paste(blocks[0], 0, y)
    canvas.paste(blocks[1], *((room + 3, y) if two else (0, y + blocks[0].height)))
    return canvas


def _list(side: Side, parted: int | None, width: int, palette: Palette) -> Canvas:
    changes = side.changes
    canvas = Canvas(width, 1 + max(len(changes), 1), palette)
    since = "" if parted is None else f" from step {count(parted)} on"
    canvas.put(0, 0, f"branch {side.branch.number}{since}", "dim")
    if not changes:
        canvas.put(2, 1, "no change")
    for y, mark in enumerate(changes, start=1):
        canvas.right(9, y, count(mark.step), "dim")
        canvas.put(11, y, narrow(mark.label, max(width - 11, 1)))
    return canvas


# ---------------------------------------------------------------- their weights


def _weights(found: Comparison, width: int, palette: Palette) -> Canvas:
    one, other = found.one.branch, found.other.branch
    if found.obstacle:
        lines = wrap(f"{found.obstacle}.", width)
    else:
        lines = wrap(f"W, b: branch {one.number} at its end; W′, b′: branch {other.number} at its.", width)
    canvas = Canvas(width, 1 + len(lines) + (1 + len(found.layers) if found.layers else 0), palette)
    canvas.rule(0, "Weights")
    for y, line in enumerate(lines, start=1):
        canvas.put(0, y, line, "text" if found.obstacle else "dim")
    if found.layers:
        _draw_layers(canvas, 1 + len(lines), found.layers)
    return canvas


def _draw_layers(canvas: Canvas, y: int, layers: Sequence[Apart]) -> None:
    heads = ("‖W‖", "‖W′‖", "‖W − W′‖", "of ‖W‖", "‖b − b′‖")
    kept = range(5) if canvas.width >= ALL_FIGURES else range(2, 5)
    canvas.put(0, y, "layer", "dim")
    for place, number in enumerate(kept, start=1):
        canvas.right(LAYER + place * FIGURE, y, heads[number], "dim")
    x = LAYER + len(kept) * FIGURE + 2
    largest = max((layer.relative or 0.0 for layer in layers), default=0.0)
    for row, layer in enumerate(layers, start=y + 1):
        canvas.put(0, row, f"{layer.layer} {layer.activation}")
        figures = (
            u7(layer.one),
            u7(layer.other),
            u7(layer.weights),
            _share(layer.relative),
            u7(layer.biases),
        )
        for place, number in enumerate(kept, start=1):
            canvas.right(LAYER + place * FIGURE, row, figures[number], "bright" if number == 2 else "text")
        if layer.relative and math.isfinite(largest) and canvas.width - x >= LEAST_BAR:
            canvas.put(x, row, bar(layer.relative / largest, canvas.width - x), "dim")


def _share(relative: float | None) -> str:
    """Of the first one's size, in per cent."""
    if relative is None or not math.isfinite(relative):
        return "–"
    per_cent = 100 * relative
    if 0 < per_cent < 0.1:
        return "<0.1 %"
    return f"{per_cent:.1f} %" if per_cent < 100 else f"{per_cent:,.0f} %" if per_cent < 1e6 else "huge"
