"""The operation in hand, or the whole update."""

from __future__ import annotations

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.operation import draw_operation
from bptui.tui.panels.base import Panel, View


class Operation(Panel):
    """The operation in hand, or the whole update."""

    title = "Operation"

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return draw_operation(
            view.frame, width, height, view.palette, view.choice, self.has_focus, view.compact
        )
