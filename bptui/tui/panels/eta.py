"""The η prompt, in the place of the message line."""

from __future__ import annotations

from rich.text import Text
from textual import on
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from bptui.errors import ActionableError
from bptui.escape import safe
from bptui.session.eta import parse_eta
from bptui.tui.failures import Guarded


class EtaPrompt(Guarded, Horizontal):
    """η = …, in the message line: nothing is covered and training goes on."""

    class Given(Message):
        """A number that η can be was entered."""

        def __init__(self, value: float) -> None:
            super().__init__()
            self.value = value

    def ask(self, now: str) -> None:
        """Open with nothing typed; now: η as it stands."""
        self._now = now
        if not self.children:  # start-up is felt; what few ask for can wait
            self.mount(
                Static(Text(" η = "), id="eta-label"),
                Input(id="eta-input", max_length=24, compact=True, select_on_focus=False),
                Static(id="eta-hint"),
            )
        self.display = True
        self.hint(f"now {now}   Enter set   Esc keep {now}   a number above 0, such as 0.05 or 3e-4")
        entry = self.query_one(Input)
        entry.value = ""
        entry.focus()

    def hint(self, text: str) -> None:
        self.query_one("#eta-hint", Static).update(Text(text, no_wrap=True, overflow="ellipsis"))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            value = parse_eta(event.value)
        except ActionableError as error:
            self.hint(f"{safe(error.found)}; it stays {self._now}")
        else:
            self.post_message(self.Given(value))
