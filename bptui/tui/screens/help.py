"""Help: the keys by purpose, from the table of actions, and how to read the screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from bptui.tui.actions import ACTIONS, GROUPS

Rows = Sequence[tuple[str, str]]

READING: tuple[tuple[str, Rows], ...] = (
    (
        "Read the screen",
        (
            ("+0.31 −0.31", "sign: glyph and colour, blue + orange −"),
            ("shade", "size, on the scale its title names"),
            ("·", "not computed yet in this update"),
            ("▸", "the chosen unit, the chosen example"),
            ("● ○ ✕ ✓", "class 1, class 0, wrong, right"),
            ("┊ η 0.5", "you changed something here"),
            ("▮ 8/10", "inside an update: operation 8 of 10 was just done"),
        ),
    ),
    (
        "Gradients, layer by layer",
        (
            ("✓ healthy", "the layer learns; settled: the error is nearly gone"),
            ("▽ vanishing", "rms δ under 1/1000 of the output's: no blame arrives"),
            ("△ exploding", "rms δ over 1000 times the output's"),
            ("∅ dead", "half the units or more have slope 0 for every example"),
            ("◐ saturated", "half the slopes or more are in the flat"),
            ("⇈ large step", "‖ΔW‖ over 1/10 of ‖W‖, three updates in a row"),
            ("□ idle", "‖ΔW‖ under a millionth of ‖W‖"),
            ("✕ not finite", "inf or nan: training has stopped"),
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
            ("⊙", "element by element"),
        ),
    ),
    (
        "Numbers",
        (
            ("", "A fixed width, as many digits as fit; 3.1e−5 is 0.000031."),
            ("", "Each comes from the arrays that train."),
        ),
    ),
)


class Help(ModalScreen[None]):
    """Scrolls where it is larger than the terminal."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,question_mark,f1", "dismiss_help", "close")]

    def compose(self) -> ComposeResult:
        with Vertical(classes="overlay"):
            yield Static(Text.assemble(("Help", "bold"), ("   Esc closes", "dim")), id="help-title")
            with VerticalScroll(id="help-body"):
                yield Static(help_text(two_columns=self.app.size.width >= 120))

    def on_mount(self) -> None:
        self.query_one("#help-body").focus()

    def action_dismiss_help(self) -> None:
        self.dismiss(None)


def help_text(two_columns: bool) -> Table:
    """Everything, side by side or one under the other."""
    keys, reading = _sections(key_sections()), _sections(READING)
    table = Table.grid(padding=(0, 3, 0, 0))
    if two_columns:
        table.add_row(keys, reading)
    else:
        table.add_row(keys)
        table.add_row(Text())
        table.add_row(reading)
    return table


def key_sections() -> list[tuple[str, Rows]]:
    """The table of actions by purpose."""
    return [(group, [(a.shown, a.words) for a in ACTIONS if a.group == group]) for group in GROUPS]


def _sections(sections: Sequence[tuple[str, Rows]]) -> Table:
    widest = max(len(name) for _, rows in sections for name, _ in rows)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=widest, no_wrap=True)
    table.add_column()
    for i, (title, rows) in enumerate(sections):
        if i:
            table.add_row(Text(), Text())
        table.add_row(Text(), Text(title, "bold"))
        for name, words in rows:
            table.add_row(Text(name, "bold"), Text(words))
    return table
