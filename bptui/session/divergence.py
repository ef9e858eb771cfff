"""Where a number first stopped being finite: which operation wrote it, of which layer, what it is called."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.nn.operation import Kind, Operation
from bptui.nn.sizes import is_finite
from bptui.nn.tape import Tape

Array = NDArray[Any]


class Divergence(NamedTuple):
    """The first number that was not finite, in update `step` and its operation `operation`, both from 1."""

    step: int
    operation: int
    layer: int | None  # None for the loss
    quantity: str  # loss, z, a, delta, grad_W, grad_b, W or b


def not_finite(tape: Tape, operation: Operation) -> tuple[int | None, str] | None:
    """(layer, quantity) that this operation, just run, wrote and that is not finite; None: all is well."""
    layer = operation.layer or 0
    if operation.kind is Kind.LOSS:
        return None if np.isfinite(tape.read_loss()) else (None, "loss")
    if operation.kind is Kind.PRE_ACTIVATION:
        return _first({"z": tape.z[layer - 1]}, layer)
    if operation.kind is Kind.ACTIVATION:
        return _first({"a": tape.a[layer - 1]}, layer)
    if operation.kind is Kind.DELTA:
        return _first({"delta": tape.delta[layer - 1]}, layer)
    network = tape.network
    if operation.kind is Kind.UPDATE:
        return next(
            (
                found
                for flat in (network.parameters, *tape.optimizer.moments)
                for l, block in enumerate(network.layers_of(flat), start=1)
                if (found := _first({"W": block[:, :-1], "b": block[:, -1]}, l))
            ),
            None,
        )
    layers = range(1, network.depth + 1) if operation.kind is Kind.PENALTY else (layer,)
    gradients = (
        {"grad_W": network.grad_weights[l - 1], "grad_b": network.grad_biases[l - 1]} for l in layers
    )
    return next((f for l, named in zip(layers, gradients, strict=True) if (f := _first(named, l))), None)


def all_finite(tape: Tape) -> bool:
    """After an update: the parameters, the optimizer's state and the batch's z. A z that a flat activation
    swallows shows in nothing else."""
    return all(map(is_finite, (tape.network.parameters, *tape.optimizer.moments, *tape.z)))


def _first(named: dict[str, Array], layer: int) -> tuple[int, str] | None:
    for quantity, array in named.items():
        if not is_finite(array):
            return layer, quantity
    return None
