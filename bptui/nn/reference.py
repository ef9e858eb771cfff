"""The judge: forward pass and loss as the article writes them, plain, in any dtype, complex too.

It shares no line with the tape. Every formula is analytic where its real part says which branch holds,
so that a complex step, ∂f/∂x = Im f(x + ih) / h, runs through it exactly: branches look at `.real`, and
|w|, max and the like are written as such branches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def softplus(z: Array) -> Array:
    """ln(1 + eᶻ), without overflow on either side."""
    large = np.where(z.real > 0, z, 0)
    return np.asarray(large + np.log1p(np.exp(z - 2 * large)))


def sigmoid(z: Array) -> Array:
    """1 / (1 + e⁻ᶻ), the power never above 1."""
    power = np.exp(np.where(z.real > 0, -z, z))
    return np.asarray(np.where(z.real > 0, 1, power) / (1 + power))


def softmax(z: Array) -> Array:
    """eᶻᵢ / Σ eᶻₖ over the last axis."""
    powers = np.exp(z - z.real.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _elu(z: Array) -> Array:
    return np.where(z.real > 0, z, np.expm1(np.where(z.real > 0, 0, z)))


def _gelu(z: Array) -> Array:
    return np.asarray(z / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z * z * z))))


FORMULAS: dict[str, Callable[[Array], Array]] = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.where(z.real > 0, z, 0),
    "leaky_relu": lambda z: np.where(z.real > 0, z, z / 100),
    "elu": _elu,
    "softplus": softplus,
    "gelu": _gelu,
    "sin": np.sin,
    "linear": lambda z: z,
    "softmax": softmax,
}


def forward(
    weights: Sequence[Array],
    biases: Sequence[Array],
    activations: Sequence[str],
    a: Array,
    off: Sequence[Array] = (),
) -> list[tuple[Array, Array]]:
    """z = a Wᵀ + b and a = σ(z), layer by layer, from a (batch, n_0); [(z, a), …], each (batch, n_l).

    off: for the first layers, as many as are given, which units (n_l,) say 0 whatever their z is.
    """
    layers = []
    silent = [*off, *[None] * (len(weights) - len(off))]
    for w, b, name, s in zip(weights, biases, activations, silent, strict=True):
        z = a @ w.T + b
        a = activation(name, z, s)
        layers.append((z, a))
    return layers


def activation(name: str, z: Array, off: Array | None = None) -> Array:
    """a = σ(z), 0 where a unit is off, (n_l,)."""
    a = FORMULAS[name](z)
    return a if off is None else np.where(off, 0, a)


def loss(name: str, output: str, z: Array, a: Array, y: Array) -> Any:
    """The batch's mean of ℓ, from the output's z and a and the targets y, each (batch, n_L)."""
    if name == "mse":
        each = ((a - y) ** 2).sum(axis=1) / 2
    elif output == "sigmoid":
        each = (y * softplus(-z) + (1 - y) * softplus(z)).sum(axis=1)
    else:
        shifted = z - z.real.max(axis=1, keepdims=True)
        each = (y * (np.log(np.exp(shifted).sum(axis=1, keepdims=True)) - shifted)).sum(axis=1)
    return each.mean()


def penalty(weights: Sequence[Array], l1: float, l2: float) -> Any:
    """λ₁ Σ|w| + ½ λ₂ Σ w² over weights, not biases; |w| has slope 0 at 0."""
    size = sum(np.where(w.real > 0, w, np.where(w.real < 0, -w, 0)).sum() for w in weights)
    square = sum((w * w).sum() for w in weights)
    return l1 * size + l2 * square / 2
