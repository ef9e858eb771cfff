"""What the main screen ought to say, computed a second time in plain NumPy: shares no line with bptui."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = Any

FORWARD = {
    "tanh": np.tanh,
    "linear": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=1, keepdims=True),
}


@dataclass
class Step:
    """Forward and backward of one batch, with the weights given; loss is the data loss."""

    weights: list[Array]
    biases: list[Array]
    activations: tuple[str, ...]
    loss_name: str
    inputs: Array
    targets: Array
    z: list[Array] = field(default_factory=list)
    a: list[Array] = field(default_factory=list)
    delta: list[Array] = field(default_factory=list)
    grad_weights: list[Array] = field(default_factory=list)
    grad_biases: list[Array] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.z, self.a = self.forward(self.inputs)
        delta = self.a[-1] - self.targets  # of cross entropy on sigmoid or softmax, and of mse on linear
        for l in reversed(range(len(self.weights))):
            below = self.a[l - 1] if l else self.inputs
            self.delta.insert(0, delta)
            self.grad_weights.insert(0, delta.T @ below / len(below))
            self.grad_biases.insert(0, delta.mean(axis=0))
            if l:
                delta = (delta @ self.weights[l]) * (1 - self.a[l - 1] ** 2)  # tanh

    def forward(self, inputs: Array) -> tuple[list[Array], list[Array]]:
        zs, activations, a = [], [], inputs
        for w, b, name in zip(self.weights, self.biases, self.activations, strict=True):
            z = a @ w.T + b
            a = FORWARD[name](z)
            zs.append(z)
            activations.append(a)
        return zs, activations

    def predict(self, inputs: Array) -> Array:
        return self.forward(inputs)[1][-1]

    @property
    def loss(self) -> float:
        y, target = self.a[-1], self.targets
        if self.loss_name == "mse":
            return float((0.5 * (y - target) ** 2).sum(axis=1).mean())
        if self.activations[-1] == "sigmoid":
            return float(-(target * np.log(y) + (1 - target) * np.log(1 - y)).sum(axis=1).mean())
        return float(-(target * np.log(y)).sum(axis=1).mean())


def rms(x: Array) -> float:
    return float(np.sqrt(np.mean(np.square(x))))
