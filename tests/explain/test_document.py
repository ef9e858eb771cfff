"""explain as JSON: all arrays of a step, with all their digits."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from worked_views import XOR_BIASES, XOR_INPUTS, XOR_TARGETS, XOR_WEIGHTS, as_update, xor_view

from bptui.explain.json import step_document
from bptui.explain.update import UpdateView, WorkedUpdate


def arguments(view: UpdateView | None = None) -> tuple[str, int, WorkedUpdate]:
    return "xor", 140, as_update(view or xor_view())


def test_the_document_is_the_step_of_plain_numpy() -> None:
    document = json.loads(json.dumps(step_document(*arguments())))
    x, y = np.array(XOR_INPUTS, float), np.array(XOR_TARGETS, float)
    w1, w2 = (np.array(w) for w in XOR_WEIGHTS)
    b1, b2 = (np.array(b) for b in XOR_BIASES)
    a1 = np.tanh(x @ w1.T + b1)
    z2 = a1 @ w2.T + b2
    a2 = 1 / (1 + np.exp(-z2))
    delta2 = a2 - y
    delta1 = (delta2 @ w2) * (1 - a1**2)
    first, last = document["layers"]
    np.testing.assert_allclose(last["z"], z2, rtol=1e-12)
    np.testing.assert_allclose(last["a"], a2, rtol=1e-12)
    np.testing.assert_allclose(last["delta"], delta2, rtol=1e-12)
    np.testing.assert_allclose(last["grad_W"], delta2.T @ a1 / 4, rtol=1e-12)
    np.testing.assert_allclose(first["delta"], delta1, rtol=1e-11)
    np.testing.assert_allclose(first["grad_W"], delta1.T @ x / 4, rtol=1e-11)
    np.testing.assert_allclose(first["grad_b"], delta1.mean(0), rtol=1e-11)
    np.testing.assert_allclose(first["new_W"], w1 - 0.5 * np.array(first["grad_W"]), rtol=1e-12)
    assert document["loss"] == pytest.approx(-np.mean(np.log(np.where(y == 1, a2, 1 - a2))), rel=1e-12)


def test_its_keys() -> None:
    document = step_document(*arguments())
    assert list(document) == [
        "preset",
        "step",
        "eta",
        "optimizer",
        "inputs",
        "targets",
        "loss",
        "penalty",
        "layers",
        "loss_after",
        "penalty_after",
    ]
    keys = ["layer", "activation", "W", "b", "z", "a", "delta", "grad_W", "grad_b", "new_W", "new_b"]
    assert [list(layer) for layer in document["layers"]] == [keys, keys]
    assert (document["preset"], document["step"], document["eta"]) == ("xor", 140, 0.5)


def test_what_json_cannot_say_is_null() -> None:
    view = xor_view()
    layers = (replace(view.layers[0], z=np.array([[np.nan, np.inf], [1.0, -np.inf]])), view.layers[1])
    document = step_document(*arguments(replace(view, layers=layers, loss=float("inf"))))
    assert document["layers"][0]["z"] == [[None, None], [1.0, None]]
    assert document["loss"] is None
    json.dumps(document, allow_nan=False)


def test_float32_keeps_its_digits() -> None:
    view = xor_view()
    z = view.layers[0].z
    assert z is not None
    layers = (replace(view.layers[0], z=z.astype(np.float32)), view.layers[1])
    written = step_document(*arguments(replace(view, layers=layers)))["layers"][0]["z"][2][2]
    assert np.float32(written) == z.astype(np.float32)[2, 2]
