"""Operations worked out: the numbers of the drawings, and every operation of many networks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from worked_views import as_lines, make_view, xor_view

from bptui.explain.layout import lay_out
from bptui.explain.update import UpdateView
from bptui.explain.worked import Chosen, WorkedOperation, worked

H3 = Chosen(example=2, layer=1, unit=2, source=0)


def of_xor(number: int, chosen: Chosen = H3, **more: Any) -> WorkedOperation:
    made = worked(xor_view(number, **more), chosen)
    assert made is not None
    return made


def chain(made: WorkedOperation) -> list[str]:
    return [*made.chain.rows(), "".join(made.chain.result_row())]


@pytest.mark.parametrize(
    ("number", "title", "short"),
    [
        (
            1,
            "Operation 1 of 10 · forward · weighted sum of hidden layer 1",
            "1 of 10 · forward · weighted sum, hidden",
        ),
        (
            4,
            "Operation 4 of 10 · forward · activation of the output",
            "4 of 10 · forward · activation, output",
        ),
        (5, "Operation 5 of 10 · loss", "5 of 10 · loss"),
        (
            7,
            "Operation 7 of 10 · backward · gradient of the output layer",
            "7 of 10 · backward · gradient, output",
        ),
        (
            8,
            "Operation 8 of 10 · backward · error signal of hidden layer 1",
            "8 of 10 · backward · error signal, hidden",
        ),
        (10, "Operation 10 of 10 · update", "10 of 10 · update"),
    ],
)
def test_titles(number: int, title: str, short: str) -> None:
    made = of_xor(number)
    assert (made.title, made.short_title) == (title, short)


def test_between_steps_nothing_is_in_hand() -> None:
    assert worked(xor_view(0), H3) is None


def test_weighted_sum() -> None:
    assert chain(of_xor(1)) == [
        "            from x₁        from x₂       bias",
        "z₃⁽¹⁾ =     w₃₁ · x₁    +  w₃₂ · x₂  +    b₃",
        "      = −2.514 × +1.000 + −2.347 × 0 + +0.6845",
        "      =     −2.5139     +     0      + +0.6845",
        "      =  −1.8294  → z⁽¹⁾, row 3 (example), column 3 (unit)",
    ]


def test_loss() -> None:
    assert chain(of_xor(5)) == [
        "          example 1   example 2   example 3   example 4",
        "L = 1/4 (     ℓ₁    +     ℓ₂    +     ℓ₃    +     ℓ₄    )",
        "  = 1/4 ( −ln (1−ŷ) +   −ln ŷ   +   −ln ŷ   + −ln (1−ŷ) )",
        "  = 1/4 (  +0.0641  +  +0.1390  +  +0.1747  +  +0.2330  )",
        "  =  0.1527  → L",
    ]


def test_gradient() -> None:
    assert chain(of_xor(9)) == [
        "                example 1   example 2     example 3      example 4",
        "∂L/∂w₃₁ = 1/4 (  δ₃ · x₁  +  δ₃ · x₁  +    δ₃ · x₁    +   δ₃ · x₁    )",
        "        = 1/4 (  −0.120×0 +  +0.052×0 + +0.047×+1.000 + −6e−4×+1.000 )",
        "        = 1/4 (     0     +     0     +    +0.0471    +   −5.9e−4    )",
        "        =  +0.0116  → ∂L/∂W⁽¹⁾, row 3, column 1",
    ]


def test_update() -> None:
    assert chain(of_xor(10)) == [
        "            old          step",
        "w₃₁ new =   w₃₁   −  η · ∂L/∂w₃₁",
        "        = −2.5139 − 0.5 × +0.0116",
        "        = −2.5139 −    +0.0058",
        "        =  −2.5197  → W⁽¹⁾, row 3, column 1",
    ]


@pytest.mark.parametrize(
    ("number", "last"),
    [
        (1, "x₂ is 0 here: w₃₂ has no say in this example, and will get no gradient from it."),
        (2, "h₃ is far out on the flat: a small change of z₃ would hardly change a₃."),
        (3, "h₃ decides here: it adds +2.8489, the others together −1.1926."),
        (4, "ŷ = 0.84: class 1, and the target is 1: right, and fairly sure."),
        (5, "Example 4 costs most: 0.2330 of the sum 0.6107."),
        (6, "Negative: a larger z⁽²⁾ would lower this example's loss."),
        (7, "Positive: this weight will be lowered."),
        (8, "h₃ is nearly saturated (a = −0.95): its slope lets only 10 % of the blame through."),
        (9, "Only examples 3 and 4 have x₁ = 1: they alone speak about w₃₁."),
        (10, "The weight is lowered."),
    ],
)
def test_last_sentences(number: int, last: str) -> None:
    assert of_xor(number).last == last


def test_update_tells_what_the_gradient_promised() -> None:
    view = replace(xor_view(10), loss_after=0.149597, promised_loss=0.149584)
    made = worked(view, H3)
    assert made is not None
    expected = "The loss of this batch falls from 0.15267 to 0.14960; the gradient promised 0.14958."
    assert made.last == expected


def test_arrays_of_an_error_signal() -> None:
    assert as_lines(lay_out(of_xor(8).pieces, 94)) == [
        " δ⁽¹⁾ 4×4                    δ⁽²⁾ 4×1    W⁽²⁾ 1×4                    tanh′(z⁽¹⁾) 1 − a²",
        "⎡+0.04 −0.11 −0.12 +0.13⎤   ⎡+0.06⎤     [+0.79 −2.19 −3.00 +2.11]   ⎡+0.79 +0.81 +0.65 +1.00⎤",
        "⎢−0.10 +0.18 +0.05 −0.02⎥ = ⎢−0.13⎥   ·                           ⊙ ⎢+0.99 +0.64 +0.13 +0.07⎥",
        "⎢−0.12 +9e−3 +0.05 −0.21⎥   ⎢−0.16⎥                                 ⎢+0.98 +0.02 +0.10 +0.61⎥",
        "⎣+0.13 −0.10 −6e−4 +0.13⎦   ⎣+0.21⎦                                 ⎣+0.78 +0.23 +9e−4 +0.29⎦",
    ]


def test_a_bias_stands_under_few_inputs() -> None:
    lines = list(as_lines(lay_out(of_xor(1).pieces, 94)))
    assert lines[3].endswith("b⁽¹⁾ 1×4")
    assert lines[4].endswith("⎦ + [+0.49 +0.47 +0.68 −0.03]")


def digits(position: int | None = None, **more: Any) -> UpdateView:
    rng = np.random.default_rng(1)
    inputs, targets = rng.random((32, 64)), np.eye(10)[rng.integers(0, 10, 32)]
    classes = tuple("0123456789")
    return make_view((64, 64, 10), ("tanh", "softmax"), inputs, targets, position, classes=classes, **more)


def test_long_sums_show_the_three_largest_and_the_rest() -> None:
    view, chosen = digits(1), Chosen(4, 1, 12, 26)
    made = worked(view, chosen)
    assert made is not None
    factors = made.chain.factors
    terms = view.layers[0].weights[12] * view.inputs[4]
    largest = sorted(np.argsort(np.abs(terms))[-3:] + 1)
    assert [f.caption for f in factors[3:]] == ["61 more", "bias"]
    assert [f.caption for f in factors[:3]] == ["from x" + _subscript(i) for i in largest]
    shown = sum(float(f.value.replace("−", "-")) for f in factors)
    assert shown == pytest.approx(float(view.layers[0].z[4, 12]), abs=2e-3)  # type: ignore[index]
    assert made.last.startswith("The three largest terms make ")


def _subscript(n: int) -> str:
    return str(n).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))


def test_large_arrays_are_windows_around_the_choice() -> None:
    made = worked(digits(1), Chosen(4, 1, 12, 26))
    assert made is not None
    layout = lay_out(made.pieces, 94)
    written = layout.placed[0]
    assert (written.rows, written.columns) == (range(3, 7), range(11, 15))
    assert written.edges(0) == ("⋮", "…")
    assert written.edges(1) == ("…", "…")
    assert not layout.whole
    assert layout.width <= 94


def test_all_operations_fit_their_width() -> None:
    view = digits()
    for index in range(len(view.operations)):
        for width in (60, 80, 94):
            made = worked(view, Chosen(4, 1, 12, 26), index, width)
            assert made is not None
            assert made.chain.width <= width + 20
            if width == 94:
                assert made.chain.width <= 94
                assert len(made.sentence) <= 94


NETS: dict[str, dict[str, Any]] = {
    "no hidden layer": {"sizes": (2, 1), "activations": ("sigmoid",)},
    "softmax, mse": {"sizes": (2, 3, 3), "activations": ("relu", "softmax"), "loss": "mse"},
    "sigmoid, mse": {"sizes": (2, 3, 1), "activations": ("leaky_relu", "sigmoid"), "loss": "mse"},
    "linear, deep": {
        "sizes": (1, 3, 2, 2),
        "activations": ("elu", "gelu", "linear"),
        "loss": "mse",
        "optimizer": "adam",
        "l1": 0.001,
        "l2": 0.01,
    },
    "many yes or no": {"sizes": (3, 2, 3), "activations": ("softplus", "sigmoid"), "optimizer": "momentum"},
    "one unit each": {"sizes": (1, 1, 1), "activations": ("sin", "sigmoid"), "l2": 0.1},
    "linear hidden": {"sizes": (2, 2, 2), "activations": ("linear", "softmax"), "optimizer": "adamw"},
}


def any_view(name: str, batch: int = 3, **more: Any) -> UpdateView:
    net = NETS[name]
    rng = np.random.default_rng(5)
    k = net["sizes"][-1]
    targets = np.eye(k)[rng.integers(0, k, batch)] if k > 1 else rng.integers(0, 2, (batch, 1)).astype(float)
    return make_view(inputs=rng.normal(size=(batch, net["sizes"][0])), targets=targets, **{**net, **more})


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("batch", [1, 3])
def test_every_operation_adds_up(name: str, batch: int) -> None:
    """The element's result is the number of the array that the equation says it is."""
    view = any_view(name, batch)
    for index, operation in enumerate(view.operations):
        for chosen in (Chosen(), Chosen(99, 99, 99, 99), Chosen(1, 2, 1, 1)):
            made = worked(view, chosen, index)
            assert made is not None
            assert made.sentence
            assert made.last
            assert "-" not in "".join(made.chain.rows())
            written = made.arrays[0]
            assert written.written
            if operation.layer is not None:
                expected = written.values[written.row, written.column]
                assert made.chain.result == pytest.approx(float(expected))
            for factor in made.chain.factors:
                assert "nan" not in factor.value


@pytest.mark.parametrize("name", NETS)
def test_a_step_that_broke_can_be_drawn(name: str) -> None:
    view = any_view(name)
    broken = tuple(
        replace(
            layer,
            z=np.full_like(layer.z, np.inf),
            a=np.full_like(layer.a, np.nan),
            delta=np.full_like(layer.delta, np.nan),
            weights=np.full_like(layer.weights, 1e300),
        )
        for layer in view.layers
    )
    view = replace(view, layers=broken, loss=float("nan"), example_losses=np.full(3, np.inf))
    for index in range(len(view.operations)):
        made = worked(view, Chosen(), index)
        assert made is not None
        list(as_lines(lay_out(made.pieces, 94)))


def test_penalty_is_apart_from_the_data() -> None:
    view = any_view("one unit each")
    numbers = [op.kind.name for op in view.operations]
    gradient, penalty = numbers.index("GRADIENT"), numbers.index("PENALTY")
    data = worked(view, Chosen(layer=2), gradient)
    both = worked(view, Chosen(layer=2), penalty)
    assert data is not None
    assert both is not None
    layer = view.layers[1]
    assert both.chain.result == pytest.approx(float(layer.grad_weights[0, 0]))  # type: ignore[index]
    weight = float(layer.old_weights[0, 0])  # type: ignore[index]
    assert both.chain.result - data.chain.result == pytest.approx(0.1 * weight)


def test_a_relu_that_is_off() -> None:
    weights = [[[-1.0, -1.0]], [[1.0]]]
    view = make_view((2, 1, 1), ("relu", "sigmoid"), [[1, 1], [1, 2]], [[0], [1]], 8, weights, [[0.0], [0.0]])
    made = worked(view, Chosen(0, 1, 0, 0))
    assert made is not None
    assert made.last == "h₁ is off (z ≤ 0): no gradient passes."


def test_twins() -> None:
    weights = [[[1.0], [1.0]], [[0.5, 0.2]]]
    view = make_view((1, 2, 1), ("tanh", "sigmoid"), [[1], [2]], [[0], [1]], 3, weights, [[0.0, 0.0], [0.0]])
    made = worked(view, Chosen(0, 2, 0, 0))
    assert made is not None
    assert made.last == "All 2 are equal: the units of hidden layer 1 are twins (symmetry)."


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw", "adagrad"])
def test_every_optimizer_has_words_and_a_true_step(optimizer: str) -> None:
    view = xor_view(10, optimizer=optimizer)
    made = worked(view, H3)
    assert made is not None
    assert made.sentence.endswith(".")
    step = float(made.chain.factors[1].value.replace("−", "-"))
    old = float(view.layers[0].old_weights[2, 0])  # type: ignore[index]
    assert old - step == pytest.approx(made.chain.result, rel=1e-3)
