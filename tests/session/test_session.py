"""What each command does and says, while nothing runs of itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from experiments import (
    adam_cloud,
    after,
    assert_same,
    cloud,
    done,
    line,
    never,
    session,
    xor,
)

from bptui.errors import ActionableError
from bptui.session import commands as c
from bptui.session.commands import Command
from bptui.session.frame import State
from bptui.session.pace import Speed
from bptui.session.session import Session
from bptui.session.trainer import Trainer

LAST = len(Trainer(xor()).tape.operations)


def where(made: Session) -> tuple[int, int]:
    return made.trainer.steps, made.trainer.position


def test_it_starts_paused_with_nothing_run() -> None:
    made = session(xor())
    frame = made.frame()
    assert (frame.state, frame.step, frame.epoch, frame.loss, frame.stop_reason) == (
        State.PAUSED,
        0,
        0,
        None,
        "",
    )
    assert not made.wants_time
    assert frame.first_loss == pytest.approx(Trainer(xor()).metrics().loss)
    assert all(layer.z is None for layer in frame.update.layers)


def test_an_operation_pauses_and_steps() -> None:
    made = session(xor())
    made.do(c.Run())
    assert done(made, c.StepOperation()) == [""]
    assert (made.state, where(made), made.wants_time) == (State.STEPPING, (0, 1), False)


def test_operations_go_on_into_the_next_step() -> None:
    made = session(xor())
    done(made, *[c.StepOperation()] * (LAST + 2))
    assert where(made) == (1, 2)


def test_an_update_finishes_the_step_begun_or_makes_one() -> None:
    made = session(xor())
    done(made, c.StepOperation(), c.StepOperation(), c.StepUpdate())
    assert (where(made), made.state) == ((1, 0), State.PAUSED)
    made.do(c.StepUpdate())
    assert_same(made.trainer, after(xor(), 2))


def test_an_update_tells_the_loss_that_the_frame_has_and_how_it_changed() -> None:
    made = session(line())
    assert made.do(c.StepUpdate()) == "step 1: loss 3.5294, −66.4 %"  # 10.5 before
    assert made.do(c.StepUpdate()) == "step 2: loss 1.1865, −66.4 %"
    assert made.frame().loss == pytest.approx(1.1865, abs=1e-4)
    done(made, c.StepOperation(), c.StepOperation())
    assert made.do(c.StepUpdate()) == "step 3: loss 0.3991, −66.4 %"


def test_back_goes_one_update_back_to_the_bit() -> None:
    made = session(adam_cloud())
    done(made, *[c.StepUpdate()] * 9)
    assert made.do(c.Back()) == "back to step 8"
    assert_same(made.trainer, after(adam_cloud(), 8))


def test_back_inside_a_step_goes_one_operation_back_across_updates_too() -> None:
    made = session(xor())
    done(made, c.StepUpdate(), c.StepOperation(), c.StepOperation())
    seen = []
    for _ in range(LAST + 4):
        message = made.do(c.Back())
        seen.append((*where(made), made.state, message))
    stepping = [(1, 1, State.STEPPING, ""), (1, LAST, State.STEPPING, "")]
    stepping += [(0, place, State.STEPPING, "") for place in range(LAST - 1, 0, -1)]
    assert seen[:-3] == stepping
    assert seen[-3:] == [(0, 0, State.PAUSED, "This is the start")] * 3


def test_back_to_an_operation_shows_its_arrays_again() -> None:
    forth, back = session(cloud()), session(cloud())
    done(forth, *[c.StepUpdate()] * 3, *[c.StepOperation()] * 5)
    done(back, *[c.StepUpdate()] * 3, *[c.StepOperation()] * 20, *[c.Back()] * 15)
    one, other = forth.frame().update, back.frame().update
    assert one.position == other.position == 5
    for mine, theirs in zip(one.layers, other.layers, strict=True):
        for name in ("z", "a", "delta", "grad_weights", "weights"):
            left, right = getattr(mine, name), getattr(theirs, name)
            assert (left is None) == (right is None)
            assert left is None or np.array_equal(left, right)


@pytest.mark.parametrize("step", [0, 1, 5, 9])
def test_a_step_of_the_past_is_gone_to_to_the_bit(step: int) -> None:
    made = session(adam_cloud())
    done(made, *[c.StepUpdate()] * 9, c.StepOperation(), c.StepOperation())
    assert made.do(c.GoTo(step)) == f"back to step {step}"
    assert (where(made), made.state) == ((step, 0), State.PAUSED)
    assert_same(made.trainer, after(adam_cloud(), step))


def test_going_to_a_step_pauses_and_leaves_a_stop_behind() -> None:
    made = session(xor(stop_loss=0.3))
    made.do(c.Run())
    made.advance(never)
    assert made.state is State.FINISHED
    made.do(c.GoTo(3))
    assert (made.state, made.frame().stop_reason) == (State.PAUSED, "")
    made.do(c.Run())
    made.do(c.GoTo(2))
    assert (made.state, made.trainer.steps) == (State.PAUSED, 2)


@pytest.mark.parametrize("step", [-1, 4, 10**9])
def test_a_step_that_the_run_has_not_is_refused(step: int) -> None:
    made = session(xor())
    done(made, *[c.StepUpdate()] * 3, c.Run())
    with pytest.raises(ActionableError, match="the run goes from step 0 to 3"):
        made.do(c.GoTo(step))
    assert (made.trainer.steps, made.state) == (3, State.RUNNING)


def test_the_lowest_loss_is_that_of_the_step_gone_to() -> None:
    made = session(line(eta=0.36))
    done(made, *[c.StepUpdate()] * 3)
    made.do(c.SetEta(0.6))
    done(made, *[c.StepUpdate()] * 40)
    losses = [column.final for column in made.trainer.history.columns(1000)]
    place = losses.index(min(losses))
    assert 1 < place < len(losses) - 1
    assert made.do(c.GoToLowest()) == f"to step {place}, the lowest loss"
    assert (made.frame().step, made.frame().loss) == (place, min(losses))


def test_from_a_divergence_the_lowest_loss_is_gone_to() -> None:
    made = diverged()
    assert made.do(c.GoToLowest()) == "to step 0, the lowest loss"
    assert (made.state, where(made)) == (State.PAUSED, (0, 0))


def test_before_an_update_no_loss_is_the_lowest() -> None:
    with pytest.raises(ActionableError, match="no update"):
        session(xor()).do(c.GoToLowest())


def test_eta_can_be_set_and_climbs_a_ladder() -> None:
    made = session(xor())
    done(made, c.StepUpdate(), c.StepUpdate())
    assert done(made, c.EtaUp(), c.EtaDown(), c.EtaDown(), c.SetEta(3e-4)) == [
        "η 0.5 → 1 from step 2",
        "η 1 → 0.5 from step 2",
        "η 0.5 → 0.2 from step 2",
        "η 0.2 → 3e−4 from step 2",
    ]
    assert made.frame().eta == 3e-4
    assert [mark.step for mark in made.frame().marks] == [2]
    assert made.do(c.SetEta(3e-4)) == "η stays 3e−4"


def test_eta_climbs_in_float32_too() -> None:
    made = session(xor(dtype="float32", eta=0.1))
    done(made, c.EtaDown(), c.EtaDown())
    assert made.frame().eta == 0.02


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_what_is_no_rate_is_refused(value: float) -> None:
    made = session(xor())
    with pytest.raises(ActionableError, match="number above 0"):
        made.do(c.SetEta(value))
    assert made.frame().eta == 0.5


@pytest.mark.parametrize("value", [1e300, 1e-300])
def test_a_rate_that_the_networks_numbers_cannot_hold_is_refused(value: float) -> None:
    with pytest.raises(ActionableError, match="number above 0"):
        session(xor(dtype="float32")).do(c.SetEta(value))


def test_going_back_takes_the_etas_after_it_along() -> None:
    made = session(xor())
    done(made, c.StepUpdate(), c.EtaUp(), c.StepUpdate(), c.EtaUp(), c.Back())
    assert (made.frame().eta, where(made)) == (1.0, (1, 0))
    made.do(c.Back())
    assert (made.frame().eta, made.frame().marks) == (0.5, ())


def test_a_speed_that_was_chosen_holds_for_the_presets_that_follow() -> None:
    made = session(xor())
    made.do(c.OpenPreset("circle"))
    own = made.frame().speed
    made.do(c.Slower())
    made.do(c.OpenPreset("moons"))
    assert made.frame().speed == "100/s" != own
    remembered = Session(xor(), speed=Speed(1, True))
    assert remembered.frame().speed == "1 op/s"


def test_speeds_go_up_and_down_with_their_names() -> None:
    made = session(xor())
    assert made.frame().speed == "full"
    down = done(made, *[c.Slower()] * 7)
    labels = ["1,000/s", "100/s", "10/s", "1/s", "5 op/s", "1 op/s", "stays 1 op/s"]
    assert down == [f"speed {label}" for label in labels]
    assert done(made, c.Faster(), c.Faster()) == ["speed 5 op/s", "speed 1/s"]
    assert made.frame().speed == "1/s"


def test_a_presets_own_speed_is_where_it_starts() -> None:
    made = session(xor(speed=50.0))
    assert made.frame().speed == "50/s"
    made.do(c.Faster())
    assert made.frame().speed == "100/s"


def test_a_reset_starts_again_with_all_else_as_it_is() -> None:
    made = session(xor())
    done(made, c.StepUpdate(), c.EtaUp(), c.Slower())
    assert made.do(c.Reset()) == "reset to seed 0"
    frame = made.frame()
    assert (frame.step, frame.eta, frame.speed, frame.seed, frame.loss) == (0, 1.0, "1,000/s", 0, None)
    assert (len(frame.history), frame.marks, frame.health) == (0, (), ())
    assert_same(made.trainer, Trainer(xor()))


def test_a_reset_keeps_running() -> None:
    made = session(xor())
    made.do(c.Run())
    made.do(c.Reset())
    assert made.state is State.RUNNING


def test_a_new_seed_is_another_run() -> None:
    made = session(cloud())
    assert made.do(c.NewSeed()) == "seed 1"
    made.do(c.StepUpdate())
    expected = Trainer(cloud(), 1)
    expected.step()
    assert_same(made.trainer, expected)
    assert made.frame().seed == 1


def test_after_the_last_seed_comes_the_first() -> None:
    assert session(xor(seed=2**63 - 1)).do(c.NewSeed()) == "seed 0"


@pytest.mark.parametrize("command", [c.Reset(), c.NewSeed()])
def test_at_the_start_back_goes_to_the_run_before(command: Command) -> None:
    made = session(xor())
    done(made, *[c.StepUpdate()] * 5, command)
    assert made.do(c.Back()) == "back in the run before: seed 0, step 5"
    assert_same(made.trainer, after(xor(), 5))
    assert made.frame().first_loss == session(xor()).frame().first_loss
    done(made, *[c.Back()] * 5)
    assert made.do(c.Back()) == "This is the start"


def test_back_in_the_run_before_it_stands_inside_its_step() -> None:
    made = session(xor())
    done(made, *[c.StepOperation()] * 4, c.Reset(), c.Back())
    assert (made.state, where(made)) == (State.STEPPING, (0, 4))


@dataclass(frozen=True)
class Unknown(Command):
    """None of the commands there are."""


def test_an_unknown_command_is_a_programmers_mistake() -> None:
    with pytest.raises(TypeError, match="Unknown"):
        session(xor()).do(Unknown())


# ---------------------------------------------------------------- divergence

WILD = {"eta": 0.6}


def diverged() -> Session:
    made = session(line(**WILD))
    while not made.trainer.divergence:
        message = made.do(c.StepUpdate())
    assert message == f"diverged: loss is not finite at step {made.trainer.steps + 1:,}, operation 3"
    return made


def test_after_a_divergence_it_says_why_it_cannot_go_on() -> None:
    made = diverged()
    assert made.state is State.DIVERGED
    assert made.do(c.Run()) == made.do(c.StepUpdate()) + ": there is nothing to train on from there"
    assert made.do(c.StepEpoch()).startswith("diverged: loss")
    assert not made.wants_time
    frame = made.frame()
    assert frame.divergence is not None
    assert frame.divergence.step == frame.step + 1


def test_back_from_a_divergence_to_finite_numbers() -> None:
    made = diverged()
    steps = made.trainer.steps
    assert made.do(c.Back()) == f"step {steps:,}, the last with finite numbers"
    assert made.state is State.PAUSED
    assert_same(made.trainer, after(line(**WILD), steps))


def test_a_smaller_eta_goes_on_from_the_last_finite_step() -> None:
    made = diverged()
    steps = made.trainer.steps
    assert made.do(c.SetEta(0.1)) == f"η 0.6 → 0.1 from step {steps:,}"
    made.do(c.StepUpdate())
    straight = after(line(**WILD), steps)
    straight.eta = 0.1
    straight.step()
    assert_same(made.trainer, straight)
    assert made.trainer.history.last > straight.history.columns(9999)[0].final  # type: ignore[operator]


def test_a_reset_leaves_a_divergence_behind() -> None:
    made = diverged()
    made.do(c.Reset())
    assert (made.state, where(made)) == (State.PAUSED, (0, 0))


def test_an_operation_after_a_divergence_goes_through_the_step_again() -> None:
    made = diverged()
    assert done(made, c.StepOperation(), c.StepOperation()) == ["", ""]
    assert made.state is State.STEPPING
    assert made.do(c.StepOperation()).startswith("diverged: loss is not finite")
    assert made.state is State.DIVERGED
    assert made.do(c.Back()) == ""
    assert (made.trainer.position, made.state) == (2, State.STEPPING)


# ---------------------------------------------------------------- presets


def test_other_presets_are_opened_and_those_left_are_kept() -> None:
    made = Session.open("xor")
    done(made, *[c.StepUpdate()] * 3)
    assert made.do(c.OpenPreset("spiral")).startswith(made.experiment.title)
    assert (made.frame().name, made.frame().step) == ("spiral", 0)
    made.do(c.StepUpdate())
    made.do(c.OpenPreset("xor"))
    assert (made.frame().name, made.frame().step) == ("xor", 3)
    made.do(c.OpenPreset("spiral"))
    assert made.frame().step == 1


def test_each_column_of_a_data_file_has_a_run_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "wine.csv"
    file.write_text("acid,sugar,price\n1.5,2,3\n2.5,1,4\n0.5,7,1.5\n")
    made = Session.open(str(file), "acid")
    assert made.address == (str(file), "acid")
    made.do(c.StepUpdate())
    made.do(c.OpenPreset(str(file)))
    assert made.address == (str(file), None)
    assert made.experiment.input_names == ("acid", "sugar")
    made.do(c.OpenPreset(str(file), target="acid"))
    assert made.experiment.input_names == ("sugar", "price")
    assert made.frame().step == 1
    assert made.kept() == {(str(file), "acid"): 1, (str(file), None): 0}


def test_opening_tells_what_was_chosen_for_it() -> None:
    made = Session.open("xor")
    message = made.do(c.OpenPreset("iris"))
    assert message == "; ".join((made.experiment.title, *made.experiment.notices))


def test_opening_what_is_not_there_changes_nothing() -> None:
    made = Session.open("xor")
    done(made, c.StepUpdate(), c.Run())
    with pytest.raises(ActionableError):
        made.do(c.OpenPreset("no-such-preset"))
    assert (made.frame().name, made.state) == ("xor", State.RUNNING)
