"""One update: the learning cycle as a table, with the live size of what each operation writes."""

from __future__ import annotations

import math
from functools import lru_cache

from bptui.explain.names import layer, split_name
from bptui.explain.numbers import count, layer_sup, precise, u7
from bptui.explain.sizes import size_of
from bptui.explain.update import UpdateView
from bptui.session.frame import CheckBadge, Frame, Promise, State
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.chain import draw_wrapped, in_cells
from bptui.tui.drawing.depth import draw_depth, draw_layers
from bptui.tui.drawing.palette import Palette

_ARROWS = {"weighted sum": "→", "activation": "→", "loss": "↔", "update": "↻"}  # else backward
FULL_WIDTH, MEDIUM_WIDTH, NARROW_WIDTH = 88, 72, 60  # below: no shapes, no written arrays, no words
PLAIN_STEP = "W ← W − η ∂L/∂W"
DEEP = 5  # layers; above, only the error signal is shown


Listed = tuple[str, str, str, str]  # of an operation: name, equation, what it writes, its shape


REUSED = "each δ gives its layer's gradient, then the δ below: one pass back is enough for all"


def draw_cycle(canvas: Canvas, frame: Frame, focused: bool) -> None:
    """Ten rows for XOR; a row a layer where the operations do not fit."""
    operations = frame.update.operations
    if len(operations) + 2 <= canvas.height:
        _draw_table(canvas, frame, focused)
    elif len(frame.update.layers) > DEEP and canvas.width >= 60:
        draw_depth(canvas, frame, focused)
    else:
        draw_layers(canvas, frame, focused)
        row = _draw_promise(canvas, frame.promise, frame, len(frame.update.layers) + 4)
        _draw_check(canvas, frame.check, row)


def _draw_table(canvas: Canvas, frame: Frame, focused: bool) -> None:
    operations = f"{len(frame.update.operations)} operations"
    note = f"values of step {count(frame.step)}" if _computed(frame.update) else operations
    canvas.rule(0, "One update", note, focused)
    view = frame.update
    listed = tuple((op.kind.value, op.equation, op.writes, _shape(view, op.writes)) for op in view.operations)
    canvas.paste(_listed(listed, canvas.width, canvas.palette), 0, 1)
    for y, operation in enumerate(view.operations, 2):
        _draw_size(canvas, y, size_of(view, operation.writes))
    row = len(frame.update.operations) + 3
    if _computed(frame.update) or frame.promise is not None:
        row = _draw_promise(canvas, frame.promise, frame, row)
        _draw_check(canvas, frame.check, row)
    elif frame.state is not State.RUNNING:
        _draw_legend(canvas, row, len(frame.update.layers) > 1)


def _columns(width: int) -> tuple[int, int, int]:
    """Where the equation, the written array and its shape begin."""
    if width >= FULL_WIDTH:
        return 20, width - 32, width - 26
    if width >= MEDIUM_WIDTH:
        return 20, width - 17, width - 11
    return 5 if width < NARROW_WIDTH else 18, width - 7, width - 7


def _end(width: int) -> int:
    """After the sizes."""
    return width - 1 if width >= MEDIUM_WIDTH else width


def _computed(view: UpdateView) -> bool:
    return view.layers[0].z is not None


@lru_cache(maxsize=8)
def _listed(operations: tuple[Listed, ...], width: int, palette: Palette) -> Canvas:
    """The table without its numbers, which alone change while training runs; nobody draws on it."""
    canvas = Canvas(width, len(operations) + 1, palette)
    columns = _columns(width)
    canvas.put(5, 0, "operation" if columns[0] > 5 else "", "dim")
    canvas.put(columns[0], 0, "equation", "dim")
    if width >= MEDIUM_WIDTH:
        canvas.put(columns[1], 0, "writes", "dim")
    canvas.right(_end(width), 0, "size (rms of all)" if width >= FULL_WIDTH else "size", "dim")
    for number, operation in enumerate(operations, 1):
        _draw_operation(canvas, number, operation, columns)
    return canvas


def _draw_operation(canvas: Canvas, number: int, operation: Listed, columns: tuple[int, int, int]) -> None:
    name, equation, writes, shape = operation
    equation_x, writes_x, shape_x = columns
    canvas.right(2, number, str(number), "dim")
    canvas.put(3, number, _ARROWS.get(name, "←"), "dim")
    if equation_x > 5:
        canvas.put(5, number, name, "text")
    canvas.put(equation_x, number, _shortened(equation, writes_x - equation_x - 1), "bright", bold=False)
    if writes_x < shape_x:
        canvas.put(writes_x, number, _spelled(writes), "text")
        if canvas.width >= FULL_WIDTH:
            canvas.put(shape_x, number, shape, "dim")


def _draw_size(canvas: Canvas, y: int, size: float | None) -> None:
    text = "·" if size is None else u7(size)
    broken = size is not None and not math.isfinite(size)
    token = "faint" if size is None else "ink" if broken else "text"
    canvas.right(_end(canvas.width), y, text, token, "accent" if broken else "bg")


def _shortened(equation: str, room: int) -> str:
    """Of several formulas the last that fit: the step itself."""
    parts = [part.strip() for part in in_cells(equation).split("     ") if part]
    if parts == [PLAIN_STEP]:
        both = f"{PLAIN_STEP}     b ← b − η ∂L/∂b"
        return both if len(both) <= room else PLAIN_STEP[:room]
    for first in range(len(parts)):
        text = "     ".join(parts[first:])
        if len(text) <= room:
            return text
    return f"{parts[-1][: max(room - 1, 0)]}…" if parts else ""


def _spelled(name: str) -> str:
    """z¹ as z⁽¹⁾; the update writes W and b."""
    letter, l = split_name(name)
    return f"{letter}{layer_sup(l)}" if l else ("W, b" if letter == "W" else letter)


def _shape(view: UpdateView, name: str) -> str:
    letter, l = split_name(name)
    if l is None:
        return ""
    its = layer(view, l)
    rows, columns = its.weights.shape if letter == "∂W" else (len(view.inputs), its.units)
    return f"{rows}×{columns}"


def _draw_promise(canvas: Canvas, promise: Promise | None, frame: Frame, row: int) -> int:
    """What first order said of the last update, what came of it, and the verdict; returns the row after."""
    if promise is None or row >= canvas.height:
        return row
    indent, told_x = 5, 20 if canvas.width >= NARROW_WIDTH else 13
    canvas.put(indent, row, "promise", "dim")
    all_move = not any(layer.held for layer in frame.update.layers)
    steepest = "η‖∂L‖² = " if frame.update.optimizer == "sgd" and all_move else ""
    way, much = "lower" if promise.promised <= 0 else "raise", precise(abs(promise.promised))
    if told_x + len(f"{way} L by about {steepest}{much}") > canvas.width:
        steepest = ""
    x = canvas.put(told_x, row, f"{way} L by about {steepest}", "dim")
    x = canvas.put(x, row, much, "bright")
    kept = precise(-promise.kept if promise.promised <= 0 else promise.kept)
    share = promise.kept / promise.promised if promise.promised else math.nan
    told = f"  ({_share(share)})" if math.isfinite(share) else ""
    at = x + 5
    if at + len("kept: ") + len(kept) + len(told) > canvas.width:
        row, at = row + 1, told_x
    at = canvas.put(at, row, "kept: ", "dim")
    at = canvas.put(at, row, kept, "bright")
    canvas.put(at, row, told, "text")
    if promise.verdict:
        return row + 1 + draw_wrapped(canvas, row + 1, " " * indent + promise.verdict, "text", most=2)
    return row + 1


def _draw_check(canvas: Canvas, check: CheckBadge | None, row: int) -> None:
    """How far the gradients on screen agree with complex step; how many of them were looked at so far."""
    if check is None or not check.done or row >= canvas.height:
        return
    canvas.put(5, row, "check", "dim")
    far = f" ({count(check.done)} of {count(check.total)} so far)" if check.done < check.total else ""
    words, number = "largest relative difference ", precise(check.max_relative_error, 2)
    whole = f"backpropagation against complex step: {words}"
    room = canvas.width - 22 - len(number) - len(far)
    x = canvas.put(20, row, whole if len(whole) <= room else words, "dim")
    x = canvas.put(canvas.put(x, row, number, "bright"), row, far, "dim")
    token = "dim" if check.passed else "accent_glyph"
    canvas.put(x + 2, row, "✓" if check.passed else "✕", token, bold=not check.passed)


def _share(share: float) -> str:
    return f"{100 * share:.0f} %".replace("-", "−")


def _draw_legend(canvas: Canvas, row: int, deep: bool) -> None:
    """What the arrows mean, until there are numbers; why one pass back is enough where layers lie below."""
    forward = "→ forward: from the inputs to the loss"
    back = "← backward: the chain rule, from the loss to every weight"
    canvas.put(5, row, forward, "dim")
    beside = 5 + len(forward) + 4
    if beside + len(back) <= canvas.width:
        canvas.put(beside, row, back, "dim")
    else:
        row += 1
        short = back.partition(",")[0]
        canvas.put(5, row, back if 5 + len(back) <= canvas.width else short, "dim")
    if deep and row + 1 < canvas.height and 7 + len(REUSED) <= canvas.width:
        canvas.put(7, row + 1, REUSED, "dim")
