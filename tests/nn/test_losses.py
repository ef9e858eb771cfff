"""Losses by known answers: certain and wrong, soft targets, several right classes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from tapes import run, tape_for

from bptui.nn.activations import OUTPUTS
from bptui.nn.losses import loss_for
from bptui.nn.network import Network
from bptui.nn.tape import Tape

LN2, LN3 = math.log(2.0), math.log(3.0)


def output_tape(output: str, loss: str, z: list[list[float]], y: list[list[float]]) -> Tape:
    """A layer whose z are exactly these: the identity, without bias; run up to its δ."""
    units = len(z[0])
    network = Network((units, units), (output,))
    network.weights[0][...] = np.eye(units)
    tape = tape_for(network, loss, np.array(z), np.array(y))
    with np.errstate(all="ignore"):
        for operation in tape.operations[: tape.gradients]:
            operation.run()
    return tape


# output, loss, z, y, L, δ
KNOWN: list[tuple[str, str, list[list[float]], list[list[float]], float, list[list[float]]]] = [
    ("linear", "mse", [[3.0, 1.0]], [[1.0, 4.0]], (4 + 9) / 2, [[2.0, -3.0]]),
    ("linear", "mse", [[1.0], [3.0]], [[0.0], [0.0]], (0.5 + 4.5) / 2, [[1.0], [3.0]]),
    ("sigmoid", "mse", [[0.0]], [[1.0]], 1 / 8, [[-1 / 8]]),
    ("tanh", "mse", [[LN2]], [[1.0]], 0.08, [[-0.4 * 0.64]]),
    ("relu", "mse", [[-1.0, 2.0]], [[1.0, 1.0]], 1.0, [[0.0, 1.0]]),
    # J = diag(ŷ) − ŷŷᵀ at ŷ = (¼, ¾), e = (−¾, ¾): δ = (−9/32, 9/32)
    ("softmax", "mse", [[0.0, LN3]], [[1.0, 0.0]], 9 / 16, [[-9 / 32, 9 / 32]]),
    ("sigmoid", "cross_entropy", [[0.0]], [[1.0]], LN2, [[-0.5]]),
    ("sigmoid", "cross_entropy", [[LN3], [LN3]], [[1.0], [0.0]], math.log(16 / 3) / 2, [[-0.25], [0.75]]),
    # several units: their sum, not their mean
    ("sigmoid", "cross_entropy", [[0.0, 0.0]], [[1.0, 0.0]], 2 * LN2, [[-0.5, 0.5]]),
    # soft: −¼ ln ¾ − ¾ ln ¼
    ("sigmoid", "cross_entropy", [[LN3]], [[0.25]], math.log(4) - 0.25 * LN3, [[0.5]]),
    ("softmax", "cross_entropy", [[0.0, LN3]], [[1.0, 0.0]], math.log(4), [[-0.75, 0.75]]),
    ("softmax", "cross_entropy", [[0.0, LN3]], [[0.5, 0.5]], math.log(4) - LN3 / 2, [[-0.25, 0.25]]),
    # two right classes: −ln ¼ − ln ¾, δ = 2ŷ − y
    ("softmax", "cross_entropy", [[0.0, LN3]], [[1.0, 1.0]], 2 * math.log(4) - LN3, [[-0.5, 0.5]]),
    ("softmax", "cross_entropy", [[0.0, LN3]], [[0.0, 0.0]], 0.0, [[0.0, 0.0]]),
    # certain and right, certain and wrong
    ("sigmoid", "cross_entropy", [[1000.0], [-1000.0]], [[1.0], [0.0]], 0.0, [[0.0], [0.0]]),
    ("sigmoid", "cross_entropy", [[1000.0], [-1000.0]], [[0.0], [1.0]], 1000.0, [[1.0], [-1.0]]),
    ("sigmoid", "cross_entropy", [[1000.0]], [[0.25]], 750.0, [[0.75]]),
    ("sigmoid", "cross_entropy", [[-1000.0]], [[0.25]], 250.0, [[-0.25]]),
    ("softmax", "cross_entropy", [[1000.0, 0.0]], [[1.0, 0.0]], 0.0, [[0.0, 0.0]]),
    ("softmax", "cross_entropy", [[1000.0, 0.0]], [[0.0, 1.0]], 1000.0, [[1.0, -1.0]]),
    ("softmax", "cross_entropy", [[1000.0, 0.0]], [[1.0, 1.0]], 1000.0, [[1.0, -1.0]]),
]


@pytest.mark.parametrize(("output", "loss", "z", "y", "value", "delta"), KNOWN)
def test_known_answers(
    output: str,
    loss: str,
    z: list[list[float]],
    y: list[list[float]],
    value: float,
    delta: list[list[float]],
) -> None:
    tape = output_tape(output, loss, z, y)
    assert tape.read_loss() == pytest.approx(value, rel=5e-16, abs=1e-16)
    assert_allclose(tape.delta[-1], delta, rtol=5e-16, atol=1e-16)
    with np.errstate(all="ignore"):
        assert tape.example_losses().mean() == pytest.approx(value, rel=5e-16, abs=1e-16)


PAIRS = [*((output, "mse") for output in OUTPUTS), *((o, "cross_entropy") for o in ("sigmoid", "softmax"))]


@pytest.mark.parametrize(
    ("output", "loss", "y", "lowest"),
    [
        ("sigmoid", "cross_entropy", [[0.0], [1.0], [1.0], [0.0]], LN2),
        ("sigmoid", "cross_entropy", [[0.0, 1.0], [1.0, 1.0]], LN2),
        ("softmax", "cross_entropy", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], LN3),
        ("softmax", "cross_entropy", [[1.0, 1.0], [1.0, 1.0]], 2 * LN2),
        ("linear", "mse", [[1.0], [3.0]], 0.5),
    ],
)
def test_one_guess_for_all_has_at_best_the_loss_of_their_mean(
    output: str, loss: str, y: list[list[float]], lowest: float
) -> None:
    found = loss_for(loss, OUTPUTS[output], np.array(y)).of_one_guess(np.array(y))
    assert found == pytest.approx(lowest)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_loss_is_the_mean_of_the_examples_own(output: str, loss: str, dtype: str) -> None:
    rng = np.random.default_rng(3)
    network = Network((3, 4), (output,), dtype)
    network.parameters[...] = rng.normal(size=network.parameters.size)
    tape = tape_for(network, loss, rng.normal(size=(7, 3)), rng.uniform(size=(7, 4)))
    for operation in tape.operations[: tape.gradients]:
        operation.run()
    assert tape.example_losses().shape == (7,)
    assert tape.read_loss() == pytest.approx(
        tape.example_losses().mean(), rel=float(20 * np.finfo(dtype).eps)
    )


@pytest.mark.parametrize("output", ["tanh", "linear", "relu"])
def test_cross_entropy_goes_with_sigmoid_and_softmax_alone(output: str) -> None:
    with pytest.raises(ValueError, match=f"cross_entropy does not go with a {output} output"):
        loss_for("cross_entropy", OUTPUTS[output], np.zeros((1, 1)))
    with pytest.raises(ValueError, match="hinge"):
        loss_for("hinge", OUTPUTS[output], np.zeros((1, 1)))


@pytest.mark.parametrize(("output", "loss"), PAIRS)
def test_one_batch_among_others_has_the_loss_of_its_own_targets(output: str, loss: str) -> None:
    """Hard or soft is known of the whole part; a batch of hard targets among soft ones is right too."""
    rng = np.random.default_rng(4)
    network = Network((2, 3), (output,))
    network.parameters[...] = rng.normal(size=network.parameters.size)
    inputs, targets = rng.normal(size=(4, 2)), np.array([[1, 0, 0], [0, 0, 1], [0.2, 0.3, 0.4], [1, 1, 0]])
    among = tape_for(network, loss, inputs, targets, batch=2)
    alone = tape_for(network, loss, inputs[:2], targets[:2])
    for tape in (among, alone):
        run([operation.run for operation in tape.operations[: tape.gradients]])
    assert among.read_loss() == pytest.approx(alone.read_loss(), rel=1e-15)
    assert_allclose(among.delta[-1], alone.delta[-1], rtol=1e-14, atol=1e-16)
