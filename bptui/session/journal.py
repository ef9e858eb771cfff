"""What the user changed at which step: with the experiment and the seed it determines every weight."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from bptui.experiment.changes import update_keys
from bptui.experiment.schema import TrainingSpec
from bptui.session.commands import SetEta, SetKeys
from bptui.session.marks import Mark, eta_label, key_labels

SECTION = "training."  # all keys that a journal knows stand there


class Entry(NamedTuple):
    """A command and the updates that had been made when it was given: it counts from the next one."""

    step: int
    command: SetEta | SetKeys


class Journal:
    """Entries in the order of their steps, at each at most one of a kind: keys before η. Of keys it knows
    those that updates depend on (experiment.changes.UPDATE_KEYS)."""

    def __init__(self, eta: float, spec: TrainingSpec | None = None) -> None:
        self._first_eta = eta
        self._first_spec = spec or TrainingSpec()
        self._entries: list[Entry] = []

    def record(self, step: int, command: SetEta | SetKeys) -> None:
        """Of several before one update the last counts; back to the old value, there is none."""
        if isinstance(command, SetKeys):
            keys = self.keys_at(step) | {path.removeprefix(SECTION): value for path, value in command.changes}
            self._put(step, SetKeys, None)
            old = self.keys_at(step)
            changed = tuple((SECTION + name, value) for name, value in keys.items() if value != old[name])
            self._put(step, SetKeys, SetKeys(changed) if changed else None)
        else:
            self._put(step, SetEta, None)
            self._put(step, SetEta, command if self.eta_at(step) != command.value else None)

    def _put(self, step: int, kind: type[SetEta | SetKeys], command: SetEta | SetKeys | None) -> None:
        kept = [e for e in self._entries if e.step < step]
        here = [e for e in self._entries if e.step == step and not isinstance(e.command, kind)]
        new = [] if command is None else [Entry(step, command)]
        self._entries = [*kept, *(new + here if kind is SetKeys else here + new)]

    def cut(self, step: int) -> None:
        """Forget what was done after `step`: another future begins there."""
        self._entries = [e for e in self._entries if e.step <= step]

    def between(self, first: int, last: int) -> list[Entry]:
        """Entries at steps first … last."""
        return [e for e in self._entries if first <= e.step <= last]

    def eta_at(self, step: int) -> float:
        """η in force for the update after `step`."""
        past = [e.command for e in self._entries if e.step <= step]
        return next((c.value for c in reversed(past) if isinstance(c, SetEta)), self._first_eta)

    def keys_at(self, step: int) -> dict[str, Any]:
        """The values in force for the update after `step`, of the keys that it knows, by name."""
        keys = update_keys(self._first_spec)
        for entry in self._entries:
            if entry.step <= step and isinstance(entry.command, SetKeys):
                keys |= {path.removeprefix(SECTION): value for path, value in entry.command.changes}
        return keys

    def marks(self) -> tuple[Mark, ...]:
        """For the loss curve, one a step; what was set before the first update is no change."""
        return tuple(self._marks())

    def _marks(self) -> Iterator[Mark]:
        for step, entries in groupby(self._entries, key=lambda entry: entry.step):
            labels: list[str] = []
            for _, command in entries:
                if isinstance(command, SetEta):
                    labels.append(eta_label(command.value))
                else:
                    labels += key_labels(self.keys_at(step - 1), self.keys_at(step))
            if step and labels:
                yield Mark(step, ", ".join(labels))
