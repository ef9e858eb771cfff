"""The η prompt, in the place of the message line."""

from __future__ import annotations

from textual.message import Message

from bptui.errors import ActionableError
from bptui.escape import safe
from bptui.session.eta import parse_eta
from bptui.tui.drawing.forecast import eta_line, figure
from bptui.tui.panels.prompt import Prompt

UNKNOWN = "–".rjust(8)  # a figure that is not known


class EtaPrompt(Prompt):
    """η = …, with what the next update would do with it."""

    LABEL = " η = "

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
    _figures = ("", "")  # of the forecast, as shown

    def ask(self, now: str) -> None:
        """Open with nothing typed; now: η as it stands."""
        self._now = now
        self.open()

    def hint(self, room: int) -> str:
        return eta_line(self._now, *self._figures, room)

    def forecast(self, first_order: float, reached: float) -> None:
        """What the next update would change with the η that is typed: by first order, and really."""
        self._figures = (figure(first_order), figure(reached))
        self.tell()

    def no_forecast(self) -> None:
        """It cannot be told now."""
        self._figures = (UNKNOWN, UNKNOWN)
        self.tell()

    def read(self, text: str) -> None:
        """The figures keep their cells while there is anything in the field."""
        try:
            self.typed = parse_eta(text)
        except ActionableError:
            self.typed = None
        if not text.strip():
            self._figures = ("", "")
        elif self.typed is None or not self._figures[0]:
            self._figures = (UNKNOWN, UNKNOWN)

    def changed(self) -> None:
        if self.typed is not None:
            self.post_message(self.Typed(self.typed))

    def entered(self, text: str) -> str:
        try:
            value = parse_eta(text)
        except ActionableError as error:
            return f"{safe(error.found)}; it stays {self._now}"
        self.post_message(self.Given(value))
        return ""
