"""A relative fault of 1e-8 after any one operation is found: the check is worth its name.

Forward and backward operations show in the gradients. The loss's value does not, so it is compared with
the reference; nor does the update, which is compared with PyTorch's figures (test_torch_figures.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from tapes import random_network, run, tape_for

from bptui.nn import reference
from bptui.nn.activations import ACTIVATIONS, OUTPUTS
from bptui.nn.gradcheck import TOLERANCE, Problem, backpropagate, compare
from bptui.nn.operation import Kind, Operation
from bptui.nn.tape import Tape

FAULT = 1.0 + 1e-8

ENDS = [*((o, "mse") for o in OUTPUTS), ("sigmoid", "cross_entropy"), ("softmax", "cross_entropy")]
# Every hidden activation under some output, every output and loss over some hidden layer, with and
# without each penalty, and no hidden layer at all.
NETWORKS: list[tuple[tuple[str, ...], str, float, float]] = [
    *(((hidden, "tanh", "sigmoid"), "mse", 0.0, 0.0) for hidden in ACTIVATIONS),
    *((("sin", output), loss, 0.01, 0.0) for output, loss in ENDS),
    *((("gelu", output), loss, 0.0, 0.02) for output, loss in ENDS),
    *(((output,), loss, 0.01, 0.02) for output, loss in ENDS),
]


def problem(names: tuple[str, ...], loss: str, l1: float, l2: float, soft: bool = True) -> Problem:
    sizes = (3, 4, 5, 2) if len(names) == 3 else (3, 4, 2) if len(names) == 2 else (3, 2)
    network, rng = random_network(sizes, names, seed=2), np.random.default_rng(8)
    targets = rng.uniform(size=(5, 2)) if soft else np.eye(2)[[0, 1, 1, 0, 1]]
    inputs = rng.normal(size=(5, 3))
    return Problem(network.weights, network.biases, names, loss, inputs, targets, l1, l2)


def written(tape: Tape, operation: Operation) -> np.ndarray:
    """The array that this forward or backward operation has made."""
    arrays: dict[Kind, Callable[[int], np.ndarray]] = {
        Kind.PRE_ACTIVATION: lambda l: tape.z[l],
        Kind.ACTIVATION: lambda l: tape.a[l],
        Kind.DELTA: lambda l: tape.delta[l],
        Kind.GRADIENT: lambda l: tape.network.grad_blocks[l],
        Kind.PENALTY: lambda l: tape.network.gradient,
    }
    return arrays[operation.kind]((operation.layer or 1) - 1)


@pytest.mark.parametrize(("names", "loss", "l1", "l2"), NETWORKS)
def test_a_fault_after_any_operation_is_found(
    names: tuple[str, ...], loss: str, l1: float, l2: float
) -> None:
    given = problem(names, loss, l1, l2)
    network, tape = backpropagate(given)
    assert compare(given, network, tape, differences=False).passed
    for faulty in tape.operations[: tape.gradients]:
        if faulty.kind is Kind.LOSS:
            continue
        for operation in tape.operations[: tape.gradients]:
            operation.run()
            if operation is faulty:
                array = written(tape, operation)
                array *= FAULT
        result = compare(given, network, tape, differences=False)
        assert not result.passed, faulty.equation
        assert result.max_relative_error > TOLERANCE


@pytest.mark.parametrize("soft", [True, False])
@pytest.mark.parametrize(("output", "loss"), ENDS)
def test_a_fault_in_any_call_of_the_loss_is_found(output: str, loss: str, soft: bool) -> None:
    given = replace(problem(("tanh", output), loss, 0.0, 0.0, soft))
    _, tape = backpropagate(given)
    layers = reference.forward(given.weights, given.biases, given.activations, given.inputs)
    expected = reference.loss(loss, output, *layers[-1], given.targets)
    calls = next(operation.calls for operation in tape.operations if operation.kind is Kind.LOSS)

    def relative_error(faulty: int | None) -> float:
        for number, call in enumerate(calls):
            call()
            if number == faulty:
                out = call.args[0] if call.func is np.copyto else call.args[-1]  # type: ignore[attr-defined]
                out *= FAULT
        return abs(tape.read_loss() - float(expected)) / float(expected)

    assert relative_error(None) < 1e-14
    for number, call in enumerate(calls):
        if not shift(call):
            assert relative_error(number) > TOLERANCE, call


def shift(call: Callable[[], object]) -> bool:
    """What is taken off every z before a softmax's powers: any number would do, so no fault shows."""
    return call.func in (np.maximum.reduce, np.copyto)  # type: ignore[attr-defined]


def test_every_kind_of_operation_had_its_fault() -> None:
    kinds, hidden, outputs = set(), set(), set()
    for names, loss, l1, l2 in NETWORKS:
        _, tape = backpropagate(problem(names, loss, l1, l2))
        kinds |= {operation.kind for operation in tape.operations}
        hidden |= set(names[:-1])
        outputs |= {(names[-1], loss)}
    assert kinds == set(Kind)
    assert hidden == set(ACTIVATIONS)
    assert outputs == set(ENDS)


def test_differences_alone_would_not_see_it() -> None:
    """Why complex step decides: the same fault lies under what central differences can resolve."""
    given = problem(("tanh", "sigmoid"), "mse", 0.0, 0.0)
    network, tape = backpropagate(given)
    right = compare(given, network, tape)
    network.gradient *= FAULT
    wrong = compare(given, network, tape)
    assert right.passed
    assert not wrong.passed
    assert wrong.central_max_relative_error is not None
    assert wrong.central_max_relative_error < 1e-7


def test_a_fault_of_one_example_in_a_batch_is_found() -> None:
    given = problem(("tanh", "softmax"), "cross_entropy", 0.0, 0.0)
    network, tape = backpropagate(given)
    tape.delta[0][3, 2] *= FAULT
    gradient = next(o for o in tape.operations if o.kind is Kind.GRADIENT and o.layer == 1)
    gradient.run()
    assert not compare(given, network, tape, differences=False).passed


def test_a_stale_row_of_ones_is_found() -> None:
    """The bias's neuron that always says 1 is an array like others: should something write into it."""
    network = random_network((3, 4, 2), ("tanh", "linear"))
    rng = np.random.default_rng(9)
    inputs, targets = rng.normal(size=(5, 3)), rng.normal(size=(5, 2))
    tape = tape_for(network, "mse", inputs, targets)
    tape._entering[1][-1, 0] *= FAULT
    run([operation.run for operation in tape.operations[: tape.gradients]])
    given = Problem(network.weights, network.biases, ("tanh", "linear"), "mse", inputs, targets)
    assert not compare(given, network, tape, differences=False).passed
