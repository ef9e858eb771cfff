"""Heat maps: a field of numbers as half blocks, two rows a cell, on the signed ramp of the palette."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptui.tui.drawing.canvas import Canvas
from bptui.tui.drawing.palette import STEPS, Palette

Array = NDArray[Any]
Levels = NDArray[np.intp]

MISSING = 2 * STEPS  # the level of what is not a number
_HALF = "▀"
_POSITIVE, _NEGATIVE = " ░▒▓█", " ·-=≡"  # without colours, one glyph a cell


def levels(values: Array, scale: float, full: int = STEPS - 1) -> Levels:
    """Values (any shape) -> levels: 0 … STEPS − 1 for those from 0 to `scale`, STEPS … for negative ones."""
    with np.errstate(invalid="ignore", over="ignore"):
        share = np.minimum(np.abs(values) / scale, 1.0) if scale > 0 else np.zeros_like(values, float)
    missing = np.isnan(share)
    level: Levels = np.rint(np.where(missing, 0.0, share) * full).astype(np.intp)
    level[values < 0] += STEPS
    level[missing] = MISSING
    return level


@lru_cache(maxsize=8)
def colours(palette: Palette) -> tuple[str, ...]:
    """The colour of each level."""
    return (*palette.ramp_pos, *palette.ramp_neg, palette.accent)


def draw_field(canvas: Canvas, x: int, y: int, field: Levels) -> None:
    """Levels (rows, columns), row 0 on top; a last odd row stands on the ground."""
    if canvas.palette.colourless:
        _draw_glyphs(canvas, x, y, field)
        return
    ramp = colours(canvas.palette)
    pairs = (field[0:-1:2] * len(ramp) + field[1::2]).tolist()
    made = {
        pair: canvas.style(ramp[pair // len(ramp)], ramp[pair % len(ramp)]) for pair in set().union(*pairs)
    }
    for number, row in enumerate(pairs):
        canvas.put_styled(x, y + number, _HALF * len(row), [made[pair] for pair in row])
    if len(field) % 2:
        for column, level in enumerate(field[-1].tolist()):
            canvas.put(x + column, y + len(field) // 2, _HALF, ramp[level])


def ground(canvas: Canvas, level: int) -> str:
    """The colour to write on where a field has this level."""
    return canvas.palette.bg if canvas.palette.colourless else colours(canvas.palette)[level]


def glyph(level: int) -> str:
    """A level without colours."""
    return _GLYPHS[level]


def _draw_glyphs(canvas: Canvas, x: int, y: int, field: Levels) -> None:
    """The stronger half of each cell."""
    padded = np.concatenate([field, field[-1:]]) if len(field) % 2 else field
    upper, lower = padded[::2], padded[1::2]
    stronger = np.where(_strength(upper) >= _strength(lower), upper, lower)
    for number, row in enumerate(stronger.tolist()):
        canvas.put(x, y + number, "".join(_GLYPHS[level] for level in row))


def _strength(level: Levels) -> Levels:
    return np.asarray(np.where(level == MISSING, STEPS, level % STEPS))


def _glyph(level: int) -> str:
    if level == MISSING:
        return "?"
    glyphs = _NEGATIVE if level >= STEPS else _POSITIVE
    return glyphs[round(level % STEPS / (STEPS - 1) * (len(glyphs) - 1))]


_GLYPHS = tuple(_glyph(level) for level in range(MISSING + 1))
