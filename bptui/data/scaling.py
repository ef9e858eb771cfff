"""Columns brought to a common size, and back."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.errors import ActionableError

Floats = NDArray[np.float64]

KINDS = ("none", "standard", "minmax")
# Beyond it a difference of two values may overflow.
LARGEST = 1e300


class Scaling(NamedTuple):
    """(x - shift) / width, a column at a time.

    kind:     none, standard (mean 0 and the population's deviation 1) or minmax (0 to 1)
    shift:    (d,)
    width:    (d,), above 0; 1 for constant columns
    constant: the numbers from 0 of the columns that did not change: they become 0, and come back as they were
    """

    kind: str
    shift: Floats
    width: Floats
    constant: tuple[int, ...] = ()

    @classmethod
    def fit(cls, kind: str, array: Floats) -> Scaling:
        """The scaling of the columns of `array` (n, d), n at least 1. Raises ActionableError for values over
        1e300 in size, ValueError for an unknown kind."""
        if kind not in KINDS:
            raise ValueError(f"no scaling is called {kind!r}")
        array = np.asarray(array, dtype=np.float64)
        columns = array.shape[1]
        if kind == "none":
            return cls(kind, np.zeros(columns), np.ones(columns))
        _refuse_huge(array)
        shift, width = (_standard if kind == "standard" else _minmax)(array)
        still = width == 0
        width[still] = 1.0
        shift[still] = array[0, still]
        return cls(kind, shift, width, tuple(np.flatnonzero(still).tolist()))

    def apply(self, x: Floats) -> Floats:
        """x (m, d) scaled: a new array, C-contiguous float64."""
        if self.kind == "none":
            return np.array(x, dtype=np.float64, order="C")
        scaled: Floats = np.ascontiguousarray((x - self.shift) / self.width)
        scaled[:, list(self.constant)] = 0.0
        return scaled

    def undo(self, x: Floats) -> Floats:
        """What was scaled to x (m, d): a new array, C-contiguous float64."""
        if self.kind == "none":
            return np.array(x, dtype=np.float64, order="C")
        restored: Floats = np.ascontiguousarray(x * self.width + self.shift)
        for column in self.constant:
            restored[:, column] = self.shift[column]
        return restored


def _refuse_huge(array: Floats) -> None:
    huge = np.flatnonzero((np.abs(array) > LARGEST).any(axis=0))
    if len(huge):
        found = f"column {huge[0] + 1} has values beyond {LARGEST:g}, too large to be scaled"
        raise ActionableError("scale", found, "Give the column in another unit")


def _standard(array: Floats) -> tuple[Floats, Floats]:
    """Mean and deviation, by differences from the first row over their size: neither loses digits where a
    column hardly changes, nor do squares overflow."""
    differences = array - array[0]
    size = np.abs(differences).max(axis=0)
    relative = differences / np.where(size > 0, size, 1.0)
    return array[0] + size * relative.mean(axis=0), size * relative.std(axis=0)


def _minmax(array: Floats) -> tuple[Floats, Floats]:
    lowest = array.min(axis=0)
    return lowest, array.max(axis=0) - lowest
