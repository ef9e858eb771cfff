"""How healthy a layer's learning is: its figures, and a verdict with the rule behind it in words.

Norms are computed by scaling, so that a vector of 1e154 has one. Nothing here runs while training
runs at full speed: figures are taken from the arrays that are there when a frame is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.nn.activations import Activation
from bptui.nn.sizes import is_finite, norm, rms

Array = NDArray[Any]

RATIO = 1000.0  # exploding above, vanishing below 1/RATIO of the layer nearest the output
DEAD_SHARE = 0.5
SATURATED_SHARE = 0.5
FLAT = 0.1  # a slope under a tenth of the steepest
LARGE_STEP = 0.1
LARGE_STEPS = 3  # updates in a row
IDLE_STEP = 1e-6
SETTLED = 1e-3  # rms δ at the output


class Verdict(Enum):
    """From the worst to the best; all off and held are what somebody chose, and no fault."""

    NOT_FINITE = "not finite"
    OFF = "all off"
    EXPLODING = "exploding"
    VANISHING = "vanishing"
    DEAD = "dead"
    SATURATED = "saturated"
    LARGE_STEP = "large step"
    IDLE = "idle"
    HELD = "held"
    HEALTHY = "healthy"
    SETTLED = "settled"

    @property
    def glyph(self) -> str:
        return _GLYPHS[self]


_GLYPHS = dict(zip(Verdict, "✕⊘△▽∅◐⇈□‖✓✓", strict=True))


@dataclass(frozen=True)
class LayerHealth:
    """A layer's figures. None: the figure means nothing here (no bound of the slope, ‖W‖ = 0, no update).

    Units that are switched off are neither dead nor saturated: these shares are of the others.
    """

    number: int
    activation: str
    weight_norm: float  # ‖W‖
    gradient_norm: float  # ‖∂L/∂W‖
    mean_gradient: float  # mean |∂L/∂w|
    max_gradient: float  # max |∂L/∂w|
    bias_gradient_norm: float  # ‖∂L/∂b‖
    delta_rms: float  # rms δ over batch and units
    saturated: float | None  # share of slopes under a tenth of the steepest there is
    dead: float | None  # share of units whose slope is 0 for every example
    update_ratio: float | None  # ‖ΔW‖ / ‖W‖ of the update really made
    verdict: Verdict
    reason: str
    off: int = 0  # units that are switched off
    held: bool = False  # its weights and biases stay as they are


@dataclass(frozen=True, eq=False)
class LayerArrays:
    """What the figures are taken from. slope (batch, n_l) is None where the output's δ needs none;
    slopes_seen (m, n_l) are those that tell dead units apart, None where the layer cannot die."""

    activation: Activation
    weights: Array
    grad_weights: Array
    grad_biases: Array
    delta: Array
    slope: Array | None
    slopes_seen: Array | None
    change: Array | None  # ΔW of the last update
    large_steps: int  # updates in a row, up to the last, with ‖ΔW‖/‖W‖ > LARGE_STEP
    finite: bool  # the layer's parameters, gradients, δ and optimizer state
    off: NDArray[np.bool_] | None = None  # (n_l,) units that are switched off, None where none is
    held: bool = False

    @property
    def units_on(self) -> Any:
        """Their columns, as an index of (batch, n_l)."""
        return slice(None) if self.off is None else np.flatnonzero(~self.off)

    @property
    def is_off(self) -> bool:
        """All its units are."""
        return self.off is not None and bool(self.off.all())


def assess(layers: Sequence[LayerArrays], settled_loss: bool = False) -> tuple[LayerHealth, ...]:
    """Figures and verdicts of all layers, 1 … L."""
    deltas = [rms(layer.delta) for layer in layers]
    settled = deltas[-1] < SETTLED or settled_loss
    return tuple(
        _assess(number, layer, deltas[number - 1], deltas[-1], settled)
        for number, layer in enumerate(layers, start=1)
    )


def _assess(number: int, layer: LayerArrays, delta: float, nearest: float, settled: bool) -> LayerHealth:
    weight_norm = norm(layer.weights)
    ratio = None if layer.change is None or weight_norm == 0 else norm(layer.change) / weight_norm
    saturated, dead = _saturated(layer), _dead(layer)
    verdict, reason = _verdict(layer, delta, nearest, settled, saturated, dead, ratio)
    size = np.abs(layer.grad_weights)
    return LayerHealth(
        number=number,
        activation=layer.activation.name,
        weight_norm=weight_norm,
        gradient_norm=norm(layer.grad_weights),
        mean_gradient=float(size.mean()),
        max_gradient=float(size.max()),
        bias_gradient_norm=norm(layer.grad_biases),
        delta_rms=delta,
        saturated=saturated,
        dead=dead,
        update_ratio=ratio,
        verdict=verdict,
        reason=reason,
        off=0 if layer.off is None else int(layer.off.sum()),
        held=layer.held,
    )


def _saturated(layer: LayerArrays) -> float | None:
    steepest = layer.activation.steepest
    if steepest is None or layer.slope is None or layer.is_off:
        return None
    return float((np.abs(layer.slope[:, layer.units_on]) < FLAT * steepest).mean())


def _dead(layer: LayerArrays) -> float | None:
    if not layer.activation.can_die or layer.slopes_seen is None or layer.is_off:
        return None
    return float((layer.slopes_seen[:, layer.units_on] == 0).all(axis=0).mean())


def _verdict(
    layer: LayerArrays,
    delta: float,
    nearest: float,
    settled: bool,
    saturated: float | None,
    dead: float | None,
    ratio: float | None,
) -> tuple[Verdict, str]:
    """The worst that holds."""
    if not (layer.finite and math.isfinite(delta)):
        return Verdict.NOT_FINITE, "a weight, gradient, δ or optimizer state is not finite"
    if layer.is_off:
        return Verdict.OFF, "all its units are switched off: nothing passes, forward or back"
    if delta > RATIO * nearest:
        return Verdict.EXPLODING, "rms δ is over 1000 times that of the layer nearest the output"
    if delta < nearest / RATIO:
        return Verdict.VANISHING, "rms δ is under 1/1000 of that of the layer nearest the output"
    if dead is not None and dead >= DEAD_SHARE:
        return Verdict.DEAD, f"{dead:.0%} of its units have slope 0 for every example: no gradient passes"
    if saturated is not None and saturated >= SATURATED_SHARE:
        return Verdict.SATURATED, f"{saturated:.0%} of its slopes are under a tenth of the steepest"
    if layer.held:
        return Verdict.HELD, "its weights and biases are held as they are"
    if ratio is not None and ratio > LARGE_STEP and layer.large_steps >= LARGE_STEPS:
        return Verdict.LARGE_STEP, "‖ΔW‖/‖W‖ is over 0.1 for three updates in a row"
    if ratio is not None and ratio < IDLE_STEP and not settled:
        return Verdict.IDLE, "‖ΔW‖/‖W‖ is under 1e−6 while the loss is not settled"
    if settled:
        return Verdict.SETTLED, "rms δ at the output is under 0.001: there is little left to learn"
    return Verdict.HEALTHY, "none of the other rules holds"


# The outputs differ over the examples by under this share of what would fit the targets' spread, and
# the mean gradient is under this share of the examples' own.
PLATEAU_SPREAD = 0.02
PLATEAU_CANCEL = 0.05


def plateau(output: Array, targets: Array, delta: Array) -> bool:
    """The outputs hardly differ over the examples, and the gradients of the examples cancel.

    output, targets, delta: (batch, n_L).
    """
    if len(output) < 2 or not is_finite(output):
        return False
    spread, wanted = float(output.std(axis=0).max()), float(targets.std(axis=0).max())
    alone, together = rms(delta), rms(delta.mean(axis=0))
    return wanted > 0 and spread < PLATEAU_SPREAD * wanted and together < PLATEAU_CANCEL * alone


def symmetric_layer(
    weights: Sequence[Array], biases: Sequence[Array], off: Sequence[NDArray[np.bool_]] = ()
) -> int | None:
    """The first hidden layer (from 1) of which all units are equal, in what enters and what leaves them.

    off: of each hidden layer the units that are switched off. They count nowhere: not as units of the
    layer, nor as ones that a weight comes from or goes to.
    """
    for number, (w, b) in enumerate(zip(weights[:-1], biases[:-1], strict=True), start=1):
        below, here, above = (_units_on(off, l, weights) for l in (number - 1, number, number + 1))
        # Two units tell of almost every layer that it has no symmetry, without a look at all of it.
        if len(here) < 2 or not (w[here[1], below] == w[here[0], below]).all():
            continue
        entering, bias, leaving = w[here][:, below], b[here], weights[number][above][:, here]
        if (entering == entering[0]).all() and (bias == bias[0]).all() and (leaving == leaving[:, :1]).all():
            return number
    return None


def _units_on(off: Sequence[NDArray[np.bool_]], l: int, weights: Sequence[Array]) -> Array:
    """Those of layer l (0 is the input), all of them where it has no switches."""
    units = weights[0].shape[1] if l == 0 else len(weights[l - 1])
    return np.flatnonzero(~off[l - 1]) if 0 < l <= len(off) else np.arange(units)
