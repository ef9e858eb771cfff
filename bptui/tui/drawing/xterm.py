"""Palettes for terminals with 256 or 16 colours.

A drawing names true colours; the terminal's library looks for the nearest it has, and neighbouring steps
of a ramp would fall together. So these palettes hold colours that are met exactly.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from textual.color import Color

from bptui.tui.drawing.palette import STEPS, Palette

_CUBE = (0, 95, 135, 175, 215, 255)
_GREYS = 25  # steps of lightness the library tells apart, black and white among them

# fmt: off
_DARK = {"bg": 233, "surface": 234, "bright": 231, "text": 254, "dim": 246, "faint": 238, "accent": 228,
         "ink": 234, "accent_glyph": 228, "pos": 75, "neg": 209}
_LIGHT = {"bg": 231, "surface": 255, "bright": 16, "text": 235, "dim": 242, "faint": 251, "accent": 221,
          "ink": 234, "accent_glyph": 94, "pos": 25, "neg": 130}
_DARK_RAMPS = ((234, 235, 237, 24, 25, 31, 68, 75, 117), (234, 235, 236, 58, 94, 130, 172, 173, 215))
_LIGHT_RAMPS = ((231, 255, 189, 153, 111, 74, 68, 25, 24), (255, 224, 223, 222, 216, 173, 172, 130, 94))
# The values that the library knows the 16 colours by.
_DARK_16 = {"bg": "#000000", "surface": "#000000", "bright": "#ffffff", "text": "#aaaaaa", "dim": "#555555",
            "faint": "#555555", "accent": "#aaaaaa", "ink": "#000000", "accent_glyph": "#ffffff",
            "pos": "#5555ff", "neg": "#aa5500"}
_LIGHT_16 = {"bg": "#ffffff", "surface": "#ffffff", "bright": "#000000", "text": "#000000", "dim": "#555555",
             "faint": "#aaaaaa", "accent": "#000000", "ink": "#ffffff", "accent_glyph": "#000000",
             "pos": "#0000aa", "neg": "#aa5500"}
# fmt: on


def fitted(palette: Palette, color_system: str | None) -> Palette:
    """`palette` for a terminal of Rich's "truecolor", "256", "standard" or None (no colours at all).

    With 16 colours and without any, signs and sizes are told by glyphs.
    """
    if color_system == "256":
        return _in_256(palette)
    if color_system == "truecolor":
        return palette
    if color_system is None:
        return replace(_in_grey(palette), colourless=True)
    return _in_16(palette)


def rgb(number: int) -> str:
    """A colour that the library turns into colour `number`, 16 to 255."""
    if number in (16, 231) or number >= 232:
        steps = {16: 0, 231: _GREYS}.get(number, number - 231)
        return "#" + f"{round(255 * steps / _GREYS):02x}" * 3
    red, rest = divmod(number - 16, 36)
    green, blue = divmod(rest, 6)
    return "#" + "".join(f"{_CUBE[step]:02x}" for step in (red, green, blue))


def _in_256(palette: Palette) -> Palette:
    tokens = _DARK if palette.dark else _LIGHT
    positive, negative = _DARK_RAMPS if palette.dark else _LIGHT_RAMPS
    greys = tuple(rgb(number) for number in (16, *range(232, 256), 231))
    ramped = replace(
        palette, greys=greys, ramp_pos=tuple(map(rgb, positive)), ramp_neg=tuple(map(rgb, negative))
    )
    changes: dict[str, Any] = {name: rgb(number) for name, number in tokens.items()}
    return replace(ramped, **changes)


def _in_grey(palette: Palette) -> Palette:
    """As the library shows it under NO_COLOR, so that mixtures are grey too."""
    changes: dict[str, Any] = {name: _grey(palette.token(name)) for name in _DARK}
    positive, negative = tuple(map(_grey, palette.ramp_pos)), tuple(map(_grey, palette.ramp_neg))
    return replace(palette, ramp_pos=positive, ramp_neg=negative, **changes)


def _grey(colour: str) -> str:
    return Color.parse(colour).monochrome.hex.lower()


def _in_16(palette: Palette) -> Palette:
    """What is in hand is reversed, for yellow is negative; the ground of every number is the terminal's."""
    tokens = _DARK_16 if palette.dark else _LIGHT_16
    flat = {"ramp_pos": (tokens["bg"],) * STEPS, "ramp_neg": (tokens["bg"],) * STEPS}
    changes: dict[str, Any] = {**tokens, **flat}
    return replace(palette, colourless=True, mixes=False, **changes)
