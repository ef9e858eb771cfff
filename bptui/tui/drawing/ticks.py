"""Ticks of an axis at 1-2-5, on a linear or a logarithmic scale, and their labels."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

LABEL = 6  # characters a label may take


class Ticks(NamedTuple):
    """An axis: `place` turns a value into a place on it; limits and the places of labels are such places."""

    log: bool
    limits: tuple[float, float]
    labels: tuple[tuple[float, str], ...]

    def place(self, value: float) -> float:
        """Zero has no place on a logarithmic axis: it lies at its lower end."""
        if not self.log:
            return value
        return math.log10(value) if value > 0 else self.limits[0]


def linear(low: float, high: float, cells: int, apart: int = 2) -> Ticks:
    """At most a tick every `apart` cells; the axis widens where its ends are too close to be told apart."""
    for _ in range(80):
        step = _step(low, high, max(cells // apart, 1))
        numbers = range(math.ceil(low / step), math.floor(high / step) + 1) if step > 0 else range(0)
        labels = tuple((n * step, fixed(n * step, step)) for n in numbers if low <= n * step <= high)
        if step > 0 and all(len(label) <= LABEL for _, label in labels):
            return Ticks(False, (low, high), labels)
        middle, half = low / 2 + high / 2, high / 2 - low / 2
        half = max(2 * half, 1e-4 * abs(middle), 1e-300)
        low, high = middle - half, middle + half
    return Ticks(False, (low, high), ())


def logarithmic(low: float, high: float, cells: int, apart: int = 2) -> Ticks:
    """0 < low < high. 1-2-5 in each decade, else whole decades, else every second, third …"""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    room = max(cells // apart, 1)
    decades = math.log10(high / low)
    for mantissas in ((1, 2, 5), (1, 3), (1,)):
        if len(mantissas) * decades <= room:
            break
    stride = max(math.ceil(decades / room), 1) if mantissas == (1,) else 1
    values = (
        (math.log10(m) + exponent, power(m, exponent))
        for exponent in range(first, last + 1)
        if exponent % stride == 0
        for m in mantissas
    )
    limits = (math.log10(low), math.log10(high))
    return Ticks(True, limits, tuple(value for value in values if limits[0] <= value[0] <= limits[1]))


def fixed(value: float, step: float) -> str:
    """A tick's label with the decimals its step needs; scientific where that is shorter."""
    decimals = max(-math.floor(math.log10(step) + 1e-9), 0)
    plain = f"{value:.{decimals}f}" if decimals <= 12 and abs(value) < 1e12 else " " * (LABEL + 1)
    if len(plain) > LABEL:
        digits = max(math.floor(math.log10(abs(value) / step) + 1e-9), 0) if value else 0
        plain = scientific(f"{value:.{min(digits, 9)}e}")
    return _minus(plain)


def power(mantissa: int, exponent: int) -> str:
    """mantissa · 10^exponent as people write it: 0.05, 200, 2e−5, 1e6."""
    if exponent >= 0:
        return f"{mantissa}{'0' * exponent}" if exponent <= 4 else f"{mantissa}e{exponent}"
    if exponent >= -3:
        return f"{mantissa * 10.0**exponent:.{-exponent}f}"
    return f"{mantissa}e−{-exponent}"


def scientific(text: str) -> str:
    """Python's e-notation with the exponent unpadded: 1.5e-07 -> 1.5e-7."""
    digits, _, exponent = text.partition("e")
    return f"{digits}e{int(exponent)}"


def spread(
    low: float, high: float, most: int, label: Callable[[float, float], str] = fixed
) -> list[tuple[float, str]]:
    """At most about `most` ticks within [low, high], for an axis of the data."""
    step = _step(low, high, most)
    if step <= 0:
        return [(low, label(low, abs(low) / 10 or 1.0))]
    return [
        (n * step, label(n * step, step))
        for n in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    ]


def _step(low: float, high: float, most: int) -> float:
    """The smallest of 1-2-5 that gives at most `most` steps; 0 where there is no extent."""
    raw = (high - low) / most
    if not raw > 0 or not math.isfinite(raw) or raw < 1e-300:
        return 0.0
    exponent = math.floor(math.log10(raw))
    for step in (1, 2, 5, 10):
        if step * 10.0**exponent >= raw * (1 - 1e-9):
            break
    return step * 10.0**exponent


def _minus(text: str) -> str:
    return text.replace("-", "−")
