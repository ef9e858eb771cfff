"""The message line: what the last key did, else what comes next."""

from __future__ import annotations

import time
from collections.abc import Sequence

from textual.reactive import var

from bptui.escape import safe
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.keys import Part, draw_message
from bptui.tui.panels.base import Panel, View

FLASH = 4.0  # seconds a message stays


class MessageLine(Panel, can_focus=False):
    """What the last key did, else what comes next."""

    title = "Message"

    parts: var[Sequence[Part]] = var(())

    def __init__(self) -> None:
        super().__init__()
        self._flash: tuple[str, float] = ("", 0.0)

    def flash(self, text: str, seconds: float = FLASH) -> None:
        """What a key did: said for so long in place of the hint; "" ends it."""
        self._flash = (text, time.monotonic() + seconds)

    @property
    def flashed(self) -> str:
        """What the last key did, in words."""
        return self._flash[0]

    def say(self, hint: tuple[Part, ...]) -> None:
        """What is flashed, else the hint."""
        text, until = self._flash
        parts = ((safe(text), "text"),) if text and time.monotonic() < until else hint
        if self.parts != parts:
            self.parts = parts

    def watch_parts(self) -> None:
        self.redraw(anew=True)  # they are no part of the view

    def draw(self, view: View, width: int, height: int) -> Canvas:
        return draw_message(self.parts, width, view.palette)
