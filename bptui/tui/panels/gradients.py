"""Layer by layer."""

from __future__ import annotations

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.gradients import VIEWS, draw_gradients
from bptui.tui.panels.base import Panel, View


class Gradients(Panel):
    """Layer by layer: norms and verdicts."""

    title = "Gradients"
    VIEWS = VIEWS

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return draw_gradients(
            view.frame, width, height, view.palette, view.choice, self.has_focus, view.compact, self.shown
        )
