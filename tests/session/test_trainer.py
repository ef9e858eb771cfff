from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from experiments import adam_cloud, assert_same, cloud, line, parameters, xor

from bptui.experiment.build import Experiment
from bptui.session.checkpoints import Checkpoint
from bptui.session.trainer import Trainer

EXPERIMENTS = [
    pytest.param(xor(), id="xor"),
    pytest.param(xor(optimizer="momentum", optimizer_options={}, batch_size=3), id="momentum"),
    pytest.param(cloud(), id="cloud"),
    pytest.param(adam_cloud(), id="adam and l2"),
    pytest.param(cloud(dtype="float32", l1=0.01), id="float32 and l1"),
    pytest.param(cloud(optimizer="adagrad", optimizer_options={"lr_decay": 0.1}), id="adagrad"),
]
STEPS = 41


def one_run(trainer: Trainer) -> None:
    trainer.run(steps=STEPS, rules=False)


def in_large_chunks(trainer: Trainer) -> None:
    trainer.chunk = 1024
    one_run(trainer)


def update_by_update(trainer: Trainer) -> None:
    for _ in range(STEPS):
        trainer.step()


def operation_by_operation(trainer: Trainer) -> None:
    for _ in range(STEPS * len(trainer.tape.operations)):
        trainer.step_operation()


def looking_ahead(trainer: Trainer) -> None:
    for _ in range(STEPS):
        trainer.look_ahead()
        trainer.look_ahead()
        trainer.step()


def back_and_forth_in_each_step(trainer: Trainer) -> None:
    for i in range(STEPS):
        for _ in range(1 + i % (len(trainer.tape.operations) - 1)):
            trainer.step_operation()
        trainer.rerun(1 + i % trainer.position)
        trainer.step()


def mixed(trainer: Trainer) -> None:
    while trainer.steps < STEPS:
        trainer.step_operation()
        trainer.step_operation()
        trainer.train(min(3, STEPS - trainer.steps))


def in_pieces(trainer: Trainer) -> None:
    """An update is left between any two calls, and then taken up, left for steps by hand, or looked at."""
    for place in itertools.cycle(range(1, 24)):
        if trainer.steps == STEPS:
            return
        asked = itertools.count(1)
        trainer.train_piece(lambda asked=asked, place=place: next(asked) >= place)
        trainer.look_ahead()
        if place % 5 == 0 and trainer.piece_left:
            for _ in trainer.tape.operations:
                trainer.step_operation()
        if place % 7 == 0:
            trainer.finish_piece()


def through_the_past(trainer: Trainer) -> None:
    trainer.run(steps=7, rules=False)
    checkpoint = trainer.checkpoint()
    trainer.run(steps=30, rules=False)
    trainer.restore(checkpoint)
    one_run(trainer)


def before_another_eta_inside_a_step(trainer: Trainer) -> None:
    trainer.step_operation()
    trainer.eta = 77.0
    trainer.step_operation()
    trainer.eta = trainer.experiment.eta
    one_run(trainer)


WAYS = [
    in_large_chunks,
    update_by_update,
    operation_by_operation,
    looking_ahead,
    back_and_forth_in_each_step,
    mixed,
    in_pieces,
    through_the_past,
    before_another_eta_inside_a_step,
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_however_one_goes_the_bits_are_the_same(
    experiment: Experiment, way: Callable[[Trainer], None]
) -> None:
    straight, other = Trainer(experiment), Trainer(experiment)
    one_run(straight)
    way(other)
    assert_same(other, straight)


def test_one_update_of_a_line_by_hand() -> None:
    """W = b = 0: δ = −y; ∂W = mean(−y x) = −(0 + 3 + 10 + 21)/4 = −8.5; ∂b = −4; η = 0.1."""
    trainer = Trainer(line())
    trainer.step()
    assert trainer.network.weights[0][0, 0] == pytest.approx(0.85, rel=1e-15)
    assert trainer.network.biases[0][0] == pytest.approx(0.4, rel=1e-15)
    assert trainer.history.last == pytest.approx(10.5)


def test_the_loss_recorded_is_the_batchs_before_its_update() -> None:
    trainer = Trainer(cloud())
    for _ in range(9):
        rows, part = trainer.rows.copy(), trainer.experiment.train
        expected = trainer.evaluator.batch_loss(part.inputs[rows], part.targets[rows])
        trainer.step()
        assert trainer.history.last == pytest.approx(expected, rel=1e-13)


def test_an_epoch_goes_to_the_next_whole_one() -> None:
    trainer = Trainer(cloud())
    trainer.epoch()
    assert (trainer.epochs, trainer.steps) == (1, 4)
    trainer.step()
    trainer.step_operation()
    trainer.epoch()
    assert (trainer.epochs, trainer.steps) == (2, 8)


@pytest.mark.parametrize(
    ("arguments", "reason", "steps"),
    [
        ({"epochs": 3}, "epochs", 12),
        ({"steps": 7}, "steps", 7),
        ({"epochs": 3, "steps": 7}, "steps", 7),
        ({"epochs": 1, "steps": 7}, "epochs", 4),
        ({"epochs": 2, "steps": 8}, "epochs", 8),
        ({"steps": 0}, "steps", 0),
        ({}, "epochs", 20),
    ],
)
def test_a_run_says_what_ended_it(arguments: dict[str, int], reason: str, steps: int) -> None:
    trainer = Trainer(cloud(epochs=5))
    assert trainer.run(**arguments) == reason
    assert trainer.steps == steps


def test_a_rule_at_the_last_update_goes_before_the_limit() -> None:
    stop = Trainer(xor(stop_loss=0.3))
    stop.run()
    again = Trainer(xor(stop_loss=0.3))
    assert again.run(steps=stop.steps) == "loss"
    assert Trainer(xor(stop_loss=0.3)).run(steps=stop.steps - 1) == "steps"


def test_patience_ends_a_run() -> None:
    assert Trainer(line(eta=0.6, patience=3)).run() == "patience"


def test_without_rules_only_the_limit_ends_it() -> None:
    trainer = Trainer(xor(stop_loss=10.0, patience=1))
    assert trainer.run(steps=50, rules=False) == "steps"
    assert trainer.stopped == ""


def test_a_run_can_be_interrupted_between_chunks() -> None:
    trainer, asked = Trainer(xor()), iter([False, False, True])
    assert trainer.run(until=lambda: next(asked)) == "interrupted"
    assert trainer.steps > 0
    before = parameters(trainer)
    straight = Trainer(xor())
    straight.run(steps=trainer.steps)
    assert parameters(straight) == before


def test_a_stopped_run_stays_stopped() -> None:
    trainer = Trainer(xor(stop_loss=0.3))
    trainer.run()
    steps = trainer.steps
    assert trainer.run() == "loss"
    assert trainer.steps == steps


def test_another_seed_is_another_run_and_the_same_seed_the_same() -> None:
    one, same, other = Trainer(cloud(), 5), Trainer(cloud(seed=5)), Trainer(cloud(), 6)
    for trainer in (one, same, other):
        one_run(trainer)
    assert_same(one, same)
    assert parameters(one) != parameters(other)


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adamw", "adagrad"])
def test_eta_counts_from_the_next_update_operation(optimizer: str) -> None:
    """Changed at each place inside the fifth step, it is as if changed before it."""
    early = Trainer(xor(optimizer=optimizer, optimizer_options={}, eta=0.01))
    early.run(steps=5)
    early.eta = 0.02
    early.run(steps=9)
    for place in range(1, len(early.tape.operations)):
        late = Trainer(xor(optimizer=optimizer, optimizer_options={}, eta=0.01))
        late.run(steps=5)
        for _ in range(place):
            late.step_operation()
        late.eta = 0.02
        late.run(steps=9)
        assert_same(late, early)


def test_an_eta_set_in_mid_step_survives_the_replay_of_a_chunk() -> None:
    """The rule makes the trainer go back to where the chunk began: that must know the new η."""
    slow, fast = Trainer(xor(stop_loss=0.1)), Trainer(xor(stop_loss=0.1))
    for trainer in (slow, fast):
        trainer.step_operation()
        trainer.eta = 2.0
    while not slow.stopped:
        slow.train(1, rules=True)
    fast.chunk = 1024
    fast.run()
    assert_same(fast, slow)


def test_eta_is_what_was_set_in_float32_too() -> None:
    trainer = Trainer(xor(dtype="float32"))
    assert trainer.eta == 0.5
    trainer.eta = 0.1
    checkpoint = trainer.checkpoint()
    trainer.run(steps=3)
    assert trainer.eta == 0.1
    trainer.eta = 0.2
    trainer.restore(checkpoint)
    assert trainer.eta == 0.1


def test_the_parameters_before_the_last_three_updates_are_known() -> None:
    trainer = Trainer(cloud())
    past = []
    for _ in range(6):
        past.append(parameters(trainer))
        trainer.step()
    chunked = Trainer(cloud())
    while chunked.steps < 6:
        chunked.train(6 - chunked.steps)
    for made in (trainer, chunked):
        assert made.before(2) is None
        assert [made.before(step).tolist() for step in (3, 4, 5)] == past[3:]  # type: ignore[union-attr]


def test_of_updates_that_nobody_watched_no_change_is_known() -> None:
    trainer = Trainer(cloud())
    trainer.train(1)
    begun = trainer.steps
    trainer.train(6, watched=False)
    assert trainer.steps > begun
    assert all(trainer.before(step) is None for step in range(begun, trainer.steps))


def test_checkpoints_are_handed_on_and_restore_their_step() -> None:
    trainer, kept = Trainer(adam_cloud()), list[Checkpoint]()
    trainer.on_checkpoint = kept.append
    trainer.run(steps=1500, rules=False)
    assert len(kept) > 1
    for checkpoint in kept:
        trainer.restore(checkpoint)
        straight = Trainer(adam_cloud())
        straight.run(steps=checkpoint.step, rules=False)
        assert_same(trainer, straight)


def test_a_checkpoint_is_a_copy() -> None:
    trainer = Trainer(adam_cloud())
    trainer.run(steps=5)
    checkpoint = trainer.checkpoint()
    copies = [a.copy() for a in (checkpoint.parameters, *checkpoint.moments)]
    trainer.run(steps=9)
    for mine, copy in zip((checkpoint.parameters, *checkpoint.moments), copies, strict=True):
        assert np.array_equal(mine, copy)


def test_position_tells_where_in_the_step_it_stands() -> None:
    trainer = Trainer(xor())
    last = len(trainer.tape.operations)
    seen = []
    for _ in range(last + 1):
        trainer.step_operation()
        seen.append((trainer.steps, trainer.position, trainer.inside_step))
    assert seen[:-2] == [(0, i, True) for i in range(1, last)]
    assert seen[-2:] == [(1, last, False), (1, 1, True)]


def test_what_is_whole_of_an_update_in_pieces_is_told() -> None:
    trainer, seen = Trainer(cloud()), list[int]()
    while not trainer.steps:
        trainer.train_piece(lambda: True)
        seen.append(trainer.computed)
    last = trainer.tape.gradients
    assert seen == [*sorted(seen[:-1]), 0]
    assert set(seen) == set(range(last + 1))


def test_an_update_in_pieces_diverges_like_a_whole_one() -> None:
    whole, pieces = Trainer(line(eta=1e60)), Trainer(line(eta=1e60))
    whole.run()
    while not pieces.divergence:
        pieces.train_piece(lambda: True)
    assert pieces.divergence == whole.divergence
    assert_same(pieces, whole)


def test_a_restored_trainer_knows_the_epoch_it_is_in_and_its_lowest_loss() -> None:
    experiment = cloud(patience=3)
    trainer, straight = Trainer(experiment), Trainer(experiment)
    trainer.run(steps=6)
    checkpoint = trainer.checkpoint()
    trainer.run(steps=203, rules=False)
    trainer.restore(checkpoint)
    assert trainer.checkpoint().epoch_sum == checkpoint.epoch_sum
    assert trainer.run() == straight.run()
    assert_same(trainer, straight)
