"""Activation functions, each beside its slope, written as lists of prepared NumPy calls.

`value(z, a)` writes a = σ(z); `slope(z, a, s)` writes s = σ′(z), from z or from a, whichever is
cheaper; both take arrays (n_l, batch) of one dtype and allocate only when they are prepared, never
when they run. To add an activation: a class here and in _HIDDEN, a formula in reference.py, its name in
experiment/schema.py.
"""

from __future__ import annotations

import math
from functools import partial as call
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from bptui.nn.operation import Call

Array = NDArray[Any]


class Activation:
    """σ and σ′ as prepared calls.

    formula, slope_formula: σ(z) and σ′(z), in the notation's signs, from z or from a. words: the end of a
    sentence that begins with "Each unit". steepest: the largest |σ′| there is, None
    where it has no bound (or where no part of σ is flat, so that saturation means nothing). corners:
    the z at which σ′ or σ″ jumps. can_die: a unit whose slope is 0 for every example has stopped
    learning.
    """

    name: ClassVar[str]
    symbol: ClassVar[str]
    formula: ClassVar[str]
    slope_formula: ClassVar[str] = ""
    words: ClassVar[str]
    steepest: ClassVar[float | None] = None
    corners: ClassVar[tuple[float, ...]] = ()
    can_die: ClassVar[bool] = False

    def value(self, z: Array, a: Array) -> list[Call]:
        raise NotImplementedError

    def slope(self, z: Array, a: Array, s: Array) -> list[Call]:
        raise NotImplementedError


def constant(value: float, like: Array) -> Array:
    """A 0-d array of the dtype of `like`: a Python float costs a conversion at each call."""
    return np.array(value, dtype=like.dtype)


def logistic(z: Array, out: Array) -> list[Call]:
    """σ(z) = 1 / (1 + e⁻ᶻ); where e⁻ᶻ overflows, 1 / ∞ = 0 is the right answer."""
    one = constant(1.0, z)
    return [
        call(np.negative, z, out),
        call(np.exp, out, out),
        call(np.add, out, one, out),
        call(np.reciprocal, out, out),
    ]


class Sigmoid(Activation):
    """σ(z) = 1 / (1 + e⁻ᶻ), σ′ = a (1 − a) ≤ ¼."""

    name, symbol, steepest = "sigmoid", "σ", 0.25
    formula, slope_formula = "1 / (1 + e^(−z))", "a (1 − a)"
    words = "bends its sum: steep near 0, flat far out, always between 0 and 1."

    def value(self, z: Array, a: Array) -> list[Call]:
        return logistic(z, a)

    def slope(self, z: Array, a: Array, s: Array) -> list[Call]:
        one = constant(1.0, z)
        return [call(np.subtract, one, a, s), call(np.multiply, s, a, s)]


class Tanh(Activation):
    """tanh(z), σ′ = 1 − a² ≤ 1."""

    name, symbol, steepest = "tanh", "tanh", 1.0
    formula, slope_formula = "(e^(z) − e^(−z)) / (e^(z) + e^(−z))", "1 − a²"
    words = "bends its sum: steep near 0, flat far out, always between −1 and 1."

    def value(self, z: Array, a: Array) -> list[Call]:
        return [call(np.tanh, z, a)]

    def slope(self, z: Array, a: Array, s: Array) -> list[Call]:
        one = constant(1.0, z)
        return [call(np.multiply, a, a, s), call(np.subtract, one, s, s)]


class Relu(Activation):
    """max(0, z); σ′ = 1 where z > 0, else 0 (at 0 too)."""

    name, symbol, corners, can_die = "relu", "relu", (0.0,), True
    formula, slope_formula = "max(0, z)", "1 where z > 0, else 0"
    words = "passes a positive sum on as it is and makes a negative one 0."

    def value(self, z: Array, a: Array) -> list[Call]:
        # The number before the array: NumPy takes a quarter less time over it than the other way round.
        return [call(np.maximum, constant(0.0, z), z, out=a)]

    def slope(self, z: Array, a: Array, s: Array) -> list[Call]:
        # a is 0 or above, so its sign is 1 or 0; one call where a comparison would take two.
        return [call(np.sign, a, s)]


class LeakyRelu(Activation):
    """z where z > 0, else 0.01 z."""

    name, symbol, corners = "leaky_relu", "leaky", (0.0,)
    formula, slope_formula = "z where z > 0, else 0.01 z", "1 where z > 0, else 0.01"
    words = "passes a positive sum on as it is, and a hundredth of a negative one."
    leak: ClassVar[float] = 0.01

    def value(self, z: Array, a: Array) -> list[Call]:
        return [call(np.multiply, z, constant(self.leak, z), a), call(np.maximum, a, z, out=a)]

    def slope(self, z: Array, a: Array, s: Array) -> list[Call]:
        on = np.empty(z.shape, dtype=bool)
        rise, leak = constant(1.0 - self.leak, z), constant(self.leak, z)
        return [
            call(np.greater, z, constant(0.0, z), on),
            call(np.copyto, s, on),
            call(np.multiply, s, rise, s),
            call(np.add, s, leak, s),
        ]


class Elu(Activation):
    """z where z > 0, else eᶻ − 1 (α = 1); σ′ = 1 or eᶻ = a + 1."""

    name, symbol, corners = "elu", "elu", (0.0,)
    formula, slope_formula = "z where z > 0, else e^(z) − 1", "1 where z > 0, else a + 1"
    words = "passes a positive sum on as it is; a negative one is bent and stays above −1."

    def value(self, z: Array, a: Array) -> list[Call]:
        zero, positive = constant(0.0, z), np.empty_like(z)
        return [
            call(np.minimum, z, zero, out=a),
            call(np.expm1, a, a),
            call(np.maximum, z, zero, out=positive),
            call(np.add, a, positive, a),
        ]

    def slope(self, z: Array, a: Array, s: Array) -> list[Call]:
        zero, one = constant(0.0, z), constant(1.0, z)
        return [call(np.minimum, a, zero, out=s), call(np.add, s, one, s)]


class Softplus(Activation):
    """ln(1 + eᶻ), σ′ = 1 / (1 + e⁻ᶻ)."""

    name, symbol = "softplus", "softplus"
    formula, slope_formula = "ln(1 + e^(z))", "1 / (1 + e^(−z))"
    words = "is a relu without its corner: always above 0, nearly z where z is large."

    def value(self, z: Array, a: Array) -> list[Call]:
        return [call(np.logaddexp, constant(0.0, z), z, a)]

    def slope(self, z: Array, a: Array, s: Array) -> list[Call]:
        return logistic(z, s)


class Gelu(Activation):
    """½ z (1 + t), t = tanh(√(2/π) (z + 0.044715 z³)): the tanh form (Hendrycks, Gimpel 2016)."""

    name, symbol = "gelu", "gelu"
    formula = "½ z (1 + t),  t = tanh(√(2/π) (z + 0.044715 z³))"
    slope_formula = "½ (1 + t) + ½ z (1 − t²) √(2/π) (1 + 0.134145 z²)"
    words = "passes a large sum on, holds a negative one back, and bends smoothly between."
    root: ClassVar[float] = math.sqrt(2.0 / math.pi)
    cubic: ClassVar[float] = 0.044715

    def value(self, z: Array, a: Array) -> list[Call]:
        one, half = constant(1.0, z), constant(0.5, z)
        return [
            *self._tanh_part(z, a),
            call(np.add, a, one, a),
            call(np.multiply, a, z, a),
            call(np.multiply, a, half, a),
        ]

    def slope(self, z: Array, a: Array, s: Array) -> list[Call]:
        """½ (1 + t) + ½ z (1 − t²) √(2/π) (1 + 3 · 0.044715 z²)"""
        one, half = constant(1.0, z), constant(0.5, z)
        t, inner = np.empty_like(z), np.empty_like(z)
        return [
            *self._tanh_part(z, t),
            call(np.multiply, z, z, inner),
            call(np.multiply, inner, constant(3.0 * self.cubic * self.root, z), inner),
            call(np.add, inner, constant(self.root, z), inner),
            call(np.multiply, inner, z, inner),
            call(np.multiply, t, t, s),
            call(np.subtract, one, s, s),
            call(np.multiply, s, inner, s),
            call(np.add, s, t, s),
            call(np.add, s, one, s),
            call(np.multiply, s, half, s),
        ]

    def _tanh_part(self, z: Array, out: Array) -> list[Call]:
        return [
            call(np.multiply, z, z, out),
            call(np.multiply, out, constant(self.cubic * self.root, z), out),
            call(np.add, out, constant(self.root, z), out),
            call(np.multiply, out, z, out),
            call(np.tanh, out, out),
        ]


class Sin(Activation):
    """sin(z), σ′ = cos(z)."""

    name, symbol = "sin", "sin"
    formula, slope_formula = "sin z", "cos z"
    words = "makes a wave of its sum, always between −1 and 1."

    def value(self, z: Array, a: Array) -> list[Call]:
        return [call(np.sin, z, a)]

    def slope(self, z: Array, a: Array, s: Array) -> list[Call]:
        return [call(np.cos, z, s)]


class Linear(Activation):
    """a = z, σ′ = 1."""

    name, symbol = "linear", ""
    formula, slope_formula = "z", "1"
    words = "passes its sum on as it is."

    def value(self, z: Array, a: Array) -> list[Call]:
        return [call(np.copyto, a, z)]

    def slope(self, z: Array, a: Array, s: Array) -> list[Call]:
        return [call(s.fill, 1.0)]


class Softmax(Activation):
    """eᶻᵢ / Σ eᶻₖ over the units of an example; its derivative is a whole Jacobian, see losses.py."""

    name, symbol = "softmax", "softmax"
    formula = "e^(zₖ) / Σᵢ e^(zᵢ)"
    words = "gets a share of 1: the larger its sum, the larger its share."

    def value(self, z: Array, a: Array) -> list[Call]:
        return self.value_and_parts(z, a, np.empty_like(z), np.empty_like(z))

    def value_and_parts(self, z: Array, a: Array, shifted: Array, total: Array) -> list[Call]:
        """The largest z is taken off first, so that no power overflows; `shifted` and the powers' `total`,
        the same in every row, are what a loss can go on from."""
        units, batch = z.shape
        largest = np.empty(batch, z.dtype)
        # A product with a square of ones puts the sum into every row: cheaper than a reduction.
        ones = np.ones((units, units), z.dtype)
        return [
            call(np.maximum.reduce, z, 0, None, largest),
            # Written into every row first: a ufunc that broadcasts allocates a buffer and takes longer.
            call(np.copyto, shifted, largest),
            call(np.subtract, z, shifted, shifted),
            call(np.exp, shifted, a),
            call(ones.dot, a, total),
            call(np.divide, a, total, a),
        ]

    def slope(self, z: Array, a: Array, s: Array) -> list[Call]:
        raise ValueError("softmax has no slope a unit: it is for outputs alone")


_HIDDEN: tuple[Activation, ...] = (
    Sigmoid(),
    Tanh(),
    Relu(),
    LeakyRelu(),
    Elu(),
    Softplus(),
    Gelu(),
    Sin(),
    Linear(),
)
ACTIVATIONS: dict[str, Activation] = {activation.name: activation for activation in _HIDDEN}
OUTPUTS: dict[str, Activation] = {**ACTIVATIONS, Softmax.name: Softmax()}
