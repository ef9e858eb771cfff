"""The tabs, where the terminal is too small for two columns."""

from __future__ import annotations

from textual import events
from textual.reactive import var

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.panels.base import Panel, Pressed, View

TABS = ("Learning", "Network", "Operation")


class TabLine(Panel, can_focus=False):
    """1 Learning  2 Network  3 Operation, where the terminal is too small for two columns."""

    title = "Tabs"

    current: var[int] = var(0)

    def watch_current(self) -> None:
        self.redraw()

    def draw(self, view: View, width: int, height: int) -> Canvas:
        canvas = Canvas(width, height, view.palette)
        canvas.put(0, 0, "─" * max(width - 1, 0), "faint")
        canvas.put(0, 0, " " * (self._cells()[-1][3] + 1))
        for number, name, start, end in self._cells():
            here = number == self.current
            ground = "surface" if here else "bg"
            canvas.put(start, 0, " " * (end - start), "text", ground)
            canvas.put(start + 1, 0, str(number + 1), "accent_glyph" if here else "dim", ground)
            canvas.put(start + 3, 0, name, "bright" if here else "dim", ground)
        return canvas

    def on_click(self, event: events.Click) -> None:
        for number, _, start, end in self._cells():
            if start <= event.x < end:
                self.post_message(Pressed(f"tab_{number + 1}"))

    @staticmethod
    def _cells() -> list[tuple[int, str, int, int]]:
        """Number, name, first and last column + 1."""
        cells, x = [], 1
        for number, name in enumerate(TABS):
            cells.append((number, name, x, x + len(name) + 4))
            x += len(name) + 5
        return cells
