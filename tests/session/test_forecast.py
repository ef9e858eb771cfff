"""Another η is tried without touching the run, and is what the update then makes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from experiments import adam_cloud, assert_same, cloud, line, session, slices, xor

from bptui.errors import ActionableError
from bptui.experiment.build import Experiment
from bptui.session import commands as c
from bptui.session.session import Session
from bptui.session.trainer import Trainer
from bptui.session.view import copied, worked_update

NAMES = ("sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "adagrad")
EXPERIMENTS = [
    *(pytest.param(cloud(optimizer=n, optimizer_options={}, eta=0.01), id=n) for n in NAMES),
    pytest.param(adam_cloud(), id="adam beside a penalty"),
    pytest.param(cloud(l1=0.01, l2=0.02, optimizer_options={"weight_decay": 0.1}), id="penalty and decay"),
    pytest.param(line(), id="numbers"),
]


def stepped(experiment: Experiment, updates: int, operations: int = 0) -> Session:
    made = session(experiment)
    for _ in range(updates):
        made.do(c.StepUpdate())
    for _ in range(operations):
        made.do(c.StepOperation())
    return made


@pytest.mark.parametrize("experiment", EXPERIMENTS)
@pytest.mark.parametrize("step", [0, 3, 6])
@pytest.mark.parametrize("eta", [0.02, 0.7])
def test_it_is_the_update_that_would_be_made(experiment: Experiment, step: int, eta: float) -> None:
    found = stepped(experiment, step).forecast(eta)
    trainer = Trainer(experiment)
    trainer.run(steps=step, rules=False)
    trainer.eta = eta
    update = worked_update(trainer)
    assert update.before.loss is not None
    old = update.before.loss + update.penalty
    assert found.reached == pytest.approx(update.loss_after + update.penalty_after - old, rel=1e-9, abs=1e-15)
    first_order = 0.0
    for layer, weights, biases in zip(
        update.before.layers, update.new_weights, update.new_biases, strict=True
    ):
        assert layer.grad_weights is not None
        assert layer.grad_biases is not None
        first_order += float((layer.grad_weights * (weights - layer.weights)).sum())
        first_order += float(layer.grad_biases @ (biases - layer.biases))
    assert found.first_order == pytest.approx(first_order, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("experiment", [xor(), adam_cloud(), cloud(dtype="float32")])
def test_with_the_eta_that_is_set_it_is_promise_and_kept(experiment: Experiment) -> None:
    made = stepped(experiment, 4)
    found = made.forecast(made.trainer.eta)
    made.do(c.StepUpdate())
    promise = made.frame().promise
    assert promise is not None
    tolerance = 1e-3 if experiment.dtype == "float32" else 1e-9
    assert found.first_order == pytest.approx(promise.promised, rel=tolerance)
    assert found.reached == pytest.approx(promise.kept, rel=tolerance)


@pytest.mark.parametrize("operations", range(len(Trainer(adam_cloud()).tape.operations)))
def test_inside_a_step_it_is_that_steps_and_no_bit_changes(operations: int) -> None:
    asked, plain = stepped(adam_cloud(), 5, operations), stepped(adam_cloud(), 5, operations)
    before = copied(asked.frame().update)
    assert asked.forecast(0.3) == stepped(adam_cloud(), 5).forecast(0.3)
    now = asked.frame().update
    assert now.position == before.position == operations
    for one, other in zip(before.layers, now.layers, strict=True):
        for name in ("z", "a", "delta", "grad_weights", "weights", "biases"):
            assert np.array_equal(getattr(one, name), getattr(other, name)) or getattr(one, name) is None
    assert asked.trainer.eta == plain.trainer.eta
    for made in (asked, plain):
        made.do(c.StepUpdate())
    assert_same(asked.trainer, plain.trainer)


def test_right_after_an_update_it_is_about_the_next_and_what_came_stays_in_sight() -> None:
    last = len(Trainer(cloud()).tape.operations)
    made = stepped(cloud(), 3, last)
    before = copied(made.frame().update)
    assert made.forecast(0.3) == stepped(cloud(), 4).forecast(0.3)
    now = made.frame().update
    assert now.position == last
    assert now.loss_after == before.loss_after is not None
    assert np.array_equal(now.inputs, before.inputs)


def test_while_it_runs_it_goes_on_as_if_nothing_had_been_asked() -> None:
    made = session(cloud())
    made.do(c.Run())
    for _ in range(5):
        made.advance(slices(2))
        made.forecast(1.0)
    made.do(c.Pause())
    straight = Trainer(cloud())
    straight.run(steps=made.trainer.steps, rules=False)
    assert_same(made.trainer, straight)


def test_an_update_left_between_two_calls_is_taken_up_again() -> None:
    made = session(adam_cloud())
    made.trainer.train_piece(slices(7))
    assert made.trainer.piece_left
    assert made.forecast(0.3) == session(adam_cloud()).forecast(0.3)
    assert made.trainer.piece_left
    made.trainer.finish_piece()
    straight = Trainer(adam_cloud())
    straight.step()
    assert_same(made.trainer, straight)


def test_a_rate_that_overflows_is_told_as_such() -> None:
    found = session(line()).forecast(1e300)
    assert found.first_order < -1e290
    assert not np.isfinite(found.reached)


@pytest.mark.parametrize("eta", [0.0, -1.0, float("nan"), float("inf")])
def test_what_is_no_rate_is_refused(eta: float) -> None:
    with pytest.raises(ActionableError, match="number above 0"):
        session(xor()).forecast(eta)


def test_after_a_divergence_it_is_refused() -> None:
    made = session(replace(line(), eta=0.6))
    while not made.trainer.divergence:
        made.do(c.StepUpdate())
    with pytest.raises(ActionableError, match="diverged"):
        made.forecast(0.1)
