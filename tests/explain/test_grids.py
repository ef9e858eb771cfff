"""Arrays as grids: what is shown of a wide one, and what is said of it; how they stand beside each other."""

from __future__ import annotations

import numpy as np
import pytest
from worked_views import make_view

from bptui.explain.document import Grid, beside, wide, wrapped
from bptui.explain.grids import Axes, Axis, _shown
from bptui.explain.numbers import significant
from bptui.explain.workings import tidy, working


@pytest.mark.parametrize(
    ("length", "weighty", "shown", "note"),
    [
        (8, [3], range(8), ""),
        (9, [0], (0, 1, 2, 3, 4, 5, 8), "9 inputs: 1, 2, 3, 4, 5, 6 and 9 are shown."),
        (9, [7, 6, 5], (0, 1, 2, 5, 6, 7, 8), "9 inputs: 1, 2, 3, 6, 7, 8 and 9 are shown."),
        (
            1200,
            [700, 30, 20, 40, 50, 60],
            (0, 20, 30, 40, 50, 700, 1199),
            "1,200 inputs: 1, 21, 31, 41, 51, 701 and 1,200 are shown.",
        ),
    ],
)
def test_the_followed_the_last_the_first_and_the_weightiest(
    length: int, weighty: list[int], shown: object, note: str
) -> None:
    found = _shown(length, weighty, 8)
    assert found == tuple(shown)  # type: ignore[call-overload]
    assert Axis("inputs", length, found).note == note


def axes(most: int = 8) -> Axes:
    view = make_view((12, 3), ("softmax",), np.arange(24).reshape(2, 12), np.eye(3)[:2])
    return Axes(view, {0: [7, 1, 2, 3, 4], 1: [1]}, lambda x: significant(x, 3), most)


def test_gaps_have_dots_both_ways() -> None:
    grid = axes().matrix("M", np.arange(144.0).reshape(12, 12), 0, 0)
    assert grid.cells[0] == ("0", "1", "2", "3", "4", "⋯", "7", "⋯", "11")
    assert grid.cells[5] == ("⋮", "⋮", "⋮", "⋮", "⋮", "⋱", "⋮", "⋱", "⋮")
    assert [row[0] for row in grid.cells] == ["0", "12", "24", "36", "48", "⋮", "84", "⋮", "132"]
    assert (grid.shape, len(grid.cells)) == ("12×12", 9)


def test_an_array_of_another_shape_is_refused() -> None:
    with pytest.raises(AssertionError):
        axes().column("x", np.zeros(5), 0)


def test_numbers_stand_at_their_points() -> None:
    grid = Grid("a", 3, 1, (("−0.5",), ("12.25",), ("0",)))
    assert grid.aligned == (("−0.5 ",), ("12.25",), (" 0   ",))


def test_an_operator_goes_with_what_comes_after_it() -> None:
    grid = Grid("a", 1, 1, (("12345678",),))
    rows = beside((grid, "= (", grid, ")", "·", grid), 2 * wide([grid]) + 7)
    assert [[p if isinstance(p, str) else "#" for p in row] for row in rows] == [
        ["#", "= (", "#", ")"],
        ["·", "#"],
    ]


def test_terms_wrap_between_themselves() -> None:
    assert wrapped(("a b c", "+ d e", "+ f"), 11) == ["a b c + d e", "+ f"]


@pytest.mark.parametrize(
    ("made", "tidied"),
    [
        ("+ −0.5 × −0.25", "− 0.5 × (−0.25)"),
        ("0.5×−0.25", "0.5 × (−0.25)"),
        ("− −1e−3", "− (−1e−3)"),
        ("−0.5 × 2", "−0.5 × 2"),
        ("e^(−0.5 − −0.25)", "e^(−0.5 − (−0.25))"),
        ("+ −ln ŷ", "− ln ŷ"),
    ],
)
def test_signs_as_by_hand(made: str, tidied: str) -> None:
    assert tidy(made) == tidied


def test_a_line_that_repeats_the_one_before_it_is_left_out() -> None:
    assert working("z", ("w",), ("0.5",), "0.5").lines == (("w",), ("0.5",))
