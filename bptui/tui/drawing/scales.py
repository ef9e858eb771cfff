"""The scale of a picture: the largest magnitude of an array."""

from __future__ import annotations

import math

import numpy as np

from bptui.explain.update import Array


def largest(array: Array | None, floor: float = 0.0) -> float:
    """The largest finite |value|, at least `floor`."""
    if array is None or not array.size:
        return floor
    top = max(float(array.max()), -float(array.min()))
    if not math.isfinite(top):
        finite = np.abs(array[np.isfinite(array)])
        top = float(finite.max()) if finite.size else 0.0
    return max(top, floor)
