"""The rows kept back to see whether what was learned holds for others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bptui.errors import ActionableError

Rows = NDArray[np.int64]


def split(n: int, test_fraction: float, rng: np.random.Generator) -> tuple[Rows, Rows]:
    """The row numbers of the training part and of the test part, each in ascending order.

    The test part is round(n · test_fraction) rows drawn by `rng`; at a fraction of 0 it is empty and nothing
    is drawn. Raises ActionableError for a fraction outside 0 to 1, or where a part would be empty.
    """
    if not 0 <= test_fraction < 1:
        found = f"{test_fraction} is not a share of the rows"
        raise ActionableError("test_fraction", found, "Give a number from 0 to below 1")
    if test_fraction == 0:
        return np.arange(n), np.arange(0)
    count = round(n * test_fraction)
    if not 0 < count < n:
        part = "test" if count == 0 else "training"
        found = f"{test_fraction} of {n} rows leaves the {part} part empty"
        raise ActionableError("test_fraction", found, "Give another share, 0 for no test part, or more rows")
    chosen = np.zeros(n, dtype=np.bool_)
    chosen[rng.permutation(n)[:count]] = True
    return np.flatnonzero(~chosen), np.flatnonzero(chosen)
