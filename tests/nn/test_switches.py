"""A unit that is switched off, in the forward pass and back; what is on is as if nothing could be off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from random_networks import draw
from tapes import random_network, run, tape_for
from test_tape import ENDS, NEARLY_NOTHING, deep_tape, peak_of, wide_tape

from bptui.nn.activations import ACTIVATIONS
from bptui.nn.gradcheck import Problem, backpropagate, compare, sample
from bptui.nn.network import Network
from bptui.nn.operation import Kind
from bptui.nn.optimizers import OPTIMIZERS
from bptui.nn.tape import ForwardPass, Penalty, Tape

INPUTS = np.random.default_rng(1).normal(size=(6, 2))
TARGETS = np.random.default_rng(2).uniform(size=(6, 1))


def network_with(hidden: str, off: Sequence[int] = ()) -> Network:
    """2-4-3-1 with these units of its first layer off."""
    network = random_network((2, 4, 3, 1), (hidden, hidden, "sigmoid"))
    network.off[0][list(off)] = True
    return network


def gradients(network: Network) -> Tape:
    """A tape that has run to its last gradient."""
    tape = tape_for(network, "cross_entropy", INPUTS, TARGETS)
    run([operation.run for operation in tape.operations[: tape.gradients]])
    return tape


def without(network: Network, off: Sequence[int]) -> Network:
    """The same with these units of the first layer taken out."""
    on = [unit for unit in range(network.sizes[1]) if unit not in off]
    sizes = (network.sizes[0], len(on), *network.sizes[2:])
    smaller = Network(sizes, [activation.name for activation in network.activations])
    weights = [network.weights[0][on], network.weights[1][:, on], *network.weights[2:]]
    smaller.load(weights, [network.biases[0][on], *network.biases[1:]])
    return smaller


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("off", [(1,), (0, 1), (0, 3), (0, 1, 3)])
def test_it_is_the_network_without_the_unit(hidden: str, off: tuple[int, ...]) -> None:
    network = network_with(hidden, off)
    smaller = without(network, off)
    tape, expected = gradients(network), gradients(smaller)
    on = ~network.off[0]
    assert tape.read_loss() == pytest.approx(expected.read_loss(), rel=1e-15)
    assert_allclose(tape.a[0][:, on], expected.a[0], rtol=1e-15)
    assert_allclose(tape.a[-1], expected.a[-1], rtol=1e-14)
    assert_allclose(tape.delta[0][:, on], expected.delta[0], rtol=1e-13, atol=1e-16)
    for found, wanted in (
        (network.grad_weights[0][on], smaller.grad_weights[0]),
        (network.grad_biases[0][on], smaller.grad_biases[0]),
        (network.grad_weights[1][:, on], smaller.grad_weights[1]),
        (network.grad_weights[2], smaller.grad_weights[2]),
    ):
        assert_allclose(found, wanted, rtol=1e-13, atol=1e-16)


def test_by_hand_a_unit_of_two_is_off() -> None:
    """z¹ = (1, 2), linear, one off: a¹ = (1, 0), ŷ = 3 · 1 + 5 · 0 = 3, δ² = ŷ − y = 1, δ¹ = (3, 0)."""
    network = Network((2, 2, 1), ("linear", "linear"))
    network.load([np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([[3.0, 5.0]])], [np.zeros(2), np.zeros(1)])
    network.off[0][1] = True
    tape = tape_for(network, "mse", np.array([[1.0, 2.0]]), np.array([[2.0]]))
    run(tape.calls)
    assert_array_equal(tape.z[0], [[1.0, 2.0]])
    assert_array_equal(tape.a[0], [[1.0, 0.0]])
    assert_array_equal(tape.delta[0], [[3.0, 0.0]])
    assert_array_equal(network.grad_weights[0], [[3.0, 6.0], [0.0, 0.0]])
    assert_array_equal(network.grad_weights[1], [[1.0, 0.0]])
    assert tape.read_loss() == 0.5


@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_its_activation_slope_and_delta_are_0_and_so_are_all_its_gradients(hidden: str) -> None:
    network = network_with(hidden, (0, 2))
    tape = gradients(network)
    for array in (tape.a[0], tape.slope[0], tape.delta[0]):
        assert not array[:, network.off[0]].any()
    assert not network.grad_blocks[0][network.off[0]].any()
    assert not network.grad_weights[1][:, network.off[0]].any()
    assert network.grad_weights[1][:, ~network.off[0]].any()


def test_its_weights_stay_and_count_again_when_it_is_on() -> None:
    network = network_with("tanh", (2,))
    before, outside = network.blocks[0][2].copy(), network.weights[1][:, 2].copy()
    tape = tape_for(network, "cross_entropy", INPUTS, TARGETS, eta=1.0)
    for _ in range(5):
        run(tape.calls)
    assert_array_equal(network.blocks[0][2], before)
    assert_array_equal(network.weights[1][:, 2], outside)
    silent = ForwardPass(network, 6).predict(INPUTS).copy()
    network.off[0][2] = False
    assert (ForwardPass(network, 6).predict(INPUTS) != silent).all()


def test_a_penalty_goes_on_pulling_at_its_weights() -> None:
    network = network_with("tanh", (2,))
    tape = tape_for(network, "cross_entropy", INPUTS, TARGETS, penalty=Penalty(0.0, 0.5))
    run([operation.run for operation in tape.operations[: tape.gradients]])
    assert_array_equal(network.grad_weights[0][2], 0.5 * network.weights[0][2])
    assert network.grad_biases[0][2] == 0


def test_what_overflows_in_it_reaches_nothing() -> None:
    network = network_with("softplus", (1,))
    network.weights[0][1] = 1e308
    with np.errstate(all="ignore"):
        tape = tape_for(network, "cross_entropy", 100 * INPUTS, TARGETS)
        run(tape.calls)
    assert np.isinf(tape.z[0][:, 1]).any()
    assert np.isfinite(tape.a[-1]).all()
    assert np.isfinite(network.gradient).all()


def test_prediction_is_the_tapes() -> None:
    network = network_with("gelu", (0, 3))
    assert_array_equal(ForwardPass(network, 6).predict(INPUTS), gradients(network).a[-1])


def test_where_all_units_of_a_layer_are_off_the_bias_above_speaks_alone() -> None:
    network = network_with("tanh", (0, 1, 2, 3))
    tape = gradients(network)
    assert_array_equal(tape.z[1], np.tile(network.biases[1], (6, 1)))
    assert not network.grad_blocks[0].any()
    assert network.grad_biases[1].all()


# ------------------------------------------------------------ the list of calls


def names(tape: Tape) -> list[str]:
    """Of what is called, in order."""
    return [getattr(c.func, "__name__", str(c.func)) for c in tape.calls]


def test_where_all_units_are_on_the_list_has_no_call_more() -> None:
    """22 on XOR, 62 with adam, a penalty, relu and gelu: each of them costs every step."""
    xor = tape_for(random_network((2, 4, 1), ("tanh", "sigmoid")), "mse", np.zeros((4, 2)), np.zeros((4, 1)))
    assert len(xor.calls) == 22
    deeper = random_network((2, 8, 8, 1), ("relu", "gelu", "sigmoid"))
    tape = tape_for(
        deeper, "cross_entropy", np.zeros((4, 2)), np.zeros((4, 1)), optimizer="adam", penalty=Penalty(0, 0.1)
    )
    assert len(tape.calls) == 62


@pytest.mark.parametrize(("off", "more"), [((1,), 1), ((1, 2), 1), ((0, 2), 2), ((0, 1, 3), 2)])
def test_it_is_a_call_more_for_neighbours_at_the_activation_and_at_the_slope(
    off: tuple[int, ...], more: int
) -> None:
    plain, switched = gradients(network_with("tanh")), gradients(network_with("tanh", off))
    added = [
        (operation.kind, len(operation.calls) - len(before.calls))
        for before, operation in zip(plain.operations, switched.operations, strict=True)
        if len(operation.calls) != len(before.calls)
    ]
    assert added == [(Kind.ACTIVATION, more), (Kind.DELTA, more)]
    assert [name for name in names(switched) if name != "fill"] == names(plain)


def test_the_equations_say_it() -> None:
    equations = [operation.equation for operation in gradients(network_with("tanh", (1,))).operations]
    assert [equation for equation in equations if "on" in equation.split()] == [
        "a⁽¹⁾ = tanh(z⁽¹⁾) ⊙ on",
        "δ⁽¹⁾ = (W⁽²⁾ᵀ δ⁽²⁾) ⊙ tanh′(z⁽¹⁾) ⊙ on",
    ]
    assert "a⁽²⁾ = tanh(z⁽²⁾)" in equations


def switched(tape: Tape) -> Tape:
    """Another tape like this one, over a network with some units of each hidden layer off."""
    network = tape.network
    for off in network.off:
        off[[0, -1]] = True
    inputs, targets = tape.inputs.copy(), tape.targets.copy()
    optimizer = tape.optimizer.name
    return tape_for(
        network, tape.examples.loss.name, inputs, targets, optimizer=optimizer, penalty=tape.penalty
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_any_prefix_before_the_update_can_run_again_without_changing_a_bit(optimizer: str) -> None:
    plain, rerun = (switched(deep_tape(optimizer=optimizer)) for _ in range(2))
    for _ in range(2):
        run(plain.calls)
        for length in range(rerun.gradients + 1):
            run([operation.run for operation in rerun.operations[:length]])
        run(rerun.calls)
        assert plain.network.parameters.tobytes() == rerun.network.parameters.tobytes()


@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_a_step_allocates_nothing_of_the_size_of_its_arrays(hidden: str) -> None:
    assert peak_of(switched(wide_tape(hidden, "softmax", "cross_entropy")).calls) < NEARLY_NOTHING


# ------------------------------------------------------------ before the judge


@given(st.integers(0, 10**6), st.sampled_from([0.2, 0.5, 0.9]))
@settings(max_examples=60, deadline=None)
def test_gradients_agree_with_complex_step_whatever_is_off(seed: int, share: float) -> None:
    """Any depth, activation, output, loss and penalty; in each layer about such a share of units is off."""
    problem, rng = draw(seed), np.random.default_rng([seed, 7])
    judged = replace(problem, off=[rng.random(len(b)) < share for b in problem.biases[:-1]])
    network, tape = backpropagate(judged)
    count = network.parameters.size
    chosen = sorted(rng.choice(count, min(count, 60), replace=False).tolist())
    assert compare(judged, network, tape, chosen, differences=False).passed


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize(("output", "loss"), ENDS)
def test_all_of_a_network_agrees_with_complex_step(hidden: str, output: str, loss: str) -> None:
    network = random_network((3, 4, 3, 2), (hidden, hidden, output))
    rng = np.random.default_rng(3)
    judged = Problem(
        network.weights,
        network.biases,
        (hidden, hidden, output),
        loss,
        rng.normal(size=(5, 3)),
        rng.uniform(size=(5, 2)),
        0.01,
        0.02,
        [np.array([False, True, False, True]), np.array([True, False, False])],
    )
    made, tape = backpropagate(judged)
    result = compare(judged, made, tape, sample(made.parameters.size))
    assert result.passed
    assert result.central_max_relative_error is not None
    assert result.central_max_relative_error < 1e-7
