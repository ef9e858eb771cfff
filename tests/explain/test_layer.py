"""A layer closer: every figure against NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from worked_views import make_view, xor_view

from bptui.explain.layer import by_decade, largest_gradients, slopes, worst_first
from bptui.explain.verdicts import of_layer
from bptui.nn.health import LayerHealth, Verdict

RNG = np.random.default_rng(7)
POINTS = RNG.normal(size=(40, 3))
TARGETS = RNG.integers(0, 2, (40, 1))


def relu_view() -> object:
    weights = [RNG.normal(size=(12, 3)), RNG.normal(size=(1, 12))]
    biases = [np.where(np.arange(12) < 2, -50.0, 0.0), np.zeros(1)]  # two units that are off for every point
    return make_view((3, 12, 1), ("relu", "sigmoid"), POINTS, TARGETS, 0, weights, biases, computed=9)


def test_values_are_counted_by_powers_of_ten() -> None:
    values = np.array([[0.0, 1.0, -9.99, 10.0], [0.1, -0.01, 0.0099, np.inf]])
    found = by_decade(values)
    assert found.counts == ((1, 1), (0, 2), (-1, 1), (-2, 1), (-3, 1))
    assert (found.smaller, found.zeros, found.not_finite) == (0, 1, 1)


def test_the_edges_of_decades_are_exact() -> None:
    edges = np.array([float(f"1e{k}") for k in range(-300, 300)])
    counts = dict(by_decade(edges, 1000).counts)
    assert set(counts.values()) == {1}
    below = dict(by_decade(np.nextafter(edges, 0), 1000).counts)
    assert min(below) == -301
    assert set(below.values()) == {1}


def test_decades_add_up_to_all_there_is() -> None:
    values = np.concatenate([10.0 ** RNG.uniform(-20, 3, 500), np.zeros(7)])
    found = by_decade(values, most=6)
    assert len(found.counts) == 6
    assert found.zeros == 7
    assert sum(n for _, n in found.counts) + found.smaller == 500
    last = found.counts[-1][0]
    assert found.smaller == int((values[values > 0] < float(f"1e{last}")).sum())


@pytest.mark.parametrize("values", [np.zeros(3), np.array([np.nan])])
def test_nothing_to_count(values: object) -> None:
    assert by_decade(values).counts == ()  # type: ignore[arg-type]


def test_the_largest_gradients_are_numpys() -> None:
    view = xor_view(0, computed=9)
    layer = view.layers[0]
    assert layer.grad_weights is not None
    assert layer.grad_biases is not None
    block = np.column_stack([layer.grad_weights, layer.grad_biases])
    found = largest_gradients(view, 1)
    assert len(found) == 10
    ordered = sorted(np.abs(block).ravel(), reverse=True)
    assert [abs(one.gradient) for one in found] == ordered[:10]
    for one in found:
        assert one.gradient == block[one.place.unit, one.place.source]
        both = np.column_stack([layer.weights, layer.biases])
        assert one.value == both[one.place.unit, one.place.source]
    assert found[0].name == "w₄₂"
    assert found[0].way == "x₂ ▸ h₄"


def test_no_gradient_no_list() -> None:
    assert largest_gradients(xor_view(5), 1) == ()


def test_flat_slopes_are_those_under_a_tenth_of_the_steepest() -> None:
    view = xor_view(0, computed=9)
    found = slopes(view, 1)
    z = view.layers[0].z
    assert z is not None
    assert found is not None
    slope = 1 - np.tanh(z) ** 2
    assert found.flat is not None
    np.testing.assert_array_equal(found.flat, slope < 0.1)
    assert [unit.flat for unit in found.units] == (slope < 0.1).mean(axis=0).tolist()
    assert not any(unit.dead for unit in found.units)


def test_a_unit_that_is_off_for_every_example_is_dead_and_leads() -> None:
    view = relu_view()
    found = slopes(view, 1)  # type: ignore[arg-type]
    z = view.layers[0].z  # type: ignore[attr-defined]
    assert found is not None
    assert found.flat is None
    np.testing.assert_array_equal(found.off, z <= 0)
    assert [unit.dead for unit in found.units] == (z <= 0).all(axis=0).tolist()
    assert {unit.unit for unit in worst_first(found.units)[:2]} == {0, 1}


def test_an_output_whose_loss_undoes_its_slope_has_none() -> None:
    assert slopes(xor_view(0, computed=9), 2) is None
    assert slopes(xor_view(0, computed=9, loss="mse"), 2) is not None


def healths(verdict: Verdict, **figures: object) -> tuple[LayerHealth, ...]:
    usual = {
        "weight_norm": 1.0,
        "gradient_norm": 1.0,
        "mean_gradient": 1.0,
        "max_gradient": 1.0,
        "bias_gradient_norm": 1.0,
        "delta_rms": 0.21,
        "saturated": None,
        "dead": None,
        "update_ratio": 0.01,
        "reason": "",
    }
    first = LayerHealth(number=1, activation="tanh", verdict=verdict, **(usual | figures))  # type: ignore[arg-type]
    last = LayerHealth(number=2, activation="sigmoid", verdict=Verdict.HEALTHY, **usual)  # type: ignore[arg-type]
    return first, last


@pytest.mark.parametrize(
    ("verdict", "figures", "told"),
    [
        (
            Verdict.VANISHING,
            {"delta_rms": 3.1e-7},
            "vanishing: rms δ 3.1e−7, under 1/1000 of the output's 0.21",
        ),
        (
            Verdict.EXPLODING,
            {"delta_rms": 430.0},
            "exploding: rms δ 4.3e2, over 1000 times the output's 0.21",
        ),
        (Verdict.DEAD, {"dead": 0.75}, "dead: 75 % of its units have slope 0 for every example"),
        (
            Verdict.SATURATED,
            {"saturated": 0.5},
            "saturated: 50 % of its slopes are under a tenth of the steepest there is",
        ),
        (
            Verdict.LARGE_STEP,
            {"update_ratio": 0.15},
            "large step: ‖ΔW‖/‖W‖ 0.15 is over 0.1, for three updates in a row",
        ),
        (
            Verdict.IDLE,
            {"update_ratio": 2e-8},
            "idle: ‖ΔW‖/‖W‖ 2.0e−8 is under 1e−6, and the loss is not settled",
        ),
        (Verdict.HEALTHY, {"delta_rms": 0.3}, "healthy: rms δ 0.30, the output's 0.21; no fault found"),
    ],
)
def test_a_verdict_has_its_rule_and_its_numbers(
    verdict: Verdict, figures: dict[str, object], told: str
) -> None:
    assert of_layer(healths(verdict, **figures), 1) == told


def test_every_verdict_has_words() -> None:
    for verdict in Verdict:
        assert of_layer(healths(verdict), 1).startswith(f"{verdict.value}: ")
