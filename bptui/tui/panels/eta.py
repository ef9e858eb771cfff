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
from bptui.tui.drawing.forecast import eta_line, figure
from bptui.tui.failures import Guarded

ROOMY = 100  # columns of the line from which the field is wide
FIELD, NARROW_FIELD = 18, 10
LABEL, PADDING = " η = ", 2
UNKNOWN = "–".rjust(8)  # a figure that is not known


class EtaPrompt(Guarded, Horizontal):
    """η = …, in the message line: nothing is covered and training goes on."""

    class Given(Message):
        """A number that η can be was entered."""

        def __init__(self, value: float) -> None:
            super().__init__()
            self.value = value

    class Typed(Message):
        """A number that η can be stands in the field: what would it do? Answered by `forecast`."""

        def __init__(self, value: float) -> None:
            super().__init__()
            self.value = value

    typed: float | None = None  # what stands in the field, where η can be that
    _now = ""
    _refusal = ""  # why what was entered cannot be η
    _figures = ("", "")  # of the forecast, as shown

    def ask(self, now: str) -> None:
        """Open with nothing typed; now: η as it stands."""
        self._now = now
        if not self.children:  # start-up is felt; what few ask for can wait
            self.mount(
                Static(Text(LABEL), id="eta-label"),
                Input(id="eta-input", max_length=24, compact=True, select_on_focus=False),
                Static(id="eta-hint"),
            )
        self.display = True
        entry = self.query_one(Input)
        entry.value = ""
        self._read("")
        entry.focus()

    def forecast(self, first_order: float, reached: float) -> None:
        """What the next update would change with the η that is typed: by first order, and really."""
        self._figures = (figure(first_order), figure(reached))
        self._show()

    def no_forecast(self) -> None:
        """It cannot be told now."""
        self._figures = (UNKNOWN, UNKNOWN)
        self._show()

    def on_resize(self) -> None:
        self._show()

    def _show(self) -> None:
        if not self.children:
            return
        field = FIELD if self.size.width >= ROOMY else NARROW_FIELD
        self.query_one(Input).styles.width = field
        room = self.size.width - len(LABEL) - field - PADDING
        line = self._refusal or eta_line(self._now, *self._figures, room)
        self.query_one("#eta-hint", Static).update(Text(line, no_wrap=True, overflow="ellipsis"))

    def _read(self, text: str) -> None:
        """The figures keep their cells while there is anything in the field."""
        try:
            self.typed = parse_eta(text)
        except ActionableError:
            self.typed = None
        self._refusal = ""
        if not text.strip():
            self._figures = ("", "")
        elif self.typed is None or not self._figures[0]:
            self._figures = (UNKNOWN, UNKNOWN)
        self._show()

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._read(event.value)
        if self.typed is not None:
            self.post_message(self.Typed(self.typed))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            value = parse_eta(event.value)
        except ActionableError as error:
            self._refusal = f"{safe(error.found)}; it stays {self._now}"
            self._show()
        else:
            self.post_message(self.Given(value))
