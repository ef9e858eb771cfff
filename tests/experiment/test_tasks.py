"""The rules of DESIGN's "Task", a case a line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bptui.errors import ActionableError
from bptui.experiment.build import Experiment, build, build_preset
from bptui.experiment.schema import DataSpec, NetworkSpec, Preset, TrainingSpec


def table(
    targets: list[Any],
    output: str | None = None,
    task: str | None = None,
    loss: str | None = None,
    target_scale: str = "none",
) -> Experiment:
    labels = tuple(targets) if isinstance(targets[0], str) else None
    rows = None if labels else tuple(tuple(row) if isinstance(row, list) else (row,) for row in targets)
    inputs = tuple((float(i),) for i in range(len(targets)))
    data = DataSpec("table", inputs=inputs, targets=rows, labels=labels, task=task, target_scale=target_scale)
    return build_preset(
        Preset(data, network=NetworkSpec(output=output), training=TrainingSpec(loss=loss)), "t"
    )


def said(experiment: Experiment) -> tuple[str, int, str, str]:
    return experiment.task.encoding, experiment.sizes[-1], experiment.activations[-1], experiment.loss


CASES = [
    # two classes with a sigmoid are one unit, otherwise one unit a class
    ({"targets": ["b", "a"]}, ("binary", 1, "sigmoid", "cross_entropy")),
    ({"targets": ["b", "a"], "output": "softmax"}, ("one_hot", 2, "softmax", "cross_entropy")),
    ({"targets": ["b", "a"], "output": "tanh"}, ("one_hot", 2, "tanh", "mse")),
    ({"targets": ["b", "a", "c"]}, ("one_hot", 3, "softmax", "cross_entropy")),
    ({"targets": ["b", "a", "c"], "output": "sigmoid"}, ("one_hot", 3, "sigmoid", "cross_entropy")),
    ({"targets": ["b", "a"], "loss": "mse"}, ("binary", 1, "sigmoid", "mse")),
    # 0/1 targets of a table are classes where the output is left out or for probabilities
    ({"targets": [0, 1]}, ("binary", 1, "sigmoid", "cross_entropy")),
    ({"targets": [0, 0]}, ("binary", 1, "sigmoid", "cross_entropy")),
    ({"targets": [0, 1], "output": "softmax"}, ("one_hot", 2, "softmax", "cross_entropy")),
    ({"targets": [0, 1], "output": "linear"}, ("numbers", 1, "linear", "mse")),
    ({"targets": [0, 1], "output": "tanh"}, ("numbers", 1, "tanh", "mse")),
    ({"targets": [0, 1], "task": "regression"}, ("numbers", 1, "linear", "mse")),
    ({"targets": [0, 1], "task": "classification", "output": "linear"}, ("one_hot", 2, "linear", "mse")),
    ({"targets": [0, 1, 2]}, ("numbers", 1, "linear", "mse")),
    ({"targets": [0, 1, 2], "task": "classification"}, ("one_hot", 3, "softmax", "cross_entropy")),
    ({"targets": [0.25, 1]}, ("numbers", 1, "linear", "mse")),
    ({"targets": [0.25, 1], "output": "sigmoid"}, ("numbers", 1, "sigmoid", "mse")),
    (
        {"targets": [0.25, 1], "output": "sigmoid", "loss": "cross_entropy"},
        ("numbers", 1, "sigmoid", "cross_entropy"),
    ),
    # several 0/1 columns are as many sigmoid units
    ({"targets": [[0, 1], [1, 1]]}, ("multi_label", 2, "sigmoid", "cross_entropy")),
    ({"targets": [[0, 1], [1, 1]], "output": "linear"}, ("numbers", 2, "linear", "mse")),
    ({"targets": [[0, 1], [1, 0]]}, ("multi_label", 2, "sigmoid", "cross_entropy")),
    ({"targets": [[0, 1], [1, 0]], "output": "softmax"}, ("one_hot", 2, "softmax", "cross_entropy")),
    ({"targets": [[0, 1], [1, 1]], "output": "softmax"}, ("multi_label", 2, "softmax", "cross_entropy")),
    ({"targets": [[0, 1], [1, 0.5]]}, ("numbers", 2, "linear", "mse")),
    ({"targets": [[0.1, 0.9], [1, 0]], "output": "softmax"}, ("numbers", 2, "softmax", "mse")),
]


@pytest.mark.parametrize(("given", "expected"), CASES)
def test_what_follows_of_the_targets(given: dict[str, Any], expected: tuple[str, int, str, str]) -> None:
    assert said(table(**given)) == expected


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"targets": [0.5, 1.5], "output": "softmax"}, "a softmax over a single number is always 1"),
        ({"targets": [0.5, 1.5], "output": "sigmoid", "loss": "cross_entropy"}, "there is 1.5"),
        ({"targets": [0.5, -1], "output": "sigmoid", "loss": "cross_entropy"}, "there is -1"),
        ({"targets": [0.5, 1.5], "loss": "cross_entropy"}, "does not go with a linear output"),
        (
            {"targets": [0.2, 0.9], "output": "sigmoid", "loss": "cross_entropy", "target_scale": "standard"},
            'target_scale = "none" or "minmax"',
        ),
        ({"targets": ["a", "a"]}, "all targets are of one class"),
        ({"targets": ["a", "b"], "task": "regression"}, "labels are classes, not numbers"),
        ({"targets": [[0, 2], [1, 0]], "task": "classification"}, "only where all are 0 or 1"),
    ],
)
def test_what_does_not_go_together(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ActionableError) as caught:
        table(**given)
    assert message in str(caught.value)


def test_classes_are_sorted_as_numbers_where_they_are_numbers() -> None:
    assert table(["10", "9", "2.5", "9"]).task.classes == ("2.5", "9", "10")
    assert table(["10", "9", "b"]).task.classes == ("10", "9", "b")
    assert table([10, 9, 2], task="classification").task.classes == ("2", "9", "10")
    assert table(["10", "9", "2.5", "9"]).train.targets.argmax(axis=1).tolist() == [2, 1, 0, 1]


def test_the_first_class_is_zero() -> None:
    assert table(["yes", "no", "yes"]).train.targets.tolist() == [[1], [0], [1]]


def test_units_have_names() -> None:
    assert table(["b", "a", "c"]).task.output_names == ("a", "b", "c")
    assert table([[0, 1], [1, 1]]).task.output_names == ("y1", "y2")
    assert table([0.5, 2]).task.output_names == ("y",)


@pytest.mark.parametrize("name", ["plane", "sine", "bumps"])
def test_generators_of_numbers(name: str) -> None:
    made = build_preset(Preset(DataSpec(name, points=20)), name)
    assert said(made) == ("numbers", 1, "linear", "mse")
    # With more than some classes numbers stay numbers, but the key decides.
    assert build_preset(Preset(DataSpec(name, points=20, task="classification")), name).sizes[-1] > 2


@pytest.mark.parametrize("name", ["xor", "xor-cloud", "circle", "gauss", "spiral", "moons"])
def test_generators_of_two_classes(name: str) -> None:
    made = build_preset(Preset(DataSpec(name, points=20)), name)
    assert said(made) == ("binary", 1, "sigmoid", "cross_entropy")
    assert made.task.classes == ("0", "1")


def column(tmp_path: Path, values: list[object], *sets: str) -> Experiment:
    path = tmp_path / "a.csv"
    path.write_text("x,y\n" + "".join(f"{i},{value}\n" for i, value in enumerate(values)))
    return build(str(path), overrides=sets)


def test_a_file_s_few_whole_numbers_are_classes(tmp_path: Path) -> None:
    assert column(tmp_path, [3, 1, 2] * 5).task.classes == ("1", "2", "3")
    assert column(tmp_path, list(range(10)) * 2).task.encoding == "one_hot"
    assert column(tmp_path, list(range(11)) * 2).task.encoding == "numbers"
    assert column(tmp_path, [1, 2, 2.5]).task.encoding == "numbers"
    assert column(tmp_path, [-1, 1, 1]).task.classes == ("-1", "1")
    assert column(tmp_path, [1, 2, 3], "data.task=regression").task.encoding == "numbers"
    assert column(tmp_path, [1.5, 2.5], "data.task=classification").task.classes == ("1.5", "2.5")


def test_too_many_classes_are_none(tmp_path: Path) -> None:
    with pytest.raises(ActionableError, match="1,001 different values, too many for classes"):
        column(tmp_path, [f"name{i}" for i in range(1001)])


def test_an_archive_of_several_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    with path.open("wb") as file:
        np.savez(file, X=np.arange(6.0).reshape(3, 2), y=np.array([[0, 1], [1, 1], [0, 0]]))
    assert said(build(str(path))) == ("multi_label", 2, "sigmoid", "cross_entropy")
    with path.open("wb") as file:
        np.savez(file, X=np.arange(6.0).reshape(3, 2), y=np.array([[0, 1], [1, 2], [0, 0]]))
    assert said(build(str(path))) == ("numbers", 2, "linear", "mse")


def test_scales_of_targets_are_for_numbers() -> None:
    experiment = table(["a", "b"], target_scale="standard")
    assert experiment.train.targets.tolist() == [[0], [1]]
    assert "target_scale is for numbers; classes are not scaled" in experiment.notices
    scaled = table([1, 2, 6], target_scale="minmax")
    assert scaled.train.targets.ravel().tolist() == pytest.approx([0, 0.2, 1])


def test_what_was_chosen_is_told() -> None:
    assert table(["b", "a", "c"]).notices == ("y: 3 classes, a, b, c (3 softmax units, cross_entropy)",)
    assert table([0.5, 2]).notices == ("y: numbers to be predicted (1 linear unit, mse)",)
    assert table([[0, 1], [1, 1]]).notices == (
        "y1 and y2: each of them yes or no (2 sigmoid units, cross_entropy)",
    )


@pytest.mark.parametrize("values", [[1, 2**53, 2**53 + 1], [1, -(2**60), 2]])
def test_classes_that_floats_cannot_tell_apart_are_refused(tmp_path: Path, values: list[object]) -> None:
    with pytest.raises(ActionableError, match=r"whole numbers beyond 2\^53, which a float cannot tell apart"):
        column(tmp_path, values)
