"""A unit that is switched off and a layer that is held, as they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import fake
import frames
import numpy as np
import pytest
from test_network_drawing import TOWER, colours, without_edges

from bptui.nn.health import Verdict
from bptui.session.frame import Frame, Promise
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.console import plain
from bptui.tui.drawing.gradients import draw_gradients
from bptui.tui.drawing.layer import draw_layer
from bptui.tui.drawing.network import draw_network
from bptui.tui.drawing.operation import draw_operation
from bptui.tui.drawing.palette import DARK
from bptui.tui.drawing.parameters import passing

FIRST = Choice(example=2, layer=1, unit=0)


def switched(frame: Frame, off: Sequence[tuple[int, int]] = (), held: Sequence[int] = ()) -> Frame:
    """The same with these units (layer from 1, unit from 0) off and these layers held."""
    layers = []
    for layer in frame.update.layers:
        mask = np.array([(layer.number, unit) in off for unit in range(layer.units)])
        silenced = {}
        for name in ("a", "slope", "delta"):
            array = getattr(layer, name)
            silenced[name] = None if array is None else np.where(mask, 0.0, array)
        layers.append(replace(layer, off=mask if mask.any() else None, held=layer.number in held, **silenced))
    return replace(frame, update=replace(frame.update, layers=tuple(layers)))


def drawn(frame: Frame, width: int, height: int) -> Canvas:
    return draw_network(frame, width, height, DARK, FIRST)


# ------------------------------------------------------------ a unit that is off


def test_it_has_a_sign_under_its_name_and_keeps_its_weights() -> None:
    rows = without_edges(drawn(switched(fake.frame(), [(1, 2)]), 94, 21))
    at = next(number for number, row in enumerate(rows) if "h₃ z" in row)
    assert "₁ −2.5139  h₃ z  −1.8294" in rows[at]
    assert "₂ −2.3473  ⊘  a        0" in rows[at + 1]
    assert "b +0.6845     δ        0" in rows[at + 2]
    assert sum("⊘" in row for row in rows) == 1


def test_where_there_is_a_row_a_unit_the_sign_stands_behind_the_name() -> None:
    canvas = drawn(switched(fake.frame(), [(1, 2)]), 48, 6)
    assert any("h₃⊘a" in row for row in canvas.lines())


def test_its_name_is_dim() -> None:
    canvas = drawn(switched(fake.frame(), [(1, 2)]), 94, 21)
    rows = without_edges(canvas)
    y = next(number for number, row in enumerate(rows) if "h₃ z" in row)
    assert colours(canvas, rows[y].index("h₃"), y)[0] == DARK.dim
    y = next(number for number, row in enumerate(rows) if "h₂ z" in row)
    assert colours(canvas, rows[y].index("h₂"), y)[0] == DARK.bright


def test_no_edge_into_or_out_of_it_is_lit() -> None:
    layers = switched(fake.frame(), [(1, 2)]).update.layers
    into, out = (passing(layers, l, layers[l - 1].weights) for l in (1, 2))
    np.testing.assert_array_equal(into[2], [0.0, 0.0])
    np.testing.assert_array_equal(into[[0, 1, 3]], layers[0].weights[[0, 1, 3]])
    np.testing.assert_array_equal(out, [[0.7905, -2.1904, 0.0, 2.1118]])
    plain_layers = fake.frame().update.layers
    assert passing(plain_layers, 1, plain_layers[0].weights) is plain_layers[0].weights


def test_its_edges_are_faint_in_the_graph() -> None:
    """x₂ reaches the last unit in the last cell before its stack."""
    for off, lit in (((), True), ([(1, 3)], False)):
        canvas = drawn(switched(fake.frame(), off), 94, 21)
        rows = canvas.lines()
        y = next(number for number, row in enumerate(rows) if "₂ −1.9763" in row)
        x = rows[y].index("₂ −1.9763") - 1
        assert (colours(canvas, x, y)[0] != DARK.faint) == lit


def test_in_a_tower_it_is_a_sign_in_its_cell() -> None:
    tower = fake.frame(sizes=TOWER)
    rows = drawn(switched(tower, [(3, 1), (5, 5)]), 94, 21).lines()
    assert sum(row.count("⊘") for row in rows) == 2
    assert sum(row.count("⊘") for row in drawn(tower, 94, 21).lines()) == 0


def test_among_many_it_is_a_sign_in_its_cell_and_at_the_chosen_name() -> None:
    rows = drawn(switched(fake.frame(sizes=(64, 64, 10)), [(1, 0), (1, 6)]), 94, 21).lines()
    assert "▸⊘" in rows[2]
    assert "⊘" in rows[3]
    assert any("▸ ⊘ h₁ 0" in row for row in rows)
    assert sum(row.count("⊘") for row in rows) == 3


def test_a_layer_closer_shows_it_as_neither_flat_nor_dead() -> None:
    rows = draw_layer(switched(fake.frame(), [(1, 2)]), 109, 26, DARK, 1).lines()
    assert sum("h₃    ⊘ ⊘ ⊘ ⊘  ⊘ off" in row for row in rows) == 1
    assert not any("dead" in row for row in rows)


def test_the_linux_console_has_a_sign_for_it() -> None:
    assert plain("h₃⊘a") == "h3/a"


# ------------------------------------------------------------ a layer that is held


@pytest.mark.parametrize(
    ("size", "head"),
    [
        ((94, 21), "input                held W⁽¹⁾ b⁽¹⁾  hidden tanh"),
        ((64, 15), "input      held W⁽¹⁾, b  hidden tanh"),
        ((50, 14), "input          hidden tanh held"),
        ((40, 12), "input      W⁽¹⁾ held hidden tanh"),
    ],
)
def test_the_network_says_held_at_its_head(size: tuple[int, int], head: str) -> None:
    assert drawn(switched(fake.frame(), held=[1]), *size).lines()[1].startswith(head)
    assert "held" not in "".join(drawn(fake.frame(), *size).lines())


def test_where_there_is_no_room_for_the_word_there_is_a_sign() -> None:
    held = switched(fake.frame(), held=[2])
    heads = {width: drawn(held, width, 15).lines()[1] for width in (63, 59, 55)}
    assert "hidden tanh  held W⁽²⁾, b  output" in heads[63]
    assert "hidden tanh   ‖ W⁽²⁾, b  output" in heads[59]
    assert "output sigmoid ‖" in heads[55]


def test_the_table_says_held_where_the_ratio_would_stand() -> None:
    healthy = (frames.health(1, "tanh", Verdict.HELD, held=True), frames.health(2, "sigmoid"))
    rows = draw_gradients(frames.frame(health=healthy), 66, 8, DARK, Choice(layer=2)).lines()
    assert rows[2].endswith("      held  ‖ held")
    assert rows[2].split()[-3:] == ["held", "‖", "held"]
    assert "held" not in "".join(rows[5:])


def test_a_fault_is_told_all_the_same() -> None:
    ill = (frames.health(1, "tanh", Verdict.VANISHING, held=True), frames.health(2, "sigmoid"))
    rows = draw_gradients(frames.frame(health=ill), 66, 8, DARK, Choice(layer=2)).lines()
    assert rows[2].endswith("      held  ▽ vanishing")


@pytest.mark.parametrize(
    ("verdict", "quiet"), [(Verdict.HELD, True), (Verdict.OFF, True), (Verdict.IDLE, False)]
)
def test_what_somebody_chose_is_no_alarm(verdict: Verdict, quiet: bool) -> None:
    layers = (frames.health(1, "tanh", verdict), frames.health(2, "sigmoid"))
    canvas = draw_gradients(frames.frame(health=layers), 66, 8, DARK, Choice(layer=2))
    x = canvas.lines()[2].index(verdict.glyph)
    assert (colours(canvas, x, 2)[0] == DARK.dim) == quiet


def test_a_layer_closer_says_held() -> None:
    title = draw_layer(switched(fake.frame(), held=[1]), 109, 26, DARK, 1).lines()[0]
    assert title.endswith(" 2 inputs, 4 units, held")


def test_with_a_layer_held_the_promise_is_no_longer_the_square_of_the_whole_gradient() -> None:
    promise = Promise(-0.004, -0.0039, "")
    for held, told in (((), "by about η‖∂L‖² = 0.004"), ((1,), "by about 0.004")):
        frame = replace(switched(fake.frame(), held=held), promise=promise)
        rows = draw_operation(frame, 96, 20, DARK, FIRST).lines()
        assert any(told in row for row in rows)
