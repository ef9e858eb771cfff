"""The loss panel: the training loss of every update, with what the user changed on the way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from bptui.escape import safe
from bptui.explain.numbers import count, u7
from bptui.session.frame import Frame, State
from bptui.tui.drawing import plot
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.palette import Palette
from bptui.tui.drawing.ticks import Ticks, linear, logarithmic, scientific

GUTTER = 8  # six characters of a label, a blank, a tick
LOG_FROM = 3.0  # max / min above which the scale is logarithmic
CUT = 1e6  # times the first loss: higher is cut where the run diverged
NEAR = 8  # columns: marks closer than that share a label


class _Trace(NamedTuple):
    """The points of the curve: xs in steps, ys finite losses (at a cut: the cut), and what became of it."""

    xs: list[int]
    ys: list[float]
    cut: bool
    broken: bool  # it ends in something that is not finite


def draw_loss(
    frame: Frame,
    width: int,
    height: int,
    palette: Palette,
    choice: Choice,
    focused: bool = False,
    compact: bool = False,
) -> Canvas:
    """Row 0 the title, then the curve, the last row its steps."""
    canvas = Canvas(width, height, palette)
    rows, columns = height - 2, width - GUTTER
    trace = _trace(frame, columns)
    ys = [y for y in trace.ys if not math.isnan(y)] if trace else []
    if trace is None or not ys:
        _draw_empty(canvas, frame, focused, bool(trace))
        return canvas
    scale = _scale(ys, rows)
    note = "log" if scale.log else "linear"
    canvas.rule(0, "Loss", _note(frame, note, trace, width, compact), focused)
    if rows >= 1 and columns >= 1:
        _draw_axes(canvas, scale, trace, rows, columns)
        curve = _curve(trace, scale, columns, rows)
        _draw_marks(canvas, frame, trace, curve, columns, rows)
        plot.stamp(canvas, GUTTER, 1, curve, "bright")
        if trace.broken:
            y = plot.row(scale.place(trace.ys[-1]), scale.limits, rows)
            canvas.put(width - 1, 1 + y, "✕", "accent_glyph", bold=True)
    return canvas


def _draw_empty(canvas: Canvas, frame: Frame, focused: bool, broken: bool) -> None:
    canvas.rule(0, "Loss", focused=focused)
    y = max((canvas.height - 1) // 2, 1)
    x = GUTTER if canvas.width >= 48 else 1
    if broken:
        canvas.put(x, y, "Not finite from the first update on.")
        return
    canvas.put(x, y, "No update yet.")
    if frame.first_loss is not None:
        end = canvas.put(x, y + 1, "loss of the first batch ", "dim")
        canvas.put(end, y + 1, u7(frame.first_loss).strip(), "bright")


def _trace(frame: Frame, width: int) -> _Trace | None:
    """Lowest and highest of each column, so that a spike is kept; None where there is no update yet.

    Update k was made from the loss at step k − 1, the last point is the loss at this moment.
    """
    columns = frame.history.columns(max(width, 1))
    if not columns:
        return None
    top = CUT * frame.first_loss if frame.first_loss and frame.first_loss > 0 else math.inf
    xs: list[int] = []
    values: list[float] = []
    for column in columns:
        falls = not values or abs(values[-1] - column.high) <= abs(values[-1] - column.low)
        pair = (column.high, column.low) if falls else (column.low, column.high)
        if column.first == column.last:
            xs.append(column.last - 1)
            values.append(column.final)
        else:
            xs += [column.first - 1, column.last - 1]
            values += pair
    if frame.loss is not None and frame.step > xs[-1]:
        xs.append(frame.step)
        values.append(frame.loss)
    broken = not math.isfinite(values[-1]) or frame.state is State.DIVERGED
    finite = [v for v in values if math.isfinite(v)]
    if not finite:
        return _Trace(xs, [math.nan], False, True)
    cut = max(finite) > top
    ceiling = top if cut else max(finite)
    ys = [min(v, ceiling) if math.isfinite(v) else ceiling for v in values]
    return _Trace(xs, ys, cut, broken)


def _scale(ys: Sequence[float], rows: int) -> Ticks:
    low, high = min(ys), max(ys)
    positive = min((y for y in ys if y > 0), default=0.0)
    if positive > 0 and low >= 0 and high / positive > LOG_FROM:
        return logarithmic(positive, high, rows)
    return linear(low, high, rows)


def _note(frame: Frame, scale: str, trace: _Trace, width: int, compact: bool) -> str:
    """What the title says, as much of it as fits beside the name."""
    told = _change(frame, trace)
    if trace.cut:
        told = "cut at 1e6 × the first loss"
    elif frame.batch_label != "full batch":
        told = "each batch's own loss"
    notes = [f"{scale} scale · {told}", f"{scale} · {told}", f"{scale} scale", scale]
    if not told:
        notes = notes[2:]
    room = width - len("Loss") - 8
    return next((note for note in notes[1 if compact else 0 :] if len(note) <= room), scale)


def _change(frame: Frame, trace: _Trace) -> str:
    """How much the loss changed over the last tenth of the run, or "" where that says nothing."""
    end = trace.xs[-1]
    tenth = frame.history.columns(64, first=end - max(end // 10, 1))
    if end < 10 or not tenth or trace.broken or trace.cut:
        return ""
    before, after, steps = tenth[0].final, trace.ys[-1], end - tenth[0].last + 1
    if not before > 0 or not math.isfinite(before) or steps < 1:
        return ""
    return f"{_percent(after / before - 1)} in the last {count(steps)} updates"


def _percent(change: float) -> str:
    size = 100 * abs(change)
    figure = f"{size:.1f}" if size < 9.95 else f"{size:,.0f}" if size < 1e5 else scientific(f"{size:.0e}")
    return f"{'−' if change <= 0 else '+'}{figure} %"


def _draw_axes(canvas: Canvas, scale: Ticks, trace: _Trace, rows: int, columns: int) -> None:
    for place, label in scale.labels:
        y = 1 + plot.row(place, scale.limits, rows)
        canvas.right(GUTTER - 2, y, label, "dim")
        canvas.put(GUTTER - 1, y, "╴", "faint")
    first, last = trace.xs[0], trace.xs[-1]
    middle = (first + last) // 2
    y = 1 + rows
    canvas.put(GUTTER, y, count(first), "dim")
    if last > first:
        canvas.right(canvas.width, y, count(last), "dim")
    at = GUTTER + plot.cell(middle, (first, last), columns) - len(count(middle)) // 2
    if middle > first and columns >= 3 * (len(count(last)) + 2):
        canvas.put(at, y, count(middle), "dim")


def _curve(trace: _Trace, scale: Ticks, columns: int, rows: int) -> tuple[str, ...]:
    limits = (trace.xs[0], trace.xs[-1])
    return plot.curve(trace.xs, [scale.place(y) for y in trace.ys], columns, rows, limits, scale.limits)


def _draw_marks(
    canvas: Canvas, frame: Frame, trace: _Trace, curve: Sequence[str], columns: int, rows: int
) -> None:
    """A dotted line for each change, and what it was, where the curve leaves room."""
    limits = (trace.xs[0], trace.xs[-1])
    places = [
        (plot.cell(mark.step, limits, columns), safe(mark.label, 20))
        for mark in frame.marks
        if limits[0] <= mark.step <= limits[1]
    ]
    for x, _ in places:
        for y in range(rows):
            canvas.put(GUTTER + x, 1 + y, "┊", "faint")
    for group in _groups(places):
        label = group[0][1] if len(group) == 1 else f"{len(group)} changes"
        _draw_label(canvas, group[-1][0], label, curve, columns, rows)


def _groups(places: Sequence[tuple[int, str]]) -> list[list[tuple[int, str]]]:
    groups: list[list[tuple[int, str]]] = []
    for place in sorted(places, key=lambda place: place[0]):
        if groups and place[0] - groups[-1][-1][0] < NEAR:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _draw_label(canvas: Canvas, x: int, label: str, curve: Sequence[str], columns: int, rows: int) -> None:
    """Right of its line, else left of it; in the outermost row where the curve is not."""
    for start in (x + 1, x - len(label)):
        if start < 0 or start + len(label) > columns:
            continue
        for y in sorted(range(rows), key=lambda y: min(y, rows - 1 - y)):
            if curve[y][start : start + len(label)].isspace():
                canvas.put(GUTTER + start, 1 + y, label, "text")
                return
