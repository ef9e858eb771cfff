"""The playground: the app around the main screen, its themes, signals and way out."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import App as TextualApp
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.theme import Theme

from bptui.experiment.catalogue import config_folder
from bptui.session.session import Session
from bptui.tui import config
from bptui.tui.actions import ACTIONS, pressed_by
from bptui.tui.config import Config
from bptui.tui.drawing.palette import DARK, LIGHT, Palette
from bptui.tui.drawing.xterm import fitted
from bptui.tui.screens.main import Main
from bptui.tui.slices import Slices

if TYPE_CHECKING:
    from textual.command import Provider

SWITCH_INTERVAL = 0.0005  # Textual's threads otherwise wait up to 5 ms for the interpreter
SECOND_PRESS = 2.0  # seconds within which Ctrl+C ends the app
NO_KEY = "<ignore>"  # Textual's name of a key that is never pressed
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


def _commands() -> type[Provider]:
    from bptui.tui.screens.palette import Commands  # start-up is felt

    return Commands


class App(TextualApp[int]):
    """bptui in a terminal."""

    TITLE = "bptui"
    CSS_PATH = "app.tcss"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", "quit", show=False, priority=True, system=True)
    ]

    def __init__(self, session: Session, kept: Config | None = None) -> None:
        """kept: what the user chose at other times; None: nothing is remembered."""
        super().__init__()
        self.session = session
        self.config = kept or Config()
        self.main = Main(session, self.config.settings)
        self._slices = Slices(lambda: self.session, self.main.rested, self.main.pictures, self.main.checked)
        self._interrupted = float("-inf")
        self.register_theme(theme("bptui-dark", DARK))
        self.register_theme(theme("bptui-light", LIGHT))
        # Set as a theme, it would have all styles parsed a second time.
        self.set_reactive(App.theme, f"bptui-{self.config.settings.theme}")
        self.stylesheet.set_variables(self.get_css_variables())

    def get_default_screen(self) -> Screen[None]:
        return self.main

    def on_mount(self) -> None:
        sys.setswitchinterval(SWITCH_INTERVAL)
        self._handle_signals()
        self.theme_changed_signal.subscribe(self, self._retint)
        self._retint(self.current_theme)
        self._take_keys()
        self.call_after_refresh(self._settle)

    def _settle(self) -> None:
        """After the first paint: what is there now stays, so the collector need not look at it again."""
        gc.enable()
        gc.collect()
        gc.freeze()
        gc.set_threshold(20_000, 50, 1_000)
        self.main.tell(self.config.mistakes)
        self.run_worker(self._slices.run(), name="training", exit_on_error=True)

    def _take_keys(self) -> None:
        """The user's own in place of those the screen is born with."""
        actions = self.config.settings.actions
        if actions != ACTIONS:
            pressed = pressed_by(actions)
            self.set_keymap({name: ",".join(keys) or NO_KEY for name, keys in pressed.items()})

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
        """What the palette has beside the presets: the table of actions, and the themes."""
        for action in self.config.settings.actions:
            if action.palette:
                first = action.words[0]
                words = (first.upper() if first.isascii() else first) + action.words[1:]  # η is no Η
                key = f"key {action.all_keys}" if action.keys else "no key"
                yield SystemCommand(words, key, partial(self.main.action_act, action.id))
        for name in config.THEMES:
            when = "as it is" if self.theme == f"bptui-{name}" else "from now on, and at later starts"
            yield SystemCommand(f"{name.capitalize()} theme", when, partial(self.turn, name))

    def turn(self, theme: str) -> None:
        """Dark or light, from now on."""
        self.theme = f"bptui-{theme}"
        self.config.remember("theme", theme)


def run(
    source: str | None, target: str | None = None, *, theme: str | None = None, fps: int | None = None
) -> int:
    """Open the playground with a preset (None: XOR); the exit status when it is left.

    target names the column to be learned, where the source is a data file. theme ("dark" or "light") and fps
    (pictures a second) hold for this run, in place of what config.toml remembers.

    ActionableError where the preset cannot be opened, before the screen is touched.
    """
    kept = Config(config_folder() / config.NAME)
    settings = kept.settings
    kept.settings = settings._replace(theme=theme or settings.theme, fps=fps or settings.fps)
    app = App(Session.open(source or "xor", target, kept.settings.speed), kept)
    app.run()
    return app.return_code or 0
