"""The header."""

from __future__ import annotations

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.header import draw_header
from bptui.tui.panels.base import Panel, View


class Header(Panel, can_focus=False):
    """Row 0."""

    title = "Header"

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return draw_header(view.frame, width, height, view.palette, view.choice, False, view.compact)
