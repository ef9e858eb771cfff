"""Where a number was not finite: what, in which operation, the last losses, why, and the ways on."""

from __future__ import annotations

import math

import numpy as np

from bptui.explain.numbers import count, layer_sup, precise, u10
from bptui.session.frame import Divergence, Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.chain import draw_wrapped

LAST = 4  # updates shown before the end
WHY = 2  # rows of the reason
NEEDED = 2  # ways on that are told before the reason
_SYMBOLS = {"z": "z", "a": "a", "delta": "δ", "grad_W": "∂L/∂W", "grad_b": "∂L/∂b", "W": "W", "b": "b"}


def draw_diverged(canvas: Canvas, frame: Frame, focused: bool) -> None:
    """Frame.divergence is set. The message goes first, then why and the first ways on; losses and the other
    ways where there is room."""
    found = frame.divergence
    assert found is not None
    what, number = _what(frame, found)
    canvas.rule(0, "Diverged", f"at step {count(found.step)}", focused)
    row = 1 + draw_wrapped(
        canvas,
        1,
        f"{what} became {number} at step {count(found.step)}. Training stopped there; nothing is lost.",
        "bright",
        most=2,
    )
    operation = frame.update.operations[found.operation - 1].kind.value
    total, symbol = len(frame.update.operations), _symbol(found)
    row += 1
    x = canvas.put(0, row, "first not finite   ", "dim")
    value = _value(frame, found)
    told = symbol if value is None else f"{symbol} = {precise(value)}" if symbol == "L" else symbol
    x = canvas.put(x, row, f" {told} ", "ink", "accent", bold=True)
    canvas.put(x, row, f" in operation {found.operation} of {total}, the {operation}", "text")
    row = min(row + 2, canvas.height)
    ways = _ways(found)[: max(canvas.height - row - WHY, NEEDED)]
    row = _draw_losses(canvas, frame, found, row, canvas.height - len(ways) - WHY - 1)
    if canvas.height - len(ways) - row > 0:
        row += draw_wrapped(canvas, row, _why(frame), "text", most=min(canvas.height - len(ways) - row, WHY))
    row = max(min(row + 1, canvas.height - len(ways)), 3)
    for key, words in ways[: canvas.height - row]:
        canvas.put(2, row, key, "bright")
        canvas.put(9, row, words, "text")
        row += 1


def _symbol(found: Divergence) -> str:
    if found.layer is None:
        return "L"
    return f"{_SYMBOLS.get(found.quantity, found.quantity)}{layer_sup(found.layer)}"


def _what(frame: Frame, found: Divergence) -> tuple[str, str]:
    """What broke, in words, and whether it became infinite or not a number."""
    value = _value(frame, found)
    number = "infinite" if value is not None and math.isinf(value) else "NaN"
    return ("The loss" if found.layer is None else f"A number in {_symbol(found)}"), number


def _value(frame: Frame, found: Divergence) -> float | None:
    """The first value that is not finite, as far as it is still there."""
    if found.layer is None:
        return frame.update.loss
    layer = frame.update.layers[found.layer - 1]
    array = {
        "z": layer.z,
        "a": layer.a,
        "delta": layer.delta,
        "grad_W": layer.grad_weights,
        "grad_b": layer.grad_biases,
    }.get(found.quantity)
    if array is None:
        return math.inf
    broken = array[~np.isfinite(array)]
    return float(broken.flat[0]) if broken.size else None


def _draw_losses(canvas: Canvas, frame: Frame, found: Divergence, row: int, end: int) -> int:
    """The lowest loss and the last ones that were kept, largest of each kept stretch; an update's loss is
    that of the step before it."""
    lowest = frame.history.lowest
    if lowest is None or end - row < 3:
        return row
    last = frame.history.columns(4096)[-min(LAST, end - row - 2) :]
    canvas.put(0, row, f"{'update':>12}{'loss':>14}", "dim")
    rows = [(count(lowest.update), lowest.value)]
    rows += [(_updates(c.first, c.last), c.high) for c in last if c.first > lowest.update]
    broken = frame.update.loss
    if found.layer is None and broken is not None and found.step > len(frame.history):
        rows = [*rows[: end - row - 2], (count(found.step), broken)]
    for i, (steps, value) in enumerate(rows, start=1):
        canvas.put(0, row + i, f"{steps:>12}{u10(value):>14}", "text")
    canvas.put(29, row + 1, f"the lowest: of step {count(lowest.step)}", "dim")
    return row + len(rows) + 2


def _updates(first: int, last: int) -> str:
    return count(last) if first == last else f"{count(first)}–{count(last)}"


def _why(frame: Frame) -> str:
    ratios = [h.update_ratio for h in frame.health if h.update_ratio is not None]
    if any(not ratio <= 1 for ratio in ratios):
        return "Why: each update overshot the valley and landed higher on the other side: ‖ΔW‖/‖W‖ > 1."
    return "Why: most often the steps are too large for this loss; a smaller η keeps it finite."


def _ways(found: Divergence) -> tuple[tuple[str, str], ...]:
    last = f"step {count(found.step - 1)}, the last with finite numbers"
    return (
        ("b", f"back: to {last}"),
        ("r, -", "reset to the same start; then - for a smaller η"),
        ("R", "another seed"),
        ("/", "another preset"),
    )
