"""A layer and an example closer, and the places a click finds."""

from __future__ import annotations

from dataclasses import replace

import fake
import frames
import numpy as np
import pytest

from bptui.nn.health import Verdict
from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.example import draw_example, seen
from bptui.tui.drawing.gradients import draw_gradients
from bptui.tui.drawing.layer import draw_layer
from bptui.tui.drawing.network import draw_network
from bptui.tui.drawing.output import draw_output
from bptui.tui.drawing.palette import DARK
from bptui.tui.drawing.weight_at import weight_at


def layer(frame: Frame, width: int = 109, height: int = 26, number: int = 1, chosen: int = 0) -> list[str]:
    return draw_layer(frame, width, height, DARK, number, chosen).lines()


def example(frame: Frame, row: int, width: int = 98, height: int = 26) -> list[str]:
    return draw_example(frame, width, height, DARK, seen(frame, row)).lines()


# A layer


def test_a_layer_closer() -> None:
    drawn = layer(fake.frame())
    assert drawn[0].startswith("Layer 1 · hidden layer 1 · tanh ━")
    assert drawn[0].endswith(" 2 inputs, 4 units")
    assert drawn[1] == "✓ healthy: rms δ 0.11, the output's 0.15; no fault found"
    text = "\n".join(drawn)
    # |∂L/∂w| of XOR's first layer: all eight between 0.001 and 0.1
    assert "    10⁻² ███" in text
    assert "Its largest gradients" in text
    assert "▸ w₄₂  x₂ ▸ h₄" in text


def test_each_unit_has_a_glyph_an_example() -> None:
    frame = fake.frame()
    z = frame.update.layers[0].z
    assert z is not None
    flat = 1 - np.tanh(z) ** 2 < 0.1
    rows = [row for row in layer(frame) if row.endswith("flat") and "%" in row]
    for unit, row in enumerate(rows):
        told = row[row.rindex(f"h{'₁₂₃₄'[unit]} ") :].split()
        assert told[1:5] == ["◐" if f else "·" for f in flat[:, unit].tolist()]
        assert told[5] == f"{round(100 * flat[:, unit].mean())}%"
    assert len(rows) == 4


def test_many_units_are_a_list_of_the_worst() -> None:
    drawn = layer(fake.frame(sizes=(64, 64, 10), batch=32))
    assert "… 54 more, none worse" in "\n".join(drawn)


def test_of_an_output_whose_loss_undoes_the_slope_that_is_said() -> None:
    assert any("no slope: the loss undoes the output's" in row for row in layer(fake.frame(), number=2))


def test_before_the_first_backward_pass() -> None:
    drawn = "\n".join(layer(fake.frame(blank=True)))
    assert drawn.count("no gradient yet") == 2
    assert "|w| by decade" in drawn


def test_a_narrow_layer_is_one_column_and_scrolls() -> None:
    canvas = draw_layer(fake.frame(), 56, 16, DARK, 1)
    assert canvas.height > 16
    titles = [row for row in canvas.lines() if row.startswith(("Its", "|"))]
    assert [title.split("  ")[0] for title in titles] == [
        "Its largest gradients",
        "Its units' slopes",
        "|∂L/∂w| by decade",
        "|w| by decade",
    ]


def test_a_click_finds_the_gradient() -> None:
    canvas = draw_layer(fake.frame(), 109, 26, DARK, 1)
    y = next(i for i, row in enumerate(canvas.lines()) if "w₃₂" in row and "▸ h₃" in row)
    first = next(i for i, row in enumerate(canvas.lines()) if "▸ w₄₂" in row)
    assert canvas.marked(4, y) == y - first
    assert canvas.marked(4, 0) is None


# An example


def test_an_example_closer() -> None:
    losses = np.array([0.0641, 0.1390, 0.1747, 0.2330])
    frame = fake.frame()
    frame = replace(frame, update=replace(frame.update, example_losses=losses))
    text = "\n".join(example(frame, 2))
    assert text.startswith("Example 3 · training part ━")
    assert "of 4\n" in text
    assert "  x₁                            1      +1.0000" in text
    assert "the batch's mean 0.1527" in text
    assert "0.8397" in text
    assert "✓ right    loss ℓ 0.1747" in text
    assert "ŷ = 0.84: class 1, and the target is 1:" in text


def test_a_wrong_example_says_so() -> None:
    frame = fake.frame()
    out = replace(frame.output, right=np.array([True, True, False, True]))
    assert "✕ wrong" in "\n".join(example(replace(frame, output=out), 2))


def test_an_example_that_is_not_in_the_batch() -> None:
    frame = replace(fake.frame(), batch_rows=np.array([3, 0]), batch_label="batch 2")
    assert seen(frame, 0).in_batch == 1
    assert seen(frame, 2).in_batch is None
    text = "\n".join(example(frame, 2))
    assert "not in this batch" in text
    assert "as fed" not in text
    assert "loss ℓ: of the batch alone" in text


def test_features_are_told_apart_from_the_inputs() -> None:
    frame = fake.frame(sizes=(3, 2, 2))
    out = replace(frame.output, raw_inputs=frame.output.raw_inputs[:, :2], input_names=("x1", "x2"))
    text = "\n".join(example(replace(frame, output=out), 1))
    assert "Its inputs" in text
    assert "As the network sees it" in text


def test_an_image_is_drawn_as_one() -> None:
    frame = fake.frame(sizes=(64, 8, 10), batch=4, image=(8, 8))
    drawn = example(frame, 1)
    assert "Its image, 8×8 pixels" in drawn[2]
    assert sum("▀" * 16 in row for row in drawn) == 8
    assert any("in the data 0" in row for row in drawn)


def test_numbers_have_an_error_in_place_of_a_verdict() -> None:
    frame = fake.frame()
    out = frames.output([[0.0, 0.0], [1.0, 2.0]], [[1.0], [2.5]], lambda raw: raw[:, :1] * 2)
    text = "\n".join(example(replace(frame, output=out), 1))
    assert "off by 0.5000" in text
    assert "right" not in text


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (36, 8), (56, 16), (76, 20), (109, 28)])
def test_every_size_can_be_drawn(size: tuple[int, int]) -> None:
    for frame in (
        fake.frame(),
        fake.frame(8),
        fake.frame(blank=True),
        fake.frame(sizes=(64, 30, 14), batch=9),
    ):
        for number in (1, 2):
            assert draw_layer(frame, *size, DARK, number).height >= size[1]
        assert draw_example(frame, *size, DARK, seen(frame, 1)).height >= size[1]


# Clicks


def test_a_click_finds_its_weight_and_its_bias() -> None:
    frame = fake.frame()
    rows = draw_network(frame, 94, 21, DARK, Choice()).lines()
    y = next(i for i, row in enumerate(rows) if "−2.5139" in row)
    x = rows[y].index("−2.5139")
    assert weight_at(frame, 94, 21, x, y) == (1, 2, 0)
    assert weight_at(frame, 94, 21, x - 2, y) == (1, 2, 0)
    assert weight_at(frame, 94, 21, x + 3, y + 2) == (1, 2, 2)
    assert weight_at(frame, 94, 21, x + 8, y) is None
    out = next(i for i, row in enumerate(rows) if "−2.9996" in row)
    assert weight_at(frame, 94, 21, rows[out].index("−2.9996"), out) == (2, 0, 2)


def test_without_stacks_there_is_no_weight_to_click() -> None:
    assert weight_at(fake.frame(sizes=(64, 64, 10)), 94, 21, 40, 10) is None


def output_canvas() -> Canvas:
    return draw_output(fake.frame(), 63, 16, DARK, Choice(example=2))


def test_a_click_finds_an_example_in_the_list_and_on_the_plane() -> None:
    canvas = output_canvas()
    rows = canvas.lines()
    y = next(i for i, row in enumerate(rows) if "0.2078" in row)
    assert canvas.marked(rows[y].index("0.2078"), y) == 3
    points = [(x, y) for y, row in enumerate(rows) for x, c in enumerate(row[:34]) if c in "●○"]
    assert sorted(n for x, y in points if (n := canvas.marked(x, y)) is not None) == [0, 1, 2, 3]


def test_a_click_finds_a_layer_and_its_row_is_marked_where_the_panel_has_the_focus() -> None:
    frame = fake.frame()
    canvas = draw_gradients(frame, 63, 11, DARK, Choice(layer=2), focused=True)
    rows = canvas.lines()
    y = next(i for i, row in enumerate(rows) if row.startswith("2▸sigmoid"))
    assert canvas.marked(5, y) == 2
    assert not any("▸" in row for row in draw_gradients(frame, 63, 11, DARK, Choice(layer=2)).lines())


# Verdicts under the table


def ill() -> Frame:
    vanished = frames.health(1, "sigmoid", Verdict.VANISHING, delta_rms=3.1e-7)
    last = frames.health(2, "sigmoid", delta_rms=0.21)
    return frames.frame(health=(vanished, last), step=9)


def test_the_chosen_layers_verdict_stands_under_the_table_with_its_numbers() -> None:
    told = "▽ 1 vanishing: rms δ 3.1e−7, under 1/1000 of the output's 0.21"
    drawn = draw_gradients(ill(), 63, 11, DARK, Choice(layer=1)).lines()
    assert drawn[-1] == told
    drawn = draw_gradients(ill(), 63, 11, DARK, Choice(layer=2)).lines()
    assert drawn[-1] == "✓ 2 healthy: rms δ 0.21; no fault found"


def test_every_layer_keeps_a_row_before_a_verdict_gets_a_second() -> None:
    long = "symmetry: all units of hidden layer 1 are equal, and their gradients keep them so"
    frame = replace(ill(), network_verdict=long)
    drawn = draw_gradients(frame, 63, 6, DARK, Choice(layer=2), focused=True).lines()
    assert [row[:9] for row in drawn[2:4]] == ["1 sigmoid", "2▸sigmoid"]
    assert drawn[4] == "✓ 2 healthy: rms δ 0.21; no fault found"
    assert drawn[5].startswith("▽ symmetry: all units of hidden layer 1")
    assert drawn[5].endswith(" …")


def test_without_the_focus_the_networks_verdict_comes_first() -> None:
    frame = replace(ill(), network_verdict="plateau: the outputs hardly differ")
    drawn = draw_gradients(frame, 63, 7, DARK, Choice(layer=1)).lines()
    assert drawn[-1] == "▽ plateau: the outputs hardly differ"
    assert not any("1/1000" in row for row in drawn)


def test_a_focused_panel_keeps_rows_for_the_verdicts() -> None:
    frame = replace(ill(), network_verdict="plateau: the outputs hardly differ")
    drawn = draw_gradients(frame, 80, 6, DARK, Choice(layer=1), focused=True).lines()
    assert drawn[-2] == "▽ 1 vanishing: rms δ 3.1e−7, under 1/1000 of the output's 0.21"
    assert drawn[-1] == "▽ plateau: the outputs hardly differ"
    assert drawn[2].startswith("1▸sigmoid")
    unfocused = draw_gradients(frame, 80, 6, DARK, Choice(layer=1)).lines()
    assert not any("plateau" in row for row in unfocused)  # all rows are the table's
