"""Losses and updates against figures that PyTorch made (make_torch_figures.py, float64), to 1e-12."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose
from tapes import run, tape_for

from bptui.nn.activations import ACTIVATIONS, OUTPUTS
from bptui.nn.network import Network
from bptui.nn.operation import Kind
from bptui.nn.optimizers import OPTIMIZERS

FIGURES = json.loads(Path(__file__).with_name("torch_figures.json").read_text(encoding="utf-8"))
LOSSES, UPDATES, START = FIGURES["losses"], FIGURES["updates"], FIGURES["network"]
TOLERANCE = 1e-12


def name_of_loss(case: dict[str, Any]) -> str:
    return f"{case['output']}-{case['loss']}-{case['targets']}"


def name_of_update(case: dict[str, Any]) -> str:
    return "-".join([case["optimizer"], *(f"{key}={value:g}" for key, value in case["options"].items())])


@pytest.mark.parametrize("case", LOSSES, ids=name_of_loss)
def test_loss_and_delta(case: dict[str, Any]) -> None:
    """A layer whose z are exactly these: the identity, without bias."""
    z, y = np.array(case["z"]), np.array(case["y"])
    network = Network((3, 3), (case["output"],))
    network.weights[0][...] = np.eye(3)
    tape = tape_for(network, case["loss"], z, y)
    run([operation.run for operation in tape.operations[: tape.gradients]])
    assert tape.read_loss() == pytest.approx(case["value"], rel=TOLERANCE)
    # PyTorch's is the gradient of the batch's mean, our δ each example's own.
    assert_allclose(tape.delta[0] / len(z), case["gradient"], rtol=TOLERANCE, atol=1e-16)


def worst_error(case: dict[str, Any], fault_after: int | None = None) -> float:
    """The largest relative error of any loss or parameter of the 20 updates; with a relative fault of
    1e-8 planted after an update operation, if asked for."""
    network = Network((3, 5, 4, 2), START["activations"])
    network.load([np.array(w) for w in START["weights"]], [np.array(b) for b in START["biases"]])
    tape = tape_for(
        network,
        "cross_entropy",
        np.array(START["inputs"]),
        np.array(START["targets"]),
        optimizer=case["optimizer"],
        options=case["options"],
        eta=case["eta"],
    )
    errors = []
    for step in range(1, 21):
        if step == 11 and case["eta_from_11"] is not None:
            tape.optimizer.eta[...] = case["eta_from_11"]
        for operation in tape.operations:
            operation.run()
            if operation.kind is Kind.UPDATE and step == fault_after:
                network.parameters *= 1.0 + 1e-8
        expected = case["losses"][step - 1]
        errors.append(abs(tape.read_loss() - expected) / expected)
        if str(step) in case["after"]:
            after = case["after"][str(step)]
            pairs = [
                *zip(network.weights, after["weights"], strict=True),
                *zip(network.biases, after["biases"], strict=True),
            ]
            errors += [float(np.abs((mine - theirs) / np.abs(theirs)).max()) for mine, theirs in pairs]
    return max(errors)


@pytest.mark.parametrize("case", UPDATES, ids=name_of_update)
def test_twenty_updates(case: dict[str, Any]) -> None:
    assert worst_error(case) < TOLERANCE


@pytest.mark.parametrize("fault_after", [1, 10, 19])
@pytest.mark.parametrize("case", UPDATES, ids=name_of_update)
def test_a_fault_planted_after_an_update_is_found(case: dict[str, Any], fault_after: int) -> None:
    assert worst_error(case, fault_after) > TOLERANCE


def test_the_figures_reach_everything() -> None:
    pairs = {(case["output"], case["loss"]) for case in LOSSES}
    assert pairs == {(o, "mse") for o in OUTPUTS} | {(o, "cross_entropy") for o in ("sigmoid", "softmax")}
    assert set(OUTPUTS) == {*ACTIVATIONS, "softmax"}
    for name, optimizer in OPTIMIZERS.items():
        cases = [case for case in UPDATES if case["optimizer"] == name]
        changed = {key for case in cases for key, value in case["options"].items()}
        assert any(not case["options"] and case["eta"] == optimizer.default_eta for case in cases), name
        assert changed == set(optimizer.defaults), name


def test_an_option_of_another_optimizer_is_refused() -> None:
    with pytest.raises(ValueError, match="sgd has no momentum"):
        OPTIMIZERS["sgd"](np.zeros(1), np.zeros(1), 0.1, {"momentum": 0.9})
