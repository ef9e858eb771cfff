"""The key line; each key can be clicked."""

from __future__ import annotations

from textual import events

from bptui.session.frame import State
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.keys import action_at, draw_keys
from bptui.tui.panels.base import Panel, Pressed, View


class Keys(Panel, can_focus=False):
    """The key line."""

    title = "Keys"

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return draw_keys(width, view.palette, view.frame.state is State.RUNNING, view.actions)

    def on_click(self, event: events.Click) -> None:
        if self.view is None:
            return
        running = self.view.frame.state is State.RUNNING
        action = action_at(self.size.width, running, event.x, self.view.actions)
        if action is not None:
            self.post_message(Pressed(action))
