"""What the screen itself does for a key, a click or the palette: a function a deed, each named by its action.

Actions that are commands go to the session (`Main.do`); what follows one on screen is in AFTER.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from textual.screen import Screen

from bptui.errors import ActionableError
from bptui.session import commands
from bptui.session.frame import State
from bptui.tui.panels.base import Panel
from bptui.tui.panels.operation import Operation
from bptui.tui.screens.choosing import moved, with_example

if TYPE_CHECKING:
    from bptui.tui.screens.main import Main

Deed = Callable[["Main"], None]
T = TypeVar("T")


def run(main: Main) -> None:
    """Run or pause."""
    _lead_on(main)
    main.do(commands.Pause() if main.session.wants_time else commands.Run())


def after_operation(main: Main) -> None:
    """Where there are tabs, the first `s` turns to the operation's."""
    if main.tabs and main.tab == 0 and not main.stepped:
        main.turn_to(2)
    elif not main.tabs and not main.zoomed:
        main.query_one(Operation).focus()
    main.stepped = True
    _lead_on(main)
    main.say()


def _lead_on(main: Main) -> None:
    """The first start's line has done its work; a later start is without it."""
    if not main.told:
        main.told = True
        main.playground.config.remember("greeted", True)


def after_speed(main: Main) -> None:
    """The next start goes on at it."""
    main.playground.config.remember("speed", main.session.speed.value)


def quit_app(main: Main) -> None:
    """Leave; what ran is kept."""
    main.app.exit(return_code=0)


def go_to(main: Main) -> None:
    """On the loss curve stay at the cursor's step; after a divergence to the lowest loss; else ask for a
    step."""
    if main.looking.is_on and main.panel_in_question().id == "loss":
        main.do(commands.Stay())
    elif main.frame.state is State.DIVERGED:
        main.do(commands.GoToLowest())
    else:
        from bptui.tui.screens.questions import step

        main.ask(step(main))


# Changes by hand


def weight(main: Main) -> None:
    """That in question: of the operation panel the one its numbers are about, else the chosen one."""
    from bptui.explain.weight import Place
    from bptui.tui.screens import questions
    from bptui.tui.screens.inspector import element_place

    choice = main.choice
    place = Place(choice.layer, choice.unit, choice.source)
    if isinstance(main.panel_in_question(), Operation):
        place = element_place(main.fresh_view().frame.update, choice)
    main.ask(questions.weight(main, place))


def unit_off(main: Main) -> None:
    """The chosen unit off, or on again."""
    choice = main.choice
    off = main.fresh_view().frame.update.layers[choice.layer - 1].off
    is_off = off is not None and bool(off[choice.unit])
    main.do(commands.SwitchUnit(choice.layer, choice.unit, off=not is_off))


def hold_layer(main: Main) -> None:
    """The chosen layer still, or not."""
    number = main.choice.layer
    held = main.fresh_view().frame.update.layers[number - 1].held
    main.do(commands.HoldLayer(number, held=not held))


# Overlays: loaded when they are asked for, since start-up is felt


def cover(main: Main, overlay: Screen[T], then: Callable[[T | None], None] | None = None) -> None:
    """With an overlay, where none is there yet: of a key that is held down the first counts."""
    if main.app.screen is main:
        main.app.push_screen(overlay, then)


def help_(main: Main) -> None:
    """The focused panel explained, and on from there, or at once, all keys and how to read the screen."""
    panel = main.focused
    if not isinstance(panel, Panel) or not panel.explanation:
        _whole_help(main)
        return
    from bptui.tui.screens.about import About

    def closed(on: bool | None) -> None:
        if on:
            _whole_help(main)

    cover(main, About(panel, main.actions, main.keys), closed)


def _whole_help(main: Main) -> None:
    from bptui.tui.screens.help import Help

    cover(main, Help(main.actions, main.playground.config))


def palette(main: Main) -> None:
    """Every command by name."""
    main.app.action_command_palette()


def presets(main: Main) -> None:
    """The chooser."""
    from bptui.tui.screens.presets import Presets

    def opens(source: str, target: str | None) -> str:
        return main.do(commands.OpenPreset(source, target))

    chooser = Presets(main.session.address, opens, main.session.kept())
    chooser.view = main.fresh_view()
    cover(main, chooser)


def experiment(main: Main) -> None:
    """The form of every key."""
    from bptui.tui.screens.experiment import ExperimentForm

    frame, session = main.frame, main.session
    form = ExperimentForm(
        frame.title, lambda: session.preset, main.palette, session.check_keys, main.carry_out
    )
    cover(main, form)


def history(main: Main) -> None:
    """The run's branches."""
    from bptui.tui.screens.history import History

    cover(main, History(main.frame.branch))


def save(main: Main) -> None:
    """Ask for a file's name."""
    from bptui.tui.screens.saving import file_name

    main.ask(file_name(main))


def share(main: Main) -> None:
    """As a line, to the clipboard."""
    from bptui.tui.screens.saving import share

    share(main)


def take_up(main: Main) -> None:
    """The run that was left last."""
    from bptui.tui.screens.saving import take_up

    take_up(main)


def _quick(name: str) -> Deed:
    def change(main: Main) -> None:
        from bptui.tui.screens.quick import QUICK, Now

        now = Now(main.session.preset, main.choice, len(main.frame.batch_rows))
        changes = QUICK[name](now)
        if changes:
            main.do(commands.SetKeys(changes))
        else:
            main.flash("there is no other value that way; E shows every key")

    return change


QUICK_KEYS = (
    "more_units", "fewer_units", "more_layers", "fewer_layers", "activation", "optimizer",
    "larger_batch", "smaller_batch", "penalty", "noise", "test_part",
)  # fmt: skip


def closer(main: Main) -> None:
    """What the focused panel has to show of its choice."""
    panel = main.panel_in_question()
    view = main.fresh_view()
    overlay: Screen[None] | None = panel.closer(view)
    if overlay is None:
        main.flash(f"{panel.title} has nothing closer to show here")
    else:
        cover(main, overlay)


def inspect(main: Main, layer: int, unit: int, source: int) -> None:
    """The inspector of a weight: layer from 1, unit and source from 0 (n_{l-1}: the bias)."""
    from bptui.explain.weight import Place
    from bptui.tui.screens.inspector import Inspector

    cover(main, Inspector(Place(layer, unit, source)))


def choose_example(main: Main, row: int) -> None:
    """That of a row of the outputs; one that is chosen, or not in the batch in hand, is looked at closer."""
    from bptui.tui.drawing.example import seen
    from bptui.tui.screens.example import Example

    found = seen(main.frame, row)
    if found.in_batch is None or found.in_batch == main.choice.example:
        cover(main, Example(None if found.in_batch is not None else row))
    else:
        main.choose(with_example(main.choice, main.frame, found.in_batch))


# Looking


def view(main: Main) -> None:
    """The panel's next view."""
    panel = main.panel_in_question()
    name = panel.next_view()
    main.flash(f"{panel.title}: {name}" if name else f"{panel.title} has one view")


def zoom(main: Main) -> None:
    """The panel in question over the whole screen, and back."""
    main.zoom("" if main.zoomed else (main.panel_in_question().id or ""))


def copy(main: Main) -> None:
    """The choice as text to the clipboard."""
    panel = main.panel_in_question()
    text = panel.copied(main.fresh_view())
    if not text:
        main.flash(f"{panel.title} has nothing to copy")
        return
    main.app.copy_to_clipboard(text)
    first, *more = text.splitlines()
    main.flash(f"copied {len(more) + 1} lines of {panel.title.lower()}" if more else f"copied {first}")


def worked(main: Main) -> None:
    """The step on screen as a worked example; what runs pauses."""
    from bptui.tui.screens.handing_out import example

    if main.session.wants_time:
        main.do(commands.Pause())
    main.looking.settle()
    try:
        main.ask(example(main))
    except ActionableError as error:
        main.flash(str(error))


def _mover(dx: int, dy: int) -> Deed:
    def move(main: Main) -> None:
        panel = main.panel_in_question()
        choice = moved(main.choice, main.frame, panel.id or "", dx, dy, panel.stops())
        if choice.cursor is not None and choice.cursor != main.choice.cursor:
            main.looking.point(choice.cursor)
        else:
            main.choose(choice)

    return move


def _example(step: int) -> Deed:
    def move(main: Main) -> None:
        main.choose(moved(main.choice, main.frame, "output", 0, step))

    return move


def _focus(step: int) -> Deed:
    def focus(main: Main) -> None:
        shown = main.panels_to_focus()
        if not shown:
            return
        if main.focused in shown:
            panel = shown[(shown.index(main.focused) + step) % len(shown)]
        else:
            panel = shown[0 if step > 0 else -1]
        panel.focus()
        _introduce(main, panel)

    return focus


def _introduce(main: Main, panel: Panel) -> None:
    """What the panel shows, in a sentence."""
    if paragraphs := panel.paragraphs():
        sentence, *_ = paragraphs[0].split(". ")
        main.flash(f"{panel.title}: {sentence.removesuffix('.')}")
        main.say()


def _tab(number: int) -> Deed:
    return lambda main: main.turn_to(number)


def escape(main: Main) -> None:
    """Closes, in this order: field, zoom, the past, a running epoch; then lets go of the focus."""
    if main.asking:
        main.close_prompt()
    elif main.zoomed:
        main.zoom("")
    elif main.looking.back():
        pass
    elif main.epoch_runs and main.session.wants_time:
        main.do(commands.Pause())
    else:
        main.set_focus(None)


def eta(main: Main) -> None:
    """The η prompt."""
    main.ask_eta(main.frame.eta)


DEEDS: dict[str, Deed] = {
    "run": run,
    "eta": eta,
    "example_before": _example(-1),
    "example_after": _example(1),
    "go_to": go_to,
    "weight": weight,
    "unit_off": unit_off,
    "hold_layer": hold_layer,
    "presets": presets,
    "experiment": experiment,
    "history": history,
    "save": save,
    "share": share,
    "take_up": take_up,
    **{name: _quick(name) for name in QUICK_KEYS},
    "next_panel": _focus(1),
    "previous_panel": _focus(-1),
    "tab_1": _tab(0),
    "tab_2": _tab(1),
    "tab_3": _tab(2),
    "up": _mover(0, -1),
    "down": _mover(0, 1),
    "left": _mover(-1, 0),
    "right": _mover(1, 0),
    "closer": closer,
    "view": view,
    "zoom": zoom,
    "copy": copy,
    "worked": worked,
    "escape": escape,
    "help": help_,
    "palette": palette,
    "quit": quit_app,
}
AFTER: dict[str, Deed] = {"operation": after_operation, "slower": after_speed, "faster": after_speed}
