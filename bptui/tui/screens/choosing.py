"""Moving the choice: pure functions of a choice and a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bptui.session.frame import Frame
from bptui.tui.drawing.choice import Choice


def first_choice(frame: Frame) -> Choice:
    """The first example whose first input is not 0 (a zero has nothing to show), unit 1 of layer 1."""
    telling = np.flatnonzero(frame.update.inputs[:, 0] != 0)
    return with_example(Choice(), frame, int(telling[0]) if len(telling) else 0)


def fitted(choice: Choice, frame: Frame) -> Choice:
    """The nearest choice that this frame has; the same object where nothing changes."""
    layer = min(max(choice.layer, 1), len(frame.sizes) - 1)
    fit = Choice(
        example=_within(choice.example, len(frame.update.inputs)),
        layer=layer,
        unit=_within(choice.unit, frame.sizes[layer]),
        source=_within(choice.source, frame.sizes[layer - 1]),
        output_example=_within(choice.output_example, len(frame.output.rows)),
        cursor=_on_axis(choice.cursor, frame),
    )
    return choice if fit == choice else fit


def moved(choice: Choice, frame: Frame, panel: str, dx: int, dy: int, stops: Sequence[int] = ()) -> Choice:
    """One step with an arrow key inside a panel; `stops`: the steps where its cursor can stand."""
    if panel == "network":
        layer = min(max(choice.layer + dx, 1), len(frame.sizes) - 1)
        return fitted(replace(choice, layer=layer, unit=choice.unit + dy), frame)
    if panel == "operation":
        return fitted(replace(choice, unit=choice.unit + dy, source=choice.source + dx), frame)
    if panel == "gradients" and dy:
        return fitted(replace(choice, layer=choice.layer + dy), frame)
    if panel == "output" and dx:
        return fitted(replace(choice, unit=choice.unit + dx), frame)
    if panel == "output" and dy:
        return with_example(choice, frame, choice.example + dy)
    if panel == "loss" and dx and stops:
        return replace(choice, cursor=_next_stop(choice.cursor, frame.step, dx, stops))
    return choice


def with_example(choice: Choice, frame: Frame, example: int) -> Choice:
    """Another example of the batch; the output panel's follows where it shows the same part."""
    example = _within(example, len(frame.update.inputs))
    chosen = replace(choice, example=example)
    if frame.output.part == "training":
        chosen = replace(chosen, output_example=int(frame.batch_rows[example]))
    return fitted(chosen, frame)


def _next_stop(cursor: int | None, step: int, dx: int, stops: Sequence[int]) -> int:
    """From where the cursor stands; it comes in at this moment."""
    start = step if cursor is None else cursor
    here = min(range(len(stops)), key=lambda i: abs(stops[i] - start))
    return stops[_within(here + dx, len(stops))]


def _on_axis(cursor: int | None, frame: Frame) -> int | None:
    """None where no step is left to stand on, as after a reset."""
    end = max(frame.step, frame.end)
    return min(cursor, end) if cursor is not None and end else None


def _within(index: int, length: int) -> int:
    return min(max(index, 0), max(length - 1, 0))
