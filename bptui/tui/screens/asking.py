"""The main screen's part that asks in the message line: η, and whatever else a deed has to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.widget import Widget

from bptui.explain.numbers import plain
from bptui.session import commands
from bptui.session.commands import Command
from bptui.tui.panels.eta import EtaPrompt
from bptui.tui.panels.question import Asked, Question
from bptui.tui.screens.foretelling import foretell

if TYPE_CHECKING:
    from bptui.session.session import Session

    _Screen = Screen[None]
else:
    _Screen = MessagePump  # Textual reads styles from the first base that is a widget, which is another one


class Asking(_Screen):
    """One field at a time; what had the focus has it again afterwards."""

    session: Session
    prompt: EtaPrompt
    question: Question
    _focused_before: Widget | None = None

    def lay_out(self) -> None:
        """Give each part its place."""
        raise NotImplementedError

    def do(self, command: Command) -> str:
        """Send a command; why it could not be done, or ""."""
        raise NotImplementedError

    @property
    def asking(self) -> bool:
        """A field is open."""
        return bool(self._open())

    def _open(self) -> list[EtaPrompt | Question]:
        return [field for field in (self.prompt, self.question) if field.has_class("asking")]

    @property
    def unseen(self) -> set[str]:
        """The ids of what has no place now: the fields that are not open, and what an open one stands for."""
        closed = {"etaprompt": self.prompt, "question": self.question}
        left_out = {name for name, field in closed.items() if not field.has_class("asking")}
        return left_out | ({"messageline"} if self.asking else set())

    def ask_eta(self, now: float) -> None:
        """Another η than that of now."""
        self._begin()
        self.prompt.ask(plain(now))
        self.lay_out()

    def ask(self, asked: Asked) -> None:
        """Anything else."""
        self._begin()
        self.question.ask(asked)
        self.lay_out()

    def _begin(self) -> None:
        if not self.asking:
            self._focused_before = self.focused
        for field in self._open():
            field.close()

    def close_prompt(self) -> None:
        """All stays as it is."""
        for field in self._open():
            field.close()
        self.set_focus(self._focused_before)
        self.lay_out()

    @on(Question.Closed)
    def _answered(self) -> None:
        self.close_prompt()

    @on(EtaPrompt.Typed)
    def _eta_typed(self) -> None:
        self.tell_fields()

    def tell_fields(self) -> None:
        """What stands beside an open one follows the run."""
        if self.prompt.has_class("asking"):
            foretell(self.prompt, self.session)
        if self.question.has_class("asking"):
            self.question.tell()

    @on(EtaPrompt.Given)
    def _eta_given(self, message: EtaPrompt.Given) -> None:
        self.close_prompt()
        self.do(commands.SetEta(message.value))
