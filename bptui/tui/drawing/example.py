"""One example closer: what it is, what the network sees of it, what it says, and what that costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from bptui.explain.numbers import count, precise, s7, u7
from bptui.explain.update import Array
from bptui.explain.words import of_prediction
from bptui.session.frame import Frame
from bptui.tui.drawing.answers import narrow, pretty
from bptui.tui.drawing.bars import bar
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.chain import draw_wrapped, in_cells
from bptui.tui.drawing.confusion import fold_image
from bptui.tui.drawing.heat import draw_field, levels
from bptui.tui.drawing.palette import Palette

INDENT = 2
TWO_COLUMNS = 64
GAP = 4
PICTURE = 28  # cells an image may be wide


class Seen(NamedTuple):
    """An example: its row of the OutputFrame, and its row of the batch where it is in it."""

    row: int
    in_batch: int | None


def seen(frame: Frame, row: int) -> Seen:
    """The example in row `row` of the outputs."""
    places = np.flatnonzero(frame.batch_rows == row) if frame.output.part == "training" else np.empty(0, int)
    return Seen(row, int(places[0]) if len(places) else None)


def draw_example(frame: Frame, width: int, height: int, palette: Palette, at: Seen) -> Canvas:
    """Left its inputs, right the answer, side by side where there is room; as high as it has to be."""
    two = width >= TWO_COLUMNS
    half = (width - GAP) // 2 if two else width
    inputs = _inputs(frame, half, palette, at)
    answer = _answer(frame, half, palette, at)
    below = 2 if two else 3 + answer.height
    needed = max(below + inputs.height, 2 + answer.height)
    canvas = Canvas(width, max(height, needed), palette)
    out = frame.output
    batch = len(frame.batch_rows)
    note = "not in this batch" if at.in_batch is None else f"{at.in_batch + 1} of the batch of {batch}"
    if frame.batch_label == "full batch":
        note = f"of {count(len(out.rows))}"
    canvas.rule(0, f"Example {int(out.rows[at.row]) + 1} · {out.part} part", note, focused=True)
    if two:
        canvas.paste(inputs, 0, 2)
        canvas.paste(answer, half + GAP, 2)
    else:
        canvas.paste(answer, 0, 2)
        canvas.paste(inputs, 0, below)
    return canvas


# ------------------------------------------------------------ its inputs


def _inputs(frame: Frame, width: int, palette: Palette, at: Seen) -> Canvas:
    """A picture where the inputs are pixels, else names and numbers: raw, and as the network sees them."""
    out = frame.output
    raw = np.asarray(out.raw_inputs[at.row], float)
    fed = None if at.in_batch is None else np.asarray(frame.update.inputs[at.in_batch], float)
    if out.image is not None:
        return _picture(raw, fed, out.image, float(np.abs(out.raw_inputs).max()), width, palette)
    same = tuple(frame.update.input_names) == tuple(out.input_names)
    if same:
        return _table(out.input_names, raw, fed, width, palette)
    own = _table(out.input_names, raw, None, width, palette)
    features = _features(frame.update.input_names, fed, width, palette)
    canvas = Canvas(width, own.height + 1 + features.height, palette)
    canvas.paste(own, 0, 0)
    canvas.paste(features, 0, own.height + 1)
    return canvas


def _table(names: Sequence[str], raw: Array, fed: Array | None, width: int, palette: Palette) -> Canvas:
    canvas = Canvas(width, len(names) + 2, palette)
    canvas.put(0, 0, "Its inputs", "bright")
    end = min(max(width - 14, 18), 34)
    canvas.right(end, 1, "in the data", "dim")
    both = fed is not None and end + 13 <= width
    if both:
        canvas.right(end + 13, 1, "as fed", "dim")
    for y, (name, value) in enumerate(zip(names, raw.tolist(), strict=True), 2):
        canvas.put(INDENT, y, pretty(name, end - 11), "text")
        canvas.right(end, y, _datum(value), "bright", bold=False)
        if both and fed is not None:
            canvas.right(end + 13, y, s7(fed[y - 2]), palette.signed(float(fed[y - 2])))
    return canvas


def _datum(value: float) -> str:
    """As it stands in the data, at most six digits."""
    return f"{value:.6g}".replace("-", "−")


def _features(names: Sequence[str], fed: Array | None, width: int, palette: Palette) -> Canvas:
    """What is made of the inputs, where that is something else."""
    canvas = Canvas(width, len(names) + 1, palette)
    canvas.put(0, 0, "As the network sees it", "bright")
    if fed is None:
        canvas.put(INDENT, 1, "told of the examples of the batch", "dim")
        return canvas
    for y, (name, value) in enumerate(zip(names, fed.tolist(), strict=True), 1):
        canvas.put(INDENT, y, pretty(name, max(width - 14, 6)), "text")
        canvas.right(min(max(width - 1, 18), 34), y, s7(value), palette.signed(value))
    return canvas


def _picture(
    raw: Array, fed: Array | None, image: tuple[int, int], scale: float, width: int, palette: Palette
) -> Canvas:
    """The image, a cell two pixels high; the range of its pixels, and of what is fed."""
    fold = max(-(-image[1] // min(PICTURE, width - INDENT)), 1)
    pixels = fold_image(raw.reshape(image), fold)
    across = 2 if pixels.shape[1] * 2 <= min(PICTURE, width - INDENT) else 1
    field = np.repeat(levels(pixels, scale or 1.0), across, axis=1)
    if across == 2:
        field = np.repeat(field, 2, axis=0)
    rows = (len(field) + 1) // 2
    canvas = Canvas(width, rows + 4, palette)
    canvas.put(0, 0, f"Its image, {image[0]}×{image[1]} pixels", "bright")
    draw_field(canvas, INDENT, 1, field)
    folded = f", each cell the mean of {fold}×{fold}" if fold > 1 else ""
    canvas.put(INDENT, rows + 2, f"in the data {_range(raw)}{folded}", "dim")
    if fed is not None:
        canvas.put(INDENT, rows + 3, f"as fed {_range(fed)}", "dim")
    return canvas


def _range(values: Array) -> str:
    return f"{precise(float(values.min()), 3)} … {precise(float(values.max()), 3)}"


# ------------------------------------------------------------ the answer


def _answer(frame: Frame, width: int, palette: Palette, at: Seen) -> Canvas:
    """Target and outputs by name, right or wrong, the loss, and what that says."""
    out = frame.output
    target = np.asarray(out.targets[at.row], float)
    said = np.asarray(out.predictions[at.row], float)
    lines = _shown_outputs(target, said)
    canvas = Canvas(width, len(lines) + 9, palette)
    canvas.put(0, 0, "What it says, at this moment", "bright")
    name = min(max(max(len(_name(frame, k)) for k in lines), 6), 14)
    x_target = INDENT + name + 10
    canvas.right(x_target, 1, "target y", "dim")
    canvas.right(x_target + 10, 1, "ŷ", "dim")
    best = int(np.argmax(said)) if len(said) > 1 and not out.regression else None
    for y, k in enumerate(lines, 2):
        canvas.put(INDENT, y, _name(frame, k)[:name], "bright" if k == best else "text")
        canvas.right(x_target, y, _datum(float(target[k])), "text")
        finite = bool(np.isfinite(said[k]))
        told = u7(float(said[k]))
        if finite:
            canvas.right(x_target + 10, y, told, "bright")
        else:
            canvas.right(x_target + 10, y, told, "ink", "accent", bold=True)
        room = min(width - x_target - 13, 16)
        if room > 3 and not out.regression and finite and 0 <= said[k] <= 1:
            canvas.put(x_target + 12, y, bar(float(said[k]), room), "pos", bold=False)
    y = 2 + len(lines)
    if len(lines) < len(said):
        canvas.put(INDENT, y, f"… {count(len(said) - len(lines))} more, smaller", "dim")
    _draw_outcome(canvas, y + 1, frame, at)
    return canvas


def _shown_outputs(target: Array, said: Array, most: int = 12) -> list[int]:
    """All where they are few, else the largest and what is true."""
    if len(said) <= most:
        return list(range(len(said)))
    first = np.argsort(-np.nan_to_num(said, nan=np.inf), kind="stable")[: most - 1].tolist()
    return sorted({*first, int(np.argmax(target))})


def _name(frame: Frame, k: int) -> str:
    out = frame.output
    if len(out.classes) == out.targets.shape[1] > 1:
        return narrow(out.classes[k], 14)
    return pretty(out.output_names[k], 14)


def _draw_outcome(canvas: Canvas, y: int, frame: Frame, at: Seen) -> None:
    """Right or wrong, ℓ, and a sentence."""
    out, view = frame.output, frame.update
    x = INDENT
    if out.right is not None:
        right = bool(out.right[at.row])
        x = canvas.put(
            x, y, "✓ right" if right else "✕ wrong", "text" if right else "accent_glyph", bold=True
        )
        x += 4
    else:
        error = float(np.abs(out.predictions[at.row] - out.targets[at.row]).max())
        x = canvas.put(x, y, f"off by {precise(error)}", "bright") + 4
    losses = view.example_losses
    if at.in_batch is None or losses is None:
        canvas.put(x, y, "loss ℓ: of the batch alone" if at.in_batch is None else "loss ℓ  ·", "dim")
    else:
        x = canvas.put(x, y, "loss ℓ ", "dim")
        x = canvas.put(x, y, precise(float(losses[at.in_batch])), "bright")
        if len(losses) > 1:
            told = f"the batch's mean {precise(float(losses.mean()))}"
            x, y = (x + 3, y) if x + 3 + len(told) <= canvas.width else (INDENT, y + 1)
            canvas.put(x, y, told, "dim")
    output = view.layers[-1].a
    if at.in_batch is not None and output is not None and not out.regression:
        unit = int(np.argmax(view.targets[at.in_batch]))
        told = of_prediction(view, at.in_batch, unit, output[at.in_batch], view.targets[at.in_batch])
        lines = Canvas(max(canvas.width - INDENT, 1), 3, canvas.palette)
        draw_wrapped(lines, 0, in_cells(told), "text", most=3)
        canvas.paste(lines, INDENT, y + 2)
