"""What the network says."""

from __future__ import annotations

from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.output import VIEWS, draw_output, views_of
from bptui.tui.panels.base import Panel, View

CHEAP = 0.008  # seconds: a dearer picture comes with the digits alone


class Output(Panel):
    """What the network says."""

    title = "Output"
    VIEWS = VIEWS

    def views(self, frame: Frame) -> tuple[str, ...]:
        """Those that these data have."""
        return views_of(frame)

    def between_digits(self) -> None:
        """The picture of this moment, while the list's digits wait for their tick; not where it is dear.

        The frame is the last one: its predictions stay, and its `evaluate` answers with today's weights.
        """
        drawn_over_inputs = self.view is not None and self.view.frame.output.raw_inputs.shape[1] <= 2
        if self.cost < CHEAP and drawn_over_inputs:
            self.redraw(anew=True)

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return draw_output(
            view.frame,
            width,
            height,
            view.palette,
            view.choice,
            self.has_focus,
            view.compact,
            self.shown_of(view.frame),
        )
