"""What stands on the edges and in the stacks of the network: weights, their gradient or their last change."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from bptui.explain.numbers import precise
from bptui.explain.update import Array, LayerView
from bptui.session.frame import Frame
from bptui.tui.drawing.scales import largest

WEIGHTS, GRADIENTS, CHANGES = "weights", "gradients", "last change"


class Parameters(NamedTuple):
    """A layer's numbers, in the shapes of its weights and biases; None where they are not known."""

    letter: str  # W
    bias: str  # b
    weights: Array | None
    biases: Array | None


def parameters_of(layer: LayerView, what: str) -> Parameters:
    """The weights, ∂L/∂W, or what the last update added to them."""
    if what == GRADIENTS:
        return Parameters("∂L/∂W", "∂b", layer.grad_weights, layer.grad_biases)
    if what == CHANGES:
        before, biases = layer.weights_before, layer.biases_before
        known = before is not None and biases is not None
        return Parameters(
            "ΔW",
            "Δb",
            layer.weights - before if known else None,
            layer.biases - biases if known else None,
        )
    return Parameters("W", "b", layer.weights, layer.biases)


def passing(layers: tuple[LayerView, ...], l: int, values: Array) -> Array:
    """The numbers of the edges into layer l, 0 where one end is switched off: nothing passes there."""
    ends = [(0, layers[l - 1].off), (1, layers[l - 2].off if l > 1 else None)]
    for axis, off in ends:
        if off is not None:
            values = np.where(np.expand_dims(off, 1 - axis), 0.0, values)
    return values


def full_colour(frame: Frame, what: str) -> float | None:
    """The |number| at full colour, one for all layers, so that layers can be compared; None for weights,
    where each layer has its own."""
    if what == WEIGHTS:
        return None
    return max(largest(parameters_of(layer, what).weights) for layer in frame.update.layers)


def scale_in_words(frame: Frame, what: str, by_layer: bool) -> str:
    """At which size what is shown is in full colour, for the title; by_layer: each layer says it itself."""
    if what == WEIGHTS:
        return ""
    shown = [parameters_of(layer, what) for layer in frame.update.layers]
    if all(each.weights is None for each in shown):
        return "the last change is not known here" if what == CHANGES else "no gradient yet"
    if by_layer:
        return "full colour: each layer's largest 0.5 %"
    return f"full colour {shown[0].letter} = {precise(full_colour(frame, what) or 0.0, 2)}"
