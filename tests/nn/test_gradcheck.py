"""What the check says of right gradients, of corners, of large networks, of numbers that are not finite."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from tapes import random_network

from bptui.nn import gradcheck
from bptui.nn.activations import ACTIVATIONS, OUTPUTS
from bptui.nn.gradcheck import Checking, Problem, backpropagate, check, compare, sample


def problem(
    sizes: tuple[int, ...], hidden: str, output: str = "linear", loss: str = "mse", batch: int = 5
) -> Problem:
    names = (*[hidden] * (len(sizes) - 2), output)
    network, rng = random_network(sizes, names), np.random.default_rng(1)
    return Problem(
        network.weights,
        network.biases,
        names,
        loss,
        rng.normal(size=(batch, sizes[0])),
        rng.uniform(size=(batch, sizes[-1])),
    )


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize(
    ("output", "loss"),
    [*((o, "mse") for o in OUTPUTS), ("sigmoid", "cross_entropy"), ("softmax", "cross_entropy")],
)
def test_backpropagation_agrees_with_complex_step_and_differences(
    hidden: str, output: str, loss: str
) -> None:
    result = check(replace(problem((3, 4, 3, 2), hidden, output, loss), l1=0.01, l2=0.02))
    assert result.passed
    assert result.max_relative_error < 1e-13
    assert result.central_max_relative_error is not None
    assert result.central_max_relative_error < 1e-7
    assert result.parameters == 16 + 15 + 8
    assert result.sampled is None


@pytest.mark.parametrize("l1", [0.0, 0.1])
@pytest.mark.parametrize("l2", [0.0, 0.1])
def test_penalties(l1: float, l2: float) -> None:
    assert check(replace(problem((3, 4, 2), "tanh"), l1=l1, l2=l2)).max_relative_error < 1e-14


def one_relu(bias: float, target: float = 1.0) -> Problem:
    """z¹ = 0.5 · 1 + bias, one relu, one output."""
    return Problem(
        [np.array([[0.5]]), np.array([[1.0]])],
        [np.array([bias]), np.array([0.0])],
        ("relu", "linear"),
        "mse",
        np.array([[1.0]]),
        np.array([[target]]),
    )


def test_a_kink_is_told_and_not_faulted() -> None:
    """z¹ = 2e-6 lies within the difference's step: complex step still decides, the difference is left out."""
    result = check(one_relu(-0.5 + 2e-6))
    assert result.passed
    assert result.kinks == 1
    assert result.central_max_relative_error is not None
    assert result.central_max_relative_error < 1e-7


def test_no_kink_where_the_corner_is_further_than_a_step() -> None:
    assert check(one_relu(-0.5 + 1e-4)).kinks == 0


def test_at_the_corner_itself_the_slope_is_0() -> None:
    network, _ = backpropagate(one_relu(-0.5))
    assert network.grad_weights[0][0, 0] == 0.0
    result = check(one_relu(-0.5))
    assert result.passed
    assert result.kinks == 1


def test_all_parameters_at_a_kink_leave_no_central_figure() -> None:
    """A relu output at its corner: each parameter moves it across."""
    at_corner = Problem(
        [np.array([[1.0]])], [np.array([-1.0])], ("relu",), "mse", np.array([[1.0]]), np.array([[1.0]])
    )
    result = check(at_corner)
    assert result.passed
    assert result.central_max_relative_error is None


def test_a_weight_at_the_corner_of_l1_is_left_out() -> None:
    result = check(
        Problem(
            [np.array([[0.0, 2.0]])],
            [np.array([0.0])],
            ("linear",),
            "mse",
            np.array([[1.0, 1.0]]),
            np.array([[1.0]]),
            l1=5.0,
        )
    )
    assert result.passed
    assert result.central_max_relative_error is not None
    assert result.central_max_relative_error < 1e-7


def test_above_10000_a_seeded_sample_of_1000() -> None:
    large = problem((100, 99, 2), "tanh", batch=2)
    network, tape = backpropagate(large)
    first = check(large)
    assert first.parameters == 100 * 99 + 99 + 2 * 99 + 2 == 10199
    assert first.sampled == 1000
    assert first.passed
    looked_at = [tuple(sample(network.parameters.size, seed)) for seed in (0, 0, 1)]
    assert looked_at[0] == looked_at[1] != looked_at[2]
    other = compare(large, network, tape, looked_at[2], differences=False)
    assert other.worst != first.worst


def test_up_to_10000_all() -> None:
    exactly = problem((99, 100), "tanh", batch=1)
    network, tape = backpropagate(exactly)
    assert network.parameters.size == 10_000
    assert compare(exactly, network, tape, differences=False).sampled is None


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (("W", 1, (2, 1)), (1, "W", (2, 1))),
        (("b", 1, (3,)), (1, "b", (3,))),
        (("W", 2, (0, 3)), (2, "W", (0, 3))),
    ],
)
def test_the_worst_parameter_is_the_one_that_is_wrong(
    place: tuple[str, int, tuple[int, ...]], expected: tuple[int, str, tuple[int, ...]]
) -> None:
    given = problem((3, 4, 2), "tanh")
    network, tape = backpropagate(given)
    kind, layer, index = place
    gradients = network.grad_weights if kind == "W" else network.grad_biases
    right = gradients[layer - 1][index]
    gradients[layer - 1][index] = right + 1e-3
    result = compare(given, network, tape)
    assert not result.passed
    worst = result.worst
    assert (worst.layer, worst.parameter, worst.index) == expected
    assert worst.backprop == right + 1e-3
    assert worst.reference == pytest.approx(right, rel=1e-12)
    assert result.central_max_relative_error == pytest.approx(result.max_relative_error, rel=1e-4)


def test_an_error_is_told_relative_to_the_size_of_the_terms_which_may_cancel() -> None:
    """Two examples pull with 3 and −3: their mean is 0, the terms' size 3 (mean of |δ||a|)."""
    pulls = Problem(
        [np.array([[0.0]])],
        [np.array([0.0])],
        ("linear",),
        "mse",
        np.array([[1.0], [1.0]]),
        np.array([[3.0], [-3.0]]),
    )
    network, tape = backpropagate(pulls)
    assert gradcheck.sizes_of_terms(pulls, network, tape) == [3.0]
    network.gradient[0] += 3e-6
    assert compare(pulls, network, tape).max_relative_error == pytest.approx(1e-6)


def test_where_all_terms_are_0_the_error_is_absolute() -> None:
    solved = Problem(
        [np.array([[1.0]])], [np.array([0.0])], ("linear",), "mse", np.array([[1.0]]), np.array([[1.0]])
    )
    network, tape = backpropagate(solved)
    assert check(solved).max_relative_error == 0.0
    network.gradient[0] = 1e-6
    assert compare(solved, network, tape).max_relative_error == 1e-6


def test_the_penalty_has_a_share_in_the_size() -> None:
    solved = Problem(
        [np.array([[2.0]])],
        [np.array([0.0])],
        ("linear",),
        "mse",
        np.array([[1.0]]),
        np.array([[2.0]]),
        0.5,
        0.25,
    )
    network, tape = backpropagate(solved)
    assert gradcheck.sizes_of_terms(solved, network, tape) == [0.5 + 0.25 * 2.0]


@pytest.mark.parametrize("wrong", [math.nan, math.inf])
def test_numbers_that_are_not_finite_are_no_agreement(wrong: float) -> None:
    given = problem((3, 4, 2), "tanh")
    network, tape = backpropagate(given)
    network.gradient[5] = wrong
    result = compare(given, network, tape)
    assert not result.passed
    assert result.max_relative_error == math.inf


def test_chosen_parameters_alone() -> None:
    given = problem((3, 4, 2), "tanh")
    network, tape = backpropagate(given)
    network.gradient[0] += 1.0
    result = compare(given, network, tape, [1, 2, 3], differences=False)
    assert result.passed
    assert result.sampled == 3
    assert result.central_max_relative_error is None


def test_the_check_is_in_float64_whatever_it_is_given() -> None:
    given = problem((3, 4, 2), "tanh")
    small = replace(
        given,
        weights=[w.astype(np.float32) for w in given.weights],
        inputs=given.inputs.astype(np.float32),
        targets=given.targets.astype(np.float32),
    )
    assert check(small).passed


@pytest.mark.parametrize("chosen", [None, [3, 9, 20]])
def test_a_check_under_way_comes_to_the_same(chosen: list[int] | None) -> None:
    given = problem((3, 4, 2), "tanh")
    network, tape = backpropagate(given)
    network.gradient[9] += 1e-6
    checking = Checking(given, network, tape, chosen)
    assert (checking.done, checking.max_relative_error, checking.passed) == (0, 0.0, True)
    while checking.done < checking.total:
        checking.step()
        assert checking.passed == (checking.done < (10 if chosen is None else 2))
    assert checking.total == (26 if chosen is None else 3)
    result = checking.result()
    assert result == compare(given, network, tape, chosen)
    assert (result.worst.parameter, result.worst.index) == ("W", (2, 1))
    with pytest.raises(IndexError):
        checking.step()


def test_of_equal_errors_the_first_is_told() -> None:
    """One linear unit on whole numbers: nothing is rounded."""
    given = Problem(
        [np.array([[2.0, 1.0]])], [np.zeros(1)], ("linear",), "mse", np.array([[1.0, 2.0]]), np.ones((1, 1))
    )
    result = check(given)
    assert (result.max_relative_error, result.worst.parameter, result.worst.index) == (0.0, "W", (0, 0))


def test_a_kink_of_a_unit_that_is_off_counts_nowhere() -> None:
    """The same as above with the unit off: its z crosses the corner, and nothing comes of it."""
    result = check(replace(one_relu(-0.5 + 2e-6), off=[np.array([True])]))
    assert result.passed
    assert result.kinks == 0


def test_a_unit_that_only_the_network_knows_to_be_off_is_found() -> None:
    given = problem((3, 4, 2), "tanh")
    off = [np.array([False, True, False, False])]
    network, tape = backpropagate(replace(given, off=off))
    assert compare(replace(given, off=off), network, tape).passed
    assert not compare(given, network, tape).passed
