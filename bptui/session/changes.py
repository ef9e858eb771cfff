"""The parameters before the last few updates: what each update really changed can be asked for."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

Array = NDArray[Any]

KEPT = 3  # updates


class Changes:
    """parameters: the vector (P,) that is trained."""

    def __init__(self, parameters: Array) -> None:
        self._parameters = parameters
        self._own = [parameters.copy() for _ in range(KEPT)]
        self._before = list(self._own)
        self._steps = [-1] * KEPT

    def keep(self, step: int, copy: Array | None = None) -> None:
        """Before update `step` (from 0) is made; `copy`: of the vector, where nobody writes into it."""
        slot = step % KEPT
        if copy is None:
            self._own[slot][...] = self._parameters
        self._before[slot] = self._own[slot] if copy is None else copy
        self._steps[slot] = step

    def before(self, step: int) -> Array | None:
        """(P,) the parameters before update `step`; None where they are not known any more."""
        slot = step % KEPT
        return self._before[slot] if step >= 0 and self._steps[slot] == step else None

    def forget(self, step: int) -> None:
        """Update `step` (from 0) and those after it are undone."""
        self._steps = [kept if kept < step else -1 for kept in self._steps]
