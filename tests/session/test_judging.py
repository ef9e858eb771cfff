"""The gradients on screen are judged in slices as by `bptui check`, and the run stays as it is."""

from __future__ import annotations

import numpy as np
import pytest
from experiments import (
    adam_cloud,
    after,
    assert_same,
    cloud,
    line,
    never,
    session,
    slices,
    xor,
)

from bptui.experiment.build import Experiment, build
from bptui.nn import gradcheck
from bptui.nn.tape import Penalty
from bptui.session import commands as c
from bptui.session.judging import problem
from bptui.session.session import Session
from bptui.session.view import check


def stepped(experiment: Experiment, updates: int) -> Session:
    made = session(experiment)
    for _ in range(updates):
        made.do(c.StepUpdate())
    return made


EXPERIMENTS = [
    pytest.param(xor(), id="xor"),
    pytest.param(build("sine"), id="sine, in batches"),
    pytest.param(build("digits"), id="digits"),
    pytest.param(adam_cloud(), id="beside a penalty"),
    pytest.param(cloud(dtype="float32"), id="float32"),
]


@pytest.mark.parametrize("experiment", EXPERIMENTS)
@pytest.mark.parametrize("step", [0, 5])
def test_in_the_end_it_is_the_check_of_the_command(
    experiment: Experiment, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Large networks are sampled in the same way, here above 2,000."""
    monkeypatch.setattr(gradcheck, "SAMPLE_ABOVE", 2_000)
    monkeypatch.setattr(gradcheck, "SAMPLE", 50)
    made = stepped(experiment, step)
    made.frame()
    while made.wants_check:
        made.check_slice(slices(20))
    badge, expected = made.frame().check, check(after(experiment, step))
    assert badge is not None
    assert badge.done == badge.total == (expected.sampled or expected.parameters)
    assert (badge.max_relative_error, badge.passed) == (expected.max_relative_error, True)
    assert badge.max_relative_error > 0


def test_it_goes_on_a_slice_at_a_time() -> None:
    made = session(xor())
    assert made.frame().check is None
    seen = []
    while made.wants_check:
        made.check_slice(slices(4))
        badge = made.frame().check
        assert badge is not None
        seen.append((badge.done, badge.total))
    assert seen == [(4, 17), (8, 17), (12, 17), (16, 17), (17, 17)]
    made.check_slice(never)
    assert not made.wants_check


def test_not_while_running() -> None:
    made = session(xor())
    made.check_slice(slices(4))
    made.do(c.Run())
    assert not made.wants_check
    made.check_slice(never)
    assert made.frame().check is None
    made.do(c.Pause())
    assert made.wants_check
    made.check_slice(never)
    badge = made.frame().check
    assert badge is not None
    assert badge.done == 17


def test_what_was_looked_at_is_kept_inside_a_step_and_its_update_and_forgotten_after() -> None:
    made = stepped(cloud(), 2)
    made.frame()
    made.check_slice(slices(9))
    operations = made.trainer.tape.operations
    for _ in operations:
        made.do(c.StepOperation())
        badge = made.frame().check
        assert badge is not None
        assert badge.done == 9
    made.do(c.StepOperation())
    assert made.frame().check is None
    assert made.wants_check


def test_right_after_an_update_it_is_about_the_gradients_that_are_on_screen() -> None:
    made = stepped(cloud(), 2)
    for _ in made.trainer.tape.operations:
        made.do(c.StepOperation())
    made.check_slice(never)
    badge = made.frame().check
    assert badge is not None
    assert badge.max_relative_error == check(after(cloud(), 2)).max_relative_error


@pytest.mark.parametrize("away", [c.Back(), c.StepUpdate(), c.Reset(), c.NewSeed()])
def test_other_weights_begin_again(away: c.Command) -> None:
    made = stepped(xor(), 3)
    made.check_slice(never)
    made.do(away)
    assert made.frame().check is None


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_same_step_with_other_weights_begins_again(dtype: str) -> None:
    made = stepped(xor(dtype=dtype), 3)
    made.check_slice(never)
    for command in (c.Back(), c.SetEta(0.1), c.StepUpdate()):
        made.do(command)
    assert made.trainer.steps == 3
    assert made.frame().check is None


def test_a_step_come_back_to_keeps_what_was_found() -> None:
    made = stepped(xor(), 3)
    made.check_slice(never)
    made.do(c.Back())
    made.do(c.StepUpdate())
    assert made.frame().check is not None


def test_a_wrong_gradient_on_screen_is_told() -> None:
    made = stepped(xor(), 3)
    made.frame()
    made.trainer.network.gradient[5] += 1e-9
    made.check_slice(never)
    badge = made.frame().check
    assert badge is not None
    assert not badge.passed


def test_a_gradient_that_comes_on_screen_and_is_another_is_judged_anew() -> None:
    made = session(xor())
    made.check_slice(never)
    made.trainer.look_ahead()
    made.trainer.network.gradient[5] += 1e-9
    assert made.wants_check
    made.check_slice(never)
    badge = made.frame().check
    assert badge is not None
    assert not badge.passed


def test_where_the_next_numbers_overflow_it_comes_to_an_end() -> None:
    made = session(line(eta=0.6))
    while not made.trainer.divergence:
        made.do(c.StepUpdate())
    assert not made.wants_check
    made.do(c.Back())
    made.frame()
    made.check_slice(never)
    assert not made.wants_check
    badge = made.frame().check
    assert badge is not None
    assert not badge.passed


def test_beside_another_penalty_it_begins_again() -> None:
    made = session(xor())
    made.check_slice(never)
    made.trainer.penalty = Penalty(l2=0.1)
    assert made.frame().check is None


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_with_another_batch_at_the_same_step_it_begins_again(dtype: str) -> None:
    made = stepped(cloud(dtype=dtype), 2)
    made.check_slice(never)
    made._run.timeline.go_to(2)
    assert made.frame().check is not None
    made._run.timeline.go_to(2)
    made.trainer.rows[:] = made.trainer.rows[::-1].copy()
    assert made.frame().check is None


@pytest.mark.parametrize("experiment", [xor(), cloud(l1=0.01), cloud(dtype="float32"), adam_cloud()])
def test_a_weight_is_judged_as_in_the_whole_check(experiment: Experiment) -> None:
    made = stepped(experiment, 3)
    made.frame()
    found = made.judge_weight(2, 0, 1)
    trainer = after(experiment, 3)
    trainer.look_ahead()
    assert found.backprop == pytest.approx(trainer.network.grad_weights[1][0, 1], rel=1e-5)
    assert found.complex_step == pytest.approx(found.backprop, rel=1e-11)
    assert found.central == pytest.approx(found.backprop, rel=1e-6)
    assert found.central != found.complex_step
    bias = made.judge_weight(2, 0, made.trainer.network.sizes[1])
    assert bias.backprop == pytest.approx(trainer.network.grad_biases[1][0], rel=1e-5)
    assert bias.complex_step == pytest.approx(bias.backprop, rel=1e-11)


def test_float32_is_judged_with_the_batch_that_the_network_sees() -> None:
    trainer = after(cloud(dtype="float32"), 2)
    trainer.gather()
    assert np.array_equal(problem(trainer).inputs, trainer.tape.inputs)
    assert np.array_equal(problem(trainer).targets, trainer.tape.targets)


def test_in_float64_a_weights_gradient_is_that_on_screen() -> None:
    made = stepped(cloud(), 3)
    shown = made.frame().update.layers[1].grad_weights
    assert shown is not None
    assert made.judge_weight(2, 3, 4).backprop == shown[3, 4]


def test_at_a_corner_there_is_no_central_difference() -> None:
    made = session(xor(activations=("relu", "sigmoid")))
    # The example 0 0 stands on the corner of every unit.
    assert made.judge_weight(1, 0, 2).central is None


@pytest.mark.parametrize("place", [(0, 0, 0), (3, 0, 0), (1, 4, 0), (1, 0, 3), (1, -1, 0), (1, 0, -1)])
def test_there_is_no_such_weight(place: tuple[int, int, int]) -> None:
    with pytest.raises(IndexError):
        session(xor()).judge_weight(*place)


@pytest.mark.parametrize("running", [False, True])
def test_the_judges_disturb_nothing(running: bool) -> None:
    asked, plain = session(adam_cloud()), session(adam_cloud())
    for made in (asked, plain):
        for i in range(40):
            made.do(c.StepOperation() if i % 3 else c.StepUpdate())
            if running:
                made.do(c.Run())
                made.advance(slices(1))
            if made is asked:
                before = [w.copy() for w in made.trainer.tape.delta]
                made.judge_weight(1, 0, 0)
                made.check_slice(slices(3))
                assert all(map(np.array_equal, before, made.trainer.tape.delta))
            if running:
                made.do(c.Pause())
    for made in (asked, plain):
        made.do(c.StepUpdate())
    if not running:
        assert_same(asked.trainer, plain.trainer)
    straight = after(adam_cloud(), asked.trainer.steps)
    assert_same(asked.trainer, straight)
