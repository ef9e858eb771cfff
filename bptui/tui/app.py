"""The playground: the app around the main screen, its themes, signals and way out."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual._context import active_message_pump
from textual.app import App as TextualApp
from textual.app import ScreenStackError, SystemCommand
from textual.binding import Binding, BindingType
from textual.driver import Driver
from textual.errors import NoWidget
from textual.screen import Screen
from textual.theme import Theme

from bptui.experiment.catalogue import config_folder
from bptui.session import commands, words
from bptui.session.keeping import Keeper
from bptui.session.memory import BUDGET, Memory
from bptui.session.session import Session, is_run
from bptui.tui import config
from bptui.tui.actions import ACTIONS, pressed_by
from bptui.tui.config import Config
from bptui.tui.drawing.console import ConsoleSigns
from bptui.tui.drawing.palette import DARK, LIGHT, Palette
from bptui.tui.drawing.xterm import fitted
from bptui.tui.ending import Keeping
from bptui.tui.failures import Guarded, last_words, told, write_down
from bptui.tui.screens.main import Main
from bptui.tui.slices import Slices
from bptui.tui.terminal.watch import Watch

if TYPE_CHECKING:
    from textual.command import Provider

    from bptui.tui.terminal.driver import Terminal

SWITCH_INTERVAL = 0.0005  # Textual's threads otherwise wait up to 5 ms for the interpreter
SECOND_PRESS = 2.0  # seconds within which Ctrl+C ends the app
NO_KEY = "<ignore>"  # Textual's name of a key that is never pressed
STOPPED = 0.5  # seconds after going on in which the system's word for it is no news
FAILED = 1  # exit status
MOST_FAILURES = 20  # of training, one after another, before it is given up


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


def driver_class() -> type[Driver] | None:
    """The driver of our own; None where Textual has to choose."""
    if sys.platform == "win32" or "TEXTUAL_DRIVER" in os.environ:
        return None
    from bptui.tui.terminal.driver import Terminal

    return Terminal


class App(Guarded, TextualApp[int]):
    """bptui in a terminal."""

    TITLE = "bptui"
    CSS_PATH = "app.tcss"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", "quit", show=False, priority=True, system=True),
        Binding("ctrl+z", "stop", "stop", show=False, priority=True, system=True),
    ]
    SURVIVES_ITS_START = False

    def __init__(
        self, session: Session, kept: Config | None = None, said: str = "", keeper: Keeper | None = None
    ) -> None:
        """kept: what the user chose at other times; None: nothing is remembered. said: at the start. keeper:
        of the run; None: it is not kept."""
        super().__init__(driver_class=driver_class())
        self.session = session
        self.config = kept or Config()
        self.main = Main(session, self.config.settings)
        self.main.rhythm.ready = self._line_is_ready
        self._said = said
        self.keeping = Keeping(self, keeper)
        self._slices = Slices(lambda: self.session, self.main.rested, self.main.pictures, self.main.checked)
        self._interrupted = self._went_on = float("-inf")
        self._watch: Watch | None = None
        self._failures = 0  # of training, one after another
        self.failure = ""  # what is said where it could not go on
        if os.environ.get("TERM") == "linux":
            self._filters.append(ConsoleSigns())
        self.register_theme(theme("bptui-dark", self._fitted(DARK)))
        self.register_theme(theme("bptui-light", self._fitted(LIGHT)))
        # Set as a theme, it would have all styles parsed a second time.
        self.set_reactive(App.theme, f"bptui-{self.config.settings.theme}")
        self.stylesheet.set_variables(self.get_css_variables())

    def get_default_screen(self) -> Screen[None]:
        return self.main

    def on_mount(self) -> None:
        sys.setswitchinterval(SWITCH_INTERVAL)
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
        self.main.tell(self.config.mistakes, self._said)
        self.keeping.start()
        self.run_worker(self._train(), name="training", exit_on_error=True)

    def _take_keys(self) -> None:
        """The user's own in place of those the screen is born with."""
        actions = self.config.settings.actions
        if actions != ACTIONS:
            pressed = pressed_by(actions)
            self.set_keymap({name: ",".join(keys) or NO_KEY for name, keys in pressed.items()})

    def _retint(self, now: Theme) -> None:
        self.main.palette = self._fitted(DARK if now.dark else LIGHT)
        if self.main.is_mounted:
            self.main.show()

    def _fitted(self, palette: Palette) -> Palette:
        """For this terminal."""
        colours = None if self.no_color else self.console.color_system  # Textual takes NO_COLOR away
        return fitted(palette, colours)

    def wake(self) -> None:
        """A command was done: training may have something to do."""
        self._slices.wake()

    async def _train(self) -> None:
        """Slices of training, and what they draw; where they fail, the run pauses and is kept."""
        while True:
            try:
                await self._slices.run()
            except Exception as error:
                self._failures += 1
                if self._failures > MOST_FAILURES:
                    raise
                self.survive(error)
                self.session.do(commands.Pause())
            await asyncio.sleep(0)

    # The terminal

    @property
    def terminal(self) -> Terminal | None:
        """Where it is a real one, and not a test's or Windows'."""
        return self._driver if hasattr(self._driver, "rescue") else None  # type: ignore[return-value]

    def _line_is_ready(self) -> bool:
        return self.terminal is None or self.terminal.line.ready

    def line_is_idle(self) -> bool:
        """The terminal has read all that was written to it, as far as that can be known."""
        return self.terminal is None or self.terminal.line.idle

    def line_is_crowded(self) -> bool:
        """Even a line that answers a key has to wait."""
        return self.terminal is not None and self.terminal.line.crowded

    def post_display_hook(self) -> None:
        """Called by Textual after each picture that was written."""
        if self.terminal is not None:
            self.terminal.drawn()

    # Signals

    def heed_signals(self) -> None:
        """From the driver, before it changes the terminal: end as on `q`, with the terminal restored and
        128 + the signal's number."""
        if self._watch is not None:
            return
        others = {"SIGTSTP": self.action_stop, "SIGCONT": self._continued}
        self._watch = Watch(asyncio.get_running_loop(), self._end, self._rescue, others)
        self._watch.start()

    def _end(self, status: int) -> None:
        self.exit(return_code=status)

    def _rescue(self) -> None:
        if self.terminal is not None:
            self.terminal.rescue()

    def action_stop(self) -> None:
        """Ctrl+Z: the job stops; a run goes on with it."""
        if self.terminal is not None:
            self.terminal.stop()
            self._went_on = time.monotonic()
            self._show_again()

    def _continued(self) -> None:
        if self.terminal is not None and time.monotonic() - self._went_on > STOPPED:
            self.terminal.resume()
            self._show_again()

    def _show_again(self) -> None:
        """After a stop; a new size is on its way as a message, and shows all again anyway."""
        if self.terminal is not None and self.terminal._size == tuple(self.size):
            self.refresh(layout=True)

    def unwatch(self) -> None:
        """After the app has ended."""
        if self._watch is not None:
            self._watch.close()

    # Mistakes of our own

    def survive(self, error: Exception) -> None:
        """A mistake in one handler: it is told and logged, and all else goes on."""
        path = write_down(error)
        if isinstance(error, (ScreenStackError, NoWidget)):
            return  # a second key to close what is closed, a click on what is just gone
        if self.main.is_mounted:
            self.main.flash(f"bptui failed here: {told(error)}; the run is kept{f', {path}' if path else ''}")
            self.main.say()

    def _handle_exception(self, error: Exception) -> None:
        """What ends a widget of Textual's own: its overlay closes; on the main screen nothing survives, and
        there is one line on stderr and status 1."""
        if self._exit:  # what is torn down may miss a part
            write_down(error)
            return
        screen = _screen_in_hand()
        if screen is not None and screen is not self.main:
            self.survive(error)
            self.call_later(self._drop, screen)
            return
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
            self.failure = last_words(error)
        self._return_code = FAILED
        self._close_messages_no_wait()

    def _drop(self, overlay: Screen[object]) -> None:
        if self.screen is overlay:
            self.pop_screen()

    def action_interrupt(self) -> None:
        """Ctrl+C copies what is selected, else the second press in a row ends the app."""
        selected = self.screen.get_selected_text()
        if selected:
            self.copy_to_clipboard(selected)
            self.screen.clear_selection()  # the next one is about the app
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

    def action_command_palette(self) -> None:
        from bptui.tui.screens.palette import CommandScreen  # start-up is felt

        if not isinstance(self.screen, CommandScreen):
            self.push_screen(CommandScreen())

    def turn(self, theme: str) -> None:
        """Dark or light, from now on."""
        self.theme = f"bptui-{theme}"
        self.config.remember("theme", theme)


def _screen_in_hand() -> Screen[object] | None:
    """The screen whose message, or whose worker's, is being handled."""
    pump = active_message_pump.get(None)
    while pump is not None and not isinstance(pump, Screen):
        pump = pump._parent
    return pump


def run(
    source: str | None,
    target: str | None = None,
    *,
    theme: str | None = None,
    fps: int | None = None,
    memory: int = BUDGET,
) -> int:
    """Open the playground with a preset (None: XOR); the exit status when it is left.

    target names the column to be learned, where the source is a data file. theme ("dark" or "light") and fps
    (pictures a second) hold for this run, in place of what config.toml remembers; memory: bytes that all
    that is kept of the past may take.

    ActionableError where the preset cannot be opened, before the screen is touched.
    """
    kept = Config(config_folder() / config.NAME)
    settings = kept.settings
    kept.settings = settings._replace(theme=theme or settings.theme, fps=fps or settings.fps)
    session = Session.open(source or "xor", target, kept.settings.speed, memory=Memory(memory))
    said = words.opened_own_data(session.experiment)
    if is_run(source or ""):
        said = words.taken_up(session.experiment, session.trainer.steps)
    app = App(session, kept, said, Keeper())
    try:
        app.run()
    finally:
        app.unwatch()
        app.keeping.end()
    if app.failure:
        print(app.failure, file=sys.stderr)
    return app.return_code or 0
