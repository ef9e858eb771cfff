"""Hidden units over the inputs, compared with their pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from frames import B1, W1, Array, frame, output, xor_output

from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.heat import colours, levels
from bptui.tui.drawing.hidden import Tiles, tiles_for
from bptui.tui.drawing.output import HIDDEN, VIEWS, draw_output, views_of
from bptui.tui.drawing.palette import DARK

THIRD = Choice(example=2)
X = np.linspace(-1, 1, 11)[:, None]


def units(raw: Array, layer: int) -> Array:
    """The hidden layer of the XOR net of the drawings."""
    assert layer == 1
    return np.tanh(raw @ W1.T + B1)


def xor(**changes: object) -> Frame:
    return frame(output=replace(xor_output(), hidden=units, **changes))


def bend() -> Frame:
    made = output(X, X, lambda raw: raw, input_names=("x",))
    hidden = replace(made, hidden=lambda raw, layer: np.concatenate([raw, -raw, 3 * raw], axis=1))
    return frame(output=hidden, sizes=(1, 3, 1), batch_rows=np.arange(4))


def drawn(made: Frame, width: int = 63, height: int = 16, choice: Choice = THIRD) -> Canvas:
    return draw_output(made, width, height, DARK, choice, what=HIDDEN)


def test_each_unit_has_a_plane_with_its_name_and_range() -> None:
    lines = drawn(xor()).lines()
    assert lines[0] == "Output · hidden units ───────────────────────────── hidden tanh"
    assert lines[1] == "▸h₁ −0.8…0.8    h₂ −1.0…1.0     h₃ −1.0…1.0     h₄ −1.0…1.0"
    assert lines[2] == "  ".join(["▀" * 14] * 4)
    assert lines[3] == "  ".join(["▀▀▀●▀▀▀▀▀▀○▀▀▀"] * 4)
    assert lines[10] == "blue a > 0 · orange a < 0 · full colour at 1.0"
    assert drawn(xor(), 90).lines()[0].endswith("─ hidden tanh: a unit a picture, at this moment")


def test_a_cell_is_what_the_unit_says_there() -> None:
    canvas = drawn(xor())
    low, high = -0.58, 1.58
    x = low + 0.5 / 14 * (high - low)
    y = low + (1 - 0.5 / 14) * (high - low)
    told = units(np.array([[x, y]]), 1)[0]
    for number, column in enumerate((0, 16, 32, 48)):
        style = canvas.strips()[2].crop(column, column + 1)._segments[0].style
        assert style is not None
        assert style.color is not None
        level = int(levels(told[number : number + 1], 1.0)[0])
        assert style.color.name == colours(DARK)[level]


def test_one_input_gives_each_unit_a_curve_from_its_least_to_its_most() -> None:
    lines = drawn(bend(), 45, 7).lines()
    assert lines[1] == "▸h₁ −1.1…1.1  h₂ −1.1…1.1   h₃ −3.3…3.3"
    first, second, third = ([row[at : at + 12].rstrip() for row in lines[2:6]] for at in (0, 14, 28))
    assert first == third == ["         ⣀⠤⠊", "      ⣀⠔⠊", "   ⡠⠔⠉", "⡠⠒⠉"]
    assert second == ["⠑⠤⣀", "   ⠑⠢⣀", "      ⠉⠢⢄", "         ⠉⠒⢄"]
    assert lines[6] == "over −1.10 … 1.10"


@pytest.mark.parametrize(
    ("units", "width", "height", "tiles"),
    [
        (4, 63, 14, Tiles(4, 1, 14, 7)),
        (8, 63, 14, Tiles(4, 2, 12, 6)),
        (1, 63, 14, Tiles(1, 1, 26, 13)),
        (64, 63, 14, Tiles(8, 4, 6, 2)),
    ],
)
def test_tiles_are_as_large_as_they_can_be(units: int, width: int, height: int, tiles: Tiles) -> None:
    assert tiles_for(units, width, height, 2) == tiles


def test_of_more_units_than_fit_those_around_the_chosen_one_are_shown() -> None:
    wide = replace(xor_output(), hidden=lambda raw, layer: np.repeat(raw[:, :1], 90, axis=1))
    text = drawn(frame(output=wide, sizes=(2, 90, 1)), choice=Choice(unit=50)).lines()
    assert "▸h₅₁" in "".join(text)
    assert text[14].startswith("… 58 more units")


def test_hidden_units_are_left_out_where_they_have_no_picture() -> None:
    assert views_of(xor()) == VIEWS[:3]
    assert HIDDEN not in views_of(frame())
    many = output(np.ones((3, 3)), np.ones((3, 1)), lambda q: q[:, :1])
    assert HIDDEN not in views_of(frame(output=replace(many, hidden=units)))
    assert HIDDEN not in views_of(frame(output=replace(xor_output(), hidden=units), sizes=(2, 1)))


def test_weights_that_are_not_finite_have_no_picture() -> None:
    assert "no picture: the weights are not finite" in "\n".join(drawn(xor(finite=False)).lines())


def test_without_colours_the_scale_names_the_glyphs() -> None:
    canvas = draw_output(xor(), 63, 16, replace(DARK, colourless=True), Choice(), what=HIDDEN)
    assert canvas.lines()[10].startswith("▓ a > 0 · = a < 0")


@pytest.mark.parametrize("width", [0, 1, 3, 8, 20, 33, 140])
@pytest.mark.parametrize("height", [0, 1, 2, 3, 5, 9, 50])
def test_no_size_is_too_small(width: int, height: int) -> None:
    for made in (xor(), bend()):
        assert len(drawn(made, width, height).lines()) == height
