"""The loss curve."""

from __future__ import annotations

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.panels.base import Panel, View


class Loss(Panel):
    """The curve. plotext is loaded when it is first drawn."""

    title = "Loss"
    explanation = """\
The loss of each update's batch, recorded before that update: how far the network's answers are from the
targets, as one number. It is what training lowers, and nothing else.

The scale is logarithmic where the run spans more than a factor of 3; the title says so, and how much the
last tenth of the run changed. Each column keeps its smallest and its largest loss, so that a spike is never
lost. ┊ marks where you changed something.
"""

    def draw(self, view: View, width: int, height: int) -> Canvas:
        from bptui.tui.drawing.loss import draw_loss

        return draw_loss(view.frame, width, height, view.palette, view.choice, self.has_focus, view.compact)
