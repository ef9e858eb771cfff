"""The list of operations: its order, its arrays, what it may not do while it runs."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from tapes import random_network, run, tape_for

from bptui.nn import reference
from bptui.nn.activations import ACTIVATIONS
from bptui.nn.losses import loss_for
from bptui.nn.operation import Kind
from bptui.nn.optimizers import OPTIMIZERS, Sgd
from bptui.nn.tape import Examples, ForwardPass, Penalty, Tape

PENALTY = Penalty(0.01, 0.02)
ENDS = [
    ("linear", "mse"),
    ("softmax", "mse"),
    ("sigmoid", "mse"),
    ("sigmoid", "cross_entropy"),
    ("softmax", "cross_entropy"),
]
ALL_HIDDEN = tuple(ACTIVATIONS)
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def deep_tape(output: str = "softmax", loss: str = "cross_entropy", optimizer: str = "adam") -> Tape:
    """Every activation in turn, widths 3 to 5, batch 6, both penalties."""
    sizes = (3, *(3 + l % 3 for l in range(len(ALL_HIDDEN))), 4)
    network = random_network(sizes, (*ALL_HIDDEN, output))
    rng = np.random.default_rng(1)
    inputs, targets = rng.normal(size=(6, 3)), rng.uniform(size=(6, 4))
    return tape_for(network, loss, inputs, targets, optimizer=optimizer, penalty=PENALTY)


def wide_tape(hidden: str, output: str, loss: str, optimizer: str = "sgd") -> Tape:
    network = random_network((120, 90, 80, 70), (hidden, hidden, output))
    rng = np.random.default_rng(1)
    inputs, targets = rng.normal(size=(100, 120)), rng.uniform(size=(100, 70))
    return tape_for(network, loss, inputs, targets, optimizer=optimizer, penalty=PENALTY, batch=64)


def test_xor_has_ten_operations_in_the_order_of_the_article() -> None:
    xor = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    tape = tape_for(
        random_network((2, 4, 1), ("tanh", "sigmoid")), "mse", xor, np.array([[0], [1], [1], [0]])
    )
    assert [o.writes for o in tape.operations] == ["z¹", "a¹", "z²", "a²", "L", "δ²", "∂W²", "δ¹", "∂W¹", "W"]
    assert tape.operations[-1].kind is Kind.UPDATE
    assert tape.gradients == 9


def test_a_penalty_is_one_operation_more() -> None:
    tape = deep_tape()
    assert [o.kind for o in tape.operations[-2:]] == [Kind.PENALTY, Kind.UPDATE]
    assert sum(o.kind is Kind.PENALTY for o in tape.operations) == 1


def test_what_an_operation_reads_was_written_before() -> None:
    tape = deep_tape(output="sigmoid", loss="mse")
    weights = {f"W{str(l + 1).translate(RAISED)}" for l in range(len(tape.delta))}
    written = {"a⁰", "y", "W", *weights, "∂W"}
    for operation in tape.operations:
        missing = {name for name in operation.reads if not name.startswith("slope")} - written
        assert not missing, operation.equation
        written.add(operation.writes)


@pytest.mark.parametrize(("output", "loss"), ENDS)
def test_forward_and_loss_equal_the_reference(output: str, loss: str) -> None:
    tape = deep_tape(output, loss)
    for operation in tape.operations[: tape.gradients]:
        operation.run()
    network = tape.network
    names = [activation.name for activation in network.activations]
    layers = reference.forward(network.weights, network.biases, names, tape.inputs)
    for (z, a), found_z, found_a in zip(layers, tape.z, tape.a, strict=True):
        assert_allclose(found_z, z, rtol=1e-13, atol=1e-15)
        assert_allclose(found_a, a, rtol=1e-13, atol=1e-15)
    expected = reference.loss(loss, output, *layers[-1], tape.targets)
    assert tape.read_loss() == pytest.approx(expected, rel=1e-14)
    assert tape.penalty.of(network) == pytest.approx(
        reference.penalty(network.weights, 0.01, 0.02), rel=1e-14
    )


def test_views_have_the_shapes_of_the_notation() -> None:
    tape = wide_tape("tanh", "softmax", "cross_entropy")
    for views in (tape.z, tape.a, tape.slope, tape.delta):
        assert [view.shape for view in views] == [(64, 90), (64, 80), (64, 70)]
    assert tape.inputs.shape == (64, 120)
    assert tape.targets.shape == (64, 70)
    assert tape.example_losses().shape == (64,)


def test_delta_is_each_examples_own_and_the_gradient_their_mean() -> None:
    tape = wide_tape("tanh", "softmax", "cross_entropy")
    tape = tape_for(tape.network, "cross_entropy", tape.inputs.copy(), tape.targets.copy())
    run([operation.run for operation in tape.operations[: tape.gradients]])
    for l, entering in enumerate([tape.inputs, *tape.a[:-1]]):
        means = np.einsum("bi,bj->ij", tape.delta[l], entering) / 64
        assert_allclose(tape.network.grad_weights[l], means, rtol=1e-10, atol=1e-15)
        assert_allclose(tape.network.grad_biases[l], tape.delta[l].mean(axis=0), rtol=1e-10, atol=1e-15)


def test_the_gradient_of_a_smaller_batch_is_divided_by_its_real_size() -> None:
    network = random_network((3, 5, 2), ("tanh", "linear"))
    rng = np.random.default_rng(2)
    inputs, targets = rng.normal(size=(7, 3)), rng.normal(size=(7, 2))
    gradients = []
    for batch in range(1, 8):
        tape = tape_for(network, "mse", inputs, targets, batch=batch)
        run([operation.run for operation in tape.operations[: tape.gradients]])
        gradients.append(network.gradient * batch)
    ones = []
    for row in range(7):
        tape = tape_for(network, "mse", inputs[row : row + 1], targets[row : row + 1])
        run([operation.run for operation in tape.operations[: tape.gradients]])
        ones.append(network.gradient.copy())
    assert_allclose(gradients, np.cumsum(ones, axis=0), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(("output", "loss"), ENDS)
def test_any_prefix_before_the_update_can_run_again_without_changing_a_bit(
    output: str, loss: str, optimizer: str
) -> None:
    plain, rerun = deep_tape(output, loss, optimizer), deep_tape(output, loss, optimizer)
    for step in range(2):
        run(plain.calls)
        for length in range(rerun.gradients + 1):
            run([operation.run for operation in rerun.operations[:length]])
        run(rerun.calls)
        assert plain.read_loss() == rerun.read_loss(), step
        assert plain.optimizer.t == rerun.optimizer.t
        assert_array_equal(plain.network.parameters, rerun.network.parameters)
        for one, other in zip(plain.optimizer.moments, rerun.optimizer.moments, strict=True):
            assert_array_equal(one, other)


def test_parameters_change_in_the_last_operation_alone() -> None:
    tape = deep_tape()
    before = tape.network.parameters.copy()
    for operation in tape.operations[: tape.gradients]:
        operation.run()
        assert_array_equal(tape.network.parameters, before)
    tape.operations[-1].run()
    assert (tape.network.parameters != before).any()


def test_operations_one_at_a_time_are_the_flat_list() -> None:
    one, other = deep_tape(), deep_tape()
    for _ in range(3):
        run(one.calls)
        for operation in other.operations:
            operation.run()
    assert_array_equal(one.network.parameters, other.network.parameters)


NEARLY_NOTHING = 4096  # bytes: the smallest array of wide_tape has 64 · 70 · 8 = 35,840


def peak_of(calls: tuple[object, ...]) -> int:
    run(calls)  # what is made once, such as the interpreter's own caches
    tracemalloc.start()
    try:
        run(calls)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("output", "loss"), ENDS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_a_step_allocates_nothing_of_the_size_of_its_arrays(hidden: str, output: str, loss: str) -> None:
    tape = wide_tape(hidden, output, loss)
    assert peak_of((*tape.load(np.arange(5, 69)), *tape.calls, tape.read_loss)) < NEARLY_NOTHING


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_an_update_allocates_nothing(optimizer: str) -> None:
    tape = wide_tape("tanh", "softmax", "cross_entropy", optimizer)
    assert peak_of(tape.operations[-1].calls) < NEARLY_NOTHING


def test_load_gathers_and_follows_an_order_that_is_permuted_in_place() -> None:
    network = random_network((2, 3, 1), ("tanh", "sigmoid"))
    inputs, targets = np.arange(20.0).reshape(10, 2), np.arange(10.0)[:, None] / 10
    tape, order = tape_for(network, "mse", inputs, targets, batch=4), np.arange(10)
    calls = tape.load(order[3:7])
    run(calls)
    assert_array_equal(tape.inputs, inputs[3:7])
    order[...] = order[::-1].copy()
    run(calls)
    assert_array_equal(tape.inputs, inputs[[6, 5, 4, 3]])
    assert_array_equal(tape.targets, targets[[6, 5, 4, 3]])


def test_the_row_of_ones_stays_ones() -> None:
    tape = deep_tape()
    for _ in range(3):
        run(tape.calls)
    for entering in tape._entering:
        assert_array_equal(entering[-1], np.ones(6))


@pytest.mark.parametrize(("n_inputs", "n_targets"), [(2, 4), (3, 3)])
def test_examples_that_do_not_fit_are_refused(n_inputs: int, n_targets: int) -> None:
    network = random_network((3, 4), ("linear",))
    targets = np.zeros((5, n_targets))
    examples = Examples(
        np.zeros((5, n_inputs)), targets, loss_for("mse", network.activations[-1], targets), network.dtype
    )
    with pytest.raises(ValueError, match="do not fit"):
        Tape(network, examples, 5, Sgd(network.parameters, network.gradient, 0.1, {}), Penalty())


def test_forward_pass_predicts() -> None:
    network = random_network((3, 4, 2), ("gelu", "softmax"))
    inputs = np.random.default_rng(5).normal(size=(6, 3))
    found = ForwardPass(network, 6).predict(inputs)
    expected = reference.forward(network.weights, network.biases, ["gelu", "softmax"], inputs)[-1][1]
    assert_allclose(found, expected, rtol=1e-14)


def test_float32_stays_float32_and_agrees_with_float64() -> None:
    losses = {}
    for dtype in ("float32", "float64"):
        network = random_network((3, 6, 5, 2), ("tanh", "relu", "softmax"), dtype=dtype)
        rng = np.random.default_rng(6)
        inputs, targets = rng.normal(size=(8, 3)), np.eye(2)[rng.integers(0, 2, 8)]
        tape = tape_for(network, "cross_entropy", inputs, targets, optimizer="adam", penalty=PENALTY)
        run(tape.calls)
        losses[dtype] = tape.read_loss()
        for view in (*tape.z, *tape.a, *tape.delta, network.parameters, *tape.optimizer.moments):
            assert view.dtype == np.dtype(dtype)
    assert losses["float32"] == pytest.approx(losses["float64"], rel=1e-5)
    assert losses["float32"] != losses["float64"]


def test_an_update_in_blocks_is_the_update_of_the_whole() -> None:
    """Over 32,768 parameters the vector is updated in parts; no seam shows."""
    network = random_network((300, 150, 10), ("tanh", "linear"))
    rng = np.random.default_rng(7)
    tape = tape_for(network, "mse", rng.normal(size=(4, 300)), rng.normal(size=(4, 10)), penalty=PENALTY)
    run([operation.run for operation in tape.operations[: tape.gradients - 1]])
    data, p = network.gradient.copy(), network.parameters.copy()
    tape.operations[-2].run()
    weights = network.is_weight()
    assert_allclose(network.gradient, data + weights * (0.01 * np.sign(p) + 0.02 * p), rtol=1e-12, atol=1e-18)
    tape.operations[-1].run()
    assert_allclose(network.parameters, p - 0.1 * network.gradient, rtol=1e-15, atol=1e-18)
