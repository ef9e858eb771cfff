"""Values and slopes in closed form, and at the edges of their domain."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from tapes import run

from bptui.nn.activations import ACTIVATIONS, OUTPUTS
from bptui.nn.reference import FORMULAS

E = math.e
LN2, LN3 = math.log(2.0), math.log(3.0)
ROOT = math.sqrt(2.0 / math.pi)
GELU_T = math.tanh(1.044715 * ROOT)
GELU_RISE = ROOT * (1.0 + 3.0 * 0.044715)

# activation: (z, σ(z), σ′(z))
KNOWN: dict[str, list[tuple[float, float, float]]] = {
    "sigmoid": [(0, 1 / 2, 1 / 4), (LN3, 3 / 4, 3 / 16), (-LN3, 1 / 4, 3 / 16), (2 * LN3, 0.9, 0.09)],
    "tanh": [(0, 0, 1), (LN2, 3 / 5, 16 / 25), (-LN2, -3 / 5, 16 / 25), (LN3, 4 / 5, 9 / 25)],
    "relu": [(0, 0, 0), (-0.0, 0, 0), (2.5, 2.5, 1), (-2.5, 0, 0), (5e-324, 5e-324, 1)],
    "leaky_relu": [(0, 0, 0.01), (2.5, 2.5, 1), (-2.5, -0.025, 0.01)],
    "elu": [(0, 0, 1), (2.5, 2.5, 1), (-LN2, -1 / 2, 1 / 2), (-1, 1 / E - 1, 1 / E)],
    "softplus": [(0, LN2, 1 / 2), (LN3, math.log(4.0), 3 / 4), (-LN3, math.log(4 / 3), 1 / 4)],
    "gelu": [
        (0, 0, 1 / 2),
        (1, (1 + GELU_T) / 2, (1 + GELU_T + (1 - GELU_T**2) * GELU_RISE) / 2),
        (-1, -(1 - GELU_T) / 2, (1 - GELU_T - (1 - GELU_T**2) * GELU_RISE) / 2),
    ],
    "sin": [(0, 0, 1), (math.pi / 6, 1 / 2, math.sqrt(3) / 2), (math.pi / 3, math.sqrt(3) / 2, 1 / 2)],
    "linear": [(0, 0, 1), (-2.5, -2.5, 1), (1e300, 1e300, 1)],
}

# activation: (z, σ(z), σ′(z)) where an exponential would overflow or vanish; exact.
EDGES: dict[str, list[tuple[float, float, float]]] = {
    "sigmoid": [(1000, 1, 0), (-1000, 0, 0), (-700, math.exp(-700), math.exp(-700)), (math.inf, 1, 0)],
    "tanh": [(1000, 1, 0), (-1000, -1, 0), (1e-300, 1e-300, 1), (-math.inf, -1, 0)],
    "relu": [(1e300, 1e300, 1), (-1e300, 0, 0), (math.inf, math.inf, 1)],
    "leaky_relu": [(1e300, 1e300, 1), (-1e300, -1e298, 0.01)],
    "elu": [(1000, 1000, 1), (-1000, -1, 0), (-1e-300, -1e-300, 1), (1e300, 1e300, 1)],
    "softplus": [(1000, 1000, 1), (-1000, 0, 0), (-700, math.exp(-700), math.exp(-700))],
    "gelu": [(1000, 1000, 1), (-1000, 0, 0), (10, 10, 1)],
    "sin": [(1e-300, 1e-300, 1)],
    "linear": [(-1e300, -1e300, 1), (5e-324, 5e-324, 1)],
}


def value_and_slope(name: str, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    a, s = np.full_like(z, np.nan), np.full_like(z, np.nan)
    with np.errstate(all="ignore"):
        run(ACTIVATIONS[name].value(z, a))
        run(ACTIVATIONS[name].slope(z, a, s))
    return a, s


def told(formula: str, z: float, a: float) -> float:
    """A formula as it is told, worked out."""
    python = formula.split(",  t = ")[0]
    for sign, meaning in SIGNS.items():
        python = python.replace(sign, meaning)
    if " where " in python:
        yes, no = python.split(" where z > 0, else ")
        python = yes if z > 0 else no
    t = math.tanh(ROOT * (z + 0.044715 * z**3))
    return float(eval(python, {"__builtins__": {}}, {**vars(math), "max": max, "z": z, "a": a, "t": t}))


SIGNS = {
    "½ z ": "0.5 * z * ", "½ ": "0.5 * ", "√(2/π) ": "sqrt(2/pi) * ", "(1 − t²) sqrt": "(1 − t²) * sqrt",
    "0.134145 z": "0.134145 * z", "0.01 z": "0.01 * z", "a (": "a * (", "²": "**2", "e^": "e**",
    "−": "-", "sin z": "sin(z)", "cos z": "cos(z)", "ln(": "log(",
}  # fmt: skip


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("z", [-1.5, -0.25, 0.5, 2.0])
def test_the_formula_that_is_told_is_what_is_computed(name: str, z: float) -> None:
    activation = ACTIVATIONS[name]
    a, s = value_and_slope(name, np.array([[z]]))
    assert told(activation.formula, z, a.item()) == pytest.approx(a.item(), rel=1e-12)
    assert told(activation.slope_formula, z, a.item()) == pytest.approx(s.item(), rel=1e-12)


def test_every_activation_has_known_answers() -> None:
    assert set(KNOWN) == set(EDGES) == set(ACTIVATIONS)
    assert set(OUTPUTS) == {*ACTIVATIONS, "softmax"} == set(FORMULAS)


@pytest.mark.parametrize("name", KNOWN)
def test_known_answers(name: str) -> None:
    z, value, slope = np.array(KNOWN[name], float).T
    a, s = value_and_slope(name, z[None, :])
    assert_allclose(a[0], value, rtol=4e-16, atol=1e-16)
    assert_allclose(s[0], slope, rtol=4e-16, atol=1e-16)


@pytest.mark.parametrize("name", EDGES)
def test_edges_of_the_domain(name: str) -> None:
    z, value, slope = np.array(EDGES[name], float).T
    a, s = value_and_slope(name, z[None, :])
    assert_allclose(a[0], value, rtol=1e-15, atol=0)
    assert_allclose(s[0], slope, rtol=1e-15, atol=0)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_is_the_complex_step_of_the_reference(name: str, dtype: str) -> None:
    z = np.linspace(-6.0, 6.0, 241).astype(dtype)[None, :]
    a, s = value_and_slope(name, z)
    z64 = z.astype(float)
    exact = FORMULAS[name](z64 + 1e-20j).imag / 1e-20
    tolerance = 16 * np.finfo(dtype).eps
    assert a.dtype == s.dtype == np.dtype(dtype)
    assert_allclose(a, FORMULAS[name](z64), rtol=tolerance, atol=tolerance)
    assert_allclose(s, exact, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", [n for n, a in ACTIVATIONS.items() if a.steepest is not None])
def test_steepest_is_the_largest_slope(name: str) -> None:
    z = np.linspace(-8.0, 8.0, 1601)[None, :]
    _, s = value_and_slope(name, z)
    assert np.abs(s).max() == ACTIVATIONS[name].steepest


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_corners_are_where_the_slope_or_its_slope_jumps(name: str) -> None:
    def bend(at: float) -> float:
        step = 1e-6
        _, s = value_and_slope(name, np.array([[at - step, at, at + step]]))
        return float(abs(s[0, 2] - 2 * s[0, 1] + s[0, 0]) / step)

    for corner in ACTIVATIONS[name].corners:
        assert bend(corner) > 0.1
    if not ACTIVATIONS[name].corners:
        assert max(bend(at) for at in (-1.0, 0.0, 1.0)) < 1e-3


def test_only_relu_can_die() -> None:
    assert [name for name, a in ACTIVATIONS.items() if a.can_die] == ["relu"]


def test_softmax_known_answers() -> None:
    z = np.log(np.array([[1.0, 1.0], [2.0, 1.0], [5.0, 2.0]]))
    a = np.empty_like(z)
    run(OUTPUTS["softmax"].value(z, a))
    assert_allclose(a, [[1 / 8, 1 / 4], [2 / 8, 1 / 4], [5 / 8, 2 / 4]], rtol=4e-16)


def test_softmax_does_not_overflow() -> None:
    z = np.array([[1000.0, -1000.0], [0.0, -1000.0], [-1000.0, -1001.0]])
    a = np.empty_like(z)
    run(OUTPUTS["softmax"].value(z, a))
    share = 1 / (2 + math.exp(-1))
    assert_array_equal(a[:, 0], [1.0, 0.0, 0.0])
    assert_allclose(a[:, 1], [share, share, share * math.exp(-1)], rtol=4e-16)


def test_softmax_has_no_slope_of_a_unit() -> None:
    z = np.zeros((2, 1))
    with pytest.raises(ValueError, match="outputs alone"):
        OUTPUTS["softmax"].slope(z, z, z)
