"""What is told of the last updates before a divergence is what was there when they were made."""

from __future__ import annotations

import numpy as np
import pytest
from experiments import line, session

from bptui.experiment.build import Experiment
from bptui.nn.operation import Kind
from bptui.nn.sizes import norm
from bptui.session import commands as c
from bptui.session.frame import LastUpdate
from bptui.session.trainer import Trainer


def lived_through(experiment: Experiment) -> list[LastUpdate]:
    """The same, from the arrays that train, each looked at when it is there."""
    trainer, found, largest = Trainer(experiment), [], 0.0
    with np.errstate(all="ignore"):
        while not trainer.divergence:
            before = trainer.network.weights[-1].copy()
            trainer.step_operation()
            if trainer.tape.operations[trainer.position - 1].kind is Kind.UPDATE and not trainer.divergence:
                after = trainer.network.weights[-1]
                gradient = norm(trainer.network.grad_weights[-1])
                ratio = norm(after - before) / norm(after)
                found.append(LastUpdate(trainer.steps, float(np.abs(before).max()), gradient, ratio))
        largest = float(np.abs(trainer.network.weights[-1]).max())
    return [*found[-3:], LastUpdate(trainer.steps + 1, largest)]


@pytest.mark.parametrize("way", [c.StepUpdate(), c.StepOperation(), c.Run()])
@pytest.mark.parametrize("changes", [{}, {"optimizer": "adagrad", "optimizer_options": {}, "eta": 1e155}])
def test_it_is_what_was_there(way: c.Command, changes: dict[str, object]) -> None:
    experiment = line(**{"eta": 3.0, "batch_size": 3, **changes})
    made = session(experiment)
    while not made.trainer.divergence:
        made.do(way)
        if isinstance(way, c.Run):
            made.trainer.train(7)
    ending = made.frame().ending
    assert ending is not None
    assert ending.layer == 1
    expected = lived_through(experiment)
    assert list(ending.updates) == expected


def test_updates_before_the_last_checkpoint_are_known_too() -> None:
    experiment = line(eta=3.0, batch_size=3)
    made = session(experiment)
    while not made.trainer.divergence:
        made.trainer.chunk = 1  # as where each update takes long
        made.do(c.StepUpdate())
    ending = made.frame().ending
    assert ending is not None
    assert list(ending.updates) == lived_through(experiment)[1:]  # the one that broke took a place


def test_without_a_divergence_there_is_none() -> None:
    assert session(line(eta=0.01)).frame().ending is None


def test_the_run_is_not_touched() -> None:
    made = session(line(eta=3.0, batch_size=3))
    while not made.trainer.divergence:
        made.do(c.StepUpdate())
    before = made.trainer.network.parameters.copy(), made.trainer.network.gradient.copy()
    made.frame()
    assert np.array_equal(made.trainer.network.parameters, before[0])
    assert np.array_equal(made.trainer.network.gradient, before[1])
