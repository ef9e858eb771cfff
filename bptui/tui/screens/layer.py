"""A layer closer; each of its largest gradients leads to the inspector."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.binding import BindingType

from bptui.explain.layer import largest_gradients
from bptui.explain.tsv import number, table
from bptui.tui.actions import BY_ID
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.layer import draw_layer
from bptui.tui.drawing.palette import Palette
from bptui.tui.panels.base import View
from bptui.tui.screens.sheet import Sheet


class Layer(Sheet):
    """Of the chosen layer; the choice behind goes with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("up,k", "move(-1)", "gradient"),
        ("down,j", "move(1)", "gradient"),
        ("left,h", "layer(-1)", "layer"),
        ("right,l", "layer(1)", "layer"),
        ("enter", "inspect", "its chain of factors"),
        (",".join(BY_ID["hold_layer"].keys), "by_hand('hold_layer')", BY_ID["hold_layer"].words),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.chosen = 0  # among the largest gradients

    def draw(self, view: View, width: int, height: int, palette: Palette) -> Canvas:
        return draw_layer(view.frame, width, height, palette, view.choice.layer, self.chosen)

    def keys(self, view: View) -> tuple[tuple[str, str], ...]:
        held = view.frame.update.layers[view.choice.layer - 1].held
        return (
            ("↑ ↓", "gradient"),
            ("Enter", "its chain"),
            ("← →", "layer"),
            (
                "f",
                "lets it learn" if held else "holds it still",
            ),
            ("c", "copy the list"),
            ("Esc", "close"),
        )

    def action_move(self, step: int) -> None:
        """Another of the largest gradients."""
        if self.view is not None:
            many = len(largest_gradients(self.view.frame.update, self.view.choice.layer))
            self.chosen = min(max(self.chosen + step, 0), max(many - 1, 0))
            self.redraw()

    def action_layer(self, step: int) -> None:
        """The layer beside it."""
        self.chosen = 0
        depth = len(self.main.frame.sizes) - 1
        layer = min(max(self.main.choice.layer + step, 1), depth)
        self.main.choose(replace(self.main.choice, layer=layer))
        self.redraw()

    def action_inspect(self) -> None:
        """The chosen gradient's weight."""
        from bptui.tui.screens.inspector import Inspector

        view = self.main.fresh_view()
        large = largest_gradients(view.frame.update, view.choice.layer)
        if large:
            self.app.push_screen(Inspector(large[min(self.chosen, len(large) - 1)].place))

    def clicked(self, number: int) -> None:
        self.chosen = number
        self.action_inspect()

    def copied(self, view: View) -> str:
        large = largest_gradients(view.frame.update, view.choice.layer)
        rows = [[one.name, one.way, number(one.gradient), number(one.value)] for one in large]
        return table(["parameter", "way", "gradient", "value"], rows) if rows else ""
