"""One training step as the screen and the verbs read it: its operations and the arrays they work on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.nn.operation import Operation

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class LayerView:
    """A layer's arrays in the notation's shapes; None = not computed yet in this step."""

    number: int  # l, from 1
    activation: str
    units: int
    weights: Array  # (n_l, n_{l-1})
    biases: Array  # (n_l,)
    z: Array | None  # (batch, n_l)
    a: Array | None
    slope: Array | None  # σ′(z); None also where the output's δ needs none
    delta: Array | None
    grad_weights: Array | None  # like weights; with the penalty's share once that operation ran
    grad_biases: Array | None
    old_weights: Array | None  # before the update in hand; set at the update operation alone
    old_biases: Array | None
    weights_before: Array | None = None  # before the last update made, where that is still known
    biases_before: Array | None = None
    off: NDArray[np.bool_] | None = None  # (n_l,) the units that are switched off; None where none is
    held: bool = False  # an update leaves its weights and biases as they are


class OptimizerState(NamedTuple):
    """What an optimizer goes into an update with."""

    updates: int  # that it has made
    options: Mapping[str, float]  # by the preset's keys: momentum, beta1, ...
    moments: Mapping[str, Sequence[Array]]  # by the formulas' letters: [W b] of each layer


@dataclass(frozen=True, eq=False)
class UpdateView:
    """Where the tape stands: `position` operations of this step are done.

    position == 0: between steps. Then arrays may still be there: they were run ahead and belong to
    the weights beside them. position == len(operations): the update was just made (its arrays are
    those it was made from, `old_weights` the weights it started with).
    """

    operations: tuple[Operation, ...]
    position: int
    inputs: Array  # (batch, n_0), as the network sees them
    targets: Array  # (batch, n_L)
    layers: tuple[LayerView, ...]
    loss_name: str  # mse or cross_entropy
    loss: float | None  # of this batch
    example_losses: Array | None  # (batch,) ℓ of each example
    eta: float
    optimizer: str
    l1: float
    l2: float
    input_names: tuple[str, ...]
    output_names: tuple[str, ...]
    classes: tuple[str, ...]
    weight_decay: float = 0.0  # of all but adamw added to the gradient inside the optimizer
    loss_after: float | None = None  # the same batch after the update, where it was made
    promised_loss: float | None = None  # what first order said it would be
    state: OptimizerState | None = None  # before the update, where it was asked for

    @property
    def in_hand(self) -> Operation | None:
        """The operation just executed, None between steps."""
        return self.operations[self.position - 1] if self.position else None


class WorkedUpdate(NamedTuple):
    """One whole update: before (copies, up to the last gradient) and what it made; losses are of the data."""

    before: UpdateView
    new_weights: list[Array]
    new_biases: list[Array]
    penalty: float
    loss_after: float
    penalty_after: float
