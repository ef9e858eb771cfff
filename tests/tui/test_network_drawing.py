"""The network's drawings, row by row."""

from __future__ import annotations

import re
from dataclasses import replace

import fake
import numpy as np
import pytest

from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.deep import is_deep
from bptui.tui.drawing.edges import edge_colour
from bptui.tui.drawing.network import draw_network, form_of, unit_at
from bptui.tui.drawing.palette import DARK, LIGHT

THIRD = Choice(example=2, layer=1, unit=2)
DIGITS = (64, 64, 10)
TOWER = (2, *(6,) * 9, 1)


def drawn(frame: Frame, width: int, height: int, choice: Choice = THIRD) -> Canvas:
    return draw_network(frame, width, height, DARK, choice)


def without_edges(canvas: Canvas) -> list[str]:
    """Braille away: the letters and numbers alone."""
    blank = {chr(code): " " for code in range(0x2800, 0x2900)}
    return ["".join(blank.get(c, c) for c in line).rstrip() for line in canvas.lines()]


def colours(canvas: Canvas, x: int, y: int) -> tuple[str, str]:
    """Foreground and ground of a cell."""
    at = 0
    for segment in canvas.strips()[y]:
        at += len(segment.text)
        if x < at:
            style = segment.style
            assert style is not None
            assert style.color is not None
            assert style.bgcolor is not None
            return style.color.name, style.bgcolor.name
    raise AssertionError("outside")


def test_numbers_of_an_error_signal_at_160x48() -> None:
    assert without_edges(drawn(fake.frame(8), 94, 21)) == [
        "Network ─────────────────────────────────────────────────────── 17 parameters · example 3 of 4",
        "input                     W⁽¹⁾ b⁽¹⁾  hidden tanh                   W⁽²⁾ b⁽²⁾  output sigmoid",
        "",
        "",
        "                          ₁ −0.6219  h₁ z  −0.1282",
        "                          ₂ −0.3805     a  −0.1275",
        "                          b +0.4937     δ▐ −0.1246 ▌",
        "",
        "x₁  +1.00                 ₁ +2.0680  h₂ z  +2.5422",
        "                          ₂ −1.1664     a  +0.9877                 ₁ +0.7905",
        "                          b +0.4742     δ▐ +0.0086 ▌               ₂ −2.1904  ŷ  z  +1.6564",
        "                                                                   ▸ −2.9996     a  +0.8397",
        "                          ₁ −2.5139  h₃ z  −1.8294                 ₄ +2.1118     δ  −0.1603",
        "                          ₂ −2.3473     a  −0.9498                 b −0.2530",
        "x₂      0                 b +0.6845     δ▐ +0.0471 ▌",
        "",
        "                          ₁ +0.7717  h₄ z  +0.7369",
        "                          ₂ −1.9763     a  +0.6273",
        "                          b −0.0348     δ▐ −0.2053 ▌",
        "",
        "",
    ]


def test_compact_numbers_at_100x30() -> None:
    rows = without_edges(drawn(fake.frame(8), 64, 15))
    assert rows[1] == "input           W⁽¹⁾, b  hidden tanh       W⁽²⁾, b  output"
    assert rows[4] == "                b+0.494     δ▌−0.125▐"
    assert any("▸−3.000     a +0.840" in row for row in rows)


def test_edges_end_at_their_weights() -> None:
    rows = drawn(fake.frame(), 94, 21).lines()
    assert rows[4][23:27] == "⢀⣀⠤₁"
    assert rows[8][:27] == "x₁  +1.00 ⠤⣶⡮⠥⠤⠤⠤⠤⠤⢤⠮⠤⠤⠤⠤⠤₁"


def test_what_is_not_computed_yet_is_a_point() -> None:
    rows = without_edges(drawn(fake.frame(1), 94, 21))
    assert rows[4].endswith("h₁ z▐ −0.1282 ▌")
    assert rows[5].endswith("a     ·")
    assert rows[12].startswith(" " * 26 + "▸ −2.5139  h₃ z▐ −1.8294 ▌")


def test_the_gradient_operation_shows_the_gradient_in_the_stack() -> None:
    rows = without_edges(drawn(fake.frame(7), 94, 21))
    assert "∂L/∂W⁽²⁾" in rows[1]
    assert "₁ −0.0158" in rows[9]
    assert "₁ −0.6219" in rows[4]  # the other layer keeps its weights


def in_view(what: str, frame: Frame, width: int = 94, height: int = 21) -> Canvas:
    return draw_network(frame, width, height, DARK, THIRD, what=what)


def changed(frame: Frame) -> Frame:
    """A frame whose last update was η 0.5 times the gradient."""
    layers = tuple(
        replace(
            layer,
            weights_before=layer.weights + 0.5 * layer.grad_weights,
            biases_before=layer.biases + 0.5 * layer.grad_biases,
        )
        for layer in frame.update.layers
        if layer.grad_weights is not None and layer.grad_biases is not None
    )
    return replace(frame, update=replace(frame.update, layers=layers))


def test_in_view_gradients_stand_in_every_stack_and_on_the_edges() -> None:
    canvas = in_view("gradients", fake.frame())
    rows = without_edges(canvas)
    assert rows[:2] == [
        "Network · gradients ─────────────────────────────── full colour ∂L/∂W = 0.038 · example 3 of 4",
        "input                   ∂L/∂W⁽¹⁾     hidden tanh                 ∂L/∂W⁽²⁾     output sigmoid",
    ]
    assert "₁ +8.8e−4" in rows[4]
    assert "₁ −0.0158" in rows[9]
    assert colours(canvas, 25, 4)[0] == edge_colour(DARK, 8.8e-4, 0.0383, 1.0)


def test_the_last_change_is_what_the_update_added() -> None:
    rows = without_edges(in_view("last change", changed(fake.frame())))
    assert rows[0].endswith("full colour ΔW = 0.019 · example 3 of 4")
    assert "ΔW⁽¹⁾ Δb⁽¹⁾ hidden tanh" in rows[1]
    assert "₁ +0.0079" in rows[9]


def test_a_change_that_is_not_known_is_told_and_its_stacks_are_points() -> None:
    rows = without_edges(in_view("last change", fake.frame()))
    assert rows[0].endswith("the last change is not known here · example 3 of 4")
    assert rows[4][26:].startswith("     ·")
    assert without_edges(in_view("gradients", fake.frame(blank=True)))[0].count("no gradient yet") == 1


def test_maps_show_the_gradient_with_the_scale_of_each_layer() -> None:
    rows = in_view("gradients", fake.frame(sizes=DIGITS, batch=32, image=(8, 8))).lines()
    assert rows[0].count("full colour: each layer's largest 0.5 %") == 1
    assert "∂L/∂W⁽¹⁾ full 0.0" in rows[1]
    assert any("∂L/∂W into h₃" in row for row in rows)
    blank = in_view("last change", fake.frame(sizes=DIGITS, batch=32, image=(8, 8))).lines()
    assert blank[1].index("hidden") == rows[1].index("hidden")
    assert blank[2][18] == "·"


def test_a_towers_edges_are_of_one_scale_in_a_view() -> None:
    frame = fake.frame(sizes=TOWER)
    gradients = [layer.grad_weights for layer in frame.update.layers if layer.grad_weights is not None]
    largest = max(float(abs(gradient).max()) for gradient in gradients)
    canvas = in_view("gradients", frame)
    dots = [
        (x, y) for y, row in enumerate(canvas.lines()) for x in range(4, 8) if "⠀" < row[x : x + 1] <= "⣿"
    ]
    shades = {edge_colour(DARK, float(g), largest, 0.8) for g in gradients[0].ravel().tolist()}
    assert {colours(canvas, x, y)[0] for x, y in dots} <= shades
    usual = drawn(frame, 94, 21)
    assert not {colours(usual, x, y)[0] for x, y in dots} <= shades


def test_nothing_in_hand_marks_nothing() -> None:
    text = "\n".join(without_edges(drawn(fake.frame(), 94, 21)))
    assert "▸" not in text
    assert "▐" not in text


def test_a_number_is_written_on_its_ramp_colour() -> None:
    canvas = drawn(fake.frame(), 94, 21)
    assert colours(canvas, 44, 9)[1] == DARK.ramp_pos[6]  # a of h₂, 0.99 of 1
    assert colours(canvas, 44, 4) == (DARK.text, DARK.bg)  # z is plain


@pytest.mark.parametrize(
    ("width", "height", "digits", "letters", "stacks"),
    [
        (94, 20, 7, 3, True),
        (80, 17, 7, 3, True),
        (64, 14, 6, 3, True),
        (60, 14, 6, 3, True),
        (58, 14, 7, 2, False),
    ],
)
def test_the_richest_form_that_fits(width: int, height: int, digits: int, letters: int, stacks: bool) -> None:
    form = form_of((2, 4, 1), width, height)
    assert form is not None
    assert (form.digits, form.stacks) == (digits, stacks)
    assert form.letters >= letters


@pytest.mark.parametrize(("size", "unit"), [((142, 41), 0), ((94, 20), 12), ((80, 18), 12), ((64, 13), 40)])
def test_the_chosen_unit_keeps_a_blank_before_the_next_matrix(size: tuple[int, int], unit: int) -> None:
    canvas = drawn(fake.frame(sizes=(64, 64, 10)), *size, choice=Choice(layer=1, unit=unit))
    assert any(re.search(r"▸ h[₀-₉]+ [+−][\d.]+(e−\d)?( |$)", row) for row in canvas.lines())


def test_in_the_narrowest_panel_no_word_is_cut_and_what_is_more_keeps_a_blank() -> None:
    frame = fake.frame(sizes=DIGITS, batch=32, image=(8, 8))
    lines = drawn(frame, 40, 7, Choice(layer=1, unit=0)).lines()
    assert lines[1].split()[-1] == "hidden"
    assert lines[-1].endswith("▀ … 1 more")


def test_wide_layers_are_matrices() -> None:
    frame = fake.frame(sizes=DIGITS, batch=32, image=(8, 8))
    rows = drawn(frame, 94, 21).lines()
    assert rows[1].startswith("input label 2     W⁽¹⁾ 64×64")
    assert "output softmax" in rows[1]
    assert any("2×" in row and "weights" in row for row in rows)
    assert any("weights into h₃" in row for row in rows)


def test_outputs_by_name_with_a_bar() -> None:
    frame = fake.frame(sizes=DIGITS, batch=32)
    rows = [row[-26:] for row in drawn(frame, 94, 21).lines()]
    assert any("4  0.2" in row and "██" in row for row in rows)


def test_towers_are_drawn_by_cells() -> None:
    frame = fake.frame(sizes=TOWER)
    assert is_deep(TOWER, 94, 20)
    rows = drawn(frame, 94, 21).lines()
    assert rows[1].split() == ["in", "h¹", "h²", "h³", "h⁴", "h⁵", "h⁶", "h⁷", "h⁸", "h⁹", "ŷ"]
    assert rows[-1].startswith("unit: a above, δ below")


def test_over_sixteen_layers_a_window() -> None:
    frame = fake.frame(sizes=(2, *(3,) * 24, 1))
    text = "\n".join(drawn(frame, 120, 21, Choice(0, 12, 0)).lines())
    assert "… 4" in text
    assert "h¹²" in text


def test_a_click_finds_its_unit() -> None:
    frame = fake.frame()
    rows = drawn(frame, 94, 21).lines()
    y = next(i for i, row in enumerate(rows) if "h₃" in row)
    assert unit_at(frame, 94, 21, rows[y].index("h₃"), y) == (1, 2)
    assert unit_at(frame, 94, 21, rows[y].index("h₃") + 8, y + 2) == (1, 2)
    assert unit_at(frame, 94, 21, 3, y) is None


def test_numbers_that_are_not_finite_are_accent_fills() -> None:
    frame = fake.frame()
    first = frame.update.layers[0]
    a = first.a.copy() if first.a is not None else np.zeros((4, 4))
    a[2, 0] = np.nan
    weights = first.weights.copy()
    weights[0, 0] = np.inf
    broken = replace(first, a=a, weights=weights)
    update = replace(frame.update, layers=(broken, *frame.update.layers[1:]))
    canvas = drawn(replace(frame, update=update), 94, 21)
    assert colours(canvas, 46, 5) == (DARK.ink, DARK.accent)
    assert "+inf" in canvas.lines()[4]


@pytest.mark.parametrize("sizes", [(2, 4, 1), DIGITS, TOWER, (4, 8, 3), (1, 16, 1), (300, 20, 40), (2, 1)])
@pytest.mark.parametrize("position", [0, 4])
def test_every_size_can_be_drawn(sizes: tuple[int, ...], position: int) -> None:
    frame = fake.frame(position, sizes=sizes)
    for width, height in [(0, 0), (12, 4), (38, 7), (94, 21)]:
        for palette in (LIGHT, replace(DARK, colourless=True)):
            choice = Choice(0, 1, 0)
            for what in ("weights", "gradients", "last change"):
                made = draw_network(frame, width, height, palette, choice, what=what)
                assert len(made.strips()) == height
