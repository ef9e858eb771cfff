"""Starting weights. Biases start at 0.

glorot (Glorot, Bengio 2010): variance 2 / (n_in + n_out); he (He et al. 2015): 2 / n_in; lecun (LeCun et
al. 1998): 1 / n_in. A uniform distribution of variance v reaches to √(3 v).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.nn.network import Network

Array = NDArray[Any]
Draw = Callable[[np.random.Generator, tuple[int, int], float], Array]


def _uniform(variance: Callable[[int, int], float]) -> Draw:
    def draw(rng: np.random.Generator, shape: tuple[int, int], scale: float) -> Array:
        reach = math.sqrt(3.0 * variance(shape[1], shape[0]))
        return rng.uniform(-reach, reach, shape)

    return draw


def _normal(variance: Callable[[int, int], float]) -> Draw:
    def draw(rng: np.random.Generator, shape: tuple[int, int], scale: float) -> Array:
        return rng.normal(0.0, math.sqrt(variance(shape[1], shape[0])), shape)

    return draw


def _glorot(n_in: int, n_out: int) -> float:
    return 2.0 / (n_in + n_out)


def _he(n_in: int, n_out: int) -> float:
    return 2.0 / n_in


def _lecun(n_in: int, n_out: int) -> float:
    return 1.0 / n_in


INITIALIZERS: dict[str, Draw] = {
    "glorot_uniform": _uniform(_glorot),
    "glorot_normal": _normal(_glorot),
    "he_uniform": _uniform(_he),
    "he_normal": _normal(_he),
    "lecun_normal": _normal(_lecun),
    "uniform": lambda rng, shape, scale: rng.uniform(-scale, scale, shape),
    "normal": lambda rng, shape, scale: rng.normal(0.0, scale, shape),
    "zeros": lambda rng, shape, scale: np.zeros(shape),
}


def initialize(network: Network, name: str, scale: float, rng: np.random.Generator) -> None:
    """Draw every layer's weights in their order; `scale` is for uniform, U(−s, s), and normal, N(0, s²)."""
    draw = INITIALIZERS[name]
    for weights, biases in zip(network.weights, network.biases, strict=True):
        weights[...] = draw(rng, (weights.shape[0], weights.shape[1]), scale)
        biases[...] = 0.0
