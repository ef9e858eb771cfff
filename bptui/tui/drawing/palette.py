"""Colours: the tokens of the screen, as named in its design, for dark and light ground.

Drawing code names tokens ("bright", "accent" …) and ramp steps; a Palette turns them into colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

_DARK_POS = ("141b24", "16283c", "183858", "1b4a78", "1f5f9b", "2a78c0", "3f92e0", "62aef5", "93cbff")
_DARK_NEG = ("1b1815", "2f2216", "472e17", "613b18", "7f4b19", "a05e1e", "c47526", "e68d36", "ffae62")
_LIGHT_POS = ("f4f7fa", "e2edf8", "cbe1f6", "aed0f2", "8bbbec", "62a2e2", "3b86d2", "1f6ab8", "0d4f96")
_LIGHT_NEG = ("faf6f1", "fbead8", "fadcbd", "f7ca9a", "f2b474", "e99a4c", "d97d2a", "bd6212", "954807")

STEPS = 9  # a side of the signed ramp, 0 first
HALF = 0.5
HUE = 24  # between red and blue, of 255, from which a colour is no grey
FULL = 6  # the step of a chip at full scale; only heat maps reach the brightest


@dataclass(frozen=True)
class Palette:
    """Every colour of a theme. A frozen value, so that pictures can be cached by it."""

    dark: bool
    bg: str
    surface: str
    bright: str
    text: str
    dim: str
    faint: str
    accent: str
    ink: str  # on an accent fill
    accent_glyph: str
    pos: str
    neg: str
    ramp_pos: tuple[str, ...]
    ramp_neg: tuple[str, ...]
    colourless: bool = False  # NO_COLOR, 16 colours: sign and class by glyph alone
    mixes: bool = True  # False with 16 colours: a mixture of two would be any third
    greys: tuple[str, ...] = ()  # 256 colours: what a mixture may be, where it is not a step of a ramp

    def token(self, name: str) -> str:
        """The colour of a token: bg surface bright text dim faint accent ink accent_glyph pos neg."""
        colour = getattr(self, name)
        assert isinstance(colour, str)
        return colour

    def ramp(self, value: float, scale: float, full: int = STEPS - 1) -> str:
        """The ground colour of a signed value: `scale` and above is step `full`; NaN is accent."""
        if value != value:
            return self.accent
        share = min(abs(value) / scale, 1.0) if scale > 0 else 0.0
        return (self.ramp_neg if value < 0 else self.ramp_pos)[round(share * full)]

    def ink_on(self, ground: str) -> str:
        """Black or white, whichever is read better on `ground`."""
        return _ink_on(ground)

    def signed(self, value: float) -> str:
        """The text colour of a signed number; a zero is dim."""
        if value == 0:
            return self.dim
        return self.neg if value < 0 else self.pos

    def faded(self, colour: str, share: float) -> str:
        """`colour` mixed into the ground: share 1 is the colour, 0 the ground."""
        if not self.mixes:
            return colour if share >= HALF else self.faint
        mixed = _mixed(colour, self.bg, share)
        return _nearest(mixed, self._kin(colour)) if self.greys else mixed

    def _kin(self, colour: str) -> tuple[str, ...]:
        """Those it may fade to: of its own hue, and yellow, which has no ramp, to greys."""
        red, _, blue = _rgb(colour)
        if abs(red - blue) < HUE or colour in (self.accent, self.accent_glyph):
            return self.greys
        return (*self.ramp_neg, self.neg) if red > blue else (*self.ramp_pos, self.pos)


# Outside the class, because the hash of a palette is dear.


@lru_cache(maxsize=1024)
def _ink_on(ground: str) -> str:
    return "#0d1116" if _luminance(ground) > 0.22 else "#ffffff"


@lru_cache(maxsize=4096)
def _mixed(colour: str, ground: str, share: float) -> str:
    mixed = (round(g + (c - g) * share) for c, g in zip(_rgb(colour), _rgb(ground), strict=True))
    return "#{:02x}{:02x}{:02x}".format(*mixed)


@lru_cache(maxsize=4096)
def _nearest(colour: str, among: tuple[str, ...]) -> str:
    wanted = _rgb(colour)
    return min(among, key=lambda one: sum((a - b) ** 2 for a, b in zip(_rgb(one), wanted, strict=True)))


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2."""
    channels = (c / 255 for c in _rgb(colour))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


DARK = Palette(
    dark=True,
    bg="#0f1318",
    surface="#181e26",
    bright="#ffffff",
    text="#dfe5ec",
    dim="#8793a1",
    faint="#3c4652",
    accent="#fff176",
    ink="#14181d",
    accent_glyph="#fff176",
    pos="#5aaeff",
    neg="#ff9a3d",
    ramp_pos=tuple(f"#{step}" for step in _DARK_POS),
    ramp_neg=tuple(f"#{step}" for step in _DARK_NEG),
)
LIGHT = Palette(
    dark=False,
    bg="#fbfaf7",
    surface="#f0eee8",
    bright="#000000",
    text="#23292f",
    dim="#65707b",
    faint="#c5cad0",
    accent="#ffd83d",
    ink="#14181d",
    accent_glyph="#8a6a00",
    pos="#0b62b8",
    neg="#b25000",
    ramp_pos=tuple(f"#{step}" for step in _LIGHT_POS),
    ramp_neg=tuple(f"#{step}" for step in _LIGHT_NEG),
)
