"""A drawing inside an overlay."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.panels.base import LARGEST

Draw = Callable[[int, int], Canvas]


class Sheet(Widget):
    """Shows what `draw(width, height)` makes, made anew at each size and when it is asked to."""

    class Clicked(Message):
        """A cell was clicked."""

        def __init__(self, x: int, y: int) -> None:
            super().__init__()
            self.x, self.y = x, y

    def __init__(self, draw: Draw, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._strips: list[Strip] = []

    def redraw(self) -> None:
        """What is drawn has changed."""
        width, height = min(self.size.width, LARGEST[0]), min(self.size.height, LARGEST[1])
        self._strips = self._draw(width, height).strips() if width and height else []
        self.refresh()

    def on_resize(self) -> None:
        self.redraw()

    def render_line(self, y: int) -> Strip:
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(self.size.width)
        return Strip.blank(self.size.width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        self.post_message(self.Clicked(event.x, event.y))
