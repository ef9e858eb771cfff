"""A drawing as a widget of an overlay: it is handed a canvas, and tells of clicks and of the wheel."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from bptui.tui.drawing.canvas import Canvas


class Board(Widget):
    """Shows the part of a canvas that begins at row `first`."""

    class Pressed(Message):
        """A click on the cell (x, y) of the canvas; `times`: 2 for a double click."""

        def __init__(self, board: Board, x: int, y: int, times: int) -> None:
            super().__init__()
            self.board, self.x, self.y, self.times = board, x, y, times

    class Turned(Message):
        """The wheel, a notch up (−1) or down (1)."""

        def __init__(self, board: Board, step: int) -> None:
            super().__init__()
            self.board, self.step = board, step

    class Resized(Message):
        """There is another size to draw for."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id)
        self.canvas: Canvas | None = None
        self.first = 0
        self._drawn: list[Strip] = []  # of the whole canvas
        self._strips: list[Strip] = []  # those that are seen

    def show(self, canvas: Canvas, first: int = 0) -> None:
        """Its picture from now on; `first` is brought within it."""
        self.first = max(min(first, canvas.height - self.size.height), 0)
        self._drawn = canvas.strips(self.canvas, self._drawn)
        self.canvas = canvas
        strips = self._drawn[self.first : self.first + max(self.size.height, 0)]
        if strips != self._strips:
            self._strips = strips
            self.refresh()

    def render_line(self, y: int) -> Strip:
        if y < len(self._strips):
            return self._strips[y].adjust_cell_length(self.size.width, self.rich_style)
        return Strip.blank(self.size.width, self.rich_style)

    def rows(self) -> list[str]:
        """What is seen, as plain text."""
        return [strip.text.rstrip() for strip in self._strips]

    def on_resize(self) -> None:
        self.post_message(self.Resized())

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Pressed(self, event.x, event.y + self.first, event.chain))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.post_message(self.Turned(self, 1))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.post_message(self.Turned(self, -1))
