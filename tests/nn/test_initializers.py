"""Bounds, variances and the order of the draws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from bptui.nn.initializers import INITIALIZERS, initialize
from bptui.nn.network import Network

N_IN, N_OUT, SCALE = 300, 200, 0.7
VARIANCE = {
    "glorot_uniform": 2 / (N_IN + N_OUT),
    "glorot_normal": 2 / (N_IN + N_OUT),
    "he_uniform": 2 / N_IN,
    "he_normal": 2 / N_IN,
    "lecun_normal": 1 / N_IN,
    "uniform": SCALE**2 / 3,
    "normal": SCALE**2,
    "zeros": 0.0,
}


def drawn(name: str, seed: int = 0) -> Network:
    network = Network((N_IN, N_OUT, 2), ("tanh", "linear"))
    network.parameters[...] = np.nan
    initialize(network, name, SCALE, np.random.default_rng(seed))
    return network


def test_every_initializer_has_a_variance() -> None:
    assert set(VARIANCE) == set(INITIALIZERS)


@pytest.mark.parametrize("name", VARIANCE)
def test_variance_and_mean(name: str) -> None:
    weights = drawn(name).weights[0]
    # 60,000 draws: the variance is known to 0.6 % at one sigma, the mean to 0.4 % of a deviation.
    assert weights.var() == pytest.approx(VARIANCE[name], rel=0.03)
    assert abs(weights.mean()) <= 0.02 * math.sqrt(VARIANCE[name])


@pytest.mark.parametrize("name", ["glorot_uniform", "he_uniform", "uniform"])
def test_uniform_bounds_are_kept_and_reached(name: str) -> None:
    weights, reach = drawn(name).weights[0], math.sqrt(3 * VARIANCE[name])
    assert 0.999 * reach < np.abs(weights).max() <= reach


@pytest.mark.parametrize("name", ["glorot_normal", "he_normal", "lecun_normal", "normal"])
def test_normal_is_not_cut_off(name: str) -> None:
    far = np.abs(drawn(name).weights[0]) > 3 * math.sqrt(VARIANCE[name])
    assert 0.001 < far.mean() < 0.005


@pytest.mark.parametrize("name", INITIALIZERS)
def test_biases_start_at_zero_and_the_seed_decides(name: str) -> None:
    network = drawn(name)
    assert all((b == 0).all() for b in network.biases)
    assert_array_equal(network.parameters, drawn(name).parameters)
    if name != "zeros":
        assert (network.parameters != drawn(name, seed=1).parameters).any()


def test_layers_are_drawn_in_their_order_from_one_stream() -> None:
    rng = np.random.default_rng(0)
    network = drawn("normal")
    assert_array_equal(network.weights[0], rng.normal(0.0, SCALE, (N_OUT, N_IN)))
    assert_array_equal(network.weights[1], rng.normal(0.0, SCALE, (2, N_OUT)))
