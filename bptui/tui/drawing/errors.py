"""The examples that the network gets wrong, or pays most for: a line each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.explain.numbers import count, s7, u7
from bptui.tui.drawing.answers import Answers, narrow
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.confusion import named

Array = NDArray[Any]

_NAME = 12  # characters of a class's name


class Column(NamedTuple):
    """A figure of an example, right-aligned in `width` cells, the blanks before it included."""

    heading: str
    width: int
    told: Callable[[int], str]


def draw_worst(canvas: Canvas, answers: Answers, y: int, height: int) -> None:
    """Headings, then the wrong ones first, each kind by its loss; the chosen example is always among them."""
    columns = _fitting(_columns(answers), canvas.width - 4)
    x = 2
    for column in columns:
        x += column.width
        canvas.right(x, y, column.heading, "dim")
    shown, left = answers.fitting(worst_first(answers), height - 1)
    for row, example in enumerate(shown, start=y + 1):
        _draw_line(canvas, row, columns, answers, example)
    if left:
        canvas.put(2, y + 1 + len(shown), f"… {count(left)} more", "dim")


def worst_first(answers: Answers) -> list[int]:
    """Rows of the part: wrong ones before right ones, each by loss (by error where no loss is known)."""
    out = answers.out
    cost = out.losses
    if cost is None:
        with np.errstate(all="ignore"):
            cost = np.abs(out.predictions - out.targets).sum(axis=1)
    cost = np.where(np.isnan(cost), np.inf, cost)
    order: list[int] = np.lexsort((-cost, answers.right)).tolist()
    return order


def _draw_line(canvas: Canvas, y: int, columns: list[Column], answers: Answers, example: int) -> None:
    chosen, right = example == answers.chosen, bool(answers.right[example])
    if chosen:
        canvas.put(0, y, "▸", "accent_glyph", bold=True)
    x = 2
    for column in columns:
        x += column.width
        canvas.right(x, y, column.told(example), "bright" if chosen else "text")
    if not answers.out.regression:
        canvas.put(x + 1, y, "✓" if right else "✕", "dim" if right else "accent_glyph", bold=not right)


def _fitting(columns: list[Column], room: int) -> list[Column]:
    """Number and loss stay; of the others the last go first."""
    kept = list(columns)
    while sum(column.width for column in kept) > room and len(kept) > 2:
        del kept[-2]
    return kept


def _columns(answers: Answers) -> list[Column]:
    out = answers.out
    digits = len(str(int(out.rows.max(initial=0)) + 1))
    number = Column("#", max(digits, 2), lambda e: str(int(out.rows[e]) + 1))
    loss = Column("loss", 10, lambda e: "–" if out.losses is None else u7(float(out.losses[e])).strip())
    return [number, *_answers(answers), loss]


def _answers(answers: Answers) -> list[Column]:
    """What is true, what the network says."""
    out, told = answers.out, answers.sided
    if out.regression:
        truth, says = told(out.targets), told(out.predictions)
        return [
            Column("y", 10, lambda e: u7(float(truth[e])).strip()),
            Column("ŷ", 10, lambda e: u7(float(says[e])).strip()),
            Column("ŷ − y", 10, lambda e: s7(float(says[e] - truth[e])).strip()),
        ]
    if out.targets.shape[1] > 1 and len(out.classes) != out.targets.shape[1]:
        wrong = ((out.predictions > 0.5) != (out.targets > 0.5)).sum(axis=1)
        many = f" of {out.targets.shape[1]}"
        return [Column("outputs wrong", 15, lambda e: f"{int(wrong[e])}{many}")]
    is_, says = named(answers, out.targets), named(answers, out.predictions)
    classes = [narrow(name, _NAME) for name in out.classes] or ["0", "1"]
    wide = max(max(len(name) for name in classes), 4) + 2
    columns = [
        Column("is", wide, lambda e: classes[int(is_[e])]),
        Column("says", wide, lambda e: classes[int(says[e])]),
    ]
    if answers.two_sided:
        return [*columns, Column("ŷ", 9, lambda e: u7(float(told(out.predictions[e : e + 1])[0])).strip())]
    own = Column("ŷ of what it is", 17, lambda e: u7(float(out.predictions[e, int(is_[e])])).strip())
    return [*columns, own]
