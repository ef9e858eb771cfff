"""Layer by layer."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.screen import Screen

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.gradients import VIEWS, draw_gradients
from bptui.tui.panels.base import Panel, Pressed, View


class Gradients(Panel):
    """Layer by layer: norms and verdicts."""

    title = "Gradients"
    VIEWS = VIEWS

    class Chosen(Message):
        """A layer was clicked; its number, from 1."""

        def __init__(self, layer: int) -> None:
            super().__init__()
            self.layer = layer

    explanation = (
        "Layer by layer how large the gradient ∂L/∂W is and how far the last update went. The error "
        "signal δ is multiplied by a slope at every layer on its way back: it may vanish or explode, "
        "and a layer whose slopes are flat hardly learns.\n\n"
        "‖δ‖ is the size of its error signal (rms over examples and units), sat. the share of its slopes "
        "that are flat, under a tenth of the steepest, ‖ΔW‖/‖W‖ how far the last update moved its weights. "
        "f holds the chosen layer still, or lets it learn."
    )

    def closer(self, view: View) -> Screen[None] | None:
        """The chosen layer."""
        if not view.frame.health:
            return None
        from bptui.tui.screens.layer import Layer

        return Layer()

    def copied(self, view: View) -> str:
        """The table, whole."""
        from bptui.tui.drawing.copied import gradients

        return gradients(view.frame)

    def on_click(self, event: events.Click) -> None:
        """A layer's row: choose it and look closer."""
        number = self.marked(event.x, event.y)
        if number is not None:
            self.post_message(self.Chosen(number))
            self.post_message(Pressed("closer"))

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return self.drawn(draw_gradients, view, width, height, self.shown)
