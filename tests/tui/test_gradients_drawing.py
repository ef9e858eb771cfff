"""The gradients panel, compared with its picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from frames import frame, health, update, xor_health
from textual.strip import Strip

from bptui.nn.health import Verdict
from bptui.session.frame import Frame, State
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.gradients import draw_gradients, sparkline
from bptui.tui.drawing.palette import DARK

TRENDS = tuple(np.exp(-np.arange(100) / 30) * a + 0.004 for a in (0.01, 0.02))
XOR = frame(health=xor_health(), trends=TRENDS, step=640)


def lines(drawn: Frame, width: int, height: int, layer: int = 1) -> list[str]:
    return draw_gradients(drawn, width, height, DARK, Choice(layer=layer)).lines()


def tower(**changes: object) -> Frame:
    layers = tuple(health(l, "sigmoid", Verdict.VANISHING) for l in range(1, 11))
    return frame(health=layers, step=300, sizes=(2,) + (6,) * 9 + (1,), **changes)


def colours(strip: Strip, text: str) -> tuple[str, str]:
    """Foreground and ground of the segment that holds `text`."""
    found = next(s for s in strip if text in s.text)
    assert found.style is not None
    assert found.style.color is not None
    assert found.style.bgcolor is not None
    return found.style.color.name, found.style.bgcolor.name


def test_two_layers_have_three_rows_each() -> None:
    assert lines(XOR, 63, 11) == [
        "Gradients ───────────────── at step 640 · ΔW of the last update",
        "layer         ‖W‖   ‖∂L/∂W‖     ‖δ‖ sat.  ‖ΔW‖/‖W‖",
        "1 tanh     6.6273    0.0044  0.0117  31%  3.284e−4 ✓ healthy",
        "  mean|∂| 0.0015   max|∂| 0.0019   ‖∂L/∂b‖ 0.0030",
        "  ██▇▆▆▆▅▅▄▄▄▄▃▃▃▃▃▃▂▂▂▂▂▂▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁ 0.004 … 0.01",
        "",
        "2 sigmoid  7.2358    0.0071  0.0239    –  4.915e−4 ✓ healthy",
        "  mean|∂| 0.0035   max|∂| 0.0040   ‖∂L/∂b‖ 9.55e−4",
        "  ██▇▆▆▆▅▅▄▄▄▄▃▃▃▃▃▃▂▂▂▂▂▂▂▂▂▁▁▁▁▁▁▁▁▁▁▁▁▁ 0.005 … 0.02",
        "",
        "✓ 1 healthy: rms δ 0.012, the output's 0.024; no fault found",
    ]


def test_with_two_rows_a_layer_the_trend_is_a_column() -> None:
    assert lines(XOR, 80, 6) == [
        "Gradients ────────────────────────────────── at step 640 · ΔW of the last update",
        "layer         ‖W‖   ‖∂L/∂W‖  trend     ‖δ‖ sat.  ‖ΔW‖/‖W‖",
        "1 tanh     6.6273    0.0044 █▅▃▂▁▁  0.0117  31%  3.284e−4  ✓ healthy",
        "  mean|∂| 0.0015   max|∂| 0.0019   ‖∂L/∂b‖ 0.0030",
        "2 sigmoid  7.2358    0.0071 █▅▃▂▁▁  0.0239    –  4.915e−4  ✓ healthy",
        "  mean|∂| 0.0035   max|∂| 0.0040   ‖∂L/∂b‖ 9.55e−4",
    ]


@pytest.mark.parametrize(
    ("width", "heading"),
    [
        (70, "layer         ‖W‖   ‖∂L/∂W‖  trend     ‖δ‖ sat.  ‖ΔW‖/‖W‖"),
        (63, "layer        ‖∂L/∂W‖  trend     ‖δ‖ sat.  ‖ΔW‖/‖W‖"),
        (60, "layer        ‖∂L/∂W‖     ‖δ‖ sat.  ‖ΔW‖/‖W‖"),
        (50, "layer        ‖∂L/∂W‖ sat.  ‖ΔW‖/‖W‖"),
        (43, "layer        ‖∂L/∂W‖  ‖ΔW‖/‖W‖"),
        (34, "layer        ‖∂L/∂W‖"),
    ],
)
def test_columns_fall_away_in_their_order(width: int, heading: str) -> None:
    drawn = lines(XOR, width, 4)
    assert drawn[1] == heading
    assert drawn[2].endswith("✓ healthy")


def test_before_the_first_backward_pass_there_is_a_sentence() -> None:
    assert lines(frame(), 63, 11)[1] == lines(XOR, 63, 11)[1]
    assert lines(frame(), 63, 6)[1:] == [
        "",
        "",
        "No gradient yet: the first backward pass fills this table.",
        "",
        "",
    ]
    assert lines(frame(), 34, 6)[3:5] == ["No gradient yet: the first", "backward pass fills this table."]


def test_inside_a_step_what_is_not_recomputed_is_dim_and_the_layer_in_hand_in_accent() -> None:
    # z1 a1 z2 a2 L δ2 ∂W2 δ1: the gradient of layer 2 is there, that of layer 1 is not
    stepping = replace(XOR, state=State.STEPPING, update=gradient_names(8))
    canvas = draw_gradients(stepping, 63, 11, DARK, Choice())
    strips = canvas.strips()
    assert canvas.row(0).endswith("operation 8 of 10 · dim: not computed yet")
    assert colours(strips[2], "1") == (DARK.ink, DARK.accent)
    assert colours(strips[2], "tanh") == (DARK.dim, DARK.bg)
    assert colours(strips[6], "sigmoid") == (DARK.text, DARK.bg)


def gradient_names(position: int) -> object:
    """The tape of XOR with what each operation writes."""
    made = update(position=position)
    names = ["z¹", "a¹", "z²", "a²", "L", "δ²", "∂W²", "δ¹", "∂W¹", "W"]
    operations = tuple(replace(op, writes=name) for op, name in zip(made.operations, names, strict=True))
    return replace(made, operations=operations)


def test_many_layers_are_a_window_around_the_chosen_one() -> None:
    drawn = lines(tower(), 63, 8, layer=5)
    assert [line[:11].rstrip() for line in drawn[2:]] == [
        "  … 2 more",
        "3 sigmoid",
        "4 sigmoid",
        "5 sigmoid",
        "6 sigmoid",
        "  … 4 more",
    ]


@pytest.mark.parametrize(
    ("layer", "first", "last"), [(1, "1 sigmoid", "  … 5 more"), (10, "  … 5 more", "10 sigmoid")]
)
def test_a_window_at_an_end_says_only_what_is_cut_at_the_other(layer: int, first: str, last: str) -> None:
    drawn = lines(tower(), 63, 8, layer=layer)
    assert (drawn[2][:10], drawn[7][:10]) == (first.ljust(10), last)


def test_where_one_row_is_left_it_is_the_chosen_layers() -> None:
    assert lines(tower(), 63, 3, layer=7)[2].startswith("7 sigmoid")


def test_numbers_that_are_none_are_accent_fills() -> None:
    ill = health(
        1, "tanh", Verdict.NOT_FINITE, gradient_norm=float("nan"), delta_rms=float("inf"), update_ratio=None
    )
    canvas = draw_gradients(frame(health=(ill,), step=3), 64, 5, DARK, Choice())
    assert canvas.row(2) == "1 tanh     6.6273       nan     inf  31%         –  ✕ not finite"
    strip = canvas.strips()[2]
    assert colours(strip, "nan") == (DARK.ink, DARK.accent)
    assert colours(strip, "inf") == (DARK.ink, DARK.accent)
    assert colours(strip, "✕") == (DARK.accent_glyph, DARK.bg)


@pytest.mark.parametrize(("norm", "cells"), [(0.0, 0), (1e-7, 0), (1e-4, 2), (1.0, 6), (1e9, 9)])
def test_the_bar_has_a_cell_a_decade(norm: float, cells: int) -> None:
    drawn = frame(health=(health(1, "tanh", gradient_norm=norm),), step=1)
    strip = draw_gradients(drawn, 63, 3, DARK, Choice()).strips()[2]
    filled = sum(
        len(s.text) for s in strip if s.style and s.style.bgcolor and s.style.bgcolor.name == DARK.faint
    )
    assert filled == cells


def test_the_networks_verdict_stands_in_the_last_row() -> None:
    drawn = lines(replace(XOR, network_verdict="plateau: the outputs hardly differ"), 63, 12)
    assert drawn[-1] == "▽ plateau: the outputs hardly differ"


def test_the_networks_verdict_takes_the_rows_it_needs_where_nobody_looks_at_a_layer() -> None:
    told = "plateau: one guess for all, loss at best 0.6931; gradients cancel"
    single = frame(health=(health(1, "sigmoid"),), network_verdict=told, step=9)
    drawn = draw_gradients(single, 34, 8, DARK, Choice(), compact=True).lines()
    assert drawn[-2:] == ["▽ plateau: one guess for all, loss", "  at best 0.6931; gradients cancel"]


def test_a_sparkline_keeps_a_spike() -> None:
    values = np.ones(400)
    values[201] = 9.0
    assert sparkline(values, 8) == ("▁▁▁▁█▁▁▁", False)


def test_a_sparkline_over_many_decades_is_logarithmic() -> None:
    assert sparkline(np.array([1.0, 1e-2, 1e-4, 1e-6]), 4) == ("█▆▃▁", True)


@pytest.mark.parametrize(
    ("values", "drawn"),
    [([], ""), ([2.0, 2.0], "▄▄"), ([0.0, 1.0, np.inf], "▁██"), ([np.nan], "█"), ([1.0, np.nan, 0.0], "██▁")],
)
def test_a_sparkline_of_few_or_odd_values(values: list[float], drawn: str) -> None:
    assert sparkline(np.array(values), 6) == (drawn, False)


@pytest.mark.parametrize("width", [0, 1, 5, 12, 20, 30, 60, 100])
@pytest.mark.parametrize("height", [0, 1, 2, 3, 5, 40])
def test_no_size_is_too_small(width: int, height: int) -> None:
    for drawn in (XOR, tower(), frame()):
        canvas = draw_gradients(drawn, width, height, DARK, Choice(layer=2), compact=True)
        assert len(canvas.lines()) == height


@pytest.mark.parametrize(
    ("extent", "told"),
    [((0.0999, 0.0951), "0.1 … 0.1"), ((5e-5, 3e4), "5e−5 … 3e4 log"), ((0.0, 20.0), "0 … 20")],
)
def test_a_trend_has_its_range(extent: tuple[float, float], told: str) -> None:
    drawn = frame(health=(health(1, "tanh"),), trends=(np.array(extent),), step=2)
    assert lines(drawn, 63, 5)[4].endswith(f" {told}")


def test_one_layer_alone_says_how_many_more_there_are() -> None:
    assert lines(tower(), 60, 4)[1].endswith(" … 9 more")
    assert "more" not in lines(frame(), 60, 4)[1]
