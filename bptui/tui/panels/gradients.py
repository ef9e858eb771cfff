"""Layer by layer."""

from __future__ import annotations

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.gradients import draw_gradients
from bptui.tui.panels.base import Panel, View


class Gradients(Panel):
    """Layer by layer: norms and verdicts."""

    title = "Gradients"
    explanation = (
        "Layer by layer how large the gradient ∂L/∂W is and how far the last update went. The error "
        "signal δ is multiplied by a slope at every layer on its way back: it may vanish or explode, "
        "and a layer whose slopes are flat hardly learns."
    )

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return draw_gradients(
            view.frame, width, height, view.palette, view.choice, self.has_focus, view.compact
        )
