"""Loss functions with the error signal they start the backward pass with.

An example's loss is ℓ, the batch's L is their mean. `mse`: ℓ = ½ Σ (ŷ − y)². `cross_entropy`: with a
sigmoid −Σ [y ln ŷ + (1 − y) ln(1 − ŷ)], with softmax −Σ y ln ŷ, both from the pre-activations, so that
ŷ = 0 and ŷ = 1 stay finite. δ = ∂ℓ/∂z at the output, each example's own, not divided by the batch.

A loss is told the output activation and the targets once; `prepare` gives the rows that are gathered
with each batch: the targets, and under them what the loss needs beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial as call
from typing import Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.nn.activations import Activation, constant
from bptui.nn.operation import Call

Array = NDArray[Any]


class OutputArrays(NamedTuple):
    """The output's work arrays, each (n_L, batch); `beside` are the loss's own gathered rows, `shifted` and
    `total` a softmax's z − max z and Σ of their powers, written with its a."""

    z: Array
    a: Array
    shifted: Array
    total: Array
    y: Array
    beside: Array
    slope: Array
    delta: Array


class PreparedLoss(NamedTuple):
    """Calls for the loss and for the output's δ; `read()` finishes the loss from its 0-d sums."""

    loss_calls: list[Call]
    delta_calls: list[Call]
    delta_equation: str
    uses_slope: bool
    read: Callable[[], float]


class Loss:
    """A loss for one output activation and one kind of targets."""

    name: ClassVar[str]

    def __init__(self, output: Activation, targets: Array) -> None:
        """targets: all of them, (n, n_L)."""
        self.output = output

    def prepare(self, targets: Array) -> Array:
        """(n, n_L) targets -> (n_L + own rows, n), features first, C-contiguous."""
        return np.ascontiguousarray(targets.T)

    def build(self, arrays: OutputArrays) -> PreparedLoss:
        raise NotImplementedError

    def each(self, z: Array, a: Array, y: Array) -> Array:
        """ℓ of each example, (batch,), for the eye; z, a, y are (batch, n_L)."""
        raise NotImplementedError

    def of_one_guess(self, y: Array) -> float:
        """The lowest mean of ℓ that one answer for all of these can have: their mean's. y: (n, n_L)."""
        raise NotImplementedError


class MeanSquaredError(Loss):
    """ℓ = ½ Σₖ (ŷₖ − yₖ)²"""

    name = "mse"

    def build(self, arrays: OutputArrays) -> PreparedLoss:
        error, total = np.empty_like(arrays.a), constant(0.0, arrays.a)
        flat, share = error.ravel(), 0.5 / arrays.a.shape[1]
        loss: list[Call] = [call(np.subtract, arrays.a, arrays.y, error), call(flat.dot, flat, total)]
        delta, equation, uses_slope = self._delta(arrays, error)
        return PreparedLoss(loss, delta, equation, uses_slope, lambda: total.item() * share)

    def _delta(self, arrays: OutputArrays, error: Array) -> tuple[list[Call], str, bool]:
        a, delta = arrays.a, arrays.delta
        if self.output.name == "linear":
            return [call(np.copyto, delta, error)], "ŷ − y", False
        if self.output.name == "softmax":
            # Jᵀe = a ⊙ (e − Σ e a): every output's error reaches every z.
            ones, shared = np.ones((len(a), len(a)), a.dtype), np.empty_like(a)
            calls: list[Call] = [
                call(np.multiply, error, a, delta),
                call(ones.dot, delta, shared),
                call(np.subtract, error, shared, delta),
                call(np.multiply, delta, a, delta),
            ]
            return calls, "ŷ ⊙ ((ŷ − y) − Σ (ŷ − y) ŷ)", False
        calls = [
            *self.output.slope(arrays.z, a, arrays.slope),
            call(np.multiply, error, arrays.slope, delta),
        ]
        return calls, "(ŷ − y) ⊙ {slope}", True

    def each(self, z: Array, a: Array, y: Array) -> Array:
        return np.asarray(0.5 * np.square(a - y).sum(axis=1))

    def of_one_guess(self, y: Array) -> float:
        return 0.5 * float(y.var(axis=0).sum())


class SigmoidCrossEntropy(Loss):
    """ℓ = −Σₖ [y ln ŷ + (1 − y) ln(1 − ŷ)] = Σₖ y softplus(−z) + (1 − y) softplus(z)"""

    name = "cross_entropy"

    def __init__(self, output: Activation, targets: Array) -> None:
        super().__init__(output, targets)
        self.hard = bool(np.isin(targets, (0.0, 1.0)).all())

    def prepare(self, targets: Array) -> Array:
        """Below the targets: where all are 0 or 1 the sign that turns z into −z for y = 1, else 1 − y."""
        beside = 1.0 - 2.0 * targets if self.hard else 1.0 - targets
        return np.ascontiguousarray(np.concatenate([targets, beside], axis=1).T)

    def build(self, arrays: OutputArrays) -> PreparedLoss:
        delta: list[Call] = [call(np.subtract, arrays.a, arrays.y, arrays.delta)]
        loss, read = self._hard(arrays) if self.hard else self._soft(arrays)
        return PreparedLoss(loss, delta, "ŷ − y", False, read)

    def _hard(self, arrays: OutputArrays) -> tuple[list[Call], Callable[[], float]]:
        z, each, total, zero = (
            arrays.z,
            np.empty_like(arrays.z),
            constant(0.0, arrays.z),
            constant(0.0, arrays.z),
        )
        flat, ones, batch = each.ravel(), np.ones(z.size, z.dtype), z.shape[1]
        calls: list[Call] = [
            call(np.multiply, z, arrays.beside, each),
            call(np.logaddexp, zero, each, each),
            call(flat.dot, ones, total),
        ]
        return calls, lambda: total.item() / batch

    def _soft(self, arrays: OutputArrays) -> tuple[list[Call], Callable[[], float]]:
        z, zero = arrays.z, constant(0.0, arrays.z)
        for_one, for_zero = np.empty_like(z), np.empty_like(z)
        ones, zeros, batch = constant(0.0, z), constant(0.0, z), z.shape[1]
        calls: list[Call] = [
            call(np.negative, z, for_one),
            call(np.logaddexp, zero, for_one, for_one),
            call(np.logaddexp, zero, z, for_zero),
            call(arrays.y.ravel().dot, for_one.ravel(), ones),
            call(arrays.beside.ravel().dot, for_zero.ravel(), zeros),
        ]
        return calls, lambda: (ones.item() + zeros.item()) / batch

    def each(self, z: Array, a: Array, y: Array) -> Array:
        return np.asarray((y * np.logaddexp(0.0, -z) + (1.0 - y) * np.logaddexp(0.0, z)).sum(axis=1))

    def of_one_guess(self, y: Array) -> float:
        share = y.mean(axis=0)
        return -_x_log_x(share) - _x_log_x(1.0 - share)


class SoftmaxCrossEntropy(Loss):
    """ℓ = −Σₖ yₖ ln ŷₖ = Σₖ yₖ (ln Σ eᶻ − zₖ)"""

    name = "cross_entropy"

    def __init__(self, output: Activation, targets: Array) -> None:
        super().__init__(output, targets)
        self.distribution = bool((np.abs(targets.sum(axis=1) - 1.0) <= 1e-12).all())

    def prepare(self, targets: Array) -> Array:
        """Below the targets, unless each example's sum to 1, their sum in as many rows."""
        if self.distribution:
            return super().prepare(targets)
        sums = np.repeat(targets.sum(axis=1, keepdims=True), targets.shape[1], axis=1)
        return np.ascontiguousarray(np.concatenate([targets, sums], axis=1).T)

    def build(self, arrays: OutputArrays) -> PreparedLoss:
        z, y, batch = arrays.z, arrays.y, arrays.z.shape[1]
        log, logs, agreed = np.empty(batch, z.dtype), constant(0.0, z), constant(0.0, z)
        weight = np.ones(batch, z.dtype) if self.distribution else arrays.beside[0]
        loss: list[Call] = [
            call(np.log, arrays.total[0], log),
            call(weight.dot, log, logs),
            call(y.ravel().dot, arrays.shifted.ravel(), agreed),
        ]
        delta, equation = self._delta(arrays)
        return PreparedLoss(loss, delta, equation, False, lambda: (logs.item() - agreed.item()) / batch)

    def _delta(self, arrays: OutputArrays) -> tuple[list[Call], str]:
        if self.distribution:
            return [call(np.subtract, arrays.a, arrays.y, arrays.delta)], "ŷ − y"
        calls: list[Call] = [
            call(np.multiply, arrays.a, arrays.beside, arrays.delta),
            call(np.subtract, arrays.delta, arrays.y, arrays.delta),
        ]
        return calls, "ŷ Σy − y"

    def each(self, z: Array, a: Array, y: Array) -> Array:
        shifted = z - z.max(axis=1, keepdims=True)
        logs = np.log(np.exp(shifted).sum(axis=1))
        return np.asarray(y.sum(axis=1) * logs - (y * shifted).sum(axis=1))

    def of_one_guess(self, y: Array) -> float:
        share = y.mean(axis=0)
        return _x_log_x(share.sum()) - _x_log_x(share)


def _x_log_x(x: Array) -> float:
    """Σ x ln x, where 0 ln 0 is 0."""
    return float((x * np.log(np.where(x > 0, x, 1.0))).sum())


LOSSES = ("mse", "cross_entropy")


def loss_for(name: str, output: Activation, targets: Array) -> Loss:
    """The loss `name` for this output and these targets (n, n_L).

    ValueError where they do not go together; a preset is checked before, so this is a programmer's.
    """
    if name == "mse":
        return MeanSquaredError(output, targets)
    if name == "cross_entropy" and output.name == "sigmoid":
        return SigmoidCrossEntropy(output, targets)
    if name == "cross_entropy" and output.name == "softmax":
        return SoftmaxCrossEntropy(output, targets)
    raise ValueError(f"{name} does not go with a {output.name} output")
