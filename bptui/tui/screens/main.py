"""The main screen: it holds the state, the panels are bound to it, keys become commands and deeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import events, on
from textual.app import ComposeResult
from textual.geometry import Size
from textual.reactive import var
from textual.screen import Screen
from textual.widgets import Static

from bptui.errors import ActionableError
from bptui.session import commands
from bptui.session.commands import Command
from bptui.session.frame import Frame
from bptui.tui.actions import BY_ID, bindings, shown_keys
from bptui.tui.config import Settings
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.palette import DARK, Palette
from bptui.tui.failures import Guarded
from bptui.tui.panels.base import Inspect, Panel, Pressed, Stale, View
from bptui.tui.panels.eta import EtaPrompt
from bptui.tui.panels.gradients import Gradients
from bptui.tui.panels.header import Header
from bptui.tui.panels.keys import Keys
from bptui.tui.panels.loss import Loss
from bptui.tui.panels.message import FLASH, MessageLine
from bptui.tui.panels.network import Network
from bptui.tui.panels.operation import Operation
from bptui.tui.panels.output import Output
from bptui.tui.panels.question import Question
from bptui.tui.panels.tabs import TabLine
from bptui.tui.panels.tape import Tape
from bptui.tui.screens.arrangement import arrange
from bptui.tui.screens.asking import Asking
from bptui.tui.screens.choosing import first_choice, fitted
from bptui.tui.screens.deeds import AFTER, DEEDS, choose_example, inspect
from bptui.tui.screens.hints import ROOMIEST, ROOMY, hint, of_mistakes
from bptui.tui.screens.looking import Looking
from bptui.tui.screens.overlay import Covered, Overlay
from bptui.tui.screens.places import Places, places
from bptui.tui.screens.rhythm import Rhythm

if TYPE_CHECKING:
    from bptui.session.session import Session
    from bptui.tui.app import App

CHEAP = 0.002  # seconds
LONG = 20.0  # seconds: what is said at the start, before anybody looks
SOON = 1 / 60  # seconds from a key's effect on the header to that on the panels: the header is drawn by then
VIEWS = ("state", "mechanism", "network", "output", "gradients", "curve")  # in the order they are drawn


class Main(Guarded, Covered, Asking, Screen[None]):
    """Owns the frame and the choice; panels draw, and know neither the session nor each other."""

    AUTO_FOCUS = ""
    BINDINGS = bindings()
    SURVIVES_ITS_START = False

    state: var[View | None] = var(None)  # what a key must change at once
    mechanism: var[View | None] = var(None)  # the tape and the operation
    network: var[View | None] = var(None)
    output: var[View | None] = var(None)
    gradients: var[View | None] = var(None)
    curve: var[View | None] = var(None)

    def __init__(self, session: Session, settings: Settings | None = None) -> None:
        super().__init__(id="main")
        self.session = session
        settings = settings or Settings()
        self.actions = settings.actions
        self.keys = shown_keys(self.actions)  # each action's, as it is written
        self.choice = Choice()
        self.palette: Palette = DARK
        # Held here too: training goes on in a task of its own while the screen is torn down.
        self._network, self._output, self._message = Network(), Output(), MessageLine()
        self.prompt, self.question = EtaPrompt(id="etaprompt"), Question(id="question")
        self.looking = Looking(self)
        self.rhythm = Rhythm(1 / settings.fps)
        self.tab = 0
        self.zoomed = ""  # the panel that has the whole screen
        self.commands = 0  # given so far
        self.told = settings.greeted  # the first hint has done its work
        self.first_start = not settings.greeted
        self.stepped = False  # an operation was done by hand
        self.epoch_runs = False  # running to the end of an epoch
        self._places = Places({}, True, False)
        self._arranged: Size | None = None  # the terminal's size that the places are for
        self._asked = False  # a new frame is on its way

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
        yield self.prompt
        yield self.question
        yield Keys().data_bind(view=Main.state)
        yield Static(id="toosmall")

    def on_mount(self) -> None:
        self.choice = first_choice(self.session.frame())
        self.lay_out()  # before the first layout, which else is painted without any of them

    def on_resize(self, event: events.Resize) -> None:
        """At the start there are several of the size that is known."""
        if event.size != self._arranged:
            self.lay_out()

    # Frames

    def show(self) -> None:
        """Everything from one new frame, so that it agrees."""
        view = self._view()
        for name in VIEWS:
            setattr(self, name, view)
        self._look_over(view)
        self.say()
        self.tell_fields()

    def show_curve(self) -> None:
        """Of a run that stands, with its cursor elsewhere."""
        if self.playground.line_is_idle():
            self.curve = self._view(hurried=True)
        else:
            self._show_soon()

    def _show_state(self) -> None:
        """The lines that say what goes on, from a new frame; the panels follow when those are on screen."""
        if self.playground.line_is_crowded():
            self._show_soon()
            return
        self.state = self._view(hurried=True)
        self.say()
        # No picture goes in front of the line that answers the key.
        self.rhythm.hold(SOON)
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
        """When the terminal has read what came before: else keys would wait behind pictures."""
        if self.playground.line_is_idle():
            self._asked = False
            self.show()
        else:
            self.set_timer(SOON, self._freshen)

    def rested(self) -> None:
        """The session wants no more time: paused, or it stopped of itself."""
        if not self.is_mounted:
            return
        self.epoch_runs = False
        note = self.session.take_note()
        if note:
            self.flash(note)
        self._show_state()

    def checked(self) -> None:
        """The gradients that stand there were checked."""
        if self.is_mounted:
            self.show()

    def pictures(self) -> Iterator[None]:
        """Draw what is due while the run goes on."""
        return self.rhythm.pictures(self) if self.is_mounted else iter(())

    def prepare_digits(self) -> None:
        """Before they are drawn: what the session must look at first."""
        self.session.prepare_look()

    def digits(self, dear: bool) -> Iterator[Callable[[], None]]:
        """All from one frame; the loss curve, and a network that is dear to draw, only with `dear`."""
        view = self._view()
        left_out = set() if dear else {"curve"} if self._network.cost < CHEAP else {"curve", "network"}
        for name in VIEWS:
            if name not in left_out:
                yield partial(setattr, self, name, view)
        yield partial(self._look_over, view)
        yield self.say
        yield self.tell_fields

    def between_digits(self) -> None:
        """The picture that moves fastest."""
        self._output.between_digits()

    def _look_over(self, view: View) -> None:
        """An overlay follows the run too."""
        over = self.app.screen
        if isinstance(over, Overlay):
            over.view = view

    @property
    def frame(self) -> Frame:
        """The one on screen."""
        return self._view().frame if self.state is None else self.state.frame

    def _view(self, hurried: bool = False) -> View:
        frame = self.session.frame(hurried)
        self.choice = fitted(self.choice, frame)
        return View(frame, self.choice, self.palette, self._places.compact, self.zoomed, self.actions)

    def fresh_view(self) -> View:
        """Of this moment: what an overlay opens with, and what is copied."""
        return self._view()

    def lay_out(self) -> None:
        """Give each part its place; a choice of tab or a new network may change it."""
        depth = len(self.frame.sizes) - 1
        self._arranged = self.app.size
        width, height = self.app.size
        self._places = places(width, height, self.tab, depth, self.zoomed)
        arrange(self, self._places, self.unseen)
        self.query_one(TabLine).current = self.tab
        if self.focused is not None and not self.focused.display:
            self.set_focus(None)
        self.show()

    @property
    def tabs(self) -> bool:
        """The terminal is too small for two columns."""
        return self._places.tabs

    def turn_to(self, tab: int) -> None:
        """A tab where the screen is small, else the focus."""
        self.tab = tab
        if self.zoomed:
            self.zoom("")
        if self.tabs:
            self.lay_out()
        name = ("loss", "network", "operation")[tab]
        if name in self._places.regions:
            self.query_one(f"#{name}").focus()

    def zoom(self, name: str) -> None:
        """One panel over the whole screen; "" is all of them again."""
        name, self.zoomed = name or self.zoomed, name
        self.lay_out()
        if name in self._places.regions:
            self.query_one(f"#{name}").focus()

    def panels_to_focus(self) -> list[Panel]:
        """Those that are seen, in the order of Tab."""
        return [panel for panel in self.query(Panel) if panel.can_focus and panel.display]

    def panel_in_question(self) -> Panel:
        """The focused one, else the network; where that is not seen, the first that is."""
        if isinstance(self.focused, Panel):
            return self.focused
        shown = self.panels_to_focus()
        return self._network if self._network in shown or not shown else shown[0]

    # Commands

    def action_act(self, name: str) -> None:
        """A key, a click and the palette come here."""
        action = BY_ID[name]
        if action.command is not None:
            self.do(action.command)
            AFTER.get(name, _nothing)(self)
        else:
            self.flash("")  # what the last key did is not what this one does
            DEEDS[name](self)
            self.say()

    def do(self, command: Command) -> str:
        """Send a command and show at once what it did; why it could not be done, line by line, or ""."""
        mistake = ""
        try:
            self.carry_out(command)
        except ActionableError as error:
            mistake = str(error)
            first, *others = mistake.splitlines()
            self.flash(f"{len(others) + 1} mistakes, the first: {first}" if others else first)
            self.say()
        return mistake

    def carry_out(self, command: Command) -> str:
        """Send a command and show at once what it did; its words. ActionableError where it cannot be done."""
        sizes = self.frame.sizes
        self.commands += 1
        self.looking.before(command)
        told = self.session.do(command)
        self.flash(told)
        self.epoch_runs = isinstance(command, commands.StepEpoch)
        if isinstance(command, commands.OpenPreset):
            self.choice = first_choice(self.session.frame())
        self._show_state()
        if self.frame.sizes != sizes:
            self.lay_out()
        self.playground.wake()
        return told

    @property
    def playground(self) -> App:
        return cast("App", self.app)

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
        self.choose(replace(self.choice, layer=message.layer, unit=message.unit))

    @on(Loss.Pointed)
    def _pointed(self, message: Loss.Pointed) -> None:
        self.looking.point(message.step)

    @on(Gradients.Chosen)
    def _layer_chosen(self, message: Gradients.Chosen) -> None:
        self.choose(replace(self.choice, layer=message.layer))

    @on(Output.Chosen)
    def _example_chosen(self, message: Output.Chosen) -> None:
        choose_example(self, message.row)

    @on(Inspect)
    def _inspect(self, message: Inspect) -> None:
        inspect(self, message.layer, message.unit, message.source)

    def choose(self, choice: Choice) -> None:
        """Another example, unit or number; every panel follows."""
        self.choice = choice
        if self.playground.line_is_idle():
            self.show()
        else:
            self._show_soon()

    # The message line

    def flash(self, text: str, seconds: float = FLASH) -> None:
        """Say what was done, for so long; nothing takes the last message away."""
        self._message.flash(text, seconds)
        if text:
            self.set_timer(seconds + 0.05, self.say)

    @property
    def flashed(self) -> str:
        """What was said last."""
        return self._message.flashed

    def tell(self, mistakes: Sequence[ActionableError], said: str = "") -> None:
        """What is wrong with config.toml, else what else is to be said, until a key does something; the help
        has the mistakes whole."""
        if mistakes:
            self.flash(of_mistakes(mistakes, self.keys["help"]), LONG)
        elif said:
            self.flash(said, LONG)
        self.say()

    def say(self) -> None:
        """What was flashed, else what comes next."""
        width = self.app.size.width
        roomy = width >= ROOMIEST and self.panel_in_question().id in ("network", "operation")
        told = hint(self.frame, not self.told, self.first_start, self.keys, width < ROOMY, roomy)
        self._message.say(tuple(told))


def _nothing(main: Main) -> None:
    """Most commands have said all when they are done."""
