from __future__ import annotations

import numpy as np
import pytest
from experiments import Array, adam_cloud, assert_same, cloud, line, xor

from bptui.experiment.build import Experiment
from bptui.nn import reference
from bptui.nn.operation import Kind
from bptui.session.trainer import Trainer
from bptui.session.view import WorkedUpdate, check, copied, update_view, worked_update

EXPERIMENTS = [xor(), cloud(), adam_cloud(), cloud(l1=0.01, l2=0.02, shuffle=False), line()]


def arrays(update: WorkedUpdate) -> list[Array]:
    layers = [(x.z, x.a, x.delta, x.grad_weights, x.grad_biases) for x in update.before.layers]
    return [np.asarray(a) for layer in layers for a in layer] + update.new_weights + update.new_biases


@pytest.mark.parametrize("experiment", EXPERIMENTS)
@pytest.mark.parametrize("step", [0, 3, 6])
def test_it_leaves_the_trainer_where_it_stood(experiment: Experiment, step: int) -> None:
    asked, plain = Trainer(experiment), Trainer(experiment)
    for trainer in (asked, plain):
        trainer.run(steps=step, rules=False)
    worked_update(asked)
    assert asked.position == 0
    assert_same(asked, plain)
    for trainer in (asked, plain):
        trainer.run(steps=step + 9, rules=False)
    assert_same(asked, plain)


@pytest.mark.parametrize("experiment", EXPERIMENTS)
@pytest.mark.parametrize("step", [0, 3, 6])
def test_it_is_the_next_real_update(experiment: Experiment, step: int) -> None:
    trainer = Trainer(experiment)
    trainer.run(steps=step, rules=False)
    update = worked_update(trainer)
    rows = trainer.rows.copy()
    old = [w.copy() for w in trainer.network.weights]
    trainer.step()
    assert update.before.loss == trainer.history.last
    assert all(map(np.array_equal, update.new_weights, trainer.network.weights))
    assert all(map(np.array_equal, update.new_biases, trainer.network.biases))
    assert all(np.array_equal(x.weights, w) for x, w in zip(update.before.layers, old, strict=True))
    part = trainer.experiment.train
    assert np.array_equal(update.before.inputs, part.inputs[rows])
    after = trainer.evaluator.batch_loss(part.inputs[rows], part.targets[rows])
    assert update.loss_after == after
    assert update.penalty_after == trainer.penalty.of(trainer.network)


def test_inside_a_step_it_is_the_update_of_that_step() -> None:
    plain = worked_update(Trainer(cloud()))
    for place in range(1, len(Trainer(cloud()).tape.operations)):
        trainer = Trainer(cloud())
        for _ in range(place):
            trainer.step_operation()
        assert all(map(np.array_equal, arrays(worked_update(trainer)), arrays(plain)))
        assert trainer.position == place
        trainer.step()
        straight = Trainer(cloud())
        straight.step()
        assert_same(trainer, straight)


def test_a_stopped_run_is_stopped_still() -> None:
    trainer = Trainer(xor(stop_loss=0.3))
    trainer.run()
    worked_update(trainer)
    assert trainer.stopped == "loss"


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_the_view_agrees_with_the_plain_forward(experiment: Experiment) -> None:
    trainer = Trainer(experiment)
    trainer.run(steps=5, rules=False)
    trainer.look_ahead()
    view, network = update_view(trainer), trainer.network
    names = [activation.name for activation in network.activations]
    expected = reference.forward(network.weights, network.biases, names, view.inputs)
    for layer, (z, a) in zip(view.layers, expected, strict=True):
        assert layer.z == pytest.approx(z, rel=1e-12, abs=1e-14)
        assert layer.a == pytest.approx(a, rel=1e-12, abs=1e-14)
    assert view.example_losses is not None
    assert view.example_losses.mean() == pytest.approx(view.loss)


def test_what_is_not_computed_yet_is_not_there() -> None:
    trainer = Trainer(xor())
    for _ in range(len(trainer.tape.operations)):
        trainer.step_operation()
        view = update_view(trainer)
        done = {(op.kind, op.layer) for op in view.operations[: view.position]}
        assert (view.loss is not None) == ((Kind.LOSS, None) in done)
        for layer in view.layers:
            shown = {
                Kind.PRE_ACTIVATION: layer.z,
                Kind.ACTIVATION: layer.a,
                Kind.DELTA: layer.delta,
                Kind.GRADIENT: layer.grad_weights,
            }
            assert all((a is not None) == ((k, layer.number) in done) for k, a in shown.items())
    assert all(layer.old_weights is not None for layer in view.layers)


def test_right_after_an_update_the_view_shows_what_it_was_made_from() -> None:
    trainer = Trainer(cloud())
    trainer.run(steps=3)
    before = copied(update_view(trainer))
    while trainer.position != len(trainer.tape.operations):
        trainer.step_operation()
    view = update_view(trainer)
    for old, now in zip(before.layers, view.layers, strict=True):
        assert np.array_equal(now.old_weights, old.weights)  # type: ignore[arg-type]
        assert np.array_equal(now.old_biases, old.biases)  # type: ignore[arg-type]
        assert now.grad_weights is not None
        assert now.weights == pytest.approx(old.weights - view.eta * now.grad_weights, rel=1e-14)
    assert len(view.inputs) == 2


def test_a_copy_shares_nothing() -> None:
    trainer = Trainer(xor())
    trainer.look_ahead()
    view = copied(update_view(trainer))
    kept = view.layers[0].z.copy()  # type: ignore[union-attr]
    trainer.run(steps=10)
    assert np.array_equal(view.layers[0].z, kept)  # type: ignore[arg-type]
    assert not np.shares_memory(view.layers[0].weights, trainer.network.parameters)


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_the_gradients_pass_the_check_and_it_changes_nothing(experiment: Experiment) -> None:
    asked, plain = Trainer(experiment), Trainer(experiment)
    for trainer in (asked, plain):
        trainer.run(steps=5, rules=False)
    assert check(asked).passed
    for trainer in (asked, plain):
        trainer.run(steps=9, rules=False)
    assert_same(asked, plain)


def test_numbers_that_overflow_raise_no_warning() -> None:
    """Warnings are errors in the tests: after one update with this eta the next step's loss is infinite."""
    trainer = Trainer(xor(eta=1e308))
    trainer.run(steps=1, rules=False)
    assert not np.isfinite(worked_update(trainer).loss_after)
    assert not check(trainer).passed
