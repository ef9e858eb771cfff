"""How large an array is: its norm, its root mean square, and whether it is finite at all."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def is_finite(array: Array) -> bool:
    """No nan and no infinity in it. One sum tells, at a fraction of the price of a mask; only where
    that overflows is each number looked at."""
    return math.isfinite(float(np.add.reduce(array, axis=None))) or bool(np.isfinite(array).all())


def norm(array: Array) -> float:
    """√Σx², by scaling where it must be: neither overflows nor underflows before its result does."""
    axes = list(range(array.ndim))
    square = float(np.einsum(array, axes, array, axes, [], dtype=np.float64, casting="safe"))
    if 1e-280 < square < 1e280:
        return math.sqrt(square)
    largest = float(np.abs(array).max(initial=0.0))
    if largest == 0.0 or not math.isfinite(largest):
        return largest
    return largest * math.sqrt(float(np.square(array / largest, dtype=np.float64).sum()))


def rms(*arrays: Array) -> float:
    """√mean x² over all their numbers together."""
    size = sum(array.size for array in arrays)
    return math.hypot(*map(norm, arrays)) / math.sqrt(size) if size else 0.0
