"""The weight under the mouse, where a network is drawn with its weights in stacks."""

from __future__ import annotations

from bptui.explain.weight import Place
from bptui.session.frame import Frame
from bptui.tui.drawing.deep import is_deep
from bptui.tui.drawing.network import form_of
from bptui.tui.drawing.stacks import geometry


def weight_at(frame: Frame, width: int, height: int, x: int, y: int) -> Place | None:
    """The weight or bias under a cell of the panel."""
    form = form_of(frame.sizes, width, height - 1)
    if form is None or not form.stacks or is_deep(frame.sizes, width, height - 1):
        return None
    plan = geometry(frame.sizes, width, height - 1, form)
    for layer in range(1, len(frame.sizes)):
        left = plan.stacks[layer]
        if left <= x < left + 1 + form.wide + form.digits:
            for unit, top in enumerate(plan.tops[layer]):
                if top <= y - 1 <= top + frame.sizes[layer - 1]:
                    return Place(layer, unit, y - 1 - top)
    return None
