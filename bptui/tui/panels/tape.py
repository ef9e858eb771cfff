"""The tape."""

from __future__ import annotations

from textual import events
from textual.message import Message

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.tape import draw_tape, operation_at
from bptui.tui.panels.base import Panel, View


class Tape(Panel, can_focus=False):
    """The two rails."""

    title = "Tape"
    explanation = (
        "The operations of one update in their order: above from the inputs to the loss, below back "
        "from the loss to the weights. Each backward operation stands under the forward one whose "
        "numbers it needs. A click goes there."
    )

    class Asked(Message):
        """An operation was clicked; its number, from 1."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return self.drawn(draw_tape, view, width, height)

    def on_click(self, event: events.Click) -> None:
        if self.view is None:
            return
        number = operation_at(self.view.frame, *self.size, event.x, event.y, self.view.compact)
        if number is not None:
            self.post_message(self.Asked(number))
