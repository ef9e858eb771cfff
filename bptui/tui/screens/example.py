"""One example closer."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from bptui.explain.tsv import number, table
from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.example import Seen, draw_example, seen
from bptui.tui.drawing.palette import Palette
from bptui.tui.panels.base import View
from bptui.tui.screens.sheet import Sheet


class Example(Sheet):
    """Of the chosen example, or of one that is not in the batch: `row` of the outputs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("up,k,left,h", "example(-1)", "the example before"),
        ("down,j,right,l", "example(1)", "the example after"),
    ]
    LARGEST: ClassVar[tuple[int, int]] = (100, 28)

    def __init__(self, row: int | None = None) -> None:
        super().__init__()
        self.row = row  # None: the chosen one

    def draw(self, view: View, width: int, height: int, palette: Palette) -> Canvas:
        return draw_example(view.frame, width, height, palette, self._seen(view.frame, view.choice))

    def _seen(self, frame: Frame, choice: Choice) -> Seen:
        if self.row is not None:
            return seen(frame, min(self.row, len(frame.output.rows) - 1))
        if frame.output.part == "training":
            return Seen(int(frame.batch_rows[choice.example]), choice.example)
        return Seen(choice.output_example, None)

    def keys(self, view: View) -> tuple[tuple[str, str], ...]:
        return (("[ ]", "example"), ("c", "copy it"), ("Esc", "close"))

    def action_example(self, step: int) -> None:
        """The one before or after: of the batch, or of the list where it is not in the batch."""
        if self.row is None:
            self.main.action_act("example_before" if step < 0 else "example_after")
        else:
            self.row = min(max(self.row + step, 0), len(self.main.frame.output.rows) - 1)
        self.redraw()

    def action_pass_on(self, name: str) -> None:
        if name.startswith("example_"):
            self.action_example(-1 if name == "example_before" else 1)
        else:
            super().action_pass_on(name)

    def copied(self, view: View) -> str:
        out, row = view.frame.output, self._seen(view.frame, view.choice).row
        rows = [["input", *pair] for pair in _pairs(out.input_names, out.raw_inputs[row].tolist())]
        rows += [["target", *pair] for pair in _pairs(out.output_names, out.targets[row].tolist())]
        rows += [["output", *pair] for pair in _pairs(out.output_names, out.predictions[row].tolist())]
        return table(["of", "name", "value"], rows)


def _pairs(names: tuple[str, ...], values: list[float]) -> list[tuple[str, str]]:
    return [(name, number(value)) for name, value in zip(names, values, strict=True)]
