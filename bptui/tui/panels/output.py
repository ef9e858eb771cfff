"""What the network says."""

from __future__ import annotations

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.output import draw_output
from bptui.tui.panels.base import Panel, View


class Output(Panel):
    """What the network says."""

    title = "Output"

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return draw_output(view.frame, width, height, view.palette, view.choice, self.has_focus, view.compact)
