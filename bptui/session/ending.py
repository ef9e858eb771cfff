"""The last updates before a divergence: how large weights, gradient and change were in each.

A gradient is computed again, on a network of its own, from the weights and the batch of its update: the run
stays as it is.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.nn.sizes import norm
from bptui.session.forecast import twin
from bptui.session.frame import Ending, LastUpdate
from bptui.session.trainer import KEPT_CHANGES, Trainer

Array = NDArray[Any]


def ending(trainer: Trainer) -> Ending | None:
    """Of the layer in which a number was first not finite; of the last one where that was the loss. None
    without a divergence."""
    found = trainer.divergence
    if found is None:
        return None
    layer = found.layer or trainer.network.depth
    steps = range(max(trainer.steps - KEPT_CHANGES, 0), trainer.steps)
    with np.errstate(all="ignore"):
        made = [_made(trainer, layer, step) for step in steps if trainer.before(step) is not None]
        broken = LastUpdate(found.step, _largest(_weights(trainer, layer, trainer.network.parameters)))
    return Ending(layer, (*made, broken))


def _made(trainer: Trainer, layer: int, step: int) -> LastUpdate:
    """Update `step`, from 0, that was made."""
    before = trainer.before(step)
    after = trainer.before(step + 1) if step + 1 < trainer.steps else trainer.network.parameters
    assert before is not None
    weights, ratio = _weights(trainer, layer, before), None
    if after is not None:
        new = _weights(trainer, layer, after)
        ratio = norm(new - weights) / size if (size := norm(new)) else None
    return LastUpdate(step + 1, _largest(weights), _gradient(trainer, layer, step, before), ratio)


def _weights(trainer: Trainer, layer: int, parameters: Array) -> Array:
    return trainer.network.layers_of(parameters)[layer - 1][:, :-1]


def _largest(weights: Array) -> float:
    return float(np.abs(weights).max(initial=0.0))


def _gradient(trainer: Trainer, layer: int, step: int, parameters: Array) -> float:
    """‖∂L/∂W‖ of the layer, with these weights on the batch of update `step`."""
    network, tape = twin(trainer, trainer.eta, step, parameters)
    for operation in tape.operations[: tape.gradients]:
        operation.run()
    return norm(network.grad_weights[layer - 1])
