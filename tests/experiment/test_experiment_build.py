from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bptui.errors import ActionableError
from bptui.experiment import toml
from bptui.experiment.build import Experiment, build, build_preset
from bptui.experiment.schema import DataSpec, NetworkSpec, Preset, TrainingSpec

CIRCLE = DataSpec(source="circle", points=40)


def of(
    data: DataSpec, network: NetworkSpec | None = None, training: TrainingSpec | None = None
) -> Experiment:
    return build_preset(
        Preset(data, network=network or NetworkSpec(), training=training or TrainingSpec()), "p"
    )


def test_the_smallest_preset_has_all_defaults() -> None:
    experiment = build_preset(toml.read('format = 1\n[data]\nsource = "xor"\n', "x"), "x")
    assert experiment.sizes == (2, 8, 1)
    assert experiment.activations == ("tanh", "sigmoid")
    assert (experiment.loss, experiment.optimizer, experiment.eta) == ("cross_entropy", "sgd", 0.1)
    assert experiment.optimizer_options == {"weight_decay": 0.0}
    assert experiment.train.targets.tolist() == [[0], [1], [1], [0]]
    assert experiment.batch_size == 4
    assert experiment.test is None
    assert experiment.title == "x"
    assert experiment.notices == ("y: 2 classes, 0, 1 (1 sigmoid unit, cross_entropy)",)


@pytest.mark.parametrize(
    ("optimizer", "eta"),
    [("sgd", 0.1), ("adam", 0.001), ("adamw", 0.001), ("momentum", 0.01), ("rmsprop", 0.01)],
)
def test_eta_defaults_by_optimizer(optimizer: str, eta: float) -> None:
    assert of(CIRCLE, training=TrainingSpec(optimizer=optimizer)).eta == eta


def test_optimizer_options_are_whole() -> None:
    experiment = of(CIRCLE, training=TrainingSpec(optimizer="adamw", beta1=0.5))
    assert experiment.optimizer_options == {"beta1": 0.5, "beta2": 0.999, "eps": 1e-8, "weight_decay": 0.01}


@pytest.mark.parametrize(("batch_size", "expected"), [("all", 40), (10, 10), (40, 40), (41, 40)])
def test_batches_are_at_most_everything(batch_size: int | str, expected: int) -> None:
    experiment = of(CIRCLE, training=TrainingSpec(batch_size=batch_size))
    assert experiment.batch_size == expected
    assert any("one batch" in notice for notice in experiment.notices) == (batch_size == 41)


def test_arrays_are_contiguous_floats() -> None:
    experiment = of(DataSpec(source="circle", points=40, test_fraction=0.25, features=("x2", "x1*x2")))
    assert experiment.test is not None
    for part in (experiment.train, experiment.test):
        for array in (part.inputs, part.targets, part.raw_inputs):
            assert array.dtype == np.float64
            assert array.flags.c_contiguous
            assert len(array) == len(part) == len(part.rows)
    assert (len(experiment.train), len(experiment.test)) == (30, 10)


def test_features_come_first_then_the_scale_of_the_training_part() -> None:
    spec = DataSpec(source="circle", points=50, test_fraction=0.2, features=("x1", "x1^2"), scale="standard")
    experiment = of(spec)
    x1 = experiment.train.raw_inputs[:, 0]
    expected = np.column_stack([(v - v.mean()) / v.std() for v in (x1, x1**2)])
    assert np.allclose(experiment.train.inputs, expected)
    assert experiment.feature_names == ("x1", "x1^2")
    assert experiment.sizes[0] == 2
    assert experiment.test is not None
    assert np.array_equal(experiment.prepare(experiment.test.raw_inputs), experiment.test.inputs)


def test_a_column_that_never_changes_is_told() -> None:
    data = DataSpec(source="table", inputs=((1.0, 5.0), (2.0, 5.0)), targets=((0.0,), (1.0,)), scale="minmax")
    experiment = of(data)
    assert experiment.train.inputs.tolist() == [[0, 0], [1, 0]]
    assert "x2 never changes and becomes 0" in experiment.notices


def test_the_data_s_seed_draws_points_and_split_and_nothing_else() -> None:
    one = of(DataSpec(source="circle", points=40, seed=1, test_fraction=0.5))
    two = of(DataSpec(source="circle", points=40, seed=2, test_fraction=0.5))
    assert not np.array_equal(one.train.inputs, two.train.inputs)
    assert not np.array_equal(one.train.rows, two.train.rows)
    assert np.array_equal(one.network().parameters, two.network().parameters)
    assert np.array_equal(one.order_key(), two.order_key())


def test_the_training_s_seed_draws_weights_and_order_and_nothing_else() -> None:
    one, two = (of(CIRCLE, training=TrainingSpec(seed=seed)) for seed in (1, 2))
    assert np.array_equal(one.train.inputs, two.train.inputs)
    assert not np.array_equal(one.network().parameters, two.network().parameters)
    assert not np.array_equal(one.order_key(), two.order_key())
    assert np.array_equal(one.network(2).parameters, two.network().parameters)
    assert np.array_equal(one.order_key(2), two.order_key())


def test_the_split_s_stream_does_not_move_the_points() -> None:
    whole, parts = (of(DataSpec(source="circle", points=40, test_fraction=f)) for f in (0.0, 0.5))
    assert np.array_equal(whole.train.raw_inputs[parts.train.rows], parts.train.raw_inputs)


def test_exact_starting_values() -> None:
    network = build("mazur").network(seed=7)
    assert network.weights[0].tolist() == [[0.15, 0.20], [0.25, 0.30]]
    assert network.biases[1].tolist() == [0.6, 0.6]


def test_float32_is_the_network_s() -> None:
    experiment = of(CIRCLE, NetworkSpec(dtype="float32"))
    assert experiment.network().parameters.dtype == np.float32
    assert experiment.train.inputs.dtype == np.float64


def test_values_beyond_float32_are_refused() -> None:
    data = DataSpec(source="table", inputs=((1e39,), (2.0,)), targets=((0.0,), (1.0,)))
    assert of(data).sizes == (1, 8, 1)
    with pytest.raises(ActionableError, match="beyond float32's largest number"):
        of(data, NetworkSpec(dtype="float32"))


def test_options_win_over_the_file() -> None:
    experiment = build("xor", seed=5, eta=0.25, overrides=["training.seed=3", "network.hidden=[2]"])
    assert (experiment.seed, experiment.eta, experiment.sizes) == (5, 0.25, (2, 2, 1))
    assert experiment.preset.training.seed == 5


@pytest.mark.parametrize(("option", "place"), [({"eta": float("nan")}, "--eta"), ({"seed": -1}, "--seed")])
def test_options_are_checked(option: dict[str, float], place: str) -> None:
    with pytest.raises(ActionableError) as caught:
        build("xor", **option)  # type: ignore[arg-type]
    assert caught.value.place == place


def test_a_preset_made_by_hand_is_checked_too() -> None:
    bad = Preset(CIRCLE, training=TrainingSpec(eta=float("inf"), optimizer="adam", momentum=0.9))
    with pytest.raises(ActionableError, match="momentum is a key of momentum"):
        build_preset(bad, "form")


def test_points_of_xor_are_four() -> None:
    assert of(DataSpec(source="xor", points=10)).notices[0] == (
        "xor is always 4 points; points = 10 is not used"
    )


def test_rows_left_out_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n1,2.5\n?,3\n4,5\n")
    experiment = build(str(tmp_path / "a.csv"))
    assert experiment.train.rows.tolist() == [0, 2]
    assert experiment.notices[0] == '1 of 3 rows left out for missing cells: "x" in line 3'


def test_an_image_fits_its_pixels() -> None:
    assert build("digits").image == (8, 8)
