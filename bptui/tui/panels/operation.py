"""The operation in hand, or the whole update."""

from __future__ import annotations

from textual.screen import Screen

from bptui.session.frame import Frame
from bptui.tui.actions import shown_keys
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.operation import VIEWS, draw_operation
from bptui.tui.panels.base import Panel, View


class Operation(Panel):
    """The operation in hand, or the whole update."""

    title = "Operation"
    VIEWS = VIEWS

    def views(self, frame: Frame) -> tuple[str, ...]:
        """Between steps the sizes are of all examples, whoever is chosen."""
        stepping = frame.update.in_hand is not None and frame.divergence is None
        return self.VIEWS if stepping else self.VIEWS[:1]

    explanation = (
        "One update is a list of operations: forward from the inputs to the loss, then the chain rule "
        "backward from the loss to every weight, at last the update W ← W − η ∂L/∂W. No δ is computed "
        "twice: it gives its layer's gradient and the δ below, so one pass back gives all gradients. Inside "
        "an update it shows the operation just done: the array it wrote, what that was made of, and the "
        "equation of the chosen element, number by number.\n\n"
        "promise is what the last update should lower its batch's loss by, to first order; kept is what it "
        "did. check compares the gradient with complex step."
    )

    def closer(self, view: View) -> Screen[None] | None:
        """The weight that the chosen element of the operation in hand is about."""
        if view.frame.divergence is not None:
            return None
        from bptui.tui.screens.inspector import Inspector, element_place

        return Inspector(element_place(view.frame.update, view.choice))

    def copied(self, view: View) -> str:
        """The array that the operation in hand wrote; between steps the table of all."""
        from bptui.tui.drawing.copied import operation

        return operation(view.frame, view.choice)

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return self.drawn(
            draw_operation, view, width, height, self.shown, view.zoomed == self.id, shown_keys(view.actions)
        )
