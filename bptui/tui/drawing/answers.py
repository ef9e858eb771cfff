"""What the output panel reads out of an OutputFrame: who is chosen, what is right, how a class looks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len

from bptui.escape import safe
from bptui.explain.numbers import sub
from bptui.session.frame import Frame, OutputFrame
from bptui.tui.drawing.choice import Choice

Array = NDArray[Any]

FEW = 10  # examples: up to so many they stand in their own order, above the wrong ones come first


@dataclass(frozen=True, eq=False)
class Answers:
    """An OutputFrame with what every picture of it needs.

    The signed value of an answer is positive for class 1 (blue) and negative for class 0 (orange): the
    output less `centre`, over `scale`.
    """

    out: OutputFrame
    chosen: int | None  # a row of `out`
    right: NDArray[np.bool_]  # (n,); all True for numbers
    two_sided: bool  # one number tells the answer: a single output, or a softmax of two
    output: int  # the output that is told, where two_sided
    centre: float
    scale: float

    @property
    def count(self) -> int:
        return len(self.out.predictions)

    def sided(self, predictions: Array) -> Array:
        """(m, k) -> (m,) the number that tells the answer, where two_sided."""
        return np.asarray(predictions[:, self.output], float)

    def signed(self, predictions: Array) -> Array:
        """(m, k) -> (m,), −1 … 1 where the answer is in the range of the targets."""
        return (self.sided(predictions) - self.centre) / self.scale

    def glyphs(self) -> list[str]:
        """A character for each example's true answer."""
        if self.two_sided:
            return ["●" if y > self.centre else "○" for y in self.sided(self.out.targets).tolist()]
        letters = class_letters(self.out.classes)
        return [letters[c] for c in self.out.targets.argmax(axis=1).tolist()]

    def order(self) -> Array:
        """Rows of `out` as a list shows them; where there are many: wrong ones, or largest errors, first."""
        if self.count <= FEW:
            return np.arange(self.count)
        if self.out.regression:
            with np.errstate(invalid="ignore", over="ignore"):
                error = np.abs(self.sided(self.out.predictions) - self.sided(self.out.targets))
            return np.argsort(-error, kind="stable")
        return np.argsort(self.right, kind="stable")

    def fitting(self, order: list[int], rows: int) -> tuple[list[int], int]:
        """As many of `order` as fit, a row kept for how many are left out, and that number. The chosen one is
        always among them."""
        if len(order) <= rows or rows < 1:
            return order[: max(rows, 0)], 0
        kept = order[: rows - 1]
        if self.chosen is not None and self.chosen not in kept and kept:
            kept[-1] = self.chosen
        return kept, len(order) - len(kept)


def read_answers(frame: Frame, choice: Choice) -> Answers:
    """The chosen example is that of the batch; the test part has none."""
    out = frame.output
    chosen = None
    if out.part == "training" and 0 <= choice.example < len(frame.batch_rows):
        row = int(frame.batch_rows[choice.example])
        chosen = row if row < len(out.targets) else None
    k = out.targets.shape[1]
    right = np.ones(len(out.targets), bool) if out.right is None else out.right
    if out.regression:
        # of several numbers the chosen output unit's
        output = choice.unit if choice.layer == len(frame.sizes) - 1 and choice.unit < k else 0
        return Answers(out, chosen, right, True, output, *_range(out.targets[:, output]))
    two_sided = k == 1 or (k == 2 and len(out.classes) == 2)
    return Answers(out, chosen, right, two_sided, k - 1, 0.5, 0.5)


def _range(targets: Array) -> tuple[float, float]:
    """Centre and scale; zero is the centre unless the targets lie on one side of it."""
    if not len(targets):
        return 0.0, 1.0
    low, high = float(targets.min()), float(targets.max())
    if low > 0 or high < 0:
        return (low + high) / 2, (high - low) / 2 or 1.0
    return 0.0, max(abs(low), abs(high)) or 1.0


@lru_cache(maxsize=16)
def class_letters(classes: tuple[str, ...]) -> tuple[str, ...]:
    """One character a class: its own first one where that tells them apart, else A B C …"""
    first = tuple(narrow(name[:1]) or "?" for name in classes)
    if len(set(first)) == len(classes) and all(len(c) == 1 and c.isascii() for c in first):
        return first
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    return tuple(alphabet[i % len(alphabet)] for i in range(len(classes)))


@lru_cache(maxsize=1024)
def narrow(text: str, limit: int | None = None) -> str:
    """Foreign text made harmless and one cell a character: the canvas counts characters."""
    clean = safe(text)
    clean = "".join(c if cell_len(c) == 1 else "?" for c in clean)
    return safe(clean, limit)


@lru_cache(maxsize=1024)
def pretty(name: str, limit: int = 24) -> str:
    """x1 as x₁; foreign names made harmless and cut."""
    if len(name) > 1 and name[0] in "xy" and name[1:].isascii() and name[1:].isdigit():
        return name[0] + sub(int(name[1:]))
    return narrow(name, limit)


def short(value: float, decimals: int) -> str:
    """A datum with `decimals`, or as a power of ten where that takes more than 7 characters."""
    text = f"{value:.{decimals}f}" if abs(value) < 1e7 or not math.isfinite(value) else " " * 8
    if len(text) > 7:
        digits, _, exponent = f"{value:.1e}".partition("e")
        text = f"{digits}e{int(exponent)}"
    return text.replace("-", "−")
