"""Every key of the playground in one table: bindings, footer, help and palette are made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from textual.binding import Binding, BindingType

from bptui.session import commands
from bptui.session.commands import Command
from bptui.tui import keynames

TIME = "Move in time"
CHANGE = "Change"
LOOK = "Look"
GROUPS = (TIME, CHANGE, LOOK)


class Action(NamedTuple):
    """One thing a person can do.

    id:      its name, also that of its binding
    keys:    as Textual names them
    shown:   the keys as the footer and the help write them
    words:   what it does, for help and palette
    group:   the heading it stands under in the help
    footer:  its word in the footer, "" where it is not there; short: the word where room is scarce
    rank:    who leaves the footer first where it is narrow: the largest
    command: what is sent to the session, or None where the screen handles it itself
    """

    id: str
    keys: tuple[str, ...]
    shown: str
    words: str
    group: str
    footer: str = ""
    short: str = ""
    rank: int = 0
    command: Command | None = None
    palette: bool = True

    @property
    def all_keys(self) -> str:
        """Every key as the help writes it."""
        return " ".join(map(keynames.shown, self.keys))

    def on(self, keys: tuple[str, ...]) -> Action:
        """The same with other keys; the footer has room for the first."""
        return self._replace(keys=keys, shown=keynames.shown(keys[0]) if keys else "")


ACTIONS: tuple[Action, ...] = (
    Action("run", ("space",), "space", "run, pause", TIME, "run", "run", 0),
    Action(
        "operation",
        ("s",),
        "s",
        "pause, then one operation",
        TIME,
        "operation",
        "op",
        1,
        commands.StepOperation(),
    ),
    Action(
        "update",
        ("n",),
        "n",
        "one update (finishes one begun)",
        TIME,
        "update",
        "update",
        2,
        commands.StepUpdate(),
    ),
    Action("epoch", ("e",), "e", "to the end of the epoch", TIME, "epoch", "epoch", 5, commands.StepEpoch()),
    Action(
        "back",
        ("b",),
        "b",
        "back: an operation, else an update",
        TIME,
        "back",
        "back",
        3,
        commands.Back(),
    ),
    Action("back_epoch", ("B",), "B", "back one epoch", TIME, command=commands.BackEpoch()),
    Action("go_to", ("g",), "g", "to a step, or stay at the cursor's; diverged: the lowest loss", TIME),
    Action(
        "eta_up",
        ("plus", "pageup"),
        "+",
        "η up the 1-2-5 ladder",
        CHANGE,
        "",
        "",
        4,
        commands.EtaUp(),
    ),
    Action(
        "eta_down",
        ("minus", "pagedown"),
        "-",
        "η down the 1-2-5 ladder",
        CHANGE,
        "η",
        "η",
        4,
        commands.EtaDown(),
    ),
    Action("eta", ("equals_sign",), "=", "an exact η", CHANGE, "η…", "η…", 9),
    Action("slower", ("less_than_sign",), "<", "slower: 1 op/s … full", TIME, "", "", 10, commands.Slower()),
    Action(
        "faster",
        ("greater_than_sign",),
        ">",
        "faster: 1 op/s … full",
        TIME,
        "speed",
        "speed",
        10,
        commands.Faster(),
    ),
    Action("example_before", ("left_square_bracket", "comma"), "[", "the example before", LOOK, "", "", 8),
    Action(
        "example_after",
        ("right_square_bracket", "full_stop"),
        "]",
        "the example after",
        LOOK,
        "example",
        "example",
        8,
    ),
    Action("reset", ("r",), "r", "reset to the same start", TIME, "reset", "reset", 6, commands.Reset()),
    Action("new_seed", ("R",), "R", "reset with a new seed", TIME, "", "", 0, commands.NewSeed()),
    Action("undo", ("u",), "u", "take back the last change", CHANGE, command=commands.Undo()),
    Action("redo", ("U",), "U", "do again what was taken back", CHANGE, command=commands.Redo()),
    Action("history", ("H",), "H", "the history: branches, compare them", TIME, "history", "history", 13),
    Action(
        "presets", ("slash", "f2"), "/", "presets, each with what to try", CHANGE, "presets", "presets", 3
    ),
    Action("experiment", ("E",), "E", "the experiment, key by key", CHANGE, "experiment", "experiment", 12),
    Action("fewer_units", ("left_parenthesis",), "(", "a hidden unit less, in the layer chosen", CHANGE),
    Action("more_units", ("right_parenthesis",), ")", "a hidden unit more, in the layer chosen", CHANGE),
    Action("fewer_layers", ("left_curly_bracket",), "{", "a hidden layer less", CHANGE),
    Action("more_layers", ("right_curly_bracket",), "}", "a hidden layer more", CHANGE),
    Action("activation", ("A",), "A", "the next activation of the hidden layers", CHANGE),
    Action("optimizer", ("O",), "O", "the next optimizer", CHANGE),
    Action("smaller_batch", ("m",), "m", "half as many examples in a batch", CHANGE),
    Action("larger_batch", ("M",), "M", "twice as many examples in a batch", CHANGE),
    Action("weight", ("W",), "W", "the chosen weight by hand", CHANGE),
    Action("unit_off", ("d",), "d", "the chosen hidden unit off, or on again", CHANGE),
    Action("hold_layer", ("f",), "f", "hold the chosen layer still, or let it learn", CHANGE),
    Action("penalty", ("P",), "P", "the L2 penalty: 0, 0.001, 0.01, 0.1", CHANGE),
    Action("noise", ("N",), "N", "the noise of the points: 0, 0.1, 0.2, 0.5", CHANGE),
    Action("test_part", ("T",), "T", "the share kept for the test: 0, 0.2, 0.5", CHANGE),
    Action("next_panel", ("tab",), "Tab", "next panel (Shift+Tab back)", LOOK),
    Action("previous_panel", ("shift+tab",), "Shift+Tab", "the panel before", LOOK),
    Action("tab_1", ("1",), "1", "learning: loss, output, gradients", LOOK),
    Action("tab_2", ("2",), "2", "the network", LOOK),
    Action("tab_3", ("3",), "3", "the operation in hand", LOOK),
    Action("up", ("up", "k"), "↑ k", "choose: unit, example", LOOK, palette=False),
    Action("down", ("down", "j"), "↓ j", "choose: unit, example", LOOK, palette=False),
    Action("left", ("left", "h"), "← h", "choose: layer, incoming weight", LOOK, palette=False),
    Action("right", ("right", "l"), "→ l", "choose: layer, incoming weight", LOOK, palette=False),
    Action("closer", ("enter",), "Enter", "look closer at what is chosen", LOOK),
    Action("view", ("v",), "v", "the panel's next view", LOOK),
    Action("zoom", ("z",), "z", "one panel full screen", LOOK, "zoom", "zoom", 11),
    Action("copy", ("c",), "c", "copy what is chosen as text", LOOK),
    Action("worked", ("x",), "x", "save this step as a worked example", LOOK),
    Action("escape", ("escape",), "Esc", "close, stop, let go", LOOK, palette=False),
    Action("save", ("w",), "w", "save the run to a file", CHANGE),
    Action("share", ("y",), "y", "copy the run as a line, for `bptui open`", LOOK),
    Action("take_up", ("f3",), "F3", "take up the run that was left last", CHANGE),
    Action("help", ("question_mark", "f1"), "?", "help", LOOK, "help", "help", 0),
    Action("palette", ("ctrl+p",), "Ctrl+P", "every command by name", LOOK, palette=False),
    Action("quit", ("q",), "q", "quit; what ran is kept", LOOK, "quit", "quit", 7),
)

BY_ID = {action.id: action for action in ACTIONS}


def shown_keys(actions: Iterable[Action] = ACTIONS) -> Mapping[str, str]:
    """Each action's key as it is written in a sentence; the palette's where it has none of its own."""
    shown = {action.id: keynames.shown(action.keys[0]) if action.keys else "" for action in actions}
    return {name: key or shown["palette"] for name, key in shown.items()}


def pressed_by(actions: Iterable[Action] = ACTIONS) -> dict[str, tuple[str, ...]]:
    """All the keys an action answers to: its own, and where nothing else is on them those that stand in the
    same place on other keyboards."""
    actions = tuple(actions)
    taken = {key for action in actions for key in action.keys}
    pressed = {}
    for action in actions:
        keys = list(action.keys)
        for neighbour in (n for key in action.keys for n in keynames.neighbours(key)):
            if neighbour not in taken:
                taken.add(neighbour)
                keys.append(neighbour)
        pressed[action.id] = tuple(keys)
    return pressed


def bindings(actions: Iterable[Action] = ACTIONS) -> list[BindingType]:
    """The table as key bindings of the main screen."""
    actions = tuple(actions)
    pressed = pressed_by(actions)
    return [
        Binding(",".join(pressed[a.id]), f"act('{a.id}')", a.words, show=False, key_display=a.shown, id=a.id)
        for a in actions
        if pressed[a.id]
    ]
