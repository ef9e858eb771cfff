"""Health: each verdict by a small example, the order of the worst, norms that neither overflow nor vanish."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from bptui.nn.activations import OUTPUTS
from bptui.nn.health import (
    LayerArrays,
    LayerHealth,
    Verdict,
    assess,
    norm,
    plateau,
    rms,
    symmetric_layer,
)


def layer(activation: str = "tanh", **given: object) -> LayerArrays:
    """Two units, two inputs, four examples; healthy."""
    return replace(
        LayerArrays(
            activation=OUTPUTS[activation],
            weights=np.array([[3.0, 0.0], [0.0, 4.0]]),
            grad_weights=np.array([[1.0, -2.0], [2.0, 4.0]]),
            grad_biases=np.array([3.0, -4.0]),
            delta=np.full((4, 2), 0.1),
            slope=np.full((4, 2), 0.5),
            slopes_seen=np.ones((4, 2)),
            change=np.full((2, 2), 0.01),
            large_steps=0,
            finite=True,
        ),
        **given,
    )


def verdict(*layers: LayerArrays, settled_loss: bool = False) -> Verdict:
    return assess(layers, settled_loss)[0].verdict


OUTPUT = layer("sigmoid")


def test_figures() -> None:
    found = assess([layer(), OUTPUT])[0]
    assert found == LayerHealth(
        number=1,
        activation="tanh",
        weight_norm=5.0,
        gradient_norm=5.0,
        mean_gradient=9 / 4,
        max_gradient=4.0,
        bias_gradient_norm=5.0,
        delta_rms=pytest.approx(0.1),
        saturated=0.0,
        dead=None,
        update_ratio=pytest.approx(0.02 / 5),
        verdict=Verdict.HEALTHY,
        reason="none of the other rules holds",
    )


def test_not_finite() -> None:
    assert verdict(layer(finite=False), OUTPUT) is Verdict.NOT_FINITE
    assert verdict(layer(delta=np.full((4, 2), np.nan)), OUTPUT) is Verdict.NOT_FINITE
    assert verdict(layer(delta=np.full((4, 2), np.inf)), OUTPUT) is Verdict.NOT_FINITE


def test_exploding_over_1000_times_the_outputs() -> None:
    assert verdict(layer(delta=np.full((4, 2), 101.0)), OUTPUT) is Verdict.EXPLODING
    assert verdict(layer(delta=np.full((4, 2), 99.0)), OUTPUT) is Verdict.HEALTHY


def test_vanishing_under_a_thousandth_of_the_outputs() -> None:
    assert verdict(layer(delta=np.full((4, 2), 0.99e-4)), OUTPUT) is Verdict.VANISHING
    assert verdict(layer(delta=np.full((4, 2), 1.01e-4)), OUTPUT) is Verdict.HEALTHY
    assert verdict(layer(delta=np.zeros((4, 2))), OUTPUT) is Verdict.VANISHING


def test_dead_where_half_of_the_units_have_slope_0_for_every_example() -> None:
    seen = np.ones((4, 2))
    seen[:, 0] = 0.0
    assert assess([layer("relu", slopes_seen=seen), OUTPUT])[0].dead == 0.5
    assert verdict(layer("relu", slopes_seen=seen), OUTPUT) is Verdict.DEAD
    seen[3, 0] = 1.0
    assert verdict(layer("relu", slopes_seen=seen), OUTPUT) is Verdict.HEALTHY


@pytest.mark.parametrize("activation", ["tanh", "leaky_relu", "elu", "sigmoid"])
def test_what_has_a_slope_everywhere_cannot_die(activation: str) -> None:
    assert assess([layer(activation, slopes_seen=np.zeros((4, 2))), OUTPUT])[0].dead is None


@pytest.mark.parametrize(("activation", "steepest"), [("sigmoid", 0.25), ("tanh", 1.0)])
def test_saturated_where_half_of_the_slopes_are_under_a_tenth_of_the_steepest(
    activation: str, steepest: float
) -> None:
    slope = np.full((4, 2), 0.101 * steepest)
    slope[:, 0] = 0.099 * steepest
    assert assess([layer(activation, slope=slope), OUTPUT])[0].saturated == 0.5
    assert verdict(layer(activation, slope=slope), OUTPUT) is Verdict.SATURATED
    slope[0, 0] = steepest
    assert verdict(layer(activation, slope=slope), OUTPUT) is Verdict.HEALTHY


@pytest.mark.parametrize("activation", ["relu", "linear", "softplus", "sin", "softmax"])
def test_no_saturation_where_the_slope_has_no_bound_or_no_flat_part(activation: str) -> None:
    assert assess([layer(activation, slope=np.zeros((4, 2))), OUTPUT])[0].saturated is None


def test_no_saturation_where_the_loss_undoes_it() -> None:
    assert assess([layer("sigmoid", slope=None)])[0].saturated is None


def test_large_step_after_three_in_a_row() -> None:
    change = np.full((2, 2), 0.26)
    assert verdict(layer(change=change, large_steps=2), OUTPUT) is Verdict.HEALTHY
    assert verdict(layer(change=change, large_steps=3), OUTPUT) is Verdict.LARGE_STEP


def test_idle_while_there_is_something_to_learn() -> None:
    change = np.full((2, 2), 1e-6)
    assert verdict(layer(change=change), OUTPUT) is Verdict.IDLE
    assert verdict(layer(change=change), OUTPUT, settled_loss=True) is Verdict.SETTLED


def test_settled_where_the_outputs_delta_is_small() -> None:
    little = np.full((4, 2), 0.9e-3)
    assert verdict(layer(delta=little), layer("sigmoid", delta=little)) is Verdict.SETTLED
    assert verdict(layer(delta=little), layer("sigmoid", delta=little / 0.8)) is Verdict.HEALTHY


def test_no_ratio_without_weights_or_an_update() -> None:
    assert assess([layer(weights=np.zeros((2, 2))), OUTPUT])[0].update_ratio is None
    assert assess([layer(change=None), OUTPUT])[0].update_ratio is None


def test_the_worst_that_holds_is_told() -> None:
    """All at once; each taken away shows the next."""
    ill = layer(
        "sigmoid",
        finite=False,
        delta=np.full((4, 2), 1e-9),
        slope=np.zeros((4, 2)),
        change=np.full((2, 2), 10.0),
        large_steps=3,
    )
    assert verdict(ill, OUTPUT) is Verdict.NOT_FINITE
    ill = replace(ill, finite=True)
    assert verdict(ill, OUTPUT) is Verdict.VANISHING
    ill = replace(ill, delta=np.full((4, 2), 0.1))
    assert verdict(ill, OUTPUT) is Verdict.SATURATED
    ill = replace(ill, slope=np.full((4, 2), 0.2))
    assert verdict(ill, OUTPUT) is Verdict.LARGE_STEP
    assert verdict(replace(ill, large_steps=0), OUTPUT) is Verdict.HEALTHY


def test_dead_goes_before_saturated_and_after_vanishing() -> None:
    dead = layer("relu", slopes_seen=np.zeros((4, 2)), delta=np.zeros((4, 2)))
    assert verdict(dead, OUTPUT) is Verdict.VANISHING
    assert verdict(replace(dead, delta=np.full((4, 2), 0.1)), OUTPUT) is Verdict.DEAD


ONE_OFF = np.array([True, False])


def test_a_unit_that_is_off_is_not_dead_and_says_nothing_of_the_others() -> None:
    """The one unit that is off has slope 0 everywhere; of those that are on none, then all are dead."""
    seen = np.array([[0.0, 1.0], [0.0, 0.0]])
    found = assess([layer("relu", slopes_seen=seen, off=ONE_OFF), OUTPUT])[0]
    assert (found.dead, found.off, found.verdict) == (0.0, 1, Verdict.HEALTHY)
    seen[0, 1] = 0.0
    found = assess([layer("relu", slopes_seen=seen, off=ONE_OFF), OUTPUT])[0]
    assert (found.dead, found.verdict) == (1.0, Verdict.DEAD)


def test_a_unit_that_is_off_is_not_saturated_and_says_nothing_of_the_others() -> None:
    slope = np.array([[0.0, 1.0], [0.0, 1.0], [0.0, 1.0], [0.0, 0.01]])
    found = assess([layer(slope=slope, off=ONE_OFF), OUTPUT])[0]
    assert (found.saturated, found.verdict) == (0.25, Verdict.HEALTHY)
    slope[2, 1] = 0.01
    assert verdict(layer(slope=slope, off=ONE_OFF), OUTPUT) is Verdict.SATURATED


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_a_layer_of_which_all_units_are_off_is_told_as_such(activation: str) -> None:
    zeros = np.zeros((4, 2))
    silent = layer(activation, slope=zeros, slopes_seen=zeros, delta=zeros, off=np.array([True, True]))
    found = assess([silent, OUTPUT])[0]
    assert found.verdict is Verdict.OFF
    assert (found.saturated, found.dead, found.delta_rms) == (None, None, 0.0)
    assert verdict(replace(silent, finite=False), OUTPUT) is Verdict.NOT_FINITE


def test_a_layer_that_is_held_is_not_idle() -> None:
    still = layer(change=np.zeros((2, 2)), held=True)
    assert verdict(still, OUTPUT) is Verdict.HELD
    assert assess([still, OUTPUT])[0].held
    assert verdict(replace(still, held=False), OUTPUT) is Verdict.IDLE
    assert verdict(replace(still, change=np.full((2, 2), 10.0), large_steps=3), OUTPUT) is Verdict.HELD
    assert verdict(replace(still, delta=np.full((4, 2), 1e-9)), OUTPUT) is Verdict.VANISHING


def test_words_and_glyphs() -> None:
    assert [v.value for v in Verdict] == [
        "not finite",
        "all off",
        "exploding",
        "vanishing",
        "dead",
        "saturated",
        "large step",
        "idle",
        "held",
        "healthy",
        "settled",
    ]
    assert "".join(v.glyph for v in Verdict) == "✕⊘△▽∅◐⇈□‖✓✓"


@pytest.mark.parametrize("size", [1.0, 1e154, 1e300, 1e-154, 1e-300])
def test_norms_by_scaling(size: float) -> None:
    assert norm(np.array([3.0, -4.0]) * size) == pytest.approx(5.0 * size, rel=1e-15)
    assert rms(np.full((5, 7), size)) == pytest.approx(size, rel=1e-15)


def test_norms_at_the_ends() -> None:
    assert norm(np.zeros(3)) == 0.0
    assert norm(np.empty(0)) == rms(np.empty(0)) == 0.0
    assert norm(np.array([1.0, math.inf])) == math.inf
    assert math.isnan(norm(np.array([1.0, math.nan])))
    assert norm(np.full(4, 1e30, np.float32)) == pytest.approx(2e30, rel=1e-6)


def test_exploding_at_1e154_is_told_as_such() -> None:
    found = assess([layer(delta=np.full((4, 2), 1e154)), OUTPUT])[0]
    assert found.verdict is Verdict.EXPLODING
    assert found.delta_rms == pytest.approx(1e154)


def test_plateau() -> None:
    targets = np.array([[0.0], [1.0], [0.0], [1.0]])
    flat, apart = np.array([[0.5], [0.501], [0.5], [0.5]]), np.array([[0.3], [0.7], [0.3], [0.7]])
    assert plateau(flat, targets, flat - targets)
    assert not plateau(apart, targets, apart - targets)
    low = np.full((4, 1), 0.2)  # alike, but all are drawn upwards: nothing cancels
    assert not plateau(low, targets, low - targets)
    assert not plateau(flat, np.full((4, 1), 0.5), flat - 0.5)
    assert not plateau(flat[:1], targets[:1], flat[:1])
    assert not plateau(np.full((4, 1), np.nan), targets, flat)


def test_symmetry() -> None:
    equal, other = np.ones((3, 2)), np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 2.0]])
    out, zeros = np.full((1, 3), 0.5), np.zeros(3)
    assert symmetric_layer([equal, out], [zeros, np.zeros(1)]) == 1
    assert symmetric_layer([other, out], [zeros, np.zeros(1)]) is None
    assert symmetric_layer([equal, np.array([[0.5, 0.5, 0.4]])], [zeros, np.zeros(1)]) is None
    assert symmetric_layer([equal, out], [np.array([0.0, 0.0, 0.1]), np.zeros(1)]) is None
    assert symmetric_layer([np.ones((1, 2)), np.ones((1, 1))], [np.zeros(1), np.zeros(1)]) is None
    assert symmetric_layer([np.ones((1, 2))], [np.zeros(1)]) is None


def test_symmetry_of_the_units_that_are_on() -> None:
    """The third unit is another; where it is off, the first two are twins, whatever leads to it or away."""
    entering, out = np.array([[1.0, 1.0], [1.0, 1.0], [1.0, 2.0]]), np.array([[0.5, 0.5, 0.4]])
    weights, biases = [entering, out], [np.array([0.1, 0.1, 0.3]), np.zeros(1)]
    assert symmetric_layer(weights, biases, [np.zeros(3, bool)]) is None
    assert symmetric_layer(weights, biases, [np.array([False, False, True])]) == 1
    assert symmetric_layer(weights, biases, [np.array([False, True, False])]) is None
    assert symmetric_layer(weights, biases, [np.array([False, True, True])]) is None


def test_weights_from_and_to_a_unit_that_is_off_are_nothing_to_symmetry() -> None:
    """Of the second layer's two units, which are equal but in what comes from the first layer's last."""
    first = np.array([[1.0, 0.0], [0.0, 1.0]])
    second, third = np.array([[1.0, 2.0], [1.0, 3.0]]), np.array([[1.0, 1.0], [4.0, 5.0]])
    weights = [first, second, third, np.ones((1, 2))]
    biases = [np.zeros(2), np.zeros(2), np.array([0.0, 1.0]), np.zeros(1)]
    on, last = np.zeros(2, bool), np.array([False, True])
    assert symmetric_layer(weights, biases, [on, on, on]) is None
    assert symmetric_layer(weights, biases, [last, on, on]) is None
    assert symmetric_layer(weights, biases, [last, on, last]) == 2
