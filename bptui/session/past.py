"""The checkpoints of all branches that begin alike: a state is found by what was changed before it.

Branches share every step up to the first at which they were changed differently, and with it the checkpoints
there. A checkpoint is of the moment before the changes at its own step.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bptui.session.checkpoints import Checkpoint, Checkpoints
from bptui.session.journal import Entry, Journal
from bptui.session.memory import Memory

BEGINNING = 0  # the number of the stretch before any change

_Change = tuple[int, tuple[Entry, ...]]  # the number of a stretch, and what was changed at its end


class Past:
    """Stretches of training between two changes, each with its checkpoints."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._numbers: dict[_Change, int] = {}
        self._stretches: dict[int, Checkpoints] = {}
        self._last: tuple[Journal | None, list[tuple[int, int]]] = (None, [])

    def copy(self) -> Past:
        """As it is now, in no budget: another thread may read it while this one goes on."""
        copied = Past(Memory())
        copied._numbers = dict(self._numbers)
        copied._stretches = {number: stretch.copy() for number, stretch in self._stretches.items()}
        return copied

    def add(self, journal: Journal, checkpoint: Checkpoint) -> None:
        """Keep it, of a run with that journal; its step is none after a change that is not made yet."""
        way = reversed(self._way(journal))
        number = next(n for start, n in way if start < checkpoint.step or n == BEGINNING)
        self._of(number).add(checkpoint)
        self._memory.make_room()

    def nearest(self, journal: Journal, step: int) -> Checkpoint | None:
        """The latest at or before `step` on that way."""
        end = step
        for start, number in reversed(self._way(journal)):
            if number != BEGINNING and start >= end:
                continue  # changed there, or after it
            found = self._stretches[number].nearest(end) if number in self._stretches else None
            if found is not None and (found.step > start or number == BEGINNING):
                return found
            end = min(end, start)
        return None

    def along(self, journal: Journal) -> Iterator[Checkpoint]:
        """All that are kept on that way, in their order."""
        way = [*self._way(journal), (None, -1)]
        for (_, number), (end, _) in pairwise(way):
            for checkpoint in self._stretches.get(number, ()):
                if end is None or checkpoint.step <= end:
                    yield checkpoint

    def _of(self, number: int) -> Checkpoints:
        if number not in self._stretches:
            self._stretches[number] = Checkpoints()
            self._memory.keep(self._stretches[number])
        return self._stretches[number]

    def _way(self, journal: Journal) -> list[tuple[int, int]]:
        """(the step at which it begins, its number) of each stretch of that journal."""
        if self._last[0] is not journal:
            way, number = [(0, BEGINNING)], BEGINNING
            for step, entries in journal.groups():
                number = self._numbers.setdefault((number, entries), len(self._numbers) + 1)
                way.append((step, number))
            self._last = (journal, way)
        return self._last[1]
