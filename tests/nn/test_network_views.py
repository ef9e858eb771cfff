"""One flat vector, and views of it in the notation's shapes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from bptui.nn.network import Network


@pytest.fixture
def network() -> Network:
    return Network((3, 4, 2), ("tanh", "softmax"))


def test_shapes(network: Network) -> None:
    assert [w.shape for w in network.weights] == [(4, 3), (2, 4)]
    assert [b.shape for b in network.biases] == [(4,), (2,)]
    assert [g.shape for g in network.grad_weights] == [(4, 3), (2, 4)]
    assert [g.shape for g in network.grad_biases] == [(4,), (2,)]
    assert network.parameters.shape == network.gradient.shape == (4 * 4 + 2 * 5,)
    assert network.depth == 2


def test_views_share_memory(network: Network) -> None:
    for view in [*network.weights, *network.biases, *network.blocks]:
        assert np.shares_memory(view, network.parameters)
    for view in [*network.grad_weights, *network.grad_biases, *network.grad_blocks]:
        assert np.shares_memory(view, network.gradient)
    network.weights[1][1, 2] = 5.0
    network.biases[0][3] = 7.0
    assert network.parameters[16 + 5 + 2] == 5.0
    assert network.parameters[15] == 7.0


def test_every_parameter_is_in_one_view_alone(network: Network) -> None:
    for view in [*network.weights, *network.biases]:
        view += 1.0
    assert_array_equal(network.parameters, np.ones(26))


def test_is_weight_tells_biases_apart(network: Network) -> None:
    network.load([np.ones((4, 3)), np.ones((2, 4))], [np.zeros(4), np.zeros(2)])
    assert_array_equal(network.is_weight(), network.parameters)


def test_locate(network: Network) -> None:
    for index in range(26):
        layer, row, column = network.locate(index)
        network.parameters[...] = 0.0
        network.blocks[layer - 1][row, column] = 1.0
        assert network.parameters[index] == 1.0
    with pytest.raises(IndexError):
        network.locate(26)


def test_layers_of_are_views_of_any_vector_alike(network: Network) -> None:
    flat = np.arange(26.0)
    first, second = network.layers_of(flat)
    assert first.shape == (4, 4)
    assert second.shape == (2, 5)
    assert np.shares_memory(first, flat)
    assert second[0, 0] == 16.0


def test_load_refuses_other_shapes(network: Network) -> None:
    right_w, right_b = [np.ones((4, 3)), np.ones((2, 4))], [np.ones(4), np.ones(2)]
    with pytest.raises(ValueError, match=r"shape \(3, 4\) where \(4, 3\) belongs"):
        network.load([np.ones((3, 4)), right_w[1]], right_b)
    with pytest.raises(ValueError, match="shape"):
        network.load(right_w, [np.ones((4, 1)), right_b[1]])


@pytest.mark.parametrize("sizes", [(3,), (3, 4), (3, 4, 2, 1), (3, 0, 2)])
def test_sizes_that_fit_no_activations_are_refused(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        Network(sizes, ("tanh", "softmax"))


def test_float32(network: Network) -> None:
    small = Network((3, 4, 2), ("tanh", "softmax"), "float32")
    assert small.parameters.dtype == small.gradient.dtype == small.is_weight().dtype == np.float32


def test_at_first_all_units_are_on_and_no_layer_is_held(network: Network) -> None:
    assert [off.tolist() for off in network.off] == [[False] * 4]
    assert network.off_in(1) is None
    assert network.off_in(2) is None
    assert network.moving == (slice(0, 26),)


def test_switches_tell_which_units_are_off(network: Network) -> None:
    all_on = network.switches
    network.off[0][2] = True
    assert network.off_in(1) is network.off[0]
    one_off = network.switches
    network.off = (np.array([False, False, True, False]),)
    assert network.switches == one_off != all_on


def test_switches_of_another_layer_are_refused(network: Network) -> None:
    network.off = (np.array([True, False]),)
    with pytest.raises(ValueError, match=r"\(2,\) where \(4,\) belong"):
        network.off_in(1)


@pytest.mark.parametrize(
    ("held", "moving"),
    [
        ({1}, (slice(9, 29),)),
        ({2}, (slice(0, 9), slice(21, 29))),
        ({3}, (slice(0, 21),)),
        ({1, 3}, (slice(9, 21),)),
        ({1, 2, 3}, ()),
    ],
)
def test_what_moves_where_layers_are_held(held: set[int], moving: tuple[slice, ...]) -> None:
    """2-3-3-2: layers of 9, 12 and 8 parameters."""
    network = Network((2, 3, 3, 2), ("tanh", "tanh", "linear"))
    network.held = frozenset(held)
    assert network.moving == moving
