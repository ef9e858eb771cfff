"""The loss curve."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.message import Message

from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.loss import ACCURACY, GUTTER, TITLES, draw_loss, step_at, stops
from bptui.tui.panels.base import Panel, View


class Loss(Panel):
    """The curve. plotext is loaded when it is first drawn."""

    title = "Loss"
    VIEWS = tuple(TITLES)
    explanation = (
        "The loss is one number for how wrong the predictions are: the higher, the worse. Each update moves "
        "weights and biases against the gradient, so the curve should fall; where it jumps up, η may be too "
        "large. A broken curve is the loss over the test part, which the network never learns from; ┊ is "
        "where you changed something.\n\n"
        "← →, a click or a drag take a cursor along the curve, and every panel shows that step of the run: "
        "g stays there, Esc comes back."
    )

    class Pointed(Message):
        """The mouse was pressed on a step of the curve, or drawn to it."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return self.drawn(draw_loss, view, width, height, self.shown_of(view.frame))

    def views(self, frame: Frame) -> tuple[str, ...]:
        """Numbers have no accuracy."""
        return tuple(name for name in self.VIEWS if name != ACCURACY or frame.accuracy is not None)

    def stops(self) -> Sequence[int]:
        return stops(self.view.frame, self.size.width, self.shown_of(self.view.frame)) if self.view else ()

    def copied(self, view: View) -> str:
        """The curve as a table, its numbers whole; "" before the first update."""
        from bptui.tui.drawing.table import table

        return table(view.frame, self.size.width, self.shown_of(view.frame))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """The cursor goes there, and with the mouse until that is let go."""
        if event.button == 1 and self._point(event.x, event.y):
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self.app.mouse_captured is self:
            self._point(min(max(event.x, GUTTER), self.size.width - 1), 1)

    def on_mouse_up(self) -> None:
        if self.app.mouse_captured is self:
            self.release_mouse()

    def _point(self, x: int, y: int) -> bool:
        """At the step of a cell; False beside the curve."""
        if self.view is None:
            return False
        step = step_at(self.view.frame, *self.size, self.shown_of(self.view.frame), x, y)
        if step is not None:
            self.post_message(self.Pointed(step))
        return step is not None
