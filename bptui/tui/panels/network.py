"""The network."""

from __future__ import annotations

from textual import events
from textual.message import Message

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.network import draw_network, unit_at
from bptui.tui.drawing.parameters import CHANGES, GRADIENTS, WEIGHTS
from bptui.tui.panels.base import Panel, View


class Network(Panel):
    """Units, weights and what flows between them."""

    title = "Network"
    VIEWS = (WEIGHTS, GRADIENTS, CHANGES)

    class Chosen(Message):
        """A unit was clicked."""

        def __init__(self, layer: int, unit: int) -> None:
            super().__init__()
            self.layer, self.unit = layer, unit

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return draw_network(
            view.frame, width, height, view.palette, view.choice, self.has_focus, view.compact, self.shown
        )

    def on_click(self, event: events.Click) -> None:
        if self.view is None:
            return
        hit = unit_at(self.view.frame, *self.size, event.x, event.y)
        if hit is not None:
            self.post_message(self.Chosen(*hit))
