"""One update where its operations do not fit: a row a layer, or for deep nets the error signal by depth."""

from __future__ import annotations

import math
from textwrap import wrap

import numpy as np

from bptui.explain.numbers import count, precise, u7, u10
from bptui.explain.update import Array, LayerView
from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.chain import draw_wrapped, in_cells

_EIGHTHS = " ▏▎▍▌▋▊▉█"
BAR = 14.4  # cells of a factor of 1
LONGEST = 28
WITH_SLOPE = 69  # columns from which the mean slope stands beside the factor
MOST_TOLD = 2  # rows of what so many layers do
VANISHING = 1e-3
STEEPEST = {"sigmoid": 0.25, "tanh": 1.0}


def draw_layers(canvas: Canvas, frame: Frame, focused: bool) -> None:
    """Forward and backward sizes side by side."""
    layers = frame.update.layers
    known = layers[0].z is not None
    canvas.rule(0, "One update", f"rms sizes at step {count(frame.step)}" if known else "", focused)
    ends = _ends(canvas.width)
    _draw_size_headings(canvas, ends)
    shown = _window(len(layers), canvas.height - 4)
    for row, number in enumerate(shown, start=2):
        _draw_layer(canvas, row, layers[number], ends)
    row = len(shown) + 2
    loss = frame.update.loss
    canvas.put(0, row, "loss L", "dim")
    canvas.right(ends[0], row, "·" if loss is None else u7(loss), "text" if loss is not None else "faint")
    if len(shown) < len(layers):
        canvas.right(canvas.width, row, f"… {len(layers) - len(shown)} more layers", "dim")


def _window(layers: int, rows: int) -> range:
    """From the output down: the layers nearest to it where not all fit."""
    return range(layers - 1, max(layers - 1 - max(rows, 1), -1), -1)


def _ends(width: int) -> tuple[int, int, int, int]:
    """Where the sizes of z, a, δ and ∂L/∂W end."""
    if width >= 65:
        return 27, 36, 56, 65
    return (27, 36, 52, 61) if width >= 61 else (21, 29, 38, 46)


def _draw_size_headings(canvas: Canvas, ends: tuple[int, int, int, int]) -> None:
    """The names over the sizes; which way they go, where there is room to say it."""
    z, a, delta, gradient = ends
    for end, name in ((z, "z"), (a, "a"), (delta, "δ"), (gradient, "∂L/∂W")):
        canvas.right(end, 1, name, "dim")
    if delta - a >= 16:
        canvas.put(z - 13, 1, "→ forward", "dim")
        canvas.put(delta - 14 if delta - a >= 20 else a + 1, 1, "← backward", "dim")


def _draw_layer(canvas: Canvas, row: int, layer: LayerView, ends: tuple[int, int, int, int]) -> None:
    canvas.put(0, row, f"{layer.number} {layer.activation}", "text")
    arrays = (layer.z, layer.a, layer.delta, layer.grad_weights)
    for x, array in zip(ends, arrays, strict=True):
        size = rms(array)
        canvas.right(x, row, "·" if size is None else u7(size), "faint" if size is None else "text")


def draw_depth(canvas: Canvas, frame: Frame, focused: bool) -> None:
    """What is left of the error at each layer, and the factor lost there."""
    layers = frame.update.layers
    known = layers[0].delta is not None
    canvas.rule(0, "Error signal by depth", f"values of step {count(frame.step)}" if known else "", focused)
    times = count(len(layers) - 1)
    equation = "δ⁽ˡ⁾ = (W⁽ˡ⁺¹⁾ᵀ δ⁽ˡ⁺¹⁾) ⊙ σ′(z⁽ˡ⁾)"
    told = f"{equation}, {times} times over: what is left of the error"
    canvas.put(0, 1, told if len(told) <= canvas.width else f"{equation}, {times} times over", "bright")
    blank = 1 if len(layers) <= canvas.height - 7 else 0
    top = 2 + blank
    canvas.put(0, top, "layer", "dim")
    canvas.right(19, top, "rms δ", "dim")
    canvas.put(24, top, "× from the layer above", "dim")
    if canvas.width >= WITH_SLOPE:
        canvas.right(WITH_SLOPE, top, "mean σ′(z)", "dim")
    shown = _window(len(layers), canvas.height - 5 - 2 * blank)
    for row, number in enumerate(shown, start=top + 1):
        above = layers[number + 1] if number + 1 < len(layers) else None
        _draw_depth_row(canvas, row, layers[number], above)
    if len(shown) < len(layers):
        canvas.right(canvas.width, top, f" … {len(layers) - len(shown)} more", "dim")
    long, short = (_of_depth(layers, length) for length in (True, False))
    told = long if len(wrap(in_cells(long), canvas.width)) <= MOST_TOLD else short
    draw_wrapped(canvas, top + 1 + len(shown) + blank, told, "text", most=MOST_TOLD)


def _draw_depth_row(canvas: Canvas, row: int, layer: LayerView, above: LayerView | None) -> None:
    canvas.put(0, row, str(layer.number), "text")
    size, over = rms(layer.delta), rms(above.delta) if above is not None else None
    canvas.right(19, row, "·" if size is None else u10(size), "faint" if size is None else "text")
    if size is not None and over:
        factor = size / over
        canvas.put(24, row, f"× {precise(factor, 3)}", "text")
        canvas.put(33, row, _bar(factor)[: max(canvas.width - 33, 0)], "dim")
    if above is not None and layer.slope is not None and canvas.width >= WITH_SLOPE:
        canvas.right(WITH_SLOPE, row, u7(float(layer.slope.mean())), "text")


def _bar(factor: float) -> str:
    """One cell for each 1/14.4, in eighths."""
    if not math.isfinite(factor):
        return ""
    eighths = round(min(factor * BAR, LONGEST) * 8)
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8] if eighths % 8 else "")


def _of_depth(layers: tuple[LayerView, ...], long: bool) -> str:
    """What so many layers do to the error, and what helps."""
    first, last = rms(layers[0].delta), rms(layers[-1].delta)
    if first is None or not last or not math.isfinite(first / last):
        return ""
    share = first / last
    whose = "output's " if long else ""
    said = f"Layer 1 gets {precise(share, 2)} of the {whose}error."
    steepest = STEEPEST.get(layers[0].activation)
    if (
        steepest is not None
        and steepest < 1
        and all(d.activation == layers[0].activation for d in layers[:-1])
    ):
        most = precise(steepest ** (len(layers) - 1), 2)
        said = (
            f"σ′ ≤ {steepest:g}: through {len(layers) - 1} layers at most {most} (times the weights). {said}"
        )
    if share < VANISHING:
        others = [name for name in ("tanh", "relu") if name != layers[0].activation]
        weights = "he_normal weights, or " if long else ""
        said += f" Try: {(' or ' if long else ', ').join(others)}, {weights}fewer layers."
    elif share > 1 / VANISHING:
        said += " Try: smaller starting weights, tanh, or fewer layers."
    return said


def rms(array: Array | None) -> float | None:
    """The root mean square of all its numbers, by scaling; None where it was not computed."""
    if array is None or not array.size:
        return None
    largest = float(np.abs(array).max())
    if largest == 0 or not math.isfinite(largest):
        return largest
    return largest * math.sqrt(float(np.square(array / largest).mean()))
