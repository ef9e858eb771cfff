"""What the next update would bring with another η, tried on a network of its own: the run stays as it is."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.nn.losses import loss_for
from bptui.nn.network import Network
from bptui.nn.operation import Kind
from bptui.nn.tape import Examples, Tape
from bptui.session.frame import Forecast
from bptui.session.trainer import Trainer

Array = NDArray[Any]


def forecast(trainer: Trainer, eta: float) -> Forecast:
    """Of the update that comes next, or of the step in hand, on its own batch, all but η as it is; what
    overflows is inf or nan."""
    network, tape = twin(trainer, eta, trainer.steps, trainer.network.parameters)
    with np.errstate(all="ignore"):
        for operation in tape.operations[: tape.gradients]:
            operation.run()
        before = network.parameters.copy()
        loss = tape.read_loss() + trainer.penalty.of(network)
        tape.operations[-1].run()
        first_order = float(network.gradient @ (network.parameters - before))
        for operation in tape.operations:
            operation.run()
            if operation.kind is Kind.LOSS:
                break
        return Forecast(first_order, tape.read_loss() + trainer.penalty.of(network) - loss)


class Twin(NamedTuple):
    """A network of its own and the tape that works on it."""

    network: Network
    tape: Tape


def twin(trainer: Trainer, eta: float, step: int, parameters: Array) -> Twin:
    """With these parameters (P,) before update `step`, from 0: its batch in place and nothing run. The
    optimizer's state is that of now."""
    mine, theirs, train = trainer.network, trainer.optimizer, trainer.experiment.train
    network = Network(mine.sizes, [activation.name for activation in mine.activations], mine.dtype.name)
    network.parameters[...] = parameters
    network.off, network.held = mine.off, mine.held
    optimizer = type(theirs)(network.parameters, network.gradient, eta, theirs.options, network.moving)
    for moment, now in zip(optimizer.moments, theirs.moments, strict=True):
        moment[...] = now
    optimizer.t = theirs.t
    rows = trainer.rows_of(step)
    loss = loss_for(trainer.experiment.loss, network.activations[-1], train.targets)
    examples = Examples(train.inputs[rows], train.targets[rows], loss, network.dtype)
    tape = Tape(network, examples, len(rows), optimizer, trainer.penalty)
    for call in tape.load(np.arange(len(rows))):
        call()
    return Twin(network, tape)
