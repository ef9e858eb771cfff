"""The operation in hand, or the whole update."""

from __future__ import annotations

from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.operation import VIEWS, draw_operation
from bptui.tui.panels.base import Panel, View


class Operation(Panel):
    """The operation in hand, or the whole update."""

    title = "Operation"
    VIEWS = VIEWS

    def views(self, frame: Frame) -> tuple[str, ...]:
        """Between steps the sizes are of all examples, whoever is chosen."""
        stepping = frame.update.in_hand is not None and frame.divergence is None
        return self.VIEWS if stepping else self.VIEWS[:1]

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return draw_operation(
            view.frame,
            width,
            height,
            view.palette,
            view.choice,
            self.has_focus,
            view.compact,
            self.shown,
            view.zoomed == self.id,
        )
