"""What a frame of the session tells: of one moment, and true."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from experiments import (
    adam_cloud,
    after,
    assert_same,
    cloud,
    done,
    line,
    parameters,
    session,
    xor,
)

from bptui.experiment.build import Experiment
from bptui.session import commands as c
from bptui.session.frame import Frame
from bptui.session.trainer import Trainer
from bptui.session.view import worked_update


@pytest.mark.parametrize("experiment", [xor(), cloud(), adam_cloud(), line()])
@pytest.mark.parametrize("step", [1, 3, 4, 7])
def test_a_paused_frame_equals_the_worked_update_of_its_step(experiment: Experiment, step: int) -> None:
    made = session(experiment)
    done(made, *[c.StepUpdate()] * step)
    frame, expected = made.frame(), worked_update(after(experiment, step)).before
    assert frame.step == step
    assert frame.loss == expected.loss
    assert frame.update.position == 0
    assert np.array_equal(frame.update.inputs, expected.inputs)
    for shown, layer in zip(frame.update.layers, expected.layers, strict=True):
        for field in fields(layer):
            if field.name.endswith("_before"):  # of the update made last, not of the step told
                continue
            left, right = getattr(shown, field.name), getattr(layer, field.name)
            assert np.array_equal(left, right), field.name


def test_a_frame_belongs_together() -> None:
    made = session(cloud())
    done(made, *[c.StepUpdate()] * 6)
    frame = made.frame()
    part = made.experiment.train
    assert np.array_equal(frame.update.inputs, part.inputs[frame.batch_rows])
    assert (frame.step, frame.epoch, len(frame.history)) == (6, 1, 6)
    assert frame.batch_label == "batch 16"
    assert session(xor()).frame().batch_label == "full batch"
    assert frame.parameters == made.trainer.network.parameters.size
    assert frame.penalty == 0.0


def test_an_update_just_made_tells_what_it_came_to() -> None:
    made = session(xor())
    done(made, *[c.StepOperation()] * len(Trainer(xor()).tape.operations))
    view, promise = made.frame().update, made.frame().promise
    plain = after(xor(), 1)
    assert promise is not None
    assert view.loss_after == pytest.approx(plain.metrics().loss, rel=1e-14)
    assert view.promised_loss == pytest.approx(view.loss + promise.promised)  # type: ignore[operator]
    made.do(c.StepOperation())
    assert made.frame().update.loss_after is None


def test_beside_a_penalty_the_promise_is_not_the_losss_alone() -> None:
    made = session(xor(l2=0.1))
    done(made, *[c.StepOperation()] * (len(Trainer(xor()).tape.operations) + 1))
    view = made.frame().update
    assert view.loss_after is not None
    assert view.promised_loss is None


def test_frames_change_no_bit() -> None:
    looked, plain = session(adam_cloud()), session(adam_cloud())
    for made in (looked, plain):
        for i in range(60):
            made.do(c.StepOperation() if i % 3 else c.StepUpdate())
            if made is looked:
                made.frame()
                made.frame()
    assert_same(looked.trainer, plain.trainer)
    assert parameters(looked.trainer) == parameters(plain.trainer)


def test_the_test_part_is_told_apart() -> None:
    experiment = cloud()
    made = session(cloud(test=experiment.train))
    made.do(c.StepUpdate())
    frame: Frame = made.frame()
    assert (frame.test_accuracy, frame.test_rmse) == (frame.accuracy, None)
    assert frame.test_loss == pytest.approx(made.trainer.metrics().loss)


@pytest.mark.parametrize(("eta", "trend"), [(0.05, "↓"), (0.6, "↑"), (1e-9, "→")])
def test_the_trend_is_that_of_the_last_tenth(eta: float, trend: str) -> None:
    made = session(line(eta=eta))
    done(made, *[c.StepUpdate()] * 20)
    assert made.frame().trend == trend


def test_before_the_first_operation_the_batch_in_hand_is_there() -> None:
    made = session(cloud())
    frame, part = made.frame(), made.experiment.train
    assert frame.update.inputs.tolist() == part.inputs[frame.batch_rows].tolist()
    assert frame.update.targets.tolist() == part.targets[frame.batch_rows].tolist()
