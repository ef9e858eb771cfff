"""The built-in problems: exact without noise, balanced, the same for the same generator state."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bptui.data.generators import GENERATORS
from bptui.errors import ActionableError

CLASSES = [name for name, generator in GENERATORS.items() if not generator.regression]
FREE = [name for name, generator in GENERATORS.items() if generator.fixed is None]


def draw(name: str, points: int = 201, noise: float = 0.0, seed: int = 0):
    return GENERATORS[name].draw(points, noise, np.random.default_rng(seed))


def test_xor_is_the_four_points() -> None:
    inputs, targets = draw("xor", points=200)
    assert inputs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert targets.tolist() == [[0], [1], [1], [0]]


@pytest.mark.parametrize("name", GENERATORS)
def test_shapes_and_types(name: str) -> None:
    generator = GENERATORS[name]
    inputs, targets = draw(name)
    assert inputs.shape == (generator.fixed or 201, len(generator.input_names))
    assert targets.shape == (len(inputs), 1)
    assert inputs.dtype == targets.dtype == np.float64
    assert np.abs(inputs).max() <= (math.pi if name == "sine" else 1.15)


@pytest.mark.parametrize("name", CLASSES)
def test_classes_are_balanced_and_the_first_has_the_odd_one(name: str) -> None:
    targets = draw(name)[1].ravel()
    assert set(targets) == {0.0, 1.0}
    assert (targets == 0).sum() - (targets == 1).sum() == len(targets) % 2


@pytest.mark.parametrize("name", GENERATORS)
def test_the_same_state_gives_the_same_points(name: str) -> None:
    first, again = draw(name, noise=0.1), draw(name, noise=0.1)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize("name", GENERATORS)
def test_noise_moves_inputs_of_classes_and_targets_of_numbers(name: str) -> None:
    clean, noisy = draw(name), draw(name, noise=0.01)
    moved = 1 if GENERATORS[name].regression else 0
    assert np.array_equal(clean[1 - moved], noisy[1 - moved])
    difference = np.abs(clean[moved] - noisy[moved])
    assert 0 < difference.max() < 0.06


@pytest.mark.parametrize("name", FREE)
@pytest.mark.parametrize("points", [2, 3, 5])
def test_few_points(name: str, points: int) -> None:
    inputs, targets = draw(name, points)
    assert len(inputs) == len(targets) == points
    assert np.isfinite(inputs).all()


def test_cloud_and_circle_and_gauss_obey_their_rules() -> None:
    inputs, targets = draw("xor-cloud")
    assert np.array_equal(targets.ravel() == 1, inputs.prod(axis=1) < 0)
    inputs, targets = draw("circle")
    radius = np.hypot(*inputs.T)
    assert np.array_equal(targets.ravel() == 1, radius < 0.6)
    inputs, targets = draw("gauss", points=5000)
    assert np.array_equal(targets.ravel() == 1, inputs.sum(axis=1) > 0)


def test_spiral_arms_are_each_other_turned_by_half() -> None:
    inputs, _ = draw("spiral", points=200)
    np.testing.assert_allclose(inputs[::2], -inputs[1::2], atol=1e-12)
    np.testing.assert_allclose(np.hypot(*inputs[[0, -1]].T), [0.05, 1.0])


def test_moons_fill_their_frame() -> None:
    inputs, _ = draw("moons", points=202)
    np.testing.assert_allclose(inputs.min(axis=0), [-1, -0.5], atol=1e-3)
    np.testing.assert_allclose(inputs.max(axis=0), [1, 0.5], atol=1e-3)


def test_numbers_are_their_formulas() -> None:
    inputs, targets = draw("plane")
    assert np.array_equal(targets, inputs[:, :1] + inputs[:, 1:])
    inputs, targets = draw("sine", points=5)
    np.testing.assert_allclose(inputs.ravel(), np.pi * np.array([-1, -0.5, 0, 0.5, 1]))
    np.testing.assert_allclose(targets.ravel(), [0, -1, 0, 1, 0], atol=1e-15)
    inputs, targets = draw("bumps", points=500)
    top = np.hypot(*(inputs - 0.5).T) < 0.1
    assert (targets[top] > 0.9).all()
    np.testing.assert_allclose(targets.mean(), 0, atol=0.1)


@pytest.mark.parametrize(
    ("points", "noise"), [(1, 0.0), (0, 0.0), (10, -0.1), (10, math.nan), (10, math.inf)]
)
def test_nonsense_is_refused(points: int, noise: float) -> None:
    with pytest.raises(ActionableError):
        draw("circle", points, noise)
