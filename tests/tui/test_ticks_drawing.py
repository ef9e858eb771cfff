"""Ticks at 1-2-5, half-block fields and braille curves: what the pictures are made of."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bptui.tui.drawing import heat, plot
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.palette import DARK
from bptui.tui.drawing.ticks import LABEL, fixed, linear, logarithmic, spread

POSITIVE = st.floats(1e-300, 1e300)


def labels(ticks: object) -> list[str]:
    return [label for _, label in ticks.labels]  # type: ignore[attr-defined]


def test_a_decade_and_a_half_has_1_2_5() -> None:
    assert labels(logarithmic(0.008, 0.75, 13)) == ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5"]


def test_many_decades_have_every_second_or_third() -> None:
    assert labels(logarithmic(1e-9, 10.0, 10)) == ["1e−8", "1e−6", "1e−4", "0.01", "1"]


def test_large_losses_are_powers_from_five_zeros_on() -> None:
    assert labels(logarithmic(0.5, 3e6, 20)) == ["1", "10", "100", "1000", "10000", "1e5", "1e6"]


def test_a_linear_axis_has_the_decimals_its_step_needs() -> None:
    assert labels(linear(0.6754, 0.6850, 12)) == ["0.676", "0.678", "0.680", "0.682", "0.684"]


@given(POSITIVE, POSITIVE, st.integers(1, 60))
def test_linear_labels_fit_and_lie_on_the_axis(a: float, b: float, cells: int) -> None:
    ticks = linear(min(a, b), max(a, b), cells)
    assert all(len(label) <= LABEL for label in labels(ticks))
    assert all(ticks.limits[0] <= place <= ticks.limits[1] for place, _ in ticks.labels)
    assert ticks.limits[0] <= min(a, b)
    assert ticks.limits[1] >= max(a, b)


@given(POSITIVE, st.floats(3.0, 1e100), st.integers(1, 60))
def test_logarithmic_labels_fit_and_leave_room(low: float, ratio: float, cells: int) -> None:
    high = min(low * ratio, 1e305)
    ticks = logarithmic(low, high, cells)
    assert all(len(label) <= LABEL for label in labels(ticks))
    assert len(ticks.labels) <= max(cells // 2, 1) + 3


def test_the_ticks_of_data_lie_within_it() -> None:
    assert [label for _, label in spread(-2.6, 2.3, 4)] == ["−2", "0", "2"]
    assert [label for _, label in spread(0.0, 1.0, 4)] == ["0.0", "0.5", "1.0"]
    assert [label for _, label in spread(3.0, 3.0, 4)] == ["3.0"]


def test_a_label_that_is_too_long_is_scientific() -> None:
    assert fixed(1234567.0, 1000.0) == "1.235e6"
    assert fixed(1e-7, 1e-7) == "1e−7"


def test_a_curve_begins_and_ends_in_the_corners() -> None:
    assert plot.curve([0, 9], [0, 1], 10, 4, (0, 9), (0, 1)) == (
        "        ⡠⠊",
        "     ⢀⠔⠉  ",
        "   ⡠⠊⠁    ",
        "⣀⠔⠉       ",
    )


def test_one_point_is_one_dot_and_none_is_blank() -> None:
    assert plot.curve([0], [1], 3, 2, (0, 9), (0, 1)) == ("⠁  ", "   ")
    assert plot.curve([], [], 3, 2, (0, 9), (0, 1)) == ("   ", "   ")
    assert plot.curve([1], [1], 0, 0, (0, 1), (0, 1)) == ()


def test_a_curve_may_be_wider_than_the_terminal() -> None:
    drawn = plot.curve([0, 1], [0, 1], 300, 90, (0, 1), (0, 1))
    assert (len(drawn), {len(line) for line in drawn}) == (90, {300})


def test_levels_have_a_side_for_each_sign_and_one_for_what_is_missing() -> None:
    given = np.array([0.0, 0.5, 1.0, 7.0, -0.5, -1.0, -np.inf, np.nan])
    assert heat.levels(given, 1.0).tolist() == [0, 4, 8, 8, 13, 17, 17, heat.MISSING]
    assert heat.levels(given[:2], 0.0).tolist() == [0, 0]


def test_a_field_is_half_blocks_with_the_colours_of_both_rows() -> None:
    canvas = Canvas(2, 1, DARK)
    heat.draw_field(canvas, 0, 0, heat.levels(np.array([[1.0, -1.0], [0.0, np.nan]]), 1.0))
    segments = [(s.text, s.style.color.name, s.style.bgcolor.name) for s in canvas.strips()[0]]  # type: ignore[union-attr]
    assert segments == [
        ("▀", DARK.ramp_pos[8], DARK.ramp_pos[0]),
        ("▀", DARK.ramp_neg[8], DARK.accent),
    ]


@pytest.mark.parametrize(
    ("values", "glyphs"),
    [([0, 0.3, 0.5, 0.8, 1], " ░▒▓█"), ([0, -0.3, -0.5, -0.8, -1], " ·-=≡"), ([np.nan] * 5, "?" * 5)],
)
def test_without_colours_a_field_is_glyphs(values: list[float], glyphs: str) -> None:
    canvas = Canvas(5, 1, replace(DARK, colourless=True))
    heat.draw_field(canvas, 0, 0, heat.levels(np.array([values, [0.0] * 5]), 1.0))
    assert canvas.row(0) == glyphs


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 15)), min_size=2, max_size=12))
def test_long_strokes_have_the_same_dots_as_plotexts(points: list[tuple[int, int]]) -> None:
    columns, rows = [x for x, _ in points], [y for _, y in points]
    strokes = np.maximum(np.abs(np.diff(columns)), np.abs(np.diff(rows)))
    quick = plot._quickly(np.array(columns), np.array(rows), strokes, 10, 4)
    assert quick == plot._by_plotext(columns, rows, 10, 4)
