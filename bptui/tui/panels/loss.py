"""The loss curve."""

from __future__ import annotations

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.panels.base import Panel, View


class Loss(Panel):
    """The curve. plotext is loaded when it is first drawn."""

    title = "Loss"

    def draw(self, view: View, width: int, height: int) -> Canvas:
        from bptui.tui.drawing.loss import draw_loss

        return draw_loss(view.frame, width, height, view.palette, view.choice, self.has_focus, view.compact)
