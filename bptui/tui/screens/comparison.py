"""Two branches compared; what is compared follows the run."""

from __future__ import annotations

from bptui.errors import ActionableError
from bptui.explain.tsv import number, table
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.comparison import draw_comparison
from bptui.tui.drawing.palette import Palette
from bptui.tui.panels.base import View
from bptui.tui.screens.sheet import Sheet


class Comparing(Sheet):
    """one, other: their numbers."""

    LARGEST = (125, 38)

    def __init__(self, one: int, other: int) -> None:
        super().__init__()
        self._pair = (one, other)

    def draw(self, view: View, width: int, height: int, palette: Palette) -> Canvas:
        try:
            return draw_comparison(self.main.session.compare(*self._pair), width, height, palette)
        except ActionableError as error:  # one of them is gone meanwhile
            canvas = Canvas(width, 3, palette)
            canvas.rule(0, "Branches", focused=True)
            canvas.put(0, 2, str(error))
            return canvas

    def keys(self, view: View) -> tuple[tuple[str, str], ...]:
        return (("c", "copy the weights' table"), ("Esc", "back to the history"))

    def copied(self, view: View) -> str:
        found = self.main.session.compare(*self._pair)
        rows = [
            [str(one.layer), *map(number, (one.one, one.other, one.weights, one.relative, one.biases))]
            for one in found.layers
        ]
        heads = ["layer", "‖W‖", "‖W′‖", "‖W − W′‖", "‖W − W′‖/‖W‖", "‖b − b′‖"]
        return table(heads, rows) if rows else ""
