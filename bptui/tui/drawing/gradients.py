"""The gradients panel: a layer a line, how large its gradient is and how healthy its learning."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.escape import safe
from bptui.explain.numbers import count, share, u7, u10
from bptui.explain.verdicts import of_layer
from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.palette import Palette

Array = NDArray[Any]

LEAST_TOLD = 5  # rows from which a focused panel keeps some for its verdicts
TABLE, PROFILE = "table", "profile by depth"
VIEWS = (TABLE, PROFILE)
EMPTY = "No gradient yet: the first backward pass fills this table."
NAME, VERDICT = 10, 12  # cells
BAR, BAR_FROM = 9, -6  # a cell a decade, from 1e−6 on
TREND = 6
LOG_FROM = 100.0  # max / min above which a sparkline is logarithmic
QUIET = "✓⊘‖"  # glyphs of verdicts that find no fault
_WINDOW = 3  # rows from which a window of layers says what it leaves out
_SPARKS = "▁▂▃▄▅▆▇█"
_EIGHTHS = " ▏▎▍▌▋▊▉"
_SHORT = {"leaky_relu": "leaky"}


class Column(NamedTuple):
    """A figure of a layer; `width` cells, the blank before it included."""

    heading: str
    width: int
    told: Callable[[Any], str] | None  # of a LayerHealth; None: the sparkline


def _or_dash(value: float | None, told: Callable[[float], str]) -> str:
    return "–" if value is None else told(value)


WEIGHTS = Column("‖W‖", 7, lambda layer: u7(layer.weight_norm))
GRADIENT = Column("‖∂L/∂W‖", 10, lambda layer: u7(layer.gradient_norm))
TRENDS = Column("trend", 7, None)
DELTA = Column("‖δ‖", 8, lambda layer: u7(layer.delta_rms))
SATURATED = Column("sat.", 5, lambda layer: _or_dash(layer.saturated, share))
RATIO = Column("‖ΔW‖/‖W‖", 10, lambda layer: "held" if layer.held else _or_dash(layer.update_ratio, u10))

ORDER = (WEIGHTS, GRADIENT, TRENDS, DELTA, SATURATED, RATIO)
FALL_AWAY = (WEIGHTS, TRENDS, DELTA, SATURATED, RATIO)
_DETAILS = (
    (2, "mean|∂|", "mean_gradient"),
    (19, "max|∂|", "max_gradient"),
    (35, "‖∂L/∂b‖", "bias_gradient_norm"),
)


class Rows(NamedTuple):
    """Which layers are shown, and in how many rows each."""

    first: int  # from 0
    shown: int
    each: int  # 1 to 3
    gap: int  # blank rows between layers


def draw_gradients(
    frame: Frame,
    width: int,
    height: int,
    palette: Palette,
    choice: Choice,
    focused: bool = False,
    compact: bool = False,
    what: str = TABLE,
) -> Canvas:
    """Row 0 the title, row 1 the headings, then the layers. what: one of VIEWS."""
    canvas = Canvas(width, height, palette)
    title = "Gradients" if what == TABLE else f"Gradients · {what}"
    notes = _notes(frame)[-1:] if what == PROFILE else _notes(frame)
    room = width - len(title) - 8
    canvas.rule(0, title, next((note for note in notes if len(note) <= room), ""), focused)
    if not frame.health:
        _draw_empty(canvas, frame, choice, what)
    elif what == PROFILE:
        from bptui.tui.drawing.profile import draw_profile  # start-up is felt

        draw_profile(canvas, frame, choice, 1)
    else:
        _draw_table(canvas, frame, choice, focused)
    return canvas


def _draw_empty(canvas: Canvas, frame: Frame, choice: Choice, what: str) -> None:
    """Before the first backward pass; the table keeps its headings where there is room for them."""
    width, height = canvas.width, canvas.height
    if what == TABLE and height > 3 + _WINDOW:
        layers = len(frame.sizes) - 1
        _draw_headings(canvas, _columns(width, _rows(layers, height - 2, choice.layer - 1).each))
    for number, line in enumerate(textwrap.wrap(EMPTY, max(width, 20))):
        canvas.put(0, min(3, max(height - 2, 1)) + number, line, "dim")


def _draw_table(canvas: Canvas, frame: Frame, choice: Choice, focused: bool) -> None:
    """Headings, layers, verdicts: a focused panel keeps rows for these."""
    width, height = canvas.width, canvas.height
    told = _verdicts(frame, choice, max(width - 2, 10))
    wanted = sum(len(lines) for _, lines in told) if focused and height >= LEAST_TOLD else 0
    kept = min(wanted, max(height - 2 - len(frame.health), min(height - LEAST_TOLD + 1, 2)))
    rows = _rows(len(frame.health), height - 2 - kept, choice.layer - 1)
    columns = _columns(width, rows.each)
    _draw_headings(canvas, columns)
    more = f"… {len(frame.health) - rows.shown} more"
    if rows.shown == 1 < len(frame.health) and NAME + sum(c.width for c in columns) + len(more) < width:
        canvas.right(width, 1, more, "dim")
    y = _draw_layers(canvas, frame, rows, columns, choice.layer if focused else 0)
    _draw_verdicts(canvas, _within(told, height - y, width - 2, focused), height)


def _verdicts(frame: Frame, choice: Choice, width: int) -> list[tuple[str, list[str]]]:
    """The chosen layer's with its numbers, then the network's: a glyph, and lines."""
    layer = frame.health[min(choice.layer, len(frame.health)) - 1]
    said = f"{layer.number} {of_layer(frame.health, layer.number)}"
    told = [(layer.verdict.glyph, _wrapped(said, width))]
    if frame.network_verdict:
        told.append(("▽", _wrapped(safe(frame.network_verdict), width)))
    return told


def _wrapped(said: str, width: int) -> list[str]:
    # Most have room in one line, and to wrap costs as much as to draw the table.
    return [said] if len(said) <= width else textwrap.wrap(said, width)


def _within(
    told: list[tuple[str, list[str]]], room: int, width: int, focused: bool
) -> list[tuple[str, list[str]]]:
    """As much of them as has room: in a focused panel the layer's before the network's, which keeps a row;
    else the network's, then the layer's, whose word is in the table; of what is longer the first rows."""
    kept: dict[int, tuple[str, list[str]]] = {}
    order = range(len(told)) if focused else reversed(range(len(told)))
    for number in order:
        glyph, lines = told[number]
        others = len(told) - len(kept) - 1 if focused else 0
        most = max(room - others, 1) if room > 0 else 0
        if len(lines) > most > 0:
            lines = [*lines[: most - 1], f"{lines[most - 1][: width - 2].rstrip('.,; ')} …"]
        if most:
            kept[number] = (glyph, lines)
            room -= len(lines)
    return [kept[number] for number in sorted(kept)]


def _draw_verdicts(canvas: Canvas, told: list[tuple[str, list[str]]], end: int) -> None:
    """In the last rows."""
    y = end - sum(len(lines) for _, lines in told)
    for glyph, lines in told:
        well = glyph in QUIET
        canvas.put(0, y, glyph, "dim" if well else "accent_glyph", bold=not well)
        for line in lines:
            canvas.put(2, y, line, "text")
            y += 1


def _notes(frame: Frame) -> list[str]:
    """Which moment the numbers belong to."""
    update = frame.update
    if not frame.health:
        return []
    if update.position:
        told = f"operation {update.position} of {len(update.operations)}"
        return [f"{told} · dim: not computed yet", told]
    told = f"at step {count(frame.step)}"
    return [f"{told} · ΔW of the last update", told]


def _rows(layers: int, height: int, chosen: int) -> Rows:
    """Three rows a layer where they fit, else two, else one, else a window around the chosen layer."""
    for each, gap in ((3, 1), (3, 0), (2, 0), (1, 0)):
        if layers * each + (layers - 1) * gap <= height:
            return Rows(0, layers, each, gap)
    if height < _WINDOW:
        return Rows(min(max(chosen, 0), layers - 1), 1, 1, 0)
    shown = height - 2
    first = min(max(chosen - shown // 2, 0), layers - shown)
    # an end that is reached needs no row to say what is cut there
    if first <= 1:
        first, shown = 0, height - 1
    elif first + shown >= layers - 1:
        shown = height - 1
        first = layers - shown
    return Rows(first, shown, 1, 0)


def _columns(width: int, each: int) -> list[Column]:
    """Those that fit; the bar and the verdict stay."""
    kept = [column for column in ORDER if column is not TRENDS or each < 3]
    for column in FALL_AWAY:
        if NAME + sum(c.width for c in kept) + 1 + VERDICT <= width:
            break
        kept = [c for c in kept if c is not column]
    return kept


def _draw_headings(canvas: Canvas, columns: Sequence[Column]) -> None:
    canvas.put(0, 1, "layer", "dim")
    x = NAME
    for column in columns:
        x += column.width
        canvas.right(x, 1, column.heading, "dim")


def _draw_layers(canvas: Canvas, frame: Frame, rows: Rows, columns: Sequence[Column], chosen: int) -> int:
    """`chosen` is the layer that is marked, 0: none. Returns the row after the last."""
    y, left = 2, len(frame.health) - rows.first - rows.shown
    told = canvas.height - 2 >= _WINDOW
    if rows.first and told:
        canvas.put(2, y, f"… {rows.first} more", "dim")
        y += 1
    for index in range(rows.first, rows.first + rows.shown):
        _draw_layer(canvas, frame, index, y, rows.each, columns)
        if index + 1 == chosen:
            mark = len(str(index + 1))
            canvas.put(mark, y, "▸", "accent_glyph", bold=True)
        canvas.mark(0, y, canvas.width, index + 1)
        y += rows.each + rows.gap
    if left and told:
        canvas.put(2, y, f"… {left} more", "dim")
        y += 1
    return y


def _draw_layer(
    canvas: Canvas, frame: Frame, index: int, y: int, each: int, columns: Sequence[Column]
) -> None:
    layer = frame.health[index]
    told = "text" if _is_current(frame, layer.number) else "dim"
    trend = frame.trends[index] if index < len(frame.trends) else np.empty(0)
    in_hand = frame.update.in_hand
    number = str(layer.number)
    if in_hand is not None and in_hand.layer == layer.number:
        x = canvas.put(0, y, number, "ink", "accent", bold=True) + 1
    else:
        x = canvas.put(0, y, number, "bright" if told == "text" else "dim") + 1
    canvas.put(x, y, _SHORT.get(layer.activation, layer.activation)[: NAME - x], told)
    x = NAME
    for column in columns:
        x += column.width
        _draw_figure(canvas, x, y, column, layer, trend, told)
    _draw_verdict(canvas, x + (2 if x + 2 + VERDICT <= canvas.width else 1), y, layer, told)
    if each > 1:
        _draw_details(canvas, y + 1, layer, told)
    if each > 2:
        _draw_trend(canvas, y + 2, trend)


def _is_current(frame: Frame, number: int) -> bool:
    """Inside a step: whether this layer's gradient was already computed in it."""
    update = frame.update
    if not update.position:
        return True
    done = update.operations[: update.position]
    return any(op.writes.startswith("∂") and op.layer == number for op in done)


def _draw_figure(canvas: Canvas, x: int, y: int, column: Column, layer: Any, trend: Array, told: str) -> None:
    if column.told is None:
        canvas.right(x, y, sparkline(trend, TREND)[0].ljust(TREND), "dim")
        return
    text = column.told(layer).strip()
    if column is GRADIENT:
        _draw_bar(canvas, x - BAR, y, layer.gradient_norm, x - len(text))
        filled = x - BAR + _bar_cells(layer.gradient_norm) // 8
        for at, character in enumerate(text, start=x - len(text)):
            canvas.put(at, y, character, told, "faint" if at < filled else "bg")
    if text.lstrip("−") in ("nan", "inf"):
        canvas.right(x, y, text, "ink", "accent", bold=True)
    elif column is not GRADIENT:
        canvas.right(x, y, text, "dim" if text in ("–", "0") else told)


def _bar_cells(norm: float) -> int:
    """Eighths of a cell."""
    if not norm > 0:
        return 0
    decades = math.log10(norm) - BAR_FROM if math.isfinite(norm) else BAR
    return round(8 * min(max(decades, 0.0), BAR))


def _draw_bar(canvas: Canvas, x: int, y: int, norm: float, end: int) -> None:
    """A grey bar behind the number; its last eighths only where no digit stands."""
    eighths = _bar_cells(norm)
    whole = eighths // 8
    canvas.put(x, y, " " * whole, "text", "faint")
    if eighths % 8 and x + whole < end:
        canvas.put(x + whole, y, _EIGHTHS[eighths % 8], "faint")


def _draw_verdict(canvas: Canvas, x: int, y: int, layer: Any, told: str) -> None:
    """What is well is quiet; the glyph of what is not is in accent."""
    glyph, words = layer.verdict.glyph, layer.verdict.value
    well = glyph in QUIET
    x = canvas.put(x, y, glyph, "dim" if well else "accent_glyph", bold=not well)
    canvas.put(x + 1, y, words, "dim" if well or told == "dim" else "text")


def _draw_details(canvas: Canvas, y: int, layer: Any, told: str) -> None:
    for x, label, name in _DETAILS:
        if x + len(label) + 8 <= canvas.width:
            at = canvas.put(x, y, label, "dim")
            canvas.put(at + 1, y, u7(getattr(layer, name)).strip(), told)


def _draw_trend(canvas: Canvas, y: int, trend: Array) -> None:
    """‖∂L/∂W‖ over the last updates, with its smallest and largest value."""
    if len(trend) < 2:
        return
    wide = max(min(canvas.width - 2 - 21, 80), TREND)
    drawn, log = sparkline(trend, wide)
    canvas.put(2, y, drawn, "dim")
    finite = trend[np.isfinite(trend)]
    if len(finite) and canvas.width >= 40:
        low, high = _one_digit(float(finite.min())), _one_digit(float(finite.max()))
        canvas.put(2 + wide + 1, y, f"{low} … {high}{' log' if log else ''}", "dim")


def sparkline(values: Array, width: int) -> tuple[str, bool]:
    """At most `width` characters, the largest of each stretch; whether the scale is logarithmic.

    What is not finite stands as the highest.
    """
    if not len(values) or width < 1:
        return "", False
    if len(values) > width:
        edges = np.linspace(0, len(values), width + 1).astype(int)[:-1]
        values = np.maximum.reduceat(values, edges)
    finite = values[np.isfinite(values)]
    if not len(finite):
        return _SPARKS[-1] * len(values), False
    low, high = float(finite.min()), float(finite.max())
    log = low > 0 and high / low > LOG_FROM
    placed, low, high = (np.log(values), math.log(low), math.log(high)) if log else (values, low, high)
    if high == low:
        level = np.full(len(values), 3.0)
    else:
        level = np.nan_to_num((placed - low) / (high - low), nan=1.0, posinf=1.0, neginf=1.0) * 7
    return "".join(_SPARKS[i] for i in np.rint(level).astype(int).tolist()), log


def _one_digit(value: float) -> str:
    """0.03, 4, 200, 5e−4."""
    if value == 0:
        return "0"
    text = f"{value:.0e}"
    digits, _, exponent = text.partition("e")
    if -3 <= int(exponent) <= 3:
        return f"{float(text):.{max(-int(exponent), 0)}f}"
    return f"{digits}e{int(exponent)}".replace("-", "−")
