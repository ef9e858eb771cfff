"""The loss curve."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.loss import ACCURACY, TITLES, USUAL, draw_loss, step_at, stops
from bptui.tui.drawing.table import table
from bptui.tui.panels.base import Panel, View


class Loss(Panel):
    """The curve. plotext is loaded when it is first drawn."""

    title = "Loss"
    VIEWS = tuple(TITLES)
    explanation = (
        "The loss is one number for how wrong the predictions are: the higher, the worse. Each update moves "
        "weights and biases against the gradient, so the curve should fall; where it jumps up, η may be too "
        "large. A broken curve is the loss over the test part, which the network never learns from; ┊ is "
        "where you changed something."
    )

    class Pointed(Message):
        """A step of the curve was clicked."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return draw_loss(
            view.frame,
            width,
            height,
            view.palette,
            view.choice,
            self.has_focus,
            view.compact,
            self._seen(view),
        )

    def next_view(self) -> str:
        """Numbers have no accuracy."""
        name = super().next_view()
        return super().next_view() if self.view is not None and name != self._seen(self.view) else name

    def _seen(self, view: View) -> str:
        """The view that is drawn: the usual one where the chosen one does not go with the data."""
        return USUAL if self.shown == ACCURACY and view.frame.accuracy is None else self.shown

    def stops(self) -> Sequence[int]:
        return stops(self.view.frame, self.size.width, self._seen(self.view)) if self.view else ()

    def copied(self, view: View) -> str:
        """The curve as a table, its numbers whole; "" before the first update."""
        return table(view.frame, self.size.width, self._seen(view))

    def on_click(self, event: events.Click) -> None:
        if self.view is None:
            return
        step = step_at(self.view.frame, *self.size, self._seen(self.view), event.x, event.y)
        if step is not None:
            self.post_message(self.Pointed(step))
