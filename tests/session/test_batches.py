from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from experiments import Array, cloud, xor

from bptui.session.trainer import Trainer


def batched(rows: list[list[int]], size: int) -> list[list[list[int]]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def orders(trainer: Trainer, epochs: int) -> list[list[int]]:
    """The rows of each epoch, in the order in which they are trained on."""
    steps = range(epochs * trainer.batches)
    rows = [list(trainer.rows_of(step)) for step in steps]
    return [[int(row) for batch in epoch for row in batch] for epoch in batched(rows, trainer.batches)]


def test_every_epoch_shows_every_example_once() -> None:
    for order in orders(Trainer(cloud()), 4):
        assert sorted(order) == list(range(50))


def test_each_epoch_has_another_order() -> None:
    assert len({tuple(order) for order in orders(Trainer(cloud()), 6)}) == 6


def test_the_order_is_a_function_of_seed_and_epoch_alone() -> None:
    trainer, fresh = Trainer(cloud()), Trainer(cloud())
    trainer.run(steps=30)
    for step in (17, 3, 100_000, 0, 17):
        assert trainer.rows_of(step).tolist() == fresh.rows_of(step).tolist()


def test_an_epochs_order_is_that_of_a_stream_at_its_number() -> None:
    trainer = Trainer(cloud())
    key = trainer.experiment.order_key(trainer.seed)
    for epoch in (0, 1, 12_345):
        expected = np.arange(50)
        np.random.Generator(np.random.Philox(key=key, counter=[0, 0, epoch, 0])).shuffle(expected)
        rows = [trainer.rows_of(epoch * 4 + i) for i in range(4)]
        assert np.concatenate(rows).tolist() == expected.tolist()


def test_another_seed_has_another_order() -> None:
    assert orders(Trainer(cloud()), 1) != orders(Trainer(cloud(), seed=1), 1)


def test_the_last_batch_is_smaller_and_has_a_tape_of_its_own() -> None:
    trainer = Trainer(cloud())
    assert [len(trainer.rows_of(step)) for step in range(4)] == [16, 16, 16, 2]
    assert [trainer.tape_of(step).batch for step in range(5)] == [16, 16, 16, 2, 16]


def test_a_full_batch_is_never_reordered() -> None:
    trainer = Trainer(xor())
    assert trainer.batches == 1
    for step in (0, 1, 99):
        assert trainer.rows_of(step).tolist() == [0, 1, 2, 3]


def test_without_shuffling_the_files_order_stays() -> None:
    assert orders(Trainer(cloud(shuffle=False)), 2) == [list(range(50))] * 2


@pytest.mark.parametrize("step", [0, 1, 3, 4, 7, 42])
def test_the_tape_works_on_the_rows_that_are_told(step: int) -> None:
    trainer = Trainer(cloud())
    trainer.run(steps=step)
    trainer.step_operation()
    part = trainer.experiment.train
    assert np.array_equal(trainer.tape.inputs, part.inputs[trainer.rows])
    assert np.array_equal(trainer.tape.targets, part.targets[trainer.rows])


def gradient_of(experiment_rows: Array, step: int) -> Array:
    """∂L/∂W of a network that has nothing but these rows."""
    whole = cloud(shuffle=False)
    part = whole.train
    few = replace(
        part, inputs=part.inputs[experiment_rows], targets=part.targets[experiment_rows], rows=experiment_rows
    )
    trainer = Trainer(replace(whole, train=few, batch_size=len(experiment_rows)))
    trainer.look_ahead()
    return trainer.network.gradient.copy()


def test_the_last_batchs_gradient_is_divided_by_its_real_size() -> None:
    trainer = Trainer(cloud(eta=1e-300, shuffle=False))
    trainer.run(steps=3)
    trainer.look_ahead()
    assert trainer.network.gradient == pytest.approx(gradient_of(np.array([48, 49]), 3), rel=1e-12)
