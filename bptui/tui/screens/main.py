"""The main screen: it holds the state, the panels are bound to it, keys become commands."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.geometry import Size
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Input, Static

from bptui.errors import ActionableError
from bptui.escape import safe
from bptui.explain.numbers import plain
from bptui.session import commands
from bptui.session.commands import Command
from bptui.session.eta import parse_eta
from bptui.session.frame import Frame
from bptui.tui.actions import BY_ID, bindings
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.keys import Part
from bptui.tui.drawing.palette import DARK, Palette
from bptui.tui.panels.base import Panel, Pressed, Stale, View
from bptui.tui.panels.eta import EtaPrompt
from bptui.tui.panels.gradients import Gradients
from bptui.tui.panels.header import Header
from bptui.tui.panels.keys import Keys
from bptui.tui.panels.loss import Loss
from bptui.tui.panels.message import FLASH, MessageLine
from bptui.tui.panels.network import Network
from bptui.tui.panels.operation import Operation
from bptui.tui.panels.output import Output
from bptui.tui.panels.tabs import TabLine
from bptui.tui.panels.tape import Tape
from bptui.tui.screens.choosing import first_choice, fitted, moved
from bptui.tui.screens.hints import hint
from bptui.tui.screens.places import SMALLEST, Places, places

if TYPE_CHECKING:
    from bptui.session.session import Session
    from bptui.tui.app import App

TICK = 1 / 20  # seconds between two pictures
DIGITS = 1 / 8  # seconds between two changes of the digits, and of the network
DEAR_TURNS = 2  # what is dear to draw comes with every second of these: 4 a second
CHEAP = 0.002  # seconds
LONGEST_DRAWING = 0.005  # seconds after which a key gets its turn
SOON = 1 / 60  # seconds from a key's effect on the header to that on the panels: the header is drawn by then
VIEWS = ("state", "mechanism", "network", "output", "gradients", "curve")  # in the order they are drawn
PARTS = (
    "header",
    "tabline",
    "tape",
    "network",
    "operation",
    "loss",
    "output",
    "gradients",
    "messageline",
    "etaprompt",
    "keys",
)


class Main(Screen[None]):
    """Owns the frame and the choice; panels draw, and know neither the session nor each other."""

    AUTO_FOCUS = ""
    BINDINGS = bindings()

    state: var[View | None] = var(None)  # what a key must change at once
    mechanism: var[View | None] = var(None)  # the tape and the operation
    network: var[View | None] = var(None)
    output: var[View | None] = var(None)
    gradients: var[View | None] = var(None)
    curve: var[View | None] = var(None)

    def __init__(self, session: Session) -> None:
        super().__init__(id="main")
        self.session = session
        self.choice = Choice()
        self.palette: Palette = DARK
        # Held here too: training goes on in a task of its own while the screen is torn down.
        self._network, self._output, self._message = Network(), Output(), MessageLine()
        self.tab = 0
        self._places = Places({}, True, False)
        self._arranged: Size | None = None  # the terminal's size that the places are for
        self._digits_due = 0.0  # by the clock
        self._turns = 0
        self._picture_due = 0.0  # by the clock: until then training has the time
        self._commands = 0  # given so far
        self._stepped = False  # the first `s` was pressed: the hint has done its work
        self._asked = False  # a new frame is on its way
        self._epoch = False  # running to the end of an epoch

    def compose(self) -> ComposeResult:
        yield Header().data_bind(view=Main.state)
        yield TabLine().data_bind(view=Main.mechanism)
        yield self._network.data_bind(view=Main.network)
        yield Tape().data_bind(view=Main.mechanism)
        yield Operation().data_bind(view=Main.mechanism)
        yield Loss().data_bind(view=Main.curve)
        yield self._output.data_bind(view=Main.output)
        yield Gradients().data_bind(view=Main.gradients)
        yield self._message.data_bind(view=Main.state)
        yield EtaPrompt(id="etaprompt")
        yield Keys().data_bind(view=Main.state)
        yield Static(id="toosmall")

    def on_mount(self) -> None:
        self.choice = first_choice(self.session.frame())
        self._arrange()  # before the first layout, which else is painted without any of them

    def on_resize(self, event: events.Resize) -> None:
        """At the start there are several of the size that is known."""
        if event.size != self._arranged:
            self._arrange()

    # Frames

    def show(self) -> None:
        """Everything from one new frame, so that it agrees."""
        view = self._view()
        for name in VIEWS:
            setattr(self, name, view)
        self.say()

    def _show_state(self) -> None:
        """The lines that say what goes on, from a new frame; the panels follow when those are on screen."""
        self.state = self._view(hurried=True)
        self.say()
        # No picture goes in front of the line that answers the key.
        self._picture_due = time.perf_counter() + SOON
        if not self.session.wants_time:
            self._show_soon()

    def _show_soon(self) -> None:
        """However many ask, one new frame serves them all."""
        if not self._asked:
            self._asked = True
            self.set_timer(SOON, self._freshen)

    @on(Stale)
    def _stale(self) -> None:
        self._show_soon()

    def _freshen(self) -> None:
        self._asked = False
        self.show()

    def rested(self) -> None:
        """The session wants no more time: paused, or it stopped of itself."""
        if not self.is_mounted:
            return
        self._epoch = False
        note = self.session.take_note()
        if note:
            self.flash(note)
        self._show_state()

    def pictures(self) -> Iterator[None]:
        """Draw what is due while the run goes on, some panels at a time. Where a key comes between, the
        rest is left: what it does is drawn anyway. Drawing takes a fifth of the time at most, and the
        digits a tenth."""
        began = time.perf_counter()
        if began < self._picture_due or not self.is_mounted:
            return
        digits = began >= self._digits_due
        spent, rested, commands = 0.0, 0.0, self._commands
        if digits:
            self.session.prepare_look()
            yield
            if self._commands != commands:
                return
        for draw in self._panels_due() if digits else [self._output.between_digits]:
            began = time.perf_counter()
            draw()
            spent += time.perf_counter() - began
            if spent - rested > LONGEST_DRAWING:
                rested = spent
                yield
                if self._commands != commands:
                    return
        ended = time.perf_counter()
        if digits:
            self._digits_due = max(self._digits_due + DIGITS, ended + 9 * spent)
        self._picture_due = ended + max(TICK - spent, 4 * spent)

    def _panels_due(self) -> Iterator[Callable[[], None]]:
        """All digits from one frame; the loss curve, and a network that is dear, with every second turn."""
        view = self._view()
        self._turns += 1
        dear = {"curve"} if self._network.cost < CHEAP else {"curve", "network"}
        for name in VIEWS:
            if self._turns % DEAR_TURNS == 0 or name not in dear:
                yield partial(setattr, self, name, view)
        yield self.say

    @property
    def frame(self) -> Frame:
        """The one on screen."""
        return self._view().frame if self.state is None else self.state.frame

    def _view(self, hurried: bool = False) -> View:
        frame = self.session.frame(hurried)
        self.choice = fitted(self.choice, frame)
        return View(frame, self.choice, self.palette, self._places.compact)

    def _arrange(self) -> None:
        """Give each part its place; a choice of tab or a new network may change it."""
        depth = len(self.frame.sizes) - 1
        self._arranged = self.app.size
        width, height = self.app.size
        self._places = places(width, height, self.tab, depth)
        asking = self.query_one(EtaPrompt).has_class("asking")
        with self.app.batch_update():
            for name in PARTS:
                self._put(name, asking)
            small = self.query_one("#toosmall", Static)
            small.display = not self._places.regions
            small.update(
                Text(f"bptui needs {SMALLEST[0]}x{SMALLEST[1]}, this is {width}x{height}. Training goes on.")
            )
        self.query_one(TabLine).current = self.tab
        if self.focused is not None and not self.focused.display:
            self.set_focus(None)
        self.show()

    def _put(self, name: str, asking: bool) -> None:
        widget = self.query_one(f"#{name}")
        region = self._places.regions.get(name)
        hidden = {"etaprompt": not asking, "messageline": asking}.get(name, False)
        widget.display = region is not None and not hidden
        if region is not None:
            widget.styles.offset = (region.x, region.y)
            widget.styles.width, widget.styles.height = region.width, region.height

    # Commands

    def action_act(self, name: str) -> None:
        """A key, a click and the palette come here."""
        action = BY_ID[name]
        if action.command is not None:
            self.do(action.command)
            getattr(self, f"_after_{name}", lambda: None)()
        else:
            getattr(self, f"_do_{name}")()

    def do(self, command: Command) -> None:
        """Send a command and show at once what it did."""
        sizes = self.frame.sizes
        self._commands += 1
        try:
            self.flash(self.session.do(command))
        except ActionableError as error:
            first, *others = str(error).splitlines()
            self.flash(f"{len(others) + 1} mistakes, the first: {first}" if others else first)
        self._epoch = isinstance(command, commands.StepEpoch)
        if isinstance(command, commands.OpenPreset):
            self.choice = first_choice(self.session.frame())
        self._show_state()
        if self.frame.sizes != sizes:
            self._arrange()
        self.playground.wake()

    @property
    def playground(self) -> App:
        return cast("App", self.app)

    def _do_run(self) -> None:
        self._stepped = True
        self.do(commands.Pause() if self.session.wants_time else commands.Run())

    def _after_operation(self) -> None:
        if self._places.tabs and self.tab == 0 and not self._stepped:
            self._turn_to(2)
        elif not self._places.tabs:
            self.query_one(Operation).focus()
        self._stepped = True
        self.say()

    def _do_quit(self) -> None:
        self.app.exit(return_code=0)

    def _do_help(self) -> None:
        from bptui.tui.screens.help import Help  # start-up is felt; an overlay can wait

        self.app.push_screen(Help())

    def _do_presets(self) -> None:
        from bptui.tui.screens.presets import Presets

        self.app.push_screen(Presets(self.frame.name), self._opened)

    def _opened(self, source: str | None) -> None:
        if source is not None:
            self.do(commands.OpenPreset(source))

    @on(Pressed)
    def _pressed(self, message: Pressed) -> None:
        self.action_act(message.action)

    @on(Tape.Asked)
    def _go_to(self, message: Tape.Asked) -> None:
        """To an operation of this step: forward by running up to it, backward by undoing to it."""
        position = self.frame.update.position
        step: Command = commands.StepOperation() if message.number > position else commands.Back()
        for _ in range(abs(message.number - position)):
            self.do(step)

    # Choosing

    @on(Network.Chosen)
    def _chosen(self, message: Network.Chosen) -> None:
        self._choose(replace(self.choice, layer=message.layer, unit=message.unit))

    def _choose(self, choice: Choice) -> None:
        self.choice = choice
        self.show()

    def _move(self, dx: int, dy: int) -> None:
        name = self.focused.id if self.focused is not None else "network"
        self._choose(moved(self.choice, self.frame, name or "network", dx, dy))

    def _do_up(self) -> None:
        self._move(0, -1)

    def _do_down(self) -> None:
        self._move(0, 1)

    def _do_left(self) -> None:
        self._move(-1, 0)

    def _do_right(self) -> None:
        self._move(1, 0)

    def _do_example_before(self) -> None:
        self._choose(moved(self.choice, self.frame, "output", 0, -1))

    def _do_example_after(self) -> None:
        self._choose(moved(self.choice, self.frame, "output", 0, 1))

    def _do_next_panel(self) -> None:
        self._focus_beside(1)

    def _do_previous_panel(self) -> None:
        self._focus_beside(-1)

    def _focus_beside(self, step: int) -> None:
        shown = [p for p in self.query(Panel) if p.can_focus and p.display]
        if not shown:
            return
        if self.focused in shown:
            shown[(shown.index(self.focused) + step) % len(shown)].focus()
        else:
            shown[0 if step > 0 else -1].focus()

    def _do_tab_1(self) -> None:
        self._turn_to(0)

    def _do_tab_2(self) -> None:
        self._turn_to(1)

    def _do_tab_3(self) -> None:
        self._turn_to(2)

    def _turn_to(self, tab: int) -> None:
        """A tab where the screen is small, else the focus."""
        self.tab = tab
        if self._places.tabs:
            self._arrange()
        name = ("loss", "network", "operation")[tab]
        if name in self._places.regions:
            self.query_one(f"#{name}").focus()

    def _do_escape(self) -> None:
        """Closes, in this order: the field, a running epoch; then lets go of the focus."""
        if self.query_one(EtaPrompt).has_class("asking"):
            self._close_prompt()
        elif self._epoch and self.session.wants_time:
            self.do(commands.Pause())
        else:
            self.set_focus(None)

    # The η prompt

    def _do_eta(self) -> None:
        prompt = self.query_one(EtaPrompt)
        prompt.add_class("asking")
        self._arrange()
        prompt.ask(plain(self.frame.eta))

    def _close_prompt(self) -> None:
        self.query_one(EtaPrompt).remove_class("asking")
        self.set_focus(None)
        self._arrange()

    @on(Input.Submitted, "#eta-input")
    def _eta_typed(self, event: Input.Submitted) -> None:
        event.stop()
        now = plain(self.frame.eta)
        try:
            value = parse_eta(event.value)
        except ActionableError as error:
            self.query_one(EtaPrompt).hint(f"{safe(error.found)}; it stays {now}")
            return
        self._close_prompt()
        self.do(commands.SetEta(value))

    # The message line

    def flash(self, text: str) -> None:
        """Say what was done, for four seconds; nothing takes the last message away."""
        self._message.flash(text)
        if text:
            self.set_timer(FLASH + 0.05, self.say)

    def say(self) -> None:
        self._message.say(tuple(hint(self.frame, newcomer=not self._stepped)))
