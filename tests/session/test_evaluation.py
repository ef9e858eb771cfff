from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from experiments import Array, cloud, line, xor

from bptui.experiment.build import Experiment, build_preset
from bptui.experiment.schema import DataSpec, NetworkSpec, Preset, TrainingSpec
from bptui.session.evaluation import CHUNK, answers_right
from bptui.session.trainer import Trainer


def with_encoding(encoding: str) -> Experiment:
    experiment = xor()
    return replace(experiment, task=experiment.task._replace(encoding=encoding))


def right(encoding: str, output: list[list[float]], targets: list[list[float]]) -> list[bool]:
    found = answers_right(with_encoding(encoding), np.array(output), np.array(targets, float))
    assert found is not None
    return list(found.tolist())


def test_one_unit_is_right_on_its_side_of_a_half_and_a_half_is_the_first_class() -> None:
    output = [[0.5], [0.5], [0.51], [0.49], [np.nextafter(0.5, 1)]]
    assert right("binary", output, [[0], [1], [1], [1], [1]]) == [True, False, True, False, True]


def test_of_classes_the_largest_output_counts() -> None:
    assert right("one_hot", [[0.2, 0.5, 0.3], [0.4, 0.4, 0.2]], [[0, 1, 0], [0, 1, 0]]) == [True, False]


def test_of_several_columns_all_must_be_right() -> None:
    assert right("multi_label", [[0.9, 0.1], [0.9, 0.6]], [[1, 0], [1, 0]]) == [True, False]


def test_numbers_have_no_right_and_wrong() -> None:
    assert answers_right(line(), np.zeros((4, 1)), np.zeros((4, 1))) is None


def test_metrics_of_a_line_by_hand() -> None:
    """All outputs 0, targets 1 3 5 7: ½ mean of y² = 10.5, rmse = √21."""
    metrics = Trainer(line(l2=0.5)).metrics()
    assert metrics.loss == pytest.approx(10.5, rel=1e-15)
    assert metrics.rmse == pytest.approx(21**0.5, rel=1e-15)
    assert (metrics.penalty, metrics.accuracy) == (0.0, None)


def test_rmse_is_told_in_the_targets_own_unit() -> None:
    data = DataSpec(
        "table", inputs=((0,), (1,), (2,)), targets=((10,), (20,), (60,)), target_scale="standard"
    )
    network = NetworkSpec(hidden=(), output="linear", init="zeros")
    preset = Preset(data=data, network=network, training=TrainingSpec(loss="mse"))
    metrics = Trainer(build_preset(preset, "scaled")).metrics()
    # With outputs of 0, the mean of 30 is answered everywhere.
    assert metrics.rmse == pytest.approx(((400 + 100 + 900) / 3) ** 0.5)
    assert metrics.loss == pytest.approx(0.5)


def test_rmse_does_not_overflow_before_its_result_does() -> None:
    trainer = Trainer(line())
    trainer.network.biases[-1][:] = 1e200
    assert trainer.metrics().rmse == pytest.approx(1e200, rel=1e-12)


def test_the_penalty_is_told_apart() -> None:
    trainer = Trainer(xor(l1=0.1, l2=0.2))
    weights = np.concatenate([w.ravel() for w in trainer.network.weights])
    expected = 0.1 * np.abs(weights).sum() + 0.1 * np.square(weights).sum()
    assert trainer.metrics().penalty == pytest.approx(expected, rel=1e-14)
    assert trainer.metrics().loss == Trainer(xor()).metrics().loss


def inputs_of(count: int) -> Array:
    return np.random.default_rng(1).normal(size=(count, 2))


def test_a_part_larger_than_a_chunk_is_evaluated_whole() -> None:
    part = cloud().train
    many = inputs_of(2 * CHUNK + 77)
    targets = (many[:, :1] > 0).astype(float)
    trainer = Trainer(cloud())
    evaluation = trainer.evaluator.evaluate(replace(part, inputs=many, targets=targets))
    outputs = trainer.evaluator.predict(many)
    assert np.array_equal(evaluation.predictions, outputs)
    expected = -(targets * np.log(outputs) + (1 - targets) * np.log(1 - outputs)).mean()
    assert evaluation.metrics.loss == pytest.approx(expected, rel=1e-12)
    assert evaluation.metrics.accuracy == ((outputs > 0.5) == (targets > 0.5)).mean()


def test_nothing_to_predict_gives_nothing() -> None:
    assert Trainer(cloud()).evaluator.predict(np.empty((0, 2))).shape == (0, 1)


def test_a_prediction_is_a_copy() -> None:
    evaluator = Trainer(cloud()).evaluator
    first = evaluator.predict(inputs_of(10))
    kept = first.copy()
    evaluator.predict(inputs_of(10) + 1)
    assert np.array_equal(first, kept)


def test_a_look_disturbs_no_step() -> None:
    looked, plain = Trainer(cloud()), Trainer(cloud())
    for trainer in (looked, plain):
        trainer.step_operation()
    looked.metrics()
    looked.evaluator.predict(looked.tape.inputs + 1)
    for trainer in (looked, plain):
        trainer.step()
    assert np.array_equal(looked.network.parameters, plain.network.parameters)


def test_units_that_answer_any_example_are_alive() -> None:
    trainer = Trainer(cloud())
    trainer.network.weights[1][0], trainer.network.biases[1][0] = 0.0, -1.0
    alive = trainer.evaluator.evaluate(trainer.experiment.train).alive
    assert not alive[1][0]
    assert alive[0].all()


def test_each_example_has_its_own_loss_and_the_loss_is_their_mean() -> None:
    trainer = Trainer(cloud())
    part = trainer.experiment.train
    evaluation = trainer.evaluator.evaluate(part)
    answer = evaluation.predictions[:, 0]
    mine = -np.log(np.where(part.targets[:, 0] == 1, answer, 1 - answer))
    assert evaluation.losses == pytest.approx(mine)
    assert evaluation.metrics.loss == pytest.approx(mine.mean())


def test_what_hidden_units_say_is_the_tapes_own() -> None:
    trainer = Trainer(cloud())
    inputs = trainer.experiment.train.inputs
    first = trainer.evaluator.activations(inputs, 1)
    weights, biases = trainer.network.weights, trainer.network.biases
    assert first == pytest.approx(np.tanh(inputs @ weights[0].T + biases[0]))
    second = trainer.evaluator.activations(inputs, 2)
    assert second == pytest.approx(np.maximum(first @ weights[1].T + biases[1], 0))
    assert trainer.evaluator.activations(inputs[:0], 2).shape == (0, 5)
