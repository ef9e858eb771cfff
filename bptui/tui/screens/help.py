"""Help: the keys by purpose, from the table of actions, and how to read the screen."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple, cast

from rich.rule import Rule
from rich.table import Table
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from bptui.errors import ActionableError
from bptui.escape import safe
from bptui.tui import keynames
from bptui.tui.actions import ACTIONS, GROUPS, Action, pressed_by
from bptui.tui.config import Config
from bptui.tui.panels.header import Header
from bptui.tui.screens.overlay import Overlay

if TYPE_CHECKING:
    from bptui.tui.app import App

Rows = Sequence[tuple[str, str]]
Section = tuple[str, Rows]

KEYS_WIDTH, GAP = 50, 3  # cells of the column of keys, and beside it
BESIDE = 100  # cells from which the keys stand beside the rest
NARROWEST = 13  # cells of a column of names

# Keys that belong together have one line.
TOGETHER: Mapping[tuple[str, ...], str] = {
    ("slower", "faster"): "slower, faster: 1 op/s … full",
    ("eta_up", "eta_down"): "η up, down the 1-2-5 ladder",
    ("undo", "redo"): "take back the last change, do it again",
    ("example_before", "example_after"): "another example of the batch",
    ("fewer_units", "more_units"): "hidden units, in the layer chosen",
    ("fewer_layers", "more_layers"): "hidden layers",
    ("smaller_batch", "larger_batch"): "half, twice the examples of a batch",
    ("next_panel", "previous_panel"): "the next panel, the one before",
    ("tab_1", "tab_2", "tab_3"): "tabs, where the screen is small",
    ("up", "down", "left", "right"): "choose inside a panel",
}

READING: tuple[Section, ...] = (
    (
        "Read the screen",
        (
            ("+0.31 −0.31", "sign: glyph and colour, blue + orange −"),
            ("shade", "size, on the scale its title names"),
            ("▮ 8/10", "inside an update: operation 8 of 10 was just done"),
            ("·", "not computed yet in this update"),
            ("▸", "the chosen unit, the chosen example"),
            ("⊘", "a unit that is switched off: it says 0, and gets no blame"),
            ("● ○ ✕ ✓", "class 1, class 0, wrong, right"),
            ("┊ η 0.5", "you changed something here"),
            ("curves", "dim: of the branch that was left; dotted: what came after"),
            ("loss ↓ → ↑", "over the last tenth of the run: falls, within 1 %, rises"),
        ),
    ),
    (
        "Gradients, layer by layer",
        (
            ("✓ healthy", "the layer learns"),
            ("✓ settled", "rms δ at the output is under 1/1000: little is left to learn"),
            ("▽ vanishing", "rms δ under 1/1000 of the output layer's: no blame arrives"),
            ("△ exploding", "rms δ over 1000 times the output layer's"),
            ("∅ dead", "half the units or more have slope 0 for every example"),
            ("◐ saturated", "half the slopes or more are under 1/10 of the largest"),
            ("⇈ large step", "‖ΔW‖ over 1/10 of ‖W‖, three updates in a row"),
            ("□ idle", "‖ΔW‖ under a millionth of ‖W‖, and the loss not settled"),
            ("⊘ all off", "all its units are switched off"),
            ("‖ held", "its weights and biases stay as they are"),
            ("✕ not finite", "inf or nan: training has stopped"),
            ("plateau", "the outputs hardly differ, and the examples' gradients cancel"),
            ("symmetry", "the units of a layer are equal, and stay so"),
        ),
    ),
    (
        "Notation",
        (
            ("W⁽ˡ⁾ b⁽ˡ⁾", "weights and biases into layer l; row = receiving unit"),
            ("z⁽ˡ⁾", "weighted sum W⁽ˡ⁾ a⁽ˡ⁻¹⁾ + b⁽ˡ⁾"),
            ("a⁽ˡ⁾", "activation σ(z⁽ˡ⁾); a⁽⁰⁾ is the input, ŷ the last"),
            ("δ⁽ˡ⁾", "error signal ∂ℓ/∂z⁽ˡ⁾ of one example"),
            ("∂L/∂W⁽ˡ⁾", "gradient: the batch's mean of δ⁽ˡ⁾ a⁽ˡ⁻¹⁾ᵀ"),
            ("η", "learning rate; an update is W ← W − η ∂L/∂W"),
            ("‖W‖, rms", "root of the sum of squares, root of their mean"),
            ("⊙", "element by element"),
            ("sat.", "saturated: the share of slopes under 1/10 of the largest"),
            ("‖ΔW‖/‖W‖", "how far the last update moved a layer's weights"),
            ("promise, kept", "what an update should lower the loss by, and what it did"),
        ),
    ),
    (
        "Numbers",
        (
            ("", "A fixed width, as many digits as fit; 3.1e−5 is 0.000031."),
            ("", "Each comes from the arrays that train. `bptui check` compares the"),
            ("", "gradient with complex step, which shares no code with it."),
        ),
    ),
)
LETTERS: Rows = (
    ("", "Letters answer in the same place on a Russian,"),
    ("", "a Ukrainian and a Greek keyboard."),
)
LAST = "Everything can be clicked. Headless: bptui train · explain · check · presets"


class Covering(Overlay[bool]):
    """A page that Esc and the keys of `closing` close; answers with True where the help's key did."""

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__()
        pressed = pressed_by(actions)
        self._help, self._close = pressed["help"], {*pressed["quit"], *pressed["escape"]}

    def heading(self, title: str, note: str) -> Table:
        """As a panel with the focus has it."""
        accent = cast("App", self.app).main.palette.accent_glyph
        line = Table.grid(padding=(0, 1, 0, 0), expand=True)
        line.add_column(no_wrap=True)
        line.add_column(ratio=1, no_wrap=True)
        line.add_column(no_wrap=True)
        line.add_row(Text(title, "bold"), Rule(characters="━", style=accent), Text(note, "dim"))
        return line

    def on_key(self, event: events.Key) -> None:
        """The keys that the user has given them, too."""
        if event.key in self._help or event.key in self._close:
            event.stop()
            self.dismiss(event.key in self._help)

    def on_click(self, event: events.Click) -> None:
        """Beside the page."""
        if event.widget is self:
            self.dismiss(False)


class Help(Covering):
    """Scrolls where it is larger than the terminal."""

    def __init__(self, actions: Sequence[Action] = ACTIONS, config: Config | None = None) -> None:
        super().__init__(actions)
        self._actions, self._config = actions, config or Config()

    def compose(self) -> ComposeResult:
        with Vertical(classes="overlay"):
            yield Static(self.heading("Help", "Esc closes"), id="help-title")
            with VerticalScroll(id="help-body"):
                yield Page(self._actions, self._config)


class Page(Static):
    """The text of the help, as wide as there is room."""

    def __init__(self, actions: Sequence[Action], config: Config) -> None:
        super().__init__()
        self._actions, self._config = actions, config

    def on_resize(self, event: events.Resize) -> None:
        self.update(help_text(event.size.width, self._actions, self._config))


def help_text(width: int, actions: Sequence[Action] = ACTIONS, config: Config | None = None) -> Text:
    """Everything, side by side where there is room for it, else one under the other."""
    own = [] if config is None or config.file is None else [choices(str(config.file), config.mistakes)]
    wrong = config is not None and bool(config.mistakes)
    header: Section = ("The header", [("", line) for line in Header.paragraphs()])
    keys, reading = key_sections(actions), [*READING, *([] if wrong else own), header]
    lines = [*column(own, width), Text()] if wrong else []  # what is wrong is seen at once
    if width < BESIDE:
        lines += column([*keys, *reading], width)
    else:
        lines += beside(column(keys, KEYS_WIDTH), column(reading, width - KEYS_WIDTH - GAP))
    return Text("\n").join([*lines, Text(), Text(LAST, "dim")])


def column(sections: Sequence[Section], width: int) -> list[Text]:
    """Titles, names and words, wrapped to `width` cells."""
    lines: list[Text] = []
    for title, rows in sections:
        if lines:
            lines.append(Text())
        lines.append(Text(title, "bold"))
        widest = max(NARROWEST, *(len(name) for name, _ in rows))
        for name, words in rows:
            indent = widest + 2 if name else 0
            first, *more = textwrap.wrap(words, max(width - indent, 10)) or [""]
            lines.append(Text.assemble((name.ljust(indent), "bold"), first))
            lines += [Text(" " * indent + line) for line in more]
    return lines


def beside(left: Sequence[Text], right: Sequence[Text]) -> list[Text]:
    """Two columns."""
    pairs = zip_longest(left, right, fillvalue=Text())
    return [
        Text.assemble(one, " " * (KEYS_WIDTH + GAP - one.cell_len), other) if other else one
        for one, other in pairs
    ]


class Line(NamedTuple):
    """A line of the help: actions whose keys belong together."""

    actions: tuple[Action, ...]
    words: str

    def keys(self, rank: int) -> list[str]:
        """The first (0), second … key of each."""
        return [keynames.shown(a.keys[rank]) for a in self.actions if rank < len(a.keys)]


def key_sections(actions: Sequence[Action] = ACTIONS) -> list[Section]:
    """The table of actions by purpose, then the second keys."""
    lines = _lines(actions)
    sections: list[Section] = [
        (group, [(" ".join(line.keys(0)), line.words) for line in lines if line.actions[0].group == group])
        for group in GROUPS
    ]
    second = [(" ".join(line.keys(1)), f"for {' '.join(line.keys(0))}") for line in lines if line.keys(1)]
    return [*sections, ("Where a keyboard lacks a key", [*second, *LETTERS])]


def _lines(actions: Iterable[Action]) -> list[Line]:
    table = {action.id: action for action in actions}
    joined = {name: names for names in TOGETHER for name in names}
    lines = []
    for name, action in table.items():
        names = joined.get(name, (name,))
        if names[0] == name:
            lines.append(Line(tuple(table[n] for n in names), TOGETHER.get(names, action.words)))
    return lines


def choices(file: str, mistakes: Sequence[ActionableError]) -> Section:
    """Where what is remembered stands, and what is wrong there."""
    where = ("", f"{safe(file)} remembers theme, speed, frames a second, and keys of your own.")
    return "Your choices", [where, *(("", f"✕ {safe(str(mistake))}") for mistake in mistakes)]
