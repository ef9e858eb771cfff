"""Signs for the Linux console, whose font has 256 or 512: each other sign as one that it has."""

from __future__ import annotations

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_SAME = {
    "⁽₍": "(",
    "⁾₎": ")",
    "▸▶›→": ">",
    "◂◀‹←": "<",
    "‖┊⋮⎢⎥": "|",
    "⎡⎣": "[",
    "⎤⎦": "]",
    "−⁻₋╴": "-",
    "━": "=",
    "▮": "#",
    "✕": "x",
    "✓": "v",
    "●": "@",
    "○□": "o",
    "…▁": ".",
    "▂▃": ":",
    "▄": "-",
    "▅▆": "=",
    "▇▉▊": "#",
    "▋▌▍▎▏▐": "|",
    "⊙": "*",
    "╭╮╯╰": "+",
    "△↑⇈": "^",
    "▽↓": "v",
    "∅": "0",
    "⊘": "/",
    "◐": "%",
    "′": "'",
    "∂": "d",
    "η": "n",
    "λ": "l",
    "ŷ": "Y",
    "ℓ": "l",
    "–": "-",
    "ˡ": "l",
    "ᵀ": "T",
    "√": "V",
    "≈": "~",
    "≡": "=",
    "∞": "8",
    "↻": "*",
}
_BRAILLE = {0x2800: " ", **dict.fromkeys(range(0x2801, 0x2900), "*")}
_DIGITS = {ord(sign): str(n) for signs in ("⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉") for n, sign in enumerate(signs)}
TABLE = {ord(sign): plain for signs, plain in _SAME.items() for sign in signs} | _BRAILLE | _DIGITS


_SQUARE = re.compile("(?:(?<=[₀-₉)⁾‖])|(?<=− a))²")  # elsewhere it is the number of a layer


def plain(text: str) -> str:
    """`text` of the same width, in signs that the console has: a square is one of them."""
    made = text.translate(TABLE)
    for found in _SQUARE.finditer(text):
        made = f"{made[: found.start()]}²{made[found.end() :]}"
    return made


class ConsoleSigns(LineFilter):
    """For all that is drawn, Textual's own widgets too."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(plain(text), style, control) for text, style, control in segments]
