"""The network."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.screen import Screen

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.network import draw_network, unit_at
from bptui.tui.drawing.parameters import CHANGES, GRADIENTS, WEIGHTS
from bptui.tui.panels.base import Inspect, Panel, View


class Network(Panel):
    """Units, weights and what flows between them."""

    title = "Network"
    VIEWS = (WEIGHTS, GRADIENTS, CHANGES)
    explanation = (
        "Each unit adds up what enters it, each times its weight, and bends the sum: z, then a. "
        "On the way back it gets its share of the blame, δ: how much the loss of this example would change "
        "with its sum. An edge ends at its weight; the stronger its colour, the larger the weight.\n\n"
        "d switches the chosen hidden unit off: it says 0 to every example (⊘). f holds its layer still: its "
        "weights stay as they are while the others learn. W sets the chosen weight by hand."
    )

    class Chosen(Message):
        """A unit was clicked."""

        def __init__(self, layer: int, unit: int) -> None:
            super().__init__()
            self.layer, self.unit = layer, unit

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return self.drawn(draw_network, view, width, height, self.shown)

    def closer(self, view: View) -> Screen[None] | None:
        """The chosen unit's chosen weight."""
        from bptui.explain.weight import Place
        from bptui.tui.screens.inspector import Inspector

        return Inspector(Place(view.choice.layer, view.choice.unit, view.choice.source))

    def copied(self, view: View) -> str:
        """The weights into the chosen unit, by name."""
        from bptui.tui.drawing.copied import incoming

        return incoming(view.frame, view.choice)

    def on_click(self, event: events.Click) -> None:
        if self.view is None:
            return
        hit = unit_at(self.view.frame, *self.size, event.x, event.y)
        if hit is not None:
            self.post_message(self.Chosen(*hit))
            return
        from bptui.tui.drawing.weight_at import weight_at

        weight = weight_at(self.view.frame, *self.size, event.x, event.y)
        if weight is not None:
            self.post_message(Inspect(*weight))
