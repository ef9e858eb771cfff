"""A session that runs, by a clock that is handed in."""

from __future__ import annotations

import pytest
from experiments import Clock, assert_same, cloud, line, never, session, slices, xor

from bptui.experiment.build import Experiment
from bptui.session import commands as c
from bptui.session import running
from bptui.session.frame import State
from bptui.session.session import Session
from bptui.session.trainer import Trainer

SLOWER = {"full": 0, "1,000/s": 1, "100/s": 2, "10/s": 3, "1/s": 4, "5 op/s": 5, "1 op/s": 6}


def timed(experiment: Experiment, speed: str) -> tuple[Session, Clock]:
    clock = Clock()
    made = Session(experiment, clock)
    for _ in range(SLOWER[speed]):
        made.do(c.Slower())
    assert made.speed.label == speed
    return made, clock


def until_rest(made: Session, clock: Clock | None = None, frame: float = 0.1) -> None:
    """Slices until nothing is to be done; the clock goes on by a frame a slice."""
    for _ in range(100_000):
        if not made.wants_time:
            return
        made.advance(never if clock else slices(50))
        if clock:
            clock.now += frame
    raise AssertionError("it does not come to rest")


def ended(experiment: Experiment) -> Trainer:
    trainer = Trainer(experiment)
    trainer.run()
    return trainer


# ---------------------------------------------------------------- speeds


@pytest.mark.parametrize(("speed", "each"), [("1,000/s", 1000), ("100/s", 100), ("10/s", 10), ("1/s", 1)])
def test_so_many_updates_are_made_each_second(speed: str, each: int) -> None:
    made, clock = timed(xor(epochs=10**6), speed)
    made.do(c.Run())
    for _ in range(301):
        made.advance(never)
        clock.now += 0.01
    assert abs(made.trainer.steps - (1 + 3 * each)) <= 1
    assert made.frame().state is State.RUNNING


@pytest.mark.parametrize(("speed", "each"), [("5 op/s", 5), ("1 op/s", 1)])
def test_so_many_operations_are_made_each_second(speed: str, each: int) -> None:
    made, clock = timed(xor(), speed)
    made.do(c.Run())
    last = len(made.trainer.tape.operations)
    for _ in range(121):
        made.advance(never)
        clock.now += 0.1
    done = made.trainer.steps * last + made.trainer.position % last
    assert abs(done - (1 + 12 * each)) <= 1
    made.do(c.Pause())
    assert made.state is State.STEPPING
    assert abs(made.trainer.steps * last + made.trainer.position % last - done) == 0


def test_a_pause_stops_at_once_and_time_that_passed_is_not_made_up() -> None:
    made, clock = timed(xor(), "10/s")
    made.do(c.Run())
    made.advance(never)
    made.do(c.Pause())
    clock.now += 60
    made.advance(never)
    assert (made.trainer.steps, made.state) == (1, State.PAUSED)
    made.do(c.Run())
    made.advance(never)
    assert made.trainer.steps == 2


def test_delay_tells_when_the_next_is_due() -> None:
    made, clock = timed(xor(), "10/s")
    assert made.delay() == 0
    made.do(c.Run())
    made.advance(never)
    assert made.delay() == pytest.approx(0.1)
    clock.now += 0.04
    assert made.delay() == pytest.approx(0.06)
    made.do(c.StepEpoch())
    assert made.delay() == 0


def test_a_deadline_ends_a_slice_and_what_was_due_comes_later() -> None:
    made, clock = timed(xor(), "1,000/s")
    made.trainer.chunk = 1
    made.do(c.Run())
    made.advance(never)
    clock.now += 0.2
    before = made.trainer.steps
    made.advance(lambda: True)
    assert 0 < made.trainer.steps - before < 200
    made.advance(never)
    assert made.trainer.steps - before == 200


def test_a_full_speed_slice_ends_at_its_deadline() -> None:
    made = session(xor(epochs=10**9))
    made.do(c.Run())
    made.advance(lambda: True)
    assert 0 < made.trainer.steps < 10_000
    made.do(c.Pause())
    straight = Trainer(xor())
    straight.run(steps=made.trainer.steps)
    assert_same(made.trainer, straight)


def test_the_rate_is_measured_while_it_runs() -> None:
    made, clock = timed(xor(), "100/s")
    made.do(c.Run())
    for _ in range(100):
        made.advance(never)
        rate = made.frame().rate
        clock.now += 0.05
    assert rate == pytest.approx(100, rel=0.1)
    made.do(c.Pause())
    assert made.frame().rate is None


def test_a_changed_speed_goes_on_running() -> None:
    made, clock = timed(xor(), "100/s")
    made.do(c.Run())
    made.advance(never)
    assert made.do(c.Slower()) == "speed 10/s"
    clock.now += 0.1
    made.advance(never)
    assert (made.trainer.steps, made.state) == (2, State.RUNNING)


def test_run_from_inside_a_step_goes_on_from_there() -> None:
    made, _ = timed(xor(), "1/s")
    made.do(c.StepOperation())
    made.do(c.StepOperation())
    made.do(c.Run())
    made.advance(never)
    assert (made.trainer.steps, made.trainer.position) == (1, 0)
    made.do(c.Pause())
    assert made.state is State.PAUSED


def test_a_pause_with_nothing_due_makes_no_update() -> None:
    made, clock = timed(xor(), "5 op/s")
    made.do(c.Run())
    while made.trainer.steps < 1:
        made.advance(never)
        clock.now += 0.2
    made.do(c.Faster())
    made.advance(never)
    made.do(c.Pause())
    assert made.trainer.steps == 1


# ---------------------------------------------------------------- stop rules


@pytest.mark.parametrize("speed", list(SLOWER))
@pytest.mark.parametrize(
    "experiment",
    [xor(stop_loss=0.5, eta=2.0), xor(patience=2, batch_size=3, eta=2.0), xor(epochs=3, batch_size=3)],
)
def test_a_stop_rule_holds_at_the_same_update_at_every_speed(experiment: Experiment, speed: str) -> None:
    made, clock = timed(experiment, speed)
    made.do(c.Run())
    until_rest(made, clock, frame=2.0 if "op" in speed or speed == "1/s" else 0.1)
    assert made.state is State.FINISHED
    assert_same(made.trainer, ended(experiment))
    assert made.frame().update.position == 0


@pytest.mark.parametrize("stop", [{"stop_loss": 0.65}, {"patience": 1, "eta": 1.0}, {"epochs": 4}])
def test_long_steps_are_left_between_calls_and_stop_the_same(
    monkeypatch: pytest.MonkeyPatch, stop: dict[str, float]
) -> None:
    monkeypatch.setattr(running, "LONG_STEP", -1.0)
    experiment = cloud(**stop)
    made = session(experiment)
    made.do(c.Run())
    left = 0
    while made.wants_time:
        made.advance(lambda: True)
        left += made.trainer.piece_left
        assert made.state is not State.STEPPING
        assert made.frame().update.position == 0
    assert left > 5 * made.trainer.steps
    assert made.state is State.FINISHED
    assert_same(made.trainer, ended(experiment))


@pytest.mark.parametrize("command", [c.Pause(), c.EtaUp(), c.Slower(), c.Back(), c.StepUpdate(), c.Reset()])
def test_a_long_step_is_finished_before_anything_else(
    monkeypatch: pytest.MonkeyPatch, command: c.Command
) -> None:
    monkeypatch.setattr(running, "LONG_STEP", -1.0)
    made = session(cloud())
    made.do(c.Run())
    made.advance(slices(20))
    assert made.trainer.piece_left
    made.do(command)
    assert not made.trainer.piece_left


def test_reasons_are_told_in_words() -> None:
    reasons = []
    for experiment in (xor(stop_loss=0.5), line(eta=0.4, patience=1200, epochs=10**6), xor(epochs=1500)):
        made = session(experiment)
        made.do(c.Run())
        until_rest(made)
        reasons.append((made.frame().stop_reason, made.trainer.steps))
    (loss, at), (patience, _), (epochs, _) = reasons
    assert loss == f"loss ≤ 0.5 at step {at:,}"
    assert epochs == "1,500 epochs done at step 1,500"
    assert patience.startswith("1,200 epochs without a lower loss at step")


@pytest.mark.parametrize("speed", ["full", "1,000/s", "5 op/s"])
@pytest.mark.parametrize("experiment", [xor(stop_loss=0.6), xor(epochs=5)])
def test_after_a_stop_rule_run_trains_on_until_a_reset(experiment: Experiment, speed: str) -> None:
    made, clock = timed(experiment, speed)
    made.do(c.Run())
    until_rest(made, clock)
    stopped = made.trainer.steps
    made.do(c.Run())
    assert (made.state, made.frame().stop_reason) == (State.RUNNING, "")
    while made.trainer.steps < stopped + 20:
        clock.now += 1.0
        made.advance(slices(3))
    assert made.wants_time
    made.do(c.Pause())
    assert made.state is not State.FINISHED
    for _ in range(6):
        made.do(c.Faster())
    made.do(c.Reset())
    made.do(c.Run())
    until_rest(made, clock)
    assert (made.state, made.trainer.steps) == (State.FINISHED, stopped)


def test_after_a_stop_rule_an_update_by_hand_is_training_on_too() -> None:
    made = session(xor(stop_loss=0.5))
    made.do(c.Run())
    until_rest(made)
    made.do(c.StepUpdate())
    assert (made.state, made.frame().stop_reason) == (State.PAUSED, "")
    made.do(c.Run())
    made.advance(slices(50))
    assert made.state is State.RUNNING


def test_back_from_a_stop_and_on_again_stops_at_the_same_update() -> None:
    made = session(xor(stop_loss=0.5))
    made.do(c.Run())
    until_rest(made)
    expected = made.frame().stop_reason
    made.do(c.Back())
    assert made.state is State.PAUSED
    made.do(c.Run())
    until_rest(made)
    assert (made.state, made.frame().stop_reason) == (State.FINISHED, expected)


def test_who_stepped_past_the_epochs_can_train_on() -> None:
    made = session(xor(epochs=3))
    for _ in range(4):
        made.do(c.StepUpdate())
    made.do(c.Run())
    made.advance(slices(5))
    assert made.state is State.RUNNING


def test_the_step_that_run_finishes_is_under_the_rules() -> None:
    experiment = xor(stop_loss=0.5)
    stop = ended(experiment).steps
    made = session(experiment)
    for _ in range(stop - 1):
        made.do(c.StepUpdate())
    made.do(c.StepOperation())
    made.do(c.Run())
    until_rest(made)
    assert made.trainer.steps == stop


def test_a_finished_run_that_a_reset_left_is_finished_still() -> None:
    made = session(xor(stop_loss=0.5))
    made.do(c.Run())
    until_rest(made)
    reason, steps = made.frame().stop_reason, made.trainer.steps
    made.do(c.Reset())
    made.do(c.Back())
    assert (made.state, made.frame().stop_reason) == (State.FINISHED, reason)
    made.do(c.Run())
    made.advance(slices(20))
    assert made.trainer.steps > steps
    assert made.state is State.RUNNING


# ---------------------------------------------------------------- to the end of the epoch


@pytest.mark.parametrize("speed", ["full", "1/s", "1 op/s"])
def test_an_epoch_runs_to_its_end_at_full_speed_whatever_the_speed(speed: str) -> None:
    made, _ = timed(cloud(), speed)
    made.do(c.StepUpdate())
    made.do(c.StepOperation())
    assert made.do(c.StepEpoch()) == ""
    assert made.state is State.RUNNING
    until_rest(made)
    assert (made.trainer.steps, made.trainer.position, made.state) == (4, 0, State.PAUSED)
    made.do(c.StepEpoch())
    until_rest(made)
    assert made.trainer.steps == 8
    straight = Trainer(cloud())
    straight.run(steps=8)
    assert_same(made.trainer, straight)


def test_at_its_end_an_epoch_tells_how_good_the_network_is_once() -> None:
    made = session(cloud())
    made.do(c.StepEpoch())
    until_rest(made)
    metrics = made.trainer.metrics()
    assert metrics.accuracy is not None
    accuracy = f"training accuracy {metrics.accuracy * 100:.1f} %"
    assert made.take_note() == f"epoch 1: loss {metrics.loss:.4f}, {accuracy}"
    assert made.take_note() == ""
    numbers = session(line())
    numbers.do(c.StepEpoch())
    until_rest(numbers)
    assert "training rmse" in numbers.take_note()


def test_an_epoch_can_be_paused_and_is_no_target_any_more() -> None:
    made = session(cloud(batch_size=1))
    made.do(c.StepEpoch())
    made.advance(lambda: True)
    made.do(c.Pause())
    assert made.state is State.PAUSED
    made.do(c.Run())
    until = made.trainer.steps + 200
    while made.trainer.steps < until:
        made.advance(slices(4))
    assert made.state is State.RUNNING


def test_no_rule_stops_an_epoch() -> None:
    made = session(cloud(stop_loss=100.0))
    for _ in range(3):
        made.do(c.StepEpoch())
        until_rest(made)
    assert (made.trainer.epochs, made.state) == (3, State.PAUSED)


# ---------------------------------------------------------------- divergence


@pytest.mark.parametrize("speed", list(SLOWER))
def test_a_divergence_ends_the_run_at_every_speed(speed: str) -> None:
    experiment = line(eta=1e30)
    made, clock = timed(experiment, speed)
    made.do(c.Run())
    until_rest(made, clock, frame=1.0)
    assert made.state is State.DIVERGED
    assert made.trainer.divergence == _divergence_of(experiment)
    frame = made.frame()
    assert frame.rate is None
    assert frame.step == made.trainer.steps


def _divergence_of(experiment: Experiment) -> object:
    return ended(experiment).divergence


def test_after_a_divergence_inside_an_epoch_there_is_no_target_left() -> None:
    made = session(line(eta=1e200, batch_size=1))
    made.do(c.StepEpoch())
    until_rest(made)
    assert made.state is State.DIVERGED
    while made.trainer.steps:
        made.do(c.Back())
    made.do(c.SetEta(1e-3))
    made.do(c.Run())
    while made.trainer.steps <= made.trainer.batches:
        assert made.state is State.RUNNING
        made.advance(slices(1))
