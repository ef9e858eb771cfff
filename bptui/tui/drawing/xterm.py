"""Palettes for terminals with 256 or 16 colours.

A drawing names true colours; the terminal's library looks for the nearest it has, and neighbouring steps
of a ramp would fall together. So these palettes hold colours that are met exactly.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bptui.tui.drawing.palette import Palette

_CUBE = (0, 95, 135, 175, 215, 255)
_GREYS = 25  # steps of lightness the library tells apart, black and white among them

# fmt: off
_DARK = {"bg": 233, "surface": 234, "bright": 231, "text": 254, "dim": 246, "faint": 238, "accent": 228,
         "ink": 234, "accent_glyph": 228, "pos": 75, "neg": 209}
_LIGHT = {"bg": 231, "surface": 255, "bright": 16, "text": 235, "dim": 242, "faint": 251, "accent": 221,
          "ink": 234, "accent_glyph": 94, "pos": 25, "neg": 130}
_DARK_RAMPS = ((234, 235, 237, 24, 25, 31, 68, 75, 117), (234, 235, 236, 58, 94, 130, 172, 173, 215))
_LIGHT_RAMPS = ((231, 255, 189, 153, 111, 74, 68, 25, 24), (255, 224, 223, 222, 216, 173, 172, 130, 94))
# fmt: on


def fitted(palette: Palette, color_system: str | None) -> Palette:
    """`palette` for a terminal of Rich's "truecolor", "256", "standard" or None (no colours at all).

    With 16 colours and without any, signs and sizes are told by glyphs.
    """
    if color_system == "256":
        return _in_256(palette)
    if color_system == "truecolor":
        return palette
    return replace(palette, colourless=True)


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
    ramped = replace(palette, ramp_pos=tuple(map(rgb, positive)), ramp_neg=tuple(map(rgb, negative)))
    changes: dict[str, Any] = {name: rgb(number) for name, number in tokens.items()}
    return replace(ramped, **changes)
