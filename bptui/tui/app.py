"""The playground: the app around the main screen, its themes, signals and way out."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
import time
from collections.abc import Iterable
from typing import ClassVar

from textual.app import App as TextualApp
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.theme import Theme

from bptui.session.session import Session
from bptui.tui.actions import ACTIONS
from bptui.tui.drawing.palette import DARK, LIGHT, Palette
from bptui.tui.drawing.xterm import fitted
from bptui.tui.screens.main import Main
from bptui.tui.slices import Slices

SWITCH_INTERVAL = 0.0005  # Textual's threads otherwise wait up to 5 ms for the interpreter
SECOND_PRESS = 2.0  # seconds within which Ctrl+C ends the app
ENDING = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")


def theme(name: str, palette: Palette) -> Theme:
    """Textual's own widgets in the colours of the drawings."""
    return Theme(
        name=name,
        dark=palette.dark,
        primary=palette.accent_glyph,
        secondary=palette.dim,
        accent=palette.accent_glyph,
        foreground=palette.text,
        background=palette.bg,
        surface=palette.surface,
        panel=palette.surface,
        variables={
            "text-muted": palette.dim,
            "border": palette.faint,
            "block-cursor-background": palette.accent,
            "block-cursor-foreground": palette.ink,
            "block-cursor-blurred-background": palette.faint,
            "block-cursor-blurred-foreground": palette.text,
            "input-cursor-background": palette.text,
            "scrollbar": palette.faint,
            "scrollbar-background": palette.surface,
        },
    )


class App(TextualApp[int]):
    """bptui in a terminal."""

    TITLE = "bptui"
    CSS_PATH = "app.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", "quit", show=False, priority=True, system=True)
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.main = Main(session)
        self._slices = Slices(lambda: self.session, self.main.rested, self.main.pictures, self.main.checked)
        self._interrupted = float("-inf")
        self.register_theme(theme("bptui-dark", DARK))
        self.register_theme(theme("bptui-light", LIGHT))
        # Set as a theme, it would have all styles parsed a second time.
        self.set_reactive(App.theme, "bptui-dark")
        self.stylesheet.set_variables(self.get_css_variables())

    def get_default_screen(self) -> Screen[None]:
        return self.main

    def on_mount(self) -> None:
        sys.setswitchinterval(SWITCH_INTERVAL)
        self._handle_signals()
        self.theme_changed_signal.subscribe(self, self._retint)
        self._retint(self.current_theme)
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        """After the first paint: what is there now stays, so the collector need not look at it again."""
        gc.enable()
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 50, 1_000)
        self.run_worker(self._slices.run(), name="training", exit_on_error=True)

    def _retint(self, now: Theme) -> None:
        colours = None if "NO_COLOR" in os.environ else self.console.color_system
        self.main.palette = fitted(DARK if now.dark else LIGHT, colours)
        if self.main.is_mounted:
            self.main.show()

    def wake(self) -> None:
        """A command was done: training may have something to do."""
        self._slices.wake()

    def _handle_signals(self) -> None:
        """End as on `q`, with the terminal restored and 128 + the signal's number."""
        loop = asyncio.get_running_loop()
        for name in ENDING:
            number = getattr(signal, name, None)
            if number is not None:
                with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                    loop.add_signal_handler(number, self._end, 128 + number)

    def _end(self, status: int) -> None:
        self.exit(return_code=status)

    def action_interrupt(self) -> None:
        """Ctrl+C copies what is selected, else the second press in a row ends the app."""
        selected = self.screen.get_selected_text()
        if selected:
            self.copy_to_clipboard(selected)
        elif time.monotonic() - self._interrupted < SECOND_PRESS:
            self.exit(return_code=130)
        else:
            self._interrupted = time.monotonic()
            self.main.flash("Ctrl+C again quits")
            self.main.say()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """The palette, from the table of actions."""
        for action in ACTIONS:
            if action.palette:
                words = action.words[0].upper() + action.words[1:]
                yield SystemCommand(words, f"key {action.shown}", lambda name=action.id: self._act(name))
        yield SystemCommand("Dark or light ground", "change the theme", self._other_theme)

    def _act(self, name: str) -> None:
        self.main.action_act(name)

    def _other_theme(self) -> None:
        self.theme = "bptui-light" if self.current_theme.dark else "bptui-dark"


def run(source: str | None, target: str | None = None) -> int:
    """Open the playground with a preset (None: XOR); the exit status when it is left.

    target names the column to be learned, where the source is a data file.

    ActionableError where the preset cannot be opened, before the screen is touched.
    """
    app = App(Session.open(source or "xor", target))
    app.run()
    return app.return_code or 0
