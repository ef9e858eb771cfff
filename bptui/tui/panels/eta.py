"""The η prompt, in the place of the message line."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static


class EtaPrompt(Horizontal):
    """η = …, in the message line: nothing is covered and training goes on."""

    def compose(self) -> ComposeResult:
        yield Static(Text(" η = "), id="eta-label")
        yield Input(id="eta-input", max_length=24, compact=True, select_on_focus=False)
        yield Static(id="eta-hint")

    def ask(self, now: str) -> None:
        """Open with nothing typed."""
        self.display = True
        self.hint(f"now {now}   Enter set   Esc keep {now}   a number above 0, such as 0.05 or 3e-4")
        entry = self.query_one(Input)
        entry.value = ""
        entry.focus()

    def hint(self, text: str) -> None:
        self.query_one("#eta-hint", Static).update(Text(text, no_wrap=True, overflow="ellipsis"))
