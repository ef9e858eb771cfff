"""The line beside the η that is typed."""

from __future__ import annotations

import math

import pytest

from bptui.tui.drawing.forecast import eta_line, figure

FIRST, REALLY = figure(-1.99e-4), figure(-1.9e-4)


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        (-1.99e-4, "−1.99e−4"),
        (0.0123, " +0.0123"),
        (-98765.4, "  −98765"),
        (0.0, "       0"),
        (-0.0, "       0"),
        (math.inf, "    +inf"),
        (-1.1e306, "−1.1e306"),
        (math.nan, "     nan"),
    ],
)
def test_a_figure_has_its_sign_and_its_cell(change: float, shown: str) -> None:
    assert figure(change) == shown


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (
            135,
            "now 0.5   next update: first order −1.99e−4, really −1.90e−4   Enter set   Esc keep 0.5   "
            "a number above 0, such as 0.05 or 3e-4",
        ),
        (120, "now 0.5   next update: first order −1.99e−4, really −1.90e−4   Enter set   Esc keep 0.5"),
        (86, "now 0.5   next update: first order −1.99e−4, really −1.90e−4   Enter set"),
        (70, "now 0.5   first order −1.99e−4, really −1.90e−4   Enter set"),
        (55, "now 0.5   first order −1.99e−4, really −1.90e−4"),
        (43, "first order −1.99e−4, really −1.90e−4"),
        (23, "really −1.90e−4"),
        (3, ""),
    ],
)
def test_what_falls_away_first_stands_at_the_right(width: int, line: str) -> None:
    assert eta_line("0.5", FIRST, REALLY, width) == line


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (135, "now 0.5   Enter set   Esc keep 0.5   a number above 0, such as 0.05 or 3e-4"),
        (60, "now 0.5   Enter set   Esc keep 0.5"),
        (43, "now 0.5   Enter set   Esc keep 0.5"),
        (23, "now 0.5   Enter set"),
        (12, "now 0.5"),
        (3, ""),
    ],
)
def test_before_anything_is_typed_there_is_no_forecast(width: int, line: str) -> None:
    assert eta_line("0.5", "", "", width) == line
