"""What covers the main screen for a while; the run goes on behind it."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.reactive import var
from textual.screen import ModalScreen, ScreenResultType

from bptui.tui.failures import Guarded
from bptui.tui.panels.base import View

__all__ = ["Overlay", "ScreenResultType"]


class Overlay(Guarded, ModalScreen[ScreenResultType]):
    """`view` is set by the main screen whenever it shows a new frame: binding does not reach into another
    screen."""

    view: var[View | None] = var(None)

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Close it, once: a second key may come before the screen is gone."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()
