"""What a rewind restores: dense near the present, thinner far back."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, NamedTuple

from numpy.typing import NDArray

from bptui.nn.optimizers import Optimizer
from bptui.session.batches import Begin
from bptui.session.history import Tail
from bptui.session.rules import RuleState

Array = NDArray[Any]

EVENLY = 1 / 2  # of what is kept: so that no step is far from one
MOST = 4096  # checkpoints: of a small network more would only make a long run's memory grow


class Checkpoint(NamedTuple):
    """Copies of all that an update changes. epoch_sum: Σ loss · examples of the epoch begun; begun: since
    when epochs have had batches of that size."""

    step: int
    parameters: Array
    moments: tuple[Array, ...]
    t: int
    eta: float
    epoch_sum: float
    rules: RuleState
    tail: Tail
    begun: Begin = Begin()

    @property
    def size(self) -> int:
        """Bytes, roughly."""
        arrays = (self.parameters, *self.moments, self.tail.bounds)
        return sum(a.nbytes for a in arrays) + 600

    def copy_into(self, parameters: Array, optimizer: Optimizer) -> None:
        """The weights (P,) and the optimizer's state are as they were; not its η."""
        parameters[...] = self.parameters
        for moment, kept in zip(optimizer.moments, self.moments, strict=True):
            moment[...] = kept
        optimizer.t = self.t


class Checkpoints:
    """By step. Thinned, an even grid over the whole way is kept, and the newest at each spacing 2ᵏ, so that a
    replay from the nearest costs little near the present and nowhere much."""

    def __init__(self) -> None:
        self._by_step: dict[int, Checkpoint] = {}
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._by_step)

    def __iter__(self) -> Iterator[Checkpoint]:
        """In the order of their steps."""
        return iter(self._by_step[step] for step in sorted(self._by_step))

    @property
    def bytes(self) -> int:
        return self._bytes

    def copy(self) -> Checkpoints:
        """As it is now."""
        copied = Checkpoints()
        copied._by_step, copied._bytes = dict(self._by_step), self._bytes
        return copied

    def add(self, checkpoint: Checkpoint) -> None:
        """Keep it, in the place of one of the same step."""
        if checkpoint.step in self._by_step:
            self._bytes -= self._by_step[checkpoint.step].size
        self._by_step[checkpoint.step] = checkpoint
        self._bytes += checkpoint.size
        if len(self._by_step) > MOST:
            self._keep_at_most(self._bytes, 0.75 * MOST)

    def nearest(self, step: int) -> Checkpoint | None:
        """The latest at or before `step`."""
        steps = sorted(self._by_step)
        place = bisect_right(steps, step)
        return self._by_step[steps[place - 1]] if place else None

    def thin(self) -> bool:
        """Down to three quarters of its bytes, the first and the last where that is possible; False where one
        is all."""
        if len(self._by_step) < 2:
            return False
        self._keep_at_most(0.75 * self._bytes, 0.75 * len(self._by_step))
        return True

    def _keep_at_most(self, room: float, most: float) -> None:
        """EVENLY of what fits as one grid over the whole way; beside it at each spacing as many of the newest
        as fit. Where not even one does, the oldest go."""
        steps = sorted(self._by_step)
        spaced = _at_each_spacing(steps)
        fits = min(most, room * len(steps) / self._bytes)
        ends = {steps[0], steps[-1]}
        grid = next((level for level in spaced if len(level) <= EVENLY * fits), spaced[-1])
        for each in (256, 128, 64, 32, 16, 8, 4, 2, 1):
            kept = sorted(ends.union(grid, *(level[-each:] for level in spaced)))
            if self._size_of(kept) <= room and len(kept) <= most:
                break
        while len(kept) > 1 and self._size_of(kept) > room:
            del kept[1 if len(kept) > 2 else 0]
        self._by_step = {s: self._by_step[s] for s in kept}
        self._bytes = self._size_of(kept)

    def _size_of(self, steps: list[int]) -> int:
        return sum(self._by_step[s].size for s in steps)


def _at_each_spacing(steps: list[int]) -> list[list[int]]:
    """For the spacings 1, 2, 4 … the first of the steps in each interval so long: whatever the steps' own
    rhythm is, what was kept once is the first of its interval again."""
    spaced, spacing = [], 1
    while spacing <= max(steps[-1], 1):
        first: dict[int, int] = {}
        for step in steps:
            first.setdefault(step // spacing, step)
        spaced.append(list(first.values()))
        spacing *= 2
    return spaced
