"""The message line: what the last key did, else what comes next."""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import var

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.keys import Part, draw_message
from bptui.tui.panels.base import Panel, View


class MessageLine(Panel, can_focus=False):
    """What the last key did, else what comes next."""

    title = "Message"

    parts: var[Sequence[Part]] = var(())

    def watch_parts(self) -> None:
        self.redraw(anew=True)  # they are no part of the view

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return draw_message(self.parts, width, view.palette)
