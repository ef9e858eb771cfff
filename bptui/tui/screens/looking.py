"""The cursor on the loss curve: it moves at once, and the run comes after it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.timer import Timer

from bptui.session import commands
from bptui.session.commands import Command

if TYPE_CHECKING:
    from bptui.tui.screens.main import Main

SOON = 1 / 60  # seconds: of the moves in between only the last one is gone to
FLUENT = 0.04  # seconds that a look may take for the run to follow a cursor that keeps moving
REST = 0.15  # seconds without a move, where it takes longer: no key that repeats waits for it
LEAVES = (commands.Look, commands.ComeBack, commands.Jump, commands.OpenPreset)  # whatever is looked at


class Looking:
    """`choice.cursor` is where the cursor was moved to until the run stands there; from then on it stands
    where the run does, as long as the frame is `looking`."""

    def __init__(self, main: Main) -> None:
        self._main = main
        self._timer: Timer | None = None
        self._took = 0.0  # seconds, the last time

    @property
    def is_on(self) -> bool:
        """There is a cursor."""
        return self._main.choice.cursor is not None or self._main.frame.looking

    def point(self, step: int) -> None:
        """Move the cursor there; what runs pauses."""
        main = self._main
        if main.session.wants_time:
            main.do(commands.Pause())
        main.choice = replace(main.choice, cursor=step)
        main.show_curve()
        if self._timer is None or self._took > FLUENT:
            self._wait(SOON if self._took <= FLUENT else REST)

    def _wait(self, seconds: float) -> None:
        self._stop()
        self._timer = self._main.set_timer(seconds, self._arrive)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _arrive(self) -> None:
        """When the terminal has read what came before: else keys would wait behind pictures."""
        self._timer = None
        if self._main.playground.line_is_idle():
            self.settle()
        else:
            self._wait(SOON)

    def before(self, command: Command) -> None:
        """What is done is done where the cursor stands."""
        if isinstance(command, LEAVES):
            self._forget()
        else:
            self.settle()

    def settle(self) -> None:
        """Have the run stand where the cursor does."""
        main = self._main
        step = main.choice.cursor
        self._forget()
        if step is None or (main.frame.looking and main.frame.step == step):
            return
        began = time.perf_counter()
        main.do(commands.Look(step))
        self._took = time.perf_counter() - began
        main.flash("")
        main.say()

    def _forget(self) -> None:
        self._stop()
        if self._main.choice.cursor is not None:
            self._main.choice = replace(self._main.choice, cursor=None)

    def back(self) -> bool:
        """From the cursor, or from the past, to where the run stood; False where it is there."""
        main = self._main
        if main.session.wants_time:
            return False
        frame, pointed = main.frame, main.choice.cursor is not None
        if frame.looking or (frame.step < frame.end and not pointed):
            main.do(commands.ComeBack())
        elif pointed:
            self._forget()
            main.show()
        else:
            return False
        return True
