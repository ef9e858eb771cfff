"""The header."""

from __future__ import annotations

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.header import draw_header
from bptui.tui.panels.base import Panel, View


class Header(Panel, can_focus=False):
    """Row 0."""

    title = "Header"
    explanation = """\
Where the run stands: what it is doing, the updates and whole epochs done, and the loss with the weights of
this moment on the batch that comes next. The arrow says whether the loss fell, stayed or rose over the last
tenth of the run. Accuracy, or rmse where numbers are predicted, is over the whole training part. η is the
learning rate that the next update uses.
"""

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return self.drawn(draw_header, view, width, height)
