"""What the user changed at which step: with the experiment and the seed it determines every weight."""

from __future__ import annotations

from typing import NamedTuple

from bptui.session.commands import SetEta
from bptui.session.marks import Mark, eta_label


class Entry(NamedTuple):
    """A command and the updates that had been made when it was given: it counts from the next one."""

    step: int
    command: SetEta


class Journal:
    """Entries in the order of their steps."""

    def __init__(self, eta: float) -> None:
        self._first_eta = eta
        self._entries: list[Entry] = []

    def record(self, step: int, command: SetEta) -> None:
        """Of several before one update the last counts; back to the old value, there is none."""
        self._entries = [e for e in self._entries if e.step < step]
        if self.eta_at(step) != command.value:
            self._entries.append(Entry(step, command))

    def cut(self, step: int) -> None:
        """Forget what was done after `step`: another future begins there."""
        self._entries = [e for e in self._entries if e.step <= step]

    def between(self, first: int, last: int) -> list[Entry]:
        """Entries at steps first … last."""
        return [e for e in self._entries if first <= e.step <= last]

    def eta_at(self, step: int) -> float:
        """η in force for the update after `step`."""
        return next((e.command.value for e in reversed(self._entries) if e.step <= step), self._first_eta)

    def marks(self) -> tuple[Mark, ...]:
        """For the loss curve; what was set before the first update is no change."""
        return tuple(Mark(e.step, eta_label(e.command.value)) for e in self._entries if e.step)
