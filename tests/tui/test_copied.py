"""What is copied of each panel: tab-separated text that gives the numbers back."""

from __future__ import annotations

from dataclasses import replace

import fake
import frames
import numpy as np
from test_network_drawing import DIGITS

from bptui.explain.paths import paths_of
from bptui.explain.tsv import matrix, paths_table, table, weight_table
from bptui.explain.weight import Place, weight_chain
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.copied import gradients, incoming, operation, output

THIRD = Choice(example=2, layer=1, unit=2)


def cells(text: str) -> list[list[str]]:
    return [line.split("\t") for line in text.splitlines()]


def test_of_the_network_the_weights_into_the_chosen_unit() -> None:
    frame = fake.frame()
    rows = cells(incoming(frame, THIRD))
    assert rows[0] == ["into h₃ from", "parameter", "value", "gradient"]
    assert [row[:3] for row in rows[1:]] == [
        ["x1", "w₃₁", "-2.5139"],
        ["x2", "w₃₂", "-2.3473"],
        ["1", "b₃", "0.6845"],
    ]
    layer = frame.update.layers[0]
    assert layer.grad_weights is not None
    assert float(rows[1][3]) == layer.grad_weights[2, 0]
    assert cells(incoming(fake.frame(3), THIRD))[1][3] == ""  # not computed yet


def test_of_the_operation_in_hand_the_array_it_wrote() -> None:
    rows = cells(operation(fake.frame(8), THIRD))
    assert rows[0] == ["", "δ⁽¹⁾ 1", "δ⁽¹⁾ 2", "δ⁽¹⁾ 3", "δ⁽¹⁾ 4"]
    assert [row[0] for row in rows[1:]] == [f"example {n}" for n in (1, 2, 3, 4)]
    delta = fake.frame(8).update.layers[0].delta
    assert delta is not None
    np.testing.assert_array_equal(np.array([row[1:] for row in rows[1:]], float), delta)


def test_between_steps_the_table_of_operations() -> None:
    rows = cells(operation(fake.frame(), THIRD))
    assert len(rows) == 11
    assert rows[1][:4] == ["1", "weighted sum", "z⁽¹⁾ = W⁽¹⁾ a⁽⁰⁾ + b⁽¹⁾", "z¹"]
    z = fake.frame().update.layers[0].z
    assert z is not None
    assert np.isclose(float(rows[1][4]), np.sqrt((z**2).mean()), rtol=1e-14)


def test_of_the_gradients_a_row_a_layer() -> None:
    rows = cells(gradients(fake.frame()))
    assert rows[0][:4] == ["layer", "activation", "‖W‖", "‖∂L/∂W‖"]
    assert float(rows[1][3]) == fake.frame().health[0].gradient_norm
    assert rows[2][8] == ""  # saturation means nothing at the output
    assert gradients(frames.frame()) == ""


def test_of_the_output_the_examples() -> None:
    rows = cells(output(fake.frame()))
    assert rows[0] == ["example", "x1", "x2", "y y1", "ŷ y1", "right"]
    answers = fake.frame().output.predictions
    assert [float(row[4]) for row in rows[1:]] == answers[:, 0].tolist()


def test_of_many_classes_who_is_taken_for_whom() -> None:
    frame = fake.frame(sizes=DIGITS, batch=32)
    rows = cells(output(frame))
    assert rows[0] == ["is \\ says", *map(str, range(10))]
    counts = np.array([row[1:] for row in rows[1:]], int)
    assert counts.sum() == 32
    says = frame.output.predictions.argmax(1)
    assert counts.sum(0).tolist() == [int((says == k).sum()) for k in range(10)]


def test_of_a_weight_every_example_the_mean_and_the_penalty() -> None:
    view = replace(fake.frame().update, l2=0.1)
    chain = weight_chain(view, Place(1, 2, 0), 2)
    rows = cells(weight_table(view, chain))
    assert rows[0] == [
        "example",
        "x1",
        "x2",
        "∂ℓ/∂z⁽²⁾ = ŷ − y",
        "∂z⁽²⁾/∂a₃ = w₃⁽²⁾",
        "∂a₃/∂z₃ = 1 − a₃²",
        "∂z₃/∂w₃₁ = x₁",
        "∂ℓ/∂w₃₁",
    ]
    products = [float(row[-1]) for row in rows[1:5]]
    assert chain.products is not None
    assert products == chain.products.tolist()
    assert float(rows[5][-1]) == chain.mean
    assert rows[6][0] == "penalty λ₂ w₃₁"
    assert all(len(row) == 8 for row in rows)


def test_of_the_paths_all_that_are_listed_and_the_sum() -> None:
    view = fake.frame(sizes=(2, 3, 4, 4)).update
    paths = paths_of(view, Place(1, 1, 0), 0, most=5)
    assert paths is not None
    rows = cells(paths_table(paths))
    assert [row[0] for row in rows[-2:]] == ["11 more", "sum"]
    assert np.isclose(sum(float(row[1]) for row in rows[1:-1]), float(rows[-1][1]), rtol=1e-12)


def test_foreign_names_break_no_table() -> None:
    assert cells(table(["a\tb\nc"], [["\x1b[31m"]])) == [["a\\x09b\\x0ac"], ["\\x1b[31m"]]
    assert matrix(np.array([[1.5, -0.0]]), ["p", "q"]) == "p\tq\n1.5\t-0.0"
