"""A layer closer: how its gradients and weights are spread, its largest gradients, its units' slopes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bptui.explain import names
from bptui.explain.backward import slopes_of
from bptui.explain.update import Array, LayerView, UpdateView
from bptui.explain.weight import Place
from bptui.explain.words import FLAT
from bptui.nn.activations import OUTPUTS

LARGEST = 10
MOST_DECADES = 12  # what is smaller is counted together


class Decades(NamedTuple):
    """How many |values| lie in 10ᵏ ≤ |x| < 10ᵏ⁺¹, from the largest decade that has one down without a gap."""

    counts: tuple[tuple[int, int], ...]  # (k, how many)
    smaller: int  # below the last decade listed, not 0
    zeros: int
    not_finite: int


class Large(NamedTuple):
    """One of the largest gradients of a layer."""

    place: Place
    name: str
    way: str  # x₁ ▸ h₃
    gradient: float
    value: float


class UnitSlopes(NamedTuple):
    """A unit over the examples of the batch: the share of them in which its slope is flat, and whether it is
    0 in all of them. flat is None where the activation's slope has no bound. A unit that is switched off is
    neither flat nor dead."""

    unit: int
    name: str
    flat: float | None
    dead: bool
    off: bool = False


class Slopes(NamedTuple):
    """Of each unit, and (batch, n_l) where each slope is flat and where it is 0; that of a unit which is
    switched off is neither."""

    units: tuple[UnitSlopes, ...]
    flat: NDArray[np.bool_] | None
    off: NDArray[np.bool_]


def by_decade(values: Array, most: int = MOST_DECADES) -> Decades:
    """The |values| counted by powers of ten."""
    size = np.abs(np.asarray(values, float)).ravel()
    finite = np.isfinite(size)
    positive = size[finite & (size > 0)]
    zeros, not_finite = int((size == 0).sum()), int((~finite).sum())
    if not positive.size:
        return Decades((), 0, zeros, not_finite)
    powers = _powers(positive)
    top, low = int(powers.max()), int(powers.min())
    last = max(low, top - most + 1)
    counts = tuple((k, int((powers == k).sum())) for k in range(top, last - 1, -1))
    return Decades(counts, int((powers < last).sum()), zeros, not_finite)


def _powers(positive: Array) -> NDArray[np.int_]:
    """k with 10ᵏ ≤ x < 10ᵏ⁺¹. A logarithm may be one off at the edge of a decade."""
    power = np.floor(np.log10(positive)).astype(int)
    first = int(power.min())
    edges = np.array([float(f"1e{k}") for k in range(first, int(power.max()) + 2)])
    at = power - first
    return np.asarray(power - (positive < edges[at]) + (positive >= edges[at + 1]))


def largest_gradients(view: UpdateView, l: int, most: int = LARGEST) -> tuple[Large, ...]:
    """The weights and biases of layer l with the largest |∂L/∂w|; none before the first backward pass."""
    layer = names.layer(view, l)
    if layer.grad_weights is None or layer.grad_biases is None:
        return ()
    block = np.column_stack([layer.grad_weights, layer.grad_biases])
    size = np.nan_to_num(np.abs(block.ravel()), nan=np.inf)
    # Of a large layer only the few that may be among them are put in order.
    few = np.argpartition(-size, most)[: most + 1] if size.size > most + 1 else np.arange(size.size)
    first = few[np.argsort(-size[few], kind="stable")][:most]
    return tuple(_large(view, layer, block, int(index)) for index in first)


def _large(view: UpdateView, layer: LayerView, block: Array, index: int) -> Large:
    l = layer.number
    j, i = divmod(index, block.shape[1])
    bias = i == block.shape[1] - 1
    name = names.indexed("b", view, l, j) if bias else names.weight(view, l, j, i)
    source = "1" if bias else names.unit(view, l - 1, i)
    value = layer.biases[j] if bias else layer.weights[j, i]
    return Large(
        Place(l, j, i), name, f"{source} ▸ {names.unit(view, l, j)}", float(block[j, i]), float(value)
    )


def slopes(view: UpdateView, l: int) -> Slopes | None:
    """Of layer l over the batch; None where they are not computed, or play no part (an output whose loss
    undoes its slope, a softmax)."""
    layer = names.layer(view, l)
    if layer.z is None or (layer.slope is None and l == len(view.layers)):
        return None
    values, steepest = slopes_of(layer), OUTPUTS[layer.activation].steepest
    on = np.ones(layer.units, bool) if layer.off is None else ~layer.off
    off = np.asarray((values == 0) & on)
    flat = None if steepest is None else np.asarray((np.abs(values) < FLAT * steepest) & on)
    shares = None if flat is None else flat.mean(axis=0).tolist()
    dead = np.asarray(off.all(axis=0))
    units = tuple(
        UnitSlopes(j, names.unit(view, l, j), None if shares is None else shares[j], bool(dead[j]), not on[j])
        for j in range(layer.units)
    )
    return Slopes(units, flat, off)


def worst_first(units: tuple[UnitSlopes, ...]) -> tuple[UnitSlopes, ...]:
    """Dead ones, then by the share of flat slopes; those that are switched off last."""
    return tuple(sorted(units, key=lambda unit: (unit.off, not unit.dead, -(unit.flat or 0.0))))
