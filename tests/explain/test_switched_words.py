"""A unit that is switched off and a layer that is held, in words and numbers: what is told was done."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from test_document import arguments
from worked_views import make_view, xor_view

from bptui.explain.batch import over_batch
from bptui.explain.json import step_document
from bptui.explain.layer import slopes, worst_first
from bptui.explain.lesson import FORMATS, worked_example
from bptui.explain.paths import paths_of
from bptui.explain.taken import update_line
from bptui.explain.update import UpdateView
from bptui.explain.verdicts import of_layer
from bptui.explain.weight import Place, of_chain, weight_chain
from bptui.explain.worked import Chosen, WorkedOperation, worked
from bptui.nn.activations import ACTIVATIONS
from bptui.nn.health import LayerHealth, Verdict
from bptui.nn.optimizers import OPTIMIZERS

H3 = Chosen(example=2, layer=1, unit=2, source=0)
H1 = Chosen(example=2, layer=1, unit=0, source=0)
H3_OFF = ((1, 2),)
RNG = np.random.default_rng(5)


def of_xor(number: int, chosen: Chosen = H3, **more: Any) -> WorkedOperation:
    made = worked(xor_view(number, **({"off": H3_OFF} | more)), chosen)
    assert made is not None
    return made


def chain(made: WorkedOperation) -> list[str]:
    return [*made.chain.rows(), "".join(made.chain.result_row())]


# ------------------------------------------------------------ an operation in hand


def test_the_activation_of_a_unit_that_is_off() -> None:
    made = of_xor(2)
    assert made.equation == "a⁽¹⁾ = tanh(z⁽¹⁾) ⊙ on"
    assert made.sentence.endswith("always between −1 and 1. h₃, switched off, says 0.")
    assert chain(made) == [
        "          activation    switch",
        "a₃⁽¹⁾ =    tanh(z₃)   ×  off",
        "      = tanh(−1.8294) ×   0",
        "      =    −0.9498    ×   0",
        "      =  0  → a⁽¹⁾, row 3, column 3",
    ]
    assert made.last == "h₃ is switched off: it says 0, whatever its sum is."
    assert made.curve is None


def test_beside_it_a_unit_that_is_on_is_told_as_ever() -> None:
    made, plain = of_xor(2, H1), of_xor(2, H1, off=())
    assert chain(made) == chain(plain)
    assert made.last == plain.last
    assert made.curve is not None
    assert [matrix.name for matrix in made.arrays] == ["a⁽¹⁾", "z⁽¹⁾", "on"]
    np.testing.assert_array_equal(made.arrays[-1].values, [[1.0, 1.0, 0.0, 1.0]])
    assert [matrix.name for matrix in plain.arrays] == ["a⁽¹⁾", "z⁽¹⁾"]


def test_the_error_signal_of_a_unit_that_is_off() -> None:
    made = of_xor(8)
    assert made.equation == "δ⁽¹⁾ = (W⁽²⁾ᵀ δ⁽²⁾) ⊙ tanh′(z⁽¹⁾) ⊙ on"
    assert made.sentence.endswith("times the unit's slope. h₃, switched off, gets none.")
    rows = chain(made)
    assert rows[1].endswith("×     off")
    assert rows[3].endswith("×      0")
    assert rows[4] == "      =  0  → δ⁽¹⁾, row 3 (example), column 3 (unit)"
    assert made.last == "h₃ is switched off: no blame passes, and its weights get no gradient."


@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_the_arrays_of_the_error_signal_make_the_error_signal(hidden: str) -> None:
    """δ² W² ⊙ slope, from the windows that are shown, is δ¹, off units and all."""
    points, targets = RNG.normal(size=(5, 2)), RNG.integers(0, 2, (5, 1))
    view = make_view((2, 4, 1), (hidden, "sigmoid"), points, targets, 8, off=((1, 0), (1, 2)))
    made = worked(view, H1)
    assert made is not None
    delta, above, weights, slope = (matrix.values for matrix in made.arrays)
    np.testing.assert_allclose(delta, above @ weights * slope, rtol=1e-12)
    assert not slope[:, [0, 2]].any()
    assert made.chain.result == 0


def test_the_gradient_into_and_out_of_it() -> None:
    into, out = of_xor(9), of_xor(7, Chosen(example=2, layer=2, unit=0, source=2))
    assert into.chain.result == out.chain.result == 0
    assert into.last == "h₃ is switched off: no blame passes, and its weights get no gradient."
    assert out.last == "h₃ is switched off: nothing is said about w₃."


def test_what_comes_from_it_has_no_say() -> None:
    made = of_xor(3, Chosen(example=2, layer=2, unit=0))
    assert made.last == "h₃ is switched off: w₃ has no say, and gets no gradient."


def test_over_the_batch_it_says_0() -> None:
    view = xor_view(2, off=H3_OFF)
    made = worked(view, H3)
    assert made is not None
    mean = over_batch(view, H3, made)
    assert mean.chain.result == 0
    assert mean.last == "The same for every example."


@pytest.mark.parametrize(
    ("off", "end"),
    [
        ((), "between −1 and 1."),
        (((1, 3),), "h₄, switched off, says 0."),
        (((1, 0), (1, 3)), "2 units, switched off, say 0."),
    ],
)
def test_how_many_are_off(off: tuple[tuple[int, int], ...], end: str) -> None:
    assert of_xor(2, off=off).sentence.endswith(end)


# ------------------------------------------------------------ a weight's chain


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("computed", [9, 13])
def test_the_factors_of_every_weight_make_its_products(hidden: str, computed: int) -> None:
    """Before its slope is computed too."""
    points, targets = RNG.normal(size=(6, 2)), RNG.integers(0, 2, (6, 1))
    off = ((1, 0), (2, 1))
    names = (hidden, hidden, "sigmoid")
    view = make_view((2, 3, 4, 1), names, points, targets, 0, computed=computed, off=off)
    for l, (n, m) in enumerate([(3, 2), (4, 3), (1, 4)], start=1):
        for j in range(n):
            for i in range(m + 1):
                made = weight_chain(view, Place(l, j, i), 0)
                factors = [link.values for link in made.links]
                if (l, j) in off:
                    slope = made.links[-2]
                    assert slope.form == "off"
                    assert slope.values is not None
                    assert not slope.values.any()
                if made.products is not None and all(values is not None for values in factors):
                    np.testing.assert_allclose(
                        np.prod(factors, axis=0), made.products, rtol=1e-11, atol=1e-15
                    )
                    assert made.gradient == pytest.approx(made.mean, rel=1e-11, abs=1e-15)


def test_on_its_way_to_the_loss_it_stands_as_off() -> None:
    view = xor_view(0, computed=9, off=H3_OFF)
    stations = weight_chain(view, Place(1, 2, 0), 2).path
    assert (stations[2].name, stations[2].value, stations[2].by) == ("a₃⁽¹⁾", 0.0, "off")
    assert weight_chain(view, Place(1, 0, 0), 2).path[2].by == "tanh"


def test_what_its_gradients_say() -> None:
    view = xor_view(0, computed=9, off=H3_OFF)
    into, out = (weight_chain(view, place, 2) for place in (Place(1, 2, 0), Place(2, 0, 2)))
    assert of_chain(view, into) == "h₃ is switched off: no blame passes, and its weights get no gradient."
    assert of_chain(view, out) == "h₃ is switched off: nothing is said about w₃."


def test_beside_a_penalty_the_gradient_has_its_sign_still() -> None:
    view = xor_view(0, computed=10, off=H3_OFF, l2=0.1)
    said = of_chain(view, weight_chain(view, Place(1, 2, 0), 2))
    assert said.startswith("h₃ is switched off: ")
    assert said.endswith("Negative: a larger w₃₁ would lower the loss.")


def test_a_path_over_it_carries_nothing() -> None:
    points, targets = RNG.normal(size=(4, 2)), RNG.integers(0, 2, (4, 1))
    view = make_view(
        (2, 3, 4, 1), ("tanh", "tanh", "sigmoid"), points, targets, 0, computed=13, off=((2, 1),)
    )
    found = paths_of(view, Place(1, 0, 0), 1)
    assert found is not None
    carried = {path.over: path.value for path in found.listed}
    assert carried["h²₂", "ŷ"] == 0
    assert sum(value != 0 for value in carried.values()) == 3
    assert sum(carried.values()) == pytest.approx(found.total, rel=1e-12)


# ------------------------------------------------------------ a layer closer


@pytest.mark.parametrize(("hidden", "flat"), [("tanh", 0.0), ("relu", None)])
def test_it_is_neither_flat_nor_dead(hidden: str, flat: float | None) -> None:
    points, targets = RNG.normal(size=(9, 2)), RNG.integers(0, 2, (9, 1))
    view = make_view((2, 4, 1), (hidden, "sigmoid"), points, targets, 0, computed=9, off=H3_OFF)
    found = slopes(view, 1)
    assert found is not None
    assert [unit.off for unit in found.units] == [False, False, True, False]
    assert (found.units[2].flat, found.units[2].dead) == (flat, False)
    assert not found.off[:, 2].any()
    assert worst_first(found.units)[-1] is found.units[2]


def told(verdict: Verdict, **figures: Any) -> str:
    usual: dict[str, Any] = dict.fromkeys(
        ("weight_norm", "gradient_norm", "mean_gradient", "max_gradient", "bias_gradient_norm"), 1.0
    )
    usual |= {"delta_rms": 0.2, "saturated": 0.6, "dead": 0.6, "update_ratio": 0.0}
    layer = LayerHealth(number=1, activation="relu", verdict=verdict, reason="", **(usual | figures))
    return of_layer([layer, LayerHealth(2, "sigmoid", verdict=Verdict.HEALTHY, reason="", **usual)], 1)


def test_verdicts_in_words() -> None:
    assert told(Verdict.OFF) == "all off: its units are switched off: nothing passes, forward or back"
    assert (
        told(Verdict.HELD) == "held: rms δ 0.20, the output's 0.20; its weights and biases stay as they are"
    )
    assert told(Verdict.DEAD) == "dead: 60 % of its units have slope 0 for every example"
    assert told(Verdict.DEAD, off=2) == "dead: 60 % of its units that are on have slope 0 for every example"
    assert told(Verdict.SATURATED, off=2).startswith("saturated: 60 % of the slopes of units that are on are")


# ------------------------------------------------------------ a layer that is held


def test_the_update_of_a_weight_that_is_held() -> None:
    made = of_xor(10, off=(), held=(1,))
    assert made.equation == "W ← W − η ∂L/∂W      b ← b − η ∂L/∂b (W⁽¹⁾ held)"
    assert made.sentence.endswith(" Hidden layer 1 is held, and stays as it is.")
    assert made.last == "Hidden layer 1 is held: w₃₁ stays as it is."
    assert made.chain.result == pytest.approx(-2.5139)
    assert chain(made)[1].endswith("− held")
    assert made.beside == "b⁽¹⁾ is held too"
    np.testing.assert_array_equal(made.arrays[-1].values, np.zeros((4, 2)))


def test_the_update_of_a_weight_beside_it() -> None:
    output = Chosen(example=2, layer=2, unit=0, source=0)
    made, plain = (of_xor(10, output, off=(), held=held) for held in ((1,), ()))
    assert chain(made) == chain(plain)
    assert made.last == plain.last
    assert made.beside == "and so for b⁽²⁾: 5 parameters at once"


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_no_optimizer_takes_anything_off(optimizer: str) -> None:
    view = xor_view(optimizer=optimizer, held=(1,))
    place = Place(1, 2, 0)
    assert update_line(view, weight_chain(view, place, 0)) == "w ← w = −2.5139: its layer is held"
    bias = Place(1, 2, 2)
    assert update_line(view, weight_chain(view, bias, 0)) == "b ← b = +0.6845: its layer is held"
    assert weight_chain(view, place, 0).way.endswith("hidden layer 1, held")
    made = worked(view, H3)
    assert made is not None
    assert made.last == "Hidden layer 1 is held: w₃₁ stays as it is."


@pytest.mark.parametrize(
    ("held", "end"),
    [
        ((2,), "The output is held, and stays as it is."),
        ((1, 3), "Layers 1 and 3 are held, and stay as they are."),
        ((1, 2, 3), "All layers are held, and stay as they are."),
    ],
)
def test_which_are_held(held: tuple[int, ...], end: str) -> None:
    view: UpdateView = xor_view(held=held)
    if held != (2,):
        points, targets = RNG.normal(size=(4, 2)), RNG.integers(0, 2, (4, 1))
        view = make_view((2, 3, 3, 1), ("tanh", "tanh", "sigmoid"), points, targets, held=held)
    made = worked(view, H1)
    assert made is not None
    assert made.sentence.endswith(f" {end}")


# ------------------------------------------------------------ as documents


def test_the_document_has_keys_more_where_there_is_something_to_tell() -> None:
    first, last = step_document(*arguments(xor_view(off=((1, 0), (1, 2)), held=(2,))))["layers"]
    assert first["off"] == [0, 2]
    assert "held" not in first
    assert last["held"] is True
    assert "off" not in last
    assert first["new_W"][0] == first["W"][0]
    assert last["new_W"] == last["W"]


@pytest.mark.parametrize("form", FORMATS)
def test_the_worked_example_says_it_among_the_settings(form: str) -> None:
    *_, update = arguments(xor_view(off=H3_OFF, held=(1,)))
    text = worked_example(update, "xor", 0, form)
    assert re.search(r"switched off\W+h", text)
    assert re.search(r"held still\W+hidden layer 1", text)
    *_, plain = arguments()
    assert not re.search("switched off|held still", worked_example(plain, "xor", 0, form))
