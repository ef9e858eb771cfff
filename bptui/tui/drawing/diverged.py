"""Where a number was not finite: what, in which operation, the last updates, and the ways on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from textwrap import wrap
from typing import NamedTuple

import numpy as np

from bptui.explain.numbers import count, layer_sup, precise, u10
from bptui.session.frame import Divergence, Frame
from bptui.tui.actions import shown_keys
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.chain import draw_wrapped

LAST = 4  # updates shown before the end
KEYS = shown_keys()
_SYMBOLS = {"z": "z", "a": "a", "delta": "δ", "grad_W": "∂L/∂W", "grad_b": "∂L/∂b", "W": "W", "b": "b"}
_SIZES = 29  # the column where the sizes beside the losses begin
_WIDTHS = (12, 15, 13)  # of max|w|, ‖∂L/∂W‖ and ‖ΔW‖/‖W‖, their blanks before them


def draw_diverged(canvas: Canvas, frame: Frame, focused: bool, keys: Mapping[str, str] = KEYS) -> None:
    """Frame.divergence is set. The message goes first, then the ways on; the last updates where there is
    room. keys: each action's, as it is written."""
    found = frame.divergence
    assert found is not None
    what, number = _what(frame, found)
    canvas.rule(0, "Diverged", f"in update {count(found.step)}", focused)
    row = 1 + draw_wrapped(
        canvas,
        1,
        f"{what} became {number} in update {count(found.step)}. Training stopped there; nothing is lost.",
        "bright",
        most=2,
    )
    row += 1
    ways = _ways(frame, found, keys)
    last = max(canvas.height - len(ways), 3)  # the row where the ways on begin at the latest
    if row < last:
        _draw_first(canvas, frame, found, row)
    row = _draw_updates(canvas, frame, found, row + 2, last - 3)
    row = _draw_why(canvas, frame, row, last)
    words = max(9, *(len(key) + 5 for key, *_ in ways))
    for y, (key, told, short) in enumerate(ways, min(row, last)):
        canvas.put(2, y, key, "bright")
        canvas.put(words, y, told if words + len(told) <= canvas.width else short, "text")


def _draw_why(canvas: Canvas, frame: Frame, row: int, end: int) -> int:
    """Whole or not at all; the row after it and a blank."""
    told = _why(frame)
    tall = len(wrap(told, canvas.width))
    start = min(row, max(end - tall, row - 1))  # the blank before it may go
    if start + tall > end:
        return row
    return start + draw_wrapped(canvas, start, told, "text", most=tall) + 1


def _draw_first(canvas: Canvas, frame: Frame, found: Divergence, row: int) -> None:
    """The first number that was not finite, and where."""
    operation = frame.update.operations[found.operation - 1].kind.value
    total, symbol = len(frame.update.operations), _symbol(found)
    x = canvas.put(0, row, "first not finite   ", "dim")
    value = _value(frame, found)
    told = symbol if value is None else f"{symbol} = {precise(value)}" if symbol == "L" else symbol
    x = canvas.put(x, row, f" {told} ", "ink", "accent", bold=True)
    x = canvas.put(x, row, f" in operation {found.operation} of {total}, the {operation}", "text")
    reason = _reason(frame, found, value)
    if x + len(reason) <= canvas.width:
        canvas.put(x, row, reason, "text")


def _reason(frame: Frame, found: Divergence, value: float | None) -> str:
    """What a loss that is infinite is made of."""
    if found.layer is not None or value != math.inf or frame.update.loss_name != "mse":
        return ""
    most = precise(float(np.finfo(frame.update.layers[0].weights.dtype).max), 2)
    return f": Σ (ŷ − y)² is above {most}"


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


class _Row(NamedTuple):
    updates: str
    loss: float
    update: int  # the only one, or 0


def _draw_updates(canvas: Canvas, frame: Frame, found: Divergence, row: int, end: int) -> int:
    """The lowest loss and the last ones that were kept, largest of each kept stretch, and beside them how
    large it was that broke; an update's loss is that of the step before it."""
    lowest = frame.history.lowest
    if lowest is None or end - row < 3:
        return row
    last = frame.history.columns(4096)[-min(LAST, end - row - 2) :]
    canvas.put(0, row, f"{'update':>12}{'loss':>14}", "dim")
    rows = [
        _Row(_updates(c.first, c.last), c.high, c.last if c.first == c.last else 0)
        for c in last
        if c.first > lowest.update
    ]
    broken = frame.update.loss
    if found.layer is None and broken is not None and found.step > len(frame.history):
        rows = [*rows[: end - row - 3], _Row(count(found.step), broken, found.step)]
    for i, (steps, value, _) in enumerate([_Row(count(lowest.update), lowest.value, 0), *rows], start=1):
        canvas.right(12, row + i, steps, "text")
        broke = not math.isfinite(value)
        canvas.right(26, row + i, u10(value).strip(), "ink" if broke else "text", "accent" if broke else "bg")
    canvas.put(_SIZES, row + 1, f"the lowest: of step {count(lowest.step)}", "dim")
    _draw_sizes(canvas, frame, row, rows)
    return row + len(rows) + 3


def _draw_sizes(canvas: Canvas, frame: Frame, row: int, rows: list[_Row]) -> None:
    """As many of the columns as fit, in the lines under the lowest loss."""
    if frame.ending is None:
        return
    sup = layer_sup(frame.ending.layer)
    known = {update.update: update for update in frame.ending.updates}
    end = _SIZES
    for at, (name, wide) in enumerate(
        zip((f"max|w{sup}|", f"‖∂L/∂W{sup}‖", "‖ΔW‖/‖W‖"), _WIDTHS, strict=True)
    ):
        end += wide
        if end > canvas.width:
            return
        canvas.right(end, row, name, "dim")
        for y, line in enumerate(rows, row + 2):
            value = known[line.update][1 + at] if line.update in known else None
            token = "faint" if value is None else "text"
            canvas.right(end, y, "·" if value is None else u10(value), token)


def _updates(first: int, last: int) -> str:
    return count(last) if first == last else f"{count(first)}–{count(last)}"


def _why(frame: Frame) -> str:
    ratios = [h.update_ratio for h in frame.health if h.update_ratio is not None]
    if any(not ratio <= 1 for ratio in ratios):
        return "Why: each update overshot the valley and landed higher on the other side: ‖ΔW‖/‖W‖ > 1."
    return "Why: most often the steps are too large for this loss; a smaller η keeps it finite."


def _ways(frame: Frame, found: Divergence, keys: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Keys, what each does, and the same in fewer words."""
    lowest, update = frame.history.lowest, f"update {count(found.step)}"
    first = (keys["new_seed"], "another seed", "another seed")
    if lowest is not None:
        to = f"to step {count(lowest.step)}, the lowest loss"
        first = (keys["go_to"], f"{to}; then {keys['eta_down']} for a smaller η", to)
    back = f"back to step {count(found.step - 1)}"
    return (
        first,
        (keys["back"], f"{back}, the last with finite numbers", back),
        (
            keys["operation"],
            f"the operations of {update} up to the one that broke",
            f"{update}, by operations",
        ),
        (keys["reset"], "reset to the same start", "reset"),
    )
