"""The list of examples beside a picture of the answers: inputs, what is true, what the network says."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from bptui.explain.numbers import count, u7
from bptui.tui.drawing.answers import Answers, narrow, pretty, short
from bptui.tui.drawing.canvas import Canvas

_COMPACT = 12  # "▸3 ● 0.840 ✓"
_WIDEST_INPUT = 6
_MOST_INPUTS = 3


class Columns(NamedTuple):
    """What a line of the list holds, in cells; an input's column also its decimals. No inputs: not shown."""

    number: int
    inputs: tuple[tuple[int, int], ...]
    truth: int
    full: bool

    @property
    def width(self) -> int:
        if not self.full:
            return max(_COMPACT, self.number + 11)
        return 2 + self.number + sum(width for width, _ in self.inputs) + 2 + self.truth + 1 + 7 + 2


def lists_of(answers: Answers) -> list[Columns]:
    """The lists that there are of these examples, the widest first."""
    digits = len(str(int(answers.out.rows.max(initial=0)) + 1))
    truth = _truth_width(answers)
    lists = [Columns(max(digits, 1), (), truth, full) for full in (True, False)]
    if answers.out.raw_inputs.shape[1] <= _MOST_INPUTS:
        lists.insert(0, Columns(max(digits, 1), _input_columns(answers), truth, True))
    return lists


def fitting(lists: list[Columns], room: int) -> Columns | None:
    """The widest that fits into `room`, None where not even the narrow one does."""
    return next((columns for columns in lists if columns.width <= room), None)


def draw_examples(canvas: Canvas, x: int, y: int, rows: int, columns: Columns, answers: Answers) -> int:
    """Heading (where inputs are shown) and one line an example; returns the row after it."""
    end = y + rows
    if columns.full:
        _draw_heading(canvas, x, y, columns, answers)
        y += 1
    glyphs = answers.glyphs()
    shown, left = answers.fitting(answers.order().tolist(), end - y)
    for example in shown:
        _draw_line(canvas, x, y, columns, answers, example, glyphs[example])
        canvas.mark(x, y, columns.width, example)
        y += 1
    if left:
        canvas.put(x + 2, y, f"… {count(left)} more", "dim")
        y += 1
    return y


def _draw_heading(canvas: Canvas, x: int, y: int, columns: Columns, answers: Answers) -> None:
    at = x + 2 + columns.number
    canvas.right(at, y, "#", "dim")
    for name, (width, _) in zip(answers.out.input_names, columns.inputs, strict=False):
        at += width
        canvas.right(at, y, pretty(name, width - 1), "dim")
    canvas.put(
        at + 2 + (columns.truth - 1 if answers.out.regression else min(columns.truth - 1, 1)), y, "y", "dim"
    )
    at += 2 + columns.truth + 1 + 7
    canvas.right(at, y, "ŷ", "dim")


def _draw_line(
    canvas: Canvas, x: int, y: int, columns: Columns, answers: Answers, example: int, glyph: str
) -> None:
    chosen = example == answers.chosen
    fg = "bright" if chosen else "text"
    if chosen:
        canvas.put(x, y, "▸", "accent_glyph", bold=True)
    number = str(int(answers.out.rows[example]) + 1)
    if not columns.full:
        canvas.right(x + 1 + columns.number, y, number, fg)
        canvas.put(x + 2 + columns.number, y, glyph, fg)
        _draw_answer(canvas, x + 4 + columns.number, y, answers, example, fg, narrow=True)
        return
    at = x + 2 + columns.number
    canvas.right(at, y, number, fg)
    for value, (width, decimals) in zip(
        answers.out.raw_inputs[example].tolist(), columns.inputs, strict=False
    ):
        at += width
        canvas.right(at, y, short(value, decimals), fg)
    canvas.put(at + 2, y, _truth(answers, example, glyph, columns.truth), fg)
    _draw_answer(canvas, at + 2 + columns.truth + 1, y, answers, example, fg, narrow=False)


def _draw_answer(
    canvas: Canvas, x: int, y: int, answers: Answers, example: int, fg: str, narrow: bool
) -> None:
    prediction = answers.out.predictions[example]
    value = float(answers.sided(prediction[None])[0]) if answers.two_sided else float(prediction.max())
    text = f"{value:.3f}" if narrow and 0 <= value < 10 else u7(value)
    x = canvas.put(x, y, text, fg if np.isfinite(value) else "accent_glyph") + 1
    if not answers.out.regression:
        right = bool(answers.right[example])
        canvas.put(x, y, "✓" if right else "✕", "dim" if right else "accent_glyph", bold=not right)


def _truth(answers: Answers, example: int, glyph: str, width: int) -> str:
    target = answers.out.targets[example]
    if answers.out.regression:
        return u7(float(target[answers.output]))
    if not answers.two_sided or not answers.out.classes:
        return glyph
    return (glyph + narrow(answers.out.classes[1 if glyph == "●" else 0]))[:width]


def _truth_width(answers: Answers) -> int:
    if answers.out.regression:
        return 7
    if not answers.two_sided:
        return 1
    return min(1 + max((len(narrow(name)) for name in answers.out.classes), default=0), 10)


def _input_columns(answers: Answers) -> tuple[tuple[int, int], ...]:
    """Width and decimals of each: as many decimals as tell the largest value to three digits."""
    made = []
    for axis, name in enumerate(answers.out.input_names):
        column = answers.out.raw_inputs[:, axis]
        finite = column[np.isfinite(column)]
        largest = float(np.abs(finite).max(initial=0.0))
        whole = bool((finite == np.rint(finite)).all()) or largest == 0
        decimals = 0 if whole else min(max(2 - math.floor(math.log10(largest)), 0), 4)
        extremes = (finite.min(initial=0.0), finite.max(initial=0.0))
        longest = max(len(short(float(value), decimals)) for value in extremes)
        made.append((max(longest, min(len(pretty(name)), _WIDEST_INPUT)) + 2, decimals))
    return tuple(made)
