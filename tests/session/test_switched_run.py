"""Units that are off and layers that are held, in all that looks at a run: nothing of it is left behind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from experiments import adam_cloud, after, assert_same, cloud, never, slices, xor

from bptui.experiment.build import Experiment
from bptui.nn import reference
from bptui.nn.health import Verdict
from bptui.session.evaluation import CHUNK
from bptui.session.forecast import forecast
from bptui.session.judging import Judging, problem
from bptui.session.observer import Age, Observer
from bptui.session.trainer import Trainer
from bptui.session.view import check, update_view, worked_update

OPTIMIZERS = ("sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "adagrad")


def switched(trainer: Trainer, off: Sequence[tuple[int, int]] = (), held: Sequence[int] = ()) -> Trainer:
    """With these units (layer from 1, unit from 0) off and these layers held from here on."""
    network = trainer.network
    network.off = tuple(np.zeros(n, bool) for n in network.sizes[1:-1])
    for layer, unit in off:
        network.off[layer - 1][unit] = True
    network.held = frozenset(held)
    trainer._change_updates()
    return trainer


def by_reference(trainer: Trainer, inputs: np.ndarray) -> list[np.ndarray]:
    """a of each layer."""
    network = trainer.network
    names = [activation.name for activation in network.activations]
    layers = reference.forward(network.weights, network.biases, names, inputs, network.off)
    return [a for _, a in layers]


CLOUD_OFF = ((1, 0), (1, 5), (2, 3))


def test_whole_parts_are_seen_without_the_units_that_are_off() -> None:
    trainer = switched(after(cloud(), 10), CLOUD_OFF)
    inputs = np.random.default_rng(1).normal(size=(CHUNK + 9, 2))
    expected = by_reference(trainer, inputs)
    np.testing.assert_allclose(trainer.evaluator.predict(inputs), expected[-1], rtol=1e-12)
    for l in (1, 2):
        np.testing.assert_allclose(
            trainer.evaluator.activations(inputs, l), expected[l - 1], rtol=1e-12, atol=1e-15
        )
    train = trainer.experiment.train
    answers = by_reference(trainer, train.inputs)[-1]
    y = train.targets
    loss = float(-(y * np.log(answers) + (1 - y) * np.log(1 - answers)).mean())
    assert trainer.evaluator.batch_loss(train.inputs, y) == pytest.approx(loss, rel=1e-12)
    assert trainer.metrics().loss == pytest.approx(loss, rel=1e-12)
    assert not trainer.evaluator.evaluate(train).alive[0][[0, 5]].any()


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_operation_by_operation_is_full_speed(optimizer: str) -> None:
    made = [
        switched(
            after(cloud(optimizer=optimizer, optimizer_options={}, eta=0.01, l2=0.01), 5), CLOUD_OFF, [2]
        )
        for _ in range(3)
    ]
    fast, stepped, pieces = made
    while fast.steps < 12:
        fast.train(12 - fast.steps)
    while stepped.steps < 12:
        stepped.step_operation()
    while pieces.steps < 12:
        pieces.train_piece(slices(2))
    assert_same(fast, stepped)
    assert_same(fast, pieces)


def test_what_is_held_stays_through_a_run_and_what_is_off_has_no_gradient() -> None:
    trainer = switched(after(adam_cloud(l2=0.0), 10), CLOUD_OFF, [2])
    held = [block.copy() for block in (trainer.network.blocks[1], *moments(trainer, 2))]
    first = trainer.network.blocks[0].copy()
    trainer.run(steps=50, rules=False)
    for now, before in zip((trainer.network.blocks[1], *moments(trainer, 2)), held, strict=True):
        np.testing.assert_array_equal(now, before)
    assert (trainer.network.blocks[0][1:5] != first[1:5]).all()
    assert not trainer.network.grad_blocks[0][[0, 5]].any()
    assert trainer.optimizer.t == 50


def moments(trainer: Trainer, layer: int) -> list[np.ndarray]:
    return [trainer.network.layers_of(moment)[layer - 1] for moment in trainer.optimizer.moments]


def test_with_all_layers_held_nothing_moves_and_steps_go_on() -> None:
    trainer = switched(after(xor(), 5), held=[1, 2])
    before = trainer.network.parameters.copy()
    trainer.run(steps=8, rules=False)
    trainer.train_piece(never)
    for _ in range(10):
        trainer.step_operation()
    assert trainer.steps == 10
    np.testing.assert_array_equal(trainer.network.parameters, before)


def test_the_view_tells_which() -> None:
    trainer = switched(after(cloud(), 3), [(2, 3)], [1])
    first, second, last = update_view(trainer).layers
    assert (first.off, first.held) == (None, True)
    assert second.off is not None
    assert second.off.tolist() == [False, False, False, True, False]
    assert (second.held, last.off, last.held) == (False, None, False)


def test_a_worked_update_leaves_what_is_held() -> None:
    update = worked_update(switched(after(cloud(), 3), held=[2]))
    same = [
        np.array_equal(new, layer.weights)
        for new, layer in zip(update.new_weights, update.before.layers, strict=True)
    ]
    assert same == [False, True, False]


EXPERIMENTS = [xor(), cloud(), adam_cloud(), cloud(l1=0.01)]


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_complex_step_agrees(experiment: Experiment) -> None:
    result = check(switched(after(experiment, 7), [(1, 0), (1, 2)], [1]))
    assert result.passed
    assert result.max_relative_error < 1e-13


def test_judging_begins_again_where_a_unit_is_switched() -> None:
    """The same step, weights and batch: another gradient."""
    trainer = after(xor(), 5)
    judging = Judging(trainer)
    for off in ((), ((1, 2),), ()):
        switched(trainer, off)
        trainer.look_ahead()
        assert judging.wanted
        assert judging.badge() is None
        judging.look(never)
        badge = judging.badge()
        assert badge is not None
        assert (badge.done, badge.passed) == (17, True)


def test_a_problem_keeps_its_switches() -> None:
    trainer = switched(after(xor(), 5), [(1, 2)])
    kept = problem(trainer)
    trainer.network.off[0][2] = False
    assert kept.off[0].tolist() == [False, False, True, False]


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("operations", [0, 4])
def test_another_eta_is_tried_with_them(optimizer: str, operations: int) -> None:
    experiment = cloud(optimizer=optimizer, optimizer_options={}, eta=0.01)
    trainer, plain = (switched(after(experiment, 6), CLOUD_OFF, [2]) for _ in range(2))
    for _ in range(operations):
        trainer.step_operation()
    plain.eta = 0.02
    update = worked_update(plain)
    assert update.before.loss is not None
    reached = update.loss_after - update.before.loss
    assert forecast(trainer, 0.02).reached == pytest.approx(reached, rel=1e-9, abs=1e-15)


# ------------------------------------------------------------ what is told


def test_a_look_is_never_older_than_a_switch() -> None:
    trainer = after(cloud(), 5)
    observer = Observer(trainer, clock=lambda: 0.0)
    with_all = observer.output(Age.ANY)
    switched(trainer, [(1, 0), (1, 1)])
    without = observer.output(Age.ANY)
    assert (without.predictions != with_all.predictions).any()
    np.testing.assert_allclose(
        without.predictions, by_reference(trainer, trainer.experiment.train.inputs)[-1], rtol=1e-12
    )
    assert without.hidden is not None
    assert not without.hidden(without.raw_inputs, 1)[:, :2].any()
    switched(trainer)
    assert observer.output(Age.ANY).predictions.tobytes() == with_all.predictions.tobytes()


def test_health_counts_the_units_that_are_on() -> None:
    trainer = switched(after(cloud(), 5), [(2, 0), (2, 1), (2, 2)], [1])
    trainer.look_ahead()
    observer = Observer(trainer, clock=lambda: 0.0)
    observer.look(Age.NOW)
    first, second, _ = observer.health()
    alive = trainer.evaluator.evaluate(trainer.experiment.train).alive[1][3:]
    assert second.dead == pytest.approx(1 - alive.mean())
    assert (second.off, first.off) == (3, 0)
    assert (first.held, first.verdict, second.held) == (True, Verdict.HELD, False)


def test_a_unit_that_is_on_again_is_not_dead_at_once() -> None:
    trainer = switched(after(cloud(), 5), [(2, unit) for unit in range(5)])
    observer = Observer(trainer, clock=lambda: 0.0)
    trainer.look_ahead()
    observer.look(Age.ANY)
    assert observer.health()[1].verdict is Verdict.OFF
    switched(trainer)
    trainer.look_ahead()
    observer.look(Age.ANY)
    assert observer.health()[1].verdict is not Verdict.DEAD


def test_symmetry_is_told_of_the_units_that_are_on() -> None:
    trainer = after(xor(), 0)
    network = trainer.network
    network.weights[0][:3], network.biases[0][:3], network.weights[1][:, :3] = 0.5, 0.1, 0.3
    observer = Observer(trainer, clock=lambda: 0.0)
    assert observer.network_verdict() == ""
    switched(trainer, [(1, 3)])
    assert observer.network_verdict().startswith(
        "symmetry: all units of hidden layer 1 that are on are equal"
    )
