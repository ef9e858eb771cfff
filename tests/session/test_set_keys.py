"""Keys of the preset changed in a live session: what goes on, what starts anew, and what is told of it."""

from __future__ import annotations

import numpy as np
import pytest
from experiments import (
    assert_same,
    at_step,
    changed,
    cloud,
    keys,
    never,
    parameters,
    refused,
    session,
    slices,
    xor,
)

from bptui.experiment import schema
from bptui.experiment.build import build, build_preset
from bptui.experiment.places import Mistakes
from bptui.session import commands as c
from bptui.session.frame import State
from bptui.session.session import Session
from bptui.session.trainer import Trainer


def marks(made: Session) -> list[tuple[int, str]]:
    return [(mark.step, mark.label) for mark in made.frame().marks]


# ---------------------------------------------------------------- which go on


GOES_ON = "eta optimizer momentum alpha beta1 beta2 eps weight_decay lr_decay batch_size shuffle l1 l2 epochs"
GOES_ON += " stop_loss patience speed"


def test_which_keys_go_on_is_declared_with_them() -> None:
    expected = {f"training.{name}" for name in GOES_ON.split()} | {
        "format", "title", "summary", "notes", "trap"
    }  # fmt: skip
    assert {key.path for key in schema.all_keys() if schema.goes_on(key.path)} == expected
    assert not schema.goes_on("network.initial")


# ---------------------------------------------------------------- going on with the same weights


def test_a_penalty_counts_from_the_next_update() -> None:
    made = at_step(5)
    before = parameters(made.trainer)
    assert made.do(keys(l2=0.01)) == "l2 0 → 0.01 from step 5"
    assert (made.trainer.steps, parameters(made.trainer)) == (5, before)
    other = Trainer(changed(cloud(), ("training.l2", 0.01)))
    other.run(steps=5)
    other.network.parameters[...] = before
    made.do(c.StepUpdate())
    other.step()
    assert parameters(made.trainer) == parameters(other)
    assert marks(made) == [(5, "l2 0.01")]


def test_another_optimizer_starts_from_zero_and_takes_its_own_rate_where_none_was_set() -> None:
    free = changed(cloud(), ("training.eta", None), ("training.optimizer", "momentum"))
    made = at_step(6, session(free))
    said = made.do(keys(optimizer="adam"))
    assert said == "optimizer momentum → adam; η 0.01 → 0.001 from step 6"
    assert (made.trainer.eta, made.preset.training.eta, made.trainer.optimizer.t) == (0.001, None, 0)
    assert [moment.any() for moment in made.trainer.optimizer.moments] == [False, False]
    assert marks(made) == [(6, "adam, η 0.001")]
    made.do(c.Back())
    assert (made.trainer.eta, made.trainer.experiment.optimizer) == (0.01, "momentum")
    assert_same(made.trainer, at_step(5, session(free)).trainer)


def test_a_rate_that_was_set_stays_with_another_optimizer() -> None:
    made = at_step(2)
    made.do(c.SetEta(0.03))
    made.do(keys(optimizer="adam"))
    assert (made.trainer.eta, made.preset.training.eta) == (0.03, 0.03)


def test_another_coefficient_keeps_the_optimizers_state() -> None:
    made = at_step(6, session(changed(cloud(), ("training.optimizer", "momentum"))))
    velocity = made.trainer.optimizer.moments[0].copy()
    weights, eta = made.trainer.network.parameters.copy(), made.trainer.eta
    assert made.do(keys(momentum=0.5)) == "momentum 0.9 → 0.5 from step 6"
    assert np.array_equal(made.trainer.optimizer.moments[0], velocity)
    made.trainer.step()
    expected = weights - eta * (0.5 * velocity + made.trainer.network.gradient)
    assert made.trainer.network.parameters == pytest.approx(expected, rel=1e-12)


def test_adams_count_goes_on_with_its_coefficients_changed() -> None:
    made = at_step(3, session(changed(cloud(), ("training.optimizer", "adam"))))
    made.do(keys(beta1=0.5))
    assert made.trainer.optimizer.t == 3


def test_a_step_begun_starts_again_but_not_for_a_stop_rule() -> None:
    made = at_step(2)
    for _ in range(3):
        made.do(c.StepOperation())
    made.do(keys(epochs=2000, patience=7))
    assert (made.trainer.steps, made.trainer.position, made.state) == (2, 3, State.STEPPING)
    made.do(keys(l1=0.1))
    assert (made.trainer.steps, made.trainer.position, made.state) == (2, 0, State.PAUSED)


def test_eta_alone_is_set_as_by_its_own_command() -> None:
    one, other = at_step(2), at_step(2)
    for made in (one, other):
        for _ in range(4):
            made.do(c.StepOperation())
    said = one.do(keys(eta=0.02))
    assert said == other.do(c.SetEta(0.02)) == "η 0.1 → 0.02 from step 2"
    assert one.trainer.position == other.trainer.position == 4
    at_step(4, one), at_step(4, other)
    assert_same(one.trainer, other.trainer)
    assert marks(one) == marks(other)
    assert one.do(keys(eta=0.02)) == "η stays 0.02"


def test_nothing_happens_where_nothing_changes() -> None:
    made = at_step(2)
    made.do(c.StepOperation())
    assert made.do(keys(l2=0.0, optimizer="sgd")) == "nothing changes"
    assert made.trainer.position == 1


# ---------------------------------------------------------------- batches and epochs


def test_with_other_batches_the_epoch_begun_begins_again() -> None:
    """50 examples in batches of 16: four updates an epoch; in batches of 8: seven."""
    made = at_step(6)
    assert made.do(keys(batch_size=8)) == "batch_size 16 → 8 from step 6"
    trainer = made.trainer
    assert (trainer.batches, trainer.epochs, trainer.end(2)) == (7, 1, 13)
    rows = [int(row) for step in range(6, 13) for row in trainer.rows_of(step)]
    assert sorted(rows) == list(range(50))
    fresh = Trainer(changed(cloud(), ("training.batch_size", 8)))
    assert rows == [int(row) for step in range(7, 14) for row in fresh.rows_of(step)]
    made.do(c.StepEpoch())
    made.advance(never)
    assert (trainer.steps, made.frame().epoch) == (13, 2)
    assert made.frame().batch_label == "batch 8"


def test_at_an_epochs_end_no_update_is_made_twice() -> None:
    made = at_step(8)
    made.do(keys(batch_size="all"))
    assert (made.trainer.epochs, made.trainer.batches, made.trainer.end(3)) == (2, 1, 9)


def test_an_epoch_that_began_again_has_the_mean_of_its_own_updates() -> None:
    """Otherwise a stop rule would look at losses that no epoch had."""
    made = at_step(5)
    made.do(keys(batch_size=25))
    at_step(2, made)
    losses = [made.trainer.history.at(step) for step in (6, 7)]
    mean = sum(losses) / 2  # type: ignore[arg-type]
    made.do(c.Back())
    made.do(c.Back())
    made.do(keys(stop_loss=mean * (1 + 1e-12)))
    made.do(c.Run())
    made.advance(never)
    assert (made.state, made.trainer.steps) == (State.FINISHED, 7)


def test_the_end_of_the_epoch_that_is_run_to_moves_with_the_batches() -> None:
    made = at_step(5)
    made.do(c.StepEpoch())
    made.do(keys(batch_size=8))
    while made.wants_time:
        made.advance(slices(1))
    assert (made.trainer.steps, made.trainer.epochs) == (12, 2)


def test_a_step_that_became_long_is_left_between_operations_at_once() -> None:
    """What was measured of small batches says nothing of large ones."""
    made = session(xor())
    made.do(c.Run())
    made.advance(slices(50))
    assert made.trainer.chunk > 1
    made.do(keys(l2=0.001))
    assert made.trainer.chunk == 1


# ---------------------------------------------------------------- the past


def test_the_past_is_gone_to_across_changes_to_the_bit() -> None:
    made = at_step(4)
    made.do(keys(optimizer="adam", l2=0.01))
    at_step(3, made)
    made.do(keys(batch_size=8))
    at_step(4, made)
    reached = parameters(made.trainer)
    for _ in range(9):
        made.do(c.Back())
    assert_same(made.trainer, at_step(2).trainer)
    at_step(2, made)
    made.do(keys(optimizer="adam", l2=0.01))
    at_step(3, made)
    made.do(keys(batch_size=8))
    at_step(4, made)
    assert parameters(made.trainer) == reached


def test_back_to_the_old_values_before_the_next_update_is_no_change() -> None:
    """In the middle of an epoch, with an optimizer's state to lose."""
    adam = changed(cloud(), ("training.optimizer", "adam"))
    made, straight = at_step(5, session(adam)), at_step(12, session(adam))
    for changes in (keys(optimizer="sgd", batch_size=8), keys(l1=1.0), keys(l1=0.0, batch_size=16)):
        made.do(changes)
    made.do(keys(optimizer="adam"))
    assert marks(made) == []
    at_step(7, made)
    assert_same(made.trainer, straight.trainer)


def test_what_was_kept_under_a_change_that_was_taken_back_is_forgotten() -> None:
    adam = changed(cloud(), ("training.optimizer", "adam"))
    made = at_step(5, session(adam))
    made.do(keys(optimizer="sgd"))
    for _ in made.trainer.tape.operations:
        made.do(c.StepOperation())  # keeps a checkpoint at step 5
    made.do(c.StepUpdate())
    made.do(c.Back())
    made.do(c.Back())
    made.do(keys(optimizer="adam"))
    at_step(6, made)
    made.do(c.Back())
    assert_same(made.trainer, at_step(made.trainer.steps, session(adam)).trainer)


def test_before_the_first_update_a_change_is_none_and_the_first_loss_is_of_the_first_batch() -> None:
    made = session(cloud())
    made.do(keys(batch_size=8, optimizer="adam"))
    assert marks(made) == []
    fresh = session(changed(cloud(), ("training.batch_size", 8), ("training.optimizer", "adam")))
    assert made.frame().first_loss == fresh.frame().first_loss
    at_step(9, made)
    made.do(c.Back())
    assert_same(made.trainer, at_step(8, fresh).trainer)


def test_several_at_one_step_are_one_mark() -> None:
    made = at_step(3)
    made.do(keys(optimizer="momentum", momentum=0.8, l2=0.01))
    made.do(c.SetEta(0.5))
    made.do(keys(batch_size=8, shuffle=False))
    label = "momentum, momentum 0.8, batch 8, in order, l2 0.01, η 0.5"
    assert marks(made) == [(3, label)]


def test_promise_and_health_are_not_told_of_an_update_made_in_another_way() -> None:
    made = at_step(4)
    assert made.frame().promise is not None
    made.do(keys(batch_size=8, l2=0.5))
    frame = made.frame()
    assert frame.promise is None
    assert len(frame.batch_rows) == 8
    assert [layer.number for layer in frame.health] == [1, 2, 3]


def test_after_a_divergence_a_change_stands_before_that_step() -> None:
    made = session(cloud(eta=1e200))
    while not made.trainer.divergence:
        made.do(c.StepUpdate())
    steps = made.trainer.steps
    made.do(keys(l2=0.1))
    assert (made.state, made.trainer.steps) == (State.PAUSED, steps)


# ---------------------------------------------------------------- at once


def test_stop_rules_hold_again_from_where_they_are_changed() -> None:
    made = session(changed(cloud(), ("training.epochs", 2)))
    made.do(c.Run())
    made.advance(never)
    assert (made.state, made.trainer.steps) == (State.FINISHED, 8)
    assert made.do(keys(epochs=3)) == "epochs 2 → 3"
    assert made.state is State.PAUSED
    made.do(c.Run())
    made.advance(never)
    assert made.frame().stop_reason == "3 epochs done at step 12"
    made.do(c.Back())
    assert made.experiment.epochs == 3


def test_fewer_epochs_than_were_made_stop_a_run_and_the_number_told_is_true() -> None:
    made = at_step(20)
    made.do(c.Run())
    made.do(keys(epochs=2))
    made.advance(never)
    assert made.frame().stop_reason == "5 epochs done at step 21"


def test_another_patience_counts_from_where_it_is_set() -> None:
    """Nothing is learned: each epoch has the same loss. Ten of them, then a first one and three more."""
    flat = (("training.eta", 1e-300), ("training.shuffle", False), ("training.patience", 1000))
    made = at_step(40, session(changed(cloud(), *flat)))
    made.do(keys(patience=3))
    made.do(c.Run())
    made.advance(never)
    assert made.frame().stop_reason == "3 epochs without a lower loss at step 56"


def test_speed_and_texts_change_at_once() -> None:
    made = at_step(3)
    assert made.do(keys(speed=10)) == "speed full → 10"
    assert made.speed.label == "10/s"
    assert (
        made.do(c.SetKeys((("title", "A re-do"), ("notes", "Try\nthis"))))
        == "title Cloud → A re-do; notes changed"
    )
    assert (made.frame().title, made.preset.notes, made.trainer.steps) == ("A re-do", "Try\nthis", 3)
    made.do(c.SetKeys((("title", None),)))
    assert made.frame().title == "cloud"


# ---------------------------------------------------------------- starting anew


def test_another_network_starts_anew_with_all_that_was_changed() -> None:
    made = at_step(5)
    made.do(c.SetEta(0.02))
    made.do(keys(l2=0.01))
    made.do(c.NewSeed())
    made.do(c.Slower())
    speed = made.speed
    made.do(c.Run())
    said = made.do(c.SetKeys((("network.hidden", (8, 8)),)))
    assert said == "hidden 6, 5 → 8, 8: starts anew"
    frame = made.frame()
    assert (frame.step, frame.sizes, frame.seed, frame.eta, frame.state) == (
        0,
        (2, 8, 8, 1),
        1,
        0.02,
        State.RUNNING,
    )
    assert (made.speed, made.experiment.l2) == (speed, 0.01)
    made.do(c.Pause())
    made.do(c.Back())
    assert made.frame().sizes == (2, 6, 5, 1)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("data.noise", 0.3, "noise 0.1 → 0.3: starts anew"),
        ("data.test_fraction", 0.2, "test_fraction 0 → 0.2: starts anew"),
        ("training.loss", "mse", "loss cross_entropy → mse: starts anew; y: 2 classes"),
        ("training.seed", 7, "seed 0 → 7: starts anew"),
        ("network.dtype", "float32", "dtype float64 → float32: starts anew"),
        ("network.output", "softmax", "output sigmoid → softmax: starts anew; y: 2 classes"),
    ],
)
def test_what_changes_data_network_or_measure_starts_anew(path: str, value: object, said: str) -> None:
    made = at_step(3)
    assert made.do(c.SetKeys(((path, value),))).startswith(said)
    assert made.trainer.steps == 0


def test_it_says_what_the_changed_experiment_has_to_say() -> None:
    made = session(build("iris"))
    said = made.do(c.SetKeys((("data.target_scale", "minmax"),)))
    assert (
        said == "target_scale none → minmax: starts anew; target_scale is for numbers; classes are not scaled"
    )


def test_a_reset_keeps_what_was_changed() -> None:
    for command in (c.Reset(), c.NewSeed()):
        made = at_step(5)
        made.do(keys(optimizer="adam", l2=0.01, batch_size=8))
        made.do(command)
        at_step(9, made)
        straight = session(build_preset(made.preset, "again"))
        assert_same(made.trainer, at_step(9, straight).trainer)
        assert made.preset.training.batch_size == 8


# ---------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([("training.l2", -1)], "training.l2: -1 is out of range. It must be a finite number at least 0"),
        ([("training.foo", 1)], 'training.foo: [training] has no key "foo". Did you mean'),
        ([("network.hidden", 4)], "network.hidden: 4 is not a list."),
        (
            [("training.momentum", 0.5)],
            "training.momentum: momentum is a key of momentum",
        ),
        ([("data.source", None)], "data.source: it is missing."),
        ([("data.source", "table")], "data.points: points is a key of a generator"),
        ([("training.batch_size", 0)], "training.batch_size: "),
        (
            [("network.dtype", "float32"), ("training.eta", 1e-60)],
            "training.eta: 1e-60 is out of",
        ),
    ],
)
def test_a_mistake_is_told_at_its_key_and_nothing_changes(
    changes: list[tuple[str, object]], message: str
) -> None:
    made = at_step(4)
    made.do(c.StepOperation())
    before, run = made.preset, made.trainer
    assert message in refused(made, ("training.l1", 0.5), *changes)
    assert made.preset is before
    assert made.trainer is run
    assert (run.steps, run.position, run.penalty.l1) == (4, 1, 0.0)


def test_several_mistakes_are_told_together() -> None:
    with pytest.raises(Mistakes) as caught:
        session(cloud()).do(keys(l2=-1, epochs="x"))
    assert {mistake.place for mistake in caught.value.mistakes} == {"training.l2", "training.epochs"}


def test_a_batch_that_cannot_be_computed_is_refused() -> None:
    data = ("data.points", 1_000_000)
    made = session(changed(cloud(), data, ("network.hidden", (100,)), ("network.activation", "relu")))
    assert refused(made, ("training.batch_size", "all")).startswith(
        "training.batch_size: a batch of 1,000,000 examples would have 101,000,000 activations."
    )
