"""What the network says about whole parts of the data, and how good it is: losses, accuracy, rmse."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.experiment.build import Experiment, Part
from bptui.nn.losses import loss_for
from bptui.nn.network import Network
from bptui.nn.sizes import rms
from bptui.nn.tape import ForwardPass, Penalty

Array = NDArray[Any]

CHUNK = 1024  # examples of one forward pass: its arrays stay small


class Metrics(NamedTuple):
    """loss is the data loss; accuracy is None for numbers, rmse (in the target's own unit) for classes."""

    loss: float
    penalty: float
    accuracy: float | None
    rmse: float | None


class Evaluation(NamedTuple):
    """predictions (n, n_L), right (n,) or None for numbers; losses (n,): ℓ of each example; alive: per layer,
    units (n_l,) with a ≠ 0."""

    metrics: Metrics
    predictions: Array
    right: NDArray[np.bool_] | None
    alive: tuple[NDArray[np.bool_], ...]
    losses: Array


class Evaluator:
    """Forward passes with arrays of their own, so that a look never disturbs the step in hand."""

    def __init__(self, experiment: Experiment, network: Network, penalty: Penalty) -> None:
        self._experiment, self._network, self._penalty = experiment, network, penalty
        self._passes: dict[int, ForwardPass] = {}
        self._loss = loss_for(experiment.loss, network.activations[-1], experiment.train.targets)

    def predict(self, inputs: Array) -> Array:
        """Network inputs (m, n_0) -> outputs (m, n_L), a copy."""
        outputs = [self._forward(part).a[-1].copy() for part in _chunks(inputs)]
        if len(outputs) == 1:
            return outputs[0]
        return np.concatenate(outputs) if outputs else np.empty((0, self._network.sizes[-1]))

    def activations(self, inputs: Array, l: int) -> Array:
        """Network inputs (m, n_0) -> a⁽ˡ⁾ (m, n_l), a copy; l from 1."""
        units = [self._forward(part).a[l - 1].copy() for part in _chunks(inputs)]
        return np.concatenate(units) if units else np.empty((0, self._network.sizes[l]))

    def batch_loss(self, inputs: Array, targets: Array) -> float:
        """Data loss of one batch with the weights as they are."""
        with np.errstate(all="ignore"):
            done = self._forward(inputs)
            return float(self._loss.each(done.z[-1], done.a[-1], targets).mean())

    def evaluate(self, part: Part) -> Evaluation:
        """Over the whole part, with the weights as they are; what overflows is inf or nan in the result."""
        with np.errstate(all="ignore"):
            return self._evaluate(part)

    def _evaluate(self, part: Part) -> Evaluation:
        outputs, losses = [], []
        alive = [np.zeros(n, bool) for n in self._network.sizes[1:]]
        for start in range(0, len(part.inputs), CHUNK):
            done = self._forward(part.inputs[start : start + CHUNK])
            targets = part.targets[start : start + CHUNK]
            losses.append(self._loss.each(done.z[-1], done.a[-1], targets))
            outputs.append(done.a[-1].copy())
            for seen, a in zip(alive, done.a, strict=True):
                seen |= (a != 0).any(axis=0)
        predictions = np.concatenate(outputs)
        total = sum(float(each.sum()) for each in losses)
        right = answers_right(self._experiment, predictions, part.targets)
        metrics = Metrics(
            total / len(part.inputs),
            self._penalty.of(self._network),
            None if right is None else float(right.mean()),
            self._rmse(predictions, part.targets) if right is None else None,
        )
        return Evaluation(metrics, predictions, right, tuple(alive), np.concatenate(losses))

    def _rmse(self, predictions: Array, targets: Array) -> float:
        """The root of the mean over examples and outputs."""
        scaling = self._experiment.target_scaling
        error = scaling.undo(predictions.astype(float)) - scaling.undo(targets)
        return rms(error)

    def _forward(self, inputs: Array) -> ForwardPass:
        size = len(inputs)
        if size not in self._passes:
            # The usual sizes recur; a terminal that is resized brings new ones without end.
            if len(self._passes) >= 8:
                self._passes.pop(next(iter(self._passes)))
            self._passes[size] = ForwardPass(self._network, size)
        forward = self._passes[size]
        with np.errstate(all="ignore"):
            forward.predict(inputs)
        return forward


def answers_right(experiment: Experiment, output: Array, targets: Array) -> NDArray[np.bool_] | None:
    """(n,) which answers are right; ½ itself is the first class. None for numbers."""
    encoding = experiment.task.encoding
    if encoding == "numbers":
        return None
    if encoding == "one_hot":
        return np.asarray(output.argmax(axis=1) == targets.argmax(axis=1))
    return np.asarray(((output > 0.5) == (targets > 0.5)).all(axis=1))


def _chunks(inputs: Array) -> list[Array]:
    return [inputs[start : start + CHUNK] for start in range(0, len(inputs), CHUNK)]
