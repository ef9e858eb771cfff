"""Tapes for tests, made in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from bptui.nn.losses import loss_for
from bptui.nn.network import Network
from bptui.nn.optimizers import OPTIMIZERS
from bptui.nn.tape import Examples, Penalty, Tape

Array = np.ndarray[Any, Any]
NOTHING: Mapping[str, float] = {}
NO_PENALTY = Penalty()


def tape_for(
    network: Network,
    loss: str,
    inputs: Array,
    targets: Array,
    *,
    optimizer: str = "sgd",
    options: Mapping[str, float] = NOTHING,
    eta: float = 0.1,
    penalty: Penalty = NO_PENALTY,
    batch: int | None = None,
) -> Tape:
    """A tape on the first `batch` of these examples (all of them), gathered."""
    inputs, targets = np.asarray(inputs, float), np.asarray(targets, float)
    made = OPTIMIZERS[optimizer](network.parameters, network.gradient, eta, options, network.moving)
    examples = Examples(inputs, targets, loss_for(loss, network.activations[-1], targets), network.dtype)
    tape = Tape(network, examples, batch or len(inputs), made, penalty)
    run(tape.load(np.arange(batch or len(inputs))))
    return tape


def run(calls: Sequence[Any]) -> None:
    for call in calls:
        call()


def random_network(
    sizes: Sequence[int], activations: Sequence[str], seed: int = 0, dtype: str = "float64"
) -> Network:
    """Weights N(0, 1/n_in), biases N(0, ¼)."""
    rng = np.random.default_rng(seed)
    network = Network(sizes, activations, dtype)
    for w, b in zip(network.weights, network.biases, strict=True):
        w[...] = rng.normal(0.0, w.shape[1] ** -0.5, w.shape)
        b[...] = rng.normal(0.0, 0.5, b.shape)
    return network
