from __future__ import annotations

import numpy as np
import pytest
from experiments import adam_cloud, cloud, line, session, slices, xor

from bptui.experiment.build import Experiment, build_preset
from bptui.experiment.schema import DataSpec, Preset
from bptui.session import commands as c
from bptui.session.evaluation import Evaluator
from bptui.session.frame import Promise
from bptui.session.observer import Age, Observer
from bptui.session.session import Session
from bptui.session.trainer import Trainer


def parted() -> Experiment:
    """Two classes with a test part of 15."""
    data = DataSpec("xor-cloud", points=50, noise=0.1, test_fraction=0.3)
    return build_preset(Preset(title="Parted", data=data), "parted")


def stepped(experiment: Experiment, updates: int) -> Session:
    made = session(experiment)
    for _ in range(updates):
        made.do(c.StepUpdate())
        made.frame()
    return made


@pytest.mark.parametrize("experiment", [xor(), cloud(), adam_cloud(), cloud(l1=0.01), line()])
@pytest.mark.parametrize("updates", [1, 4, 7])
def test_promise_and_kept_are_the_direct_computation(experiment: Experiment, updates: int) -> None:
    frame = stepped(experiment, updates).frame()
    plain = Trainer(experiment)
    plain.run(steps=updates - 1, rules=False)
    rows, part = plain.rows.copy(), experiment.train
    plain.look_ahead()
    gradient, before = plain.network.gradient.copy(), plain.network.parameters.copy()

    def objective() -> float:
        loss = plain.evaluator.batch_loss(part.inputs[rows], part.targets[rows])
        return loss + plain.penalty.of(plain.network)

    old = objective()
    plain.step()
    assert frame.promise is not None
    assert frame.promise.promised == pytest.approx(
        float(gradient @ (plain.network.parameters - before)), rel=1e-10
    )
    assert frame.promise.kept == pytest.approx(objective() - old, rel=1e-9, abs=1e-15)


def test_the_promise_is_the_slope_of_the_loss_along_the_update() -> None:
    """Kept approaches promised as η approaches 0."""
    for eta in (1e-3, 1e-5):
        promise = stepped(xor(eta=eta), 1).frame().promise
        assert promise is not None
        assert promise.promised < 0
        assert promise.kept == pytest.approx(promise.promised, rel=eta)


def test_an_eta_too_large_overshoots_and_is_told() -> None:
    promise = stepped(line(eta=0.9), 1).frame().promise
    assert promise is not None
    assert promise.kept > 0 > promise.promised
    assert promise.verdict == "overshot: the loss of this batch rose"


def test_between_the_best_eta_and_twice_it_the_promise_is_half_kept_at_most() -> None:
    promise = stepped(line(eta=0.35), 1).frame().promise
    assert promise is not None
    assert 0 < promise.kept / promise.promised < 0.5
    assert promise.verdict == "past the best η of a line search"


def test_momentum_may_go_uphill() -> None:
    made = session(xor(optimizer="momentum", optimizer_options={"momentum": 0.99}, eta=0.5, batch_size=2))
    verdicts = set()
    for _ in range(300):
        made.do(c.StepUpdate())
        promise = made.frame().promise
        assert promise is not None
        assert ("uphill" in promise.verdict) == (promise.promised > 1e-13 * max(1.0, abs(promise.promised)))
        verdicts.add(promise.verdict.split(":")[0])
    assert "uphill" in verdicts


def test_nothing_is_promised_before_an_update_and_little_has_no_verdict() -> None:
    assert session(xor()).frame().promise is None
    promise = stepped(xor(eta=1e-13), 1).frame().promise
    assert promise is not None
    assert promise.verdict == ""


def test_a_step_gone_through_again_has_a_promise_of_its_own() -> None:
    made = stepped(xor(), 5)
    first = made.frame().promise
    made.do(c.Back())
    made.do(c.SetEta(3.0))
    made.do(c.StepUpdate())
    again, fresh = made.frame().promise, stepped(xor(), 4)
    fresh.do(c.SetEta(3.0))
    fresh.do(c.StepUpdate())
    assert again == fresh.frame().promise
    assert again != first


def test_a_step_gone_through_again_has_answers_of_its_own() -> None:
    """The first weight does not move: a unit that says 0 for every example."""
    experiment = xor(activations=("relu", "sigmoid"))
    made = session(experiment)
    made.trainer.network.weights[0][0], made.trainer.network.biases[0][0] = 0.0, -1.0
    made.trainer.eta = 0.5
    made.do(c.StepUpdate())
    first = made.frame().output.predictions.copy()
    made.do(c.Back())
    made.do(c.SetEta(3.0))
    made.do(c.StepUpdate())
    assert not np.array_equal(made.frame().output.predictions, first)


@pytest.mark.parametrize("position", range(1, 15))
def test_health_inside_a_step_keeps_what_layers_had_until_they_are_reached(position: int) -> None:
    made = stepped(cloud(), 3)
    old = made.frame().health
    for _ in range(position):
        made.do(c.StepOperation())
    now = made.frame().health
    whole = stepped(cloud(), 3)
    whole.do(c.StepUpdate())
    operations = made.trainer.tape.operations
    reached = {op.layer for op in operations[:position] if op.writes.startswith("∂W")}
    assert len(made.trainer.rows) == 2 or position == len(operations)
    for before, layer in zip(old, now, strict=True):
        norm = np.linalg.norm(made.trainer.network.grad_weights[layer.number - 1])
        if layer.number in reached:
            assert layer.gradient_norm == pytest.approx(norm, rel=1e-12)
        else:
            assert layer == before


def test_health_of_a_slow_run_is_that_of_its_last_whole_step() -> None:
    trainer = Trainer(cloud())
    observer = Observer(trainer, lambda: 0.0)
    trainer.run(steps=3)
    health = observer.health()
    trainer.rerun(3)
    assert observer.health() == health
    other = Trainer(cloud())
    other.run(steps=2)
    other.look_ahead()
    assert [layer.delta_rms for layer in health] == pytest.approx(
        [float(np.sqrt(np.square(d).mean())) for d in other.tape.delta]
    )


def test_there_is_no_health_before_the_first_backward_pass() -> None:
    made = session(xor())
    assert made.frame().health == ()
    made.do(c.StepUpdate())
    assert len(made.frame().health) == 2
    made.do(c.Back())
    assert made.frame().health == ()


def test_trends_hold_a_norm_for_each_frame_with_a_new_gradient() -> None:
    made = session(xor())
    norms = []
    for _ in range(70):
        made.do(c.StepUpdate())
        frame = made.frame()
        norms.append([layer.gradient_norm for layer in frame.health])
        made.frame()
    assert np.array(frame.trends).T.tolist() == norms[-60:]


def test_a_look_at_the_past_shows_the_trend_up_to_there_and_takes_nothing_away() -> None:
    made = session(xor())
    frames = []
    for _ in range(8):
        made.do(c.StepUpdate())
        frames.append(np.array(made.frame().trends))
    for step in (5, 2, 7):
        made.do(c.Look(step))
        np.testing.assert_array_equal(made.frame().trends, frames[step - 1])
    made.do(c.ComeBack())
    np.testing.assert_array_equal(made.frame().trends, frames[-1])


def test_of_the_way_that_was_left_the_trend_has_nothing() -> None:
    made = session(xor())
    for _ in range(8):
        made.do(c.StepUpdate())
        made.frame()
    made.do(c.GoTo(3))
    made.do(c.SetEta(5.0))
    norms = [layer.gradient_norm for layer in made.frame().health]
    made.do(c.StepUpdate())
    trends = np.array(made.frame().trends)
    assert trends.shape == (2, 4)
    assert trends[:, 2].tolist() == norms


@pytest.mark.parametrize("experiment", [xor(), cloud(), adam_cloud(), cloud(l1=0.01)])
def test_a_run_at_full_speed_tells_the_same_as_steps_once_it_is_paused(experiment: Experiment) -> None:
    made = session(experiment)
    made.do(c.Run())
    made.advance(slices(3))
    made.do(c.Pause())
    paused, plain = made.frame(), stepped(experiment, made.trainer.steps).frame()
    assert paused.step > 3
    assert paused.promise == plain.promise
    assert paused.health == plain.health
    assert all(layer.update_ratio for layer in paused.health)


def test_a_run_at_full_speed_that_is_looked_at_tells_what_its_last_update_changed() -> None:
    made = session(cloud())
    made.do(c.Run())
    made.advance(slices(3))
    made.prepare_look()
    frame = made.frame()
    plain = stepped(cloud(), frame.step).frame()
    assert (frame.health, frame.promise) == (plain.health, plain.promise)


def test_while_it_runs_whole_parts_are_looked_at_within_their_share_of_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, looks = [0.0], []
    real = Evaluator.evaluate

    def slow(self: Evaluator, part: object) -> object:
        looks.append(now[0])
        now[0] += 0.01
        return real(self, part)  # type: ignore[arg-type]

    monkeypatch.setattr(Evaluator, "evaluate", slow)
    trainer = Trainer(cloud())
    observer = Observer(trainer, lambda: now[0])
    for _ in range(1000):
        trainer.train(1)
        observer.output(Age.RECENT)
        now[0] += 0.001
    assert len(looks) * 0.01 <= 0.06 * now[0] + 0.01
    count = len(looks)
    observer.output(Age.NOW)
    observer.output(Age.NOW)
    assert len(looks) == count + 1


def test_the_output_panel_answers_with_the_weights_of_now() -> None:
    made = stepped(cloud(), 9)
    output, trainer = made.frame().output, made.trainer
    part = trainer.experiment.train
    expected = trainer.evaluator.predict(part.inputs)
    assert np.array_equal(output.predictions, expected)
    assert np.array_equal(output.evaluate(part.raw_inputs), expected)
    assert output.right is not None
    assert output.right.mean() == made.frame().accuracy
    assert output.low.tolist() == part.raw_inputs.min(axis=0).tolist()
    assert output.high.tolist() == part.raw_inputs.max(axis=0).tolist()


def test_numbers_are_answered_in_their_own_unit() -> None:
    output = stepped(line(), 3).frame().output
    assert output.regression
    assert output.right is None
    assert output.targets.ravel().tolist() == [1, 3, 5, 7]
    assert output.evaluate(output.raw_inputs) == pytest.approx(output.predictions)


def test_units_that_are_all_equal_are_told() -> None:
    start = ([np.full((4, 2), 0.3), np.full((1, 4), 0.3)], [np.zeros(4), np.zeros(1)])
    assert "symmetry" in stepped(xor(initial=start), 2).frame().network_verdict
    assert "symmetry" not in stepped(xor(), 2).frame().network_verdict


def test_outputs_that_hardly_differ_while_gradients_cancel_are_a_plateau() -> None:
    rng = np.random.default_rng(0)
    start = ([rng.normal(0, 1e-4, (4, 2)), rng.normal(0, 1e-4, (1, 4))], [np.zeros(4), np.zeros(1)])
    told = stepped(xor(initial=start), 1).frame().network_verdict
    assert told == "plateau: one guess for all, loss at best 0.6931; gradients cancel"


def promise_now(trainer: Trainer) -> Promise | None:
    observer = Observer(trainer, lambda: 0.0)
    observer.measure_promise()
    return observer.promise()


def test_of_an_update_in_pieces_no_promise_is_read_from_another_gradient() -> None:
    trainer = Trainer(cloud())
    trainer.train(5)
    expected, promises = promise_now(trainer), set[Promise | None]()
    while True:
        trainer.train_piece(lambda: True)
        if not trainer.piece_left:
            break
        promises.add(promise_now(trainer))
        if trainer.computed == trainer.tape.gradients:
            health = Observer(trainer, lambda: 0.0).health()
            norms = [float(np.linalg.norm(g)) for g in trainer.network.grad_weights]
            assert [layer.gradient_norm for layer in health] == pytest.approx(norms)
    assert expected is not None
    assert promises == {expected, None}


def test_the_test_part_stands_behind_the_training_part() -> None:
    made = stepped(parted(), 3)
    output = made.frame().output
    assert output.other is not None
    other = output.other()
    assert (output.part, other.part) == ("training", "test")
    assert len(other.rows) == 15
    assert not set(other.rows.tolist()) & set(output.rows.tolist())
    assert other.predictions == pytest.approx(output.evaluate(other.raw_inputs))
    assert stepped(xor(), 1).frame().output.other is None


def test_the_parameters_before_the_last_update_are_known_between_steps_and_inside_one() -> None:
    made = session(xor())
    made.do(c.StepUpdate())
    kept = [w.copy() for w in made.trainer.network.weights]
    made.do(c.StepUpdate())
    for _ in range(3):
        for layer, old in zip(made.frame().update.layers, kept, strict=True):
            assert layer.weights_before is not None
            assert layer.biases_before is not None
            assert (layer.weights_before == old).all()
            assert (layer.weights != old).any()
        made.do(c.StepOperation())
    assert session(xor()).frame().update.layers[0].weights_before is None


def test_hidden_units_are_told_of_inputs_in_the_datas_own_unit() -> None:
    made = stepped(cloud(), 2)
    output, trainer = made.frame().output, made.trainer
    assert output.hidden is not None
    assert output.losses is not None
    told = output.hidden(output.raw_inputs, 2)
    assert told == pytest.approx(trainer.evaluator.activations(trainer.experiment.train.inputs, 2))
    assert output.losses.mean() == pytest.approx(
        trainer.evaluator.evaluate(trainer.experiment.train).metrics.loss
    )
