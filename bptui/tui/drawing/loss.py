"""The loss panel: the training loss of every update, with what the user changed on the way."""

from __future__ import annotations

import math
from collections.abc import Sequence

from bptui.explain.numbers import count, u7
from bptui.session.frame import Frame
from bptui.tui.drawing import plot
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.cursor import told
from bptui.tui.drawing.marks import draw_marks
from bptui.tui.drawing.palette import Palette
from bptui.tui.drawing.ticks import Ticks, linear, logarithmic, scientific
from bptui.tui.drawing.trace import Stop, Trace, Traces, accuracy_traces, loss_traces

GUTTER = 8  # six characters of a label, a blank, a tick
LOG_FROM = 3.0  # max / min above which the scale is logarithmic
LEGEND = "train ─ test ┄"
SPACIOUS = 100  # columns from which the axis has five steps instead of three
TALL = 24  # rows from which labels stand farther apart
# Views: what `v` goes through
USUAL, LOG, LINEAR, ACCURACY, LAST = "loss", "log", "linear", "accuracy", "last tenth"
TITLES = {
    USUAL: "Loss",
    LOG: "Loss · log",
    LINEAR: "Loss · linear",
    ACCURACY: "Accuracy",
    LAST: "Loss · last tenth",
}


def draw_loss(
    frame: Frame,
    width: int,
    height: int,
    palette: Palette,
    choice: Choice,
    focused: bool = False,
    compact: bool = False,
    shown: str = USUAL,
) -> Canvas:
    """Row 0 the title, then the curve, the last row its steps."""
    canvas = Canvas(width, height, palette)
    rows, columns = height - 2, width - GUTTER
    traces = traces_of(frame, columns, shown)
    ys = [y for y in traces.ys if not math.isnan(y)] if traces else []
    if traces is None or not ys:
        _draw_empty(canvas, frame, focused, bool(traces), shown)
        return canvas
    scale = _accuracy_scale(ys, rows) if shown == ACCURACY else _scale(ys, rows, shown)
    title = TITLES[shown]
    cursor = choice.cursor if choice.cursor is not None else frame.step if frame.looking else None
    stop = traces.nearest(cursor) if cursor is not None else None
    room = width - len(title) - 8
    if stop is not None:
        note = told(frame, traces, stop, shown == ACCURACY, room + 4)
    else:
        note = _note(frame, scale, traces, room, compact, shown)
    canvas.rule(0, title, note, focused)
    if rows >= 1 and columns >= 1:
        present = f"{'step' if frame.looking else 'now'} {count(frame.step)}"
        _draw_axes(canvas, scale, frame.step, present, traces, rows, columns)
        _draw_curves(canvas, frame, traces, scale, rows, columns, stop)
    return canvas


def traces_of(frame: Frame, columns: int, shown: str) -> Traces | None:
    """The curves of a view, `columns` cells wide; None where there is nothing to draw yet."""
    if shown == ACCURACY:
        return accuracy_traces(frame, columns)
    return loss_traces(frame, columns, shown == LAST)


def stops(frame: Frame, width: int, shown: str) -> tuple[int, ...]:
    """The steps where a cursor can stand in a picture of that width, a drawn column apart."""
    traces = traces_of(frame, width - GUTTER, shown)
    return tuple(stop.step for stop in traces.stops) if traces else ()


def step_at(frame: Frame, width: int, height: int, shown: str, x: int, y: int) -> int | None:
    """The step of the curve at a cell of the picture, None beside it."""
    traces = traces_of(frame, width - GUTTER, shown)
    if traces is None or not traces.stops or not (GUTTER <= x < width and 1 <= y < height - 1):
        return None
    return min(
        (stop.step for stop in traces.stops),
        key=lambda step: abs(GUTTER + plot.cell(step, traces.ends, width - GUTTER) - x),
    )


def _draw_empty(canvas: Canvas, frame: Frame, focused: bool, broken: bool, shown: str) -> None:
    canvas.rule(0, TITLES[shown], focused=focused)
    y = max((canvas.height - 1) // 2, 1)
    x = GUTTER if canvas.width >= 48 else 1
    if broken:
        canvas.put(x, y, "Not finite from the first update on.")
    elif shown == ACCURACY:
        canvas.put(x, y, "No accuracy looked at yet.")
    else:
        canvas.put(x, y, "No update yet.")
        if frame.first_loss is not None:
            value = u7(frame.first_loss).strip()
            room = canvas.width - x - len(value)
            words = next(
                (w for w in ("Loss of the first batch ", "First batch's loss ") if len(w) <= room), ""
            )
            canvas.put(canvas.put(x, y + 1, words, "dim"), y + 1, value, "bright")


def _scale(ys: Sequence[float], rows: int, shown: str) -> Ticks:
    low, high = min(ys), max(ys)
    positive = min((y for y in ys if y > 0), default=0.0)
    can_be_log = positive > 0 and low >= 0 and high > positive and shown != LINEAR
    if can_be_log and (high / positive > LOG_FROM or shown == LOG):
        return logarithmic(positive, high, rows, _apart(rows))
    return linear(low, high, rows, _apart(rows))


def _apart(rows: int) -> int:
    """Rows from one label to the next."""
    return 3 if rows >= TALL else 2


def _accuracy_scale(ys: Sequence[float], rows: int) -> Ticks:
    """In per cent, from a whole ten up to all."""
    lowest = min(math.floor(min(ys) / 10) * 10.0, 90.0)
    made = linear(lowest, 100.0, rows, _apart(rows))
    return made._replace(labels=tuple((place, f"{label} %") for place, label in made.labels))


def _note(frame: Frame, scale: Ticks, traces: Traces, room: int, compact: bool, shown: str) -> str:
    """What the title says, as much of it as fits beside the name."""
    legend = LEGEND if traces.test.xs else ""
    if shown == ACCURACY:
        whole = f"{legend} · of all examples" if legend else "of all training examples"
        return whole if len(whole) <= room else legend
    name = "log" if scale.log else "linear"
    said, short = _said(frame, traces)
    if shown in (LOG, LINEAR) and name == shown:  # the title says it
        notes = [(legend, said), (legend, short), (legend,), ("test ┄" if legend else "",)]
    else:
        notes = [(legend, f"{name} scale", said), (legend, name, said), (legend, name, short)]
        notes += [(legend, f"{name} scale"), (legend, name), (name, "test ┄" if legend else ""), (name,)]
        notes = notes[1:] if compact else notes
        if not said:
            notes = [(legend, f"{name} scale"), *notes] if not compact else notes
    joined = [" · ".join(part for part in note if part) for note in notes]
    return next((note for note in joined if len(note) <= room), joined[-1])


def _said(frame: Frame, traces: Traces) -> tuple[str, str]:
    """The change, or what is particular about the curve; at length and in short."""
    if traces.cut:
        return "cut at 1e6 × the first loss", "cut at 1e6 × first"
    if traces.future.xs:
        return "dotted: what came after", "dotted: after"
    if frame.batch_label != "full batch":
        return "each batch's own loss", "each batch's own"
    return _change(frame, traces.train)


def _change(frame: Frame, train: Trace) -> tuple[str, str]:
    """How much the loss changed over the last tenth of the run, or "" where that says nothing."""
    end = train.xs[-1] if train.xs else 0
    tenth = frame.history.columns(64, first=end - max(end // 10, 1))
    if end < 10 or not tenth or train.broken:
        return "", ""
    before, after, steps = tenth[0].final, train.ys[-1], end - tenth[0].last + 1
    if not before > 0 or not math.isfinite(before) or steps < 1:
        return "", ""
    change = _percent(after / before - 1)
    return f"{change} in the last {count(steps)} updates", f"{change} in {count(steps)} updates"


def _percent(change: float) -> str:
    size = 100 * abs(change)
    figure = f"{size:.1f}" if size < 9.95 else f"{size:,.0f}" if size < 1e5 else scientific(f"{size:.0e}")
    return f"{'−' if change <= 0 else '+'}{figure} %"


def _draw_axes(
    canvas: Canvas, scale: Ticks, step: int, present: str, traces: Traces, rows: int, columns: int
) -> None:
    for place, label in scale.labels:
        y = 1 + plot.row(place, scale.limits, rows)
        canvas.right(GUTTER - 2, y, label, "dim")
        canvas.put(GUTTER - 1, y, "╴", "faint")
    first, last = traces.ends
    y = 1 + rows
    canvas.put(GUTTER, y, count(first), "dim")
    if last > first:
        canvas.right(canvas.width, y, count(last), "dim")
    if traces.future.xs:
        _draw_present(canvas, step, present, traces, y, columns)
        return
    parts = 4 if columns >= SPACIOUS else 2
    for part in range(1, parts):
        middle = first + (last - first) * part // parts
        if middle > first and columns >= 3 * (len(count(last)) + 2):
            at = GUTTER + plot.cell(middle, traces.ends, columns) - len(count(middle)) // 2
            canvas.put(at, y, count(middle), "dim")


def _draw_present(canvas: Canvas, step: int, name: str, traces: Traces, y: int, columns: int) -> None:
    """Where this moment stands on an axis that goes on after it; its name stands beside the ends where there
    is room, else in their place."""
    at = GUTTER + plot.cell(step, traces.ends, columns)
    for row in range(1, y):
        canvas.put(at, row, "│", "dim")
    first, last = (len(count(end)) for end in traces.ends)
    left, right = GUTTER + first + 1, canvas.width - last - 1 - len(name)
    if left > right:
        canvas.put(GUTTER, y, " " * columns)
        left, right = GUTTER, canvas.width - len(name)
    canvas.put(min(max(at - len(name) // 2, left), right), y, name, "text")


def _draw_curves(
    canvas: Canvas, frame: Frame, traces: Traces, scale: Ticks, rows: int, columns: int, stop: Stop | None
) -> None:
    """Each has a line of its own kind, for where there are no colours."""
    solid = _curve(traces.train, traces, scale, columns, rows)
    curves = [solid]
    if traces.test.xs:
        curves.append(plot.broken(_curve(traces.test, traces, scale, columns, rows)))
    if traces.future.xs:
        curves.append(plot.dotted(_curve(traces.future, traces, scale, columns, rows)))
    draw_marks(canvas, GUTTER, 1, frame.marks, traces.ends, curves)
    if traces.future.xs:
        plot.stamp(canvas, GUTTER, 1, curves[-1], "faint")
        _draw_end(canvas, traces.future, traces, scale, rows, columns, "dim")
    plot.stamp(canvas, GUTTER, 1, solid, "bright")
    if traces.test.xs:  # above a loss that jumps from batch to batch it would not be seen
        plot.stamp(canvas, GUTTER, 1, curves[1], "dim")
    _draw_end(canvas, traces.train, traces, scale, rows, columns, "accent_glyph")
    if stop is not None:
        _draw_cursor(canvas, stop, traces, scale, rows, columns)


def _draw_cursor(canvas: Canvas, stop: Stop, traces: Traces, scale: Ticks, rows: int, columns: int) -> None:
    """A line with a gap where the value lies."""
    x = GUTTER + plot.cell(stop.step, traces.ends, columns)
    here = None
    if stop.value is not None:
        value = min(stop.value, max(traces.ys)) if math.isfinite(stop.value) else max(traces.ys)
        here = plot.row(scale.place(value), scale.limits, rows)
    for y in range(1, 1 + rows):
        glyph = canvas.at(x, y)
        if y - 1 == here:
            canvas.put(x, y, glyph, "accent_glyph", bold=True)
        elif glyph in " ┊│" or plot.is_braille(glyph):  # a label stays whole
            canvas.put(x, y, "┃", "accent_glyph", bold=False)


def _draw_end(
    canvas: Canvas, trace: Trace, traces: Traces, scale: Ticks, rows: int, columns: int, fg: str
) -> None:
    """A cross where a curve ends in what is not finite."""
    if trace.broken and trace.xs:
        x = plot.cell(trace.xs[-1], traces.ends, columns)
        y = plot.row(scale.place(trace.ys[-1]), scale.limits, rows)
        canvas.put(GUTTER + x, 1 + y, "✕", fg, bold=True)


def _curve(trace: Trace, traces: Traces, scale: Ticks, columns: int, rows: int) -> tuple[str, ...]:
    places = [scale.place(y) for y in trace.ys]
    return plot.curve(trace.xs, places, columns, rows, traces.ends, scale.limits)
