"""What the network says."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.screen import Screen

from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.output import TRAINING, VIEWS, draw_output, views_of
from bptui.tui.panels.base import Panel, View

CHEAP = 0.008  # seconds: a dearer picture comes with the digits alone


class Output(Panel):
    """What the network says."""

    title = "Output"
    VIEWS = VIEWS

    def views(self, frame: Frame) -> tuple[str, ...]:
        """Those that these data have."""
        return views_of(frame)

    class Chosen(Message):
        """An example was clicked; its row among those shown."""

        def __init__(self, row: int) -> None:
            super().__init__()
            self.row = row

    explanation = (
        "What the network says with the weights of this moment, ŷ, beside what is true, y. The error "
        "ŷ − y is where the backward pass begins."
    )

    def between_digits(self) -> None:
        """The picture of this moment, while the list's digits wait for their tick; not where it is dear.

        The frame is the last one: its predictions stay, and its `evaluate` answers with today's weights.
        """
        drawn_over_inputs = self.view is not None and self.view.frame.output.raw_inputs.shape[1] <= 2
        if self.cost < CHEAP and drawn_over_inputs:
            self.redraw(anew=True)

    def closer(self, view: View) -> Screen[None] | None:
        """The chosen example."""
        from bptui.tui.screens.example import Example

        return Example()

    def copied(self, view: View) -> str:
        """The examples, or who is taken for whom."""
        from bptui.tui.drawing.copied import output

        return output(view.frame)

    def on_click(self, event: events.Click) -> None:
        """An example of the training part: choose it; the chosen one is looked at closer."""
        row = self.marked(event.x, event.y)
        if row is not None and self.shown in TRAINING:
            self.post_message(self.Chosen(row))

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return self.drawn(draw_output, view, width, height, self.shown_of(view.frame))
