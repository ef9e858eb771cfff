"""One update as a JSON document: every array of the step, floats with all their digits.

What JSON cannot say (nan, inf) is null. Keys may be added, never renamed. A layer has "off", its units from
0 that are switched off, and "held" only where there is something to tell.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from bptui.explain.update import Array, LayerView, WorkedUpdate


def step_document(preset: str, step: int, update: WorkedUpdate) -> dict[str, Any]:
    """The document of the update after `step` updates."""
    before = update.before
    layers = zip(before.layers, update.new_weights, update.new_biases, strict=True)
    return {
        "preset": preset,
        "step": step,
        "eta": number(before.eta),
        "optimizer": before.optimizer,
        "inputs": nested(before.inputs),
        "targets": nested(before.targets),
        "loss": number(before.loss),
        "penalty": number(update.penalty),
        "layers": [_layer(layer, weights, biases) for layer, weights, biases in layers],
        "loss_after": number(update.loss_after),
        "penalty_after": number(update.penalty_after),
    }


def _layer(layer: LayerView, new_weights: Array, new_biases: Array) -> dict[str, Any]:
    told: dict[str, Any] = {
        "layer": layer.number,
        "activation": layer.activation,
        "W": nested(layer.weights),
        "b": nested(layer.biases),
        "z": nested(layer.z),
        "a": nested(layer.a),
        "delta": nested(layer.delta),
        "grad_W": nested(layer.grad_weights),
        "grad_b": nested(layer.grad_biases),
        "new_W": nested(new_weights),
        "new_b": nested(new_biases),
    }
    if layer.off is not None:
        told["off"] = np.flatnonzero(layer.off).tolist()
    if layer.held:
        told["held"] = True
    return told


def number(x: float | None) -> float | None:
    """A Python float, None where JSON has no word for it."""
    if x is None or not math.isfinite(x):
        return None
    return float(x)


def nested(array: Array | None) -> Any:
    """Nested lists of Python floats in the array's shape; None where it was not computed."""
    if array is None:
        return None
    wide = np.asarray(array, float)
    return wide.tolist() if np.isfinite(wide).all() else _replaced(wide.tolist())


def _replaced(values: Any) -> Any:
    return [_replaced(v) for v in values] if isinstance(values, list) else number(values)
