"""The order of the examples: which are in the batch of each step, and the tape that works on it.

The order of an epoch is a function of the seed and the epoch's number alone, so every step has an
address and nothing of a generator is ever stored. Where a batch of another size (or another kind of order)
comes in the middle of an epoch, that epoch begins again with the next update, with the same number: so an
epoch that counts as whole has shown every example once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.experiment.build import Experiment
from bptui.nn.operation import Call
from bptui.nn.tape import Examples, Tape

Array = NDArray[Any]


class Begin(NamedTuple):
    """From `step` on epochs have batches of one size; whole ones that were done by then: `epoch`."""

    step: int = 0
    epoch: int = 0


class Batches:
    """examples: n; size: of a batch; key: (2,) uint64 of the order's stream, None where there is none.

    A full batch is never reordered and is gathered once; the smaller last batch has a tape of its own.
    begun: may be set; steps before it have no address here.
    """

    def __init__(self, examples: int, size: int, key: Array | None, make_tape: Callable[[int], Tape]) -> None:
        self.begun = Begin()
        self._examples, self._size = examples, min(size, examples)
        self.count = -(-examples // self._size)
        self._shuffled = _EpochStream(key) if key is not None and self.count > 1 else None
        self._order = np.arange(examples)
        self._sorted = np.arange(examples)
        self._epoch = -1
        self._tapes = {batch: make_tape(batch) for batch in {self.size(0), self.size(self.count - 1)}}
        self._gathers = [self.tape(i).load(self._slice(i)) for i in range(self.count)]
        self.begin(0)
        if self.count == 1:
            for call in self._gathers[0]:
                call()

    @classmethod
    def of(
        cls, experiment: Experiment, seed: int, examples: Examples, make_tape: Callable[[int], Tape]
    ) -> Batches:
        """The training part's, in the order of that training seed."""
        key = experiment.order_key(seed) if experiment.shuffle else None
        return cls(len(examples), experiment.batch_size, key, make_tape)

    def index(self, step: int) -> int:
        """Which batch of its epoch `step` (from 0) works on."""
        return (step - self.begun.step) % self.count

    def epochs(self, steps: int) -> int:
        """Whole epochs that so many updates make."""
        return self.begun.epoch + (steps - self.begun.step) // self.count

    def end(self, epochs: int) -> int:
        """The updates that make so many whole epochs."""
        return self.begun.step + (epochs - self.begun.epoch) * self.count

    def changed_at(self, steps: int, other: Batches) -> Begin:
        """Where the epochs of `other` begin that takes over after so many updates."""
        same = (self._size, self._shuffled is None) == (other._size, other._shuffled is None)
        return self.begun if same else Begin(steps, self.epochs(steps))

    def size(self, index: int) -> int:
        """Examples of batch `index` of an epoch."""
        return min(self._size, self._examples - index * self._size)

    def tape(self, index: int) -> Tape:
        """The tape of batch `index` of an epoch."""
        return self._tapes[self.size(index)]

    def gather(self, index: int) -> tuple[Call, ...]:
        """The calls that gather batch `index` of the epoch begun; none for a full batch."""
        return self._gathers[index] if self.count > 1 else ()

    def begin(self, step: int) -> None:
        """Put the order of the epoch that `step` (from 0) belongs to in place."""
        epoch = self.epochs(step)
        if epoch == self._epoch:
            return
        self._epoch = epoch
        if self._shuffled is not None:
            self._order[...] = self._sorted
            self._shuffled.begin(epoch)
            self._shuffled.generator.shuffle(self._order)

    def rows(self, step: int) -> Array:
        """(batch,) rows of the training part in the batch of `step`, a view."""
        self.begin(step)
        return self._slice(self.index(step))

    def _slice(self, index: int) -> Array:
        return self._order[index * self._size : index * self._size + self.size(index)]


class _EpochStream:
    """A Philox stream whose counter is put to the epoch's number; setting it is six times as fast as a
    generator made anew."""

    def __init__(self, key: Array) -> None:
        self._stream = np.random.Philox(key=key)
        self.generator = np.random.Generator(self._stream)
        self._state: Any = self._stream.state

    def begin(self, epoch: int) -> None:
        self._state["state"]["counter"][...] = (0, 0, epoch, 0)
        self._stream.state = self._state
