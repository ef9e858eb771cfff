"""Several classes: who is taken for whom, and the surest of the errors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.explain.numbers import count, percent, u7
from bptui.tui.drawing import heat
from bptui.tui.drawing.answers import Answers, narrow
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.palette import FULL

Array = NDArray[Any]

_LABEL = 10  # characters of a class's name before its row
_CELL, _NARROW = 11, 3  # columns of a cell at most and at least
_FADED = 2  # the ramp step from which even a single error is seen
_ERROR, _BESIDE = 8, 2  # columns of an error at least, and between two
_PICTURE = 12  # cells an example's image may be wide


def named(answers: Answers, values: Array) -> Array:
    """(n, k) targets or predictions -> (n,) the class they name."""
    if values.shape[1] == 1:
        return np.asarray((values[:, 0] > 0.5).astype(int))
    return np.asarray(values.argmax(axis=1))


def draw_confusion(canvas: Canvas, answers: Answers, y: int, height: int, room: int) -> int:
    """Rows what it is, columns what the network says; returns the x after it."""
    truth, says = named(answers, answers.out.targets), named(answers, answers.out.predictions)
    classes = [narrow(name) for name in answers.out.classes]
    table = np.zeros((len(classes), len(classes)), int)
    np.add.at(table, (truth, says), 1)
    label = min(max(len(name) for name in classes), _LABEL)
    digits = len(str(table.sum(axis=1).max()))  # a count may come to have: no cell moves by training
    start = 3 + label + (2 if digits < 3 else 0)  # a wide cell begins with a blank
    wide = _cell_width(classes, digits, room - start)
    shown = max(min(len(classes), (room - start) // wide, height - 1), 0)
    if shown < len(classes):
        shown = max(min(shown, height - 2), 0)  # a row says what is cut
    canvas.put(0, y, "says ▸", "dim")
    canvas.put(0, y + 1, "is", "dim")
    if shown > 1:
        canvas.put(0, y + 2, "▾", "dim")
    for number in range(shown):
        name = classes[number]
        canvas.right(start + wide * (number + 1), y, name[: wide - 1], "dim")
        canvas.put(3, y + 1 + number, name[:label], "dim")
        _draw_counts(
            canvas, start, y + 1 + number, table[number, :shown].tolist(), number, wide, int(table.max())
        )
    _draw_total(canvas, answers, start + wide * shown + 2, y + shown + 1, y + height, len(classes) - shown)
    return start + wide * shown


def _cell_width(classes: list[str], digits: int, room: int) -> int:
    """What the names wish for, as far as there is room, but no less than the counts and a blank need."""
    least = max(_NARROW, digits + 1)
    wished = min(max(least, max(len(name) for name in classes) + 1), _CELL)
    return max(min(wished, room // max(len(classes), 1)), least)


def _draw_counts(canvas: Canvas, x: int, y: int, row: list[int], own: int, wide: int, largest: int) -> None:
    palette = canvas.palette
    apart = wide > _NARROW  # the blank before a count is none of its colour
    x, wide = x + apart, wide - apart
    for number, examples in enumerate(row):
        at = x + (wide + apart) * number
        text = str(examples).rjust(wide)
        if examples == 0:
            canvas.right(at + wide, y, "·", "faint")
        elif palette.colourless:
            canvas.put(at, y, text, "bright" if number == own else "text")
        else:
            step = max(round(FULL * examples / largest), _FADED)
            back = (palette.ramp_pos if number == own else palette.ramp_neg)[step]
            canvas.put(at, y, text, palette.ink_on(back), back, bold=False)


def _draw_total(canvas: Canvas, answers: Answers, x: int, y: int, end: int, left: int) -> None:
    if left and y < end:
        canvas.put(3, y, f"… {left} more classes", "dim")
        y += 1
    y += 1 if y + 1 < end else 0
    if y < end:
        part, of = "test" if answers.out.part == "test" else "training", count(answers.count)
        told = f" of {of} {part} examples right"
        if 3 + len(of) + len(told) > x:  # the errors stand beside
            told = f" of {of} right"
        at = canvas.put(3, y, count(int(answers.right.sum())), "bright")
        canvas.put(at, y, told, "dim")


def gap_before_errors(room: int) -> int:
    """Blank columns before them; fewer where one more image fits by that."""
    return 5 if room >= 24 else max((3, 2, 1), key=lambda gap: (room - gap + _BESIDE) // (_ERROR + _BESIDE))


def draw_errors(canvas: Canvas, answers: Answers, x: int, y: int, height: int) -> None:
    """The wrong answers, the surest first: as images where they are some, else a line each."""
    room = canvas.width - x
    wrong = np.flatnonzero(~answers.right)
    says = named(answers, answers.out.predictions)
    sure = np.array([_sureness(answers, example, int(says[example])) for example in wrong.tolist()])
    ordered = wrong[np.argsort(-sure, kind="stable")].tolist() if len(wrong) else []
    if answers.out.image is not None and room >= 10:
        _draw_images(canvas, answers, ordered, x, y, height, says)
    elif room >= 18:
        _draw_lines(canvas, answers, ordered, x, y, height, says)


def _sureness(answers: Answers, example: int, says: int) -> float:
    """What the network gives the class it names."""
    prediction = answers.out.predictions[example]
    if len(prediction) > 1:
        return float(prediction[says])
    return float(prediction[0] if says else 1 - prediction[0])


def _verdict(answers: Answers, example: int, says: int) -> tuple[str, str, str]:
    """Is, says, how sure."""
    truth = int(named(answers, answers.out.targets[example : example + 1])[0])
    sure = _sureness(answers, example, says)
    told = percent(round(sure, 2)) if 0 <= sure <= 1 else u7(sure).strip()
    classes = answers.out.classes
    return narrow(classes[truth], _LABEL), narrow(classes[says], _LABEL), told


def _draw_lines(
    canvas: Canvas, answers: Answers, wrong: list[int], x: int, y: int, height: int, says: Array
) -> None:
    _draw_heading(canvas, x, y, bool(wrong))
    room = canvas.width - x
    for number, example in enumerate(wrong[: max(height - 1, 0)]):
        truth, answer, sure = _verdict(answers, example, int(says[example]))
        canvas.mark(x, y + 1 + number, room, example)
        at = canvas.put(x, y + 1 + number, f"#{int(answers.out.rows[example]) + 1} ", "dim")
        at = canvas.put(at, y + 1 + number, f"{truth}→", "text")
        at = canvas.put(at, y + 1 + number, answer, "bright")
        canvas.put(at, y + 1 + number, f" {sure}", "dim")


def _draw_heading(canvas: Canvas, x: int, y: int, wrong: bool) -> None:
    room = canvas.width - x
    told = ("wrong, surest first" if room >= 19 else "wrong") if wrong else "none is wrong"
    close = x > 1 and canvas.at(x - 2, y) != " "  # to the name of a class
    canvas.put(x + close, y, told, "dim")


def _draw_images(
    canvas: Canvas, answers: Answers, wrong: list[int], x: int, y: int, height: int, says: Array
) -> None:
    assert answers.out.image is not None
    _draw_heading(canvas, x, y, bool(wrong))
    fold = max(-(-answers.out.image[1] // _PICTURE), 1)
    pictures = [fold_image(answers.out.raw_inputs[e].reshape(answers.out.image), fold) for e in wrong[:24]]
    if not pictures:
        return
    scale = float(np.abs(answers.out.raw_inputs).max()) or 1.0
    tall, wide = (pictures[0].shape[0] + 1) // 2, max(pictures[0].shape[1], _ERROR)
    across = max((canvas.width - x + _BESIDE) // (wide + _BESIDE), 1)
    down = max((height - 1) // (tall + 1), 0)
    gap = 1 if down and height - 1 - down * (tall + 1) >= down - 1 else 0
    for number, (example, picture) in enumerate(zip(wrong[: across * down], pictures, strict=False)):
        left = x + (number % across) * (wide + _BESIDE)
        top = y + 1 + (number // across) * (tall + 1 + gap)
        heat.draw_field(canvas, left, top, heat.levels(picture, scale))
        for row in range(top, top + tall + 1):
            canvas.mark(left, row, wide, example)
        truth, answer, sure = _verdict(answers, example, int(says[example]))
        at = canvas.put(left, top + tall, f"{truth}→", "text")
        at = canvas.put(at, top + tall, answer, "bright")
        canvas.put(at, top + tall, f" {sure}", "dim")


def fold_image(image: Array, fold: int) -> Array:
    """The mean of each fold×fold pixels; a rest at the right and bottom edge is left out."""
    rows, columns = image.shape[0] // fold, image.shape[1] // fold
    return np.asarray(
        image[: rows * fold, : columns * fold].reshape(rows, fold, columns, fold).mean(axis=(1, 3))
    )
