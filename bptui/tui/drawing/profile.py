"""The error signal by depth, from the output down: how large δ is in each layer, and what is lost there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from bptui.explain.numbers import precise, u10
from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.gradients import QUIET
from bptui.tui.drawing.ticks import power

NAME, SIZE, FACTOR, VERDICT = 10, 11, 11, 2  # columns: name, rms δ, the factor, the verdict's glyph
LEAST_BAR = 8
MOST_DECADES = 12
_EIGHTHS = " ▏▎▍▌▋▊▉█"


class Scale(NamedTuple):
    """A bar of `cells` from 10^low (no bar) to 10^high (the whole one)."""

    low: int
    high: int
    cells: int

    def bar(self, value: float) -> str:
        """In eighths of a cell, at least one where there is anything; what is not finite fills it."""
        if not math.isfinite(value):
            return "█" * self.cells
        if value <= 0:
            return ""
        share = (math.log10(value) - self.low) / (self.high - self.low)
        eighths = max(round(8 * self.cells * min(max(share, 0.0), 1.0)), 1)
        return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")


def scale_of(sizes: Sequence[float], cells: int) -> Scale:
    """Whole decades that hold all sizes, from the largest down at most MOST_DECADES."""
    logs = [math.log10(size) for size in sizes if math.isfinite(size) and size > 0] or [0.0]
    high = math.ceil(max(logs))
    low = max(min(math.floor(min(logs)), high - 1), high - MOST_DECADES)
    return Scale(low, high, cells)


def draw_profile(canvas: Canvas, frame: Frame, choice: Choice, y: int) -> None:
    """Headings in row y, then a layer a row, the output first; below what is left at the first layer."""
    health, height = frame.health, canvas.height - y
    bar_x = NAME + SIZE + (FACTOR if canvas.width >= NAME + SIZE + FACTOR + LEAST_BAR + VERDICT else 0) + 1
    cells = canvas.width - bar_x - VERDICT
    scale = scale_of([layer.delta_rms for layer in health], max(cells, 1))
    _draw_headings(canvas, y, bar_x, scale)
    shown = _window(len(health), height - 1, choice.layer - 1)
    for row, index in enumerate(shown, start=y + 1):
        above = health[index + 1] if index + 1 < len(health) else None
        _draw_layer(canvas, row, health[index], above, bar_x, scale)
    left = len(health) - len(shown)
    if left:
        canvas.right(canvas.width, y + height - 1, f" … {left} more", "dim")
    elif height > len(shown) + 2:
        canvas.put(
            0, y + len(shown) + 2, _left_over([layer.delta_rms for layer in health])[: canvas.width], "text"
        )


def _window(layers: int, rows: int, chosen: int) -> range:
    """Layers from the output down, around the chosen one where not all fit."""
    shown = max(min(layers, rows), 0)
    top = min(max(chosen + shown // 2, shown - 1), layers - 1)
    return range(top, top - shown, -1)


def _draw_headings(canvas: Canvas, y: int, bar_x: int, scale: Scale) -> None:
    canvas.put(0, y, "layer", "dim")
    canvas.right(NAME + SIZE, y, "rms δ", "dim")
    if bar_x > NAME + SIZE + 1:
        canvas.right(NAME + SIZE + FACTOR, y, "× above", "dim")
    if scale.cells >= LEAST_BAR + 4:
        after = canvas.put(bar_x, y, power(1, scale.low), "dim")
        end = power(1, scale.high)
        canvas.right(bar_x + scale.cells, y, end, "dim")
        if scale.cells - (after - bar_x) - len(end) >= 7:
            canvas.put(bar_x + scale.cells // 2 - 1, y, "log", "dim")


def _draw_layer(canvas: Canvas, y: int, layer: Any, above: Any, bar_x: int, scale: Scale) -> None:
    number = canvas.put(0, y, str(layer.number), "bright")
    canvas.put(number + 1, y, layer.activation[: NAME - number - 1], "text")
    size = layer.delta_rms
    broken = not math.isfinite(size)
    canvas.right(NAME + SIZE, y, u10(size).strip(), "ink" if broken else "text", "accent" if broken else "bg")
    if bar_x > NAME + SIZE + 1 and above is not None and above.delta_rms > 0 and not broken:
        canvas.right(NAME + SIZE + FACTOR, y, f"× {precise(size / above.delta_rms, 3)}", "text")
    if scale.cells >= LEAST_BAR:
        canvas.put(bar_x, y, scale.bar(size), "dim")
    well = layer.verdict.glyph in QUIET
    canvas.right(canvas.width, y, layer.verdict.glyph, "dim" if well else "accent_glyph", bold=not well)


def _left_over(sizes: Sequence[float]) -> str:
    first, last = sizes[0], sizes[-1]
    if len(sizes) < 2 or not last > 0 or not math.isfinite(first / last):
        return ""
    return f"The error signal of layer 1 is {precise(first / last, 2)} × that of the output."
