"""The judge itself, by numbers worked out by hand and by its own complex steps."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from bptui.nn import reference
from bptui.nn.reference import FORMULAS

LN2, LN3 = math.log(2.0), math.log(3.0)


def test_forward_by_hand() -> None:
    """z¹ = (1 − 2 + 0, 1 + 2 + 1) = (−1, 4), relu (0, 4), z² = 2 · 0 − 3 · 4 + 5 = −7."""
    weights = [np.array([[1.0, -1.0], [1.0, 1.0]]), np.array([[2.0, -3.0]])]
    biases = [np.array([0.0, 1.0]), np.array([5.0])]
    layers = reference.forward(weights, biases, ["relu", "linear"], np.array([[1.0, 2.0]]))
    assert_array_equal(layers[0][0], [[-1.0, 4.0]])
    assert_array_equal(layers[0][1], [[0.0, 4.0]])
    assert_array_equal(layers[1][0], [[-7.0]])
    assert_array_equal(layers[1][1], [[-7.0]])


def test_a_unit_that_is_off_says_0_whatever_its_sum_is() -> None:
    """z¹ = (−1, 4), relu (0, 4); its second unit off: z² = 2 · 0 − 3 · 0 + 5 = 5."""
    weights = [np.array([[1.0, -1.0], [1.0, 1.0]]), np.array([[2.0, -3.0]])]
    biases = [np.array([0.0, 1.0]), np.array([5.0])]
    off = [np.array([False, True])]
    layers = reference.forward(weights, biases, ["relu", "linear"], np.array([[1.0, 2.0]]), off)
    assert_array_equal(layers[0][0], [[-1.0, 4.0]])
    assert_array_equal(layers[0][1], [[0.0, 0.0]])
    assert_array_equal(layers[1][1], [[5.0]])


@pytest.mark.parametrize(
    ("loss", "output", "z", "y", "expected"),
    [
        ("mse", "linear", [[3.0, 1.0], [1.0, 1.0]], [[1.0, 4.0], [1.0, 0.0]], (6.5 + 0.5) / 2),
        ("cross_entropy", "sigmoid", [[LN3]], [[1.0]], math.log(4 / 3)),
        ("cross_entropy", "sigmoid", [[LN3]], [[0.25]], math.log(4) - LN3 / 4),
        ("cross_entropy", "sigmoid", [[-1000.0, 1000.0]], [[1.0, 0.0]], 2000.0),
        ("cross_entropy", "softmax", [[0.0, LN3]], [[1.0, 0.0]], math.log(4)),
        ("cross_entropy", "softmax", [[0.0, LN3]], [[1.0, 1.0]], 2 * math.log(4) - LN3),
        ("cross_entropy", "softmax", [[1000.0, 0.0]], [[0.0, 1.0]], 1000.0),
    ],
)
def test_loss_by_hand(
    loss: str, output: str, z: list[list[float]], y: list[list[float]], expected: float
) -> None:
    logits = np.array(z)
    found = reference.loss(loss, output, logits, FORMULAS[output](logits), np.array(y))
    assert found == pytest.approx(expected, rel=5e-16)


def test_penalty_by_hand() -> None:
    weights = [np.array([[1.0, -2.0]]), np.array([[0.0], [3.0]])]
    assert reference.penalty(weights, 0.5, 0.0) == 3.0
    assert reference.penalty(weights, 0.0, 0.5) == 3.5
    assert reference.penalty(weights, 0.5, 0.5) == 6.5


@pytest.mark.parametrize("name", FORMULAS)
def test_formulas_keep_complex_numbers_and_are_finite_far_out(name: str) -> None:
    z = np.array([[-1000.0, -40.0, 0.0, 40.0, 1000.0]])
    moved = FORMULAS[name](z + 1e-20j)
    assert np.iscomplexobj(moved)
    assert np.isfinite(moved).all()
    assert_allclose(moved.real, FORMULAS[name](z), rtol=1e-15, atol=1e-17)


def test_slope_of_relu_is_0_at_0() -> None:
    at_zero = np.array([[1e-20j]])
    assert FORMULAS["relu"](at_zero).imag == 0
    assert FORMULAS["leaky_relu"](at_zero).imag / 1e-20 == pytest.approx(0.01)
    assert FORMULAS["elu"](at_zero).imag / 1e-20 == pytest.approx(1.0)


def test_slope_of_the_size_of_a_weight_is_0_at_0() -> None:
    weights = [np.array([[1e-20j, 2 + 1e-20j, -2 + 1e-20j]])]
    assert reference.penalty(weights, 1.0, 0.0).imag == 0
    assert reference.penalty([weights[0][:, 1:2]], 1.0, 0.0).imag == 1e-20
    assert reference.penalty([weights[0][:, 2:]], 1.0, 0.0).imag == -1e-20


def test_the_judge_shares_no_line_with_the_tape() -> None:
    """It imports nothing of the house."""
    tree = ast.parse(Path(reference.__file__).read_text(encoding="utf-8"))
    modules = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    modules += [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    assert not [module for module in modules if module.startswith("bptui")]
