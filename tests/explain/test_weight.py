"""The chain of one weight: its column adds up to the gradient that trains, its factors to each product."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from worked_views import make_view, xor_view

from bptui.explain.paths import paths_of
from bptui.explain.update import UpdateView
from bptui.explain.weight import Place, agrees, terms_size, weight_chain

RNG = np.random.default_rng(5)
POINTS = RNG.normal(size=(7, 3))
ONE_HOT = np.eye(4)[RNG.integers(0, 4, 7)]

CASES: dict[str, dict[str, Any]] = {
    "xor": {
        "sizes": (2, 4, 1),
        "activations": ("tanh", "sigmoid"),
        "inputs": [[0, 0], [0, 1], [1, 0]],
        "targets": [[0], [1], [1]],
    },
    "softmax with cross-entropy": {
        "sizes": (3, 5, 4),
        "activations": ("relu", "softmax"),
        "targets": ONE_HOT,
    },
    "softmax with shares that do not sum to 1": {
        "sizes": (3, 5, 4),
        "activations": ("elu", "softmax"),
        "targets": ONE_HOT * 0.7,
    },
    "sigmoid with mse": {
        "sizes": (3, 4, 1),
        "activations": ("tanh", "sigmoid"),
        "targets": RNG.random((7, 1)),
        "loss": "mse",
    },
    "softmax with mse": {
        "sizes": (3, 4, 4),
        "activations": ("gelu", "softmax"),
        "targets": ONE_HOT,
        "loss": "mse",
    },
    "numbers": {
        "sizes": (3, 4, 2),
        "activations": ("softplus", "linear"),
        "targets": RNG.normal(size=(7, 2)),
        "loss": "mse",
    },
    "no hidden layer": {"sizes": (3, 1), "activations": ("sigmoid",), "targets": RNG.integers(0, 2, (7, 1))},
    "deep, with both penalties": {
        "sizes": (3, 4, 3, 4),
        "activations": ("relu", "sin", "softmax"),
        "targets": ONE_HOT,
        "l1": 0.01,
        "l2": 0.1,
    },
}


def view_of(case: str, **more: Any) -> UpdateView:
    made = {"inputs": POINTS, **CASES[case], **more}
    operations = 2 * 2 * (len(made["sizes"]) - 1) + 1 + bool(made.get("l1"))
    return make_view(**made, position=0, computed=operations)


def places(view: UpdateView) -> list[Place]:
    """Every parameter."""
    return [
        Place(layer.number, j, i)
        for layer in view.layers
        for j, i in product(range(layer.units), range(layer.weights.shape[1] + 1))
    ]


@pytest.mark.parametrize("case", CASES)
def test_the_column_adds_up_to_the_gradient_that_trains(case: str) -> None:
    view = view_of(case)
    for place in places(view):
        chain = weight_chain(view, place, 0)
        layer = view.layers[place.layer - 1]
        assert layer.grad_weights is not None
        assert layer.grad_biases is not None
        trained = np.column_stack([layer.grad_weights, layer.grad_biases])[place.unit, place.source]
        assert chain.gradient == trained
        assert chain.mean is not None
        error = abs(chain.mean + (chain.penalty or 0.0) - trained)
        assert error <= 1e-15 * terms_size(view, chain)


@pytest.mark.parametrize("case", CASES)
def test_the_factors_multiply_to_each_product(case: str) -> None:
    view = view_of(case)
    for place in places(view):
        chain = weight_chain(view, place, 0)
        multiplied = np.ones(len(view.inputs))
        for link in chain.links:
            assert link.values is not None
            multiplied *= link.values
        assert chain.products is not None
        np.testing.assert_allclose(multiplied, chain.products, rtol=1e-12, atol=1e-17)


def test_the_penalty_is_a_share_of_weights_alone() -> None:
    view = view_of("deep, with both penalties")
    w = float(view.layers[1].weights[2, 3])
    weight = weight_chain(view, Place(2, 2, 3), 0)
    assert weight.penalty == pytest.approx(0.01 * np.sign(w) + 0.1 * w, rel=1e-15)
    assert weight.penalty_form == "λ₁ sign w₃₄ + λ₂ w₃₄"
    assert weight_chain(view, Place(2, 2, 4), 0).penalty is None


def test_an_input_of_own_data_is_told_by_its_column_too() -> None:
    view = replace(xor_view(0, computed=9), input_names=("height\x1b[1m", "x2"))
    assert weight_chain(view, Place(1, 2, 0), 2).way == "from x₁ (height\\x1b[1m) to h₃ · hidden layer 1"
    assert weight_chain(view, Place(1, 2, 1), 2).way == "from x₂ to h₃ · hidden layer 1"
    assert weight_chain(view, Place(2, 0, 0), 2).way == "from h₁ to ŷ · output"


def test_xor_is_told_as_in_the_article() -> None:
    chain = weight_chain(xor_view(0, computed=9), Place(1, 2, 0), 2)
    assert (chain.name, chain.short, chain.way) == ("w₃₁⁽¹⁾", "w₃₁", "from x₁ to h₃ · hidden layer 1")
    assert [(s.by, s.name) for s in chain.path] == [
        ("", "x₁"),
        ("× w₃₁", "z₃⁽¹⁾"),
        ("tanh", "a₃⁽¹⁾"),
        ("× w₃⁽²⁾", "z⁽²⁾"),
        ("σ", "ŷ"),
        ("−ln ŷ", "ℓ"),
    ]
    assert [s.value for s in chain.path] == pytest.approx(
        [1, -1.8294, -0.9498, 1.6563, 0.8397, 0.1747], abs=1e-4
    )
    assert [(link.derivative, link.form) for link in chain.links] == [
        ("∂ℓ/∂z⁽²⁾", "ŷ − y"),
        ("∂z⁽²⁾/∂a₃", "w₃⁽²⁾"),
        ("∂a₃/∂z₃", "1 − a₃²"),
        ("∂z₃/∂w₃₁", "x₁"),
    ]


def test_a_bias_is_a_weight_from_a_unit_that_says_one() -> None:
    chain = weight_chain(xor_view(0, computed=9), Place(1, 2, 2), 0)
    assert (chain.name, chain.way) == ("b₃⁽¹⁾", "bias of h₃ · hidden layer 1")
    assert (chain.path[0].name, chain.path[1].by, chain.links[-1].form) == ("1", "× b₃", "1")
    assert chain.value == 0.6845


def test_what_is_not_computed_yet_is_none() -> None:
    chain = weight_chain(xor_view(2), Place(1, 2, 0), 2)
    assert chain.products is None
    assert chain.gradient is None
    assert [link.values is None for link in chain.links] == [True, False, False, False]
    early = weight_chain(xor_view(1), Place(1, 2, 0), 2)
    assert [link.values is None for link in early.links] == [True, False, True, False]


def test_right_after_its_update_the_numbers_are_those_before_it() -> None:
    view = xor_view()
    chain = weight_chain(view, Place(1, 2, 0), 2)
    assert chain.before == -2.5139
    assert chain.gradient is not None
    assert chain.value == pytest.approx(-2.5139 - 0.5 * chain.gradient, abs=1e-15)
    assert chain.links[1].values is not None
    assert chain.links[1].values[0] == -2.9996  # the weight above, before the update


def test_of_a_large_batch_the_six_largest_products_and_the_chosen_are_listed() -> None:
    inputs = RNG.normal(size=(32, 2))
    view = make_view((2, 3, 1), ("tanh", "sigmoid"), inputs, RNG.integers(0, 2, (32, 1)), 0, computed=9)
    chain = weight_chain(view, Place(1, 1, 1), 0)
    assert chain.products is not None
    largest = set(np.argsort(-np.abs(chain.products))[:6].tolist())
    outside = next(e for e in range(32) if e not in largest)
    assert set(chain.shown(min(largest))) == largest
    shown = chain.shown(outside)
    assert set(shown) == largest | {outside}
    left, rest = chain.rest(shown)
    assert left == 25
    assert rest + chain.products[list(shown)].sum() == pytest.approx(chain.products.sum(), rel=1e-13)


def test_a_difference_is_measured_by_what_its_method_can_tell() -> None:
    view = xor_view(0, computed=9)
    chain = weight_chain(view, Place(1, 2, 0), 0)
    size = terms_size(view, chain)
    assert agrees(view, chain, 0.9e-12 * size, exact=True)
    assert not agrees(view, chain, 1.1e-12 * size, exact=True)
    assert agrees(view, chain, 0.9e-7 * size, exact=False)
    assert not agrees(view, chain, 1.1e-7 * size + 1e-10, exact=False)


def test_a_tiny_gradient_agrees_as_far_as_the_loss_has_digits() -> None:
    small = [[[1e-9] * 3] * 4, [[1e-9] * 4]]
    biases = [[0.0] * 4, [0.0]]
    targets = RNG.integers(0, 2, (7, 1))
    view = make_view((3, 4, 1), ("tanh", "sigmoid"), POINTS, targets, 0, small, biases, computed=9)
    chain = weight_chain(view, Place(1, 0, 0), 0)
    assert terms_size(view, chain) < 1e-8
    assert agrees(view, chain, 2e-12, exact=False)
    assert not agrees(view, chain, 2e-12, exact=True)


def by_hand(view: UpdateView, place: Place, example: int) -> dict[tuple[int, ...], float]:
    """Every path over one unit of each layer above, multiplied out in plain loops."""
    above = view.layers[place.layer :]
    found = {}
    for over in product(*(range(layer.units) for layer in above)):
        value, below = 1.0, place.unit
        for layer, unit in zip(above, over, strict=True):
            value *= float(layer.weights[unit, below])
            if layer is not above[-1]:
                assert layer.slope is not None
                value *= float(layer.slope[example, unit])
            below = unit
        assert above[-1].delta is not None
        found[over] = value * float(above[-1].delta[example, below])
    return found


def test_the_paths_of_a_deep_net_are_its_largest_and_add_up() -> None:
    view = make_view((3, 4, 5, 3, 4), ("tanh", "tanh", "sigmoid", "softmax"), POINTS, ONE_HOT, 0, computed=17)
    place = Place(1, 2, 1)
    told, every = paths_of(view, place, 3), by_hand(view, place, 3)
    assert told is not None
    assert told.ways == len(every) == 60
    assert told.total == pytest.approx(sum(every.values()), rel=1e-12)
    ordered = sorted(every.items(), key=lambda item: -abs(item[1]))[:10]
    assert [path.value for path in told.listed] == pytest.approx([v for _, v in ordered], rel=1e-12)
    a, b, c = ordered[0][0]
    subs = "₁₂₃₄₅"
    assert told.listed[0].over == (f"h²{subs[a]}", f"h³{subs[b]}", f"ŷ{subs[c]}")
    assert told.rest == pytest.approx(sum(every.values()) - sum(v for _, v in ordered), abs=1e-15)
    sent = weight_chain(view, place, 3).links[0].values
    assert sent is not None
    assert told.total == pytest.approx(float(sent[3]), rel=1e-13)


@pytest.mark.parametrize("example", range(7))
def test_of_layers_wider_than_the_list_still_the_largest_are_found(example: int) -> None:
    view = make_view((3, 2, 9, 8, 4), ("tanh", "sin", "gelu", "softmax"), POINTS, ONE_HOT, 0, computed=17)
    told, every = paths_of(view, Place(1, 1, 0), example, most=3), by_hand(view, Place(1, 1, 0), example)
    assert told is not None
    ordered = sorted(every.values(), key=lambda value: -abs(value))[:3]
    assert [path.value for path in told.listed] == pytest.approx(ordered, rel=1e-12)


def test_a_softmax_that_its_loss_does_not_undo_has_a_path_over_every_output() -> None:
    view = view_of("softmax with mse")
    told = paths_of(view, Place(2, 1, 0), 4)
    assert told is not None
    assert told.ways == len(told.listed) == 4
    delta = view.layers[1].delta
    assert delta is not None
    assert sum(path.value for path in told.listed) == pytest.approx(float(delta[4, 1]), rel=1e-12)
    sizes = [abs(path.value) for path in told.listed]
    assert sizes == sorted(sizes, reverse=True)


def test_one_path_is_no_list() -> None:
    assert paths_of(xor_view(0, computed=9), Place(1, 2, 0), 2) is None
