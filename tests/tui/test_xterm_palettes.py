"""256 colours are met exactly; with fewer, glyphs tell the signs."""

from __future__ import annotations

import pytest
from rich.color import Color, ColorSystem

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.console import plain
from bptui.tui.drawing.palette import DARK, LIGHT, Palette
from bptui.tui.drawing.xterm import fitted, rgb


@pytest.mark.parametrize(
    "number", [16, *range(232, 256), 231, 24, 25, 31, 68, 75, 117, 58, 94, 130, 172, 173]
)
def test_each_number_is_met(number: int) -> None:
    assert Color.parse(rgb(number)).downgrade(ColorSystem.EIGHT_BIT).number == number


@pytest.mark.parametrize("palette", [DARK, LIGHT])
def test_steps_of_a_ramp_stay_apart(palette: Palette) -> None:
    fit = fitted(palette, "256")
    for ramp in (fit.ramp_pos, fit.ramp_neg):
        numbers = [Color.parse(step).downgrade(ColorSystem.EIGHT_BIT).number for step in ramp]
        assert len(set(numbers)) == len(numbers)
    assert not fit.colourless


def test_true_colour_is_left_alone_and_few_colours_use_glyphs() -> None:
    assert fitted(DARK, "truecolor") is DARK
    assert fitted(DARK, "standard").colourless
    assert fitted(LIGHT, None).colourless


@pytest.mark.parametrize(("palette", "accent", "ink"), [(DARK, 7, 0), (LIGHT, 0, 15)], ids=["dark", "light"])
def test_with_16_colours_what_is_in_hand_is_reversed(palette: Palette, accent: int, ink: int) -> None:
    fit = fitted(palette, "standard")
    number = lambda colour: Color.parse(colour).downgrade(ColorSystem.STANDARD).number  # noqa: E731
    assert (number(fit.accent), number(fit.ink)) == (accent, ink)
    assert number(fit.neg) == 3
    assert number(fit.pos) == (12 if palette.dark else 4)
    assert {number(step) for step in fit.ramp_pos + fit.ramp_neg} == {number(fit.bg)}


def test_the_linux_console_has_signs_for_all() -> None:
    said = "a⁽²⁾ ▸ h₂ ◂ ⣀⡇⠀ ▁▃▄▆▇█ ● ○ ‖W‖ −1 ∂ℓ"
    assert plain(said) == "a(2) > h2 < **  .:-=#█ @ o |W| -1 dl"
    assert len(plain(said)) == len(said)


def test_on_the_linux_console_a_square_stays_one() -> None:
    assert plain("w₁⁽²⁾ × 1 − a₁² = 1 − (−0.5)²") == "w1(2) × 1 - a1² = 1 - (-0.5)²"
    assert plain("tanh′(z²) 1 − a², ‖∂L‖²") == "tanh'(z2) 1 - a², |dL|²"
    assert plain("z¹ ▸ a¹ ▸ z² ▸ a² ▸ h²₁") == "z1 > a1 > z2 > a2 > h21"


def test_with_16_colours_nothing_is_written_in_its_own_ground() -> None:
    fit = fitted(DARK, "standard")
    assert fit.faded(fit.pos, 0.3) == fit.faint != fit.bg
    canvas = Canvas(3, 1, fit)
    canvas.put(0, 0, "1", "dim", "faint")
    (segment, *_) = canvas.strips()[0]
    assert segment.style is not None
    assert segment.style.color != segment.style.bgcolor


@pytest.mark.parametrize("palette", [DARK, LIGHT], ids=["dark", "light"])
def test_of_256_colours_what_fades_keeps_its_hue_and_is_met(palette: Palette) -> None:
    fit = fitted(palette, "256")
    for share in (0.3, 0.42, 0.72, 0.9):
        assert fit.faded(fit.pos, share) in {*fit.ramp_pos, fit.pos}
        assert fit.faded(fit.ramp_neg[6], share) in {*fit.ramp_neg, fit.neg}
        assert fit.faded(fit.text, share) in fit.greys
        assert fit.faded(fit.accent, share) in fit.greys
    assert fit.faded(fit.text, 0.3) != fit.bg
    assert fit.faded(fit.bg, 0.3) == fit.bg


def test_without_colours_mixtures_are_grey_too() -> None:
    fit = fitted(DARK, None)
    for colour in (fit.bg, fit.surface, fit.accent, fit.ramp_pos[4], fit.faded(fit.neg, 0.42)):
        assert colour[1:3] == colour[3:5] == colour[5:7]
