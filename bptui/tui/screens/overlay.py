"""What covers the main screen for a while; the run goes on behind it."""

from __future__ import annotations

from textual.reactive import var
from textual.screen import ModalScreen, ScreenResultType

from bptui.tui.failures import Guarded
from bptui.tui.panels.base import View

__all__ = ["Overlay", "ScreenResultType"]


class Overlay(Guarded, ModalScreen[ScreenResultType]):
    """`view` is set by the main screen whenever it shows a new frame: binding does not reach into another
    screen."""

    view: var[View | None] = var(None)
