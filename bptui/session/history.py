"""The loss of every update in bounded memory: a spike is never lost.

Values are kept in buckets of `stride` updates, each with its largest, smallest and last value. When the
buckets are full the stride doubles and neighbours merge, so a run of any length costs the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

BUCKETS = 32_768  # of three float64: 786 kB
LEVELS = 48  # strides 1, 2, 4 … that a tail is kept for


class Column(NamedTuple):
    """What a column of a picture shows: updates first … last (from 1), their extent, the last's value."""

    first: int
    last: int
    low: float
    high: float
    final: float


class Lowest(NamedTuple):
    """The lowest value and the first update, from 1, that recorded it."""

    update: int
    value: float

    @property
    def step(self) -> int:
        """The step whose weights have this loss: it is recorded before the update."""
        return self.update - 1


class Tail(NamedTuple):
    """What a rewind to `length` needs: for each stride, the extent since its last full bucket.

    bounds: (levels, 2), −low and high; final: the value at `length`.
    """

    length: int
    first_level: int
    bounds: Array
    final: float
    lowest: Lowest | None


class Curve(NamedTuple):
    """A copy of a history, no longer than it must be. closed: (3, full buckets) of −low, high and last
    value; open: (2,) −low and high of the bucket that is not full."""

    closed: Array
    stride: int
    length: int
    open: Array
    last: float
    lowest: Lowest | None

    @property
    def bytes(self) -> int:
        return self.closed.nbytes + self.open.nbytes

    @property
    def last_value(self) -> float | None:
        """The latest, None where there is none."""
        return self.last if self.length else None

    def columns(self, width: int, first: int = 0) -> list[Column]:
        """As History.columns."""
        closed = _Buckets(self.closed[:2], self.closed[2], self.stride, self.length)
        return closed.columns(self.open, self.last, width, first)


class _Buckets(NamedTuple):
    """The full ones: bounds (2, n) of −low and high, final (n,) the last value of each."""

    bounds: Array
    final: Array
    stride: int
    length: int

    def columns(self, open_bounds: Array, last: float, width: int, first: int) -> list[Column]:
        """With the bucket that is not full."""
        begin = min(first // self.stride, len(self.final))
        bounds, final = self.bounds[:, begin:], self.final[begin:]
        if self.length % self.stride:
            bounds = np.concatenate([bounds, open_bounds[:, None]], axis=1)
            final = np.append(final, last)
        if not len(final) or width < 1:
            return []
        edges = np.unique(np.linspace(0, len(final), min(width, len(final)) + 1).astype(int))
        merged = np.maximum.reduceat(bounds, edges[:-1], axis=1)
        steps = (begin + edges) * self.stride
        return [
            Column(int(steps[i]) + 1, int(min(steps[i + 1], self.length)), -low, high, value)
            for i, ((low, high), value) in enumerate(
                zip(merged.T.tolist(), final[edges[1:] - 1].tolist(), strict=True)
            )
        ]


class History:
    """One metric, one value an update."""

    def __init__(self, buckets: int = BUCKETS) -> None:
        self._capacity = buckets
        self._bounds = np.empty((2, buckets))  # −low, high: so that one maximum merges both
        self._final = np.empty(buckets)
        self._stride = 1
        self._length = 0
        self._open: Array = np.full(2, -np.inf)  # of the bucket that is not full yet
        self._last = np.nan
        self.lowest: Lowest | None = None  # of what is not nan

    def __len__(self) -> int:
        return self._length

    @property
    def last(self) -> float | None:
        """The latest value, None where there is none."""
        return float(self._last) if self._length else None

    def extend(self, values: Sequence[float]) -> None:
        """Record the values of the next updates, in their order."""
        given = np.asarray(values, float)
        self._look_for_lowest(given)
        start = 0
        while start < len(given):
            room = self._stride - self._length % self._stride
            if room < self._stride or len(given) - start < self._stride:
                start += self._fill(given[start : start + room])
            else:
                start += self._append_whole(given[start:])

    def _look_for_lowest(self, given: Array) -> None:
        low = float(np.fmin.reduce(given, initial=np.inf))
        if low < (np.inf if self.lowest is None else self.lowest.value):
            self.lowest = Lowest(self._length + int((given == low).argmax()) + 1, low)

    def _fill(self, part: Array) -> int:
        """Into the open bucket; closes it where it becomes full."""
        np.maximum(self._open, (-part.min(), part.max()), out=self._open)
        self._length += len(part)
        self._last = part[-1]
        if self._length % self._stride == 0:
            self._close(self._open[0], self._open[1], part[-1:])
            self._open[...] = -np.inf
        return len(part)

    def _append_whole(self, part: Array) -> int:
        """As many whole buckets as are given and as there is room for."""
        count = min(len(part) // self._stride, self._capacity - self._length // self._stride)
        taken = part[: count * self._stride].reshape(count, self._stride)
        self._length += taken.size
        self._last = taken[-1, -1]
        if self._stride == 1:
            self._close(-taken[:, 0], taken[:, 0], taken[:, 0])
        else:
            self._close(-taken.min(axis=1), taken.max(axis=1), taken[:, -1])
        return taken.size

    def _close(self, negative_low: Array, high: Array, final: Array) -> None:
        end = self._length // self._stride
        closed = slice(end - len(final), end)
        self._bounds[0, closed], self._bounds[1, closed] = negative_low, high
        self._final[closed] = final
        if end == self._capacity:
            self._double_stride()

    def _double_stride(self) -> None:
        half = self._capacity // 2
        self._bounds[:, :half] = self._bounds.reshape(2, half, 2).max(axis=2)
        self._final[:half] = self._final[1::2]
        self._stride *= 2

    def columns(self, width: int, first: int = 0) -> list[Column]:
        """At most `width` columns that cover the updates after `first`, each with its true extent."""
        full = self._length // self._stride
        closed = _Buckets(self._bounds[:, :full], self._final[:full], self._stride, self._length)
        return closed.columns(self._open, self._last, width, first)

    def at(self, step: int) -> float | None:
        """The value of update `step` (from 1) or of the last of its bucket; None where there is none."""
        if not 0 < step <= self._length:
            return None
        bucket = (step - 1) // self._stride
        return float(self._last if bucket == self._length // self._stride else self._final[bucket])

    def curve(self) -> Curve:
        """A copy, to be kept."""
        full = self._length // self._stride
        closed = np.concatenate([self._bounds[:, :full], self._final[None, :full]])
        return Curve(closed, self._stride, self._length, self._open.copy(), float(self._last), self.lowest)

    def load(self, curve: Curve) -> None:
        """Be what was copied. ValueError where it is longer than this one can be."""
        full = curve.closed.shape[1]
        if full >= self._capacity:
            raise ValueError("the curve has more buckets than there is room for")
        self._bounds[:, :full], self._final[:full] = curve.closed[:2], curve.closed[2]
        self._stride, self._length = curve.stride, curve.length
        self._open[...] = curve.open
        self._last, self.lowest = curve.last, curve.lowest

    def tail(self) -> Tail:
        """What `rewind` needs to come back here, whatever the stride is by then."""
        level = self._stride.bit_length() - 1
        bounds = np.empty((LEVELS - level, 2))
        current, end = self._open.copy(), self._length // self._stride
        for i in range(len(bounds)):
            bounds[i] = current
            span = 1 << i  # buckets of the next block down that belongs to this level's tail
            if end & span:
                start = (end >> (i + 1)) << (i + 1)
                np.maximum(current, self._bounds[:, start : start + span].max(axis=1), out=current)
            elif not end >> i:
                bounds[i:] = current
                break
        return Tail(self._length, level, bounds, float(self._last), self.lowest)

    def rewind(self, tail: Tail) -> None:
        """Forget all that came after the tail was taken."""
        self._length = tail.length
        while self._stride < 1 << tail.first_level:  # it was taken of a longer run that began alike
            self._double_stride()
        level = self._stride.bit_length() - 1 - tail.first_level
        self._open[...] = tail.bounds[level] if self._length % self._stride else -np.inf
        self._last, self.lowest = tail.final, tail.lowest
