"""The error signal by depth, compared with its picture."""

from __future__ import annotations

import pytest
from frames import frame, health, xor_health

from bptui.nn.health import Verdict
from bptui.session.frame import Frame
from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.choice import Choice
from bptui.tui.drawing.gradients import PROFILE, draw_gradients
from bptui.tui.drawing.palette import DARK
from bptui.tui.drawing.profile import Scale, scale_of


def drawn(made: Frame, width: int = 63, height: int = 11, layer: int = 1) -> Canvas:
    return draw_gradients(made, width, height, DARK, Choice(layer=layer), what=PROFILE)


def tower(layers: int = 4) -> Frame:
    """δ loses a decade a layer; the first is vanishing."""
    made = tuple(
        health(
            l,
            "sigmoid",
            Verdict.VANISHING if l == 1 else Verdict.HEALTHY,
            delta_rms=0.5 * 10.0 ** (l - layers),
        )
        for l in range(1, layers + 1)
    )
    return frame(health=made, step=300, sizes=(2, *(6,) * (layers - 1), 1))


def test_the_output_comes_first_and_each_layer_says_what_it_lost() -> None:
    assert drawn(tower()).lines()[:9] == [
        "Gradients · profile by depth ────────────────────── at step 300",
        "layer           rms δ    × above 1e−4         log           1",
        "4 sigmoid      0.5000            █████████████████████████▉   ✓",
        "3 sigmoid      0.0500    × 0.100 ██████████████████▉          ✓",
        "2 sigmoid      0.0050    × 0.100 ███████████▉                 ✓",
        "1 sigmoid    5.000e−4    × 0.100 ████▉                        ▽",
        "",
        "The error signal of layer 1 is 0.0010 × that of the output.",
        "",
    ]


@pytest.mark.parametrize(
    ("sizes", "scale"),
    [
        ([0.5, 0.03], Scale(-2, 0, 10)),
        ([1.0, 1.0], Scale(-1, 0, 10)),
        ([3e4, 2.0], Scale(0, 5, 10)),
        ([1.0, 1e-30], Scale(-12, 0, 10)),
        ([0.0, float("nan")], Scale(-1, 0, 10)),
    ],
)
def test_the_scale_is_whole_decades(sizes: list[float], scale: Scale) -> None:
    assert scale_of(sizes, 10) == scale


@pytest.mark.parametrize(
    ("size", "bar"),
    [(1.0, "██████████"), (0.1, "█████"), (0.05, "███▌"), (1e-9, "▏"), (0.0, ""), (float("inf"), "█" * 10)],
)
def test_a_bar_is_as_long_as_its_logarithm(size: float, bar: str) -> None:
    assert Scale(-2, 0, 10).bar(size) == bar


def test_where_not_all_fit_a_window_around_the_chosen_layer() -> None:
    lines = drawn(tower(20), height=8, layer=9).lines()
    assert [line.split()[0] for line in lines[2:]] == ["12", "11", "10", "9", "8", "7"]
    assert lines[7].endswith("… 14 more")
    assert drawn(tower(20), height=8, layer=20).lines()[2].startswith("20 ")


def test_what_is_not_finite_is_an_accent_fill() -> None:
    broken = frame(health=(health(1, "tanh", Verdict.NOT_FINITE, delta_rms=float("nan")),), step=3)
    canvas = drawn(broken)
    strip = canvas.strips()[2]
    style = next(s.style for s in strip if "nan" in s.text)
    assert style is not None
    assert style.bgcolor is not None
    assert style.bgcolor.name == DARK.accent


def test_before_the_first_backward_pass_there_is_a_sentence() -> None:
    assert "No gradient yet" in "".join(drawn(frame()).lines())


@pytest.mark.parametrize("width", [0, 1, 5, 20, 30, 45, 100])
@pytest.mark.parametrize("height", [0, 1, 2, 3, 5, 40])
def test_no_size_is_too_small(width: int, height: int) -> None:
    for made in (tower(20), frame(health=xor_health(), step=1), frame()):
        assert len(drawn(made, width, height, layer=2).lines()) == height
