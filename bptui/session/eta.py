"""The learning rate as a person sets it: the 1-2-5 ladder, and reading what was typed."""

from __future__ import annotations

import math

from bptui.errors import ActionableError
from bptui.session.typed import number

LOWEST, HIGHEST = 1e-6, 1e3


def rung_above(eta: float) -> float:
    """The next rung of … 1, 2, 5, 10 … above `eta`; `eta` itself at the top."""
    return next((rung for rung in _rungs() if rung > eta * (1 + 1e-9)), eta)


def rung_below(eta: float) -> float:
    """The next rung below; `eta` itself at the bottom."""
    return next((rung for rung in reversed(_rungs()) if rung < eta * (1 - 1e-9)), eta)


def parse_eta(text: str) -> float:
    """A finite number above 0; a true minus is a minus. ActionableError tells what is wrong."""
    value = number(text)
    if not (math.isfinite(value) and value > 0):
        raise ActionableError("η", "η must be a number above 0", "such as 0.05 or 3e-4")
    return value


def _rungs() -> list[float]:
    first, last = round(math.log10(LOWEST)), round(math.log10(HIGHEST))
    # Read from decimal text, so that a rung is the float a person would type.
    rungs = [float(f"{digit}e{power}") for power in range(first, last + 1) for digit in (1, 2, 5)]
    return [rung for rung in rungs if LOWEST <= rung <= HIGHEST]
