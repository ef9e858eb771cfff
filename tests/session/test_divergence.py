from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from experiments import line, parameters, xor

from bptui.experiment.build import Experiment
from bptui.nn.optimizers import OPTIMIZERS
from bptui.session.divergence import Divergence
from bptui.session.trainer import Trainer

MOST = float(np.finfo(float).max)


def with_inputs(experiment: Experiment, change: Callable[[Any], Any]) -> Experiment:
    return replace(experiment, train=replace(experiment.train, inputs=change(experiment.train.inputs)))


def initial(weights: list[Any], biases: list[Any]) -> dict[str, Any]:
    return {"initial": ([np.array(w, float) for w in weights], [np.array(b, float) for b in biases])}


def by_running(trainer: Trainer) -> None:
    assert trainer.run(steps=500, rules=False) == "diverged"


def by_operations(trainer: Trainer) -> None:
    while not trainer.divergence:
        trainer.step_operation()


def by_updates(trainer: Trainer) -> None:
    while not trainer.divergence:
        trainer.step()


def wild(**changes: Any) -> Experiment:
    """It takes some dozens of updates to overflow."""
    return line(**{"eta": 3.0, "batch_size": 3, **changes})


XOR_MAX = initial([[[MOST, MOST]] * 4, [[1, 1, 1, 1]]], [[0] * 4, [0]])
SQUARES = initial([[[0.0]]], [[1e200]])
CASES = [
    pytest.param(xor(**XOR_MAX), Divergence(1, 1, 1, "z"), id="z that tanh swallows"),
    pytest.param(line(**SQUARES), Divergence(1, 3, None, "loss"), id="loss: the square of 1e200"),
    pytest.param(line(eta=1e60), Divergence(4, 3, None, "loss"), id="loss of a later update"),
    pytest.param(
        line(eta=1e308, **initial([[[0.0]]], [[100.0]])), Divergence(1, 6, 1, "W"), id="weight of an update"
    ),
    pytest.param(
        with_inputs(line(eta=1e308, **initial([[[0.0]]], [[100.0]])), lambda x: x * 0),
        Divergence(1, 6, 1, "b"),
        id="bias of an update",
    ),
    pytest.param(
        with_inputs(line(**initial([[[0.0]]], [[1e100]])), lambda x: x * 1e300),
        Divergence(1, 5, 1, "grad_W"),
        id="gradient of a weight",
    ),
]


@pytest.mark.parametrize("way", [by_running, by_operations, by_updates])
@pytest.mark.parametrize(("experiment", "expected"), CASES)
def test_the_first_number_that_is_not_finite_is_named(
    experiment: Experiment, expected: Divergence, way: Callable[[Trainer], None]
) -> None:
    trainer = Trainer(experiment)
    with np.errstate(all="ignore"):
        way(trainer)
    assert trainer.divergence == expected
    assert trainer.steps == expected.step - 1
    assert len(trainer.history) == trainer.steps
    assert np.isfinite(trainer.network.parameters).all()


def test_delta_is_named_where_the_layer_above_sends_too_much_back() -> None:
    experiment = xor(
        activations=("linear", "sigmoid"),
        sizes=(2, 1, 1),
        loss="mse",
        **initial([[[0.0, 0.0]], [[0.0]]], [[0.0], [0.0]]),
    )
    trainer = Trainer(experiment)
    trainer.step_operation()
    while trainer.tape.operations[trainer.position].writes != "δ¹":
        trainer.step_operation()
    trainer.network.weights[1][...] = MOST
    trainer.tape.delta[1][...] = 10.0
    trainer.step_operation()
    assert trainer.divergence == Divergence(1, 8, 1, "delta")


@pytest.mark.parametrize("way", [by_running, by_operations, by_updates])
@pytest.mark.parametrize("name", ["adam", "adamw", "rmsprop", "adagrad"])
def test_a_moment_that_overflows_counts_as_its_weight(name: str, way: Callable[[Trainer], None]) -> None:
    """A gradient of 1e200 has no square: the weight it is to move stays where it is, and finite."""
    options = dict(OPTIMIZERS[name].defaults)
    trainer = Trainer(with_inputs(line(optimizer=name, optimizer_options=options), lambda x: x * 1e200))
    way(trainer)
    assert trainer.divergence == Divergence(1, 6, 1, "W")
    assert np.isfinite(trainer.optimizer.moments[0]).all()


def test_a_penalty_that_overflows_is_a_gradient() -> None:
    trainer = Trainer(xor(l2=1e10, **initial([[[1e300] * 2] * 4, [[1, 1, 1, 1]]], [[0] * 4, [0]])))
    with np.errstate(all="ignore"):
        by_running(trainer)
    assert trainer.divergence == Divergence(1, 10, 1, "grad_W")


@pytest.mark.parametrize("experiment", [wild(), wild(batch_size=4), wild(batch_size=1, shuffle=False)])
def test_every_way_of_going_names_the_same(experiment: Experiment) -> None:
    found = []
    for way in (by_running, by_operations, by_updates):
        trainer = Trainer(experiment)
        way(trainer)
        found.append((trainer.divergence, trainer.steps, parameters(trainer)))
    assert found[0] == found[1] == found[2]


def test_steps_and_weights_are_those_before_it() -> None:
    trainer = Trainer(wild())
    assert trainer.run(rules=False) == "diverged"
    assert trainer.steps > 100
    straight = Trainer(wild())
    straight.run(steps=trainer.steps, rules=False)
    assert straight.divergence is None
    assert parameters(straight) == parameters(trainer)
    assert straight.history.columns(9999) == trainer.history.columns(9999)


def test_after_a_divergence_nothing_moves() -> None:
    trainer = Trainer(wild())
    trainer.run(rules=False)
    before = (trainer.steps, trainer.position, parameters(trainer))
    trainer.step()
    trainer.step_operation()
    trainer.train(10)
    trainer.look_ahead()
    assert trainer.run() == "diverged"
    assert (trainer.steps, trainer.position, parameters(trainer)) == before


@pytest.mark.parametrize("patience", [1, 2, 3, 5, 8, 13])
@pytest.mark.parametrize("chunk", [1, 16, 1024])
def test_a_rule_that_seems_to_hold_after_the_divergence_does_not(patience: int, chunk: int) -> None:
    """Past the first number that is not finite no loss is lower any more: that is no patience."""
    experiment = line(eta=1e30, patience=patience)
    slow = Trainer(experiment)
    while not (slow.stopped or slow.divergence):
        slow.train(1, rules=True)
    fast = Trainer(experiment)
    fast.chunk = chunk
    assert fast.run() == (slow.stopped or "diverged")
    assert (fast.steps, fast.stopped, fast.divergence) == (slow.steps, slow.stopped, slow.divergence)


def test_a_rule_that_holds_before_the_divergence_stops_the_run() -> None:
    trainer = Trainer(line(eta=1e30, patience=2))
    trainer.chunk = 1024
    assert trainer.run() == "patience"
    assert trainer.divergence is None
