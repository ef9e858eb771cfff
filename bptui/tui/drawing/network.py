"""The network: chooses the drawing that fits, and frames it with its title and note."""

from __future__ import annotations

from bptui.explain.numbers import count
from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.deep import draw_deep, is_deep
from bptui.tui.drawing.matrices import draw_matrices
from bptui.tui.drawing.palette import Palette
from bptui.tui.drawing.parameters import WEIGHTS, scale_in_words
from bptui.tui.drawing.stacks import Form, draw_stacks, fitting, geometry

WIDE_LAYER = 16  # units: over it a layer is drawn as a matrix


def draw_network(
    frame: Frame,
    width: int,
    height: int,
    palette: Palette,
    choice: Choice,
    focused: bool = False,
    compact: bool = False,
    what: str = WEIGHTS,
) -> Canvas:
    """Title row, then the body: the first form that fits. what: weights, gradients or last change."""
    canvas = Canvas(width, height, palette)
    title = "Network" if what == WEIGHTS else f"Network · {what}"
    deep = is_deep(frame.sizes, width, height - 1)
    form = None if deep else form_of(frame.sizes, width, height - 1)
    told = scale_in_words(frame, what, by_layer=not deep and form is None)
    canvas.rule(0, title, _note(frame, choice, width - len(title), told), focused)
    if deep:
        body = draw_deep(frame, width, height - 1, palette, choice, what)
    elif form is not None:
        body = draw_stacks(frame, width, height - 1, palette, choice, form, focused, what)
    else:
        body = draw_matrices(frame, width, height - 1, palette, choice, what)
    canvas.paste(body, 0, 1)
    return canvas


def form_of(sizes: tuple[int, ...], width: int, height: int) -> Form | None:
    """How the graph is drawn; None where it does not fit and matrices take its place."""
    return None if max(sizes) > WIDE_LAYER else fitting(sizes, width, height)


def unit_at(frame: Frame, width: int, height: int, x: int, y: int) -> tuple[int, int] | None:
    """The layer (from 1) and unit under a cell of the panel, for the mouse."""
    form = form_of(frame.sizes, width, height - 1)
    if form is None or is_deep(frame.sizes, width, height - 1):
        return None
    plan = geometry(frame.sizes, width, height - 1, form)
    for layer in range(1, len(frame.sizes)):
        if plan.blocks[layer] <= x < plan.blocks[layer] + form.block:
            for unit, row in enumerate(plan.rows[layer]):
                if row <= y - 1 < row + form.letters:
                    return layer, unit
    return None


def _note(frame: Frame, choice: Choice, room: int, told: str) -> str:
    """told: of a view other than the usual one, in place of the parameters."""
    batch = len(frame.update.inputs)
    whole = frame.batch_label == "full batch"
    example = f"example {choice.example + 1} of {'' if whole else 'the batch of '}{batch}"
    both = f"{told or f'{count(frame.parameters)} parameters'} · {example}"
    if told:
        return both if len(both) + 4 <= room else told
    return both if room >= 49 else example
